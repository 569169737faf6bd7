// SPDX-License-Identifier: MIT
#include "migrations/alembic/headervalue.h"

#include <QSet>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;
using State = HeaderValue::State;

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
        if (isSymbol(','))
            value = readList(value, '\0');
        if (m_at < m_end || m_isComputed)
            return {.state = State::Computed};
        return m_isWrong ? HeaderValue{.state = State::Wrong} : value;
    }

    /// True if the value can be changed in place.
    bool isMutable() const { return m_isMutable; }

private:
    const PythonToken &token() const { return m_tokens.all()[m_at]; }
    bool isSymbol(char c) const
    {
        return m_at < m_end && token().kind == Kind::Operator && token().symbol == c;
    }

    HeaderValue computed()
    {
        m_isComputed = true;
        return {.state = State::Computed};
    }

    HeaderValue readItem()
    {
        if (m_at == m_end)
            return computed();
        if (token().kind == Kind::String)
            return readTexts();
        if (isSymbol('(') || isSymbol('[') || isSymbol('{'))
            return readBrackets();
        const PythonWord word = token().word;
        if (word == PythonWord::None) {
            ++m_at;
            return {.state = State::None};
        }
        if (token().kind == Kind::Number || word == PythonWord::True || word == PythonWord::False) {
            ++m_at;
            m_isWrong = true;
            return {.state = State::Wrong};
        }
        return computed();
    }

    HeaderValue readTexts()
    {
        const size_t begin = m_at;
        while (m_at < m_end && token().kind == Kind::String)
            ++m_at;
        auto text = readText(m_tokens, begin, m_at);
        if (!text)
            return computed();
        return {.state = State::Literal, .items = {*std::move(text)}};
    }

    HeaderValue readBrackets()
    {
        const char open = token().symbol;
        const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
        m_isMutable = m_isMutable || open != '(';
        ++m_at;
        if (isSymbol(close)) {
            ++m_at;
            return {.state = State::Literal, .isList = true};
        }
        HeaderValue value = readItem();
        if (open != '(' || isSymbol(','))
            value = readList(value, close);
        if (!isSymbol(close))
            return computed();
        ++m_at;
        return value;
    }

    /// Behind the first item; stops before close.
    HeaderValue readList(const HeaderValue &first, char close)
    {
        HeaderValue value{.state = State::Literal, .isList = true};
        size_t count = 1;
        size_t nones = first.state == State::None ? 1 : 0;
        addItem(value, first);
        while (isSymbol(',')) {
            ++m_at;
            if (m_at == m_end || (close && isSymbol(close)))
                break;
            const HeaderValue item = readItem();
            ++count;
            nones += item.state == State::None ? 1 : 0;
            addItem(value, item);
        }
        // (None,) is None to Alembic; any other list must hold texts only. A set holds everything once.
        if (nones == count && (count == 1 || close == '}'))
            return {.state = State::None, .isList = true};
        m_isWrong = m_isWrong || nones > 0;
        if (close == '}')
            keepOnce(value.items);
        return value;
    }

    static void keepOnce(QVarLengthArray<QString, 2> &items)
    {
        QSet<QString> seen;
        items.removeIf([&](const QString &item) {
            const auto count = seen.size();
            seen.insert(item);
            return seen.size() == count;
        });
    }

    void addItem(HeaderValue &list, const HeaderValue &item)
    {
        if (item.isList)
            m_isComputed = true; // Alembic takes some lists of lists
        else if (item.state == State::Literal)
            list.items.push_back(item.items.front());
    }

    const PythonTokens &m_tokens;
    size_t m_at;
    size_t m_end;
    bool m_isComputed = false;
    bool m_isWrong = false;
    bool m_isMutable = false;
};

/// How often a variable is named, but for members and keyword arguments of the same name.
int mentions(const PythonTokens &tokens, PythonWord word)
{
    const auto &all = tokens.all();
    int count = 0;
    for (size_t at = 0; at < all.size(); ++at) {
        if (all[at].word != word)
            continue;
        const bool member = at > 0 && all[at - 1].symbol == '.';
        const bool argument = all[at].depth > 0 && at + 1 < all.size() && all[at + 1].symbol == '=';
        count += member || argument ? 0 : 1;
    }
    return count;
}

} // namespace

HeaderValue readHeaderValue(const PythonTokens &tokens, const HeaderBinding &binding, PythonWord word)
{
    HeaderValue value;
    if (binding.state == HeaderBinding::State::Assigned) {
        LiteralReader reader(tokens, binding.begin, binding.end);
        value = reader.run();
        if (reader.isMutable() && (binding.isShared || mentions(tokens, word) > 1))
            value = {.state = State::Computed};
    } else if (binding.state == HeaderBinding::State::Computed) {
        value.state = State::Computed;
    }
    // Alembic takes labels that are no text, though nobody can name them.
    if (word == PythonWord::BranchLabels && value.state == State::Wrong)
        value.state = State::Computed;
    value.line = binding.line;
    return value;
}

std::optional<QString> readText(const PythonTokens &tokens, size_t begin, size_t end)
{
    QString text;
    for (size_t at = begin; at < end; ++at) {
        const PythonString part = pythonString(tokens.text(tokens.all()[at]));
        if (!part.isText || !part.isExact)
            return std::nullopt;
        if (at == begin)
            text = part.text;
        else
            text += part.text;
    }
    if (end > begin + 1)
        text.squeeze();
    return text;
}

} // namespace stepwell
