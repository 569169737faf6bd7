// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/pythontokens.h"

#include <QMap>
#include <QStringList>

#include <optional>

namespace stepwell {

/// What one of the header's variables holds after the module has run.
struct HeaderValue {
    enum class State {
        None,     ///< the literal None
        Literal,  ///< text, or a tuple, list or set of texts: items
        Computed, ///< anything that only Python can tell
        Wrong,    ///< a literal Alembic fails on, such as a number
    };
    State state = State::Computed;
    QStringList items;
    bool isList = false; ///< written as a tuple, list or set
    int line = 0;
};

/// The module level of a revision file: docstring, header variables, functions.
struct RevisionHeader {
    std::optional<QString> docstring;
    QMap<QByteArray, HeaderValue> values; ///< the four names that are assigned at all
    /// First and last token (one behind) of each module-level function's body; the last one wins.
    QMap<QByteArray, std::pair<size_t, size_t>> functions;
    bool bindsDowngrade = false; ///< `downgrade` is assigned or imported instead of defined
};

[[nodiscard]] RevisionHeader readRevisionHeader(const PythonTokens &tokens);

} // namespace stepwell
