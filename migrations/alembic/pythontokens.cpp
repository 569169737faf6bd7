// SPDX-License-Identifier: MIT
#include "migrations/alembic/pythontokens.h"

#include <QStringDecoder>

namespace stepwell {

namespace {

constexpr int tabWidth = 8;

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNamePart(char c)
{
    return isNameStart(c) || isDigit(c);
}

/// The encoding named by a comment in one of the first two lines, or empty.
QByteArray encodingComment(const QByteArray &source)
{
    int at = 0;
    for (int line = 0; line < 2 && at < source.size(); ++line) {
        int end = at;
        while (end < source.size() && source.at(end) != '\n' && source.at(end) != '\r')
            ++end;
        const QByteArray text = source.sliced(at, end - at).trimmed();
        if (!text.isEmpty() && !text.startsWith('#'))
            return {};
        for (auto found = text.indexOf("coding"); found >= 0; found = text.indexOf("coding", found + 1)) {
            auto from = found + 6;
            if (from >= text.size() || (text.at(from) != ':' && text.at(from) != '='))
                continue;
            ++from;
            while (from < text.size() && (text.at(from) == ' ' || text.at(from) == '\t'))
                ++from;
            auto to = from;
            while (to < text.size() && (isNamePart(text.at(to)) || text.at(to) == '-' || text.at(to) == '.'))
                ++to;
            return text.sliced(from, to - from).toLower();
        }
        at = end + (end + 1 < source.size() && source.at(end) == '\r' && source.at(end + 1) == '\n' ? 2 : 1);
    }
    return {};
}

QByteArray toUtf8(const QByteArray &source)
{
    if (source.startsWith("\xef\xbb\xbf"))
        return source.sliced(3);
    const QByteArray name = encodingComment(source);
    if (name.isEmpty() || name.startsWith("utf"))
        return source;
    QStringDecoder decoder(name.constData());
    if (!decoder.isValid())
        decoder = QStringDecoder(QStringDecoder::Latin1);
    const QString text = decoder(source);
    return text.toUtf8();
}

} // namespace

class PythonTokenizer
{
public:
    explicit PythonTokenizer(PythonTokens &tokens)
        : m_tokens(tokens.m_tokens)
        , m_source(tokens.m_source.constData())
        , m_size(static_cast<int>(tokens.m_source.size()))
    {
        m_tokens.reserve(static_cast<size_t>(m_size / 5 + 8));
    }

    void run()
    {
        while (m_at < m_size)
            step();
        endLine(m_at);
    }

private:
    char peek(int ahead) const { return m_at + ahead < m_size ? m_source[m_at + ahead] : '\0'; }

    int newlineLength(int at) const
    {
        if (at >= m_size)
            return 0;
        if (m_source[at] == '\r')
            return at + 1 < m_size && m_source[at + 1] == '\n' ? 2 : 1;
        return m_source[at] == '\n' ? 1 : 0;
    }

    void step()
    {
        const char c = m_source[m_at];
        if (const int length = newlineLength(m_at)) {
            if (m_depth == 0)
                endLine(m_at);
            m_at += length;
            startLine();
        } else if (c == ' ' || c == '\t' || c == '\f') {
            m_column = c == ' ' ? m_column + 1 : c == '\t' ? (m_column / tabWidth + 1) * tabWidth : 0;
            ++m_at;
        } else if (c == '#') {
            while (m_at < m_size && !newlineLength(m_at))
                ++m_at;
        } else if (c == '\\' && newlineLength(m_at + 1)) {
            m_at += 1 + newlineLength(m_at + 1);
            ++m_line;
        } else if (c == '"' || c == '\'') {
            readString(m_at);
        } else if (isNameStart(c)) {
            readName();
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            readNumber();
        } else {
            readOperator(c);
        }
    }

    void startLine()
    {
        ++m_line;
        m_column = 0;
    }

    void endLine(int at)
    {
        if (!m_inLine)
            return;
        m_tokens.push_back({PythonTokenKind::Newline, 0, at, at, m_line, 0, -1});
        m_inLine = false;
    }

    void add(PythonTokenKind kind, int begin, int line, char symbol = 0)
    {
        m_tokens.push_back({kind, symbol, begin, m_at, line, m_depth, m_inLine ? -1 : m_column});
        m_inLine = true;
    }

    void readName()
    {
        const int begin = m_at;
        while (m_at < m_size && isNamePart(m_source[m_at]))
            ++m_at;
        const char next = peek(0);
        if ((next == '"' || next == '\'') && m_at - begin <= 2 && isPrefix(begin))
            return readString(begin);
        add(PythonTokenKind::Name, begin, m_line);
    }

    bool isPrefix(int begin) const
    {
        for (int at = begin; at < m_at; ++at) {
            if (!QByteArrayView("rRbBuUfFtT").contains(m_source[at]))
                return false;
        }
        return true;
    }

    void readNumber()
    {
        const int begin = m_at;
        while (m_at < m_size && (isNamePart(m_source[m_at]) || m_source[m_at] == '.'))
            ++m_at;
        add(PythonTokenKind::Number, begin, m_line);
    }

    void readOperator(char c)
    {
        if ((c == ')' || c == ']' || c == '}') && m_depth > 0)
            --m_depth;
        const int begin = m_at++;
        add(PythonTokenKind::Operator, begin, m_line, c);
        if (c == '(' || c == '[' || c == '{')
            ++m_depth;
    }

    /// m_at stands on the quote, begin on the prefix.
    void readString(int begin)
    {
        bool formatted = false;
        for (int at = begin; at < m_at; ++at)
            formatted = formatted || QByteArrayView("fFtT").contains(m_source[at]);
        const int line = m_line;
        const int column = m_column;
        skipString(formatted);
        m_column = column;
        add(PythonTokenKind::String, begin, line);
    }

    void skipString(bool formatted)
    {
        const char quote = m_source[m_at];
        const bool triple = peek(1) == quote && peek(2) == quote;
        m_at += triple ? 3 : 1;
        int braces = 0; // Python 3.12 lets the same quotes stand inside replacement fields
        while (m_at < m_size) {
            const char c = m_source[m_at];
            if (const int length = newlineLength(m_at)) {
                if (!triple && braces == 0)
                    return;
                m_at += length;
                ++m_line;
            } else if (c == '\\') {
                ++m_at;
                if (const int joined = newlineLength(m_at)) {
                    m_at += joined;
                    ++m_line;
                } else {
                    ++m_at;
                }
            } else if (braces > 0 && (c == '"' || c == '\'') && !closes(quote, triple)) {
                skipString(false);
            } else if (c == quote && (braces == 0 || closes(quote, triple)) &&
                       (!triple || closes(quote, true))) {
                m_at += triple ? 3 : 1;
                return;
            } else {
                if (formatted && c == '{' && braces == 0 && peek(1) == '{')
                    ++m_at;
                else if (formatted && c == '{')
                    ++braces;
                else if (formatted && c == '}' && braces > 0)
                    --braces;
                ++m_at;
            }
        }
        m_at = m_size;
    }

    /// Inside a replacement field, the end of a triple-quoted literal still wins; a single quote of
    /// the same kind opens a nested literal there.
    bool closes(char quote, bool triple) const
    {
        return triple && peek(0) == quote && peek(1) == quote && peek(2) == quote;
    }

    std::vector<PythonToken> &m_tokens;
    const char *m_source;
    int m_size;
    int m_at = 0;
    int m_line = 1;
    int m_column = 0;
    int m_depth = 0;
    bool m_inLine = false;
};

PythonTokens PythonTokens::read(const QByteArray &source)
{
    PythonTokens tokens;
    tokens.m_source = toUtf8(source);
    PythonTokenizer(tokens).run();
    return tokens;
}

} // namespace stepwell
