// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QSqlError>

class QSqlDatabase;

namespace stepwell {

// The SQLite file below the journal.

/// An open connection of that name, with WAL where the file system can do it and all triggers in place.
/// `usesWal`: whether it could. Errors: FileError.
[[nodiscard]] Result<void> openJournalDatabase(const QString &path, const QString &connection, bool *usesWal);
/// What SQLite said, and what to do about it.
[[nodiscard]] std::unexpected<Error> journalFailure(const QString &path, const QSqlError &error);

} // namespace stepwell
