// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/core/result.h"

#include <QByteArray>

namespace stepwell {

/// A header as Python sees it after it has run the file.
struct HeaderAnswer {
    QString revision;
    QStringList downRevisions;
    QStringList branchLabels;
    QStringList dependsOn;
    QString docstring; ///< null if there is none

    bool operator==(const HeaderAnswer &) const = default;
};

/// Reads one revision file without running it. Thread-safe.
/// `python`: what the project's Python said of a file whose header is computed.
/// Errors: UnreadableRevision, InvalidPython, InvalidRevisionFile (Alembic would stop at it too),
/// ComputedHeader (only Python can tell a value; names file, line and field).
[[nodiscard]] Result<Revision> readRevisionFile(const QString &file, ReadDepth depth = ReadDepth::Facts,
                                                const HeaderAnswer *python = nullptr);
/// The same for text that is already in memory.
[[nodiscard]] Result<Revision> parseRevision(const QByteArray &source, const QString &file,
                                             ReadDepth depth = ReadDepth::Facts,
                                             const HeaderAnswer *python = nullptr);

} // namespace stepwell
