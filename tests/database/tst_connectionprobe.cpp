// SPDX-License-Identifier: MIT
#include "tests/database/testsessions.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

namespace {

ConnectionSettings localTcp(quint16 port)
{
    return {.user = u"u"_s, .host = u"127.0.0.1"_s, .port = QString::number(port), .database = u"d"_s};
}

} // namespace

/// How a session opens, and what it says when it cannot.
class TestConnectionProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(); }

    void namesARefusedConnection();
    void namesAMissingSocket();
    void namesAnUnknownHost();
    void namesASilentServer();
    void namesAServerWithoutTls();
    void namesAMissingDatabase();
    void namesAMissingPassword();
    void namesAWrongPassword();
    void namesAMissingRole();
    void namesAnUnknownService();
    void fallsBackToTheSecondHost();
    void usesThePasswordFile();
    void usesAServiceFile();
    void survivesOddNames();
    void refusesASemicolonInAnOption();

private:
    TestDatabase m_database;
    ConnectionSettings m_login; ///< a role that needs the password "right one"
};

void TestConnectionProbe::initTestCase()
{
    TestCluster &cluster = TestCluster::instance();
    m_database = cluster.newDatabase();
    cluster.execute(u"postgres"_s, u"CREATE ROLE secured LOGIN PASSWORD 'right one'"_s);
    const QString file = cluster.rows(u"postgres"_s, u"SHOW hba_file"_s).constFirst();
    const QByteArray rules = "local all secured scram-sha-256\n" + readFile(file);
    QFile hba(file); // in place: the file's owner is the server's account
    QVERIFY(hba.open(QIODevice::WriteOnly | QIODevice::Truncate));
    hba.write(rules);
    hba.close();
    cluster.execute(u"postgres"_s, u"SELECT pg_reload_conf()"_s);
    m_login = m_database.settings;
    m_login.user = u"secured"_s;
    // The reload is seen by new connections a moment later.
    QTRY_COMPARE(openError(m_login).kind, ErrorKind::PasswordMissing);
}

void TestConnectionProbe::namesARefusedConnection()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const quint16 port = server.serverPort();
    server.close();
    const Error error = openError(localTcp(port));
    QCOMPARE(error.kind, ErrorKind::ConnectionRefused);
    QVERIFY2(error.message.contains(u"u@127.0.0.1:%1/d"_s.arg(port)), qPrintable(error.message));
    QVERIFY(error.hint.contains(u"running"_s));
    QVERIFY(error.detail.contains(u"refused"_s));
}

void TestConnectionProbe::namesAMissingSocket()
{
    QTemporaryDir folder;
    ConnectionSettings settings = m_database.settings;
    settings.host = folder.path();
    const Error error = openError(settings);
    QCOMPARE(error.kind, ErrorKind::ConnectionRefused);
    QVERIFY(error.message.contains(folder.path()));
}

void TestConnectionProbe::namesAnUnknownHost()
{
    ConnectionSettings settings = m_database.settings;
    settings.host = u"no-such-host.invalid"_s;
    const Error error = openError(settings);
    QCOMPARE(error.kind, ErrorKind::HostUnknown);
    QVERIFY(error.message.contains(u"no-such-host.invalid"_s));
}

void TestConnectionProbe::namesASilentServer()
{
    QTcpServer server; // the kernel accepts for it, and nobody ever answers
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QElapsedTimer clock;
    clock.start();
    const Error error = openError(localTcp(server.serverPort()));
    QCOMPARE(error.kind, ErrorKind::ConnectionTimeout);
    QVERIFY2(clock.elapsed() >= 1900 && clock.elapsed() < 6000, qPrintable(QString::number(clock.elapsed())));
}

void TestConnectionProbe::namesAServerWithoutTls()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto listening = static_cast<int>(server.socketDescriptor());
    const int flags = fcntl(listening, F_GETFL);
    fcntl(listening, F_SETFL, flags & ~O_NONBLOCK);
    std::thread answering([listening] {
        const int client = ::accept(listening, nullptr, nullptr);
        char request[8];
        if (::recv(client, request, sizeof request, MSG_WAITALL) == sizeof request)
            (void)::send(client, "N", 1, MSG_NOSIGNAL); // the answer of a server without TLS
        (void)::recv(client, request, sizeof request, 0);
        ::close(client);
    });
    ConnectionSettings settings = localTcp(server.serverPort());
    settings.options = {{u"sslmode"_s, u"require"_s}, {u"gssencmode"_s, u"disable"_s}};
    const Error error = openError(settings);
    answering.join();
    QCOMPARE(error.kind, ErrorKind::TlsFailed);
    QVERIFY(error.hint.contains(u"sslmode"_s));
}

void TestConnectionProbe::namesAMissingDatabase()
{
    ConnectionSettings settings = m_database.settings;
    settings.database = u"nowhere"_s;
    const Error error = openError(settings);
    QCOMPARE(error.kind, ErrorKind::DatabaseMissing);
    QCOMPARE(error.sqlState, u"3D000"_s);
    QVERIFY(error.message.contains(u"nowhere"_s));
}

void TestConnectionProbe::namesAMissingPassword()
{
    const Error error = openError(m_login);
    QCOMPARE(error.kind, ErrorKind::PasswordMissing);
    QVERIFY(error.hint.contains(u".pgpass"_s));
}

void TestConnectionProbe::namesAWrongPassword()
{
    const Error error = openError(m_login, u"wrong one"_s);
    QCOMPARE(error.kind, ErrorKind::AuthenticationFailed);
    QCOMPARE(error.sqlState, u"28P01"_s);
    QVERIFY(!toText(error).contains(u"wrong one"_s));
    QVERIFY(openSession(m_login, u"right one"_s));
    ConnectionSettings withPassword = m_login;
    withPassword.password = u"right one"_s;
    QVERIFY(openSession(withPassword));
}

void TestConnectionProbe::namesAMissingRole()
{
    ConnectionSettings settings = m_database.settings;
    settings.user = u"nobody_here"_s;
    const Error error = openError(settings);
    QCOMPARE(error.kind, ErrorKind::AuthenticationFailed);
    QCOMPARE(error.sqlState, u"28000"_s);
}

void TestConnectionProbe::namesAnUnknownService()
{
    QTemporaryDir folder;
    writeFile(folder.filePath(u"services"_s), u"[other]\nhost=h\n"_s);
    const Environment services("PGSERVICEFILE", folder.filePath(u"services"_s));
    const Error error = openError({.options = {{u"service"_s, u"missing"_s}}});
    QCOMPARE(error.kind, ErrorKind::ConnectionFailed);
    QVERIFY2(error.hint.contains(u"pg_service.conf"_s), qPrintable(toText(error)));
}

void TestConnectionProbe::fallsBackToTheSecondHost()
{
    QTemporaryDir empty;
    ConnectionSettings settings = m_database.settings;
    settings.host = empty.path() + u',' + settings.host;
    QVERIFY(openSession(settings));
}

void TestConnectionProbe::usesThePasswordFile()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"pgpass"_s);
    writeFile(file, u"*:*:*:secured:right one\n"_s);
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
    const Environment passFile("PGPASSFILE", file);
    const auto session = openSession(m_login);
    QCOMPARE(single(*session, u"SELECT current_user::text"_s).toString(), u"secured"_s);

    writeFile(file, u"*:*:*:secured:wrong one\n"_s);
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
    const Error error = openError(m_login);
    QCOMPARE(error.kind, ErrorKind::AuthenticationFailed);
    QVERIFY2(error.hint.contains(u"PGPASSFILE"_s), qPrintable(toText(error)));
}

void TestConnectionProbe::usesAServiceFile()
{
    QTemporaryDir folder;
    writeFile(folder.filePath(u"services"_s),
              u"[mine]\nhost=%1\nuser=secured\npassword=right one\ndbname=%2\n"_s.arg(
                  m_database.settings.host, m_database.name));
    const Environment services("PGSERVICEFILE", folder.filePath(u"services"_s));
    const auto settings = ConnectionSettings::fromUrl(u"postgresql://?service=mine"_s);
    QVERIFY(settings);
    const auto session = openSession(*settings);
    QCOMPARE(single(*session, u"SELECT current_user || '@' || current_database()"_s).toString(),
             QString(u"secured@"_s + m_database.name));
}

void TestConnectionProbe::survivesOddNames()
{
    const QString name = u"odd; 'name' \\ host=elsewhere"_s;
    TestCluster::instance().execute(u"postgres"_s, u"CREATE DATABASE \"%1\""_s.arg(name));
    ConnectionSettings settings = m_database.settings;
    settings.database = name;
    const auto session = openSession(settings, {}, {.applicationName = u"it's \\ odd"_s});
    QCOMPARE(single(*session, u"SELECT current_database()::text"_s).toString(), name);
    QCOMPARE(single(*session, u"SHOW application_name"_s).toString(), u"it's \\ odd"_s);
}

void TestConnectionProbe::refusesASemicolonInAnOption()
{
    ConnectionSettings settings = m_database.settings;
    settings.options = {{u"sslrootcert"_s, u"/tmp/a;b"_s}};
    QCOMPARE(openError(settings).kind, ErrorKind::InvalidConfig);
    settings.options = {{u"nonsense"_s, u"1"_s}};
    QCOMPARE(openError(settings).kind, ErrorKind::InvalidConfig);
}

QTEST_GUILESS_MAIN(TestConnectionProbe)
#include "tst_connectionprobe.moc"
