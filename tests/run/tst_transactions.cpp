// SPDX-License-Identifier: MIT
// What a run commits at once, and what is left when it does not come to its end.

#include "migrations/journal/sharedjournal.h"
#include "migrations/run/checkfix.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Transactions : public QObject
{
    Q_OBJECT

private:
    static QList<StepState> states(const QList<JournalStep> &steps)
    {
        QList<StepState> all;
        for (const JournalStep &step : steps)
            all += step.state;
        return all;
    }
    static QList<StepState> states(const RunReport &report) { return states(report.steps); }

    static RunRequest allOrNothing(const RunFixture &fixture)
    {
        RunRequest request = fixture.upgrade();
        request.transactions = TransactionPolicy::All;
        return request;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void allAtOnce()
    {
        RunFixture fixture;
        fixture.addThree();
        QStringList phases;
        const RunReport report = fixture.run(allOrNothing(fixture), [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseFinished && event.phase == RunPhase::Commit)
                phases += event.text + (event.ok ? u" kept"_s : u" lost"_s);
            if (event.type == RunEvent::PhaseFinished && event.phase == RunPhase::Step && event.step == 0)
                phases += fixture.hasTable(u"one"_s) ? u"there"_s : u"not there"_s;
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(toText(fixture.rows()), u"cccc1"_s);
        const QStringList expected{u"not there"_s, u"3 revisions at once kept"_s, u"there"_s};
        QCOMPARE(phases, expected);
        const JournalEntry entry = fixture.entry(report.journalId);
        QCOMPARE(entry.transactions, TransactionPolicy::All);
        QCOMPARE(states(entry.steps), QList<StepState>(3, StepState::Done));
        QCOMPARE(entry.steps.at(1).statements.first().text, u"CREATE TABLE two (id int)"_s);
        QVERIFY(entry.steps.at(1).statements.first().ok);
    }

    void oneFailureTakesAllBack()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE two (id int)')"_s);
        fixture.addFile(u"cccc3"_s, u"bbbb2"_s, u"op.execute('SELECT 1/0')"_s);
        const RunReport report = fixture.run(allOrNothing(fixture));
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        const QList<StepState> expected{StepState::RolledBack, StepState::RolledBack, StepState::Failed};
        QCOMPARE(states(report), expected);
        QCOMPARE(states(fixture.entry(report.journalId).steps), expected);
        QVERIFY(report.rowsKnown && report.rows.isEmpty() && report.leftBehind.isEmpty());
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    /// An autocommit block commits the revisions before its own, too.
    void whatAnAutocommitBlockKept()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s,
                        u"with op.get_context().autocommit_block():\n"
                        "    op.execute('CREATE TABLE kept (id int)')\n"
                        "op.execute('CREATE TABLE lost (id int)')"_s);
        fixture.addFile(u"cccc3"_s, u"bbbb2"_s, u"op.execute('SELECT 1/0')"_s);
        const RunReport report = fixture.run(allOrNothing(fixture));
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        const QList<StepState> expected{StepState::Done, StepState::RolledBack, StepState::Failed};
        QCOMPARE(states(report), expected);
        QCOMPARE(toText(report.rows), u"aaaa1"_s);
        QCOMPARE(report.leftBehind, QStringList{u"CREATE TABLE kept (id int)"_s});
        QVERIFY(fixture.hasTable(u"kept"_s) && !fixture.hasTable(u"lost"_s));
        QCOMPARE(fixture.entry(report.journalId).leftBehind, report.leftBehind);
    }

    void stopTakesAnOpenTransactionBack()
    {
        RunFixture fixture;
        fixture.addThree();
        MigrationRun *running = nullptr;
        MigrationRun run(allOrNothing(fixture), *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseStarted && event.phase == RunPhase::Step && event.step == 1)
                running->stopAfterThisRevision();
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::Stopped);
        const QList<StepState> expected{StepState::RolledBack, StepState::RolledBack, StepState::Waiting};
        QCOMPARE(states(report), expected);
        QVERIFY(report.rowsKnown && report.rows.isEmpty());
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    void asTheProjectSays_data()
    {
        QTest::addColumn<bool>("perMigration");
        QTest::newRow("all at once") << false;
        QTest::newRow("each") << true;
    }
    void asTheProjectSays()
    {
        QFETCH(bool, perMigration);
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"op.execute('SELECT 1/0')"_s);
        if (perMigration) {
            QByteArray env = readFile(fixture.project.envFile());
            writeFile(fixture.project.envFile(),
                      env.replace("connection=connection",
                                  "connection=connection, transaction_per_migration=True"));
        }
        RunRequest request = fixture.upgrade();
        request.transactions = TransactionPolicy::Project;
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        QCOMPARE(report.steps.first().state, perMigration ? StepState::Done : StepState::RolledBack);
        QCOMPARE(fixture.hasTable(u"one"_s), perMigration);
    }

    /// All of the transaction is tried again, as all of it was taken back.
    void aLockTimeoutIsTriedAgainFromTheStart()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"op.execute('ALTER TABLE held ADD c int')"_s);
        TestCluster::instance().execute(fixture.database.name, u"CREATE TABLE held (id int)"_s);
        auto holder = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(holder && (*holder)->execute(u"BEGIN; LOCK TABLE held"_s));
        RunRequest request = allOrNothing(fixture);
        request.lockTimeout = 200ms;
        int retries = 0;
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::Retry && ++retries == 1)
                QVERIFY((*holder)->execute(u"COMMIT"_s));
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(retries, 1);
        QCOMPARE(states(report), QList<StepState>(2, StepState::Done));
    }

    void theLockIsGivenUpAsAsked()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('ALTER TABLE held ADD c int')"_s);
        TestCluster::instance().execute(fixture.database.name, u"CREATE TABLE held (id int)"_s);
        auto holder = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(holder && (*holder)->execute(u"BEGIN; LOCK TABLE held"_s));
        RunRequest request = fixture.upgrade();
        request.lockTimeout = 60s;
        request.lockRetries = 0; // who gives it up wants it tried again all the same
        MigrationRun *running = nullptr;
        QStringList told;
        std::optional<LockWait> seen;
        MigrationRun run(request, *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::LockWaiting && !seen) {
                seen = event.lockWait;
                running->giveUpLock();
            }
            if (event.type == RunEvent::Retry) {
                told += event.text;
                QVERIFY((*holder)->execute(u"COMMIT"_s));
            }
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY(seen);
        QCOMPARE(seen->relation, u"held"_s);
        QCOMPARE(seen->blockers.size(), 1);
        QCOMPARE(seen->blockers.first().pid, (*holder)->backendPid());
        QCOMPARE(told.size(), 1);
        QVERIFY2(told.first().contains(u"given up as asked"_s), qPrintable(told.first()));
    }

    /// The index that it leaves is no nothing: the same again would fail on it, or keep it with IF NOT
    /// EXISTS.
    void aConcurrentBuildThatWasGivenUpIsNotTriedAgain()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {},
                        u"with op.get_context().autocommit_block():\n"
                        "    op.execute('CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON held (id)')"_s);
        TestCluster::instance().execute(fixture.database.name, u"CREATE TABLE held (id int)"_s);
        auto holder = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(holder && (*holder)->execute(u"BEGIN; INSERT INTO held VALUES (1)"_s));
        MigrationRun *running = nullptr;
        int retries = 0;
        MigrationRun run(fixture.upgrade(), *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::LockWaiting)
                running->giveUpLock();
            retries += event.type == RunEvent::Retry;
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(retries, 0);
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QCOMPARE(report.leftBehind, QStringList{u"INVALID index ix on held"_s});
        QCOMPARE(report.repairs.size(), 1);
        QCOMPARE(report.next.first().action, NextStep::RepairIndexes);
        QVERIFY((*holder)->execute(u"COMMIT"_s));

        const auto access = TargetAccess::open(fixture.target(), {});
        QVERIFY(access);
        const Result<void> applied = applyFix(*access, report.repairs.first());
        QVERIFY2(applied, qPrintable(applied ? QString() : toText(applied.error())));
        QCOMPARE(TestCluster::instance().rows(
                     fixture.database.name,
                     u"SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"_s),
                 QStringList{u"t"_s});
        // An old dialog does not drop what is well.
        QCOMPARE(applyFix(*access, report.repairs.first()).error().kind, ErrorKind::Refused);
    }

    void aBlockerIsEnded()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('ALTER TABLE held ADD c int')"_s);
        TestCluster::instance().execute(fixture.database.name, u"CREATE TABLE held (id int)"_s);
        auto holder = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(holder && (*holder)->execute(u"BEGIN; LOCK TABLE held"_s));
        RunRequest request = fixture.upgrade();
        request.lockTimeout = 60s;
        MigrationRun *running = nullptr;
        bool ended = false;
        MigrationRun run(request, *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::LockWaiting && !ended)
                running->signalBlocker(event.lockWait->blockers.first().pid, BlockerSignal::EndSession);
            if (event.type == RunEvent::Signalled)
                ended = ended || event.ok;
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY(ended);
        QVERIFY(!(*holder)->execute(u"SELECT 1"_s));
    }

    void offendingRowsAreShown()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {},
                        u"op.execute('ALTER TABLE people ADD CONSTRAINT mails UNIQUE (mail)')"_s);
        TestCluster::instance().execute(fixture.database.name,
                                        u"CREATE TABLE people (id int PRIMARY KEY, mail text);"
                                        "INSERT INTO people VALUES (1, 'a@x'), (2, 'b@x'), (3, 'a@x')"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        QVERIFY(report.offending);
        QVERIFY2(!report.offending->rows.isEmpty(), qPrintable(report.offending->note));
        QVERIFY(report.error->hint.contains(u"mail"_s) || report.error->message.contains(u"mails"_s));
        // The data goes into no journal.
        const JournalEntry entry = fixture.entry(report.journalId);
        QVERIFY(!entry.steps.first().error.contains(u"a@x"_s));
        QVERIFY(!entry.message.contains(u"a@x"_s));
    }

    void theTeamSeesTheRun()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.target.environment.sharedJournal = true;
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Done);
        auto session = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(session);
        auto shared = SharedJournal::open(*std::move(session), false);
        QVERIFY2(shared, qPrintable(shared ? QString() : toText(shared.error())));
        const auto entries = (*shared)->entries();
        QVERIFY(entries && entries->size() == 1);
        const JournalEntry &entry = entries->first();
        QCOMPARE(entry.uid, fixture.entry(report.journalId).uid);
        QCOMPARE(entry.outcome, Outcome::Done);
        QCOMPARE(states(entry.steps), QList<StepState>(3, StepState::Done));
        QVERIFY(entry.steps.first().statements.isEmpty());
        // And the schema of the team's journal is none of Alembic's business.
        QCOMPARE(TestCluster::instance().rows(
                     fixture.database.name,
                     u"SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'journal'"_s),
                 QStringList{u"stepwell"_s});
    }
};

QTEST_GUILESS_MAIN(tst_Transactions)
#include "tst_transactions.moc"
