// SPDX-License-Identifier: MIT
// Identifiers for revisions that get a new one.
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/core/result.h"

namespace stepwell {

/// An identifier that somebody chose for a new revision beside `revisions`. Alembic and the version table
/// have to take it, a command line too: no `@`, `-`, `+`, `:` (operators of targets), no `/` (it is part of a
/// file's name), no blanks, control characters, quotes or backslashes; no word that Alembic reads as a
/// target; at most 32 characters, as version_num has. Errors: InvalidIdentifier; DuplicateRevision, if
/// something has that name: identifiers and branch labels share one name space, and a lost parent may come
/// back.
[[nodiscard]] Result<QString> checkedIdentifier(const QString &id, const QList<Revision> &revisions);

} // namespace stepwell
