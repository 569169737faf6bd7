// SPDX-License-Identifier: MIT
#include "app/planflow.h"

#include "app/savefile.h"
#include "migrations/alembic/onestepback.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/run/runpolicy.h"

#include <QFileDialog>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

/// What is found about a plan, looked up once: the preview takes it from the main thread, the checks wait for
/// it on threads of their own.
class AwaitedReviews
{
public:
    void give(const Result<QList<StepReview>> &reviews)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_reviews = reviews;
        }
        m_given.notify_all();
    }
    [[nodiscard]] Result<QList<StepReview>> wait(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        if (!m_given.wait(lock, stop, [this] { return m_reviews.has_value(); }))
            return failure(ErrorKind::Cancelled, u"Cancelled."_s);
        return *m_reviews;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_given;
    std::optional<Result<QList<StepReview>>> m_reviews;
};

namespace {

/// These depend on what is accepted while the dialog is open, so they are told here and nowhere else.
bool isToldHere(const CheckResult &check)
{
    return check.name == "findings"_L1 || check.name == "approvals"_L1;
}

} // namespace

PlanFlow::PlanFlow(KSyntaxHighlighting::Repository &repository, QWidget *window)
    : QObject(window), m_repository(repository), m_window(window)
{
}

PlanFlow::~PlanFlow()
{
    m_checkStop.request_stop();
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
    connectDialog();
    m_dialog->open();
    m_dialog->setFindingsBlock(target.environment.findings == FindingsPolicy::Block);
    if (m_acceptedOf == target.id)
        m_dialog->setAcceptedFindings(m_accepted);
    review();
    check();
}

void PlanFlow::connectDialog()
{
    connect(m_dialog, &PlanDialog::checksRequested, this, [this] {
        review();
        check();
    });
    connect(m_dialog, &PlanDialog::fixRequested, this, &PlanFlow::applyFix);
    connect(m_dialog, &PlanDialog::findingAccepted, this, &PlanFlow::showChecks);
    connect(m_dialog, &PlanDialog::backupChanged, this, &PlanFlow::showChecks);
    connect(m_dialog, &PlanDialog::saveSqlRequested, this, &PlanFlow::saveSql);
    connect(m_dialog, &PlanDialog::backupDirectoryRequested, this, &PlanFlow::chooseBackupDirectory);
    connect(m_dialog, &PlanDialog::finished, this, [this] {
        m_checkAgain = false;
        m_checkStop.request_stop();
    });
    connect(m_dialog, &PlanDialog::accepted, this, [this] {
        if (!m_session) // another workspace was opened under the dialog
            return;
        RunRequest request = m_dialog->request();
        request.password = m_session->password(m_target);
        request.workspaceDirectory = m_session->workspace().directory;
        request.accepted = m_dialog->acceptedFindings();
        request.emergency = m_dialog->isEmergency();
        for (const StepReview &review : m_reviewed.value_or(QList<StepReview>()))
            request.reviewed.insert(review.revision, review.hashes);
        Q_EMIT confirmed(request);
    });
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
    if (m_running) {
        m_checkStop.request_stop();
        m_checkAgain = true;
        return;
    }
    startChecks();
}

void PlanFlow::startChecks()
{
    m_checkStop = {};
    PreflightRequest request{
        .plan = m_plan, .backupDirectory = m_backupDirectory, .emergency = m_dialog->isEmergency()};
    // An emergency waits for no SQL, its checks neither.
    if (!m_dialog->isEmergency())
        request.reviews = [awaited = m_awaited, stop = m_checkStop.get_token()] {
            return awaited->wait(stop);
        };
    m_running = std::make_unique<QFutureWatcher<CheckResult>>();
    connect(m_running.get(), &QFutureWatcherBase::resultReadyAt, this,
            [this, watcher = m_running.get()](int index) { take(watcher->resultAt(index)); });
    connect(m_running.get(), &QFutureWatcherBase::finished, this, &PlanFlow::checksEnded);
    m_running->setFuture(m_session->preflight(m_target, request, m_checkStop.get_token()));
}

void PlanFlow::take(const CheckResult &result)
{
    // What comes from checks that were asked to stop belongs to nobody.
    if (m_checkStop.stop_requested() || isToldHere(result))
        return;
    m_checks += result;
    showChecks();
}

void PlanFlow::checksEnded()
{
    m_running.release()->deleteLater(); // it is the sender
    const bool isWanted = m_dialog && m_session;
    if (std::exchange(m_checkAgain, false) && isWanted) {
        startChecks();
        return;
    }
    if (m_checkStop.stop_requested())
        return;
    m_checking = false;
    showChecks();
}

/// The checks of the database with what the reviews say; these change as findings are accepted.
void PlanFlow::showChecks()
{
    if (!m_dialog)
        return;
    const bool emergency = m_dialog->isEmergency();
    QList<CheckResult> checks = m_checks;
    if (m_dialog->request().backup != BackupChoice::Dump)
        checks.removeIf([](const CheckResult &check) { return check.name == "backup-room"_L1; });
    if (m_reviewFailure && m_environment.findings == FindingsPolicy::Block && !emergency)
        checks += CheckResult{.name = u"findings"_s,
                              .title = tr("Findings accepted"),
                              .state = CheckState::Failed,
                              .text = tr("nobody could look: %1").arg(m_reviewFailure->message),
                              .hint = m_reviewFailure->hint};
    if (m_reviewed) {
        checks += findingsCheck(*m_reviewed, m_environment, m_dialog->acceptedFindings(), emergency);
        checks += approvalsCheck(*m_reviewed, m_environment, emergency);
    }
    m_dialog->setChecks(checks, m_checking);
}

void PlanFlow::review()
{
    if (!m_session || !m_dialog)
        return;
    ++m_busy;
    m_awaited = std::make_shared<AwaitedReviews>();
    m_session->review(m_target, runSteps(m_plan), m_plan.direction, WorkspaceSession::Reader::Runner)
        .then(this, [this, awaited = m_awaited, dialog = m_dialog](const Result<QList<StepReview>> &reviews) {
            --m_busy;
            awaited->give(reviews);
            if (!dialog || dialog != m_dialog || awaited != m_awaited)
                return;
            if (reviews) {
                m_reviewFailure.reset();
                m_reviewed = *reviews;
                dialog->setReviews(*reviews);
            } else {
                m_reviewFailure = reviews.error();
                dialog->setRenderFailed(reviews.error());
            }
            showChecks();
        });
}

void PlanFlow::applyFix(const CheckFix &fix)
{
    if (!m_session || !m_dialog)
        return;
    ++m_busy;
    m_dialog->setFixing(fix.label);
    m_session->applyFix(m_target, fix)
        .then(this, [this, label = fix.label, dialog = m_dialog](const Result<void> &applied) {
            --m_busy;
            if (!applied) // told also when the dialog is gone: the database may have changed
                Q_EMIT refused(tr("It did not work: %1").arg(label), applied.error());
            if (!dialog || dialog != m_dialog)
                return;
            dialog->setFixing({});
            check();
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
