// SPDX-License-Identifier: MIT
#pragma once

#include "app/actions.h"
#include "app/planflow.h"
#include "app/repairflow.h"
#include "app/reviewflow.h"
#include "app/runcontroller.h"
#include "app/stampflow.h"
#include "app/workspacesession.h"
#include "views/journalpage.h"

#include <QElapsedTimer>
#include <QMainWindow>

#include <memory>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolBar;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class BackupsPage;
class ComponentPage;
class CredentialsPage;
class DoctorPage;
class Notifier;
class OverviewModel;
class OverviewPage;
class RunView;
class SecretStore;
class Sidebar;
class TargetTreeModel;
class WelcomePage;

/// The window: pages on the right, the sidebar on the left, and the wiring between them, the workspace's
/// session and the run. Views show and ask; what they ask for is answered here.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(SecretStore &secrets, KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens DIRECTORY/stepwell.toml; a fault is shown and the workspace of before stays.
    void openWorkspace(const QString &directory);
    /// Makes (or makes new) and starts the demo workspace on a worker, then opens it. A server that was not
    /// running before ends with the window.
    void openDemo(bool reset, const QString &directory = {});
    void showTarget(const TargetId &id);
    void showOverview();
    void showDoctor();
    void showJournal();
    void showBackups();
    void showCredentials();

    [[nodiscard]] WorkspaceSession *session() const { return m_session.get(); }
    [[nodiscard]] PlanFlow *planFlow() const { return m_planFlow; }
    [[nodiscard]] ReviewFlow *reviews() const { return m_reviews; }
    [[nodiscard]] RepairFlow *repairs() const { return m_repairs; }
    [[nodiscard]] StampFlow *stamps() const { return m_stamps; }
    [[nodiscard]] RunController *runs() const { return m_runs; }
    [[nodiscard]] const Actions &actions() const { return m_actions; }
    /// True while anything that was asked for is still to come: states, SQL, the journal, the end of a run.
    [[nodiscard]] bool isBusy() const
    {
        return m_asked > 0 || m_reviews->isBusy() || m_repairs->isBusy() || m_stamps->isBusy() ||
               m_runs->isRunning() || (m_session && m_session->isReading());
    }

Q_SIGNALS:
    void workspaceOpened();
    void demoFailed(const QString &text);

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // mainwindow.cpp: the window itself
    void build();
    void connectActions();
    void connectPages();
    void connectRuns();
    void updateActions();
    void updateToolBarStyle();
    void updateStatusBar();
    void showPage(QWidget *page);
    void showError(const QString &title, const Error &error);
    void chooseWorkspace();
    void makeWorkspace();

    // runpages.cpp: what a run and its view ask for
    void connectRunView();
    void upgradeAgain();
    void readRunState();
    void repair(const CheckFix &fix);
    void saveReport(qint64 journalId);
    void notifyOfEnd(const RunReport &report);
    void askBeforeClosing();

    // repairpages.cpp: what the Doctor page and the repairs ask for
    void connectRepairs();
    void useOwnFiles();
    void runForRepair(const TargetId &id, Direction direction, const QString &revision);

    // targetpages.cpp: what the pages ask for
    void connectTargetPages();
    void statusChanged(const TargetId &id);
    void showScript(const RevisionId &id, const QString &file);
    void refreshJournal();
    void exportJournal(const QList<JournalEntry> &entries, JournalPage::Format format);
    void saveRunReport(const JournalEntry &entry);
    void tellSaved(const QString &file, const Result<void> &written);
    void showLastRun();
    void refreshCredentials();
    void askPassword(const TargetId &id);
    void forgetPassword(const TargetId &id);
    void upgradeTo(const QString &revision);
    void rollBackTo(const QString &revision, PlanDialog::Mode mode = PlanDialog::Mode::Ordinary);
    void rollBackBelow(const RevisionId &id);
    void chooseRollback();
    void backUpNow();
    void startRun(const RunRequest &request);
    void runFinished(const RunReport &report);
    [[nodiscard]] const TargetStatus *currentStatus() const;

    SecretStore &m_secrets;
    KSyntaxHighlighting::Repository &m_repository;
    Actions m_actions;
    std::unique_ptr<WorkspaceSession> m_session;
    PlanFlow *m_planFlow;
    ReviewFlow *m_reviews = nullptr;
    RepairFlow *m_repairs = nullptr;
    StampFlow *m_stamps;
    RunController *m_runs;
    Notifier *m_notifier;
    QElapsedTimer m_runTime; ///< of the last run
    QList<JournalEntry> m_journal;
    TargetId m_target;
    QString m_startedDemo; ///< folder of a demo whose server this window started, and stops
    int m_asked = 0;       ///< answers still to come
    bool m_closing = false;

    TargetTreeModel *m_tree;
    OverviewModel *m_overviewModel;
    Sidebar *m_sidebar = nullptr;
    QStackedWidget *m_pages = nullptr;
    WelcomePage *m_welcome = nullptr;
    OverviewPage *m_overview = nullptr;
    ComponentPage *m_component = nullptr;
    RunView *m_runView = nullptr;
    DoctorPage *m_doctorPage = nullptr;
    JournalPage *m_journalPage = nullptr;
    BackupsPage *m_backupsPage = nullptr;
    CredentialsPage *m_credentials = nullptr;
    QToolBar *m_toolBar = nullptr;
    QLineEdit *m_search = nullptr;
    QLabel *m_readText = nullptr;
    QLabel *m_runText = nullptr;
};

} // namespace stepwell
