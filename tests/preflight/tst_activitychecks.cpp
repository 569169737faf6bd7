// SPDX-License-Identifier: MIT
// What others do in the database: really open and really prepared transactions, a real pg_dump and a real
// vacuum to prevent wraparound.

#include "migrations/backup/postgresprograms.h"
#include "migrations/preflight/concernedtables.h"
#include "migrations/process/process.h"
#include "migrations/run/checkfix.h"
#include "tests/preflight/preflightfixture.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QStringList alter{u"ALTER TABLE one ADD COLUMN x int"_s};
const QString longCheck = u"long-transactions"_s;

PreflightRequest withoutPatience(PreflightRequest request)
{
    request.longTransaction = 0s;
    return request;
}

} // namespace

class tst_ActivityChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        TestCluster &cluster = TestCluster::instance();
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET max_prepared_transactions = 10"_s);
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET autovacuum_freeze_max_age = 100000"_s);
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET autovacuum_naptime = '1s'"_s);
        cluster.execute(u"postgres"_s, u"CREATE ROLE weak LOGIN"_s);
        cluster.stopServer();
        cluster.startServer();
    }
    void init() { QTest::failOnWarning(); }

    void locksConflictAsTheServerSays()
    {
        // Asked of a real server: two sessions, every pair of modes.
        const PreflightFixture fixture;
        fixture.execute(u"CREATE TABLE one (id int)"_s);
        const auto holder = fixture.session(u"holder"_s);
        const auto other = fixture.session(u"other"_s);
        const QList<LockMode> modes{LockMode::AccessShare,  LockMode::RowShare,
                                    LockMode::RowExclusive, LockMode::ShareUpdateExclusive,
                                    LockMode::Share,        LockMode::ShareRowExclusive,
                                    LockMode::Exclusive,    LockMode::AccessExclusive};
        for (const LockMode held : modes) {
            QVERIFY(holder->execute(u"BEGIN; LOCK TABLE one IN %1 MODE"_s.arg(lockName(held))));
            for (const LockMode wanted : modes) {
                const bool got =
                    other->execute(u"BEGIN; LOCK TABLE one IN %1 MODE NOWAIT"_s.arg(lockName(wanted)))
                        .has_value();
                QVERIFY(other->execute(u"ROLLBACK"_s));
                QVERIFY2(conflict(held, wanted) == !got,
                         qPrintable(QString(lockName(held) + u" / "_s + lockName(wanted))));
            }
            QVERIFY(holder->execute(u"ROLLBACK"_s));
        }
    }

    void aShortTransactionIsNoLongOne()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int)"_s);
        const auto other = fixture.session(u"shop"_s);
        QVERIFY(other->execute(u"BEGIN; SELECT * FROM one"_s));
        const CheckResult check = found(fixture.requestFor(alter), longCheck);
        QVERIFY2(check.state == CheckState::Passed && check.details.isEmpty(), shown(check));
    }

    void aTransactionInTheWayComesFirst()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int); CREATE TABLE two (id int)"_s);
        const auto older = fixture.session(u"report"_s);
        QVERIFY(older->execute(u"BEGIN; SELECT * FROM two"_s));
        const auto holder = fixture.session(u"shop"_s);
        QVERIFY(holder->execute(u"BEGIN; SELECT * FROM one"_s));
        const PreflightRequest request = withoutPatience(fixture.requestFor(alter));
        const CheckResult check = found(request, longCheck);
        QVERIFY2(check.state == CheckState::Failed, shown(check));
        QVERIFY2(check.text.contains(u"shop"_s) && check.text.contains(u"ACCESS SHARE on one"_s),
                 shown(check));
        QVERIFY2(check.details.size() == 2 && check.details[0].contains(u"shop"_s) &&
                     check.details[0].contains(u"idle in transaction"_s) &&
                     check.details[1].contains(u"report"_s),
                 shown(check));
        // Idle: nothing to cancel, only a session to end. Really run, it is gone.
        QVERIFY2(check.fixes.size() == 2 &&
                     check.fixes[0].label.contains(QString::number(holder->backendPid())),
                 shown(check));
        const auto access = TargetAccess::open(fixture.target(), {});
        QVERIFY(access && applyFix(*access, check.fixes[0]));
        QVERIFY(!holder->execute(u"SELECT 1"_s));
        const CheckResult left = found(request, longCheck);
        QVERIFY2(left.state == CheckState::Warning && left.text.contains(u"report"_s), shown(left));
        QVERIFY2(left.hint.contains(u"nothing that the SQL needs"_s), shown(left));

        const PreflightRequest blind = withoutPatience(fixture.request());
        const CheckResult unread = found(blind, longCheck);
        QVERIFY2(unread.state == CheckState::Warning && unread.text.contains(u"report"_s), shown(unread));
    }

    void concurrentBuildsWaitForAllOfThem()
    {
        const QStringList build{u"COMMIT"_s, u"CREATE INDEX CONCURRENTLY ix ON one (id)"_s, u"BEGIN"_s};
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int); CREATE TABLE two (id int)"_s);
        const auto other = fixture.session(u"report"_s);
        QVERIFY(other->execute(u"BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM two"_s));
        const CheckResult check = found(withoutPatience(fixture.requestFor(build)), longCheck);
        QVERIFY2(check.state == CheckState::Warning && check.hint.contains(u"CONCURRENTLY"_s), shown(check));
    }

    void aWeakRoleIsToldWhatItCannotSee()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int)"_s);
        const auto holder = fixture.session(u"shop"_s);
        QVERIFY(holder->execute(u"BEGIN; SELECT * FROM one"_s));
        const CheckResult check =
            found(PreflightFixture::as(u"weak"_s, fixture.requestFor(alter)), longCheck);
        QVERIFY2(check.state == CheckState::Warning && check.text.contains(u"ACCESS SHARE on one"_s),
                 shown(check));
        QVERIFY2(check.fixes.isEmpty() && check.details.last().contains(u"pg_read_all_stats"_s),
                 shown(check));
    }

    /// The documentation finds their locks by a virtualtransaction of '-1/' and their number. That holds for
    /// those that were read again at a start only: others keep the one of the session that prepared them.
    void preparedTransactions()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int); CREATE TABLE two (id int)"_s);
        const QString name = u"prepared-transactions"_s;
        const PreflightRequest request = fixture.requestFor(alter);
        QCOMPARE(found(request, name).state, CheckState::Passed);

        fixture.execute(u"BEGIN; INSERT INTO two VALUES (1); PREPARE TRANSACTION 'shop''s'"_s);
        const CheckResult beside = found(request, name);
        QVERIFY2(beside.state == CheckState::Warning && beside.details.size() == 1, shown(beside));

        fixture.execute(u"BEGIN; INSERT INTO one VALUES (1); PREPARE TRANSACTION 'mine'"_s);
        const CheckResult inTheWay = found(request, name);
        QVERIFY2(inTheWay.state == CheckState::Failed && inTheWay.text.contains(u"mine"_s) &&
                     inTheWay.text.contains(u"ROW EXCLUSIVE on one"_s),
                 shown(inTheWay));
        QVERIFY2(inTheWay.fixes.size() == 2 && !inTheWay.fixes[0].warning.isEmpty(), shown(inTheWay));
        QVERIFY(found(PreflightFixture::as(u"weak"_s, request), name).fixes.isEmpty());
        TestCluster::instance().stopServer();
        TestCluster::instance().startServer();
        const CheckResult restarted = found(request, name);
        QVERIFY2(restarted.state == CheckState::Failed && restarted.text.contains(u"ROW EXCLUSIVE on one"_s),
                 shown(restarted));

        const auto access = TargetAccess::open(fixture.target(), {});
        for (const CheckFix &fix : inTheWay.fixes)
            QVERIFY(access && applyFix(*access, fix));
        QCOMPARE(found(request, name).state, CheckState::Passed);
    }

    void aDumpHoldsItsLocksToTheEnd()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        fixture.execute(u"CREATE TABLE one (id int); CREATE TABLE two (id int)"_s);
        const QString name = u"dumps"_s;
        const PreflightRequest request = fixture.requestFor(alter);
        QCOMPARE(found(request, name).state, CheckState::Passed);

        // A real one, kept waiting at the second table.
        const auto blocker = fixture.session(u"blocker"_s);
        QVERIFY(blocker->execute(u"BEGIN; LOCK TABLE two IN ACCESS EXCLUSIVE MODE"_s));
        const auto program = newestProgram(PostgresProgram::Dump);
        QVERIFY(program);
        Process dump({.program = program->path,
                      .arguments = {u"-d"_s, fixture.database.url, u"-f"_s, u"/dev/null"_s},
                      .workingDirectory = {}},
                     {});
        QVERIFY(dump.start());
        const QString asks =
            u"SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE a.application_name = 'pg_dump' AND l.relation = 'one'::regclass AND l.granted"_s;
        QTRY_COMPARE_WITH_TIMEOUT(TestCluster::instance().rows(fixture.database.name, asks),
                                  QStringList{u"1"_s}, 30s);
        const QList<CheckResult> results = runPreflight(withoutPatience(request));
        const CheckResult check = found(results, name);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"pg_dump"_s) &&
                     check.text.contains(u"ACCESS SHARE on one"_s),
                 shown(check));
        QVERIFY2(!shown(found(results, longCheck)).contains("pg_dump"), shown(found(results, longCheck)));

        const CheckResult harmless = found(fixture.requestFor({u"CREATE TABLE three (id int)"_s}), name);
        QVERIFY2(harmless.state == CheckState::Passed && harmless.text.contains(u"is running"_s),
                 shown(harmless));
        QCOMPARE(found(fixture.request(), name).state, CheckState::Warning);
        dump.kill();
    }

    void aVacuumAgainstWraparoundDoesNotGiveWay()
    {
        PreflightFixture fixture;
        fixture.addStatements(alter);
        const QString name = u"autovacuum"_s;
        // Off, so that no other vacuum comes first: the one against wraparound comes all the same.
        fixture.execute(u"CREATE TABLE one (id int, t text) WITH (autovacuum_enabled = off, "
                        u"autovacuum_vacuum_cost_delay = 100, "
                        "autovacuum_vacuum_cost_limit = 1)"_s);
        fixture.execute(u"INSERT INTO one SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i"_s);
        const PreflightRequest request = fixture.requestFor(alter);
        const CheckResult quiet = found(request, name);
        QVERIFY2(quiet.state == CheckState::Passed, shown(quiet));

        fixture.execute(
            u"DO $$ BEGIN FOR i IN 1..110000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"_s);
        const QString works =
            u"SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.query "
            "LIKE 'autovacuum: %one (to prevent wraparound)' AND l.relation = 'one'::regclass AND "
            "l.mode = 'ShareUpdateExclusiveLock' AND l.granted"_s;
        QTRY_COMPARE_WITH_TIMEOUT(TestCluster::instance().rows(fixture.database.name, works),
                                  QStringList{u"1"_s}, 60s);
        const CheckResult check = found(request, name);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"wraparound"_s), shown(check));
        QVERIFY2(check.fixes.size() == 1 && check.details.size() == 1, shown(check));
        // Hidden words: the age of the table tells.
        const CheckResult weak = found(PreflightFixture::as(u"weak"_s, request), name);
        QVERIFY2(weak.state == CheckState::Failed && weak.fixes.isEmpty(), shown(weak));
        const CheckResult other = found(fixture.requestFor({u"CREATE TABLE three (id int)"_s}), name);
        QVERIFY2(other.state == CheckState::Passed, shown(other));
        QCOMPARE(found(fixture.request(), name).state, CheckState::Warning);
    }
};

QTEST_GUILESS_MAIN(tst_ActivityChecks)
#include "tst_activitychecks.moc"
