// SPDX-License-Identifier: MIT
#include "app/cli/repairstages.h"

#include "app/cli/plannedrun.h"
#include "app/cli/resolvetext.h"
#include "app/cli/runreport.h"
#include "migrations/repair/repairwork.h"
#include "migrations/run/runoutcome.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// One repair from where it stands to its end.
class Stages
{
public:
    Stages(CommandContext &context, const RepairRecord &record, const NamedHistory &named, bool begins)
        : m_context(context), m_record(record), m_named(named), m_begins(begins)
    {
    }

    int run()
    {
        int code = 0;
        while (code == 0) {
            const Result<History> read = readAgain(m_context, m_named.look.history);
            if (!read)
                return m_context.fail(read.error());
            const History &now = *read;
            const QList<RepairStage> stages = stagesOf(m_record, now);
            const auto next = std::ranges::find(stages, false, &RepairStage::isDone);
            if (next == stages.end())
                return end(stages);
            code = next->isKnown ? take(*next, now) : m_context.fail(notKnown(*next, now));
        }
        if (m_begins && !m_hasRun)
            return giveUp(code);
        m_context.note(
            u"The repair is not finished. `stepwell resolve %1 --continue` goes on where it stopped; "
            "--undo takes it back."_s.arg(m_named.name.text));
        return code;
    }

private:
    int take(const RepairStage &stage, const History &now)
    {
        m_context.progress(stage.text);
        if (stage.kind == RepairStage::WriteFiles) {
            const Result<void> written = writeRecorded(m_record, now);
            return written ? 0 : m_context.fail(written.error());
        }
        // No database goes down for files that would not be mended any more.
        if (stage.kind == RepairStage::RollBack) {
            if (const Result<void> mends = checkStillMends(m_record, now); !mends)
                return m_context.fail(mends.error());
        }
        return migrate(stage, targetOf(stage, now)->target);
    }

    int migrate(const RepairStage &stage, const Target &target)
    {
        const Direction direction =
            stage.kind == RepairStage::RollBack ? Direction::Downgrade : Direction::Upgrade;
        const Result<PlannedTarget> planned = planTarget(m_context, target, stage.revision, direction);
        if (!planned)
            return m_context.fail(planned.error());
        if (const Result<void> checked = checkStage(stage, planned->plan); !checked)
            return m_context.fail(checked.error());
        if (planned->plan.steps.isEmpty())
            return m_context.fail(
                {.kind = ErrorKind::Refused,
                 .message = u"%1 has nothing to run to %2, and is not where it should be."_s.arg(
                     target.id.text(), stage.revision),
                 .hint = u"`stepwell resolve %1` tells what is wrong."_s.arg(m_named.name.text)});
        const std::expected<RunReport, int> report = runPlanned(m_context, *planned);
        if (!report)
            return report.error();
        m_hasRun = true;
        if (!m_context.options.json)
            return printReport(m_context, *report, {});
        QJsonObject run = toJson(*report);
        run.insert(u"target"_s, target.id.text());
        m_runs += run;
        const int code = stepwell::exitCode(*report);
        if (code != 0)
            m_context.print({{u"runs"_s, m_runs}, {u"exit"_s, code}});
        return code;
    }

    /// Somebody or something said no before the first run: it never began.
    int giveUp(int code)
    {
        if (const Result<void> closed = closeRepair(m_record); !closed)
            m_context.note(closed.error().message);
        return code;
    }

    int end(const QList<RepairStage> &stages)
    {
        if (const Result<void> closed = closeRepair(m_record); !closed)
            return m_context.fail(closed.error());
        if (m_context.options.json)
            return m_context.print({{u"applied"_s, true},
                                    {u"title"_s, m_record.title},
                                    {u"stages"_s, toJson(stages)},
                                    {u"runs"_s, m_runs}});
        *m_context.streams.out << u"Done: "_s << m_record.title << u'\n' << toText(stages) << Qt::flush;
        return 0;
    }

    /// A rollback takes back what was shown when the repair began, and nothing that came since.
    static Result<void> checkStage(const RepairStage &stage, const Plan &plan)
    {
        return stage.kind == RepairStage::RollBack ? checkRollBack(stage, plan) : Result<void>();
    }

    static const HistoryTarget *targetOf(const RepairStage &stage, const History &now)
    {
        const auto found = std::ranges::find(now.targets, stage.target,
                                             [](const HistoryTarget &one) { return one.target.id; });
        return found == now.targets.end() ? nullptr : &*found;
    }

    static Error notKnown(const RepairStage &stage, const History &now)
    {
        const HistoryTarget *target = targetOf(stage, now);
        const QString name = stage.target.text();
        if (stage.kind == RepairStage::WriteFiles)
            return {.kind = ErrorKind::Refused, .message = stage.text};
        if (!target)
            return {.kind = ErrorKind::Refused,
                    .message = u"The workspace has no target %1 any more."_s.arg(name),
                    .hint = u"Put it back into stepwell.toml, then go on."_s};
        if (target->error)
            return *target->error;
        if (target->isUnderstood()) // then the links of the files are the reason, and the stage says so
            return {.kind = ErrorKind::Refused, .message = stage.text};
        return {.kind = ErrorKind::UnknownRevision,
                .message =
                    u"%1 is at %2, which no file here has: how far the repair got there is not known."_s.arg(
                        name, stepwell::toText(target->rows)),
                .hint = u"`stepwell doctor %1` says what can be done."_s.arg(name)};
    }

    CommandContext &m_context;
    const RepairRecord &m_record;
    const NamedHistory &m_named;
    QJsonArray m_runs;
    bool m_begins;
    bool m_hasRun = false;
};

} // namespace

int doStages(CommandContext &context, const RepairRecord &record, const NamedHistory &named, bool begins)
{
    const Result<RepairWork> work = RepairWork::take(record.config);
    if (!work)
        return context.fail(work.error());
    return Stages(context, record, named, begins).run();
}

} // namespace stepwell::cli
