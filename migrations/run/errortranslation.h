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
/// server itself stays in the error.
[[nodiscard]] ErrorMeaning meaningOf(const Error &error);

/// `error` with its hint made of the meaning.
[[nodiscard]] Error translated(Error error);

} // namespace stepwell
