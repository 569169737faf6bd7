// SPDX-License-Identifier: MIT
#include "models/runlocksmodel.h"
#include "models/runstepsmodel.h"
#include "tests/models/sampletargets.h"
#include "tests/views/runpictures.h"
#include "tests/views/runsamples.h"
#include "views/backupspage.h"
#include "views/journalpage.h"
#include "views/messagecard.h"
#include "views/passworddialog.h"
#include "views/runview.h"

#include <KSyntaxHighlighting/Repository>

#include <QAbstractButton>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
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
#include <QTextEdit>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;
using namespace stepwell::sample;

namespace {

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
