// SPDX-License-Identifier: MIT
// Pulling the plug at every place: afterwards the state that Stepwell names is the database's.

#include "migrations/database/databasesession.h"
#include "migrations/run/runoutcome.h"
#include "tests/run/runfixture.h"

#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString slowRevision = u"op.execute('CREATE TABLE two (id int)')\nop.execute('SELECT pg_sleep(2)')"_s;

/// Processes of the bridge for a project: python with the project's folder as working folder.
QList<pid_t> bridgeProcesses(const QString &directory)
{
    QList<pid_t> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isPid = false;
        const pid_t pid = name.toInt(&isPid);
        if (isPid && pid != ::getpid() && QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)) == directory &&
            QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).contains(u"python"_s))
            found += pid;
    }
    return found;
}

/// How many processes have a word of a path and a program's name in their command line.
int processes(const QString &path, const QString &program)
{
    int found = 0;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(u"/proc/%1/cmdline"_s.arg(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString line = QString::fromLocal8Bit(file.readAll());
        found += line.contains(path) && line.section(QChar(0), 0, 0).endsWith(program);
    }
    return found;
}

void killBridge(const RunFixture &fixture)
{
    const QList<pid_t> bridges = bridgeProcesses(fixture.project.directory());
    QCOMPARE(bridges.size(), 1);
    ::kill(bridges.first(), SIGKILL);
}

/// How many other sessions of the fixture's database fulfil a condition on pg_stat_activity.
int sessions(const RunFixture &fixture, const QString &condition)
{
    const QString sql =
        u"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND %1"_s;
    return int(TestCluster::instance().rows(fixture.database.name, sql.arg(condition)).size());
}

void endControlSession(const RunFixture &fixture)
{
    TestCluster::instance().execute(
        fixture.database.name, u"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                               "WHERE datname = current_database() AND application_name = 'stepwell run'"_s);
}

RunRequest withBackup(const RunFixture &fixture)
{
    RunRequest request = fixture.upgrade();
    request.backup = BackupChoice::Dump;
    request.backupDirectory = fixture.folder.filePath(u"backups"_s);
    return request;
}

} // namespace

class tst_RunFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void cleanup() { TestCluster::instance().startServer(); }

    void theServerStopsMidStep_data()
    {
        QTest::addColumn<bool>("immediate");
        QTest::newRow("fast shutdown") << false;
        QTest::newRow("crash") << true;
    }
    void theServerStopsMidStep()
    {
        QFETCH(bool, immediate);
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, slowRevision);
        std::jthread restarter;
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                restarter = std::jthread([immediate] {
                    TestCluster::instance().stopServer(immediate);
                    TestCluster::instance().startServer();
                });
        });
        if (restarter.joinable())
            restarter.join();
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        QVERIFY(report.rowsKnown);
        QCOMPARE(toText(report.rows), u"aaaa1"_s);
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
        QVERIFY(!fixture.hasTable(u"two"_s));
    }

    void theServerStaysAway()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, slowRevision);
        const RunRequest request = fixture.upgrade();
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                TestCluster::instance().stopServer(true);
        });
        QCOMPARE(report.outcome, Outcome::Unknown);
        QCOMPARE(exitCode(report), 9);
        QVERIFY(!report.rowsKnown);
        QVERIFY(!report.summary.contains(u"failed"_s));
        // Still open in the journal, and not to be settled while the server is away.
        QCOMPARE(fixture.journal->unfinished()->size(), 1);
        const auto early = settleRun(fixture.entry(report.journalId), fixture.target(), {}, *fixture.journal);
        QVERIFY(!early);
        QCOMPARE(exitCode(early.error().kind), 5);

        TestCluster::instance().startServer();
        const auto settled =
            settleRun(fixture.entry(report.journalId), fixture.target(), {}, *fixture.journal);
        QVERIFY(settled);
        QCOMPARE(settled->outcome, Outcome::Stopped);
        QVERIFY(settled->rows.isEmpty());
        QVERIFY(fixture.journal->unfinished()->isEmpty());
    }

    void theBridgeIsKilledMidStep()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s,
                        u"op.execute('CREATE TABLE two (id int)')\nop.execute('SELECT pg_sleep(30)')"_s);
        const auto started = std::chrono::steady_clock::now();
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type != RunEvent::StatementStarted || !event.text.contains(u"pg_sleep"_s))
                return;
            const QList<pid_t> bridges = bridgeProcesses(fixture.project.directory());
            QCOMPARE(bridges.size(), 1);
            ::kill(bridges.first(), SIGKILL);
        });
        // The server would go on for half a minute: its backend is cancelled and waited for.
        QVERIFY(std::chrono::steady_clock::now() - started < 25s);
        QCOMPARE(report.outcome, Outcome::FailedRolledBack);
        QCOMPARE(toText(report.rows), u"aaaa1"_s);
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
        QVERIFY(!fixture.hasTable(u"two"_s));
        QCOMPARE(sessions(fixture, u"query LIKE '%pg_sleep(30)%'"_s), 0);
    }

    void whatWasCommittedBeforeTheBridgeDiedIsNamed()
    {
        RunFixture fixture;
        fixture.addFile(
            u"aaaa1"_s, {},
            u"op.execute('CREATE TABLE kept (id int)')\nwith op.get_context().autocommit_block():\n"
            "    op.execute('CREATE INDEX CONCURRENTLY kept_id ON kept (id)')\nop.execute('SELECT pg_sleep(30)')"_s);
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                killBridge(fixture);
        });
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        const QString left = report.leftBehind.join(u'\n');
        QVERIFY2(left.contains(u"CREATE TABLE kept"_s) && left.contains(u"CONCURRENTLY"_s), qPrintable(left));
        QVERIFY(fixture.hasTable(u"kept"_s));
    }

    void theBridgeDiesBeforeTheFirstRevision()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseStarted && event.phase == RunPhase::Step && event.step == 0)
                killBridge(fixture);
        });
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 7);
        QVERIFY(report.rowsKnown && report.rows.isEmpty());
    }

    /// With the control session the run lock is gone: the run may not go on, and says so.
    void theControlSessionDiesMidStep()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, slowRevision);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE three (id int)')"_s);
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                endControlSession(fixture);
        });
        QCOMPARE(report.outcome, Outcome::Stopped);
        QVERIFY(report.error);
        QVERIFY2(report.error->message.contains(u"run lock"_s), qPrintable(report.error->message));
        QCOMPARE(exitCode(report), 6);
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
        QCOMPARE(report.steps.at(1).state, StepState::Waiting);
    }

    void theControlSessionDiesDuringTheBackup()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunReport report = fixture.run(withBackup(fixture), [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseFinished && event.phase == RunPhase::Backup)
                endControlSession(fixture);
        });
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 5);
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    void theRowsMoveDuringTheBackup()
    {
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const RunReport report = fixture.run(withBackup(fixture), [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseFinished && event.phase == RunPhase::Backup)
                TestCluster::instance().execute(fixture.database.name,
                                                u"UPDATE alembic_version SET version_num = 'bbbb1'"_s);
        });
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 7);
        QVERIFY2(report.error->message.contains(u"changed since"_s), qPrintable(report.error->message));
        QCOMPARE(toText(fixture.entry(report.journalId).to), u"bbbb1"_s);
        QVERIFY(!fixture.hasTable(u"two"_s));
    }

    /// The same a moment later: the bridge says no, and the revision is not told as run.
    void theRowsMoveBeforeTheFirstRevision_data()
    {
        QTest::addColumn<QString>("moved");
        QTest::newRow("to the step's end") << u"bbbb1"_s;
        QTest::newRow("further") << u"cccc1"_s;
    }
    void theRowsMoveBeforeTheFirstRevision()
    {
        QFETCH(QString, moved);
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const RunReport report = fixture.run(fixture.upgrade(), [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseStarted && event.phase == RunPhase::Step && event.step == 0)
                TestCluster::instance().execute(
                    fixture.database.name, u"UPDATE alembic_version SET version_num = '%1'"_s.arg(moved));
        });
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(exitCode(report), 7);
        QCOMPARE(report.steps.first().state, StepState::Waiting);
        QCOMPARE(fixture.entry(report.journalId).steps.first().state, StepState::Waiting);
        QCOMPARE(toText(report.rows), moved);
        QVERIFY(!fixture.hasTable(u"two"_s));
    }

    void aCancelledIndexBuildIsNamed()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE t (id int)')"_s);
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s,
                        u"with op.get_context().autocommit_block():\n"
                        "    op.execute('CREATE INDEX CONCURRENTLY t_id ON t (id)')"_s);
        auto blocker = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(blocker);
        QVERIFY((*blocker)->execute(u"BEGIN"_s));
        QVERIFY((*blocker)->execute(u"INSERT INTO t VALUES (1)"_s));
        RunRequest request = fixture.upgrade();
        request.lockTimeout = 0ms;
        MigrationRun *running = nullptr;
        std::jthread canceller;
        MigrationRun run(request, *fixture.journal, [&](const RunEvent &event) {
            if (event.type == RunEvent::StatementStarted && event.text.contains(u"CONCURRENTLY"_s))
                canceller = std::jthread([&] {
                    while (TestCluster::instance()
                               .rows(fixture.database.name, u"SELECT 1 FROM pg_index WHERE NOT indisvalid"_s)
                               .isEmpty())
                        std::this_thread::sleep_for(20ms);
                    running->cancel();
                });
        });
        running = &run;
        const RunReport report = run.execute();
        QCOMPARE(report.outcome, Outcome::FailedWithChanges);
        QVERIFY2(report.leftBehind.join(u'\n').contains(u"INVALID index t_id"_s),
                 qPrintable(report.leftBehind.join(u'\n')));
        QCOMPARE(toText(report.rows), u"aaaa1"_s);
    }

    /// pg_dump would go on for hours, and its locks with it.
    void stepwellIsKilledDuringTheBackup()
    {
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        RunRequest request = withBackup(fixture);
        request.lockTimeout = 60s;
        auto blocker = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(blocker);
        QVERIFY((*blocker)->execute(u"BEGIN"_s));
        QVERIFY((*blocker)->execute(u"LOCK TABLE one"_s)); // pg_dump waits for it
        fixture.journal.reset();
        const QString path = fixture.folder.filePath(u"journal.sqlite"_s);
        const pid_t child = ::fork();
        if (child == 0) {
            auto journal = Journal::open(path);
            MigrationRun run(request, **journal);
            std::ignore = run.execute();
            ::_exit(1);
        }
        QTRY_COMPARE_WITH_TIMEOUT(
            sessions(fixture, u"wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"_s), 1, 20000);
        ::kill(child, SIGKILL);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        QTRY_VERIFY_WITH_TIMEOUT(processes(fixture.folder.path(), u"pg_dump"_s) == 0, 5000);
        QVERIFY((*blocker)->execute(u"ROLLBACK"_s));

        auto journal = Journal::open(path);
        QVERIFY(journal);
        const auto unfinished = (*journal)->unfinished();
        QCOMPARE(unfinished->size(), 1);
        const auto settled = settleRun(unfinished->first(), fixture.target(), {}, **journal);
        QVERIFY2(settled.has_value(), settled ? "" : qPrintable(toText(settled.error())));
        QVERIFY2(settled->summary.contains(u"before its first revision"_s), qPrintable(settled->summary));
        QCOMPARE(toText(settled->rows), u"aaaa1"_s);
    }

    /// The same target may name another database by now: its rows say nothing about the run.
    void aRunIsNotSettledByAnotherDatabase()
    {
        RunFixture fixture;
        fixture.addThree();
        const auto id = fixture.journal->begin(
            {.target = fixture.target().id,
             .databaseText = u"somebody@elsewhere:5432/shop"_s,
             .started = QDateTime::currentDateTimeUtc().addDays(-1),
             .planned = {RevisionId(u"aaaa1"_s)},
             .steps = {{.revision = RevisionId(u"aaaa1"_s), .to = {RevisionId(u"aaaa1"_s)}}},
             .processId = ::getpid()});
        QVERIFY(id);
        const auto settled = settleRun(fixture.entry(*id), fixture.target(), {}, *fixture.journal);
        QVERIFY(!settled);
        QCOMPARE(settled.error().kind, ErrorKind::Refused);
        QVERIFY2(settled.error().message.contains(u"somebody@elsewhere:5432/shop"_s),
                 qPrintable(settled.error().message));
        QCOMPARE(fixture.entry(*id).outcome, Outcome::Running);
    }

    /// Stepwell itself is killed: the bridge finishes its revision and stops; the next start settles the run.
    void stepwellIsKilledMidStep()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, slowRevision);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE three (id int)')"_s);
        const RunRequest request = fixture.upgrade();
        fixture.journal.reset();
        const QString path = fixture.folder.filePath(u"journal.sqlite"_s);
        const pid_t child = ::fork();
        if (child == 0) {
            auto journal = Journal::open(path);
            MigrationRun run(request, **journal, [](const RunEvent &event) {
                if (event.type == RunEvent::StatementStarted && event.text.contains(u"pg_sleep"_s))
                    ::kill(::getpid(), SIGKILL);
            });
            std::ignore = run.execute();
            ::_exit(1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));

        auto journal = Journal::open(path);
        QVERIFY(journal);
        const auto unfinished = (*journal)->unfinished();
        QCOMPARE(unfinished->size(), 1);
        QCOMPARE(unfinished->first().steps.first().state, StepState::Running);
        // While the revision still executes it is not settled but named as running.
        const auto early = settleRun(unfinished->first(), fixture.target(), {}, **journal);
        QVERIFY(!early);
        QCOMPARE(early.error().kind, ErrorKind::Locked);

        QTRY_VERIFY_WITH_TIMEOUT(bridgeProcesses(fixture.project.directory()).isEmpty(), 20000);
        const auto settled = settleRun(unfinished->first(), fixture.target(), {}, **journal);
        QVERIFY2(settled.has_value(), settled ? "" : qPrintable(toText(settled.error())));
        QCOMPARE(settled->outcome, Outcome::Stopped);
        QCOMPARE(toText(settled->rows), u"aaaa1"_s);
        QCOMPARE(toText(fixture.rows()), u"aaaa1"_s);
        QCOMPARE(settled->steps.first().state, StepState::Done);
        QVERIFY2(settled->summary.contains(u"was finished"_s), qPrintable(settled->summary));
        QCOMPARE((*journal)->entry(settled->journalId)->steps.first().state, StepState::Done);
        QVERIFY(fixture.hasTable(u"two"_s));
        QVERIFY(!fixture.hasTable(u"three"_s));
    }
};

QTEST_GUILESS_MAIN(tst_RunFaults)
#include "tst_runfaults.moc"
