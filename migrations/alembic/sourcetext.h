// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>
#include <QList>

#include <optional>
#include <vector>

namespace stepwell {

/// A replacement in a Python source as PythonTokens counts it: bytes of UTF-8 without byte order mark.
struct SourceEdit {
    int begin = 0;
    int end = 0; ///< the same as begin: an insertion
    QByteArray text;
};

/// A Python file's text, with the way back to its own bytes and encoding. For sources without NUL.
class SourceText
{
public:
    explicit SourceText(const QByteArray &source);

    [[nodiscard]] QByteArrayView text() const
    {
        return {m_text.data(), static_cast<qsizetype>(m_text.size())};
    }
    [[nodiscard]] QByteArrayView text(int begin, int end) const { return text().sliced(begin, end - begin); }
    /// True if the file's encoding has the character.
    [[nodiscard]] bool canHold(char32_t character) const;

    [[nodiscard]] int lineBegin(int at) const; ///< of the line that a place is in
    [[nodiscard]] int lineEnd(int at) const;   ///< its end, before the line break
    /// The line break behind that line; that of the file's first line for the last line. Never empty.
    [[nodiscard]] QByteArray lineBreak(int at) const;

    /// The file with the edits made; nothing if they overlap or the encoding cannot hold one. Insertions at
    /// one place keep their order.
    [[nodiscard]] std::optional<QByteArray> edited(QList<SourceEdit> edits) const;

private:
    enum class Encoding { Utf8, Bytes };

    [[nodiscard]] int sourceOffset(int at) const;
    [[nodiscard]] std::optional<QByteArray> encoded(const QByteArray &text) const;

    QByteArray m_source;
    std::vector<char> m_text;
    Encoding m_encoding = Encoding::Utf8;
    QList<char32_t> m_characters; ///< with Encoding::Bytes: of the bytes 0x80 to 0xff; 0: none
    int m_mark = 0;               ///< bytes of the byte order mark
};

/// Line breaks in a text: "\n", "\r\n" or "\r".
[[nodiscard]] int countLineBreaks(QByteArrayView text);

} // namespace stepwell
