// SPDX-License-Identifier: MIT
// Mending histories through the real window on the demo workspace: a rebase that goes over a database, a
// merge, a rollback with another checkout's files, a stamp over a revision that nobody has.

#include "app/mainwindow.h"
#include "app/secretstore.h"
#include "migrations/demo/demoworkspace.h"
#include "views/componentpage.h"
#include "views/doctorpage.h"
#include "views/plandialog.h"

#include <KSyntaxHighlighting/Repository>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const TargetId diverged{u"staging"_s, u"accountmgr"_s};
const TargetId ahead{u"production"_s, u"appproxy"_s};
const TargetId phantom{u"development"_s, u"manager"_s};

} // namespace

class tst_ResolveWindow : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    QString m_demo;
    SecretStore m_secrets;
    KSyntaxHighlighting::Repository m_repository;
    std::unique_ptr<MainWindow> m_window;

    void waitIdle() { QTRY_VERIFY_WITH_TIMEOUT(m_window->session() && !m_window->isBusy(), 120000); }
    [[nodiscard]] const TargetStatus &status(const TargetId &id) const
    {
        return *m_window->session()->status(id);
    }
    /// The plan dialog that is open or about to be, confirmed and run to its end.
    void runPlan()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->planFlow()->dialog(), 30000);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->planFlow()->isBusy(), 60000);
        m_window->planFlow()->dialog()->accept();
        QVERIFY(m_window->runs()->isRunning());
        waitIdle();
    }
    template<typename T = QPushButton>
    T *shown(const QString &name) const
    {
        for (T *one : m_window->findChildren<T *>(name)) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }
    QAbstractButton *offer(const QString &begin) const
    {
        for (auto *button : m_window->findChildren<QAbstractButton *>(u"offerButton"_s)) {
            if (button->isVisible() && button->accessibleName().contains(begin))
                return button;
            if (button->isVisible() && (button->text().contains(begin) || button->toolTip().contains(begin)))
                return button;
        }
        return nullptr;
    }
    /// The next stage of the repair that is open.
    void takeStage()
    {
        m_window->showDoctor();
        waitIdle();
        // The page may be filled once more: files that changed are looked at a moment later.
        const auto button = [this] {
            auto *stage = shown<QAbstractButton>(u"stageButton"_s);
            return stage && stage->isEnabled() ? stage : nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(button(), 30000);
        button()->click();
    }

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
        m_window->openDemo(false, m_demo);
        waitIdle();
        QCOMPARE(status(diverged).state, TargetState::Diverged);
    }

    void cleanupTestCase() { m_window.reset(); }

    /// Nobody should be able to lose a question by pressing Escape: nothing happens.
    void aLookChangesNothing()
    {
        m_window->showTarget(diverged);
        m_window->actions().resolveHeads->trigger();
        QTRY_VERIFY(m_window->repairs()->resolveDialog());
        waitIdle();
        QTest::keyClick(m_window->repairs()->resolveDialog(), Qt::Key_Escape);
        QTRY_VERIFY(!m_window->repairs()->resolveDialog());
        QCOMPARE(status(diverged).heads.size(), 2);
    }

    /// Both sides are applied in staging: it goes down, the file is rewritten, it comes up again.
    void aRebaseGoesOverADatabase()
    {
        m_window->showTarget(diverged);
        m_window->planFlow()->begin(*m_window->session(), diverged, Direction::Upgrade, u"heads"_s);
        runPlan();
        QCOMPARE(status(diverged).current.size(), 2);
        const RevisionIds heads = status(diverged).heads;
        m_window->showTarget(diverged);
        m_window->actions().resolveHeads->trigger();
        QTRY_VERIFY(m_window->repairs()->resolveDialog());
        ResolveDialog *dialog = m_window->repairs()->resolveDialog();
        waitIdle();
        dialog->choose({.kind = RepairKind::Rebase, .moved = heads[0].text(), .onto = heads[1].text()});
        waitIdle();
        auto *apply = dialog->findChild<QPushButton *>(u"applyButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(apply->isEnabled(), 20000);
        QVERIFY2(apply->text().contains("database"_L1), qPrintable(apply->text()));
        apply->click();
        waitIdle();
        dialog->reject();
        QCOMPARE(status(diverged).heads.size(), 2); // no file before the database went down
        takeStage();
        runPlan();
        QCOMPARE(status(diverged).current, RevisionIds{heads[1]});
        takeStage();
        QTRY_COMPARE_WITH_TIMEOUT(status(diverged).heads, RevisionIds{heads[0]}, 30000);
        takeStage();
        runPlan();
        QCOMPARE(status(diverged).current, RevisionIds{heads[0]});
        QCOMPARE(status(diverged).state, TargetState::AtHead);
        m_window->showDoctor();
        QTRY_VERIFY_WITH_TIMEOUT(!shown<QAbstractButton>(u"stageButton"_s), 30000);
    }

    /// The code was rolled back; the database is taken back with the files that know its revision.
    void aRollbackWithOtherFiles()
    {
        QCOMPARE(status(ahead).state, TargetState::Elsewhere);
        m_window->showDoctor();
        waitIdle();
        QAbstractButton *look = offer(u"Look at production/appproxy"_s);
        QVERIFY(look);
        look->click();
        waitIdle();
        QCOMPARE(status(ahead).state, TargetState::AtHead);
        QVERIFY(m_window->actions().ownFiles->isEnabled());
        m_window->actions().ownFiles->trigger();
        waitIdle();
        QCOMPARE(status(ahead).state, TargetState::Elsewhere);
        QVERIFY(!m_window->actions().ownFiles->isEnabled());
    }

    void aStampIsComparedBeforeItIsMade()
    {
        m_window->stamps()->begin(phantom, {u"7b6a1e0c4f21"_s}, true);
        QTRY_VERIFY(m_window->stamps()->dialog());
        waitIdle();
        auto *action = m_window->stamps()->dialog()->findChild<QPushButton *>(u"stampButton"_s);
        QVERIFY(action->isEnabled());
        action->click();
        waitIdle();
        QCOMPARE(status(phantom).current, RevisionIds{RevisionId(u"7b6a1e0c4f21"_s)});
        QCOMPARE(status(phantom).state, TargetState::Pending);
    }

    /// Another workspace is opened while answers are on their way.
    void nothingComesLate()
    {
        m_window->showDoctor();
        m_window->stamps()->begin(phantom);
        m_window->openWorkspace(m_demo);
        QVERIFY(!m_window->stamps()->dialog());
        waitIdle();
        m_window->showDoctor();
        waitIdle();
        QVERIFY(!m_window->findChild<QMessageBox *>(u"errorBox"_s));
    }
};

QTEST_MAIN(tst_ResolveWindow)
#include "tst_resolvewindow.moc"
