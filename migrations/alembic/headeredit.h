// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/core/result.h"

#include <QByteArray>

#include <optional>

namespace stepwell {

/// What a revision file's header is to say instead. What is not set stays.
struct HeaderEdit {
    std::optional<RevisionId> revision;
    std::optional<RevisionIds> downRevisions; ///< in this order; empty: None
    std::optional<QStringList> dependsOn;     ///< likewise
    std::optional<QDateTime> created;         ///< "Create Date:" of the docstring, if it is there
};

/// The file's bytes with another header. The variables are changed, and the docstring's "Revision ID:",
/// "Revises:" and "Create Date:" lines where the file has them; every other byte stays: quotes, prefixes,
/// annotations, brackets, comments, line ends, byte order mark, encoding. An identifier that is there stays
/// where it is, one that is exchanged takes the place of the one before. The result is read again and has to
/// say what was asked for and nothing else that is new. A variable that shares its assignment with others, or
/// that the file does not set, gets a line of its own. A docstring line is changed with its variable only; a
/// field that says so already changes nothing. Any thread.
/// Errors: those of parseRevision(); ComputedHeader (with the line to change by hand); Unsupported if the
/// docstring cannot hold the new text, or if something else would change with it.
[[nodiscard]] Result<QByteArray> editHeader(const QByteArray &source, const QString &file,
                                            const HeaderEdit &edit);

} // namespace stepwell
