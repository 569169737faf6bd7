// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/targetreading.h"
#include "app/settlement.h"

#include <QJsonArray>

#include <future>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

int statusCommand(CommandContext &context)
{
    const Result<QList<Target>> targets = chosenTargets(context);
    if (!targets)
        return context.fail(targets.error());
    // Runs that a crash cut off are settled by reading their databases too: at the same time.
    std::future<QStringList> settled = std::async(std::launch::async, [&] {
        if (targets->isEmpty())
            return QStringList();
        return settleUnfinishedRuns(*targets, context.workspaceDirectory(targets->first()),
                                    [&](const Target &target) { return context.storedPassword(target); });
    });
    const bool watches = context.options.watchSeconds > 0;
    const QList<TargetStatus> all = watches ? QList<TargetStatus>() : readAll(context, *targets);
    for (const QString &line : settled.get())
        context.note(line);
    if (watches)
        return watchStatus(context, *targets);
    if (!context.options.json) {
        printStatuses(context, all);
        return 0;
    }
    QJsonArray array;
    for (const TargetStatus &status : all)
        array += toJson(status);
    return context.print({{u"targets"_s, array}});
}

} // namespace stepwell::cli
