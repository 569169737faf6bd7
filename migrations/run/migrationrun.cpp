// SPDX-License-Identifier: MIT
#include "migrations/run/migrationrun.h"

#include "migrations/alembic/onestepback.h"
#include "migrations/backup/backup.h"
#include "migrations/run/aftersteps.h"
#include "migrations/run/databaseproof.h"
#include "migrations/run/errortranslation.h"
#include "migrations/run/offendingrows.h"
#include "migrations/run/revisionloop.h"
#include "migrations/run/runoutcome.h"
#include "migrations/run/runpolicy.h"
#include "migrations/run/runreview.h"
#include "migrations/run/teammirror.h"

#include <QCoreApplication>

#include <algorithm>
#include <mutex>

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
    std::atomic<bool> giveUpRequested = false;
    std::mutex watchMutex;
    LockWatch *watch = nullptr; ///< while revisions run

private:
    Result<void> prepare();
    Result<void> beginJournal();
    Result<void> proveDatabase();
    Result<void> lock();
    Result<void> recheck();
    Result<void> confirmReview();
    Result<void> backUp();
    void runSteps();
    void setWatch(LockWatch *locks);
    void explainFailure();
    void afterwards();
    void refuse(const Error &error);
    void conclude();

    /// Tells the start and the end of a phase around `work`.
    Result<void> phase(RunPhase which, const QString &text, const std::function<Result<void>()> &work);
    void send(RunEvent event) const;

    TargetAccess access;
    std::unique_ptr<DatabaseSession> control;
    std::unique_ptr<Bridge> bridge;
    QString versionTable;
    QList<InvalidIndex> invalidBefore;
    qint64 proofKey = 0;
    bool externalTransaction = false;
    QList<LogPlace> logs; ///< where they ended before the first revision
    std::optional<TeamMirror> mirror;
    std::function<void(const RunEvent &)> onStatement;
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
    if (const Result<void> ready = prepare(); ready)
        runSteps();
    else
        refuse(ready.error());
    explainFailure();
    conclude();
    if (report.outcome == Outcome::Done)
        afterwards();
    mirror.reset();
    return report;
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
    mirror.emplace(request.target, access, journal,
                   [this](const QString &text) { send({.type = RunEvent::Output, .text = text}); });
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
        .emergency = request.emergency,
        .transactions = request.transactions};
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
    bridge = std::make_unique<Bridge>(access.bridge, [this](const RunEvent &event) {
        if (onStatement)
            onStatement(event);
        if (onEvent)
            onEvent(event);
    });
    versionTable = request.target.component.versionTable;
    keys = RunKeys::forTable(versionTable);
    return proveSameDatabase(*control, *bridge, proofKey, request.target, cancelSource.get_token())
        .transform(
            [this](const BridgeDescription &found) { externalTransaction = found.externalTransaction; });
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
    LockWatch locks(access);
    RevisionLoop loop({.request = request,
                       .runner = {.access = access,
                                  .versionTable = versionTable,
                                  .options = {.direction = request.plan.direction,
                                              .proofKey = proofKey,
                                              .runKey = keys.bridge,
                                              .lockTimeout = request.lockTimeout,
                                              .statementTimeout = request.statementTimeout,
                                              .concurrentTimeout = request.concurrentTimeout,
                                              .transactions = request.transactions},
                                  .cancel = cancelSource.get_token(),
                                  .recoveryTime = request.recoveryTime,
                                  .giveUp = &giveUpRequested,
                                  .locks = &locks,
                                  .onEvent = onEvent},
                       .externalTransaction = externalTransaction,
                       .stop = stopRequested,
                       .invalidBefore = invalidBefore},
                      *bridge, control, journal, report);
    logs = logPlaces(request.target.component);
    onStatement = [&loop](const RunEvent &event) { loop.observe(event); };
    setWatch(&locks);
    loop.run();
    setWatch(nullptr);
    onStatement = {};
    for (const RunEvent &event : locks.end())
        send(event); // what became of a blocker whose end let the last statement go on
}

void MigrationRun::Private::setWatch(LockWatch *locks)
{
    const std::lock_guard guard(watchMutex);
    watch = locks;
}

/// The failure in the words of who has to mend it, with the rows that caused it.
void MigrationRun::Private::explainFailure()
{
    if (!report.error || report.error->sqlState.isEmpty())
        return;
    if (report.outcome == Outcome::Cancelled) { // it is known who did it
        report.error.reset();
        return;
    }
    if (control && report.rowsKnown)
        report.offending = findOffendingRows(*control, *report.error);
    report.error = translated(*report.error);
}

/// The services and their logs, when the run lock is free again. Nothing here changes the outcome of the run.
void MigrationRun::Private::afterwards()
{
    const Component &component = request.target.component;
    if (request.restartAfterwards && !component.restart.isEmpty())
        report.after +=
            restartServices(component, request.workspaceDirectory, onEvent, cancelSource.get_token());
    if (request.watchLogsAfterwards && !component.logs.isEmpty())
        report.after += watchLogs(component, logs, onEvent, cancelSource.get_token());
    if (report.after.isEmpty())
        return;
    if (const Result<void> written = journal.afterwards(report.journalId, report.after); !written)
        report.next +=
            {NextStep::None, u"The journal could not be written: %1"_s.arg(written.error().message)};
    report.next.removeIf([](const NextStep &step) { return step.action == NextStep::RestartServices; });
    for (const JournalAfter &one : std::as_const(report.after)) {
        if (!one.ok)
            report.next.prepend({NextStep::RestartServices,
                                 u"%1: %2 The migration itself is done."_s.arg(one.what, one.text)});
    }
}

void MigrationRun::Private::refuse(const Error &error)
{
    report.outcome = error.kind == ErrorKind::Cancelled ? Outcome::Cancelled : Outcome::Refused;
    report.error = error;
}

void MigrationRun::Private::conclude()
{
    // Sessions end on the thread that opened them, and with them the run lock.
    bridge.reset();
    control.reset();
    describeOutcome(report, request.plan);
    if (report.journalId == 0)
        return;
    // An unknown outcome stays open in the journal: the next start reads the database and settles it.
    // What was refused or cancelled before it read the rows has left them where the plan starts.
    const bool untouched = !report.rowsKnown && report.outcome != Outcome::Unknown;
    const Result<void> written =
        journal.finish(report.journalId, report.outcome, untouched ? request.plan.from : report.rows,
                       report.summary, report.leftBehind);
    if (!written)
        report.next +=
            {NextStep::None, u"The journal could not be written: %1"_s.arg(written.error().message)};
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

void MigrationRun::giveUpLock()
{
    d->giveUpRequested = true;
}

void MigrationRun::signalBlocker(int backendPid, BlockerSignal signal)
{
    const std::lock_guard guard(d->watchMutex);
    if (d->watch)
        d->watch->signalBlocker(backendPid, signal);
}

void MigrationRun::cancel()
{
    d->cancelSource.request_stop();
}

} // namespace stepwell
