// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace stepwell {

enum class PythonTokenKind {
    Name,
    Number,
    String,   ///< with prefix and quotes; one token a literal
    Operator, ///< one character; `**` is two tokens, `...` three
    Newline,  ///< end of a logical line; also at the end of the file
};

/// A piece of Python source. Positions are bytes of the source as tokenized.
struct PythonToken {
    PythonTokenKind kind = PythonTokenKind::Newline;
    char symbol = 0; ///< the character of an Operator
    int begin = 0;
    int end = 0;     ///< one behind the last byte
    int line = 0;    ///< 1 for the first
    int depth = 0;   ///< how many brackets are open around it
    int indent = -1; ///< columns before the first token of a logical line; -1 for all others
};

/// The tokens of one Python file: as much of the language as reading a revision file takes. Strings
/// with every prefix and quote, comments, brackets, line joining, BOM, CRLF, encoding comments.
/// Never fails: an unterminated string ends with its line (or the file), as a broken file is
/// Python's business. A plain value.
class PythonTokens
{
public:
    [[nodiscard]] static PythonTokens read(const QByteArray &source);

    [[nodiscard]] const std::vector<PythonToken> &all() const { return m_tokens; }
    [[nodiscard]] QByteArrayView text(const PythonToken &token) const
    {
        return QByteArrayView(m_source).sliced(token.begin, token.end - token.begin);
    }
    [[nodiscard]] const QByteArray &source() const { return m_source; } ///< UTF-8, without BOM

private:
    friend class PythonTokenizer;
    QByteArray m_source;
    std::vector<PythonToken> m_tokens;
};

/// The text of a string literal, escapes replaced.
struct PythonString {
    QString text;
    bool isText = true;  ///< false for bytes, and for an f-string with replacement fields
    bool isExact = true; ///< false if an escape (\N{…}) could not be replaced
};
[[nodiscard]] PythonString pythonString(QByteArrayView literal);

/// What Python 3.13 makes of a docstring: tabs expanded, the common margin removed.
[[nodiscard]] QString cleanDocstring(const QString &text);

} // namespace stepwell
