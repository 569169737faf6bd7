// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"

namespace stepwell {

/// The members of a set, newest first, in exactly the order Alembic walks them (specification,
/// D.3): load order between heads, the order of down_revision between parents, and a branch is
/// followed until it meets a revision that another branch still needs. Where one revision keeps two
/// or more depends_on, Alembic's order is random and ours is the order they are written in.
/// The result is shorter than the set if some members cannot be reached from the heads through members:
/// Alembic then stops with a traceback.
[[nodiscard]] std::vector<int> sortedNewestFirst(const RevisionMapData &data, const NodeSet &members,
                                                 std::span<const int> heads);

} // namespace stepwell
