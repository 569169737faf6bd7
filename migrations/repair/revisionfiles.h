// SPDX-License-Identifier: MIT
// Revision files as they are and as they would be.
#pragma once

#include "migrations/alembic/headeredit.h"
#include "migrations/repair/repairplan.h"

namespace stepwell {

/// Every revision that can be read, in Alembic's order, also those that share an identifier; with changes as
/// if they were written. `broken`: the problems of files that cannot be read.
[[nodiscard]] Result<QList<Revision>> revisionsAfter(const History &history, const QList<FileChange> &changes,
                                                     QList<ScriptProblem> &broken);

/// The file with another header; nothing if that is what it says already. Errors: FileError, Refused if the
/// file is not as `revision` was read from it, those of editHeader().
[[nodiscard]] Result<std::optional<FileChange>> changedFile(const Revision &revision, const HeaderEdit &edit);

/// What git says against changing files right now: those that are not committed. Empty without git.
/// Errors: Cancelled.
[[nodiscard]] Result<QStringList>
uncommittedWarnings(const History &history, const QList<FileChange> &changes, const std::stop_token &stop);

} // namespace stepwell
