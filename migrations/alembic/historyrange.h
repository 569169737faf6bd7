// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

#include <optional>

namespace stepwell {

/// What `alembic history -r A:B` lists, newest first, with A itself (specification, F.4). An empty A is
/// `base`, an empty B is `heads`. `current` on one side stands for rows, which therefore must be given;
/// without any row it is `base` or `heads`. Alembic's rules hold, also the odd ones: `+n` in B counts from A
/// and ends at the tip,
/// `-n` in A counts from the real heads, a label in A leaves out heads of other branches, and what A is
/// needed for by depends_on only is left out. Errors: those of targets (see planUpgrade), NotAnAncestor if A
/// is not below B, InvalidTarget if this is no range or `current` has no rows, WouldFail where Alembic stops
/// with a traceback.
[[nodiscard]] Result<RevisionIds> historyRange(const RevisionMap &map, const QString &range,
                                               const std::optional<RevisionIds> &rows);

} // namespace stepwell
