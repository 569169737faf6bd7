// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

#include <QList>

namespace stepwell {

/// A line of the graph inside one row. Lanes count from the left, starting at 0.
struct LaneEdge {
    int from = 0;
    int to = 0;
    int colour = 0;      ///< index into the theme's lane colours
    bool dashed = false; ///< depends_on: an order, not a parent

    bool operator==(const LaneEdge &) const = default;
};

enum class NodeKind { Plain, Head, Base, BranchPoint, MergePoint };

/// What the graph column shows in one row.
struct LaneRow {
    int lane = 0;
    int colour = 0;
    NodeKind kind = NodeKind::Plain;
    QList<LaneEdge> in;      ///< from the upper border to the node
    QList<LaneEdge> out;     ///< from the node to the lower border
    QList<LaneEdge> through; ///< from border to border, past the node

    bool operator==(const LaneRow &) const = default;
};

/// One row of a graph, links by row number. A link must lead downwards; any other is left out.
struct LaneNode {
    QList<int> parents;
    QList<int> dependencies;
};

struct LaneLayout {
    QList<LaneRow> rows;
    int laneCount = 0; ///< the widest row
};

/// Gives each row its lane and lines in one pass from the top. A line keeps its lane from child to
/// parent; a new line takes the leftmost free lane. 10,000 rows take a few milliseconds.
[[nodiscard]] LaneLayout layoutLanes(const QList<LaneNode> &nodes);

/// The same for revisions, one row each in the given order (newest first).
[[nodiscard]] LaneLayout layoutLanes(const RevisionMap &map, const RevisionIds &order);

} // namespace stepwell
