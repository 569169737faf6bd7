// SPDX-License-Identifier: MIT
// Pulling the plug at every place: afterwards the state that Stepwell names is the database's.

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
        if (isPid && pid != ::getpid() && QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)) == directory
            && QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).contains(u"python"_s))
            found += pid;
    }
    return found;
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
        const auto settled = settleRun(fixture.entry(report.journalId), fixture.target(), {}, *fixture.journal);
        QVERIFY(settled);
        QCOMPARE(settled->outcome, Outcome::Stopped);
        QVERIFY(settled->rows.isEmpty());
        QVERIFY(fixture.journal->unfinished()->isEmpty());
    }

    void theBridgeIsKilledMidStep()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE two (id int)')\nop.execute('SELECT pg_sleep(30)')"_s);
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
        QVERIFY(fixture.hasTable(u"two"_s));
        QVERIFY(!fixture.hasTable(u"three"_s));
    }
};

QTEST_GUILESS_MAIN(tst_RunFaults)
#include "tst_runfaults.moc"
