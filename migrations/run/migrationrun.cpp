// SPDX-License-Identifier: MIT
#include "migrations/run/migrationrun.h"

#include "migrations/alembic/onestepback.h"
#include "migrations/backup/backup.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/databaseproof.h"
#include "migrations/run/runoutcome.h"
#include "migrations/run/runpolicy.h"
#include "migrations/run/runreview.h"
#include "migrations/run/steprunner.h"

#include <QCoreApplication>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto lockWait = 5s;

QList<JournalStep> waitingSteps(const Plan &plan, const RevisionMap &map)
{
    QList<JournalStep> steps;
    for (const RunStep &step : runSteps(plan)) {
        const Revision *revision = map.find(step.revision);
        steps += JournalStep{.revision = step.revision,
                             .message = revision ? revision->message : QString(),
                             .fileHash = revision ? fileHash(revision->file) : QString(),
                             .from = step.from,
                             .to = step.to};
    }
    return steps;
}

Error planChanged(const Plan &now)
{
    return {.kind = ErrorKind::Refused,
            .message = u"The database or the revision files changed since the plan was shown."_s,
            .hint = u"Look at the plan again: it now starts at %1 and has %2 steps."_s.arg(toText(now.from))
                        .arg(now.steps.size())};
}

} // namespace

class MigrationRun::Private
{
public:
    Private(RunRequest requested, Journal &journalToUse, EventHandler handler)
        : request(std::move(requested)), journal(journalToUse), onEvent(std::move(handler))
    {
    }

    RunReport execute();

    RunRequest request;
    Journal &journal;
    EventHandler onEvent;
    std::stop_source cancelSource;
    std::atomic<bool> stopRequested = false;

private:
    Result<void> prepare();
    Result<void> beginJournal();
    Result<void> proveDatabase();
    Result<void> lock();
    Result<void> recheck();
    Result<void> confirmReview();
    Result<void> backUp();
    void runSteps();
    bool runStep(StepRunner &runner, int index);
    void endAfterFailure(const StepVerdict &verdict);
    void readBack(StepRunner &runner);
    void restart();
    void refuse(const Error &error);
    RunReport conclude();

    /// Tells the start and the end of a phase around `work`.
    Result<void> phase(RunPhase which, const QString &text, const std::function<Result<void>()> &work);
    void send(RunEvent event) const;

    TargetAccess access;
    std::unique_ptr<DatabaseSession> control;
    std::unique_ptr<Bridge> bridge;
    QString versionTable;
    QList<InvalidIndex> invalidBefore;
    qint64 proofKey = 0;
    bool restarted = false;
    RunKeys keys;
    RunReport report;
};

void MigrationRun::Private::send(RunEvent event) const
{
    event.when = QDateTime::currentDateTimeUtc();
    if (onEvent)
        onEvent(event);
}

Result<void> MigrationRun::Private::phase(RunPhase which, const QString &text,
                                          const std::function<Result<void>()> &work)
{
    const auto started = steady_clock::now();
    send({.type = RunEvent::PhaseStarted, .phase = which, .text = text});
    Result<void> result = work();
    if (result && cancelSource.stop_requested())
        result = failure(ErrorKind::Cancelled, u"Cancelled."_s);
    send({.type = RunEvent::PhaseFinished,
          .phase = which,
          .ok = result.has_value(),
          .duration = duration_cast<milliseconds>(steady_clock::now() - started),
          .text = result ? QString() : result.error().message});
    return result;
}

RunReport MigrationRun::Private::execute()
{
    if (const Result<void> ready = prepare(); !ready) {
        refuse(ready.error());
        return conclude();
    }
    runSteps();
    if (report.outcome == Outcome::Done && request.restartAfterwards)
        restart();
    return conclude();
}

/// Everything before the first statement. Any error here means that nothing was changed.
Result<void> MigrationRun::Private::prepare()
{
    Result<TargetAccess> opened = TargetAccess::open(request.target, request.password);
    if (!opened)
        return std::unexpected(opened.error());
    access = *std::move(opened);
    if (const Result<void> allowed = checkPolicy(request); !allowed)
        return allowed;
    if (const Result<void> begun = beginJournal(); !begun)
        return begun;
    return phase(RunPhase::Checks, u"Same database"_s, [this] { return proveDatabase(); })
        .and_then([this] { return phase(RunPhase::Lock, u"Run lock"_s, [this] { return lock(); }); })
        .and_then([this] { return recheck(); })
        .and_then([this] { return confirmReview(); })
        .and_then([this]() -> Result<void> {
            if (request.backup != BackupChoice::Dump)
                return {};
            // A backup may take hours: do the lock's session, the rows and the files still stand?
            return backUp().and_then([this] { return recheck(); }).and_then([this] {
                return confirmReview();
            });
        });
}

Result<void> MigrationRun::Private::beginJournal()
{
    report.steps = waitingSteps(request.plan, access.scripts.map);
    JournalEntry entry{
        .kind = request.plan.direction == Direction::Upgrade ? RunKind::Upgrade : RunKind::Downgrade,
        .target = request.target.id,
        .workspace = request.workspaceDirectory,
        .databaseText = access.connection.displayText(),
        .who = currentOperator(),
        .asked = request.plan.target,
        .started = QDateTime::currentDateTimeUtc(),
        .from = request.plan.from,
        .planned = request.plan.to,
        .note = request.backup == BackupChoice::Elsewhere ? u"Other backup: %1"_s.arg(request.backupNote)
                                                          : QString(),
        .steps = report.steps,
        .processId = QCoreApplication::applicationPid(),
        .emergency = request.emergency};
    const Result<qint64> id = journal.begin(entry);
    if (!id)
        return std::unexpected(id.error());
    report.journalId = *id;
    return {};
}

Result<void> MigrationRun::Private::proveDatabase()
{
    auto session = access.openSession(u"run"_s, request.lockTimeout);
    if (!session)
        return std::unexpected(session.error());
    control = *std::move(session);
    proofKey = newProofKey();
    bridge = std::make_unique<Bridge>(access.bridge, onEvent);
    versionTable = request.target.component.versionTable;
    keys = RunKeys::forTable(versionTable);
    return proveSameDatabase(*control, *bridge, proofKey, request.target, cancelSource.get_token())
        .transform([](const BridgeDescription &) {});
}

Result<void> MigrationRun::Private::lock()
{
    return acquireRunLock(*control, keys, lockWait, cancelSource.get_token(), [this](const QString &text) {
        send({.type = RunEvent::Progress, .phase = RunPhase::Lock, .text = text});
    });
}

/// Under the lock the rows and the plan are computed again: what the user confirmed is what runs.
Result<void> MigrationRun::Private::recheck()
{
    const Result<RevisionIds> rows = control->readVersionRows(versionTable);
    if (!rows)
        return std::unexpected(rows.error());
    const Result<Plan> now = makePlan(access.scripts.map, *rows, request.plan.target, request.plan.direction);
    if (!now)
        return std::unexpected(now.error());
    if (now->steps != request.plan.steps) {
        report.rows = *rows;
        report.rowsKnown = true;
        return std::unexpected(planChanged(*now));
    }
    invalidBefore = invalidIndexes(*control).value_or(QList<InvalidIndex>());
    return {};
}

/// What was reviewed is what runs.
Result<void> MigrationRun::Private::confirmReview()
{
    if (!asksForReview(request) && request.accepted.isEmpty())
        return {};
    QStringList fileHashes;
    for (const JournalStep &step : std::as_const(report.steps))
        fileHashes += step.fileHash;
    return phase(RunPhase::Checks, u"What was reviewed is what runs"_s, [&] {
        return confirmReviewed(access, request, fileHashes, cancelSource.get_token())
            .and_then([this](const QList<JournalSignOff> &signOffs) {
                for (qsizetype i = 0; i < signOffs.size(); ++i)
                    report.steps[i].signOff = signOffs.at(i);
                return journal.reviewed(report.journalId, signOffs);
            });
    });
}

Result<void> MigrationRun::Private::backUp()
{
    const Result<DatabaseState> state = control->readState(versionTable);
    if (!state)
        return std::unexpected(state.error());
    const BackupRequest backup{.settings = access.connection,
                               .password = access.password,
                               .directory = request.backupDirectory,
                               .baseName = request.target.id.component,
                               .serverVersion = control->serverVersion(),
                               .databaseSize = state->databaseSize,
                               .lockTimeout = request.lockTimeout};
    return phase(RunPhase::Backup, request.backupDirectory, [&]() -> Result<void> {
        const Result<BackupRecord> made = makeBackup(
            backup,
            [this](const BackupProgress &progress) {
                send({.type = RunEvent::Progress,
                      .phase = progress.phase == BackupProgress::Verify ? RunPhase::Verify : RunPhase::Backup,
                      .done = progress.done,
                      .total = progress.total,
                      .text = progress.object});
            },
            cancelSource.get_token());
        if (!made)
            return std::unexpected(made.error());
        report.backup = *made;
        return journal.backupMade(report.journalId, *made);
    });
}

void MigrationRun::Private::runSteps()
{
    StepRunner runner({.access = access,
                       .versionTable = versionTable,
                       .options = {.direction = request.plan.direction,
                                   .proofKey = proofKey,
                                   .runKey = keys.bridge,
                                   .lockTimeout = request.lockTimeout,
                                   .statementTimeout = request.statementTimeout},
                       .lockRetries = request.lockRetries,
                       .cancel = cancelSource.get_token(),
                       .onEvent = onEvent},
                      *bridge, control);
    report.outcome = Outcome::Done;
    report.rows = request.plan.from;
    report.rowsKnown = true;
    for (int i = 0; i < request.plan.steps.size(); ++i) {
        if (cancelSource.stop_requested() || stopRequested) {
            report.outcome = cancelSource.stop_requested() ? Outcome::Cancelled : Outcome::Stopped;
            break;
        }
        if (!runStep(runner, i))
            break;
    }
    readBack(runner);
}

/// True if the run may go on with the next step.
bool MigrationRun::Private::runStep(StepRunner &runner, int index)
{
    JournalStep &step = report.steps[index];
    step.state = StepState::Running;
    step.started = QDateTime::currentDateTimeUtc();
    if (const Result<void> written = journal.stepStarted(report.journalId, index); !written) {
        // A revision that the journal does not know of would be lost after a crash.
        step.state = StepState::Waiting;
        report.error = written.error();
        report.outcome = index == 0 ? Outcome::Refused : Outcome::Stopped;
        return false;
    }
    send({.type = RunEvent::PhaseStarted,
          .phase = RunPhase::Step,
          .step = index,
          .text = step.revision.text()});
    const StepVerdict verdict = runner.run({step.revision, step.from, step.to}, index);
    step.state = verdict.state;
    step.duration = verdict.duration;
    step.error = verdict.error ? verdict.error->message : QString();
    std::ignore = journal.stepFinished(report.journalId, index, step);
    send({.type = RunEvent::PhaseFinished,
          .phase = RunPhase::Step,
          .step = index,
          .ok = step.state == StepState::Done,
          .duration = step.duration,
          .text = step.error});
    report.rows = verdict.rows;
    report.rowsKnown = verdict.rowsKnown;
    report.leftBehind += verdict.leftBehind;
    if (step.state == StepState::Done && !verdict.error)
        return true;
    report.error = verdict.error;
    if (step.state == StepState::Waiting)
        report.outcome = verdict.cancelled ? Outcome::Cancelled
                         : index == 0      ? Outcome::Refused
                                           : Outcome::Stopped;
    else if (step.state == StepState::Done)
        report.outcome = index + 1 == request.plan.steps.size() ? Outcome::Done : Outcome::Stopped;
    else
        endAfterFailure(verdict);
    return false;
}

void MigrationRun::Private::endAfterFailure(const StepVerdict &verdict)
{
    if (verdict.state == StepState::Unknown)
        report.outcome = Outcome::Unknown;
    else if (!verdict.leftBehind.isEmpty())
        report.outcome = Outcome::FailedWithChanges;
    else
        report.outcome = verdict.cancelled ? Outcome::Cancelled : Outcome::FailedRolledBack;
}

void MigrationRun::Private::readBack(StepRunner &runner)
{
    if (report.outcome == Outcome::Unknown || report.outcome == Outcome::Refused)
        return;
    std::ignore = phase(RunPhase::ReadBack, u"Read the revision back"_s, [&]() -> Result<void> {
        const Result<RevisionIds> rows = runner.readTruth();
        if (!rows) {
            report.rowsKnown = false;
            report.outcome = Outcome::Unknown;
            report.error = rows.error();
            return std::unexpected(rows.error());
        }
        report.rows = *rows;
        for (const InvalidIndex &index : invalidIndexes(*control).value_or(QList<InvalidIndex>())) {
            if (std::ranges::contains(invalidBefore, index.name, &InvalidIndex::name))
                continue;
            report.leftBehind += toText(index);
            report.repairs += repairOf(index);
        }
        // A cancelled CREATE INDEX CONCURRENTLY leaves its index, too.
        const bool failed = std::ranges::contains(report.steps, StepState::Failed, &JournalStep::state);
        if (failed && report.outcome != Outcome::Unknown && !report.leftBehind.isEmpty())
            report.outcome = Outcome::FailedWithChanges;
        return {};
    });
}

/// The component's own restart command. Its result is told and never changes the outcome of the run.
void MigrationRun::Private::restart()
{
    const QStringList command = request.target.component.restart;
    if (command.isEmpty())
        return;
    std::ignore = phase(RunPhase::Restart, command.join(u' '), [&]() -> Result<void> {
        const auto tell = [this](const QString &line) {
            send({.type = RunEvent::Output, .phase = RunPhase::Restart, .text = line});
        };
        const ProcessEnd end =
            runProcess({.program = command.first(),
                        .arguments = command.mid(1),
                        .workingDirectory = request.workspaceDirectory,
                        .deadline = 5min},
                       {.outputLine = tell, .errorLine = tell}, {}, cancelSource.get_token());
        restarted = end.succeeded();
        if (restarted)
            return {};
        const QString reason =
            end.how == ProcessEnd::Exited ? u"it ended with exit code %1"_s.arg(end.exitCode) : end.message;
        report.next += {NextStep::RestartServices,
                        u"The restart command failed (%1). The migration itself is done."_s.arg(reason)};
        return failure(ErrorKind::ProcessFailed, u"The restart command failed: %1."_s.arg(reason));
    });
}

void MigrationRun::Private::refuse(const Error &error)
{
    report.outcome = error.kind == ErrorKind::Cancelled ? Outcome::Cancelled : Outcome::Refused;
    report.error = error;
}

RunReport MigrationRun::Private::conclude()
{
    // Sessions end on the thread that opened them, and with them the run lock.
    bridge.reset();
    control.reset();
    const QList<NextStep> fromPhases = report.next;
    describeOutcome(report, request.plan);
    if (restarted)
        report.next.last() = {NextStep::None,
                              u"The restart command succeeded: watch the logs of the services."_s};
    report.next = fromPhases + report.next;
    if (report.journalId == 0)
        return report;
    // An unknown outcome stays open in the journal: the next start reads the database and settles it.
    // What was refused or cancelled before it read the rows has left them where the plan starts.
    const bool untouched = !report.rowsKnown && report.outcome != Outcome::Unknown;
    const Result<void> written = journal.finish(report.journalId, report.outcome,
                                                untouched ? request.plan.from : report.rows, report.summary);
    if (!written)
        report.next +=
            {NextStep::None, u"The journal could not be written: %1"_s.arg(written.error().message)};
    return report;
}

MigrationRun::MigrationRun(RunRequest request, Journal &journal, EventHandler onEvent)
    : d(std::make_unique<Private>(std::move(request), journal, std::move(onEvent)))
{
}

MigrationRun::~MigrationRun() = default;

RunReport MigrationRun::execute()
{
    return d->execute();
}

void MigrationRun::stopAfterThisRevision()
{
    d->stopRequested = true;
}

void MigrationRun::cancel()
{
    d->cancelSource.request_stop();
}

} // namespace stepwell
