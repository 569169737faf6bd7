// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/python/pythonfault.h"
#include "migrations/python/pythonwords.h"

#include <QByteArrayView>
#include <QString>

#include <vector>

namespace stepwell {

enum class PythonTokenKind : quint8 {
    Name,
    Number,
    String,   ///< with prefix and quotes; one token a literal
    Operator, ///< one character, or one and `=`: `**` is two tokens, `...` three, `+=` one
    Newline,  ///< end of a logical line; also at the end of the file
};

/// A piece of Python source. Positions are bytes of the source as tokenized.
struct PythonToken {
    PythonTokenKind kind = PythonTokenKind::Newline;
    char symbol = 0;                     ///< the character of an Operator; see withEquals()
    PythonWord word = PythonWord::Other; ///< of a Name
    quint8 depth = 0;                    ///< how many brackets are open around it
    int begin = 0;
    int end = 0;     ///< one behind the last byte
    int line = 0;    ///< 1 for the first
    int indent = -1; ///< columns before the first token of a logical line; -1 for all others
};

/// The symbol of `==`, `!=`, `<=`, `:=`, `+=` …
[[nodiscard]] constexpr char withEquals(char symbol)
{
    return static_cast<char>(symbol | 0x80);
}

/// The tokens of one Python file, and whether they can be those of a valid one. Strings with every prefix
/// and quote, comments, brackets, line joining, indentation, byte order mark, encoding comments: as Python
/// 3.13 reads them, newer f-strings included. Behind a fault the tokens are a guess. A plain value; assign()
/// keeps the memory of what was read before.
class PythonTokens
{
public:
    [[nodiscard]] static PythonTokens read(QByteArrayView source);
    void assign(QByteArrayView source);

    [[nodiscard]] const std::vector<PythonToken> &all() const { return m_tokens; }
    [[nodiscard]] QByteArrayView text(const PythonToken &token) const
    {
        return {m_source.data() + token.begin, token.end - token.begin};
    }

    /// The first reason why Python cannot compile this; never set for a file that Python compiles.
    [[nodiscard]] PythonFault fault() const { return m_fault; }
    [[nodiscard]] int faultLine() const { return m_faultLine; }
    /// An encoding that Python knows and this reader does not, named in faultLine(). What is ASCII is right,
    /// or there are no tokens at all.
    [[nodiscard]] const QByteArray &foreignEncoding() const { return m_foreignEncoding; }
    [[nodiscard]] bool hasGlobalStatement() const { return m_hasGlobal; }

    /// Bytes held.
    [[nodiscard]] size_t capacity() const
    {
        return m_source.capacity() + m_tokens.capacity() * sizeof(PythonToken);
    }

private:
    friend class PythonTokenizer;
    std::vector<char> m_source; ///< UTF-8 without byte order mark, and a NUL
    std::vector<PythonToken> m_tokens;
    QByteArray m_foreignEncoding;
    int m_faultLine = 0;
    PythonFault m_fault = PythonFault::None;
    bool m_hasGlobal = false;
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
