// SPDX-License-Identifier: MIT
// What the pages of the window ask for: states, scripts, SQL, passwords, runs, the journal.

#include "app/mainwindow.h"
#include "app/savefile.h"
#include "app/secretstore.h"
#include "migrations/journal/journalexport.h"
#include "migrations/run/runpolicy.h"
#include "models/backupmodel.h"
#include "models/overviewmodel.h"
#include "models/targettreemodel.h"
#include "views/backupspage.h"
#include "views/componentpage.h"
#include "views/credentialspage.h"
#include "views/journalpage.h"
#include "views/overviewpage.h"
#include "views/passworddialog.h"
#include "views/reviewpane.h"
#include "views/rollbackdialog.h"
#include "views/runview.h"
#include "views/sidebar.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int journalLimit = 500;

QString plainPassword(const TargetStatus *status, bool inMemory)
{
    if (inMemory)
        return MainWindow::tr("kept in memory");
    if (!status)
        return MainWindow::tr("not asked yet");
    if (status->database)
        return MainWindow::tr("none needed, or found by libpq");
    return status->error && status->error->kind == ErrorKind::PasswordMissing ? MainWindow::tr("missing")
                                                                              : MainWindow::tr("not known");
}

WorkspaceSession::Keep keepOf(PasswordDialog::Keep keep)
{
    switch (keep) {
    case PasswordDialog::Keep::InSecretService:
        return WorkspaceSession::Keep::InSecretService;
    case PasswordDialog::Keep::InMemory:
        return WorkspaceSession::Keep::InMemory;
    case PasswordDialog::Keep::Once:
        break;
    }
    return WorkspaceSession::Keep::Briefly;
}

} // namespace

void MainWindow::connectTargetPages()
{
    connect(m_component, &ComponentPage::retryRequested, this,
            [this](const TargetId &id) { m_session->refresh(id); });
    connect(m_component, &ComponentPage::passwordRequested, this,
            [this](const TargetId &id) { askPassword(id); });
    connect(m_component, &ComponentPage::upgradeToRequested, this,
            [this](const RevisionId &id) { upgradeTo(id.text()); });
    connect(m_component, &ComponentPage::rollBackToRequested, this,
            [this](const RevisionId &id) { rollBackTo(id.text()); });
    connect(m_component, &ComponentPage::rollBackThisRequested, this, &MainWindow::rollBackBelow);
    connect(m_component, &ComponentPage::copyIdRequested, this,
            [](const RevisionId &id) { QGuiApplication::clipboard()->setText(id.text()); });
    connect(m_component, &ComponentPage::openFileRequested, this,
            [](const QString &file) { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    connect(m_component, &ComponentPage::scriptNeeded, this, &MainWindow::showScript);
    connect(m_backupsPage, &BackupsPage::openFolderRequested, this, [](const QString &file) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(file).absolutePath()));
    });
    connect(m_backupsPage, &BackupsPage::journalRequested, this, [this](qint64 id) {
        showJournal();
        m_journalPage->showEntry(id);
    });
    connect(m_journalPage, &JournalPage::exportRequested, this, &MainWindow::exportJournal);
    connect(m_journalPage, &JournalPage::reportRequested, this, &MainWindow::saveRunReport);
    connect(m_credentials, &CredentialsPage::passwordRequested, this,
            [this](const TargetId &id) { askPassword(id); });
    connect(m_credentials, &CredentialsPage::forgetRequested, this, &MainWindow::forgetPassword);
    connect(m_credentials, &CredentialsPage::openFileRequested, this,
            [](const QString &file) { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
}

const TargetStatus *MainWindow::currentStatus() const
{
    return m_session ? m_session->status(m_target) : nullptr;
}

void MainWindow::showTarget(const TargetId &id)
{
    const Result<Target> target = m_session->workspace().target(id);
    if (!target)
        return;
    if (id != m_target) {
        m_target = id;
        m_search->clear();
        m_component->setTarget(*target);
        m_reviews->setTarget(id); // before a row is selected, which asks for its review
        m_component->setFilesOf(m_session->filesOf(id));
        if (const TargetStatus *status = m_session->status(id))
            m_component->setStatus(*status);
        showLastRun();
    }
    m_sidebar->showTarget(id);
    showPage(m_component);
}

void MainWindow::showOverview()
{
    m_sidebar->showPlace(Sidebar::Place::Overview);
    showPage(m_overview);
}

void MainWindow::showJournal()
{
    m_sidebar->showPlace(Sidebar::Place::Journal);
    showPage(m_journalPage);
    refreshJournal();
}

void MainWindow::showBackups()
{
    m_sidebar->showPlace(Sidebar::Place::Backups);
    showPage(m_backupsPage);
    refreshJournal();
}

void MainWindow::showCredentials()
{
    m_sidebar->showPlace(Sidebar::Place::Settings);
    showPage(m_credentials);
    refreshCredentials();
}

void MainWindow::refreshCredentials()
{
    QList<CredentialRow> rows;
    for (const Target &target : m_session->workspace().targets()) {
        const TargetStatus *status = m_session->status(target.id);
        const bool inMemory =
            !m_secrets.remembered(SecretStore::keyOf(m_session->workspace().directory, target.id)).isEmpty();
        rows += {.target = target.id,
                 .databaseText = status ? status->connection.displayText() : target.url,
                 .config = target.config,
                 .passwordText = plainPassword(status, inMemory),
                 .canForget = inMemory || !m_session->password(target.id).isEmpty()};
    }
    m_credentials->setRows(rows);
}

void MainWindow::statusChanged(const TargetId &id)
{
    const TargetStatus &status = *m_session->status(id);
    m_tree->setStatus(status);
    m_overviewModel->setStatus(status);
    if (id == m_target) {
        m_component->setStatus(status);
        m_reviews->setTarget(id);
    }
    if (m_pages->currentWidget() == m_credentials)
        refreshCredentials();
    m_repairs->statesChanged();
    updateActions();
    updateStatusBar();
}

void MainWindow::showScript(const RevisionId &id, const QString &file)
{
    QFile script(file);
    m_component->reviewPane()->setScript(
        id, script.open(QIODevice::ReadOnly) ? QString::fromUtf8(script.readAll())
                                             : tr("# %1 cannot be read: %2").arg(file, script.errorString()));
}

void MainWindow::refreshJournal()
{
    ++m_asked;
    m_session->journal(journalLimit).then(this, [this](const Result<QList<JournalEntry>> &entries) {
        --m_asked;
        if (!entries) {
            statusBar()->showMessage(entries.error().message, 15000);
            return;
        }
        m_journal = *entries;
        m_journalPage->setEntries(m_journal);
        QList<BackupRow> backups = backupsOf(m_journal);
        qint64 bytes = 0;
        int present = 0;
        for (BackupRow &row : backups) {
            row.present = QFileInfo::exists(row.record.file);
            present += row.present ? 1 : 0;
            bytes += row.present ? row.record.size : 0;
        }
        m_backupsPage->setBackups(backups);
        m_sidebar->setJournalCount(m_journal.size() == 1 ? tr("1 run") : tr("%1 runs").arg(m_journal.size()));
        m_sidebar->setBackupCount(
            present == 0 ? QString() : u"%1 · %2"_s.arg(present).arg(QLocale().formattedDataSize(bytes)));
        showLastRun();
    });
}

void MainWindow::exportJournal(const QList<JournalEntry> &entries, JournalPage::Format format)
{
    const bool asJson = format == JournalPage::Format::Json;
    const SaveQuestion question{.title = tr("Export the journal"),
                                .filter = asJson ? tr("JSON files (*.json)") : tr("CSV files (*.csv)"),
                                .suffix = asJson ? u"json"_s : u"csv"_s,
                                .name = asJson ? u"journal.json"_s : u"journal.csv"_s};
    const auto write = [entries, asJson](const QString &file) {
        return saveText(file, QString::fromUtf8(asJson ? journalJson(entries) : journalCsv(entries)));
    };
    chooseAndSave(this, question, write,
                  [this](const QString &file, const Result<void> &written) { tellSaved(file, written); });
}

void MainWindow::saveRunReport(const JournalEntry &entry)
{
    const SaveQuestion question{.title = tr("Save the report of the run"),
                                .filter = tr("HTML files (*.html)"),
                                .suffix = u"html"_s,
                                .name = entry.id > 0 ? u"run-%1.html"_s.arg(entry.id) : u"run.html"_s};
    const auto write = [entry](const QString &file) { return saveText(file, runReportHtml(entry)); };
    chooseAndSave(this, question, write,
                  [this](const QString &file, const Result<void> &written) { tellSaved(file, written); });
}

/// How the saving of a file ended.
void MainWindow::tellSaved(const QString &file, const Result<void> &written)
{
    if (!written)
        return showError(tr("%1 cannot be written").arg(file), written.error());
    statusBar()->showMessage(tr("Written to %1").arg(file), 15000);
}

void MainWindow::showLastRun()
{
    const auto ofTarget = [this](const JournalEntry &entry) { return entry.target == m_target; };
    const auto run = std::ranges::find_if(m_journal, [&](const JournalEntry &entry) {
        return ofTarget(entry) && entry.kind != RunKind::Backup;
    });
    // A backup whose file is gone is none.
    const auto backup = std::ranges::find_if(m_journal, [&](const JournalEntry &entry) {
        return ofTarget(entry) && entry.backup && QFileInfo::exists(entry.backup->file);
    });
    m_component->setLastRun(run == m_journal.end() ? std::optional<JournalEntry>() : *run);
    m_component->setLastBackup(backup == m_journal.end() ? std::optional<BackupRecord>() : backup->backup);
}

void MainWindow::askPassword(const TargetId &id)
{
    const TargetStatus *status = m_session->status(id);
    if (!status)
        return;
    auto *dialog = new PasswordDialog(id, status->connection, SecretStore::isAvailable(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (status->error && status->error->kind == ErrorKind::AuthenticationFailed)
        dialog->setFailure(status->error->message);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id] {
        m_session->setPassword(id, dialog->takePassword(), keepOf(dialog->keep()))
            .then(this, [this](const Result<void> &stored) {
                if (!stored)
                    showError(tr("The password could not be stored"), stored.error());
            });
    });
    dialog->open();
}

void MainWindow::forgetPassword(const TargetId &id)
{
    m_session->forgetPassword(id).then(this, [this](const Result<void> &removed) {
        if (!removed)
            showError(tr("The password could not be removed"), removed.error());
    });
}

void MainWindow::upgradeTo(const QString &revision)
{
    // With several heads "head" is ambiguous: the revision that is selected says which one is meant.
    const TargetStatus *status = currentStatus();
    const RevisionId selected = m_component->selectedRevision();
    m_planFlow->setAccepted(m_target, m_reviews->accepted(m_target));
    const bool several = status && status->heads.size() > 1 && revision == u"head"_s;
    m_planFlow->begin(*m_session, m_target, Direction::Upgrade,
                      several && status->heads.contains(selected) ? selected.text() : revision);
}

void MainWindow::rollBackTo(const QString &revision, PlanDialog::Mode mode)
{
    m_planFlow->setAccepted(m_target, m_reviews->accepted(m_target));
    m_planFlow->begin(*m_session, m_target, Direction::Downgrade, revision, mode);
}

/// "Roll back this revision": to its parent. A merge point has several; then the dialog asks which way.
void MainWindow::rollBackBelow(const RevisionId &id)
{
    const TargetStatus *status = currentStatus();
    const Revision *revision = status && status->scripts ? status->scripts->map.find(id) : nullptr;
    if (!revision)
        return;
    rollBackTo(revision->downRevisions.isEmpty() ? u"base"_s : revision->downRevisions.first().text());
}

void MainWindow::chooseRollback()
{
    const TargetStatus *status = currentStatus();
    const Result<Target> target = m_session->workspace().target(m_target);
    if (!status || !status->scripts || !target)
        return;
    auto *dialog = new RollbackDialog(*target, status->scripts->map, status->current, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        rollBackTo(dialog->target(),
                   dialog->isEmergency() ? PlanDialog::Mode::Emergency : PlanDialog::Mode::Ordinary);
    });
    dialog->open();
}

void MainWindow::backUpNow()
{
    const TargetId id = m_target;
    statusBar()->showMessage(tr("Backing up %1 and verifying the archive…").arg(id.text()));
    m_actions.backUp->setEnabled(false);
    m_session->backUp(id, defaultBackupDirectory(m_session->workspace().directory, id))
        .then(this, [this, id](const Result<BackupRecord> &backup) {
            statusBar()->clearMessage();
            updateActions();
            refreshJournal();
            if (!backup)
                return showError(tr("%1 could not be backed up").arg(id.text()), backup.error());
            statusBar()->showMessage(
                tr("Backup of %1 made and verified: %2 (%3)")
                    .arg(id.text(), backup->file, QLocale().formattedDataSize(backup->size)),
                20000);
        });
}

void MainWindow::startRun(const RunRequest &request)
{
    QHash<RevisionId, QString> messages;
    if (const TargetStatus *status = m_session->status(request.target.id); status && status->scripts) {
        for (const PlanStep &step : request.plan.steps) {
            if (const Revision *revision = status->scripts->map.find(step.revision))
                messages.insert(step.revision, revision->message);
        }
    }
    m_sidebar->showTarget(request.target.id);
    m_runView->setRequest(request, messages);
    m_runTime.start();
    m_runs->start(request);
    showPage(m_runView);
}

void MainWindow::runFinished(const RunReport &report)
{
    m_runView->setReport(report);
    notifyOfEnd(report);
    if (m_closing) {
        close();
        return;
    }
    m_session->refresh(m_runView->request().target.id);
    refreshJournal();
    updateActions();
    updateStatusBar();
}

} // namespace stepwell
