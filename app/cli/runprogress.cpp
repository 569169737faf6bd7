// SPDX-License-Identifier: MIT
#include "app/cli/runprogress.h"

#include <QLocale>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString phaseText(RunPhase phase)
{
    switch (phase) {
    case RunPhase::Checks:
        return u"same database"_s;
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
        return u"watch the logs"_s;
    }
    return {};
}

/// The moving line: rewritten in place, so only on a terminal.
void movingLine(CommandContext &context, const QString &text)
{
    if (!context.streams.errIsTerminal)
        return;
    *context.streams.err << u"\r\x1b[K  "_s << text.left(100);
    context.streams.err->flush();
}

} // namespace

void RunProgress::finished(const RunEvent &event)
{
    QString what = phaseText(event.phase);
    if (event.phase == RunPhase::Step)
        what = u"%1 (%2 of %3)"_s.arg(m_plan.steps.at(event.step).revision.text())
                   .arg(event.step + 1)
                   .arg(m_plan.steps.size());
    movingLine(m_context, {});
    const QString line = u"%1 %2  %3 s"_s.arg(event.ok ? u"  done "_s : u"  FAILED"_s, what)
                             .arg(event.duration.count() / 1000.0, 0, 'f', 1);
    m_context.progress((m_context.streams.errIsTerminal ? u"\r"_s : QString()) + line);
}

void RunProgress::handle(const RunEvent &event)
{
    switch (event.type) {
    case RunEvent::PhaseStarted:
        movingLine(m_context, event.phase == RunPhase::Step ? event.text : phaseText(event.phase));
        break;
    case RunEvent::PhaseFinished:
        finished(event);
        break;
    case RunEvent::Progress:
        movingLine(m_context, event.text);
        break;
    case RunEvent::StatementStarted:
        movingLine(m_context, event.text.simplified());
        break;
    case RunEvent::StatementFinished:
        break;
    case RunEvent::LockWaiting:
        movingLine(m_context, u"waits for %1 on %2"_s.arg(event.lockWait->mode, event.lockWait->relation));
        break;
    case RunEvent::LockGone:
        break;
    case RunEvent::Signalled:
    case RunEvent::Retry:
    case RunEvent::Output:
        movingLine(m_context, {});
        m_context.progress(u"\r  | "_s + event.text);
        break;
    }
}

void showBackupProgress(CommandContext &context, const BackupProgress &progress)
{
    movingLine(context, u"%1 %2"_s.arg(QLocale::c().formattedDataSize(progress.done), progress.object));
}

} // namespace stepwell::cli
