// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_errors.h"

#include <QJsonArray>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestBridgeErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void tellsKindsApart_data()
    {
        QTest::addColumn<QJsonObject>("told");
        QTest::addColumn<QString>("kind");
        const auto sqlState = [](const char *state) {
            return QJsonObject{{u"sqlstate"_s, QLatin1String(state)}};
        };
        const auto connecting = [](const char *message) {
            return QJsonObject{{u"connecting"_s, true}, {u"message"_s, QLatin1String(message)}};
        };
        const auto check = [](const char *name) { return QJsonObject{{u"kind"_s, QLatin1String(name)}}; };
        QTest::newRow("unique") << sqlState("23505") << u"migration-failed"_s;
        QTest::newRow("python") << QJsonObject{{u"message"_s, u"boom"_s}} << u"migration-failed"_s;
        QTest::newRow("password") << sqlState("28P01") << u"authentication-failed"_s;
        QTest::newRow("no role") << sqlState("28000") << u"authentication-failed"_s;
        QTest::newRow("no database") << sqlState("3D000") << u"database-missing"_s;
        QTest::newRow("lost") << sqlState("08006") << u"connection-lost"_s;
        QTest::newRow("ended by an administrator") << sqlState("57P01") << u"connection-lost"_s;
        QTest::newRow("starting up") << sqlState("57P03") << u"connection-failed"_s;
        QTest::newRow("disconnected") << QJsonObject{{u"disconnected"_s, true}} << u"connection-lost"_s;
        QTest::newRow("refused") << connecting("connection to server failed: Connection refused")
                                 << u"connection-refused"_s;
        QTest::newRow("no socket") << connecting("… failed: No such file or directory")
                                   << u"connection-refused"_s;
        QTest::newRow("host") << connecting("could not translate host name \"x\"") << u"host-unknown"_s;
        QTest::newRow("timeout") << connecting("timeout expired") << u"connection-timeout"_s;
        QTest::newRow("password by text")
            << connecting("FATAL:  password authentication failed for user \"a\"")
            << u"authentication-failed"_s;
        QTest::newRow("role by text")
            << connecting("FATAL:  role \"a\" does not exist") << u"authentication-failed"_s;
        QTest::newRow("database by text")
            << connecting("FATAL:  database \"a\" does not exist") << u"database-missing"_s;
        QTest::newRow("other") << connecting("something else") << u"connection-failed"_s;
        QTest::newRow("proof") << check("other-database") << u"refused"_s;
        QTest::newRow("rows") << check("rows-changed") << u"refused"_s;
        QTest::newRow("lock") << check("locked") << u"locked"_s;
        QTest::newRow("tenants") << check("several-contexts") << u"unsupported"_s;
        QTest::newRow("module") << QJsonObject{{u"missing_module"_s, u"app"_s}} << u"python-missing"_s;
        QTest::newRow("module in a revision")
            << QJsonObject{{u"missing_module"_s, u"app"_s}, {u"file"_s, u"/v/a.py"_s}}
            << u"migration-failed"_s;
    }

    void tellsKindsApart()
    {
        QFETCH(QJsonObject, told);
        QFETCH(QString, kind);
        const Error error = bridgeError(told, u"Revision a failed"_s);
        QCOMPARE(kindName(error.kind), kind);
        QVERIFY(!error.message.isEmpty());
        QVERIFY(!error.hint.isEmpty());
        QCOMPARE(error.connectionLost, error.kind == ErrorKind::ConnectionLost);
        QVERIFY(!error.outcomeUnknown);
    }

    void doesNotKnowACommitThatGotLost()
    {
        const Error error =
            bridgeError({{u"disconnected"_s, true}, {u"commit_unknown"_s, true}}, u"Revision a"_s);
        QVERIFY(error.connectionLost);
        QVERIFY(error.outcomeUnknown);
    }

    void keepsWhatTheServerSaid()
    {
        const Error error = bridgeError({{u"sqlstate"_s, u"55P03"_s},
                                         {u"message"_s, u"canceling statement due to lock timeout"_s},
                                         {u"statement"_s, u"ALTER TABLE a"_s},
                                         {u"file"_s, u"/v/a.py"_s},
                                         {u"line"_s, 12},
                                         {u"traceback"_s, u"Traceback"_s}},
                                        u"Revision a failed"_s);
        QCOMPARE(error.message, u"Revision a failed: canceling statement due to lock timeout."_s);
        QCOMPARE(error.sqlState, u"55P03"_s);
        QCOMPARE(error.statement, u"ALTER TABLE a"_s);
        QCOMPARE(error.detail, u"/v/a.py, line 12\nTraceback"_s);
        QCOMPARE(error.hint, hintFor(u"55P03"_s));
    }

    void namesTheRowsFound()
    {
        const Error error = bridgeError({{u"kind"_s, u"rows-changed"_s},
                                         {u"facts"_s, QJsonObject{{u"rows"_s, QJsonArray{u"a"_s, u"b"_s}}}}},
                                        {});
        QCOMPARE(error.detail, u"Found: a, b"_s);
    }
};

QTEST_GUILESS_MAIN(TestBridgeErrors)
#include "tst_bridgeerrors.moc"
