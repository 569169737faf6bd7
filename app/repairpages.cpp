// SPDX-License-Identifier: MIT
// What the Doctor page and repairs of histories ask the window for.

#include "app/mainwindow.h"
#include "views/componentpage.h"
#include "views/doctorpage.h"
#include "views/overviewpage.h"
#include "views/sidebar.h"

#include <QAction>
#include <QDesktopServices>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>

namespace stepwell {

void MainWindow::connectRepairs()
{
    connect(m_sidebar, &Sidebar::doctorSelected, this, &MainWindow::showDoctor);
    connect(m_actions.showDoctor, &QAction::triggered, this, &MainWindow::showDoctor);
    connect(m_actions.resolveHeads, &QAction::triggered, this, [this] { m_repairs->resolve(m_target); });
    connect(m_actions.stamp, &QAction::triggered, this, [this] { m_stamps->begin(m_target); });
    connect(m_actions.ownFiles, &QAction::triggered, this, &MainWindow::useOwnFiles);
    connect(m_component, &ComponentPage::resolveRequested, m_repairs, &RepairFlow::resolve);
    connect(m_overview, &OverviewPage::resolveRequested, m_repairs, &RepairFlow::resolve);
    connect(m_repairs, &RepairFlow::troublesCounted, this, [this](int count) {
        m_sidebar->setDoctorCount(count == 0   ? tr("all well")
                                  : count == 1 ? tr("1 trouble")
                                               : tr("%1 troubles").arg(count));
    });
    connect(m_runs, &RunController::started, m_repairs, [this] { m_repairs->setRunning(true); });
    connect(m_runs, &RunController::finished, m_repairs, [this] { m_repairs->setRunning(false); });
    connect(m_repairs, &RepairFlow::runRequested, this, &MainWindow::runForRepair);
    connect(m_repairs, &RepairFlow::doctorRequested, this, &MainWindow::showDoctor);
    connect(m_repairs, &RepairFlow::failed, this, &MainWindow::showError);
    connect(m_repairs, &RepairFlow::stampRequested, m_stamps, &StampFlow::begin);
    connect(m_stamps, &StampFlow::failed, this, &MainWindow::showError);
    connect(m_stamps, &StampFlow::journalChanged, this, &MainWindow::refreshJournal);
    connect(m_stamps, &StampFlow::done, this,
            [this](const QString &text) { statusBar()->showMessage(text, 20000); });
    connect(m_repairs, &RepairFlow::done, this,
            [this](const QString &text) { statusBar()->showMessage(text, 20000); });
    connect(m_repairs, &RepairFlow::fileRequested, this,
            [](const QString &file) { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    connect(m_repairs, &RepairFlow::showRequested, this,
            [this](const TargetId &id, const RevisionId &revision) {
                showTarget(id);
                m_component->setFilesOf(m_session->filesOf(id));
                if (!revision.isEmpty())
                    m_component->selectRevision(revision);
            });
}

void MainWindow::showDoctor()
{
    m_sidebar->showPlace(Sidebar::Place::Doctor);
    showPage(m_doctorPage);
    m_repairs->look();
}

void MainWindow::useOwnFiles()
{
    m_session->useOwnFiles(m_target);
    m_component->setFilesOf({});
    updateActions();
}

void MainWindow::runForRepair(const TargetId &id, Direction direction, const QString &revision)
{
    showTarget(id);
    m_planFlow->begin(*m_session, id, direction, revision);
}

} // namespace stepwell
