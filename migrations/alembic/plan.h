// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/core/revisionid.h"

namespace stepwell {

class RevisionMap;

enum class Direction { Upgrade, Downgrade };

/// "upgrade" or "downgrade".
[[nodiscard]] QString directionName(Direction direction);

/// One revision applied or taken back; from and to are the version rows around it.
struct PlanStep {
    RevisionId revision;
    RevisionIds from;
    RevisionIds to;

    bool operator==(const PlanStep &) const = default;
};

/// The ordered way from the database's rows to a target. No steps: nothing to do.
struct Plan {
    Direction direction = Direction::Upgrade;
    QString target;   ///< as asked for
    RevisionIds from; ///< the rows it starts from
    RevisionIds to;   ///< the rows it ends with
    QList<PlanStep> steps;

    bool operator==(const Plan &) const = default;
};

/// Alembic's own order (specification, section D), with the version rows of each step (E.4).
/// Targets of an upgrade: `head`, `heads`, an id, a partial id, a label, `label@head`, `+n`, `id+n`.
/// Targets of a downgrade: `base`, an id, a partial id, `-n`, `label@…`, `id-n`.
/// Errors: UnknownRevision, MultipleHeads, InvalidTarget, BrokenScripts (Alembic would crash here).
[[nodiscard]] Result<Plan> planUpgrade(const RevisionMap &map, const RevisionIds &rows,
                                       const QString &target);
[[nodiscard]] Result<Plan> planDowngrade(const RevisionMap &map, const RevisionIds &rows,
                                         const QString &target);

} // namespace stepwell
