// SPDX-License-Identifier: MIT
// The connection, the server and the mark of an environment, on a real server.

#include "migrations/preflight/checks.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/runlock.h"
#include "tests/preflight/preflightfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString markCheck = u"environment-mark"_s;

PreflightRequest inProduction(PreflightRequest request)
{
    request.target.environment.name = u"production"_s;
    request.target.environment.protection = Protection::Protected;
    return request;
}

} // namespace

class tst_ConnectionChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void encryption_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QString>("sslmode");
        QTest::addColumn<CheckState>("state");
        QTest::addColumn<QString>("text");
        QTest::newRow("socket") << u"/run/postgresql"_s << QString() << u"prefer"_s << CheckState::Passed
                                << u"socket"_s;
        QTest::newRow("no host") << QString() << QString() << u"prefer"_s << CheckState::Passed
                                 << u"socket"_s;
        QTest::newRow("abstract") << u"@pg"_s << QString() << u"prefer"_s << CheckState::Passed
                                  << u"socket"_s;
        QTest::newRow("localhost") << u"localhost"_s << QString() << u"prefer"_s << CheckState::Passed
                                   << u"without TLS"_s;
        QTest::newRow("loopback") << u"127.0.0.1"_s << u"TLSv1.3"_s << u"prefer"_s << CheckState::Passed
                                  << u"TLSv1.3"_s;
        QTest::newRow("plain") << u"db.example.org"_s << QString() << u"prefer"_s << CheckState::Warning
                               << u"not encrypted"_s;
        QTest::newRow("unverified") << u"db.example.org"_s << u"TLSv1.3"_s << u"require"_s
                                    << CheckState::Warning << u"nobody verified that db.example.org"_s;
        QTest::newRow("ca") << u"db.example.org"_s << u"TLSv1.3"_s << u"verify-ca"_s << CheckState::Warning
                            << u"not that it belongs to db.example.org"_s;
        QTest::newRow("full") << u"db.example.org"_s << u"TLSv1.3"_s << u"verify-full"_s << CheckState::Passed
                              << u"verified"_s;
    }
    void encryption()
    {
        QFETCH(QString, host);
        QFETCH(QString, protocol);
        QFETCH(QString, sslmode);
        QFETCH(CheckState, state);
        QFETCH(QString, text);
        const CheckResult check = tlsVerdict(host, protocol, sslmode);
        QCOMPARE(check.state, state);
        QVERIFY2(check.text.contains(text), shown(check));
        QCOMPARE(check.hint.isEmpty(), state == CheckState::Passed);
    }

    void aLocalServer()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QList<CheckResult> results = runPreflight(fixture.request());
        QVERIFY(found(results, u"connection"_s).text.startsWith(u"PostgreSQL 1"_s));
        QCOMPARE(found(results, u"tls"_s).text, u"a local socket"_s);
        QCOMPARE(found(results, u"direct"_s).state, CheckState::Passed);
        QCOMPARE(found(results, u"primary"_s).state, CheckState::Passed);
        QVERIFY(!isAmong(results, u"same-database"_s)); // not asked for
    }

    void anOldServerIsNotKnown()
    {
        const CheckResult check = connectionCheck({.rows = {},
                                                   .serverVersion = 120022,
                                                   .serverVersionText = u"12.22"_s,
                                                   .tls = {},
                                                   .user = {},
                                                   .databaseName = {}});
        QVERIFY2(check.state == CheckState::Warning && check.text.contains(u"12.22"_s), shown(check));
    }

    void readOnlyTransactionsAreRefused()
    {
        PreflightFixture fixture;
        fixture.addThree();
        fixture.execute(
            u"ALTER DATABASE %1 SET default_transaction_read_only = on"_s.arg(fixture.database.name));
        const CheckResult check = found(fixture.request(), u"primary"_s);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"read-only"_s), shown(check));
    }

    void aStandbyIsRefused()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = fixture.request();
        TestCluster &cluster = TestCluster::instance();
        const QString signal = cluster.cluster().directory() + u"/data/standby.signal"_s;
        cluster.stopServer();
        writeFile(signal, QByteArray());
        cluster.startServer();
        const QList<CheckResult> results = runPreflight(request);
        cluster.stopServer();
        QVERIFY(QFile::remove(signal));
        cluster.startServer();
        const CheckResult primary = found(results, u"primary"_s);
        QVERIFY2(primary.state == CheckState::Failed && primary.text.contains(u"standby"_s), shown(primary));
        const CheckResult replication = found(results, u"replication"_s);
        QVERIFY2(replication.state == CheckState::Passed && replication.text.contains(u"standby"_s),
                 shown(replication));
    }

    void theMarkOfAnEnvironment()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest open = fixture.request(); // in "test"
        const PreflightRequest production = inProduction(open);
        QVERIFY(found(production, markCheck).text.contains(u"no version table"_s));
        QCOMPARE(found(production, markCheck).state, CheckState::Passed);

        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        QCOMPARE(found(open, markCheck), (CheckResult{.name = markCheck,
                                                      .title = found(open, markCheck).title,
                                                      .state = CheckState::Passed,
                                                      .text = u"not marked"_s,
                                                      .hint = {}}));

        fixture.execute(u"COMMENT ON TABLE alembic_version IS E'Bob\\'s \\\\ table\\nKeep out'"_s);
        const CheckResult unmarked = found(production, markCheck);
        QVERIFY2(unmarked.state == CheckState::Warning && unmarked.fixes.size() == 1, shown(unmarked));
        const auto access = TargetAccess::open(fixture.target(), {});
        QVERIFY(access && applyFix(*access, unmarked.fixes[0]));
        QCOMPARE(TestCluster::instance().rows(fixture.database.name,
                                              u"SELECT obj_description('alembic_version'::regclass)"_s),
                 (QStringList{u"Bob's \\ table"_s, u"Keep out"_s, u"stepwell environment: production"_s}));
        const CheckResult marked = found(production, markCheck);
        QVERIFY2(marked.state == CheckState::Passed && marked.text.contains(u"production"_s), shown(marked));

        const CheckResult wrong = found(open, markCheck);
        QVERIFY2(wrong.state == CheckState::Failed && wrong.text.contains(u"marked as production"_s),
                 shown(wrong));
        QVERIFY2(wrong.text.contains(u"environment test"_s) && !wrong.hint.isEmpty() && wrong.fixes.isEmpty(),
                 shown(wrong));
    }

    void theHolderOfTheRunLockIsNamed()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QString name = u"run-lock"_s;
        const PreflightRequest request = fixture.request();
        QCOMPARE(found(request, name).state, CheckState::Passed);
        for (const qint64 key : {RunKeys::forTable({}).run, RunKeys::forTable({}).bridge}) {
            const auto other = fixture.session(u"stepwell run"_s);
            QVERIFY(other->tryAdvisoryLock(key).value_or(false));
            const CheckResult check = found(request, name);
            QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"stepwell"_s) &&
                         check.text.contains(u"local socket"_s) && check.text.contains(u"since 20"_s) &&
                         check.text.contains(QString::number(other->backendPid())),
                     shown(check));
            QVERIFY2(check.details == QStringList{u"application: stepwell run"_s}, shown(check));
        }
        QCOMPARE(found(request, name).state, CheckState::Passed);
    }
};

QTEST_GUILESS_MAIN(tst_ConnectionChecks)
#include "tst_connectionchecks.moc"
