// SPDX-License-Identifier: MIT
#include "app/planflow.h"

#include "app/savefile.h"
#include "migrations/alembic/onestepback.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/run/runpolicy.h"

#include <QFileDialog>

namespace stepwell {

using namespace Qt::StringLiterals;

PlanFlow::PlanFlow(KSyntaxHighlighting::Repository &repository, QWidget *window)
    : QObject(window), m_repository(repository), m_window(window)
{
}

void PlanFlow::begin(WorkspaceSession &session, const TargetId &id, Direction direction,
                     const QString &revision, PlanDialog::Mode mode)
{
    const QString title =
        direction == Direction::Upgrade ? tr("%1 cannot be upgraded to %2").arg(id.text(), revision)
        : revision.isEmpty()            ? tr("%1 cannot be taken one step back").arg(id.text())
                                        : tr("%1 cannot be rolled back to %2").arg(id.text(), revision);
    const Result<Target> target = session.workspace().target(id);
    const TargetStatus *status = session.status(id);
    if (!target || !status)
        return;
    if (!status->scripts || !status->scripts->problems.isEmpty() || !status->database) {
        Q_EMIT refused(title, status->error.value_or(Error{.message = tr("Its state is not known yet."),
                                                           .hint = tr("Refresh it first.")}));
        return;
    }
    const Result<Plan> plan = makePlan(status->scripts->map, status->current, revision, direction);
    if (!plan)
        Q_EMIT refused(title, plan.error());
    else if (plan->steps.isEmpty())
        Q_EMIT nothingToDo(tr("Nothing to do: %1 is at %2.").arg(id.text(), toText(plan->from)));
    else
        open(session, *target, *status, *plan, mode);
}

void PlanFlow::open(WorkspaceSession &session, const Target &target, const TargetStatus &status,
                    const Plan &plan, PlanDialog::Mode mode)
{
    delete m_dialog;
    m_session = &session;
    m_target = target.id;
    m_environment = target.environment;
    m_plan = plan;
    m_reviewed.reset();
    m_reviewFailure.reset();
    m_backupDirectory = defaultBackupDirectory(session.workspace().directory, target.id);
    m_dialog = new PlanDialog(m_repository, target, status, plan, mode, m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setBackupDirectory(m_backupDirectory);
    connect(m_dialog, &PlanDialog::checksRequested, this, [this] {
        check();
        review();
    });
    connect(m_dialog, &PlanDialog::saveSqlRequested, this, &PlanFlow::saveSql);
    connect(m_dialog, &PlanDialog::backupDirectoryRequested, this, &PlanFlow::chooseBackupDirectory);
    connect(m_dialog, &PlanDialog::accepted, this, [this] {
        RunRequest request = m_dialog->request();
        request.password = m_session->password(m_target);
        request.workspaceDirectory = m_session->workspace().directory;
        request.accepted = m_dialog->acceptedFindings();
        request.emergency = m_dialog->isEmergency();
        for (const StepReview &review : m_reviewed.value_or(QList<StepReview>()))
            request.reviewed.insert(review.revision, review.hashes);
        Q_EMIT confirmed(request);
    });
    m_dialog->open();
    m_dialog->setFindingsBlock(target.environment.findings == FindingsPolicy::Block);
    connect(m_dialog, &PlanDialog::findingAccepted, this, &PlanFlow::showChecks);
    if (m_acceptedOf == target.id)
        m_dialog->setAcceptedFindings(m_accepted);
    check();
    review();
}

void PlanFlow::setAccepted(const TargetId &id, const QHash<RevisionId, QList<AcceptedFinding>> &accepted)
{
    m_acceptedOf = id;
    m_accepted = accepted;
}

void PlanFlow::check()
{
    if (!m_session || !m_dialog)
        return;
    m_checks.clear();
    m_checking = true;
    showChecks();
    ++m_busy;
    const int request = ++m_checkRequest;
    m_session->preflight(m_target, m_plan, m_backupDirectory)
        .then(this, [this, request, dialog = m_dialog](const QList<CheckResult> &checks) {
            --m_busy;
            if (!dialog || dialog != m_dialog || request != m_checkRequest)
                return;
            m_checks = checks;
            m_checking = false;
            showChecks();
        });
}

/// The checks of the database, and below them what the reviews say; these change as findings are accepted.
void PlanFlow::showChecks()
{
    if (!m_dialog)
        return;
    QList<CheckResult> checks = m_checks;
    if (m_reviewFailure && !m_checking && m_environment.findings == FindingsPolicy::Block &&
        !m_dialog->isEmergency())
        checks += CheckResult{.name = u"findings"_s,
                              .title = tr("Findings accepted"),
                              .state = CheckState::Failed,
                              .text = tr("nobody could look: %1").arg(m_reviewFailure->message),
                              .hint = m_reviewFailure->hint};
    if (m_reviewed && !m_checking) {
        checks +=
            findingsCheck(*m_reviewed, m_environment, m_dialog->acceptedFindings(), m_dialog->isEmergency());
        checks += approvalsCheck(*m_reviewed, m_environment, m_dialog->isEmergency());
    }
    m_dialog->setChecks(checks, m_checking);
}

void PlanFlow::review()
{
    ++m_busy;
    m_session->review(m_target, runSteps(m_plan), m_plan.direction, WorkspaceSession::Reader::Runner)
        .then(this, [this, dialog = m_dialog](const Result<QList<StepReview>> &reviews) {
            --m_busy;
            if (!dialog || dialog != m_dialog)
                return;
            if (reviews) {
                m_reviewFailure.reset();
                m_reviewed = *reviews;
                dialog->setReviews(*reviews);
                showChecks();
            } else {
                m_reviewFailure = reviews.error();
                dialog->setRenderFailed(reviews.error());
                showChecks();
            }
        });
}

void PlanFlow::saveSql(const QString &sql)
{
    chooseAndSave(
        m_dialog, {.title = tr("Save the SQL"), .filter = tr("SQL files (*.sql)"), .suffix = u"sql"_s},
        [sql](const QString &file) { return saveText(file, sql); },
        [this](const QString &, const Result<void> &written) {
            if (!written)
                Q_EMIT refused(tr("The SQL could not be saved"), written.error());
        });
}

void PlanFlow::chooseBackupDirectory()
{
    auto *chooser = new QFileDialog(m_dialog, tr("Folder for the backup"), m_backupDirectory);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setOption(QFileDialog::ShowDirsOnly);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_backupDirectory = folder;
        if (m_dialog)
            m_dialog->setBackupDirectory(folder);
        check();
    });
    chooser->open();
}

} // namespace stepwell
