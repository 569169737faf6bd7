// SPDX-License-Identifier: MIT
#include "tests/models/sampletargets.h"
#include "tests/views/runpictures.h"
#include "views/backupchoicebox.h"
#include "views/plandialog.h"
#include "views/rollbackdialog.h"

#include <KSyntaxHighlighting/Repository>

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

Target target(BackupPolicy backup = BackupPolicy::Required, Protection protection = Protection::Protected)
{
    Target target;
    target.id = {u"production"_s, u"manager"_s};
    target.environment = sample::workspace().environments.constFirst();
    target.environment.backup = backup;
    target.environment.protection = protection;
    target.component = sample::workspace().components.constFirst();
    target.component.restart = {u"./dev"_s, u"restart"_s, u"mgr"_s};
    return target;
}

TargetStatus status(const QStringList &rows)
{
    return sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), rows);
}

Plan upgrade()
{
    const TargetStatus now = status({u"7b6a1e0c4f21"_s});
    return planUpgrade(now.scripts->map, now.current, u"head"_s).value_or(Plan());
}

Plan downgrade(const QString &from, const QString &to)
{
    const TargetStatus now = status({from});
    return planDowngrade(now.scripts->map, now.current, to).value_or(Plan());
}

QList<CheckResult> goodChecks()
{
    return {
        {u"connection"_s, u"Connection"_s, CheckState::Passed, u"PostgreSQL 17.11, TLSv1.3, 11 ms"_s, {}},
        {u"same-database"_s,
         u"Same database"_s,
         CheckState::Passed,
         u"env.py and Stepwell reach the same database (alembic 1.13.2, psycopg2)"_s,
         {}},
        {u"single-head"_s, u"Single head"_s, CheckState::Passed, u"e41d09b7a3c8"_s, {}},
        {u"current-known"_s, u"Current revision known"_s, CheckState::Passed, u"7b6a1e0c4f21"_s, {}},
        {u"long-transactions"_s, u"Long transactions"_s, CheckState::Warning,
         u"1 open; the oldest is backend 48213 (reporting) for 14 min"_s,
         u"Its locks may hold the migration up, and everything else queues behind. End it, or wait."_s},
        {u"run-lock"_s, u"Nobody else migrating"_s, CheckState::Passed, u"the lock is free"_s, {}},
        {u"backup-room"_s,
         u"Room for the backup"_s,
         CheckState::Passed,
         u"the database has 3.2 GiB, 212 GiB free"_s,
         {}},
    };
}

QList<RenderedSql> rendered()
{
    return {
        {.revision = RevisionId(u"52ab7c9e8d10"_s),
         .problem = u"upgrade() reads rows with op.get_bind(); what it does is known only by rehearsal."_s,
         .problemLine = 24},
        {.revision = RevisionId(u"90c2fd61b5ae"_s),
         .sql = u"-- Running upgrade 7b6a1e0c4f21, 52ab7c9e8d10 -> 90c2fd61b5ae\n"_s},
        {.revision = RevisionId(u"e41d09b7a3c8"_s),
         .sql =
             u"-- Running upgrade 90c2fd61b5ae -> e41d09b7a3c8\n\n"
             "CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at);\n\n"
             "ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL;\n\n"
             "UPDATE alembic_version SET version_num='e41d09b7a3c8' WHERE alembic_version.version_num = '90c2fd61b5ae';\n"_s,
         .statements = 2}};
}

QList<RenderedSql> renderedDown(const Plan &plan)
{
    QList<RenderedSql> list;
    for (const PlanStep &step : plan.steps)
        list += RenderedSql{.revision = step.revision,
                            .direction = Direction::Downgrade,
                            .sql = u"DROP TABLE sessions;\n"_s,
                            .statements = 1};
    return list;
}

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

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
        dialog.setRendered(rendered());
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
        dialog.setRendered(rendered());
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
        dialog.setRendered(rendered());
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
        dialog.setRendered(rendered());
        QCOMPARE(dialog.missing(), QStringList{u"A check failed."_s});
        QVERIFY(!child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
        sample::picture(dialog, u"plan-small"_s, {900, 600});
        QSignalSpy again(&dialog, &PlanDialog::checksRequested);
        child<QToolButton>(dialog, u"checksAgainButton"_s)->click();
        QCOMPARE(again.count(), 1);
        dialog.setChecks(goodChecks(), false);
        QVERIFY(child<QPushButton>(dialog, u"actionButton"_s)->isEnabled());
    }

    void sqlIsSavedWithReasonsForWhatIsMissing()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        auto *save = child<QPushButton>(dialog, u"saveSqlButton"_s);
        QVERIFY(!save->isEnabled());
        dialog.setRendered(rendered());
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
        dialog.setRendered(rendered());
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
        dialog.setRendered(renderedDown(plan));
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
        dialog.setRendered(renderedDown(plan));
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
