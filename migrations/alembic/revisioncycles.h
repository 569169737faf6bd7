// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"

#include <QSet>

namespace stepwell {

/// A link from a revision to one below it.
using NodeLink = std::pair<int, int>;

/// All nodes, each behind everything it links to; shorter if links go in a circle.
[[nodiscard]] std::vector<int> orderedUpwards(const Links &down);

/// The strongly connected components of more than one node: each is one or more circles that share
/// revisions. Sorted by load order, in themselves and among each other. Takes linear time.
[[nodiscard]] std::vector<std::vector<int>> circles(const Links &down);

/// Links without which no circle is left: those that lead back to where a depth-first walk came from,
/// which starts at the nodes that nothing leads to, in load order. Links to the node itself are not looked
/// at.
[[nodiscard]] QSet<NodeLink> closingLinks(const Links &down);

} // namespace stepwell
