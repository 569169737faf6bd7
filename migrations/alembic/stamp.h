// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"

namespace stepwell {

/// The changes of the version table that `alembic stamp TARGETS` makes, in its order (specification, E.5).
/// Targets are ids, partial ids, labels, `head`, `heads`, `base`, `label@…`; none is `base`. With purge all
/// rows are deleted first, also those that no file has. Errors: UnknownRevision, AmbiguousRevision,
/// UnknownBranch, NotOnBranch, MultipleHeads, AmbiguousWalk; OverlappingRevisions if targets, or the rows
/// there are, lie below one another and would so be left; WouldFail where Alembic stops with a traceback or
/// leaves such rows by itself.
[[nodiscard]] Result<QList<RowChange>> planStamp(const RevisionMap &map, const RevisionIds &rows,
                                                 const QStringList &targets, bool purge);

} // namespace stepwell
