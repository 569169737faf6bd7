// SPDX-License-Identifier: MIT
#include "migrations/alembic/valueedit.h"

#include <algorithm>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;

bool isBlank(QByteArrayView text)
{
    return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\f'; });
}

/// Which old item is kept as which new one: the longest common run of both orders; -1 for a new one.
QList<qsizetype> keptItems(const QList<ItemPlace> &old, const QStringList &wanted)
{
    const qsizetype rows = old.size();
    const qsizetype columns = wanted.size();
    const auto same = [&](qsizetype row, qsizetype column) {
        return !old.at(row).isNone && old.at(row).text == wanted.at(column);
    };
    QList<QList<int>> longest(rows + 1, QList<int>(columns + 1, 0));
    for (qsizetype row = rows - 1; row >= 0; --row) {
        for (qsizetype column = columns - 1; column >= 0; --column)
            longest[row][column] =
                same(row, column) ? longest.at(row + 1).at(column + 1) + 1
                                  : std::max(longest.at(row + 1).at(column), longest.at(row).at(column + 1));
    }
    QList<qsizetype> kept(columns, -1);
    for (qsizetype row = 0, column = 0; row < rows && column < columns;) {
        if (same(row, column))
            kept[column++] = row++;
        else if (longest.at(row + 1).at(column) >= longest.at(row).at(column + 1))
            ++row;
        else
            ++column;
    }
    return kept;
}

class ValueEditor
{
public:
    ValueEditor(const PythonTokens &tokens, const ValuePlaces &places, const QStringList &wanted,
                const QuoteStyle &style, const SourceText &source)
        : m_tokens(tokens)
        , m_places(places)
        , m_items(places.items)
        , m_wanted(wanted)
        , m_style(style)
        , m_source(source)
    {
    }

    QList<SourceEdit> run()
    {
        if (m_wanted.isEmpty())
            clear();
        else if (m_items.isEmpty())
            fillBrackets();
        else
            change();
        return std::move(m_edits);
    }

private:
    int begin(size_t token) const { return m_tokens.all()[token].begin; }
    int end(size_t token) const { return m_tokens.all()[token].end; }
    int begin(const ItemPlace &item) const { return begin(item.begin); }
    int end(const ItemPlace &item) const { return end(item.end - 1); }
    /// Behind the item and its comma.
    int endWithComma(const ItemPlace &item) const { return item.comma ? end(*item.comma) : end(item); }
    QByteArray literal(const QString &text, const QuoteStyle &style) const
    {
        return writeLiteral(text, style, m_source);
    }
    void replace(int from, int to, const QByteArray &text) { m_edits += SourceEdit{from, to, text}; }
    void insert(int at, const QByteArray &text) { replace(at, at, text); }

    /// Between two of these tokens; strings do not count.
    bool hasComment(size_t from, size_t to) const
    {
        for (size_t at = from; at + 1 < to; ++at) {
            if (m_source.text(end(at), begin(at + 1)).contains('#'))
                return true;
        }
        return false;
    }

    void clear()
    {
        if (!hasComment(m_places.begin, m_places.end))
            return replace(begin(m_places.begin), end(m_places.end - 1), "None");
        // The comments stay, between parentheses: in them None is None.
        const ItemPlace &first = m_items.front();
        for (size_t at = m_places.begin; at < m_places.end; ++at) {
            const char symbol = m_tokens.all()[at].symbol;
            const bool inFirst = at >= first.begin && at < first.end;
            const bool isBracket = at == m_places.openAt || at == m_places.closeAt;
            if (at == first.textBegin)
                replace(begin(at), end(at), "None");
            else if (isBracket && symbol != '(' && symbol != ')')
                replace(begin(at), end(at), at == m_places.openAt ? "(" : ")");
            else if (inFirst ? at > first.textBegin && at < first.textEnd
                             : at >= first.end && at < m_places.closeAt)
                replace(begin(at), end(at), {});
        }
    }

    void fillBrackets()
    {
        QByteArrayList texts;
        for (const QString &text : m_wanted)
            texts += literal(text, m_style);
        const bool needsComma = m_places.open == '(' && texts.size() == 1;
        insert(end(m_places.openAt), texts.join(", ") + (needsComma ? "," : ""));
    }

    void change()
    {
        const bool becomesList = !m_places.isList && m_wanted.size() > 1;
        const bool isWrapped = becomesList && m_places.open == '\0';
        if (isWrapped)
            insert(begin(m_places.begin), "(");
        const QList<qsizetype> kept = keptItems(m_items, m_wanted);
        qsizetype from = 0;
        for (qsizetype at = 0; at < kept.size(); ++at) {
            if (kept.at(at) < 0)
                continue;
            changePart(m_part, kept.at(at), from, at);
            m_part = kept.at(at) + 1;
            from = at + 1;
        }
        changePart(m_part, m_items.size(), from, kept.size());
        // A tuple stays one.
        const bool isTuple = m_places.isList && (m_places.open == '(' || m_places.open == '\0');
        if (isTuple && kept.size() == 1 && kept.front() == m_items.size() - 1 && !m_items.last().comma)
            insert(end(m_items.last()), ",");
        if (isWrapped)
            insert(end(m_places.end - 1), ")");
    }

    /// Exchanges the old items [oldFrom, oldTo) for the wanted ones [from, to).
    void changePart(qsizetype oldFrom, qsizetype oldTo, qsizetype from, qsizetype to)
    {
        const qsizetype exchanged = std::min(oldTo - oldFrom, to - from);
        for (qsizetype at = 0; at < exchanged; ++at)
            exchange(m_items.at(oldFrom + at), m_wanted.at(from + at));
        if (oldTo - oldFrom > exchanged)
            remove(oldFrom + exchanged, oldTo);
        else if (to - from > exchanged && oldFrom + exchanged == 0)
            insertFirst(m_wanted.mid(from, to - from));
        else if (to - from > exchanged)
            insertAfter(m_items.at(oldFrom + exchanged - 1),
                        m_wanted.mid(from + exchanged, to - from - exchanged));
    }

    void exchange(const ItemPlace &item, const QString &text)
    {
        const QuoteStyle style = styleOf(item);
        const int from = begin(item.textBegin);
        if (!hasComment(item.textBegin, item.textEnd))
            return replace(from, end(item.textEnd - 1), literal(text, style));
        replace(from, end(item.textBegin), literal(text, style));
        for (size_t at = item.textBegin + 1; at < item.textEnd; ++at) {
            // with the blanks before it
            const QByteArrayView gap = m_source.text(end(at - 1), begin(at));
            replace(isBlank(gap) ? end(at - 1) : begin(at), end(at), {});
        }
    }

    QuoteStyle styleOf(const ItemPlace &item) const
    {
        return item.isNone ? m_style : quoteStyleOf(m_tokens.text(m_tokens.all()[item.textBegin]));
    }

    /// Nothing but blanks before the item in its line, between brackets.
    bool beginsLine(const ItemPlace &item) const
    {
        const int line = m_source.lineBegin(begin(item));
        return m_places.open != '\0' && line > begin(m_places.openAt) &&
               isBlank(m_source.text(line, begin(item)));
    }

    /// Nothing but blanks and a comment behind the item and its comma.
    bool endsLine(const ItemPlace &item) const
    {
        const int from = endWithComma(item);
        const int to = m_source.lineEnd(from);
        const QByteArrayView rest = m_source.text(from, to).trimmed();
        return rest.isEmpty() || rest.startsWith('#');
    }

    QByteArray newLine(const ItemPlace &item) const
    {
        const int line = m_source.lineBegin(begin(item));
        return m_source.lineBreak(begin(item)) + m_source.text(line, begin(item)).toByteArray();
    }

    void insertFirst(const QStringList &texts)
    {
        const ItemPlace &next = m_items.front();
        QByteArray all;
        for (const QString &text : texts)
            all += literal(text, styleOf(next).plain()) + ',' +
                   (beginsLine(next) ? newLine(next) : QByteArray(" "));
        insert(begin(next), all);
    }

    void insertAfter(const ItemPlace &item, const QStringList &texts)
    {
        const bool inLines = beginsLine(item) && endsLine(item);
        QByteArray all;
        for (const QString &text : texts) {
            const QByteArray written = literal(text, styleOf(item).plain());
            if (!inLines)
                all += ", " + written;
            else if (item.comma)
                all += newLine(item) + written + ',';
            else
                all += (all.isEmpty() ? QByteArray() : QByteArray(",")) + newLine(item) + written;
        }
        if (!inLines)
            return insert(end(item), all);
        if (!item.comma)
            insert(end(item), ",");
        insert(m_source.lineEnd(endWithComma(item)), all); // behind its comment
    }

    void remove(qsizetype from, qsizetype to)
    {
        if (to < m_items.size() || m_items.last().comma) {
            for (qsizetype at = from; at < to; ++at)
                removeWithComma(at, from, to);
            return;
        }
        // The last ones, without a comma behind them: the commas before them go.
        for (qsizetype at = from; at < to; ++at) {
            const ItemPlace &before = m_items.at(at - 1);
            const bool keepsComma =
                at == from && from == 1 && (m_places.open == '(' || m_places.open == '\0');
            const int commaEnd = end(*before.comma);
            const bool hasNote = m_source.text(commaEnd, begin(m_items.at(at))).contains('#');
            if (!keepsComma && !hasNote) {
                replace(begin(*before.comma), end(m_items.at(at)), {});
                continue;
            }
            if (!keepsComma)
                replace(begin(*before.comma), commaEnd, {});
            replace(hasNote ? begin(m_items.at(at)) : commaEnd, end(m_items.at(at)), {});
        }
    }

    /// One of the items [from, to); `at` has a comma.
    void removeWithComma(qsizetype at, qsizetype from, qsizetype to)
    {
        const ItemPlace &item = m_items.at(at);
        const int itemEnd = endWithComma(item);
        if (m_source.text(end(item), itemEnd).contains('#')) { // a comment between both
            replace(begin(item), end(item), {});
            return replace(begin(*item.comma), itemEnd, {});
        }
        const int lineEnd = m_source.lineEnd(itemEnd);
        const bool isLastInLine = isBlank(m_source.text(itemEnd, lineEnd));
        if (isLastInLine && beginsLine(item) && lineEnd < m_source.text().size())
            return replace(m_source.lineBegin(begin(item)),
                           lineEnd + static_cast<int>(m_source.lineBreak(itemEnd).size()), {});
        const bool isAtEnd = to == m_items.size();
        int next = itemEnd;
        while (next < lineEnd && isBlank(m_source.text(next, next + 1)))
            ++next;
        if (!isAtEnd && !isLastInLine && m_source.text().at(next) != '#')
            return replace(begin(item), next, {});
        const bool takesBlanks = at > 0 && (isAtEnd || at == from);
        const int before = takesBlanks ? endWithComma(m_items.at(at - 1)) : begin(item);
        replace(isBlank(m_source.text(before, begin(item))) ? before : begin(item), itemEnd, {});
    }

    const PythonTokens &m_tokens;
    const ValuePlaces &m_places;
    const QList<ItemPlace> &m_items;
    const QStringList &m_wanted;
    const QuoteStyle &m_style;
    const SourceText &m_source;
    qsizetype m_part = 0;
    QList<SourceEdit> m_edits;
};

} // namespace

QList<SourceEdit> editValue(const PythonTokens &tokens, const ValuePlaces &places, const QStringList &wanted,
                            const QuoteStyle &style, const SourceText &source)
{
    return ValueEditor(tokens, places, wanted, style, source).run();
}

QByteArray writeValue(const QStringList &wanted, const QuoteStyle &style, const SourceText &source)
{
    QByteArrayList texts;
    for (const QString &text : wanted)
        texts += writeLiteral(text, style, source);
    if (texts.size() > 1)
        return '(' + texts.join(", ") + ')';
    return texts.isEmpty() ? QByteArray("None") : texts.front();
}

} // namespace stepwell
