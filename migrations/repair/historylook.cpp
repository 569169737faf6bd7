// SPDX-License-Identifier: MIT
#include "migrations/repair/historylook.h"

#include "migrations/status/targetscripts.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void askGit(HistoryLook &look, const std::stop_token &stop)
{
    const auto origins = revisionOrigins(look.history.scripts.map.revisions(), stop);
    if (origins)
        look.origins = *origins;
    else if (origins.error().kind != ErrorKind::Cancelled)
        look.errors += origins.error();
}

void readOpenRepair(HistoryLook &look)
{
    const auto open = openRepair(look.history.source.config);
    if (!open) {
        look.errors += open.error();
        return;
    }
    look.open = *open;
    if (look.open)
        look.stages = stagesOf(*look.open, look.history);
}

} // namespace

QList<HistorySource> historySources(const Workspace &workspace)
{
    QList<HistorySource> sources;
    QHash<QString, QList<Target>> targets;
    for (const Target &target : workspace.targets())
        targets[target.id.component] += target;
    for (const Component &component : workspace.components)
        sources += {.name = component.name,
                    .component = component,
                    .source = scriptSource(component),
                    .targets = targets.value(component.name)};
    for (const Target &target : workspace.targets()) {
        const bool isKnown = std::ranges::any_of(sources, [&](const HistorySource &known) {
            return known.source.config == target.config && known.component.name == target.id.component;
        });
        if (!isKnown)
            sources += {.name = target.id.text(),
                        .component = target.component,
                        .source = scriptSource(target),
                        .targets = targets.value(target.id.component)};
    }
    return sources;
}

HistoryLook lookAtHistory(const HistorySource &source, const QList<TargetStatus> &statuses, GitLook git,
                          RevisionCache *cache, const std::stop_token &stop)
{
    HistoryLook look{.name = source.name, .readAt = QDateTime::currentDateTime()};
    const Result<History> history =
        readHistory(source.component, source.source, source.targets, statuses, cache);
    if (!history) {
        look.history.component = source.component.name;
        look.history.source = source.source;
        look.errors += history.error();
        return look;
    }
    look.history = *history;
    if (git == GitLook::With)
        askGit(look, stop);
    look.troubles = diagnoseHistory(look.history, look.origins);
    if (git == GitLook::With)
        lookInGit(look.troubles, look.history, stop);
    readOpenRepair(look);
    return look;
}

} // namespace stepwell
