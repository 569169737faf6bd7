// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionheader.h"

#include <algorithm>
#include <array>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;
using State = HeaderValue::State;

constexpr std::array<QByteArrayView, 4> headerNames{"revision", "down_revision", "branch_labels",
                                                    "depends_on"};

bool isHeaderName(QByteArrayView name)
{
    return std::ranges::find(headerNames, name) != headerNames.end();
}

/// A literal between two tokens: None, text, or a list of texts in any brackets or in none.
class LiteralReader
{
public:
    LiteralReader(const PythonTokens &tokens, size_t begin, size_t end)
        : m_tokens(tokens), m_at(begin), m_end(end)
    {
    }

    HeaderValue run()
    {
        HeaderValue value = readItem();
        if (m_at < m_end && isSymbol(','))
            value = readList(value, '\0');
        if (m_at < m_end || m_isComputed)
            return {State::Computed, {}, false, 0};
        return m_isWrong ? HeaderValue{State::Wrong, {}, false, 0} : value;
    }

private:
    const PythonToken &token() const { return m_tokens.all()[m_at]; }
    bool isSymbol(char c) const
    {
        return m_at < m_end && token().kind == Kind::Operator && token().symbol == c;
    }

    HeaderValue readItem()
    {
        if (m_at == m_end) {
            m_isComputed = true;
            return {};
        }
        if (token().kind == Kind::String)
            return readText();
        if (token().kind == Kind::Name && m_tokens.text(token()) == "None") {
            ++m_at;
            return {State::None, {}, false, 0};
        }
        if (token().kind == Kind::Number) {
            ++m_at;
            m_isWrong = true;
            return {State::Wrong, {}, false, 0};
        }
        if (isSymbol('(') || isSymbol('[') || isSymbol('{'))
            return readBrackets();
        m_isComputed = true;
        return {};
    }

    HeaderValue readText()
    {
        HeaderValue value{State::Literal, {QString()}, false, 0};
        for (; m_at < m_end && token().kind == Kind::String; ++m_at) {
            const PythonString part = pythonString(m_tokens.text(token()));
            m_isComputed = m_isComputed || !part.isText || !part.isExact;
            value.items[0] += part.text;
        }
        return value;
    }

    HeaderValue readBrackets()
    {
        const char open = token().symbol;
        const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
        ++m_at;
        if (isSymbol(close)) {
            ++m_at;
            return {State::Literal, {}, true, 0};
        }
        const HeaderValue first = readItem();
        HeaderValue value = first;
        if (open != '(' || isSymbol(','))
            value = readList(first, close);
        if (isSymbol(close))
            ++m_at;
        else
            m_isComputed = true;
        return value;
    }

    /// Behind the first item; stops before close.
    HeaderValue readList(const HeaderValue &first, char close)
    {
        QList<HeaderValue> items{first};
        while (isSymbol(',')) {
            ++m_at;
            if (m_at == m_end || (close && isSymbol(close)))
                break;
            items += readItem();
        }
        // (None,) is None to Alembic; any other list must hold texts only.
        if (items.size() == 1 && first.state == State::None)
            return {State::None, {}, true, 0};
        HeaderValue value{State::Literal, {}, true, 0};
        for (const HeaderValue &item : items) {
            if (item.state == State::Literal && !item.isList)
                value.items += item.items;
            else
                m_isWrong = true;
        }
        return value;
    }

    const PythonTokens &m_tokens;
    size_t m_at;
    size_t m_end;
    bool m_isComputed = false;
    bool m_isWrong = false;
};

/// Walks the logical lines of the module. Bodies of functions and classes are passed over; an
/// assignment inside if, try, with or for makes the variable computed.
class ModuleReader
{
public:
    explicit ModuleReader(const PythonTokens &tokens) : m_tokens(tokens), m_all(tokens.all()) {}

    RevisionHeader run()
    {
        for (size_t at = 0; at < m_all.size();) {
            size_t end = at;
            while (end < m_all.size() && m_all[end].kind != Kind::Newline)
                ++end;
            readLine(at, end);
            at = end + 1;
        }
        closeFunction(m_all.size());
        return m_header;
    }

private:
    bool isName(size_t at, QByteArrayView text) const
    {
        return at < m_all.size() && m_all[at].kind == Kind::Name && m_tokens.text(m_all[at]) == text;
    }
    bool isSymbol(size_t at, char c) const
    {
        return at < m_all.size() && m_all[at].kind == Kind::Operator && m_all[at].symbol == c;
    }

    void readLine(size_t begin, size_t end)
    {
        if (begin == end)
            return;
        const int indent = m_all[begin].indent;
        if (m_skipIndent >= 0 && indent > m_skipIndent)
            return;
        m_skipIndent = -1;
        if (indent <= 0)
            closeFunction(begin);
        const size_t first = isName(begin, "async") ? begin + 1 : begin;
        if (isName(first, "def") || isName(first, "class"))
            return openFunction(first, end, indent);
        const size_t colon = blockColon(begin, end);
        const bool nested = indent > 0 || colon < end;
        if (colon < end)
            readTargetsOfBlock(begin, colon);
        for (size_t from = colon < end ? colon + 1 : begin; from < end;) {
            size_t to = from;
            while (to < end && !(isSymbol(to, ';') && m_all[to].depth == 0))
                ++to;
            readStatement(from, to, nested);
            from = to + 1;
        }
        m_isFirst = false;
    }

    void openFunction(size_t first, size_t end, int indent)
    {
        m_isFirst = false;
        m_skipIndent = indent;
        if (!isName(first, "def") || indent > 0 || first + 1 >= end)
            return;
        m_function = m_tokens.text(m_all[first + 1]).toByteArray();
        m_functionBegin = end;
        for (size_t at = first; at < end; ++at) {
            if (isSymbol(at, ':') && m_all[at].depth == 0) {
                m_functionBegin = at + 1;
                break;
            }
        }
    }

    void closeFunction(size_t end)
    {
        if (!m_function.isEmpty())
            m_header.functions.insert(m_function, {m_functionBegin, end});
        m_function.clear();
    }

    /// The colon that opens the block of if, for, try …; end if the line is no such line.
    size_t blockColon(size_t begin, size_t end) const
    {
        static constexpr std::array<QByteArrayView, 11> words{
            "if", "elif", "else", "try", "except", "finally", "with", "for", "while", "match", "case"};
        if (m_all[begin].kind != Kind::Name ||
            std::ranges::find(words, m_tokens.text(m_all[begin])) == words.end() || isSymbol(begin + 1, '='))
            return end;
        for (size_t at = begin; at < end; ++at) {
            if (isSymbol(at, ':') && m_all[at].depth == 0)
                return at;
        }
        return end;
    }

    /// `for revision in`, `with … as revision`: bound, but not by a literal.
    void readTargetsOfBlock(size_t begin, size_t end)
    {
        for (size_t at = begin; at + 1 < end; ++at) {
            if (isName(at, "for") || isName(at, "as") || isSymbol(at, ','))
                markComputed(at + 1);
        }
    }

    void markComputed(size_t at)
    {
        if (m_all[at].kind != Kind::Name)
            return;
        const QByteArrayView name = m_tokens.text(m_all[at]);
        if (isHeaderName(name))
            m_header.values.insert(name.toByteArray(), {State::Computed, {}, false, m_all[at].line});
        m_header.bindsDowngrade = m_header.bindsDowngrade || name == "downgrade";
    }

    void readStatement(size_t begin, size_t end, bool nested)
    {
        if (begin == end)
            return;
        if (std::exchange(m_isFirst, false) && !nested && readDocstring(begin, end))
            return;
        if (isName(begin, "import") || isName(begin, "from"))
            return readImport(begin, end);
        readAssignment(begin, end, nested);
    }

    bool readDocstring(size_t begin, size_t end)
    {
        while (begin + 1 < end && isSymbol(begin, '(') && isSymbol(end - 1, ')')) {
            ++begin;
            --end;
        }
        QString text;
        for (size_t at = begin; at < end; ++at) {
            if (m_all[at].kind != Kind::String || m_tokens.text(m_all[at]).contains('\0'))
                return false;
            const QByteArrayView literal = m_tokens.text(m_all[at]);
            const PythonString part = pythonString(literal);
            if (!part.isText || literal.startsWith('f') || literal.startsWith('F'))
                return false;
            text += part.text;
        }
        m_header.docstring = cleanDocstring(text);
        return true;
    }

    /// `from x import a as revision`: the name behind `as`, else the imported one.
    void readImport(size_t begin, size_t end)
    {
        bool behindImport = false;
        for (size_t at = begin; at < end; ++at) {
            if (isName(at, "import"))
                behindImport = true;
            else if (behindImport && !isName(at + 1, "as") && !isSymbol(at + 1, '.') &&
                     !isSymbol(at - 1, '.'))
                markComputed(at);
        }
    }

    bool isAssign(size_t at, size_t begin, size_t end) const
    {
        if (!isSymbol(at, '=') || m_all[at].depth != 0 || at == begin)
            return false;
        const bool comparison =
            (at + 1 < end && isSymbol(at + 1, '=') && m_all[at + 1].begin == m_all[at].end) ||
            (m_all[at - 1].end == m_all[at].begin && m_all[at - 1].kind == Kind::Operator &&
             QByteArrayView("=<>!:").contains(m_all[at - 1].symbol));
        return !comparison;
    }

    void readAssignment(size_t begin, size_t end, bool nested)
    {
        std::vector<size_t> assigns;
        for (size_t at = begin; at < end; ++at) {
            if (isAssign(at, begin, end))
                assigns.push_back(at);
            if (isSymbol(at, ':') && isSymbol(at + 1, '=')) // a walrus binds, wherever it stands
                markComputed(at - (at > begin ? 1 : 0));
        }
        if (isName(begin, "del")) {
            for (size_t at = begin + 1; at < end; ++at)
                markComputed(at);
        }
        size_t from = begin;
        for (const size_t assign : assigns) {
            readTarget(from, assign, assigns.back() + 1, end, nested);
            from = assign + 1;
        }
    }

    void readTarget(size_t begin, size_t end, size_t valueBegin, size_t valueEnd, bool nested)
    {
        const bool single = end == begin + 1 || (end > begin + 1 && isSymbol(begin + 1, ':'));
        if (!single) {
            // Unpacking, or an operator such as +=. An attribute or an item is not the variable.
            for (size_t at = begin; at < end; ++at) {
                if (!isSymbol(at + 1, '.') && !isSymbol(at + 1, '[') &&
                    !(at > begin && isSymbol(at - 1, '.')))
                    markComputed(at);
            }
            return;
        }
        const QByteArrayView name = m_tokens.text(m_all[begin]);
        if (name == "downgrade")
            m_header.bindsDowngrade = true;
        if (name == "__doc__" && !nested) {
            const HeaderValue value = LiteralReader(m_tokens, valueBegin, valueEnd).run();
            if (value.state == State::Literal && !value.isList)
                m_header.docstring = value.items.constFirst();
            return;
        }
        if (!isHeaderName(name))
            return;
        HeaderValue value = nested ? HeaderValue{} : LiteralReader(m_tokens, valueBegin, valueEnd).run();
        value.line = m_all[begin].line;
        m_header.values.insert(name.toByteArray(), value);
    }

    const PythonTokens &m_tokens;
    const std::vector<PythonToken> &m_all;
    RevisionHeader m_header;
    QByteArray m_function;
    size_t m_functionBegin = 0;
    int m_skipIndent = -1; ///< lines deeper than this belong to a function or class
    bool m_isFirst = true;
};

} // namespace

RevisionHeader readRevisionHeader(const PythonTokens &tokens)
{
    return ModuleReader(tokens).run();
}

} // namespace stepwell
