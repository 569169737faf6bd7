// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"

namespace stepwell {

/// The plan that takes back exactly one revision, `row`, which has to be a version row. Alembic's "-1" is
/// ambiguous with several rows and fails at a merge point, so the plan's target is whatever text takes back
/// this one and nothing else: "-1", a parent, "label@-1" or "base".
/// Errors: UnknownRevision; InvalidTarget if its parent has other applied children.
[[nodiscard]] Result<Plan> planOneStepBack(const RevisionMap &map, const RevisionIds &rows,
                                           const RevisionId &row);

/// The same for the only version row. Errors also: InvalidTarget if there are none or several.
[[nodiscard]] Result<Plan> planOneStepBack(const RevisionMap &map, const RevisionIds &rows);

/// Up or down to a revision; an empty one is the head, or one step back.
[[nodiscard]] Result<Plan> makePlan(const RevisionMap &map, const RevisionIds &rows, const QString &revision,
                                    Direction direction);

} // namespace stepwell
