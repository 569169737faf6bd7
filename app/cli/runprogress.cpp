// SPDX-License-Identifier: MIT
#include "app/cli/runprogress.h"

#include "app/cli/progressjson.h"

#include <QLocale>

namespace stepwell::cli {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto waitLineEvery = 2s;

QString phaseText(RunPhase phase)
{
    switch (phase) {
    case RunPhase::Checks:
        return u"checks"_s;
    case RunPhase::Lock:
        return u"run lock"_s;
    case RunPhase::Backup:
        return u"backup, verified"_s;
    case RunPhase::Verify:
        return u"verify"_s;
    case RunPhase::Step:
        return u"revision"_s;
    case RunPhase::Commit:
        return u"commit"_s;
    case RunPhase::ReadBack:
        return u"read back"_s;
    case RunPhase::Restart:
        return u"restart"_s;
    case RunPhase::WatchLogs:
        break;
    }
    return u"watch the logs"_s;
}

QString ageText(seconds age)
{
    if (age < 2min)
        return u"%1 s"_s.arg(age.count());
    if (age < 2h)
        return u"%1 min"_s.arg(duration_cast<minutes>(age).count());
    return u"%1 h"_s.arg(duration_cast<hours>(age).count());
}

/// Rewritten in place, so only on a terminal and only for people.
void writeMovingLine(CommandContext &context, const QString &text)
{
    if (!context.streams.errIsTerminal || context.progressMode() != ProgressMode::Text)
        return;
    *context.streams.err << u"\r\x1b[K  "_s << text.left(100);
    context.streams.err->flush();
}

} // namespace

QString toText(const Blocker &blocker)
{
    QStringList what{blocker.application.isEmpty() ? blocker.user : blocker.application};
    if (!blocker.state.isEmpty())
        what += blocker.state;
    what.removeAll(QString());
    QString text = what.join(u", "_s);
    if (blocker.inTransaction > 0s)
        text += u" for "_s + ageText(blocker.inTransaction);
    if (blocker.waits)
        text += u", waits itself"_s;
    const QString backend = u"backend %1"_s.arg(blocker.pid);
    return text.isEmpty() ? backend : u"%1 (%2)"_s.arg(backend, text);
}

QString toText(const LockWait &wait)
{
    QString text = u"waits for %1 on %2 (%3)"_s.arg(wait.mode, wait.relation,
                                                    ageText(duration_cast<seconds>(wait.waited)));
    QStringList blockers;
    for (const Blocker &blocker : wait.blockers)
        blockers += toText(blocker);
    if (!blockers.isEmpty())
        text += u", held up by "_s + blockers.join(u", "_s);
    if (wait.queuedBehind > 0)
        text += wait.queuedBehind == 1 ? u"; 1 session queues behind"_s
                                       : u"; %1 sessions queue behind"_s.arg(wait.queuedBehind);
    return text;
}

RunProgress::RunProgress(CommandContext &context, QStringList revisions)
    : m_context(context), m_revisions(std::move(revisions))
{
}

void RunProgress::movingLine(const QString &text)
{
    writeMovingLine(m_context, text);
}

void RunProgress::lasting(const QString &line)
{
    movingLine({});
    m_context.progress((m_context.streams.errIsTerminal ? u"\r"_s : QString()) + line);
}

void RunProgress::finished(const RunEvent &event)
{
    QString what = phaseText(event.phase);
    if (event.phase == RunPhase::Step && event.step >= 0)
        what =
            u"%1 (%2 of %3)"_s.arg(m_revisions.value(event.step)).arg(event.step + 1).arg(m_revisions.size());
    lasting(u"%1 %2  %3 s"_s.arg(event.ok ? u"  done "_s : u"  FAILED"_s, what)
                .arg(static_cast<double>(event.duration.count()) / 1000.0, 0, 'f', 1));
}

void RunProgress::waitsForLock(const LockWait &wait)
{
    const QString text = toText(wait);
    if (!std::exchange(m_waitTold, true))
        lasting(u"  | "_s + text);
    const auto now = steady_clock::now();
    if (now - m_waitMoved < waitLineEvery)
        return;
    m_waitMoved = now;
    movingLine(text);
}

void RunProgress::tell(const RunEvent &event)
{
    switch (event.type) {
    case RunEvent::PhaseStarted:
        movingLine(event.phase == RunPhase::Step ? event.text : phaseText(event.phase));
        break;
    case RunEvent::PhaseFinished:
        finished(event);
        break;
    case RunEvent::Progress:
        movingLine(event.text);
        break;
    case RunEvent::StatementStarted:
        movingLine(event.text.simplified());
        break;
    case RunEvent::StatementFinished:
        break;
    case RunEvent::LockWaiting:
        if (event.lockWait)
            waitsForLock(*event.lockWait);
        break;
    case RunEvent::LockGone:
        movingLine({});
        break;
    case RunEvent::Signalled:
    case RunEvent::Retry:
    case RunEvent::Output:
        lasting(u"  | "_s + event.text);
        break;
    }
}

void RunProgress::handle(const RunEvent &event)
{
    const std::scoped_lock lock(m_mutex);
    if (event.type == RunEvent::PhaseStarted)
        m_step = event.phase == RunPhase::Step || event.phase == RunPhase::Commit
                     ? std::max(event.step, m_step)
                     : -1;
    if (event.type != RunEvent::LockWaiting && event.type != RunEvent::Output)
        m_waitTold = false;
    if (m_context.progressMode() == ProgressMode::Json)
        m_context.event(eventName(event.type), toJson(event, revision()));
    else
        tell(event);
}

bool RunProgress::stopAfterRevision(TransactionPolicy transactions)
{
    const std::scoped_lock lock(m_mutex);
    if (m_step < 0)
        return false;
    if (m_context.progressMode() == ProgressMode::Json) {
        m_context.event(u"stop-requested"_s, {{u"revision"_s, revision()}});
        return true;
    }
    const QString what = transactions == TransactionPolicy::Revision
                             ? QString()
                             : u", and takes back what this run has not committed yet"_s;
    movingLine({});
    m_context.note(u"Stops after this revision, %1 (%2 of %3)%4. Ctrl-C again cancels it now."_s.arg(
        revision(), QString::number(m_step + 1), QString::number(m_revisions.size()), what));
    return true;
}

void RunProgress::cancel()
{
    const std::scoped_lock lock(m_mutex);
    if (m_context.progressMode() == ProgressMode::Json)
        return m_context.event(u"cancel-requested"_s, {{u"revision"_s, revision()}});
    movingLine({});
    m_context.note(m_step < 0 ? u"Cancels."_s : u"Cancels %1 now."_s.arg(revision()));
}

void showBackupProgress(CommandContext &context, const BackupProgress &progress)
{
    if (context.progressMode() == ProgressMode::Json) {
        const RunPhase phase = progress.phase == BackupProgress::Verify ? RunPhase::Verify : RunPhase::Backup;
        context.event(eventName(RunEvent::Progress), toJson(RunEvent{.type = RunEvent::Progress,
                                                                     .phase = phase,
                                                                     .done = progress.done,
                                                                     .total = progress.total,
                                                                     .text = progress.object},
                                                            {}));
        return;
    }
    writeMovingLine(context, u"%1 %2"_s.arg(QLocale::c().formattedDataSize(progress.done), progress.object));
}

} // namespace stepwell::cli
