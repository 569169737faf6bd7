// SPDX-License-Identifier: MIT
#include "app/mainwindow.h"

#include "app/notifier.h"
#include "app/settings.h"
#include "migrations/demo/demoworkspace.h"
#include "models/overviewmodel.h"
#include "models/targettreemodel.h"
#include "views/backupspage.h"
#include "views/componentpage.h"
#include "views/credentialspage.h"
#include "views/doctorpage.h"
#include "views/journalpage.h"
#include "views/overviewpage.h"
#include "views/runview.h"
#include "views/sidebar.h"
#include "views/theme.h"
#include "views/welcomepage.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QThreadPool>
#include <QToolBar>
#include <QtConcurrentRun>

namespace stepwell {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(SecretStore &secrets, KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QMainWindow(parent)
    , m_secrets(secrets)
    , m_repository(repository)
    , m_actions(this)
    , m_planFlow(new PlanFlow(repository, this))
    , m_stamps(new StampFlow(this))
    , m_runs(new RunController(this))
    , m_notifier(new Notifier(this))
    , m_tree(new TargetTreeModel(this))
    , m_overviewModel(new OverviewModel(this))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(tr("Stepwell"));
    build();
    m_reviews = new ReviewFlow(repository, m_component, this);
    m_repairs = new RepairFlow(repository, m_doctorPage, this);
    connectActions();
    connectPages();
    connectRuns();
    connectRunView();
    connectRepairs();
    resize(1440, 900);
    restoreGeometry(Settings::value(u"geometry"_s));
    showPage(m_welcome);
    m_welcome->setRecent(Settings::recentWorkspaces());
    updateActions();
}

MainWindow::~MainWindow()
{
    m_reviews->setSession(nullptr);
    m_repairs->setSession(nullptr);
    m_stamps->setSession(nullptr);
    m_session.reset();
    QThreadPool::globalInstance()->waitForDone();
    if (!m_startedDemo.isEmpty())
        std::ignore = DemoWorkspace(m_startedDemo).stop();
}

void MainWindow::build()
{
    m_sidebar = new Sidebar(m_tree);
    m_pages = new QStackedWidget;
    m_pages->setObjectName(u"pages"_s);
    m_welcome = new WelcomePage;
    m_overview = new OverviewPage(m_overviewModel);
    m_component = new ComponentPage(m_repository);
    m_runView = new RunView(m_repository);
    m_doctorPage = new DoctorPage;
    m_journalPage = new JournalPage;
    m_backupsPage = new BackupsPage;
    m_credentials = new CredentialsPage;
    for (QWidget *page :
         std::initializer_list<QWidget *>{m_welcome, m_overview, m_component, m_runView, m_doctorPage,
                                          m_journalPage, m_backupsPage, m_credentials})
        m_pages->addWidget(page);
    auto *splitter = new QSplitter;
    splitter->setObjectName(u"windowSplitter"_s);
    splitter->addWidget(m_sidebar);
    splitter->addWidget(m_pages);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({268, 1172});
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    setCentralWidget(splitter);

    m_actions.fill(menuBar());
    m_toolBar = addToolBar(tr("Actions"));
    m_toolBar->setObjectName(u"toolBar"_s);
    m_toolBar->setMovable(false);
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_actions.fill(m_toolBar);
    auto *space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    m_search = new QLineEdit;
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Find revision, message or file (%1)")
                                     .arg(m_actions.find->shortcut().toString(QKeySequence::NativeText)));
    m_search->setAccessibleName(tr("Find a revision"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(320);
    m_toolBar->addWidget(m_search);

    m_toolBar->widgetForAction(m_actions.upgrade)->setObjectName(u"upgradeButton"_s);
    updateToolBarStyle();

    m_readText = new QLabel;
    m_runText = new QLabel(tr("No run in progress"));
    m_runText->setObjectName(u"runText"_s);
    m_readText->setContentsMargins(8, 0, 0, 0);
    statusBar()->addWidget(m_readText);
    statusBar()->addPermanentWidget(m_runText);
}

void MainWindow::connectActions()
{
    connect(m_actions.openWorkspace, &QAction::triggered, this, &MainWindow::chooseWorkspace);
    connect(m_actions.newWorkspace, &QAction::triggered, this, &MainWindow::makeWorkspace);
    connect(m_actions.openDemo, &QAction::triggered, this, [this] { openDemo(false); });
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.showOverview, &QAction::triggered, this, &MainWindow::showOverview);
    connect(m_actions.showJournal, &QAction::triggered, this, &MainWindow::showJournal);
    connect(m_actions.showBackups, &QAction::triggered, this, &MainWindow::showBackups);
    connect(m_actions.showCredentials, &QAction::triggered, this, &MainWindow::showCredentials);
    connect(m_actions.find, &QAction::triggered, m_search, qOverload<>(&QWidget::setFocus));
    connect(m_search, &QLineEdit::textChanged, m_component, &ComponentPage::setFilterText);
    connect(m_actions.refresh, &QAction::triggered, this, [this] {
        if (m_pages->currentWidget() == m_component)
            m_session->refresh(m_target);
        else
            m_session->refreshAll();
    });
    connect(m_actions.refreshAll, &QAction::triggered, this, [this] { m_session->refreshAll(); });
    connect(m_actions.upgrade, &QAction::triggered, this, [this] { upgradeTo(u"head"_s); });
    connect(m_actions.stepBack, &QAction::triggered, this, [this] { rollBackTo({}); });
    connect(m_actions.rollBack, &QAction::triggered, this, &MainWindow::chooseRollback);
    connect(m_actions.emergency, &QAction::triggered, this,
            [this] { rollBackTo({}, PlanDialog::Mode::Emergency); });
    connect(m_actions.backUp, &QAction::triggered, this, &MainWindow::backUpNow);
    connect(m_actions.searchSql, &QAction::triggered, m_reviews, &ReviewFlow::search);
    connect(m_actions.renderAgain, &QAction::triggered, m_reviews, &ReviewFlow::refresh);
    connect(m_actions.exportHtml, &QAction::triggered, m_reviews, &ReviewFlow::exportHtml);
    connect(m_actions.exportPdf, &QAction::triggered, m_reviews, &ReviewFlow::exportPdf);
    connect(m_actions.about, &QAction::triggered, this, [this] {
        QMessageBox::about(this, tr("About Stepwell"),
                           tr("<b>Stepwell</b><br>Alembic migrations on PostgreSQL: seen, reviewed, backed "
                              "up, run, rolled back."));
    });
}

void MainWindow::connectPages()
{
    connect(m_sidebar, &Sidebar::overviewSelected, this, &MainWindow::showOverview);
    connect(m_sidebar, &Sidebar::targetSelected, this, &MainWindow::showTarget);
    connect(m_sidebar, &Sidebar::journalSelected, this, &MainWindow::showJournal);
    connect(m_sidebar, &Sidebar::backupsSelected, this, &MainWindow::showBackups);
    connect(m_sidebar, &Sidebar::settingsSelected, this, &MainWindow::showCredentials);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::chooseWorkspace);
    connect(m_welcome, &WelcomePage::newRequested, this, &MainWindow::makeWorkspace);
    connect(m_welcome, &WelcomePage::demoRequested, this, [this] { openDemo(false); });
    connect(m_welcome, &WelcomePage::recentRequested, this, &MainWindow::openWorkspace);
    connect(m_overview, &OverviewPage::targetRequested, this, &MainWindow::showTarget);
    connect(m_overview, &OverviewPage::retryRequested, this,
            [this](const TargetId &id) { m_session->refresh(id); });
    connect(m_overview, &OverviewPage::passwordRequested, this,
            [this](const TargetId &id) { askPassword(id); });
    connectTargetPages();
}

void MainWindow::connectRuns()
{
    connect(m_planFlow, &PlanFlow::refused, this, &MainWindow::showError);
    connect(m_reviews, &ReviewFlow::failed, this, &MainWindow::showError);
    connect(m_reviews, &ReviewFlow::done, this,
            [this](const QString &text) { statusBar()->showMessage(text, 20000); });
    connect(m_reviews, &ReviewFlow::changed, this, &MainWindow::updateActions);
    connect(m_planFlow, &PlanFlow::nothingToDo, this,
            [this](const QString &text) { statusBar()->showMessage(text, 10000); });
    connect(m_planFlow, &PlanFlow::confirmed, this, &MainWindow::startRun);
    connect(m_runs, &RunController::eventHappened, m_runView, &RunView::handleEvent);
    connect(m_runs, &RunController::finished, this, &MainWindow::runFinished);
    connect(m_runView, &RunView::stopRequested, m_runs, &RunController::stopAfterThisRevision);
    connect(m_runView, &RunView::cancelRequested, m_runs, &RunController::cancel);
    connect(m_runView, &RunView::backRequested, this, [this] { showTarget(m_runView->request().target.id); });
    connect(m_runView, &RunView::retryRequested, this, [this] {
        const RunRequest request = m_runView->request();
        m_planFlow->begin(*m_session, request.target.id, request.plan.direction, request.plan.target);
    });
    connect(m_runView, &RunView::rollBackRequested, this, [this] {
        showTarget(m_runView->request().target.id);
        chooseRollback();
    });
    connect(m_runView, &RunView::journalRequested, this, [this](qint64 id) {
        showJournal();
        m_journalPage->showEntry(id);
    });
}

void MainWindow::openWorkspace(const QString &directory)
{
    if (m_runs->isRunning())
        return showError(tr("A run is in progress"),
                         {.message = tr("The workspace cannot be changed while a run is in progress."),
                          .hint = tr("Stop it or wait for its end.")});
    const Result<Workspace> workspace = readWorkspace(directory);
    if (!workspace)
        return showError(tr("The workspace cannot be opened"), workspace.error());
    m_session = std::make_unique<WorkspaceSession>(*workspace, m_secrets);
    m_reviews->setSession(m_session.get());
    m_repairs->setSession(m_session.get());
    m_stamps->setSession(m_session.get());
    connect(m_session.get(), &WorkspaceSession::readingStarted, this, [this](const TargetId &id) {
        m_tree->setReading(id);
        if (id == m_target)
            m_component->setReading();
    });
    connect(m_session.get(), &WorkspaceSession::statusChanged, this, &MainWindow::statusChanged);
    m_target = {};
    m_journal.clear();
    m_tree->setWorkspace(*workspace);
    m_overviewModel->setWorkspace(*workspace);
    m_credentials->setWorkspace(*workspace);
    setWindowTitle(tr("%1 — Stepwell").arg(workspace->name));
    Settings::addRecentWorkspace(workspace->directory);
    for (const QString &warning : workspace->warnings)
        statusBar()->showMessage(warning, 15000);
    showOverview();
    m_session->refreshAll();
    // Runs that a crash cut off are settled first thing: what they left is read from the database.
    ++m_asked;
    m_session->settleRuns().then(this, [this](const QStringList &lines) {
        --m_asked;
        refreshJournal();
        if (!lines.isEmpty())
            showError(tr("A run was cut off"), {.message = lines.join(u"\n\n"_s)});
    });
    Q_EMIT workspaceOpened();
}

void MainWindow::openDemo(bool reset, const QString &directory)
{
    const QString place = directory.isEmpty() ? DemoWorkspace::defaultDirectory() : directory;
    setCursor(Qt::BusyCursor);
    statusBar()->showMessage(tr("Preparing the demo workspace: a PostgreSQL cluster with three components…"));
    QtConcurrent::run([place, reset]() -> Result<bool> {
        DemoWorkspace demo(place);
        const bool wasRunning = demo.cluster().isRunning();
        const Result<void> ready = reset ? demo.reset({}) : demo.exists() ? demo.start() : demo.create({});
        return ready.transform([&] { return !wasRunning; });
    }).then(this, [this, place](const Result<bool> &ready) {
        unsetCursor();
        statusBar()->clearMessage();
        if (ready) {
            if (*ready)
                m_startedDemo = place;
            return openWorkspace(place);
        }
        showError(tr("The demo workspace cannot be opened"), ready.error());
        Q_EMIT demoFailed(toText(ready.error()));
    });
}

void MainWindow::chooseWorkspace()
{
    auto *chooser =
        new QFileDialog(this, tr("Open a workspace"), {}, tr("Stepwell workspaces (stepwell.toml)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    connect(chooser, &QFileDialog::fileSelected, this, &MainWindow::openWorkspace);
    chooser->open();
}

void MainWindow::makeWorkspace()
{
    auto *chooser = new QFileDialog(this, tr("Folder with alembic.ini"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setOption(QFileDialog::ShowDirsOnly);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &directory) {
        const QString path = directory + u"/stepwell.toml"_s;
        if (QFile::exists(path))
            return openWorkspace(directory);
        const Result<QString> text = proposeWorkspace(directory);
        if (!text)
            return showError(tr("No workspace can be made there"), text.error());
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text->toUtf8()) < 0 || !file.commit())
            return showError(
                tr("The workspace file could not be written"),
                {.kind = ErrorKind::FileError, .message = u"%1: %2"_s.arg(path, file.errorString())});
        openWorkspace(directory);
    });
    chooser->open();
}

void MainWindow::showPage(QWidget *page)
{
    m_pages->setCurrentWidget(page);
    m_sidebar->setVisible(page != m_welcome);
    updateActions();
    updateStatusBar();
}

void MainWindow::showError(const QString &title, const Error &error)
{
    auto *box = new QMessageBox(QMessageBox::Warning, title, error.message, QMessageBox::Ok, this);
    box->setObjectName(u"errorBox"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(error.hint);
    if (!error.detail.isEmpty())
        box->setDetailedText(error.detail);
    box->open();
}

void MainWindow::updateActions()
{
    const TargetStatus *status = m_session ? m_session->status(m_target) : nullptr;
    const bool onTarget =
        m_pages->currentWidget() == m_component && status && status->database && status->scripts;
    const bool free = !m_runs->isRunning();
    for (QAction *action : {m_actions.searchSql, m_actions.exportHtml, m_actions.exportPdf})
        action->setEnabled(onTarget && m_reviews->hasPending());
    m_actions.renderAgain->setEnabled(onTarget);
    m_actions.refresh->setEnabled(m_session != nullptr);
    m_actions.refreshAll->setEnabled(m_session != nullptr);
    for (QAction *action : {m_actions.showOverview, m_actions.showDoctor, m_actions.showJournal,
                            m_actions.showBackups, m_actions.showCredentials})
        action->setEnabled(m_session != nullptr);
    const bool sound = onTarget && free && status->scripts->problems.isEmpty();
    m_actions.upgrade->setEnabled(sound && !status->pending.isEmpty());
    for (QAction *action : {m_actions.stepBack, m_actions.rollBack, m_actions.emergency})
        action->setEnabled(sound && !status->current.isEmpty());
    m_actions.backUp->setEnabled(onTarget && free);
    m_actions.stamp->setEnabled(onTarget && free);
    m_actions.resolveHeads->setEnabled(m_pages->currentWidget() == m_component && status && status->scripts &&
                                       free);
    m_actions.ownFiles->setEnabled(m_session && free && !m_session->filesOf(m_target).isEmpty());
    m_search->setEnabled(m_pages->currentWidget() == m_component);
}

void MainWindow::updateStatusBar()
{
    QString text;
    if (const TargetStatus *status = m_session ? m_session->status(m_target) : nullptr;
        status && m_pages->currentWidget() == m_component) {
        text = status->database ? tr("● connected") : tr("○ not connected");
        text += tr("     Read at %1 · %2 ms")
                    .arg(status->readAt.toLocalTime().toString(u"HH:mm:ss"_s))
                    .arg(status->duration.count());
        if (status->scripts)
            text += tr("     %1 revisions").arg(status->scripts->map.count());
    } else if (m_session) {
        text =
            m_session->isReading() ? tr("Reading…") : tr("%1 targets read").arg(m_session->statuses().size());
    }
    m_readText->setText(text);
    m_runText->setText(m_runs->isRunning() ? tr("Running: %1").arg(m_runs->target().text())
                                           : tr("No run in progress"));
}

/// The one button that is meant to be pressed stands out; the others look like buttons.
void MainWindow::updateToolBarStyle()
{
    const theme::ToneColours accent = theme::tone(theme::Tone::Accent, palette());
    const QColor text = accent.strong.lightnessF() > 0.6 ? Qt::black : Qt::white;
    m_toolBar->setStyleSheet(
        u"QToolBar { spacing: 6px; padding: 5px 8px; }"
        "QToolBar QToolButton { border: 1px solid %1; border-radius: 4px; padding: 5px 10px; background: "
        "palette(base); }"
        "QToolBar QToolButton:hover:enabled { border-color: %2; }"
        "QToolBar QToolButton:disabled { color: %3; background: transparent; }"
        "QToolBar QToolButton#upgradeButton:enabled { background: %2; border-color: %2; color: %4; }"_s.arg(
            theme::hairline(palette()).name(), accent.strong.name(), theme::mutedText(palette()).name(),
            text.name()));
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_toolBar)
        updateToolBarStyle();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_runs->isRunning()) {
        event->ignore();
        askBeforeClosing();
        return;
    }
    Settings::setValue(u"geometry"_s, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace stepwell
