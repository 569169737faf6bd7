// SPDX-License-Identifier: MIT
#include "tests/bridge/bridgesite.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Several revisions in one call of env.py, under each transaction policy.
class TestBridgeSeries : public QObject
{
    Q_OBJECT

private:
    static Bridge::StepOptions options(TransactionPolicy policy, bool last)
    {
        Bridge::StepOptions chosen = proved();
        chosen.transactions = policy;
        chosen.last = last;
        return chosen;
    }

    static void addThree(BridgeSite &site)
    {
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('CREATE TABLE b (id int)')"_s,
                                 u"op.execute('DROP TABLE b')"_s);
        site.project.addRevision(u"c3"_s, u"b2"_s, u"op.execute('CREATE TABLE c (id int)')"_s,
                                 u"op.execute('DROP TABLE c')"_s);
        // How often env.py ran.
        site.changeEnv(u"from alembic import context"_s,
                       u"from alembic import context\nprint('env.py runs')"_s);
    }

    static QStringList versions(BridgeSite &site)
    {
        return toTexts(site.control->readVersionRows({}).value_or(toRevisionIds({u"not to be read"_s})));
    }

    static qsizetype runsOfEnv(const BridgeSite &site) { return site.output().count(u"env.py runs"_s); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void eachRevisionByItself_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }

    void eachRevisionByItself()
    {
        QFETCH(int, environment);
        BridgeSite site{ScratchProject::Environment(environment)};
        addThree(site);
        Bridge &bridge = site.start();
        BridgeStepResult step =
            bridge.runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy::Revision, false));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QVERIFY(step.durable && step.open);
        QCOMPARE(versions(site), QStringList{u"a1"_s});
        const int backend = bridge.backendPid();
        QVERIFY(backend > 0);
        step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options(TransactionPolicy::Revision, false));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QCOMPARE(versions(site), QStringList{u"b2"_s});
        QCOMPARE(bridge.backendPid(), backend);
        // Nothing is open on the server while it waits for the next one.
        QCOMPARE(site.rows(u"SELECT state FROM pg_stat_activity WHERE pid = %1"_s.arg(backend)),
                 QStringList{u"idle"_s});
        const qsizetype before = runsOfEnv(site);
        step = bridge.runStep(upgradeStep(u"c3"_s, u"b2"_s), options(TransactionPolicy::Revision, true));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QVERIFY(step.durable && !step.open);
        QCOMPARE(versions(site), QStringList{u"c3"_s});
        QCOMPARE(runsOfEnv(site), before);
        QCOMPARE(bridge.backendPid(), 0);

        // And down again, in another call.
        Bridge::StepOptions down = options(TransactionPolicy::Revision, false);
        down.direction = Direction::Downgrade;
        step = bridge.runStep(downgradeStep(u"c3"_s, u"b2"_s), down);
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QCOMPARE(versions(site), QStringList{u"b2"_s});
        QVERIFY(bridge.finish());
        QCOMPARE(versions(site), QStringList{u"b2"_s});
        QCOMPARE(runsOfEnv(site), before + 1);
    }

    void allOrNothing_data() { eachRevisionByItself_data(); }
    void allOrNothing()
    {
        QFETCH(int, environment);
        BridgeSite site{ScratchProject::Environment(environment)};
        addThree(site);
        Bridge &bridge = site.start();
        const auto all = [](bool last) { return options(TransactionPolicy::All, last); };
        BridgeStepResult step = bridge.runStep(upgradeStep(u"a1"_s, {}), all(false));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QVERIFY(!step.durable && step.open);
        QCOMPARE(versions(site), QStringList());
        step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), all(false));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QVERIFY(bridge.finish());
        QCOMPARE(versions(site), QStringList()); // taken back
        QVERIFY(!site.hasTable(u"a"_s));
        QCOMPARE(bridge.committedStatements(RevisionId(u"a1"_s)), QStringList());

        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), all(false)).ok);
        QVERIFY(bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), all(false)).ok);
        step = bridge.runStep(upgradeStep(u"c3"_s, u"b2"_s), all(true));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QVERIFY(step.durable && !step.open);
        QCOMPARE(versions(site), QStringList{u"c3"_s});
        QVERIFY(!bridge.committedStatements(RevisionId(u"a1"_s)).isEmpty());
    }

    void anAutocommitBlockCommitsWhatCameBefore()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b (id int)')\n"
                                 "with op.get_context().autocommit_block():\n"
                                 "    op.execute('CREATE INDEX CONCURRENTLY ix ON a (t)')\n"
                                 "op.execute('CREATE TABLE lost (id int)')"_s,
                                 {});
        site.project.addRevision(u"c3"_s, u"b2"_s, u"op.execute('SELECT 1/0')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy::All, false)).ok);
        const auto second =
            bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options(TransactionPolicy::All, false));
        QVERIFY2(second.ok, qPrintable(textOf(second)));
        QVERIFY(!second.durable);
        const auto third =
            bridge.runStep(upgradeStep(u"c3"_s, u"b2"_s), options(TransactionPolicy::All, true));
        QVERIFY(!third.ok);
        QCOMPARE(third.committedStatements, QStringList());
        QCOMPARE(versions(site), QStringList{u"a1"_s});
        QVERIFY(site.hasTable(u"b"_s) && !site.hasTable(u"lost"_s));
        const QStringList left{u"CREATE TABLE b (id int)"_s, u"CREATE INDEX CONCURRENTLY ix ON a (t)"_s};
        QCOMPARE(bridge.committedStatements(RevisionId(u"b2"_s)), left);
    }

    void asTheProjectSays_data()
    {
        QTest::addColumn<bool>("perMigration");
        QTest::newRow("Alembic's default") << false;
        QTest::newRow("transaction_per_migration") << true;
    }
    void asTheProjectSays()
    {
        QFETCH(bool, perMigration);
        BridgeSite site;
        addThree(site);
        if (perMigration)
            site.changeEnv(u"connection=connection"_s,
                           u"connection=connection, transaction_per_migration=True"_s);
        Bridge &bridge = site.start();
        BridgeStepResult step =
            bridge.runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy::Project, false));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QCOMPARE(step.durable, perMigration);
        QCOMPARE(versions(site), perMigration ? QStringList{u"a1"_s} : QStringList());
        step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options(TransactionPolicy::Project, true));
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        QCOMPARE(versions(site), QStringList{u"b2"_s});
    }

    void aFailureEndsTheCall()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('SELECT 1/0')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy::Revision, false)).ok);
        const auto failed =
            bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options(TransactionPolicy::Revision, false));
        QVERIFY(!failed.ok && !failed.open && failed.started);
        QCOMPARE(failed.error->sqlState, u"22012"_s);
        QVERIFY2(failed.error->detail.contains(u"b2_.py"), qPrintable(failed.error->detail));
        QCOMPARE(versions(site), QStringList{u"a1"_s});
        // The next one begins a new call.
        const auto again =
            bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options(TransactionPolicy::Revision, true));
        QCOMPARE(again.error->sqlState, u"22012"_s);
    }

    void envThatRaisesAfterTheLastRevision()
    {
        BridgeSite site;
        writeFile(site.project.envFile(),
                  QByteArray(readFile(site.project.envFile()) + "\nraise RuntimeError('too late')\n"));
        Bridge &bridge = site.start();
        QVERIFY(!bridge.describe(proofKey));
        const auto step =
            bridge.runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy::Revision, false));
        QVERIFY(!step.ok); // found by the first look at env.py
        QVERIFY(!step.started);
    }

    /// The input ends while env.py waits: what is committed stays, an open transaction is rolled back.
    void aLostStepwell_data()
    {
        QTest::addColumn<int>("policy");
        QTest::newRow("revision") << int(TransactionPolicy::Revision);
        QTest::newRow("all") << int(TransactionPolicy::All);
    }
    void aLostStepwell()
    {
        QFETCH(int, policy);
        BridgeSite site;
        addThree(site);
        QVERIFY(site.start().runStep(upgradeStep(u"a1"_s, {}), options(TransactionPolicy(policy), false)).ok);
        site.bridge.reset(); // closes the input and waits for the end
        QCOMPARE(versions(site),
                 policy == int(TransactionPolicy::Revision) ? QStringList{u"a1"_s} : QStringList());
        QCOMPARE(
            site.rows(u"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stepwell bridge'"_s),
            QStringList{u"0"_s});
    }

    void concurrentBuildsHaveLimitsOfTheirOwn_data() { eachRevisionByItself_data(); }
    void concurrentBuildsHaveLimitsOfTheirOwn()
    {
        QFETCH(int, environment);
        BridgeSite site{ScratchProject::Environment(environment)};
        site.project.addRevision(u"b2"_s, u"a1"_s, uR"py(op.execute("CREATE TABLE limits (t text)")
op.execute("INSERT INTO limits SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')")
with op.get_context().autocommit_block():
    op.execute("-- slow\nCREATE UNIQUE INDEX CONCURRENTLY own ON a ((id + 0))")
    op.execute("INSERT INTO limits SELECT current_setting('lock_timeout') || ' after'")
op.execute("INSERT INTO limits SELECT current_setting('statement_timeout') || ' at the end'"))py"_s,
                                 {});
        Bridge &bridge = site.start();
        Bridge::StepOptions limited = options(TransactionPolicy::Revision, false);
        limited.lockTimeout = 300ms;
        limited.statementTimeout = 5s;
        limited.concurrentTimeout = 700s;
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), limited).ok);
        // A concurrent build waits for a transaction that is older than it, for as long as it takes.
        limited.last = true;
        auto other = DatabaseSession::open(site.database.settings, {});
        QVERIFY(other && (*other)->execute(u"BEGIN; INSERT INTO a VALUES (7, 'open')"_s));
        bool waited = false;
        const auto built = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), limited, [&] {
            const QStringList seen = site.rows(
                u"SELECT 1 FROM pg_stat_activity WHERE query LIKE '%own ON a%' AND wait_event_type = 'Lock' "
                "AND query_start < now() - interval '1 second' AND pid <> pg_backend_pid()"_s);
            if (!seen.isEmpty() && !std::exchange(waited, true))
                QVERIFY((*other)->execute(u"COMMIT"_s));
        });
        QVERIFY2(built.ok, qPrintable(textOf(built)));
        QVERIFY(waited);
        const QStringList expected{u"300ms 5s"_s, u"300ms after"_s, u"5s at the end"_s};
        QCOMPARE(site.rows(u"SELECT t FROM (SELECT DISTINCT t FROM limits) ORDER BY t COLLATE \"C\""_s),
                 expected);
        QCOMPARE(site.rows(u"SELECT indisvalid FROM pg_index WHERE indexrelid = 'own'::regclass"_s),
                 QStringList{u"t"_s});
    }

    void stamps_data() { eachRevisionByItself_data(); }
    void stamps()
    {
        QFETCH(int, environment);
        BridgeSite site{ScratchProject::Environment(environment)};
        addThree(site);
        Bridge &bridge = site.start();
        const auto stamp = [&](const QStringList &revisions, bool purge, const QString &from) {
            return bridge.stamp(revisions, purge, from.isEmpty() ? RevisionIds() : toRevisionIds({from}),
                                proved());
        };
        BridgeStepResult done = stamp({u"head"_s}, false, {});
        QVERIFY2(done.ok, qPrintable(textOf(done)));
        QCOMPARE(versions(site), QStringList{u"c3"_s});
        QVERIFY(!site.hasTable(u"a"_s));
        done = stamp({u"a1"_s}, false, u"b2"_s);
        QVERIFY(!done.ok && !done.started);
        QCOMPARE(done.error->kind, ErrorKind::Refused);
        TestCluster::instance().execute(site.database.name,
                                        u"UPDATE alembic_version SET version_num = 'gone'"_s);
        done = stamp({u"b2"_s}, true, {});
        QVERIFY2(done.ok, qPrintable(textOf(done)));
        QCOMPARE(versions(site), QStringList{u"b2"_s});
        done = stamp({u"base"_s}, false, u"b2"_s);
        QVERIFY2(done.ok, qPrintable(textOf(done)));
        QCOMPARE(versions(site), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestBridgeSeries)
#include "tst_bridgeseries.moc"
