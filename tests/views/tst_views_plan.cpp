// SPDX-License-Identifier: MIT
#include "tests/models/sampletargets.h"
#include "tests/views/plansamples.h"
#include "tests/views/runpictures.h"
#include "views/backupchoicebox.h"
#include "views/plandialog.h"
#include "views/planlink.h"
#include "views/rollbackdialog.h"

#include <KSyntaxHighlighting/Repository>

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;
using namespace stepwell::sample::plan;

namespace {

const QString backups = QStringLiteral("/srv/backend/backups/production/manager");

} // namespace

class TestViewsPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void protectedNeedsItsNameTyped()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        auto *action = child<QPushButton>(dialog, u"actionButton"_s);
        QVERIFY(!action->isEnabled());
        dialog.setChecks(goodChecks().mid(0, 3), true);
        dialog.setReviews(reviews());
        QVERIFY(!action->isEnabled());
        dialog.setChecks(goodChecks(), false);
        QCOMPARE(dialog.missing(), QStringList{u"Type the name of the environment."_s});
        sample::picture(dialog, u"plan-upgrade"_s, {1160, 760});
        auto *confirm = child<QLineEdit>(dialog, u"confirmEdit"_s);
        confirm->setFocus();
        QTest::keyClicks(confirm, u"produc"_s);
        QVERIFY(!action->isEnabled());
        QTest::keyClick(confirm, Qt::Key_Return); // must not press Cancel
        QVERIFY(dialog.isVisible());
        QTest::keyClicks(confirm, u"tion"_s);
        QVERIFY(action->isEnabled());
        QCOMPARE(action->text(), u"Back up, then upgrade"_s);
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        action->click();
        QCOMPARE(accepted.count(), 1);
        const RunRequest request = dialog.request();
        QCOMPARE(request.backup, BackupChoice::Dump);
        QCOMPARE(request.backupDirectory, backups);
        QCOMPARE(request.plan, upgrade());
        QCOMPARE(request.lockTimeout, std::chrono::milliseconds(5000));
        QVERIFY(request.restartAfterwards);
    }

    void cancelIsTheDefaultButton()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Offer, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setChecks(goodChecks(), false);
        dialog.setReviews(reviews());
        QVERIFY(child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
        QVERIFY(!dialog.findChild<QLineEdit *>(u"confirmEdit"_s));
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(child<QPushButton>(dialog, u"cancelButton"_s)->isDefault());
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(rejected.count(), 1);
    }

    void requiredBackupCannotBeDeclined()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Required, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setChecks(goodChecks(), false);
        dialog.setReviews(reviews());
        QVERIFY(!dialog.findChild<QRadioButton *>(u"backupNone"_s));
        QVERIFY(child<QRadioButton>(dialog, u"backupDump"_s)->isChecked());
        child<QRadioButton>(dialog, u"backupElsewhere"_s)->setChecked(true);
        auto *action = child<QPushButton>(dialog, u"actionButton"_s);
        QVERIFY(!action->isEnabled());
        auto *note = child<QLineEdit>(dialog, u"backupElsewhereEdit"_s);
        note->setText(u"   "_s);
        QVERIFY(!action->isEnabled());
        note->setText(u"volume snapshot 12:04"_s);
        QVERIFY(action->isEnabled());
        QCOMPARE(dialog.request().backup, BackupChoice::Elsewhere);
        QCOMPARE(dialog.request().backupNote, u"volume snapshot 12:04"_s);
    }

    void offeredBackupIsTheDefaultAndCanBeDeclined()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Offer, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        QCOMPARE(dialog.request().backup, BackupChoice::Dump);
        child<QRadioButton>(dialog, u"backupNone"_s)->setChecked(true);
        QCOMPARE(dialog.request().backup, BackupChoice::None);
        QCOMPARE(child<QPushButton>(dialog, u"actionButton"_s)->text(), u"Upgrade without backup"_s);
        QVERIFY(!child<QLabel>(dialog, u"backupWarning"_s)->text().isEmpty());
    }

    void backupPolicyOffStartsWithout()
    {
        BackupChoiceBox box(BackupPolicy::Off);
        QCOMPARE(box.choice(), BackupChoice::None);
        QVERIFY(box.missing().isEmpty());
    }

    void aFailedCheckStops()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Off, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        QList<CheckResult> checks = goodChecks();
        checks[1].state = CheckState::Failed;
        checks[1].text = u"env.py reaches another database than Stepwell (backend_old)."_s;
        checks[1].hint =
            u"It may take its URL from somewhere else than the ini, or a pooler stands in between."_s;
        dialog.setChecks(checks, false);
        dialog.setReviews(reviews());
        QCOMPARE(dialog.missing(), QStringList{u"A check failed."_s});
        QVERIFY(!child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
        sample::picture(dialog, u"plan-small"_s, {960, 600});
        QSignalSpy again(&dialog, &PlanDialog::checksRequested);
        child<PlanLink>(dialog, u"checksAgainButton"_s)->click();
        QCOMPARE(again.count(), 1);
        dialog.setChecks(goodChecks(), false);
        QVERIFY(child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
    }

    void sqlIsSavedWithReasonsForWhatIsMissing()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        auto *save = child<QPushButton>(dialog, u"saveSqlButton"_s);
        QVERIFY(!save->isEnabled());
        dialog.setReviews(reviews());
        QSignalSpy saved(&dialog, &PlanDialog::saveSqlRequested);
        save->click();
        QCOMPARE(saved.count(), 1);
        const QString sql = saved.constFirst().constFirst().toString();
        QVERIFY(sql.contains(u"-- 52ab7c9e8d10 cannot be rendered: upgrade() reads rows"_s));
        QVERIFY(sql.contains(u"CREATE INDEX ix_sessions_owner"_s));
    }

    void theSelectedStepShowsItsSql()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *note = child<QLabel>(dialog, u"stepSqlNote"_s);
        QVERIFY(note->text().startsWith(u"Rendering"_s));
        dialog.setReviews(reviews());
        QVERIFY(note->text().contains(u"known only by rehearsal"_s));
        child<QTableView>(dialog, u"stepsTable"_s)->selectRow(2);
        QVERIFY(child<QPlainTextEdit>(dialog, u"stepSql"_s)->toPlainText().contains(u"CREATE INDEX"_s));
        QVERIFY(!note->isVisible());
    }

    void withoutPythonOneCanStillGoOn()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Off, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setChecks(goodChecks(), false);
        QCOMPARE(dialog.missing(), QStringList{u"The SQL is still being rendered."_s});
        dialog.setRenderFailed({.kind = ErrorKind::PythonMissing,
                                .message = u"No Python has Alembic."_s,
                                .hint = u"Set python."_s});
        QVERIFY(dialog.missing().isEmpty());
        QVERIFY(child<QLabel>(dialog, u"stepSqlNote"_s)->text().contains(u"No Python has Alembic."_s));
    }

    void rollbackWarnsOfLostData()
    {
        const Plan plan = downgrade(u"e41d09b7a3c8"_s, u"d03f7a66c1e9"_s);
        QVERIFY(!plan.steps.isEmpty());
        PlanDialog dialog(m_repository, target(), status({u"e41d09b7a3c8"_s}), plan);
        dialog.setBackupDirectory(backups);
        dialog.setChecks(goodChecks(), false);
        dialog.setReviews(reviewsDown(plan));
        QVERIFY(dialog.findChild<QWidget *>(u"dataLossCard"_s));
        QVERIFY(!dialog.findChild<QWidget *>(u"irreversibleCard"_s));
        QCOMPARE(child<QPushButton>(dialog, u"actionButton"_s)->text(), u"Back up, then roll back"_s);
        sample::picture(dialog, u"plan-rollback"_s);
    }

    void irreversibleIsRefused()
    {
        const Plan plan = downgrade(u"d03f7a66c1e9"_s, u"3e9d7701fa42"_s);
        QCOMPARE(plan.steps.size(), 2);
        PlanDialog dialog(m_repository, target(BackupPolicy::Off, Protection::Open),
                          status({u"d03f7a66c1e9"_s}), plan);
        dialog.setChecks(goodChecks(), false);
        dialog.setReviews(reviewsDown(plan));
        QVERIFY(!child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
        QCOMPARE(dialog.missing(), QStringList{u"a5518e2b90cd has no way down."_s});
        QVERIFY(dialog.findChild<QWidget *>(u"irreversibleCard"_s));
    }

    void emergencyDoesNotWaitForSql()
    {
        const Plan plan = downgrade(u"e41d09b7a3c8"_s, u"90c2fd61b5ae"_s);
        PlanDialog dialog(m_repository, target(BackupPolicy::Offer, Protection::Open),
                          status({u"e41d09b7a3c8"_s}), plan, PlanDialog::Mode::Emergency);
        dialog.setBackupDirectory(backups);
        dialog.setChecks(goodChecks(), false);
        QVERIFY(dialog.missing().isEmpty());
        QVERIFY(dialog.findChild<QWidget *>(u"emergencyStrip"_s));
        QCOMPARE(dialog.request().backup, BackupChoice::Dump);
        child<QRadioButton>(dialog, u"backupNone"_s)->setChecked(true);
        QVERIFY(child<QLabel>(dialog, u"backupWarning"_s)->text().contains(u"gone for good"_s));
        sample::picture(dialog, u"plan-emergency"_s);
        dialog.setChecks({}, true);
        QVERIFY(!dialog.missing().isEmpty()); // the checks are waited for all the same
    }

    void limitsComeFromTheEnvironment()
    {
        Target where = target();
        where.environment.lockTimeout = std::chrono::milliseconds(1500);
        where.environment.statementTimeout = std::chrono::minutes(30);
        where.environment.concurrentTimeout = std::chrono::hours(2);
        where.environment.lockRetries = 7;
        where.environment.transactions = TransactionPolicy::All;
        PlanDialog dialog(m_repository, where, status({u"7b6a1e0c4f21"_s}), upgrade());
        RunRequest request = dialog.request();
        QCOMPARE(request.lockTimeout, std::chrono::milliseconds(1500)); // shown as 2 s, and kept as it is
        QCOMPARE(request.statementTimeout, std::chrono::milliseconds(1'800'000));
        QCOMPARE(request.concurrentTimeout, std::chrono::milliseconds(7'200'000));
        QCOMPARE(request.lockRetries, 7);
        QCOMPARE(request.transactions, TransactionPolicy::All);
        child<QSpinBox>(dialog, u"lockTimeout"_s)->setValue(9);
        child<QSpinBox>(dialog, u"concurrentTimeout"_s)->setValue(0);
        QCOMPARE(child<QSpinBox>(dialog, u"concurrentTimeout"_s)->text(), u"no limit"_s);
        child<QSpinBox>(dialog, u"lockRetries"_s)->setValue(0);
        child<QRadioButton>(dialog, u"transactions-project"_s)->click();
        request = dialog.request();
        QCOMPARE(request.lockTimeout, std::chrono::milliseconds(9000));
        QCOMPARE(request.concurrentTimeout, std::chrono::milliseconds(0));
        QCOMPARE(request.lockRetries, 0);
        QCOMPARE(request.transactions, TransactionPolicy::Project);
        child<QRadioButton>(dialog, u"transactions-revision"_s)->click();
        QCOMPARE(dialog.request().transactions, TransactionPolicy::Revision);
    }

    void autocommitBlocksAreNamedUnderEachPolicy()
    {
        QList<Revision> revisions = sample::managerRevisions();
        for (Revision &revision : revisions)
            revision.hasAutocommit = revision.id == RevisionId(u"e41d09b7a3c8"_s) ||
                                     revision.id == RevisionId(u"c8827e5db6f3"_s); // not of the plan
        const TargetStatus now =
            sample::status({u"production"_s, u"manager"_s}, revisions, {u"7b6a1e0c4f21"_s});
        PlanDialog dialog(m_repository, target(), now, upgrade());
        auto *note = child<QLabel>(dialog, u"autocommitNote"_s);
        QVERIFY(note->isVisibleTo(&dialog));
        QStringList texts;
        for (const QString &policy : {u"revision"_s, u"project"_s, u"all"_s}) {
            child<QRadioButton>(dialog, QString(u"transactions-"_s + policy))->click();
            texts += note->text();
            QVERIFY2(note->text().contains(u"autocommit block in e41d09b7a3c8 commits"_s),
                     qPrintable(note->text()));
        }
        QCOMPARE(texts.removeDuplicates(), 0);
        for (Revision &revision : revisions)
            revision.hasAutocommit = false;
        PlanDialog other(m_repository, target(),
                         sample::status({u"production"_s, u"manager"_s}, revisions, {u"7b6a1e0c4f21"_s}),
                         upgrade());
        QVERIFY(!child<QLabel>(other, u"autocommitNote"_s)->isVisibleTo(&other));
        QVERIFY(texts.at(2).startsWith(u"Not quite"_s));
        dialog.setChecks(goodChecks(), false);
        dialog.setReviews(reviews());
        sample::picture(dialog, u"plan-autocommit"_s, {1180, 820});
    }

    void afterwardsHasOnlyWhatThereIsToDo()
    {
        Target where = target();
        where.component.logs = {u"/srv/backend/logs/manager.log"_s, u"/srv/backend/logs/worker.log"_s};
        where.component.logWatch = std::chrono::seconds(90);
        PlanDialog dialog(m_repository, where, status({u"7b6a1e0c4f21"_s}), upgrade());
        auto *readBack = child<QCheckBox>(dialog, u"readBackBox"_s);
        QVERIFY(readBack->isChecked() && !readBack->isEnabled());
        auto *restart = child<QCheckBox>(dialog, u"restartBox"_s);
        auto *watch = child<QCheckBox>(dialog, u"watchLogsBox"_s);
        QVERIFY(watch->accessibleDescription().contains(u"/srv/backend/logs/worker.log"_s));
        QVERIFY(watch->accessibleDescription().contains(u"90 s"_s));
        QVERIFY(dialog.request().restartAfterwards && dialog.request().watchLogsAfterwards);
        restart->setChecked(false);
        watch->setChecked(false);
        QVERIFY(!dialog.request().restartAfterwards && !dialog.request().watchLogsAfterwards);

        where.component.restart.clear();
        where.component.logs.clear();
        PlanDialog other(m_repository, where, status({u"7b6a1e0c4f21"_s}), upgrade());
        QVERIFY(!other.findChild<QCheckBox *>(u"restartBox"_s));
        QVERIFY(!other.findChild<QCheckBox *>(u"watchLogsBox"_s));
        QVERIFY(!other.request().restartAfterwards && !other.request().watchLogsAfterwards);
    }

    void rollbackChoices()
    {
        const TargetStatus now = status({u"e41d09b7a3c8"_s});
        RollbackDialog dialog(target(), now.scripts->map, now.current);
        QCOMPARE(dialog.target(), u"-1"_s);
        QVERIFY(child<QPushButton>(dialog, u"planButton"_s)->isEnabled());
        QVERIFY(dialog.selectTarget(u"base"_s));
        QVERIFY(!child<QPushButton>(dialog, u"planButton"_s)->isEnabled()); // a5518e2b90cd has no way down
        QVERIFY(!dialog.selectTarget(u"nonsense"_s));
        QVERIFY(dialog.selectTarget(u"d03f7a66c1e9"_s));
        sample::picture(dialog, u"rollback"_s, {820, 560});
        QVERIFY(!dialog.isEmergency());
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        child<QPushButton>(dialog, u"emergencyButton"_s)->click();
        QCOMPARE(accepted.count(), 1);
        QVERIFY(dialog.isEmergency());
        QCOMPARE(dialog.target(), u"d03f7a66c1e9"_s);
    }

    void longHistoriesOpen()
    {
        const TargetStatus now =
            sample::status({u"production"_s, u"manager"_s}, sample::linearRevisions(3000), {u"r02999"_s});
        RollbackDialog dialog(target(), now.scripts->map, now.current);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsPlan)
#include "tst_views_plan.moc"
