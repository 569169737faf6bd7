// SPDX-License-Identifier: MIT
#include "migrations/database/databasesession.h"
#include "migrations/run/runoutcome.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QSet>
#include <QTest>

#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_MigrationRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void upAndDown_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg 3") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }
    void upAndDown()
    {
        QFETCH(int, environment);
        RunFixture fixture{static_cast<ScratchProject::Environment>(environment)};
        fixture.addThree();
        const RunReport up = fixture.run(fixture.upgrade());
        QVERIFY2(up.outcome == Outcome::Done, qPrintable(up.error ? toText(*up.error) : up.summary));
        QCOMPARE(exitCode(up), 0);
        QCOMPARE(toText(up.rows), u"cccc1"_s);
        QCOMPARE(toText(fixture.rows()), u"cccc1"_s);
        QVERIFY(fixture.hasTable(u"three"_s));

        const RunReport down = fixture.run(fixture.downgrade(u"-1"_s));
        QCOMPARE(down.outcome, Outcome::Done);
        QCOMPARE(toText(fixture.rows()), u"bbbb1"_s);
        QVERIFY(!fixture.hasTable(u"three"_s));

        const RunReport base = fixture.run(fixture.downgrade(u"base"_s));
        QCOMPARE(base.outcome, Outcome::Done);
        QVERIFY(fixture.rows().isEmpty());
    }

    void theBackupComesFirstAndIsInTheJournal()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.backup = BackupChoice::Dump;
        request.backupDirectory = fixture.folder.filePath(u"backups"_s);
        QList<RunPhase> phases;
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseFinished)
                phases += event.phase;
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(phases, (QList<RunPhase>{RunPhase::Checks, RunPhase::Lock, RunPhase::Backup, RunPhase::Step,
                                          RunPhase::Step, RunPhase::Step, RunPhase::ReadBack}));
        QVERIFY(report.backup && QFile::exists(report.backup->file));
        const JournalEntry entry = fixture.entry(report.journalId);
        QCOMPARE(entry.backup->sha256, report.backup->sha256);
        QCOMPARE(entry.outcome, Outcome::Done);
        QCOMPARE(entry.steps.size(), 3);
        for (const JournalStep &step : entry.steps) {
            QCOMPARE(step.state, StepState::Done);
            QCOMPARE(step.fileHash.size(), 64);
        }
        QCOMPARE(toText(entry.to), u"cccc1"_s);
        QVERIFY(!entry.who.isEmpty());
    }

    void aRequiredBackupCannotBeLeftOut()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.target.environment.backup = BackupPolicy::Required;
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 7);
        QVERIFY(fixture.rows().isEmpty());
        QVERIFY(!fixture.hasTable(u"alembic_version"_s));
    }

    void aFailedBackupChangesNothing()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.backup = BackupChoice::Dump;
        request.backupDirectory = u"/proc/no/such/place"_s;
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 8);
        QVERIFY(!fixture.hasTable(u"one"_s));
        QCOMPARE(fixture.entry(report.journalId).outcome, Outcome::Refused);
    }

    void aFailingRevisionInTheMiddle()
    {
        RunFixture fixture;
        fixture.addThree();
        fixture.addFile(u"dddd1"_s, u"cccc1"_s,
                        u"op.execute('CREATE TABLE four (id int)')\nop.execute('SELECT 1/0')"_s);
        fixture.addFile(u"eeee1"_s, u"dddd1"_s, u"op.execute('CREATE TABLE five (id int)')"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        QCOMPARE(exitCode(report), 6);
        QCOMPARE(toText(report.rows), u"cccc1"_s);
        QCOMPARE(report.error->sqlState, u"22012"_s);
        QVERIFY(report.error->statement.contains(u"1/0"_s));
        QVERIFY(fixture.hasTable(u"three"_s));
        QVERIFY(!fixture.hasTable(u"four"_s));
        const JournalEntry entry = fixture.entry(report.journalId);
        QCOMPARE(entry.steps.at(3).state, StepState::Failed);
        QCOMPARE(entry.steps.at(4).state, StepState::Waiting);
        QCOMPARE(toText(entry.to), u"cccc1"_s);
    }

    void whatAnAutocommitBlockLeavesIsNamed()
    {
        RunFixture fixture;
        fixture.addFile(
            u"aaaa1"_s, {},
            u"op.execute('CREATE TABLE kept (id int)')\nwith op.get_context().autocommit_block():\n"
            "    op.execute('CREATE INDEX CONCURRENTLY kept_id ON kept (id)')\nop.execute('SELECT 1/0')"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QCOMPARE(exitCode(report), 6);
        QVERIFY(report.rows.isEmpty());
        QVERIFY(fixture.hasTable(u"kept"_s));
        const QString left = report.leftBehind.join(u'\n');
        QVERIFY2(left.contains(u"CREATE TABLE kept"_s) && left.contains(u"CONCURRENTLY"_s), qPrintable(left));
    }

    /// The old way to build an index concurrently: a COMMIT of the revision's own.
    void whatACommitByHandLeavesIsNamed_data() { upAndDown_data(); }
    void whatACommitByHandLeavesIsNamed()
    {
        QFETCH(int, environment);
        RunFixture fixture{static_cast<ScratchProject::Environment>(environment)};
        fixture.addFile(
            u"aaaa1"_s, {},
            u"op.execute('CREATE TABLE kept (id int)')\nop.execute('COMMIT')\nop.execute('SELECT 1/0')"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QVERIFY(fixture.hasTable(u"kept"_s));
        QVERIFY2(report.leftBehind.join(u'\n').contains(u"CREATE TABLE kept"_s),
                 qPrintable(report.leftBehind.join(u'\n')));
    }

    /// env.py runs once for all revisions; when it fails after the last COMMIT, they are applied all the
    /// same.
    void anErrorAfterTheLastCommitIsTold()
    {
        RunFixture fixture;
        fixture.addThree();
        const QByteArray env = readFile(fixture.project.envFile());
        writeFile(fixture.project.envFile(),
                  QByteArray(env + "\nif getattr(context.config.cmd_opts, 'revision', '') == 'aaaa1':\n    "
                                   "raise RuntimeError('too late')\n"));
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(toText(fixture.rows()), u"cccc1"_s);
        QCOMPARE(report.steps.last().state, StepState::Done);
        QVERIFY2(report.error && report.error->message.contains(u"too late"_s), qPrintable(report.summary));
        QVERIFY2(report.next.first().text.contains(u"env.py"_s), qPrintable(report.next.first().text));
        QVERIFY(report.leftBehind.isEmpty());
        QCOMPARE(exitCode(report), 0);
    }

    /// A revision that writes the version table itself has committed, and nothing was rolled back.
    void rowsOfNoStageAreNoRollback()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute(\"INSERT INTO alembic_version VALUES ('zzzz')\")"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QCOMPARE(exitCode(report), 6);
        QVERIFY(!report.summary.contains(u"rolled back"_s));
    }

    void anInvalidIndexIsNamed()
    {
        RunFixture fixture;
        fixture.addFile(
            u"aaaa1"_s, {},
            u"op.execute('CREATE TABLE t (id int)')\nop.execute('INSERT INTO t VALUES (1), (1)')"_s);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s,
                        u"with op.get_context().autocommit_block():\n"
                        "    op.execute('CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)')"_s);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QVERIFY2(report.leftBehind.join(u'\n').contains(u"INVALID index t_id on t"_s),
                 qPrintable(report.leftBehind.join(u'\n')));
        QCOMPARE(toText(report.rows), u"aaaa1"_s);
    }

    void aRevisionThatPythonCannotLoadIsToldBeforeTheBackup()
    {
        RunFixture fixture;
        fixture.addThree();
        fixture.addFile(u"dddd1"_s, u"cccc1"_s, u"op.execute((1)"_s);
        RunRequest request = fixture.upgrade(u"bbbb1"_s);
        request.backup = BackupChoice::Dump;
        request.backupDirectory = fixture.folder.filePath(u"backups"_s);
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 10);
        QVERIFY2(report.error->message.contains(u"never closed"_s), qPrintable(toText(*report.error)));
        QVERIFY2(toText(*report.error).contains(u"dddd1"_s), qPrintable(toText(*report.error)));
        QVERIFY(!report.backup);
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    void aSilentRollbackIsCaught()
    {
        RunFixture fixture;
        fixture.addThree();
        QByteArray env = readFile(fixture.project.envFile());
        QVERIFY(env.contains("context.configure(connection="));
        env.replace("context.configure(connection=",
                    "connection.exec_driver_sql('SELECT pg_advisory_lock(1)')\n        "
                    "context.configure(connection=");
        writeFile(fixture.project.envFile(), env);
        const RunReport report = fixture.run(fixture.upgrade());
        QVERIFY2(report.outcome == Outcome::FailedRolledBack,
                 qPrintable(toText(report.error.value_or(Error{}))));
        QVERIFY2(report.error->message.contains(u"reported success"_s), qPrintable(report.error->message));
        QVERIFY(fixture.rows().isEmpty());
    }

    void aWrongDatabaseIsCaughtBeforeAnythingRuns()
    {
        RunFixture fixture;
        fixture.addThree();
        const TestDatabase other = TestCluster::instance().newDatabase();
        QByteArray env = readFile(fixture.project.envFile());
        const QByteArray elsewhere =
            QByteArray("from alembic import context\ncontext.config.set_main_option('sqlalchemy.url', '") +
            other.url.toUtf8().replace('%', "%%") + "')";
        env.replace("from alembic import context", elsewhere);
        writeFile(fixture.project.envFile(), env);
        const RunReport report = fixture.run(fixture.upgrade());
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 7);
        QVERIFY2(report.error->message.contains(u"another database"_s), qPrintable(toText(*report.error)));
        QVERIFY(!fixture.hasTable(u"one"_s));
        QCOMPARE(TestCluster::instance().rows(other.name, u"SELECT to_regclass('one') IS NULL"_s),
                 QStringList{u"t"_s});
    }

    void aPlanThatNoLongerFitsIsNotRun()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunRequest request = fixture.upgrade();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY(report.error->message.contains(u"changed since"_s));
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
    }

    void anotherVersionTableIsNamed()
    {
        RunFixture fixture;
        fixture.addThree();
        QByteArray env = readFile(fixture.project.envFile());
        env.replace("context.configure(", "context.configure(version_table='other_version', ");
        writeFile(fixture.project.envFile(), env);
        const RunReport refused = fixture.run(fixture.upgrade());
        QCOMPARE(refused.outcome, Outcome::Refused);
        QVERIFY2(refused.error->hint.contains(u"other_version"_s), qPrintable(toText(*refused.error)));
        RunRequest request = fixture.upgrade();
        request.target.component.versionTable = u"other_version"_s;
        QCOMPARE(fixture.run(request).outcome, Outcome::Done);
    }

    void twoRunsAtOnce()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {},
                        u"op.execute('CREATE TABLE one (id int)')\nop.execute('SELECT pg_sleep(7)')"_s);
        const RunRequest request = fixture.upgrade();
        RunReport first;
        std::jthread other([&] {
            auto journal = Journal::open(fixture.folder.filePath(u"journal.sqlite"_s));
            MigrationRun run(request, **journal);
            first = run.execute();
        });
        QTRY_VERIFY_WITH_TIMEOUT(
            !TestCluster::instance()
                 .rows(fixture.database.name,
                       u"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
                       "AND state = 'active' AND query LIKE '%pg_sleep(7)%' AND pid <> pg_backend_pid()"_s)
                 .isEmpty(),
            10000);
        const RunReport second = fixture.run(request);
        QCOMPARE(second.outcome, Outcome::Refused);
        QCOMPARE(exitCode(second), 12);
        QVERIFY2(second.error->message.contains(u"backend"_s), qPrintable(second.error->message));
        other.join();
        QCOMPARE(first.outcome, Outcome::Done);
    }

    void stopAfterTheRevisionThatRuns()
    {
        RunFixture fixture;
        fixture.addThree();
        MigrationRun *running = nullptr;
        MigrationRun run(fixture.upgrade(), *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseStarted && event.phase == RunPhase::Step && event.step == 1)
                running->stopAfterThisRevision();
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::Stopped);
        QCOMPARE(exitCode(report), 130);
        QCOMPARE(toText(report.rows), u"bbbb1"_s);
        QCOMPARE(toText(fixture.rows()), u"bbbb1"_s);
    }

    void cancelRollsBackOnTheServer_data() { upAndDown_data(); }
    void cancelRollsBackOnTheServer()
    {
        QFETCH(int, environment);
        RunFixture fixture{static_cast<ScratchProject::Environment>(environment)};
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s,
                        u"op.execute('CREATE TABLE two (id int)')\nop.execute('SELECT pg_sleep(60)')"_s);
        MigrationRun *running = nullptr;
        MigrationRun run(fixture.upgrade(), *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                running->cancel();
        });
        running = &run;
        const auto started = std::chrono::steady_clock::now();
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::Cancelled);
        QCOMPARE(exitCode(report), 130);
        QVERIFY(std::chrono::steady_clock::now() - started < 30s);
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
        QVERIFY(!fixture.hasTable(u"two"_s));
    }

    void aLockTimeoutIsTriedAgain()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('ALTER TABLE one ADD COLUMN x int')"_s);
        RunRequest request = fixture.upgrade();
        request.lockTimeout = 300ms;
        auto blocker = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(blocker);
        QVERIFY((*blocker)->execute(u"BEGIN"_s));
        QVERIFY((*blocker)->execute(u"LOCK TABLE one"_s));
        int retries = 0;
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::Retry && ++retries == 1)
                QVERIFY((*blocker)->execute(u"COMMIT"_s));
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY(retries >= 1);
    }

    void theProjectsOwnOutputIsShown()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {},
                        u"print('hello from the revision')\nop.execute('CREATE TABLE one (id int)')"_s);
        QStringList output;
        QStringList statements;
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::Output)
                output += event.text;
            if (event.type == RunEvent::StatementFinished)
                statements += event.text;
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY2(output.contains(u"hello from the revision"_s), qPrintable(output.join(u'\n')));
        QVERIFY(!statements.isEmpty());
    }

    void theRestartCommandNeverChangesTheOutcome()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.restartAfterwards = true;
        request.target.component.restart = {u"sh"_s, u"-c"_s, u"echo restarting; exit 3"_s};
        QStringList output;
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::Output)
                output += event.text;
        });
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY(output.contains(u"restarting"_s));
        QVERIFY(report.next.first().text.contains(u"exit code 3"_s));
    }
};

QTEST_GUILESS_MAIN(tst_MigrationRun)
#include "tst_migrationrun.moc"
