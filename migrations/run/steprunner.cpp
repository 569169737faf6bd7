// SPDX-License-Identifier: MIT
#include "migrations/run/steprunner.h"

#include "migrations/run/stage.h"

#include "migrations/run/runoutcome.h"

#include <QThread>

#include <algorithm>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto cancelDeadline = 10s; ///< after this a bridge that does not react is killed

/// Another session was in the way; it may not be the next time.
bool isPassing(const std::optional<Error> &error)
{
    return error &&
           (error->sqlState == u"55P03"_s || error->sqlState == u"40P01"_s || error->sqlState == u"40001"_s);
}

Error silentRollback(const RunStep &step)
{
    return {
        .kind = ErrorKind::MigrationFailed,
        .message =
            u"Alembic reported success for %1, but the database did not keep it."_s.arg(step.revision.text()),
        .hint =
            u"env.py lets its transaction roll back: it probably runs SQL on the connection before "
            "context.begin_transaction(). Let begin_transaction() come first, or commit that statement."_s};
}

Error strangeRows(const RunStep &step, const RevisionIds &rows)
{
    return {.kind = ErrorKind::MigrationFailed,
            .message = u"After %1 the database should be at %2, but it is at %3."_s.arg(
                step.revision.text(), toText(step.to), toText(rows)),
            .hint = u"Something else changes the version table. Find out what before you go on."_s};
}

Error rowsMoved(const RunStep &step)
{
    return {.kind = ErrorKind::MigrationFailed,
            .message = u"The version rows say that %1 is done, but this run did not do it."_s.arg(
                step.revision.text()),
            .hint = u"Somebody else changed the version table. Find out whether they also ran the revision "
                    u"before you "
                    "go on."_s};
}

Error runLockLost()
{
    return {.kind = ErrorKind::ConnectionLost,
            .message =
                u"The session that held the run lock was lost on the way, so the run does not go on."_s,
            .hint = u"Find out who ended it (the server's log says), look at the state, then continue."_s,
            .connectionLost = true};
}

} // namespace

StepRunner::StepRunner(Settings settings, Bridge &bridge, std::unique_ptr<DatabaseSession> &control)
    : m_settings(std::move(settings)), m_bridge(bridge), m_control(control)
{
}

bool StepVerdict::mayBeTriedAgain() const
{
    return state == StepState::Failed && (isPassing(error) || gaveUp) && rowsKnown && leftBehind.isEmpty() &&
           !linkLost && !cancelled;
}

StepVerdict StepRunner::run(const RunStep &step, int index, bool last)
{
    Pressed cancel;
    bool gaveUp = false;
    Bridge::StepOptions options = m_settings.options;
    options.last = last;
    if (m_settings.giveUp)
        *m_settings.giveUp = false;
    const BridgeStepResult result =
        m_bridge.runStep(step, options, [&] { whileWaiting(index, cancel, gaveUp); });
    if (m_settings.locks) {
        m_settings.locks->watch(0);
        tellLocks(index);
    }
    StepVerdict verdict = judge(step, result);
    verdict.gaveUp = gaveUp && !result.ok;
    return verdict;
}

StepVerdict StepRunner::finish()
{
    Pressed cancel;
    const Result<void> ended = m_bridge.finish([&] { cancelIfAsked(cancel); });
    const QList<RunStep> open = std::exchange(m_open, {});
    StepVerdict verdict{.state = ended ? StepState::Done : StepState::Failed};
    if (!ended)
        verdict.error = ended.error();
    const Result<RevisionIds> rows = readTruth();
    if (!rows) {
        verdict.state = StepState::Unknown;
        verdict.error = rows.error();
        return verdict;
    }
    verdict.rows = *rows;
    verdict.rowsKnown = true;
    verdict.earlierDone = std::max<qsizetype>(0, stageOf(open, *rows));
    for (const RunStep &step : open.sliced(verdict.earlierDone))
        verdict.leftBehind += m_bridge.committedStatements(step.revision);
    return verdict;
}

void StepRunner::whileWaiting(int index, Pressed &cancel, bool &gaveUp)
{
    tellLocks(index);
    cancelIfAsked(cancel);
    giveUpIfAsked(gaveUp);
}

void StepRunner::tellLocks(int index)
{
    if (!m_settings.locks)
        return;
    if (m_bridge.backendPid() > 0)
        m_settings.locks->watch(m_bridge.backendPid());
    for (RunEvent &event : m_settings.locks->takeEvents()) {
        if (event.type == RunEvent::LockWaiting || event.type == RunEvent::LockGone)
            m_waitsForLock = event.type == RunEvent::LockWaiting;
        event.step = index;
        event.when = QDateTime::currentDateTimeUtc();
        if (m_settings.onEvent)
            m_settings.onEvent(event);
    }
}

/// Only while it waits: a statement that has its lock by now is not to be lost.
void StepRunner::giveUpIfAsked(bool &gaveUp)
{
    if (!m_settings.giveUp || !m_settings.giveUp->exchange(false) || !m_waitsForLock)
        return;
    const int backend = m_bridge.backendPid();
    gaveUp = backend > 0 && m_control && m_control->cancelBackend(backend).value_or(false);
}

void StepRunner::cancelIfAsked(Pressed &cancel)
{
    if (!m_settings.cancel.stop_requested())
        return;
    const auto now = steady_clock::now();
    if (cancel.first == steady_clock::time_point())
        cancel.first = now;
    if (now - cancel.last < 1s)
        return;
    cancel.last = now;
    // The server first: a signal to the process would leave the statement running there.
    const int backend = m_bridge.backendPid();
    if (backend > 0 && m_control)
        std::ignore = m_control->cancelBackend(backend);
    if (now - cancel.first > cancelDeadline)
        m_bridge.kill();
}

StepVerdict StepRunner::judge(const RunStep &step, const BridgeStepResult &result)
{
    StepVerdict verdict{.error = result.error,
                        .started = result.started,
                        .leftBehind = result.committedStatements,
                        .duration = result.duration};
    if (result.ok && result.open && !result.durable) {
        m_open += step;
        verdict.state = StepState::Running;
        verdict.leftBehind.clear();
        return verdict;
    }
    verdict.cancelled = !result.ok && m_settings.cancel.stop_requested();
    verdict.linkLost =
        !result.ok && result.error && (result.error->outcomeUnknown || result.error->connectionLost);
    if (verdict.linkLost)
        m_lostBackend = m_bridge.backendPid();
    const Result<RevisionIds> rows = readTruth();
    if (!rows && !result.started && m_open.isEmpty()) { // nothing was run, whatever the rows are
        verdict.state = StepState::Waiting;
        return verdict;
    }
    if (!rows) {
        verdict.state = StepState::Unknown;
        verdict.linkLost = true;
        if (!verdict.error)
            verdict.error = rows.error();
        verdict.error->outcomeUnknown = true;
        return verdict;
    }
    verdict.rows = *rows;
    verdict.rowsKnown = true;
    compareRows(verdict, step, result);
    // Without the lock this run must not go on.
    if (m_controlLost && !verdict.error)
        verdict.error = runLockLost();
    verdict.linkLost = verdict.linkLost || m_controlLost;
    return verdict;
}

void StepRunner::compareRows(StepVerdict &verdict, const RunStep &step, const BridgeStepResult &result)
{
    const QList<RunStep> earlier = std::exchange(m_open, {});
    const qsizetype stage = stageOf(earlier + QList<RunStep>{step}, verdict.rows);
    verdict.earlierDone = std::clamp<qsizetype>(stage, 0, earlier.size());
    // A version row that Alembic did not write cannot be this step's: somebody else moved it.
    const bool moved = stage > earlier.size() && !result.rowWritten;
    if (stage > earlier.size() && verdict.started && !moved) {
        verdict.state = StepState::Done;
        verdict.leftBehind.clear();
        if (result.ok)
            verdict.error.reset();
        return;
    }
    verdict.state = verdict.started ? StepState::Failed : StepState::Waiting;
    for (const RunStep &lost : earlier.sliced(verdict.earlierDone))
        verdict.leftBehind += m_bridge.committedStatements(lost.revision);
    if (!verdict.started)
        return;
    if (stage < 0 || moved) {
        verdict.error = moved ? rowsMoved(step) : strangeRows(step, verdict.rows);
        verdict.leftBehind += versionRowsLeft() + toText(verdict.rows);
    } else if (result.ok) {
        verdict.error = silentRollback(step);
    }
}

Result<void> StepRunner::waitForBackend(int backendPid)
{
    const auto until = steady_clock::now() + m_settings.recoveryTime;
    for (bool cancelSent = false;; cancelSent = true) {
        const Result<QList<QVariantList>> alive = m_control->query(
            u"SELECT 1 FROM pg_stat_activity WHERE pid = ? AND datname = current_database()"_s, {backendPid});
        if (!alive)
            return std::unexpected(alive.error());
        if (alive->isEmpty())
            return {};
        if (steady_clock::now() > until)
            return failure(
                ErrorKind::OutcomeUnknown, u"Backend %1 still executes the revision."_s.arg(backendPid),
                u"Its process is gone but the server works on. Look at it in pg_stat_activity, wait, then read the state again."_s);
        if (!cancelSent)
            std::ignore = m_control->cancelBackend(backendPid);
        QThread::msleep(200);
    }
}

Result<RevisionIds> StepRunner::readTruth()
{
    const auto until = steady_clock::now() + m_settings.recoveryTime;
    for (;;) {
        Error problem;
        if (!m_control) {
            auto session = m_settings.access.openSession(u"run"_s, m_settings.options.lockTimeout);
            if (session)
                m_control = *std::move(session);
            else
                problem = session.error();
        }
        if (m_control) {
            const Result<void> quiet = m_lostBackend > 0 ? waitForBackend(m_lostBackend) : Result<void>();
            if (quiet)
                m_lostBackend = 0;
            const Result<RevisionIds> rows =
                quiet ? m_control->readVersionRows(m_settings.versionTable) : std::unexpected(quiet.error());
            if (rows || !rows.error().connectionLost)
                return rows;
            problem = rows.error();
            m_control.reset();
            m_controlLost = true;
        }
        if (steady_clock::now() > until)
            return std::unexpected(problem);
        QThread::msleep(500);
    }
}

} // namespace stepwell
