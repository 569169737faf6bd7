// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <algorithm>

namespace stepwell {

/// What str.strip() and the \s of re take away. Qt's blanks lack the four separators of ASCII.
[[nodiscard]] constexpr bool isPythonBlank(QChar c)
{
    return c.isSpace() || (c >= QChar(0x1c) && c <= QChar(0x1f));
}

[[nodiscard]] inline QStringView strippedRight(QStringView text)
{
    while (!text.isEmpty() && isPythonBlank(text.last()))
        text.chop(1);
    return text;
}

/// How many blanks the text starts with.
[[nodiscard]] inline qsizetype indentOf(QStringView text)
{
    return std::ranges::find_if_not(text, isPythonBlank) - text.begin();
}

/// str.strip()
[[nodiscard]] inline QStringView stripped(QStringView text)
{
    return strippedRight(text.sliced(indentOf(text)));
}

} // namespace stepwell
