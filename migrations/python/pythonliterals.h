// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/python/pythontokens.h"

namespace stepwell {

/// The letters before a string's quote.
struct PythonPrefix {
    bool isPrefix = false;
    bool raw = false;
    bool bytes = false;
    bool formatted = false; ///< f, and t of Python 3.14
};
[[nodiscard]] PythonPrefix pythonPrefix(const char *begin, const char *end);

/// A place in a source that ends with a NUL and has no other, and the first fault up to there.
struct PythonCursor {
    const char *at = nullptr;
    int line = 1;
    PythonFault fault = PythonFault::None;
    int faultLine = 0;

    void fail(PythonFault kind)
    {
        if (fault == PythonFault::None) {
            fault = kind;
            faultLine = line;
        }
    }
};

[[nodiscard]] inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

[[nodiscard]] inline bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Part of a name, as far as one byte tells.
[[nodiscard]] inline bool isNamePart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// True for the end of the source too.
[[nodiscard]] inline bool isLineEnd(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

/// Past one "\n", "\r\n" or "\r".
inline void skipNewline(PythonCursor &cursor)
{
    cursor.at += cursor.at[0] == '\r' && cursor.at[1] == '\n' ? 2 : 1;
    ++cursor.line;
}

/// From the quote to one behind the closing quote; an unterminated literal ends with its line, or with the
/// file. depth: how many brackets are open around it.
void skipString(PythonCursor &cursor, const PythonPrefix &prefix, int depth);

/// From the first digit, or the dot before it.
void skipNumber(PythonCursor &cursor);

/// How many brackets, and how many f-strings, Python takes within each other.
inline constexpr int maxBrackets = 200;
inline constexpr int maxFormattedStrings = 150;

} // namespace stepwell
