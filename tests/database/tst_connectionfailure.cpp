// SPDX-License-Identifier: MIT
#include "migrations/database/connectionprobe.h"
#include "migrations/database/versiontable.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

class TestConnectionFailure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void tellsCausesApart_data();
    void tellsCausesApart();
    void namesTheVersionTable_data();
    void namesTheVersionTable();
};

void TestConnectionFailure::tellsCausesApart_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("hint");

    const auto row = [](const char *name, const QString &text, ErrorKind kind, const QString &hint) {
        QTest::newRow(name) << QString(u"connection to server at \"h\" (10.0.0.1), port 5432 failed: "_s +
                                       text)
                            << kind << hint;
    };
    row("refused",
        u"Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"_s,
        ErrorKind::ConnectionRefused, u"server running"_s);
    row("socket", u"No such file or directory"_s, ErrorKind::ConnectionRefused, u"socket folder"_s);
    row("timeout", u"Connection timed out"_s, ErrorKind::ConnectionTimeout, u"firewall"_s);
    row("no route", u"No route to host"_s, ErrorKind::ConnectionFailed, u"VPN"_s);
    row("unreadable socket", u"Permission denied"_s, ErrorKind::ConnectionFailed, u"socket"_s);
    row("host", u"could not translate host name \"x\" to address: Name or service not known"_s,
        ErrorKind::HostUnknown, u"spelling"_s);
    row("service", u"definition of service \"x\" not found"_s, ErrorKind::ConnectionFailed,
        u"pg_service.conf"_s);
    row("no tls", u"server does not support SSL, but SSL was required"_s, ErrorKind::TlsFailed, u"sslmode"_s);
    row("certificate", u"SSL error: certificate verify failed"_s, ErrorKind::TlsFailed, u"sslrootcert"_s);
    row("root certificate", u"root certificate file \"/x/root.crt\" does not exist"_s, ErrorKind::TlsFailed,
        u"root.crt"_s);
    row("certificate name", u"server certificate for \"a\" does not match host name \"b\""_s,
        ErrorKind::TlsFailed, u"host name"_s);
    row("password",
        u"FATAL:  28P01: password authentication failed for user \"u\"\nLOCATION:  auth_failed, x.c:1"_s,
        ErrorKind::AuthenticationFailed, u"password"_s);
    row("password in German", u"FATAL:  28P01: Passwort-Authentifizierung für Benutzer »u« fehlgeschlagen"_s,
        ErrorKind::AuthenticationFailed, u"password"_s);
    row("password of a file", u"FATAL:  28P01: no\npassword retrieved from file \"/x\""_s,
        ErrorKind::AuthenticationFailed, u".pgpass"_s);
    row("pg_hba",
        u"FATAL:  28000: no pg_hba.conf entry for host \"1\", user \"u\", database \"d\", no encryption"_s,
        ErrorKind::AuthenticationFailed, u"sslmode=require"_s);
    row("role", u"FATAL:  28000: role \"u\" does not exist"_s, ErrorKind::AuthenticationFailed,
        u"role exists"_s);
    row("privilege", u"FATAL:  42501: permission denied for database \"d\""_s,
        ErrorKind::AuthenticationFailed, u"GRANT CONNECT"_s);
    row("database", u"FATAL:  3D000: Datenbank »d« existiert nicht"_s, ErrorKind::DatabaseMissing, u"name"_s);
    row("starting", u"FATAL:  57P03: the database system is starting up"_s, ErrorKind::ConnectionFailed,
        u"Wait"_s);
    row("full", u"FATAL:  53300: sorry, too many clients already"_s, ErrorKind::ConnectionFailed,
        u"max_connections"_s);
    row("pooler", u"FATAL:  08P01: unsupported startup parameter in options: lock_timeout"_s,
        ErrorKind::ConnectionFailed, u"direct connection"_s);
    row("not PostgreSQL", u"expected authentication request from server, but received H"_s,
        ErrorKind::ConnectionFailed, u"PostgreSQL server"_s);
}

void TestConnectionFailure::tellsCausesApart()
{
    QFETCH(const QString, text);
    QFETCH(const QString, hint);
    const Error error = classifyConnectionFailure({.text = text, .where = u"u@h:5432/d"_s});
    QTEST(error.kind, "kind");
    QVERIFY2(error.message.contains(u"u@h:5432/d"_s), qPrintable(error.message));
    QVERIFY2(error.hint.contains(hint), qPrintable(error.hint));
    QVERIFY(!error.detail.contains(u"LOCATION"_s));
    QVERIFY(error.sqlState.isEmpty() || !error.detail.contains(error.sqlState));
}

void TestConnectionFailure::namesTheVersionTable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("name");

    QTest::newRow("default") << u""_s << u""_s << u"alembic_version"_s;
    QTest::newRow("name") << u"versions"_s << u""_s << u"versions"_s;
    QTest::newRow("schema") << u"app.versions"_s << u"app"_s << u"versions"_s;
    QTest::newRow("quoted") << u"\"a.b\".\"c\"\"d\""_s << u"a.b"_s << u"c\"d"_s;
    QTest::newRow("case") << u"App.Versions"_s << u"App"_s << u"Versions"_s;
    QTest::newRow("three parts") << u"a.b.c"_s << u"-"_s << u"-"_s;
    QTest::newRow("empty part") << u".b"_s << u"-"_s << u"-"_s;
}

void TestConnectionFailure::namesTheVersionTable()
{
    QFETCH(const QString, text);
    QFETCH(const QString, schema);
    const auto table = VersionTableName::parse(text);
    QCOMPARE(table.has_value(), schema != u"-"_s);
    if (!table) {
        QCOMPARE(table.error().kind, ErrorKind::InvalidWorkspace);
        return;
    }
    QCOMPARE(table->schema, schema);
    QTEST(table->name, "name");
}

QTEST_GUILESS_MAIN(TestConnectionFailure)
#include "tst_connectionfailure.moc"
