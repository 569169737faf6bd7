// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/python/pythontokens.h"

#include <QVarLengthArray>

#include <optional>

namespace stepwell {

/// The last thing that a module does to one of its variables.
struct HeaderBinding {
    enum class State : quint8 {
        Absent,
        Assigned, ///< by a plain assignment at module level: the value is begin to end
        Computed, ///< by anything else
    };
    State state = State::Absent;
    bool isShared = false; ///< one assignment gave the same value to other names too
    int line = 0;
    size_t begin = 0; ///< tokens
    size_t end = 0;
};

/// What one of the header's variables holds after the module has run.
struct HeaderValue {
    enum class State : quint8 {
        Absent,
        None,     ///< the literal None
        Literal,  ///< text, or a tuple, list or set of texts: items
        Computed, ///< anything that only Python can tell
        Wrong,    ///< a literal Alembic fails on, such as a number
    };
    State state = State::Absent;
    bool isList = false; ///< written as a tuple, list or set
    int line = 0;
    QVarLengthArray<QString, 2> items;
};

/// word: the variable's name, as a list that is mentioned elsewhere may have been changed there.
[[nodiscard]] HeaderValue readHeaderValue(const PythonTokens &tokens, const HeaderBinding &binding,
                                          PythonWord word);

/// The text of string literals side by side; nothing if only Python can tell it.
[[nodiscard]] std::optional<QString> readText(const PythonTokens &tokens, size_t begin, size_t end);

} // namespace stepwell
