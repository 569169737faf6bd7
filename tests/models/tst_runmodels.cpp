// SPDX-License-Identifier: MIT
#include "models/runlocksmodel.h"
#include "models/runrowsmodel.h"
#include "models/runstatementsmodel.h"
#include "models/runstepsmodel.h"
#include "models/runtext.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

namespace {

const QDateTime start(QDate(2026, 11, 22), QTime(14, 6, 32), QTimeZone::UTC);

RunRequest request(BackupChoice backup, bool restart = false)
{
    RunRequest request;
    request.target.component.restart = {u"./dev"_s, u"restart"_s, u"mgr"_s};
    request.plan.steps = {{.revision = RevisionId(u"aaa"_s)}, {.revision = RevisionId(u"bbb"_s)}};
    request.backup = backup;
    request.restartAfterwards = restart;
    return request;
}

const QHash<RevisionId, QString> messages{{RevisionId(QStringLiteral("aaa")), QStringLiteral("First")},
                                          {RevisionId(QStringLiteral("bbb")), QStringLiteral("Second")}};

RunEvent begin(RunPhase phase, int step = -1, std::chrono::milliseconds after = 0ms)
{
    return {
        .type = RunEvent::PhaseStarted, .phase = phase, .step = step, .when = start.addMSecs(after.count())};
}

RunEvent end(RunPhase phase, int step = -1, bool ok = true, std::chrono::milliseconds took = 1200ms)
{
    return {.type = RunEvent::PhaseFinished,
            .phase = phase,
            .step = step,
            .ok = ok,
            .duration = took,
            .text = ok ? QString() : u"it broke"_s,
            .when = start.addMSecs(took.count())};
}

RunEvent statement(int number)
{
    return {.type = RunEvent::StatementStarted,
            .number = number,
            .text = u"SELECT\n  %1"_s.arg(number),
            .when = start};
}

RunEvent finished(int number, qint64 rows = -1)
{
    return {.type = RunEvent::StatementFinished,
            .number = number,
            .rows = rows,
            .duration = 12300ms,
            .when = start};
}

} // namespace

class TestRunModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void textsForPeople()
    {
        QCOMPARE(RunText::duration(0ms), u"0 ms"_s);
        QCOMPARE(RunText::duration(1234ms), u"1.2 s"_s);
        QCOMPARE(RunText::duration(125s), u"2 min 05 s"_s);
        QCOMPARE(RunText::duration(62min), u"1 h 02 min"_s);
        QCOMPARE(RunText::elapsed(102s), u"00:01:42"_s);
        QCOMPARE(RunText::revisions(1), u"1 revision"_s);
        QCOMPARE(RunText::way({}, toRevisionIds({u"a"_s})), u"base → a"_s);
        QCOMPARE(RunText::oneLine(u" SELECT\n\t1 "_s), u"SELECT 1"_s);
    }

    void stepsFollowARun()
    {
        RunStepsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRequest(request(BackupChoice::Dump, true), messages);
        QCOMPARE(model.toText(), u"waiting: Checks\nwaiting: Lock against a second run\nwaiting: Backup\n"
                                 "waiting: Verify the backup\nwaiting: aaa First\nwaiting: bbb Second\n"
                                 "waiting: Read the revision back\nwaiting: Restart: ./dev restart mgr"_s);
        QCOMPARE(model.progress(), 0);
        model.handleEvent(begin(RunPhase::Checks));
        model.handleEvent(end(RunPhase::Checks));
        model.handleEvent(begin(RunPhase::Lock));
        model.handleEvent(end(RunPhase::Lock));
        model.handleEvent(begin(RunPhase::Backup));
        model.handleEvent({.type = RunEvent::Progress, .phase = RunPhase::Backup, .done = 1, .total = 2});
        QCOMPARE(model.progress(), 312); // two and a half of eight
        model.handleEvent({.type = RunEvent::Progress,
                           .phase = RunPhase::Verify,
                           .text = u"reading"_s,
                           .when = start.addSecs(48)});
        QCOMPARE(model.index(2).data(RunStepsModel::StateRole).toInt(), int(RunStepsModel::Done));
        QCOMPARE(model.index(2).data(RunStepsModel::DurationRole).toString(), u"48.0 s"_s);
        QCOMPARE(model.index(3).data(RunStepsModel::StateRole).toInt(), int(RunStepsModel::Running));
        RunEvent backedUp = end(RunPhase::Backup);
        backedUp.when = start.addSecs(50);
        model.handleEvent(backedUp);
        QCOMPARE(model.index(3).data(RunStepsModel::DurationRole).toString(), u"2.0 s"_s);
        model.handleEvent(begin(RunPhase::Step, 0, 50s));
        QCOMPARE(model.runningRow(), 4);
        QCOMPARE(model.currentStep(), 0);
        model.tick(start.addSecs(53));
        QCOMPARE(model.index(4).data(RunStepsModel::DurationRole).toString(), u"3.0 s"_s);
        model.handleEvent(end(RunPhase::Step, 0));
        QCOMPARE(model.doneSteps(), 1);
        QCOMPARE(model.index(4).data(RunStepsModel::DurationRole).toString(), u"1.2 s"_s);
    }

    void aFailureLeavesTheRestNotRun()
    {
        RunStepsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRequest(request(BackupChoice::None), messages);
        model.handleEvent(begin(RunPhase::Step, 0));
        model.handleEvent({.type = RunEvent::Retry, .step = 0, .text = u"trying again"_s});
        QCOMPARE(model.index(2).data(RunStepsModel::NoteRole).toString(), u"trying again"_s);
        model.handleEvent(end(RunPhase::Step, 0, false));
        RunReport report{.outcome = Outcome::FailedRolledBack, .rowsKnown = true};
        report.steps = {
            {.revision = RevisionId(u"aaa"_s), .state = StepState::Failed, .error = u"no such table"_s},
            {.revision = RevisionId(u"bbb"_s), .state = StepState::Waiting}};
        model.setReport(report);
        QCOMPARE(model.toText(), u"not run: Checks\nnot run: Lock against a second run\nfailed: aaa First\n"
                                 "not run: bbb Second\ndone: Read the revision back"_s);
        QCOMPARE(model.index(2).data(RunStepsModel::NoteRole).toString(), u"no such table"_s);
    }

    void aLostLinkIsNoFailure()
    {
        RunStepsModel model;
        model.setRequest(request(BackupChoice::None), messages);
        model.handleEvent(begin(RunPhase::Step, 0));
        RunReport report{.outcome = Outcome::Unknown};
        report.steps = {{.revision = RevisionId(u"aaa"_s), .state = StepState::Unknown}};
        model.setReport(report);
        QVERIFY(model.toText().contains(u"unknown: aaa First"_s));
    }

    void whatIsDoneAfterwards()
    {
        RunRequest asked = request(BackupChoice::None, true);
        asked.transactions = TransactionPolicy::All;
        asked.watchLogsAfterwards = true;
        asked.target.component.logs = {u"/srv/logs/manager.log"_s, u"/srv/logs/worker.log"_s};
        RunStepsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRequest(asked, messages);
        QVERIFY(model.toText().endsWith(
            u"waiting: bbb Second\nwaiting: Commit all of it\nwaiting: Read the revision back\n"
            "waiting: Restart: ./dev restart mgr\nwaiting: Watch 2 logs"_s));
        model.handleEvent(begin(RunPhase::Step, 0));
        model.handleEvent({.type = RunEvent::LockWaiting, .step = 0});
        QCOMPARE(model.index(2).data(RunStepsModel::NoteRole).toString(), u"Waiting for a lock"_s);
        model.handleEvent({.type = RunEvent::LockGone, .step = 0});
        QVERIFY(model.index(2).data(RunStepsModel::NoteRole).toString().isEmpty());
        model.handleEvent(begin(RunPhase::Restart));
        model.handleEvent(end(RunPhase::Restart, -1, false));
        QVERIFY(model.toText().contains(u"attention: Restart"_s));
        model.handleEvent(begin(RunPhase::WatchLogs));
        RunReport report{.outcome = Outcome::Done, .rowsKnown = true};
        report.after = {{.kind = JournalAfter::Restart, .ok = false, .text = u"It ended with exit code 1."_s},
                        {.kind = JournalAfter::Log, .text = u"clean"_s},
                        {.kind = JournalAfter::Log, .ok = false, .text = u"trouble"_s}};
        model.setReport(report);
        QVERIFY(!model.toText().contains(u"failed"_s));
        const int last = model.rowCount() - 1;
        QCOMPARE(model.index(last).data(RunStepsModel::StateRole).toInt(), int(RunStepsModel::Attention));
        QCOMPARE(model.index(last).data(RunStepsModel::NoteRole).toString(), u"trouble"_s);
        QCOMPARE(model.index(last - 1).data(RunStepsModel::NoteRole).toString(),
                 u"It ended with exit code 1."_s);
    }

    void waitsForLocksAreKept()
    {
        RunLocksModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto waiting = [](const QString &relation, std::chrono::milliseconds waited) {
            return RunEvent{.type = RunEvent::LockWaiting,
                            .when = start,
                            .lockWait = LockWait{.waited = waited,
                                                 .mode = u"SHARE"_s,
                                                 .relation = relation,
                                                 .blockers = {{.pid = 7}, {.pid = 8}}}};
        };
        model.append({waiting(u"a"_s, 1s), waiting(u"a"_s, 2s), {.type = RunEvent::Output}});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, RunLocksModel::Waited).data().toString(), u"2.0 s so far"_s);
        QCOMPARE(model.index(0, RunLocksModel::BlockerColumn).data().toString(), u"pid 7 and 1 more"_s);
        model.append({waiting(u"b"_s, 500ms), {.type = RunEvent::LockGone}, waiting(u"b"_s, 400ms)});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, RunLocksModel::Waited).data().toString(), u"2.0 s"_s);
        QVERIFY(model.index(2, 0).data(RunLocksModel::OpenRole).toBool());
        model.finish();
        QVERIFY(!model.index(2, 0).data(RunLocksModel::OpenRole).toBool());
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        RunLocksModel bounded; // the tester would look at all rows after each
        for (int i = 0; i < 1500; ++i)
            bounded.append({waiting(QString::number(i), 1s)});
        QVERIFY(bounded.rowCount() <= RunLocksModel::limit);
        QCOMPARE(bounded.index(bounded.rowCount() - 1, RunLocksModel::Relation).data().toString(), u"1499"_s);
    }

    void offendingRows()
    {
        const RunRowsModel model(
            {.columns = {u"id"_s, u"text"_s}, .rows = {{u"1"_s, u"a\tb\nc"_s}, {u"2"_s}}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 1).data().toString(), u"a b c"_s);
        QCOMPARE(model.index(1, 1).data().toString(), QString()); // shorter than its columns
        QCOMPARE(model.toText({0, 1}), u"id\ttext\n1\ta b c\n2"_s);
    }

    void statementsComeInBatches()
    {
        RunStatementsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.append({statement(1), finished(1, 1), statement(2)});
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.index(0, RunStatementsModel::Sql).data().toString(), u"SELECT 1"_s);
        QCOMPARE(model.index(0, RunStatementsModel::Took).data().toString(), u"12.3 s · 1 row"_s);
        QCOMPARE(model.index(1, RunStatementsModel::Took).data().toString(), u"running…"_s);
        RunEvent failed = finished(2);
        failed.ok = false;
        failed.text = u"duplicate key"_s;
        model.append({failed});
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.failedRow(), 1);
        QCOMPARE(model.index(1, RunStatementsModel::Sql).data(RunStatementsModel::ErrorRole).toString(),
                 u"duplicate key"_s);
    }

    void statementsAreBounded()
    {
        RunStatementsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int batch = 0; batch < 25; ++batch) {
            QList<RunEvent> events;
            for (int i = 0; i < 1000; ++i)
                events << statement(batch * 1000 + i) << finished(batch * 1000 + i);
            model.append(events);
        }
        QCOMPARE(model.totalCount(), 25'000);
        QVERIFY(model.rowCount() <= RunStatementsModel::limit);
        QCOMPARE(model.index(model.rowCount() - 1, RunStatementsModel::Sql).data().toString(),
                 u"SELECT 24999"_s);
        // The end of a statement that was let go changes nothing.
        model.append({statement(99'999)});
        model.append({finished(0)});
        QCOMPARE(model.index(model.rowCount() - 1, RunStatementsModel::Took).data().toString(),
                 u"running…"_s);
        // One batch larger than the bound.
        QList<RunEvent> flood;
        for (int i = 0; i < 12'000; ++i)
            flood << statement(i);
        model.append(flood);
        QCOMPARE(model.rowCount(), RunStatementsModel::limit);
        model.append({finished(11'999)});
        QCOMPARE(model.index(model.rowCount() - 1, RunStatementsModel::Took).data().toString(), u"12.3 s"_s);
    }
};

QTEST_GUILESS_MAIN(TestRunModels)
#include "tst_runmodels.moc"
