// SPDX-License-Identifier: MIT
#include "models/runstepsmodel.h"
#include "tests/views/runpictures.h"
#include "tests/views/runsamples.h"

#include <KSyntaxHighlighting/Repository>

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTextEdit>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;
using namespace stepwell::sample;

class TestViewsRunResult : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void aFailureSaysEverything()
    {
        RunView view(m_repository);
        view.setRequest(request(), messages());
        sendSome(view);
        view.setReport(failure());
        QCOMPARE(child<QLabel>(view, u"resultTitle"_s)->text(),
                 u"Failed; part of the failed revision stays"_s);
        QVERIFY(view.findChild<QWidget *>(u"leftBehindCard"_s));
        QVERIFY(child<QWidget>(view, u"errorCard"_s)->accessibleDescription().contains(u"23502"_s));
        QVERIFY(child<QTextEdit>(view, u"errorStatement"_s)->toPlainText().startsWith(u"ALTER TABLE"_s));
        QVERIFY(child<QTextEdit>(view, u"errorDetail"_s)->toPlainText().contains(u"NotNullViolation"_s));
        QVERIFY(child<QTextEdit>(view, u"leftBehind"_s)->toPlainText().startsWith(u"INVALID index"_s));
        QVERIFY(child<QLabel>(view, u"resultNext"_s)->text().startsWith(u"1. Drop the invalid index"_s));
        QSignalSpy retry(&view, &RunView::retryRequested);
        child<QPushButton>(view, u"retryButton"_s)->click();
        QCOMPARE(retry.count(), 1);
        QCOMPARE(view.findChildren<QPushButton *>(u"rollBackButton"_s).size(), 1);
        QSignalSpy save(&view, &RunView::saveReportRequested);
        child<QPushButton>(view, u"saveReportButton"_s)->click();
        QCOMPARE(save.value(0).value(0).toLongLong(), 14);
        sample::picture(view, u"run-failed"_s, {1160, 720});
        sample::picture(view, u"run-failed-small"_s, {900, 600});
    }

    void aRepairShowsItsSqlFirst()
    {
        RunView view(m_repository);
        view.show();
        view.setRequest(request(), messages());
        view.setReport(failure());
        QSignalSpy repair(&view, &RunView::repairRequested);
        auto *button = child<QPushButton>(view, u"repairButton0"_s);
        QCOMPARE(button->text(), u"Build ix_sessions_owner again…"_s);
        button->click();
        auto *question = child<QMessageBox>(view, u"repairQuestion"_s);
        QVERIFY(
            question->informativeText().startsWith(u"DROP INDEX CONCURRENTLY ix_sessions_owner;\nCREATE"_s));
        QCOMPARE(question->defaultButton()->objectName(), u"repairNo"_s);
        child<QPushButton>(view, u"repairNo"_s)->click();
        QCOMPARE(repair.count(), 0);
        QTRY_VERIFY(!view.findChild<QMessageBox *>(u"repairQuestion"_s));
        button->click();
        child<QPushButton>(view, u"repairYes"_s)->click();
        QCOMPARE(repair.count(), 1);
        QCOMPARE(repair.first().first().value<CheckFix>(), failure().repairs.first());
    }

    void offendingRowsAreCopied()
    {
        RunView view(m_repository);
        view.show();
        view.setRequest(request(), messages());
        view.setReport(failure());
        auto *table = child<QTableView>(view, u"offendingTable"_s);
        QCOMPARE(table->model()->rowCount(), 20);
        QCOMPARE(child<QLabel>(view, u"offendingNote"_s)->text(), u"The first 20; there are more."_s);
        QCOMPARE(child<QTextEdit>(view, u"offendingQuery"_s)->toPlainText(), offending().sql);
        child<QPushButton>(view, u"copyQuery"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), offending().sql);
        table->selectRow(1);
        child<QAction>(*table, u"copyRows"_s)->trigger();
        QCOMPARE(
            QGuiApplication::clipboard()->text(),
            u"ctid\tid\towner_id\tcreated_at\tpriority\n(0,2)\t4712\t17\t2026-11-22 14:06:32+00\tNULL"_s);
        // Nothing to show, and why.
        RunReport none = failure();
        none.offending = OffendingRows{.note = u"The column came with the same revision."_s};
        view.setReport(none);
        QVERIFY(!view.findChild<QTableView *>(u"offendingTable"_s));
        QCOMPARE(child<QLabel>(view, u"offendingNote"_s)->text(),
                 u"The column came with the same revision."_s);
    }

    void whatWasDoneAfterwardsIsNeverRed()
    {
        RunView view(m_repository);
        view.setRequest(request(), messages());
        sendSome(view);
        RunEvent line = happening(RunEvent::Output, RunPhase::WatchLogs);
        line.text = u"ERROR [app.pool] too many connections"_s;
        view.handleEvent(happening(RunEvent::PhaseFinished, RunPhase::Step, 2, 38s));
        sendPhase(view, RunPhase::ReadBack, -1, 5ms);
        sendPhase(view, RunPhase::Restart, -1, 2300ms);
        view.handleEvent(happening(RunEvent::PhaseStarted, RunPhase::WatchLogs));
        view.handleEvent(line);
        QTRY_COMPARE(child<QPlainTextEdit>(view, u"afterwardsText"_s)->toPlainText(), line.text);
        QVERIFY(!child<QPlainTextEdit>(view, u"outputText"_s)->toPlainText().contains(line.text));
        RunReport report = withAfterSteps();
        report.steps = failure().steps;
        report.steps.last().state = StepState::Done;
        report.steps.last().error.clear();
        view.setReport(report);
        const QAbstractItemModel *steps = child<QListView>(view, u"runSteps"_s)->model();
        const int last = steps->rowCount() - 1;
        QCOMPARE(steps->index(last, 0).data(RunStepsModel::StateRole).toInt(), int(RunStepsModel::Attention));
        QCOMPARE(steps->index(last - 1, 0).data(RunStepsModel::StateRole).toInt(), int(RunStepsModel::Done));
        QCOMPARE(child<QLabel>(view, u"resultTitle"_s)->text(), u"Done"_s);
        QCOMPARE(view.findChildren<QWidget *>(u"logCard"_s).size(), 2);
        QCOMPARE(child<QWidget>(view, u"restartCard"_s)->accessibleDescription(),
                 u"The restart command succeeded."_s);
        sample::picture(view, u"run-done-after"_s, {1160, 720});
    }

    void everyWayOnHasItsButton()
    {
        RunView view(m_repository);
        view.setRequest(request(), messages());
        const auto button = [&](NextStep::Action action) {
            view.setReport(
                {.outcome = Outcome::Stopped, .next = {{action, u"Do it."_s}, {action, u"Again."_s}}});
            QStringList names;
            for (const QPushButton *found : view.findChildren<QPushButton *>()) {
                if (found->objectName().endsWith(u"Button"_s) && found->parentWidget()->isAncestorOf(found) &&
                    !QStringList{u"stopButton"_s, u"cancelButton"_s, u"giveUpButton"_s, u"backButton"_s}
                         .contains(found->objectName()))
                    names += found->objectName();
            }
            return names.join(u',');
        };
        QCOMPARE(button(NextStep::ReadState), u"readStateButton"_s);
        QCOMPARE(button(NextStep::Retry), u"retryButton"_s);
        QCOMPARE(button(NextStep::FixAndRetry), u"retryButton"_s);
        QCOMPARE(button(NextStep::Continue), u"continueButton"_s);
        QCOMPARE(button(NextStep::RollBack), u"rollBackButton"_s);
        QCOMPARE(button(NextStep::UpgradeAgain), u"upgradeAgainButton"_s);
        QCOMPARE(button(NextStep::PullCode), QString());
        QSignalSpy again(&view, &RunView::upgradeAgainRequested);
        std::ignore = button(NextStep::UpgradeAgain);
        child<QPushButton>(view, u"upgradeAgainButton"_s)->click();
        QCOMPARE(again.count(), 1);
        QSignalSpy read(&view, &RunView::readStateRequested);
        std::ignore = button(NextStep::ReadState);
        child<QPushButton>(view, u"readStateButton"_s)->click();
        QCOMPARE(read.count(), 1);
    }

    void anUnknownOutcomeIsNoFailure()
    {
        RunView view(m_repository);
        view.setRequest(request(), messages());
        view.setReport({.outcome = Outcome::Unknown});
        const QString title = child<QLabel>(view, u"resultTitle"_s)->text();
        QVERIFY(!title.contains(u"ailed"_s));
        QVERIFY(child<QLabel>(view, u"resultRows"_s)->text().contains(u"Read it again"_s));
        QVERIFY(!view.findChild<QPushButton *>(u"rollBackButton"_s));
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsRunResult)
#include "tst_views_runresult.moc"
