// SPDX-License-Identifier: MIT
#include "migrations/run/revisionloop.h"

#include <QRandomGenerator>
#include <QThread>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr qsizetype keptStatements = 500; ///< of a step, in the journal
constexpr qsizetype keptText = 2000;      ///< characters of each

Error rowsMovedSince(const RevisionIds &rows)
{
    return {.kind = ErrorKind::MigrationFailed,
            .message =
                u"All revisions were applied, but the version rows were changed since: they say %1."_s.arg(
                    toText(rows)),
            .hint = u"Somebody else changes the version table. Find out who before you go on."_s};
}

} // namespace

RevisionLoop::RevisionLoop(Settings settings, Bridge &bridge, std::unique_ptr<DatabaseSession> &control,
                           Journal &journal, RunReport &report)
    : m_settings(std::move(settings))
    , m_journal(journal)
    , m_report(report)
    , m_control(control)
    , m_runner(m_settings.runner, bridge, control)
{
}

void RevisionLoop::tell(const RunEvent &event) const
{
    RunEvent timed = event;
    timed.when = QDateTime::currentDateTimeUtc();
    if (m_settings.runner.onEvent)
        m_settings.runner.onEvent(timed);
}

void RevisionLoop::observe(const RunEvent &event)
{
    if (m_current < 0)
        return;
    JournalStep &step = m_report.steps[m_current];
    if (event.type == RunEvent::StatementStarted) {
        ++step.statementCount;
        if (step.statements.size() < keptStatements)
            step.statements += JournalStatement{.text = event.text.left(keptText), .ok = false};
    } else if (event.type == RunEvent::StatementFinished && event.number > 0 &&
               event.number <= step.statements.size()) {
        JournalStatement &statement = step.statements[event.number - 1];
        statement.duration = event.duration;
        statement.rows = event.rows;
        statement.ok = event.ok;
    }
}

RunStep RevisionLoop::stepAt(int index) const
{
    const JournalStep &step = m_report.steps.at(index);
    return {step.revision, step.from, step.to};
}

void RevisionLoop::run()
{
    const int count = int(m_report.steps.size());
    m_report.outcome = Outcome::Done;
    m_report.rows = m_settings.request.plan.from;
    m_report.rowsKnown = true;
    for (int index = 0; index < count;) {
        if (endedEarly(index) || !begin(index))
            break;
        if (m_settings.runner.cancel.stop_requested()) { // while it was told
            conclude(index, StepState::Waiting);
            std::ignore = endedEarly(index);
            break;
        }
        const StepVerdict verdict = runStep(index);
        if (verdict.state == StepState::Running) {
            ++index;
            continue;
        }
        // A concurrent build that was broken off commits nothing and leaves its index all the same.
        const QList<InvalidIndex> left =
            verdict.state == StepState::Failed ? newInvalidIndexes() : QList<InvalidIndex>();
        settle(verdict, index);
        if (verdict.state == StepState::Done && !verdict.error) {
            m_attempts = 0;
            m_firstOpen = ++index;
        } else if (left.isEmpty() && verdict.mayBeTriedAgain() && waitBeforeRetry(verdict, index)) {
            index = m_firstOpen;
        } else {
            end(verdict, index);
            break;
        }
    }
    m_current = -1;
    readBack();
}

/// True if it was asked to. What is in an open transaction then is taken back: all of it or nothing.
bool RevisionLoop::endedEarly(int next)
{
    const bool cancelled = m_settings.runner.cancel.stop_requested();
    if (!cancelled && !m_settings.stop)
        return false;
    m_report.outcome = cancelled ? Outcome::Cancelled : Outcome::Stopped;
    takeOpenBack(next);
    return true;
}

/// Ends the call of env.py before step `next`.
void RevisionLoop::takeOpenBack(int next)
{
    const StepVerdict verdict = m_runner.finish();
    m_report.rowsKnown = verdict.rowsKnown;
    if (verdict.rowsKnown)
        m_report.rows = verdict.rows;
    if (verdict.error)
        m_report.error = verdict.error;
    m_report.leftBehind += verdict.leftBehind;
    if (next > m_firstOpen)
        tellCommit(next - 1, false);
    for (int index = m_firstOpen; index < next; ++index)
        conclude(index, index < m_firstOpen + verdict.earlierDone ? StepState::Done
                        : verdict.rowsKnown                       ? StepState::RolledBack
                                                                  : StepState::Unknown);
    if (verdict.state == StepState::Unknown)
        m_report.outcome = Outcome::Unknown;
    else if (!verdict.leftBehind.isEmpty())
        m_report.outcome = Outcome::FailedWithChanges;
}

/// A revision that the journal does not know of would be lost after a crash.
bool RevisionLoop::begin(int index)
{
    JournalStep &step = m_report.steps[index];
    const Revision *revision = m_settings.runner.access.scripts.map.find(step.revision);
    const bool commitsOnTheWay = revision && revision->hasAutocommit;
    if (const Result<void> written = m_journal.stepStarted(m_report.journalId, index, commitsOnTheWay);
        !written) {
        m_report.error = written.error();
        m_report.outcome = index == 0 ? Outcome::Refused : Outcome::Stopped;
        takeOpenBack(index);
        return false;
    }
    step.state = StepState::Running;
    step.started = QDateTime::currentDateTimeUtc();
    step.error.clear();
    step.statements.clear();
    step.statementCount = 0;
    m_current = index;
    tell({.type = RunEvent::PhaseStarted,
          .phase = RunPhase::Step,
          .step = index,
          .text = step.revision.text()});
    return true;
}

StepVerdict RevisionLoop::runStep(int index)
{
    const bool alone =
        m_settings.externalTransaction && m_settings.request.transactions == TransactionPolicy::Revision;
    const bool last = alone || index + 1 == m_report.steps.size();
    JournalStep &step = m_report.steps[index];
    const StepVerdict verdict = m_runner.run(stepAt(index), index, last);
    step.duration = verdict.duration;
    step.error = verdict.error ? verdict.error->message : QString();
    if (verdict.state == StepState::Running)
        tell({.type = RunEvent::PhaseFinished,
              .phase = RunPhase::Step,
              .step = index,
              .duration = step.duration,
              .text = u"applied, not committed yet"_s});
    return verdict;
}

/// What became of a step, and of those that were in one transaction with it.
void RevisionLoop::settle(const StepVerdict &verdict, int index)
{
    m_report.rowsKnown = verdict.rowsKnown;
    if (verdict.rowsKnown)
        m_report.rows = verdict.rows;
    const int kept = m_firstOpen + int(verdict.earlierDone);
    if (index > m_firstOpen)
        tellCommit(index, verdict.state == StepState::Done);
    for (int open = m_firstOpen; open < index; ++open)
        conclude(open, open < kept         ? StepState::Done
                       : verdict.rowsKnown ? StepState::RolledBack
                                           : StepState::Unknown);
    conclude(index, verdict.state);
    m_firstOpen = verdict.state == StepState::Done ? index + 1 : kept;
}

void RevisionLoop::conclude(int index, StepState state)
{
    JournalStep &step = m_report.steps[index];
    step.state = state;
    std::ignore = m_journal.stepFinished(m_report.journalId, index, step);
    tell({.type = RunEvent::PhaseFinished,
          .phase = RunPhase::Step,
          .step = index,
          .ok = state == StepState::Done,
          .duration = step.duration,
          .text = state == StepState::RolledBack ? u"taken back with the transaction"_s : step.error});
}

void RevisionLoop::tellCommit(int index, bool kept)
{
    const QString text = u"%1 revisions at once"_s.arg(index - m_firstOpen + 1);
    tell({.type = RunEvent::PhaseStarted, .phase = RunPhase::Commit, .text = text});
    tell({.type = RunEvent::PhaseFinished,
          .phase = RunPhase::Commit,
          .ok = kept,
          .text = kept ? text : u"rolled back"_s});
}

/// Doubling from half a second, with jitter so that two waiting runs do not meet again. False if it is not to
/// be tried again.
bool RevisionLoop::waitBeforeRetry(const StepVerdict &verdict, int index)
{
    // Who gives a lock up wants it tried again.
    if (!verdict.gaveUp && ++m_attempts > m_settings.request.lockRetries)
        return false;
    const QString reason = verdict.gaveUp ? u"The lock was given up as asked."_s
                           : verdict.error->sqlState == u"55P03"_s
                               ? u"A lock was not to be had within the limit."_s
                               : u"Another session was in the way."_s;
    const QString count =
        verdict.gaveUp ? QString() : u" (%1 of %2)"_s.arg(m_attempts).arg(m_settings.request.lockRetries);
    tell({.type = RunEvent::Retry,
          .phase = RunPhase::Step,
          .step = index,
          .text = u"%1 Nothing was changed; trying again%2."_s.arg(reason, count)});
    const int base = 500 << std::clamp(m_attempts - 1, 0, 6);
    const auto until =
        steady_clock::now() + milliseconds(base + QRandomGenerator::global()->bounded(base / 2));
    while (steady_clock::now() < until) {
        if (m_settings.runner.cancel.stop_requested() || m_settings.stop)
            return true; // ended early by the loop itself
        QThread::msleep(50);
    }
    return true;
}

void RevisionLoop::end(const StepVerdict &verdict, int index)
{
    m_report.error = verdict.error;
    m_report.leftBehind += verdict.leftBehind;
    if (verdict.state == StepState::Unknown)
        m_report.outcome = Outcome::Unknown;
    else if (verdict.state == StepState::Waiting)
        m_report.outcome = verdict.cancelled  ? Outcome::Cancelled
                           : m_firstOpen == 0 ? Outcome::Refused
                                              : Outcome::Stopped;
    else if (verdict.state == StepState::Done)
        m_report.outcome = index + 1 == m_report.steps.size() ? Outcome::Done : Outcome::Stopped;
    else if (!verdict.leftBehind.isEmpty())
        m_report.outcome = Outcome::FailedWithChanges;
    else
        m_report.outcome = verdict.cancelled ? Outcome::Cancelled : Outcome::FailedRolledBack;
}

/// Without those that another session builds meanwhile.
QList<InvalidIndex> RevisionLoop::newInvalidIndexes() const
{
    if (!m_control)
        return {};
    QList<InvalidIndex> found = invalidIndexes(*m_control).value_or(QList<InvalidIndex>());
    found.removeIf([this](const InvalidIndex &index) {
        return index.isBuilding ||
               std::ranges::contains(m_settings.invalidBefore, index.name, &InvalidIndex::name);
    });
    return found;
}

void RevisionLoop::readBack()
{
    if (m_report.outcome == Outcome::Unknown || m_report.outcome == Outcome::Refused)
        return;
    const auto started = steady_clock::now();
    tell({.type = RunEvent::PhaseStarted, .phase = RunPhase::ReadBack, .text = u"Read the revision back"_s});
    const Result<RevisionIds> rows = m_runner.readTruth();
    if (rows) {
        m_report.rows = *rows;
        if (m_report.outcome == Outcome::Done && !sameSet(*rows, m_settings.request.plan.to)) {
            m_report.outcome = Outcome::Stopped;
            m_report.error = rowsMovedSince(*rows);
        }
        for (const InvalidIndex &index : newInvalidIndexes()) {
            m_report.leftBehind += toText(index);
            m_report.repairs += repairOf(index);
        }
        // A cancelled CREATE INDEX CONCURRENTLY leaves its index, too.
        const bool failed = std::ranges::contains(m_report.steps, StepState::Failed, &JournalStep::state);
        if (failed && !m_report.leftBehind.isEmpty())
            m_report.outcome = Outcome::FailedWithChanges;
    } else {
        m_report.rowsKnown = false;
        m_report.outcome = Outcome::Unknown;
        m_report.error = rows.error();
    }
    tell({.type = RunEvent::PhaseFinished,
          .phase = RunPhase::ReadBack,
          .ok = rows.has_value(),
          .duration = duration_cast<milliseconds>(steady_clock::now() - started),
          .text = rows ? QString() : rows.error().message});
}

} // namespace stepwell
