// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

namespace stepwell {

/// What `alembic current` lists for version rows: of the rows and all below them, dependencies included,
/// those that no applied revision follows by down_revision. So a branch that is applied only because
/// something depends on it is listed too. Alembic's order is chance; ours is load order. Rows that no file
/// has are left out (Alembic stops at them).
[[nodiscard]] RevisionIds currentRevisions(const RevisionMap &map, const RevisionIds &rows);

/// What `alembic show` shows for a text: an id, a partial id, a label, `head`, `heads`, `base` (none),
/// `label@…`, or `-n`, counted down from each real head.
/// Errors: UnknownRevision, AmbiguousRevision, UnknownBranch, NotOnBranch, MultipleHeads, AmbiguousWalk,
/// WouldFail.
[[nodiscard]] Result<RevisionIds> revisionsFor(const RevisionMap &map, const QString &text);

} // namespace stepwell
