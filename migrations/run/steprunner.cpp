// SPDX-License-Identifier: MIT
#include "migrations/run/steprunner.h"

#include <QRandomGenerator>
#include <QThread>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto truthDeadline = 20s;
constexpr auto cancelDeadline = 10s; ///< after this a bridge that does not react is killed

bool isLockTimeout(const std::optional<Error> &error)
{
    return error && error->sqlState == u"55P03"_s;
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

StepVerdict StepRunner::run(const RunStep &step, int index)
{
    for (int attemptNumber = 1;; ++attemptNumber) {
        StepVerdict verdict = judge(step, attempt(step));
        const bool leftNothing =
            verdict.rowsKnown && sameSet(verdict.rows, step.from) && verdict.leftBehind.isEmpty();
        if (verdict.state != StepState::Failed || !isLockTimeout(verdict.error) || !leftNothing ||
            verdict.linkLost || attemptNumber > m_settings.lockRetries) {
            return verdict;
        }
        if (m_settings.onEvent) {
            m_settings.onEvent(
                {.type = RunEvent::Retry,
                 .phase = RunPhase::Step,
                 .step = index,
                 .text =
                     u"A lock was not to be had within the limit. Nothing was changed; trying again (%1 of %2)."_s
                         .arg(attemptNumber)
                         .arg(m_settings.lockRetries),
                 .when = QDateTime::currentDateTimeUtc()});
        }
        if (!waitBeforeRetry(attemptNumber)) {
            verdict.cancelled = true;
            return verdict;
        }
    }
}

/// Doubling from half a second, with jitter so that two waiting runs do not meet again. False if cancelled.
bool StepRunner::waitBeforeRetry(int attempt) const
{
    const int base = 500 << std::min(attempt - 1, 6);
    const auto until =
        steady_clock::now() + milliseconds(base + QRandomGenerator::global()->bounded(base / 2));
    while (steady_clock::now() < until) {
        if (m_settings.cancel.stop_requested())
            return false;
        QThread::msleep(50);
    }
    return true;
}

BridgeStepResult StepRunner::attempt(const RunStep &step)
{
    steady_clock::time_point askedAt;
    steady_clock::time_point lastSignal;
    return m_bridge.runStep(step, m_settings.options, [&] { cancelIfAsked(askedAt, lastSignal); });
}

void StepRunner::cancelIfAsked(steady_clock::time_point &askedAt, steady_clock::time_point &lastSignal)
{
    if (!m_settings.cancel.stop_requested())
        return;
    const auto now = steady_clock::now();
    if (askedAt == steady_clock::time_point())
        askedAt = now;
    if (now - lastSignal < 1s)
        return;
    lastSignal = now;
    // The server first: a signal to the process would leave the statement running there.
    const int backend = m_bridge.backendPid();
    if (backend > 0 && m_control)
        std::ignore = m_control->cancelBackend(backend);
    if (now - askedAt > cancelDeadline)
        m_bridge.kill();
}

StepVerdict StepRunner::judge(const RunStep &step, const BridgeStepResult &result)
{
    StepVerdict verdict{.error = result.error,
                        .started = result.started,
                        .leftBehind = result.committedStatements,
                        .duration = result.duration};
    verdict.cancelled = !result.ok && m_settings.cancel.stop_requested();
    verdict.linkLost =
        !result.ok && result.error && (result.error->outcomeUnknown || result.error->connectionLost);
    if (verdict.linkLost)
        m_lostBackend = m_bridge.backendPid();
    const Result<RevisionIds> rows = readTruth();
    if (!rows && !result.started) { // nothing of the step was run, whatever the rows are
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
    compareRows(verdict, step, result.ok);
    // Without the lock this run must not go on.
    if (m_controlLost && !verdict.error)
        verdict.error = runLockLost();
    verdict.linkLost = verdict.linkLost || m_controlLost;
    return verdict;
}

void StepRunner::compareRows(StepVerdict &verdict, const RunStep &step, bool ok) const
{
    if (!verdict.started) {
        verdict.state = StepState::Waiting;
    } else if (sameSet(verdict.rows, step.to)) {
        verdict.state = StepState::Done;
        verdict.leftBehind.clear();
        if (ok)
            verdict.error.reset();
    } else {
        verdict.state = StepState::Failed;
        if (!sameSet(verdict.rows, step.from)) {
            verdict.error = strangeRows(step, verdict.rows);
            verdict.leftBehind += u"the version rows: %1"_s.arg(toText(verdict.rows));
        } else if (ok) {
            verdict.error = silentRollback(step);
        }
    }
}

Result<void> StepRunner::waitForBackend(int backendPid)
{
    const auto until = steady_clock::now() + truthDeadline;
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
    const auto until = steady_clock::now() + truthDeadline;
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
