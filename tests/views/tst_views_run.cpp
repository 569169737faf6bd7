// SPDX-License-Identifier: MIT
#include "tests/models/sampletargets.h"
#include "tests/views/runpictures.h"
#include "views/backupspage.h"
#include "views/journalpage.h"
#include "views/passworddialog.h"
#include "views/runview.h"

#include <KSyntaxHighlighting/Repository>

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

namespace {

RunRequest request()
{
    RunRequest request;
    request.target.id = {u"production"_s, u"manager"_s};
    request.target.environment = sample::workspace().environments.constFirst();
    request.target.component.name = u"manager"_s;
    request.target.component.restart = {u"./dev"_s, u"restart"_s, u"mgr"_s};
    request.restartAfterwards = true;
    const RevisionMap map = RevisionMap::build(sample::managerRevisions()).value_or(RevisionMap());
    request.plan = planUpgrade(map, toRevisionIds({u"7b6a1e0c4f21"_s}), u"head"_s).value_or(Plan());
    request.backupDirectory = u"/srv/backups"_s;
    return request;
}

QHash<RevisionId, QString> messages()
{
    QHash<RevisionId, QString> messages;
    for (const Revision &revision : sample::managerRevisions())
        messages.insert(revision.id, revision.message);
    return messages;
}

RunEvent event(RunEvent::Type type, RunPhase phase, int step = -1, std::chrono::milliseconds took = 0ms)
{
    return {.type = type,
            .phase = phase,
            .step = step,
            .duration = took,
            .when = QDateTime::currentDateTimeUtc()};
}

void sendPhase(RunView &view, RunPhase phase, int step, std::chrono::milliseconds took)
{
    view.handleEvent(event(RunEvent::PhaseStarted, phase, step));
    view.handleEvent(event(RunEvent::PhaseFinished, phase, step, took));
}

void sendStatement(RunView &view, int number, const QString &sql, std::chrono::milliseconds took, qint64 rows)
{
    RunEvent started = event(RunEvent::StatementStarted, RunPhase::Step);
    started.number = number;
    started.text = sql;
    view.handleEvent(started);
    RunEvent finished = event(RunEvent::StatementFinished, RunPhase::Step, -1, took);
    finished.number = number;
    finished.rows = rows;
    view.handleEvent(finished);
}

void sendOutput(RunView &view, const QString &line)
{
    RunEvent output = event(RunEvent::Output, RunPhase::Step);
    output.text = line;
    view.handleEvent(output);
}

/// Up to the middle of the third revision.
void sendSome(RunView &view)
{
    sendPhase(view, RunPhase::Checks, -1, 1100ms);
    sendPhase(view, RunPhase::Lock, -1, 12ms);
    sendPhase(view, RunPhase::Backup, -1, 48200ms);
    view.handleEvent(event(RunEvent::PhaseStarted, RunPhase::Step, 0));
    sendOutput(view, u"INFO  [alembic.runtime.migration] Running upgrade d03f7a66c1e9 -> 52ab7c9e8d10"_s);
    sendStatement(
        view, 1,
        u"UPDATE invoices SET currency = d.currency FROM domains d\n WHERE d.id = invoices.domain_id"_s,
        12300ms, 1204551);
    sendStatement(
        view, 2,
        u"UPDATE alembic_version SET version_num='52ab7c9e8d10' WHERE version_num = 'd03f7a66c1e9'"_s, 1ms,
        1);
    view.handleEvent(event(RunEvent::PhaseFinished, RunPhase::Step, 0, 12400ms));
    sendPhase(view, RunPhase::Step, 1, 20ms);
    view.handleEvent(event(RunEvent::PhaseStarted, RunPhase::Step, 2));
    sendStatement(view, 3, u"CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at)"_s, 37200ms,
                  -1);
    RunEvent running = event(RunEvent::StatementStarted, RunPhase::Step);
    running.number = 4;
    running.text = u"ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL"_s;
    view.handleEvent(running);
}

RunReport failure()
{
    RunReport report{
        .journalId = 14,
        .outcome = Outcome::FailedWithChanges,
        .rows = toRevisionIds({u"90c2fd61b5ae"_s}),
        .rowsKnown = true,
        .summary =
            u"e41d09b7a3c8 failed after part of its work was committed; the two revisions before it are in place."_s,
        .next = {{NextStep::RepairIndexes,
                  u"Drop the invalid index ix_sessions_owner, then plan the upgrade again."_s},
                 {NextStep::RollBack, u"Or roll back to 7b6a1e0c4f21."_s}}};
    report.error = Error{
        .kind = ErrorKind::MigrationFailed,
        .message = u"Column \"priority\" of table \"sessions\" contains null values."_s,
        .hint = u"Fill the column in a revision of its own before it becomes mandatory."_s,
        .detail =
            u"psycopg2.errors.NotNullViolation: column \"priority\" of relation \"sessions\" contains null values\n  File \"versions/e41d09b7a3c8.py\", line 31"_s,
        .sqlState = u"23502"_s,
        .statement = u"ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL"_s};
    report.backup =
        BackupRecord{.file = u"/srv/backups/manager-2026-11-22T140633.dump"_s, .size = 3328599654};
    report.leftBehind = {u"INVALID index ix_sessions_owner on sessions"_s};
    const QList<PlanStep> steps = request().plan.steps;
    for (int i = 0; i < steps.size(); ++i)
        report.steps += JournalStep{.revision = steps.at(i).revision,
                                    .state = i < 2 ? StepState::Done : StepState::Failed,
                                    .duration = 12400ms,
                                    .error = i < 2 ? QString() : report.error->message};
    return report;
}

QList<JournalEntry> entries()
{
    const QDateTime start(QDate(2026, 11, 22), QTime(14, 6, 32));
    JournalEntry failed{.id = 14,
                        .kind = RunKind::Upgrade,
                        .target = {u"production"_s, u"manager"_s},
                        .databaseText = u"migrator@db1.internal:5432/backend"_s,
                        .who = u"ada@desk"_s,
                        .asked = u"head"_s,
                        .started = start,
                        .finished = start.addSecs(102),
                        .from = toRevisionIds({u"7b6a1e0c4f21"_s}),
                        .planned = toRevisionIds({u"e41d09b7a3c8"_s}),
                        .to = toRevisionIds({u"90c2fd61b5ae"_s}),
                        .outcome = Outcome::FailedWithChanges,
                        .message = failure().summary,
                        .backup = failure().backup,
                        .steps = failure().steps};
    failed.backup->sha256 = QString(64, u'a');
    failed.backup->toolVersion = u"pg_dump 17.6"_s;
    failed.steps[0].fileHash = QString(64, u'b');
    JournalEntry down = failed;
    down.id = 13;
    down.kind = RunKind::Downgrade;
    down.target.environment = u"staging"_s;
    down.outcome = Outcome::Done;
    down.message = u"1 revision was taken back."_s;
    down.backup.reset();
    down.note = u"Other backup: volume snapshot 12:04"_s;
    down.started = start.addDays(-1);
    down.finished = down.started.addMSecs(840);
    down.steps = {{.revision = RevisionId(u"e41d09b7a3c8"_s),
                   .message = u"Index sessions"_s,
                   .state = StepState::Done,
                   .duration = 800ms}};
    JournalEntry open = down;
    open.id = 12;
    open.kind = RunKind::Upgrade;
    open.outcome = Outcome::Unknown;
    open.finished = {};
    open.started = start.addDays(-2);
    open.message.clear();
    return {failed, down, open};
}

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

} // namespace

class TestViewsRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void followsEventsToTheReport()
    {
        RunView view(m_repository);
        view.setRequest(request(), messages());
        sendSome(view);
        auto *statements = child<QTableView>(view, u"statementsTable"_s);
        QTRY_COMPARE(statements->model()->rowCount(), 4);
        QCOMPARE(child<QLabel>(view, u"positionLabel"_s)->text(), u"Revision 3 of 3"_s);
        QVERIFY(child<QProgressBar>(view, u"progressBar"_s)->value() > 500);
        QVERIFY(child<QPlainTextEdit>(view, u"outputText"_s)->toPlainText().contains(u"Running upgrade"_s));
        QTRY_VERIFY(child<QLabel>(view, u"elapsedLabel"_s)->text().startsWith(u"elapsed 00:00"_s));
        sample::picture(view, u"run"_s, {1160, 720});
        RunReport report{.journalId = 5,
                         .outcome = Outcome::Done,
                         .rows = toRevisionIds({u"e41d09b7a3c8"_s}),
                         .rowsKnown = true};
        view.setReport(report);
        QCOMPARE(view.state(), RunView::State::Ended);
        QCOMPARE(child<QLabel>(view, u"resultTitle"_s)->text(), u"Done"_s);
        QCOMPARE(child<QLabel>(view, u"resultRows"_s)->text(), u"The database is at e41d09b7a3c8."_s);
        QVERIFY(!child<QPushButton>(view, u"stopButton"_s)->isVisible());
        QVERIFY(!view.findChild<QPushButton *>(u"retryButton"_s));
        QSignalSpy journal(&view, &RunView::journalRequested);
        child<QPushButton>(view, u"journalButton"_s)->click();
        QCOMPARE(journal.value(0).value(0).toLongLong(), 5);
        QSignalSpy rollBack(&view, &RunView::rollBackRequested);
        child<QPushButton>(view, u"rollBackButton"_s)->click();
        QCOMPARE(rollBack.count(), 1);
    }

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
        QVERIFY(child<QPlainTextEdit>(view, u"errorStatement"_s)->toPlainText().startsWith(u"ALTER TABLE"_s));
        QVERIFY(child<QLabel>(view, u"resultNext"_s)->text().startsWith(u"1. Drop the invalid index"_s));
        QSignalSpy retry(&view, &RunView::retryRequested);
        child<QPushButton>(view, u"retryButton"_s)->click();
        QCOMPARE(retry.count(), 1);
        sample::picture(view, u"run-failed"_s, {1160, 720});
        sample::picture(view, u"run-failed-small"_s, {900, 600});
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

    void stopAndCancel()
    {
        RunView view(m_repository);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setRequest(request(), messages());
        QSignalSpy stop(&view, &RunView::stopRequested);
        auto *stopButton = child<QPushButton>(view, u"stopButton"_s);
        stopButton->click();
        QCOMPARE(stop.count(), 1);
        QVERIFY(!stopButton->isEnabled());
        QCOMPARE(view.state(), RunView::State::Stopping);
        QSignalSpy cancel(&view, &RunView::cancelRequested);
        auto *cancelButton = child<QPushButton>(view, u"cancelButton"_s);
        cancelButton->click();
        child<QPushButton>(view, u"cancelNo"_s)->click();
        QCOMPARE(cancel.count(), 0);
        QTRY_VERIFY(!view.findChild<QMessageBox *>(u"cancelQuestion"_s));
        cancelButton->click();
        QCOMPARE(child<QMessageBox>(view, u"cancelQuestion"_s)->defaultButton()->objectName(), u"cancelNo"_s);
        child<QPushButton>(view, u"cancelYes"_s)->click();
        QCOMPARE(cancel.count(), 1);
        QCOMPARE(view.state(), RunView::State::Cancelling);
        QVERIFY(!cancelButton->isEnabled());
    }

    void tenThousandStatements()
    {
        RunView view(m_repository);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setRequest(request(), messages());
        for (int i = 0; i < 10'000; ++i) {
            sendStatement(view, i, u"INSERT INTO t VALUES (%1)"_s.arg(i), 1ms, 1);
            sendOutput(view, u"line %1"_s.arg(i));
        }
        auto *statements = child<QTableView>(view, u"statementsTable"_s);
        QTRY_COMPARE_WITH_TIMEOUT(statements->model()->rowCount(), 10'000, 10s);
    }

    void passwordIsTakenOnce()
    {
        const TargetStatus status =
            sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {});
        PasswordDialog dialog(status.id, status.connection, true);
        auto *edit = child<QLineEdit>(dialog, u"passwordEdit"_s);
        QCOMPARE(edit->echoMode(), QLineEdit::Password);
        QVERIFY(!child<QPushButton>(dialog, u"connectButton"_s)->isEnabled());
        QTest::keyClicks(edit, u"s3cret"_s);
        QCOMPARE(dialog.keep(), PasswordDialog::Keep::Once);
        child<QCheckBox>(dialog, u"keepSecretBox"_s)->setChecked(true);
        QCOMPARE(dialog.keep(), PasswordDialog::Keep::InSecretService);
        QCOMPARE(dialog.takePassword(), u"s3cret"_s);
        QVERIFY(edit->text().isEmpty());
        dialog.setFailure(u"The server refused the password of migrator."_s);
        sample::picture(dialog, u"password"_s, {460, 300});
        QVERIFY(child<QLabel>(dialog, u"failureLabel"_s)->isVisible());
    }

    void withoutSecretServiceOnlyMemory()
    {
        const TargetStatus status =
            sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {});
        PasswordDialog dialog(status.id, status.connection, false);
        dialog.show();
        QVERIFY(!child<QCheckBox>(dialog, u"keepSecretBox"_s)->isVisible());
        child<QCheckBox>(dialog, u"keepMemoryBox"_s)->setChecked(true);
        QCOMPARE(dialog.keep(), PasswordDialog::Keep::InMemory);
        sample::picture(dialog, u"password-memory"_s, {460, 320});
    }

    void journalTellsRuns()
    {
        JournalPage page;
        page.show();
        QVERIFY(child<QLabel>(page, u"journalEmpty"_s)->isVisible());
        page.setEntries(entries());
        QVERIFY(!child<QLabel>(page, u"journalEmpty"_s)->isVisible());
        auto *details = child<QTextBrowser>(page, u"journalDetails"_s);
        QVERIFY(details->toPlainText().contains(QString(64, u'b')));
        QVERIFY(page.showEntry(13));
        QVERIFY(details->toPlainText().contains(u"volume snapshot 12:04"_s));
        QVERIFY(!page.showEntry(99));
        page.setTarget(u"staging/manager"_s);
        QCOMPARE(child<QTableView>(page, u"journalTable"_s)->model()->rowCount(), 2);
        child<QLineEdit>(page, u"journalFilter"_s)->setText(u"nothing like it"_s);
        QVERIFY(child<QLabel>(page, u"journalEmpty"_s)->isVisible());
        QVERIFY(page.showEntry(14)); // clears the filters
        QCOMPARE(child<QComboBox>(page, u"journalTarget"_s)->currentIndex(), 0);
        sample::picture(page, u"journal"_s, {1160, 720});
    }

    void backupsAreListed()
    {
        BackupsPage page;
        page.show();
        QVERIFY(child<QLabel>(page, u"backupsEmpty"_s)->isVisible());
        QVERIFY(!child<QPushButton>(page, u"openFolderButton"_s)->isEnabled());
        QList<BackupRow> rows = backupsOf(entries());
        rows += rows.constFirst();
        rows.last().present = false;
        rows.last().record.file = u"/srv/backups/manager-2026-10-01T090000.dump"_s;
        page.setBackups(rows);
        QSignalSpy open(&page, &BackupsPage::openFolderRequested);
        child<QPushButton>(page, u"openFolderButton"_s)->click();
        QCOMPARE(open.count(), 1);
        QVERIFY(open.constFirst().constFirst().toString().startsWith(u"/srv/backups/manager-"_s));
        sample::picture(page, u"backups"_s, {1160, 420});
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsRun)
#include "tst_views_run.moc"
