// SPDX-License-Identifier: MIT
// The main job through the real window on the demo workspace: look, upgrade production with a backup after
// typing its name, roll back one revision, read both in the journal; approve a revision and see it go stale.

#include "app/mainwindow.h"
#include "app/secretstore.h"
#include "migrations/demo/demoworkspace.h"
#include "models/checksmodel.h"
#include "tests/support/testfiles.h"
#include "views/componentpage.h"
#include "views/findingcard.h"
#include "views/plandialog.h"
#include "views/reviewpane.h"
#include "views/runview.h"
#include "views/sidebar.h"

#include <KSyntaxHighlighting/Repository>

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const TargetId production{u"production"_s, u"manager"_s};

} // namespace

class tst_Window : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    QString m_demo;
    SecretStore m_secrets;
    KSyntaxHighlighting::Repository m_repository;
    std::unique_ptr<MainWindow> m_window;

    void waitIdle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->session() && !m_window->isBusy(), 120000); }
    void openPlan(QAction *action)
    {
        QVERIFY2(action->isEnabled(), qPrintable(action->text()));
        action->trigger();
        QTRY_VERIFY(m_window->planFlow()->dialog());
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->planFlow()->isBusy(), 60000);
    }
    /// Types the environment's name and presses the button that runs it.
    void confirm()
    {
        PlanDialog *dialog = m_window->planFlow()->dialog();
        auto *action = dialog->findChild<QPushButton *>(u"actionButton"_s);
        QVERIFY(!action->isEnabled());
        QVERIFY2(failedChecks().isEmpty(), qPrintable(failedChecks()));
        QTest::keyClicks(dialog->findChild<QLineEdit *>(u"confirmEdit"_s), u"production"_s);
        QVERIFY2(action->isEnabled(), qPrintable(dialog->missing().join(u'\n')));
        QTest::mouseClick(action, Qt::LeftButton);
        QVERIFY(m_window->runs()->isRunning());
        waitIdle();
    }
    /// Accepts each blocking finding of each step with a reason, as the environment wants it.
    int acceptFindings()
    {
        PlanDialog *dialog = m_window->planFlow()->dialog();
        auto *steps = dialog->findChild<QTableView *>(u"stepsTable"_s);
        int accepted = 0;
        for (int row = 0; row < steps->model()->rowCount(); ++row) {
            steps->selectRow(row);
            while (QToolButton *button = openBlocking(dialog)) {
                button->click();
                auto *reason = dialog->findChild<QDialog *>(u"reasonDialog"_s);
                if (!reason)
                    return -1;
                QTest::keyClicks(reason->findChild<QWidget *>(u"reasonEdit"_s), u"tried on a copy"_s);
                QTest::mouseClick(reason->findChild<QPushButton *>(u"reasonButton"_s), Qt::LeftButton);
                const auto isGone = [&] { return !dialog->findChild<QDialog *>(u"reasonDialog"_s); };
                if (!QTest::qWaitFor(isGone) || ++accepted > 20)
                    return -2;
            }
        }
        return accepted;
    }
    static QToolButton *openBlocking(const QWidget *dialog)
    {
        for (const FindingCard *card : dialog->findChildren<FindingCard *>()) {
            auto *button = card->findChild<QToolButton *>(u"acceptButton"_s);
            if (button && button->isVisible() && isBlocking(card->finding().severity))
                return button;
        }
        return nullptr;
    }
    [[nodiscard]] QString failedChecks() const
    {
        QStringList lines;
        const QAbstractItemModel *checks = m_window->planFlow()->dialog()->findChild<ChecksModel *>();
        for (int row = 0; row < checks->rowCount(); ++row) {
            const QModelIndex index = checks->index(row, 0);
            if (index.data(ChecksModel::StateRole).toInt() == ChecksModel::Failed)
                lines += index.data(ChecksModel::TitleRole).toString() + u": "_s +
                         index.data(ChecksModel::TextRole).toString();
        }
        return lines.join(u'\n');
    }
    [[nodiscard]] const TargetStatus &status() const { return *m_window->session()->status(production); }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("XDG_DATA_HOME", m_home.filePath(u"data"_s).toUtf8());
        qputenv("XDG_CONFIG_HOME", m_home.filePath(u"config"_s).toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        m_demo = m_home.filePath(u"demo"_s);
        m_window = std::make_unique<MainWindow>(m_secrets, m_repository);
        m_window->show();
    }

    void cleanupTestCase()
    {
        m_window.reset();
        QVERIFY2(!DemoWorkspace(m_demo).cluster().isRunning(), "the window stops the server that it started");
    }

    void theDemoOpens()
    {
        m_window->openDemo(false, m_demo);
        waitIdle();
        QCOMPARE(m_window->session()->statuses().size(), 9);
        QCOMPARE(status().state, TargetState::Pending);
        QCOMPARE(m_window->session()->status({u"development"_s, u"appproxy"_s})->state,
                 TargetState::Unreachable);
    }

    void aTargetIsSelected()
    {
        m_window->showTarget(production);
        QCOMPARE(m_window->findChild<Sidebar *>()->place(), Sidebar::Place::Target);
        QVERIFY(m_window->actions().upgrade->isEnabled());
        QVERIFY(m_window->actions().rollBack->isEnabled());
    }

    void cancelChangesNothing()
    {
        const RevisionIds before = status().current;
        openPlan(m_window->actions().upgrade);
        PlanDialog *dialog = m_window->planFlow()->dialog();
        auto *cancel = dialog->findChild<QPushButton *>(u"cancelButton"_s);
        QVERIFY(cancel->isDefault());
        QTest::mouseClick(cancel, Qt::LeftButton);
        QVERIFY(!m_window->runs()->isRunning());
        m_window->session()->refresh(production);
        waitIdle();
        QCOMPARE(status().current, before);
    }

    void productionIsUpgradedWithABackup()
    {
        openPlan(m_window->actions().upgrade);
        PlanDialog *dialog = m_window->planFlow()->dialog();
        QVERIFY(dialog->findChild<QRadioButton *>(u"backupDump"_s)->isChecked());
        QVERIFY(!dialog->findChild<QRadioButton *>(u"backupNone"_s));
        QVERIFY2(failedChecks().contains(u"not accepted yet"_s), qPrintable(failedChecks()));
        const int accepted = acceptFindings();
        QVERIFY2(accepted > 0, qPrintable(QString::number(accepted)));
        confirm();
        QCOMPARE(status().state, TargetState::AtHead);
        QCOMPARE(m_window->findChild<RunView *>()->state(), RunView::State::Ended);
        const QString result = m_window->findChild<QLabel *>(u"resultTitle"_s)->text();
        QVERIFY2(!result.isEmpty(), qPrintable(result));
    }

    void oneStepBack()
    {
        m_window->showTarget(production);
        const RevisionIds head = status().current;
        openPlan(m_window->actions().stepBack);
        QVERIFY(acceptFindings() >= 0);
        confirm();
        QCOMPARE(status().state, TargetState::Pending);
        QCOMPARE(status().pending, head);
    }

    void theJournalTellsBoth()
    {
        m_window->showJournal();
        waitIdle();
        const QFuture<Result<QList<JournalEntry>>> journal = m_window->session()->journal(10);
        QTRY_VERIFY(journal.isFinished());
        const QList<JournalEntry> entries = journal.result().value();
        QCOMPARE(entries.size(), 2);
        QCOMPARE(entries.at(0).kind, RunKind::Downgrade);
        QCOMPARE(entries.at(1).kind, RunKind::Upgrade);
        for (const JournalEntry &entry : entries) {
            QCOMPARE(entry.outcome, Outcome::Done);
            QVERIFY(entry.backup && QFile::exists(entry.backup->file));
        }
        QStringList reasons;
        for (const JournalStep &step : entries.at(1).steps) {
            for (const JournalAcceptance &accepted : step.signOff.accepted)
                reasons += accepted.reason;
        }
        QVERIFY(reasons.contains(u"tried on a copy"_s));
    }

    void anApprovalGoesStale()
    {
        m_window->showTarget(production);
        waitIdle();
        const RevisionId id = status().heads.first();
        auto *pane = m_window->findChild<ReviewPane *>();
        QVERIFY(m_window->findChild<ComponentPage *>()->selectRevision(id));
        pane->setCurrentIndex(ReviewPane::UpgradeSql);
        waitIdle();
        const auto state = [&] { return pane->findChild<QLabel *>(u"signOffText"_s)->text(); };
        QVERIFY2(state().contains(u"Nobody has reviewed"_s), qPrintable(state()));

        QTest::mouseClick(pane->findChild<QAbstractButton *>(u"approveButton"_s), Qt::LeftButton);
        auto *dialog = m_window->findChild<QDialog *>(u"reviewDialog"_s);
        QVERIFY(dialog);
        auto *give = dialog->findChild<QPushButton *>(u"giveButton"_s);
        for (QLineEdit *edit : dialog->findChildren<QLineEdit *>(QRegularExpression(u"^reason-"_s)))
            edit->setText(u"tried on a copy"_s);
        QVERIFY(give->isEnabled());
        QTest::mouseClick(give, Qt::LeftButton);
        waitIdle();
        QTRY_VERIFY2(state().contains(u"Approved as it is now"_s), qPrintable(state()));

        // The file is changed by an editor; the window sees it by itself.
        const QString file = status().scripts->map.find(id)->file;
        const QByteArray before = readFile(file);
        writeFile(file, QByteArray(before).replace("\"created_at\"]", "\"created_at\", \"uuid\"]"));
        QTRY_VERIFY2_WITH_TIMEOUT(state().contains(u"It changed since"_s), qPrintable(state()), 30000);
        waitIdle();
        QTest::mouseClick(pane->findChild<QAbstractButton *>(u"changesButton"_s), Qt::LeftButton);
        QCOMPARE(pane->currentIndex(), int(ReviewPane::Changes));
        waitIdle();
        bool told = false;
        for (const QPlainTextEdit *view : pane->findChildren<QPlainTextEdit *>())
            told = told || view->toPlainText().contains(u"+CREATE INDEX"_s);
        QVERIFY(told);
        writeFile(file, before);
        QTRY_VERIFY2_WITH_TIMEOUT(state().contains(u"Approved as it is now"_s), qPrintable(state()), 30000);
    }

    void aFaultIsShownAndTheWindowLivesOn()
    {
        m_window->openWorkspace(u"/nowhere/at/all"_s);
        QTRY_VERIFY(m_window->findChild<QMessageBox *>(u"errorBox"_s));
        QVERIFY(!m_window->findChild<QMessageBox *>(u"errorBox"_s)->text().isEmpty());
        QCOMPARE(m_window->session()->statuses().size(), 9);
    }
};

QTEST_MAIN(tst_Window)
#include "tst_window.moc"
