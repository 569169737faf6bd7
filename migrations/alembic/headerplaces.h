// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/headervalue.h"

#include <QList>

namespace stepwell {

/// Where one identifier of a header value is written. All are numbers of tokens; ends are one behind.
struct ItemPlace {
    size_t begin = 0; ///< with the parentheses around it
    size_t end = 0;
    size_t textBegin = 0; ///< the string literals, or the None
    size_t textEnd = 0;
    bool isNone = false;
    std::optional<size_t> comma; ///< the one behind it
    QString text;
};

/// How a header value is written: what readHeaderValue() takes for a text, a list or None.
struct ValuePlaces {
    size_t begin = 0; ///< with all brackets
    size_t end = 0;
    bool isList = false;
    char open = '\0'; ///< the innermost bracket around the items; 0: there is none
    size_t openAt = 0;
    size_t closeAt = 0;
    QList<ItemPlace> items;
};

/// Nothing for what is no literal of these forms.
[[nodiscard]] std::optional<ValuePlaces> findPlaces(const PythonTokens &tokens, size_t begin, size_t end);

} // namespace stepwell
