// SPDX-License-Identifier: MIT
#include "app/cli/plannedrun.h"

#include "app/cli/confirmation.h"
#include "app/cli/interruption.h"
#include "app/cli/plannedreview.h"
#include "app/cli/rowplans.h"
#include "app/cli/runchecks.h"
#include "app/cli/runprogress.h"
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

} // namespace

std::expected<RunReport, int> runPlanned(CommandContext &context, const PlannedTarget &planned)
{
    const auto stop = [&](const Error &error) { return std::unexpected(context.fail(error)); };
    if (const Result<void> clear = checkPolicyIsClear(context); !clear)
        return stop(clear.error());
    Result<RunRequest> request = makeRequest(context, planned);
    if (!request)
        return stop(request.error());
    if (planned.plan.steps.isEmpty())
        return nothingToDo(planned.plan);
    const auto reviews = reviewBeforeRun(context, planned, *request);
    if (!reviews)
        return stop(reviews.error());
    if (const std::optional<int> stopped = checkBeforeRun(context, preflightOf(*request, *reviews)))
        return std::unexpected(*stopped);
    context.progress(planned.target.id.text() + u"  "_s + planned.access.connection.displayText());
    context.progress(toText(planned.plan, planned.access.scripts.map) + toText(*request));
    if (const Result<void> confirmed = confirm(context, request->target.environment); !confirmed)
        return stop(confirmed.error());
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return stop(journal.error());
    return execute(context, *request, **journal);
}

} // namespace stepwell::cli
