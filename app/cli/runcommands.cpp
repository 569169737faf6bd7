// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/plannedrun.h"
#include "app/cli/runchecks.h"
#include "app/cli/runreport.h"

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int changeCommand(CommandContext &context, Direction direction)
{
    const Result<PlannedTarget> planned = planTarget(context, direction);
    // After planning, which may have asked for the password.
    if (const Result<Target> target = context.target())
        settleBefore(context, *target);
    if (!planned)
        return context.fail(planned.error());
    const std::expected<RunReport, int> report = runPlanned(context, *planned);
    return report ? printReport(context, *report, {{u"direction"_s, directionName(direction)}})
                  : report.error();
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
