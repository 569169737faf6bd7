// SPDX-License-Identifier: MIT
#include "migrations/alembic/headerplaces.h"

namespace stepwell {

namespace {

using Kind = PythonTokenKind;

class PlacesReader
{
public:
    PlacesReader(const PythonTokens &tokens, size_t begin, size_t end)
        : m_tokens(tokens), m_at(begin), m_end(end)
    {
    }

    std::optional<ValuePlaces> run()
    {
        auto value = readItem();
        if (value && isSymbol(','))
            value = readList(*value, '\0');
        return m_at == m_end ? value : std::nullopt;
    }

private:
    const PythonToken &token() const { return m_tokens.all()[m_at]; }
    bool isSymbol(char c) const
    {
        return m_at < m_end && token().kind == Kind::Operator && token().symbol == c;
    }

    std::optional<ValuePlaces> readItem()
    {
        if (m_at == m_end)
            return {};
        if (isSymbol('(') || isSymbol('[') || isSymbol('{'))
            return readBrackets();
        ItemPlace item{.begin = m_at, .textBegin = m_at};
        if (token().word == PythonWord::None) {
            item.isNone = true;
            ++m_at;
        } else {
            while (m_at < m_end && token().kind == Kind::String)
                ++m_at;
            const auto text = readText(m_tokens, item.begin, m_at);
            if (m_at == item.begin || !text)
                return {};
            item.text = *text;
        }
        item.end = item.textEnd = m_at;
        return ValuePlaces{.begin = item.begin, .end = item.end, .items = {item}};
    }

    std::optional<ValuePlaces> readBrackets()
    {
        const size_t openAt = m_at;
        const char open = token().symbol;
        const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
        ++m_at;
        std::optional<ValuePlaces> value = ValuePlaces{.isList = true};
        if (!isSymbol(close)) {
            value = readItem();
            if (value && (open != '(' || isSymbol(',')))
                value = readList(*value, close);
        }
        if (!value || !isSymbol(close))
            return {};
        if (value->open == '\0') {
            value->open = open;
            value->openAt = openAt;
            value->closeAt = m_at;
        }
        value->begin = openAt;
        value->end = ++m_at;
        return value;
    }

    /// Behind the first item; stops before close.
    std::optional<ValuePlaces> readList(const ValuePlaces &first, char close)
    {
        ValuePlaces list{.begin = first.begin, .isList = true};
        if (!add(list, first))
            return {};
        while (isSymbol(',')) {
            list.items.last().comma = m_at++;
            if (m_at == m_end || (close && isSymbol(close)))
                break;
            const auto item = readItem();
            if (!item || !add(list, *item))
                return {};
        }
        list.end = m_at;
        return list;
    }

    /// The parentheses around one text belong to its place.
    static bool add(ValuePlaces &list, const ValuePlaces &value)
    {
        if (value.isList)
            return false;
        ItemPlace item = value.items.front();
        item.begin = value.begin;
        item.end = value.end;
        list.items += item;
        return true;
    }

    const PythonTokens &m_tokens;
    size_t m_at;
    size_t m_end;
};

} // namespace

std::optional<ValuePlaces> findPlaces(const PythonTokens &tokens, size_t begin, size_t end)
{
    return PlacesReader(tokens, begin, end).run();
}

} // namespace stepwell
