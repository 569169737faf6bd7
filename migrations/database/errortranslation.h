// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"

namespace stepwell {

/// What a server's error means for who runs a migration.
struct ErrorMeaning {
    QString what; ///< what happened, in plain words; with the names that `place` and the message tell
    QString why;  ///< the usual reasons; may be empty
    QString todo; ///< what to do, one or two sentences
    /// Whether the same may succeed later without anybody changing anything.
    bool passing = false;

    bool operator==(const ErrorMeaning &) const = default;
};

/// From SQLSTATE, statement and place; nothing for an error that is none of the server's. The message of the
/// server itself stays in the error. Names that are only in the server's words are taken from them where they
/// are English; without them the texts are more general. Any thread.
[[nodiscard]] ErrorMeaning meaningOf(const Error &error);

/// `error` with its hint made of the meaning.
[[nodiscard]] Error translated(Error error);

/// Whether a foreign key (23503) was broken by deleting or changing rows that others refer to, and not by a
/// row that refers to none.
[[nodiscard]] bool removesParent(const Error &error);

/// A message of the server without the value of a row that some states quote in it (22P02: "invalid input
/// syntax for type integer: "…""): the message is kept in the journal, rows are not.
[[nodiscard]] QString withoutValues(const QString &message, const QString &sqlState);

} // namespace stepwell
