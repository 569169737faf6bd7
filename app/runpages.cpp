// SPDX-License-Identifier: MIT
// What a run and its view ask for: locks, the way on after its end, the word to somebody who does not look.

#include "app/mainwindow.h"
#include "app/notifier.h"
#include "migrations/journal/journal.h"
#include "views/runview.h"

#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>
#include <QtConcurrentRun>

namespace stepwell {

using namespace Qt::StringLiterals;

void MainWindow::connectRunView()
{
    connect(m_runView, &RunView::lockGiveUpRequested, m_runs, &RunController::giveUpLock);
    connect(m_runView, &RunView::signalRequested, m_runs, &RunController::signalBlocker);
    connect(m_runView, &RunView::upgradeAgainRequested, this, &MainWindow::upgradeAgain);
    connect(m_runView, &RunView::readStateRequested, this, &MainWindow::readRunState);
    connect(m_runView, &RunView::repairRequested, this, &MainWindow::repair);
    connect(m_runView, &RunView::saveReportRequested, this, &MainWindow::saveReport);
    connect(m_notifier, &Notifier::clicked, this, [this] {
        setWindowState(windowState() & ~Qt::WindowMinimized);
        raise();
        activateWindow();
    });
}

/// After a rollback: to the revision it started from. Several need a choice, which the target's page offers.
void MainWindow::upgradeAgain()
{
    const RunRequest &request = m_runView->request();
    if (request.plan.from.size() != 1)
        return showTarget(request.target.id);
    m_planFlow->begin(*m_session, request.target.id, Direction::Upgrade, request.plan.from.first().text());
}

/// A run with an unknown outcome is settled by what its database says.
void MainWindow::readRunState()
{
    const TargetId id = m_runView->request().target.id;
    m_session->refresh(id);
    showTarget(id);
    ++m_asked;
    m_session->settleRuns().then(this, [this](const QStringList &lines) {
        --m_asked;
        refreshJournal();
        if (!lines.isEmpty())
            showError(tr("What the database says"), {.message = lines.join(u"\n\n"_s)});
    });
}

void MainWindow::repair(const CheckFix &fix)
{
    const TargetId id = m_runView->request().target.id;
    ++m_asked;
    statusBar()->showMessage(tr("%1: this may take a while…").arg(fix.label));
    m_session->applyFix(id, fix).then(this, [this, id, fix](const Result<void> &applied) {
        --m_asked;
        statusBar()->clearMessage();
        m_session->refresh(id);
        if (!applied)
            return showError(tr("%1 did not succeed").arg(fix.label), applied.error());
        statusBar()->showMessage(tr("Done: %1").arg(fix.label), 20000);
    });
}

void MainWindow::saveReport(qint64 journalId)
{
    ++m_asked;
    QtConcurrent::run([journalId] {
        return Journal::open(defaultJournalPath()).and_then([&](const std::unique_ptr<Journal> &journal) {
            return journal->entry(journalId);
        });
    }).then(this, [this](const Result<JournalEntry> &entry) {
        --m_asked;
        if (!entry)
            return showError(tr("The run is not in the journal"), entry.error());
        saveRunReport(*entry);
    });
}

void MainWindow::notifyOfEnd(const RunReport &report)
{
    if (wantsNotification(std::chrono::milliseconds(m_runTime.elapsed()), isActiveWindow()))
        m_notifier->notify(notificationOf(m_runView->request(), report));
}

/// A run is never left alone by accident: it would be cut off, or go on without anybody who reads its end.
void MainWindow::askBeforeClosing()
{
    if (auto *open = findChild<QMessageBox *>(u"closeQuestion"_s)) {
        open->raise();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Warning, tr("A run is in progress"),
                                tr("%1 is being migrated.").arg(m_runs->target().text()),
                                QMessageBox::NoButton, this);
    box->setObjectName(u"closeQuestion"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Stepwell closes when the run has ended. Revisions that are done stay in "
                               "place in any case; to cancel "
                               "rolls the one that is running back."));
    const QPushButton *finish =
        box->addButton(tr("Finish this revision, stop, and close"), QMessageBox::AcceptRole);
    const QPushButton *cancel = box->addButton(tr("Cancel now and close"), QMessageBox::DestructiveRole);
    QPushButton *keep = box->addButton(tr("Keep running"), QMessageBox::RejectRole);
    keep->setObjectName(u"keepRunning"_s);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    const auto closeAfter = [this](void (RunController::*ask)()) {
        m_closing = true;
        if (m_runs->isRunning())
            (m_runs->*ask)();
        else
            close(); // it ended while the question was open
    };
    connect(finish, &QPushButton::clicked, this,
            [closeAfter] { closeAfter(&RunController::stopAfterThisRevision); });
    connect(cancel, &QPushButton::clicked, this, [closeAfter] { closeAfter(&RunController::cancel); });
    connect(keep, &QPushButton::clicked, this, [this] { m_closing = false; });
    box->open();
}

} // namespace stepwell
