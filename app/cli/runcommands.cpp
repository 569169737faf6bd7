// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/confirmation.h"
#include "app/cli/interruption.h"
#include "app/cli/plannedreview.h"
#include "app/cli/planning.h"
#include "app/cli/rowplans.h"
#include "app/cli/runchecks.h"
#include "app/cli/runprogress.h"
#include "app/cli/runreport.h"
#include "app/cli/runrequest.h"
#include "migrations/run/migrationrun.h"

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

RunReport nothingToDo(const Plan &plan)
{
    return {.outcome = Outcome::Done,
            .rows = plan.from,
            .rowsKnown = true,
            .summary = u"Nothing to do: the database is at %1."_s.arg(stepwell::toText(plan.from))};
}

QStringList revisionsOf(const Plan &plan)
{
    QStringList revisions;
    for (const PlanStep &step : plan.steps)
        revisions += step.revision.text();
    return revisions;
}

RunReport execute(CommandContext &context, const RunRequest &request, Journal &journal)
{
    RunProgress progress(context, revisionsOf(request.plan));
    MigrationRun run(request, journal, [&](const RunEvent &event) { progress.handle(event); });
    const Interruption::FirstGoesTo first(context.streams.interruption, [&] {
        if (!progress.stopAfterRevision(request.transactions))
            return false;
        run.stopAfterThisRevision();
        return true;
    });
    const std::stop_callback onInterrupt(context.streams.interrupted, [&] {
        run.cancel();
        progress.cancel();
    });
    return run.execute();
}

int changeCommand(CommandContext &context, Direction direction)
{
    const Result<PlannedTarget> planned = planTarget(context, direction);
    // After planning, which may have asked for the password.
    if (const Result<Target> target = context.target())
        settleBefore(context, *target);
    if (!planned)
        return context.fail(planned.error());
    if (const Result<void> clear = checkPolicyIsClear(context); !clear)
        return context.fail(clear.error());
    Result<RunRequest> request = makeRequest(context, *planned);
    if (!request)
        return context.fail(request.error());
    const QJsonObject also{{u"direction"_s, directionName(direction)}};
    if (planned->plan.steps.isEmpty())
        return printReport(context, nothingToDo(planned->plan), also);
    const auto reviews = reviewBeforeRun(context, *planned, *request);
    if (!reviews)
        return context.fail(reviews.error());
    if (const std::optional<int> stopped = checkBeforeRun(context, preflightOf(*request, *reviews)))
        return *stopped;
    context.progress(planned->target.id.text() + u"  "_s + planned->access.connection.displayText());
    context.progress(toText(planned->plan, planned->access.scripts.map) + toText(*request));
    if (const Result<void> confirmed = confirm(context, request->target.environment); !confirmed)
        return context.fail(confirmed.error());
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    return printReport(context, execute(context, *request, **journal), also);
}

} // namespace

int upgradeCommand(CommandContext &context)
{
    return changeCommand(context, Direction::Upgrade);
}

int rollbackCommand(CommandContext &context)
{
    return changeCommand(context, Direction::Downgrade);
}

} // namespace stepwell::cli
