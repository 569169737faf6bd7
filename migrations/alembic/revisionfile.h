// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/core/result.h"

#include <QByteArray>

namespace stepwell {

/// Reads one revision file without running it. Thread-safe.
/// Errors: FileError (unreadable), BrokenScripts (no revision: Alembic would fail here too),
/// Unsupported (a header value is computed; names file, line and field).
[[nodiscard]] Result<Revision> readRevisionFile(const QString &file);
/// The same for text that is already in memory.
[[nodiscard]] Result<Revision> parseRevision(const QByteArray &source, const QString &file);

} // namespace stepwell
