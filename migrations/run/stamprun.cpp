// SPDX-License-Identifier: MIT
#include "migrations/run/stamprun.h"

#include "migrations/run/databaseproof.h"
#include "migrations/run/runlock.h"
#include "migrations/run/stampoutcome.h"
#include "migrations/run/teammirror.h"

#include <QCoreApplication>
#include <QThread>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto lockWait = 5s;
constexpr auto truthDeadline = 20s;
constexpr auto cancelDeadline = 10s; ///< after this a bridge that does not react is killed

Error rowsMoved(const RevisionIds &shown, const RevisionIds &now)
{
    return {.kind = ErrorKind::Refused,
            .message =
                u"The database moved from %1 to %2 since that was shown."_s.arg(toText(shown), toText(now)),
            .hint = u"Look at the state again, then decide."_s};
}

class StampRun
{
public:
    StampRun(const StampRequest &request, Journal &journal,
             const std::function<void(const RunEvent &)> &onEvent, std::stop_token stop)
        : m_request(request), m_journal(journal), m_onEvent(onEvent), m_stop(std::move(stop))
    {
    }

    RunReport execute();

private:
    Result<void> prepare();
    Result<void> plan();
    Result<void> beginJournal();
    Result<void> proveAndLock();
    Result<void> recheck();
    void stamp();
    void cancelIfAsked();
    [[nodiscard]] Result<RevisionIds> readTruth(int backendPid);
    RunReport conclude();

    Result<void> phase(RunPhase which, const QString &text, const std::function<Result<void>()> &work);
    void send(RunEvent event) const;
    [[nodiscard]] const QString &versionTable() const { return m_request.target.component.versionTable; }

    const StampRequest &m_request;
    Journal &m_journal;
    const std::function<void(const RunEvent &)> &m_onEvent;
    std::stop_token m_stop;
    TargetAccess m_access;
    std::unique_ptr<DatabaseSession> m_control;
    std::optional<TeamMirror> m_mirror;
    std::unique_ptr<Bridge> m_bridge;
    RevisionIds m_planned;
    qint64 m_proofKey = 0;
    steady_clock::time_point m_asked;     ///< when the user did
    steady_clock::time_point m_cancelled; ///< when the server was last told
    RunReport m_report;
};

void StampRun::send(RunEvent event) const
{
    event.when = QDateTime::currentDateTimeUtc();
    if (m_onEvent)
        m_onEvent(event);
}

Result<void> StampRun::phase(RunPhase which, const QString &text, const std::function<Result<void>()> &work)
{
    const auto started = steady_clock::now();
    send({.type = RunEvent::PhaseStarted, .phase = which, .text = text});
    const Result<void> result = work();
    send({.type = RunEvent::PhaseFinished,
          .phase = which,
          .ok = result.has_value(),
          .duration = duration_cast<milliseconds>(steady_clock::now() - started),
          .text = result ? QString() : result.error().message});
    return result;
}

RunReport StampRun::execute()
{
    if (const Result<void> ready = prepare(); !ready) {
        m_report.outcome = ready.error().kind == ErrorKind::Cancelled ? Outcome::Cancelled : Outcome::Refused;
        m_report.error = ready.error();
        return conclude();
    }
    stamp();
    return conclude();
}

/// Everything before the rows are touched. Any error here means that nothing was changed.
Result<void> StampRun::prepare()
{
    Result<TargetAccess> opened = TargetAccess::open(m_request.target, m_request.password);
    if (!opened)
        return std::unexpected(opened.error());
    m_access = *std::move(opened);
    m_mirror.emplace(m_request.target, m_access, m_journal);
    return plan()
        .and_then([this] { return beginJournal(); })
        .and_then([this] { return proveAndLock(); })
        .and_then([this] { return recheck(); })
        .and_then([this]() -> Result<void> {
            if (m_stop.stop_requested())
                return failure(ErrorKind::Cancelled, u"Cancelled."_s);
            return {};
        });
}

Result<void> StampRun::plan()
{
    return planStamp(m_access.scripts.map, m_request.from, m_request.revisions, m_request.purge)
        .transform(
            [this](const QList<RowChange> &changes) { m_planned = rowsAfter(m_request.from, changes); });
}

Result<void> StampRun::beginJournal()
{
    QString asked = m_request.revisions.join(u' ');
    if (m_request.purge)
        asked += u" --purge"_s;
    const Result<qint64> id = m_journal.begin({.kind = RunKind::Stamp,
                                               .target = m_request.target.id,
                                               .workspace = m_request.workspaceDirectory,
                                               .databaseText = m_access.connection.displayText(),
                                               .who = currentOperator(),
                                               .asked = asked,
                                               .started = QDateTime::currentDateTimeUtc(),
                                               .from = m_request.from,
                                               .planned = m_planned,
                                               .processId = QCoreApplication::applicationPid()});
    if (!id)
        return std::unexpected(id.error());
    m_report.journalId = *id;
    return {};
}

Result<void> StampRun::proveAndLock()
{
    auto session = m_access.openSession(u"stamp"_s, m_request.target.environment.lockTimeout);
    if (!session)
        return std::unexpected(session.error());
    m_control = *std::move(session);
    m_proofKey = newProofKey();
    m_bridge = std::make_unique<Bridge>(m_access.bridge, m_onEvent);
    const auto prove = [this] {
        return proveSameDatabase(*m_control, *m_bridge, m_proofKey, m_request.target, m_stop)
            .transform([](const BridgeDescription &) {});
    };
    const auto lock = [this] {
        return acquireRunLock(*m_control, RunKeys::forTable(versionTable()), lockWait, m_stop,
                              [this](const QString &text) {
                                  send({.type = RunEvent::Progress, .phase = RunPhase::Lock, .text = text});
                              });
    };
    return phase(RunPhase::Checks, u"Same database"_s, prove).and_then([&] {
        return phase(RunPhase::Lock, u"Run lock"_s, lock);
    });
}

/// Under the lock: what was shown is still so.
Result<void> StampRun::recheck()
{
    const Result<RevisionIds> rows = m_control->readVersionRows(versionTable());
    if (!rows)
        return std::unexpected(rows.error());
    if (sameSet(*rows, m_request.from))
        return {};
    m_report.rows = *rows;
    m_report.rowsKnown = true;
    return std::unexpected(rowsMoved(m_request.from, *rows));
}

void StampRun::stamp()
{
    std::ignore = phase(RunPhase::Step, u"Stamp"_s, [this]() -> Result<void> {
        const Environment &environment = m_request.target.environment;
        const BridgeStepResult result = m_bridge->stamp(m_request.revisions, m_request.purge, m_request.from,
                                                        {.proofKey = m_proofKey,
                                                         .runKey = RunKeys::forTable(versionTable()).bridge,
                                                         .lockTimeout = environment.lockTimeout,
                                                         .statementTimeout = environment.statementTimeout},
                                                        [this] { cancelIfAsked(); });
        const bool lost = result.error && (result.error->outcomeUnknown || result.error->connectionLost);
        judgeStamp(m_report, result, readTruth(lost ? m_bridge->backendPid() : 0), m_request.from, m_planned);
        if (m_report.outcome == Outcome::FailedRolledBack && m_stop.stop_requested())
            m_report.outcome = Outcome::Cancelled;
        if (m_report.outcome == Outcome::Done)
            return {};
        return std::unexpected(m_report.error.value_or(Error()));
    });
}

/// The server first: a signal to Python would leave the statement running there.
void StampRun::cancelIfAsked()
{
    if (!m_stop.stop_requested())
        return;
    const auto now = steady_clock::now();
    if (m_asked == steady_clock::time_point())
        m_asked = now;
    if (now - m_cancelled < 1s)
        return;
    m_cancelled = now;
    const int backend = m_bridge->backendPid();
    if (backend > 0 && m_control)
        std::ignore = m_control->cancelBackend(backend);
    // Before env.py's connection is known, and where Python does not react: what it has open is rolled back.
    if (now - m_asked > cancelDeadline)
        m_bridge->kill();
}

/// Once the backend of a lost link is gone, what it did is there or it is not.
Result<RevisionIds> StampRun::readTruth(int backendPid)
{
    const auto until = steady_clock::now() + truthDeadline;
    for (;;) {
        Result<RevisionIds> rows;
        if (!m_control) {
            auto session = m_access.openSession(u"stamp"_s, m_request.target.environment.lockTimeout);
            if (session)
                m_control = *std::move(session);
            else
                rows = std::unexpected(session.error());
        }
        if (m_control) {
            const auto busy = m_control->query(
                u"SELECT 1 FROM pg_stat_activity WHERE pid = ? AND datname = current_database()"_s,
                {backendPid});
            if (!busy)
                rows = std::unexpected(busy.error());
            else if (backendPid > 0 && !busy->isEmpty())
                rows = failure(ErrorKind::OutcomeUnknown,
                               u"Backend %1 still works on the version rows."_s.arg(backendPid),
                               u"Wait until it is gone, then read the state again."_s);
            else
                rows = m_control->readVersionRows(versionTable());
            if (rows)
                return rows;
            if (rows.error().connectionLost)
                m_control.reset();
            else if (rows.error().kind != ErrorKind::OutcomeUnknown)
                return rows;
        }
        if (steady_clock::now() > until)
            return rows;
        QThread::msleep(200);
    }
}

RunReport StampRun::conclude()
{
    // Sessions end on the thread that opened them, and with them the run lock.
    m_bridge.reset();
    m_control.reset();
    describeStamp(m_report, m_request.from, m_planned);
    if (m_report.journalId == 0)
        return m_report;
    const bool untouched = !m_report.rowsKnown && m_report.outcome != Outcome::Unknown;
    const Result<void> written =
        m_journal.finish(m_report.journalId, m_report.outcome, untouched ? m_request.from : m_report.rows,
                         m_report.summary, m_report.leftBehind);
    if (!written)
        m_report.next +=
            {NextStep::None, u"The journal could not be written: %1"_s.arg(written.error().message)};
    return m_report;
}

} // namespace

RunReport stampTarget(const StampRequest &request, Journal &journal,
                      const std::function<void(const RunEvent &)> &onEvent, const std::stop_token &stop)
{
    return StampRun(request, journal, onEvent, stop).execute();
}

} // namespace stepwell
