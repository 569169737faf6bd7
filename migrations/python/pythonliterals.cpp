// SPDX-License-Identifier: MIT
#include "migrations/python/pythonliterals.h"

#include <array>

namespace stepwell {

namespace {

/// On the character behind a backslash: \x41, \u00e9, \U0001f600 and \N{…} must be whole.
bool isGoodEscape(const char *at, bool bytes)
{
    const int digits = *at == 'x' ? 2 : bytes ? 0 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
    if (*at == 'N' && !bytes)
        return at[1] == '{' && at[2] != '}';
    unsigned code = 0;
    for (int digit = 1; digit <= digits; ++digit) {
        const char c = at[digit];
        if (!isHexDigit(c))
            return false;
        code = code * 16 + static_cast<unsigned>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return code <= 0x10ffff;
}

/// One string literal, with the literals in the replacement fields of an f-string.
class StringScanner
{
public:
    StringScanner(PythonCursor &cursor, int depth) : m_cursor(cursor), m_depth(depth) {}

    void skip(const PythonPrefix &prefix)
    {
        const char quote = *m_cursor.at;
        const bool triple = m_cursor.at[1] == quote && m_cursor.at[2] == quote;
        m_cursor.at += triple ? 3 : 1;
        if (!prefix.formatted)
            return skipPlain(prefix, quote, triple);
        if (m_nesting == maxFormattedStrings)
            return giveUp(PythonFault::TooDeep);
        ++m_nesting;
        skipFormatted(prefix, quote, triple);
        --m_nesting;
    }

private:
    /// Ends everything: what follows cannot be told apart any more.
    void giveUp(PythonFault fault)
    {
        m_cursor.fail(fault);
        while (*m_cursor.at)
            ++m_cursor.at;
    }

    bool closes(char quote, bool triple) const
    {
        return *m_cursor.at == quote && (!triple || (m_cursor.at[1] == quote && m_cursor.at[2] == quote));
    }

    /// At a line's end inside a literal; true if the literal ends there, unclosed.
    bool endsOpen(bool triple, int startLine)
    {
        if (triple && *m_cursor.at) {
            skipNewline(m_cursor);
            return false;
        }
        const int line = std::exchange(m_cursor.line, startLine);
        m_cursor.fail(PythonFault::OpenString);
        m_cursor.line = line;
        return true;
    }

    void skipPlain(const PythonPrefix &prefix, char quote, bool triple)
    {
        const int startLine = m_cursor.line;
        for (;;) {
            const char c = *m_cursor.at;
            if (c == quote && closes(quote, triple)) {
                m_cursor.at += triple ? 3 : 1;
                return;
            }
            if (c == '\\') {
                skipEscape(prefix);
            } else if (isLineEnd(c)) {
                if (endsOpen(triple, startLine))
                    return;
            } else {
                if (prefix.bytes && static_cast<unsigned char>(c) >= 0x80)
                    m_cursor.fail(PythonFault::StrayCharacter);
                ++m_cursor.at;
            }
        }
    }

    void skipEscape(const PythonPrefix &prefix)
    {
        ++m_cursor.at;
        if (*m_cursor.at == '\n' || *m_cursor.at == '\r')
            return skipNewline(m_cursor);
        if (!prefix.raw && !isGoodEscape(m_cursor.at, prefix.bytes))
            m_cursor.fail(PythonFault::BadEscape);
        if (*m_cursor.at)
            ++m_cursor.at;
    }

    /// The text between the replacement fields of an f-string.
    void skipFormatted(const PythonPrefix &prefix, char quote, bool triple)
    {
        const int startLine = m_cursor.line;
        bool inName = false; // of \N{…}
        for (;;) {
            const char c = *m_cursor.at;
            if (c == quote && closes(quote, triple)) {
                m_cursor.at += triple ? 3 : 1;
                return;
            }
            if (isLineEnd(c)) {
                if (endsOpen(triple, startLine))
                    return;
            } else if (c == '\\') {
                const char next = m_cursor.at[1];
                inName = inName || (next == 'N' && m_cursor.at[2] == '{' && !prefix.raw);
                if (next == '{' || next == '}')
                    ++m_cursor.at;
                else
                    skipEscape(prefix);
                m_cursor.at += inName && *m_cursor.at == '{' ? 1 : 0;
            } else if (c == '{' && m_cursor.at[1] != '{') {
                if (!skipField(quote, triple, 1))
                    return;
            } else if (c == '}' && !inName && m_cursor.at[1] != '}') {
                m_cursor.fail(PythonFault::BadReplacement);
                ++m_cursor.at;
            } else {
                m_cursor.at += (c == '{' || (c == '}' && !inName)) ? 2 : 1;
                inName = inName && c != '}';
            }
        }
    }

    /// From the opening brace past the closing one; false if the f-string ended before.
    bool skipField(char quote, bool triple, int level)
    {
        constexpr int maxLevels = 3;
        if (level > maxLevels || m_depth == maxBrackets) {
            giveUp(PythonFault::TooDeep);
            return false;
        }
        ++m_cursor.at;
        ++m_depth;
        const bool whole = skipExpression() && (*m_cursor.at == '}' || skipFormat(quote, triple, level));
        --m_depth;
        m_cursor.at += whole ? 1 : 0;
        return whole;
    }

    /// The expression of a field, up to its brace or to the colon before its format; false if all is over.
    bool skipExpression()
    {
        const int outer = m_depth;
        for (;;) {
            const char c = *m_cursor.at;
            if (m_depth == outer && (c == '}' || c == ':'))
                return true;
            switch (c) {
            case '\0':
                m_cursor.fail(PythonFault::OpenBracket);
                return false;
            case '\n':
            case '\r':
                skipNewline(m_cursor);
                break;
            case '#':
                while (!isLineEnd(*m_cursor.at))
                    ++m_cursor.at;
                break;
            case '"':
            case '\'':
                skip({});
                break;
            case '(':
            case '[':
            case '{':
                open(c);
                break;
            case ')':
            case ']':
            case '}':
                close(c, outer);
                break;
            case '\\':
                skipJoin();
                break;
            case '$':
            case '?':
            case '`':
                m_cursor.fail(PythonFault::StrayCharacter);
                ++m_cursor.at;
                break;
            default:
                skipWord();
            }
        }
    }

    void open(char c)
    {
        if (m_depth == maxBrackets)
            return giveUp(PythonFault::TooDeep);
        m_open[static_cast<size_t>(m_depth)] = c == '(' ? ')' : c == '[' ? ']' : '}';
        ++m_depth;
        ++m_cursor.at;
    }

    void close(char c, int outer)
    {
        if (m_depth == outer || m_open[static_cast<size_t>(m_depth - 1)] != c)
            return giveUp(PythonFault::StrayBracket);
        --m_depth;
        ++m_cursor.at;
    }

    void skipJoin()
    {
        ++m_cursor.at;
        if (*m_cursor.at == '\n' || *m_cursor.at == '\r')
            skipNewline(m_cursor);
        else
            m_cursor.fail(PythonFault::StrayBackslash);
    }

    /// A name, a nested literal with its prefix, a number, or one other character.
    void skipWord()
    {
        const char *begin = m_cursor.at;
        while (isNamePart(*m_cursor.at))
            ++m_cursor.at;
        if (m_cursor.at == begin)
            ++m_cursor.at;
        else if (*m_cursor.at == '"' || *m_cursor.at == '\'')
            skip(pythonPrefix(begin, m_cursor.at));
    }

    /// The format behind the colon, up to the brace that closes the field; false if the f-string ends before.
    bool skipFormat(char quote, bool triple, int level)
    {
        for (;;) {
            const char c = *m_cursor.at;
            if (c == '}')
                return true;
            if (c == '\0' || (c == quote && closes(quote, triple))) {
                m_cursor.fail(PythonFault::BadReplacement);
                m_cursor.at += c == '\0' ? 0 : triple ? 3 : 1;
                return false;
            }
            if (c == '{') {
                if (!skipField(quote, triple, level + 1))
                    return false;
            } else if (c == '\n' || c == '\r') {
                skipNewline(m_cursor);
            } else if (c == '\\' && m_cursor.at[1] != '{' && m_cursor.at[1] != '}' &&
                       !isLineEnd(m_cursor.at[1])) {
                m_cursor.at += 2;
            } else {
                ++m_cursor.at;
            }
        }
    }

    PythonCursor &m_cursor;
    int m_depth;
    int m_nesting = 0;
    std::array<char, maxBrackets> m_open{};
};

} // namespace

PythonPrefix pythonPrefix(const char *begin, const char *end)
{
    PythonPrefix prefix;
    bool other = false; // u stands alone
    if (end - begin > 2)
        return prefix;
    for (const char *at = begin; at != end; ++at) {
        const char c = static_cast<char>(*at | 0x20);
        const bool kind = prefix.bytes || prefix.formatted || other;
        if (c == 'r' && !prefix.raw && !other)
            prefix.raw = true;
        else if (c == 'b' && !kind)
            prefix.bytes = true;
        else if ((c == 'f' || c == 't') && !kind)
            prefix.formatted = true;
        else if (c == 'u' && !kind && !prefix.raw)
            other = true;
        else
            return {};
    }
    prefix.isPrefix = true;
    return prefix;
}

void skipString(PythonCursor &cursor, const PythonPrefix &prefix, int depth)
{
    const char quote = *cursor.at;
    if (prefix.formatted || (cursor.at[1] == quote && cursor.at[2] == quote))
        return StringScanner(cursor, depth).skip(prefix);
    // Nearly all literals of a revision are short names: past them without a scanner's state.
    const char *at = cursor.at + 1;
    while (*at != quote && *at != '\\' && !isLineEnd(*at) && static_cast<unsigned char>(*at) < 0x80)
        ++at;
    if (*at == quote)
        cursor.at = at + 1;
    else
        StringScanner(cursor, depth).skip(prefix);
}

} // namespace stepwell
