// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionmapdata.h"
#include "migrations/repair/diagnosis.h"

#include <algorithm>

namespace stepwell {

namespace {

/// Revisions at and below a node by down_revision alone: that is what makes a head one.
NodeSet lineBelow(const RevisionMapData &data, int node)
{
    return data.closure(data.down, std::span(&node, 1));
}

/// For each node how many of the heads stand on it.
std::vector<int> countHeads(const std::vector<NodeSet> &lines, int nodes)
{
    std::vector<int> counts(static_cast<size_t>(nodes), 0);
    for (const NodeSet &line : lines) {
        for (size_t node = 0; node < counts.size(); ++node)
            counts[node] += line[node] != 0;
    }
    return counts;
}

QStringList labelsOfOne(const RevisionMap &map, const RevisionIds &heads, const RevisionId &head)
{
    QStringList labels = map.labels(head);
    for (const RevisionId &other : heads) {
        if (other != head) {
            for (const QString &label : map.labels(other))
                labels.removeAll(label);
        }
    }
    return labels;
}

void fillTargets(HeadSide &side, const QList<HistoryTarget> &targets)
{
    for (const HistoryTarget &target : targets) {
        const auto isApplied = [&](const RevisionId &id) { return target.applied.contains(id); };
        if (std::ranges::any_of(side.revisions, isApplied))
            side.appliedIn += target.target.id.text();
        else if (!target.isUnderstood())
            side.unknownIn += target.target.id.text();
    }
}

/// Those outside of the side that a dependency ties to it.
RevisionIds dependentsOf(const RevisionMapData &data, const HeadSide &side, const NodeSet &members)
{
    RevisionIds dependents;
    for (const RevisionId &id : side.revisions) {
        for (const int above : data.allNext.of(data.ids.value(id.text()))) {
            if (!members[static_cast<size_t>(above)] && !dependents.contains(data.id(above)))
                dependents += data.id(above);
        }
    }
    return dependents;
}

} // namespace

std::optional<Divergence> divergenceOf(const History &history)
{
    const RevisionMap &map = history.scripts.map;
    const RevisionMapData &data = map.data();
    const RevisionIds heads = map.heads();
    if (heads.size() < 2)
        return {};
    std::vector<NodeSet> lines;
    for (const int head : data.heads)
        lines.push_back(lineBelow(data, head));
    const std::vector<int> counts = countHeads(lines, data.count());
    const auto countOf = [&](const RevisionId &id) {
        return counts[static_cast<size_t>(data.ids.value(id.text()))];
    };
    RevisionIds newestFirst = map.history();

    Divergence divergence;
    const auto parted =
        std::ranges::find_if(newestFirst, [&](const RevisionId &id) { return countOf(id) == heads.size(); });
    if (parted != newestFirst.cend())
        divergence.partedAt = *parted;
    std::ranges::reverse(newestFirst);
    for (size_t at = 0; at < lines.size(); ++at) {
        HeadSide side{.head = heads.at(static_cast<qsizetype>(at))};
        NodeSet members(lines[at].size(), 0);
        for (const RevisionId &id : std::as_const(newestFirst)) {
            const auto node = static_cast<size_t>(data.ids.value(id.text()));
            if (!lines[at][node] || counts[node] != 1)
                continue;
            members[node] = 1;
            side.revisions += id;
        }
        // The order between lines that meet again is free; a head closes its side.
        side.revisions.removeAll(side.head);
        side.revisions += side.head;
        side.labels = labelsOfOne(map, heads, side.head);
        fillTargets(side, history.targets);
        side.mergedBy = dependentsOf(data, side, members);
        divergence.sides += side;
    }
    return divergence;
}

} // namespace stepwell
