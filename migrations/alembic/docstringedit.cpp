// SPDX-License-Identifier: MIT
#include "migrations/alembic/docstringedit.h"

#include <QRegularExpression>
#include <QSet>
#include <QTimeZone>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Where one UTF-16 unit of the docstring is written.
struct Unit {
    int begin = 0;
    int end = 0;
    size_t token = 0;
};

/// A docstring with the place of each of its characters.
struct PlacedText {
    QString text;
    QList<Unit> units;
};

/// How many bytes the character or escape at the start of a literal's body takes.
qsizetype unitSize(QByteArrayView body, bool raw)
{
    const auto width = [](char c) -> qsizetype {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    };
    if (body.startsWith("\r\n"))
        return 2;
    if (raw || body.at(0) != '\\' || body.size() < 2)
        return width(body.at(0));
    switch (const char kind = body.at(1)) {
    case 'x':
        return 4;
    case 'u':
        return 6;
    case 'U':
        return 10;
    case '\r':
        return body.sliced(1).startsWith("\r\n") ? 3 : 2;
    default:
        if (kind < '0' || kind > '7')
            return 1 + width(kind);
        qsizetype size = 2;
        while (size < 4 && size < body.size() && body.at(size) >= '0' && body.at(size) <= '7')
            ++size;
        return size;
    }
}

/// What one character or escape stands for; escapes mean the same between any quotes.
QString textOf(QByteArrayView piece)
{
    if (piece.size() == 1 && piece.at(0) != '\r')
        return QString::fromUtf8(piece);
    return pythonString(QByteArray("\"\"\"" + piece.toByteArray() + "\"\"\"")).text;
}

PlacedText placedText(const PythonTokens &tokens, size_t begin, size_t end)
{
    PlacedText placed;
    for (size_t at = begin; at < end; ++at) {
        const PythonToken &token = tokens.all()[at];
        const QByteArrayView literal = tokens.text(token);
        const QuoteStyle style = quoteStyleOf(literal);
        const auto quotes = style.openingSize() - style.prefix.size();
        const auto bodyEnd = literal.size() - quotes;
        for (auto from = style.openingSize(); from < bodyEnd;) {
            const auto size =
                std::min(unitSize(literal.sliced(from, bodyEnd - from), style.isRaw()), bodyEnd - from);
            const QString text = textOf(literal.sliced(from, size));
            const Unit unit{token.begin + static_cast<int>(from), token.begin + static_cast<int>(from + size),
                            at};
            placed.units += QList<Unit>(text.size(), unit);
            placed.text += text;
            from += size;
        }
    }
    return placed;
}

/// A value of a "Label: value" line, by characters of the docstring.
struct Place {
    qsizetype begin = 0;
    qsizetype end = 0;
};

struct Replacement {
    Place place;
    QString text;
};

QList<Place> linesWith(const QString &docstring, QLatin1StringView label)
{
    QList<Place> places;
    for (const QStringView line : QStringView(docstring).tokenize(u'\n')) {
        const QStringView trimmed = line.trimmed();
        if (!trimmed.startsWith(label))
            continue;
        Place place;
        place.begin = trimmed.data() - docstring.data() + label.size();
        place.end = trimmed.data() - docstring.data() + trimmed.size();
        const QStringView value = trimmed.sliced(label.size());
        place.begin += value.size() - value.trimmed().size();
        if (place.begin == place.end) { // one blank stays between
            const auto lineEnd = line.data() - docstring.data() + line.size();
            place.begin = place.end = std::min(place.end + 1, lineEnd);
        }
        places += place;
    }
    return places;
}

QStringList itemsOf(QStringView value)
{
    QStringList items;
    if (value == "None"_L1)
        return items;
    for (const QStringView item : value.tokenize(u',')) {
        if (!item.trimmed().isEmpty())
            items += item.trimmed().toString();
    }
    return items;
}

class DocstringEditor
{
public:
    DocstringEditor(const PlacedText &placed, const PythonTokens &tokens, const SourceText &source)
        : m_placed(placed), m_tokens(tokens), m_source(source)
    {
    }

    Result<DocstringEdit> run(const DocstringChange &change)
    {
        if (change.revision)
            setItems("Revision ID:"_L1, {change.revision->first}, {change.revision->second});
        if (change.down)
            setItems("Revises:"_L1, change.down->first, change.down->second);
        if (change.created && change.created->isValid())
            setDate(*change.created);
        std::ranges::sort(m_replacements, std::greater(),
                          [](const Replacement &one) { return one.place.begin; });
        DocstringEdit result{.text = m_placed.text};
        for (const Replacement &one : std::as_const(m_replacements)) {
            result.text.replace(one.place.begin, one.place.end - one.place.begin, one.text);
            if (!write(one, result.edits))
                return failure(ErrorKind::Unsupported,
                               u"The docstring's quotes or encoding cannot hold '%1'."_s.arg(one.text),
                               u"Change the docstring by hand, or choose another identifier."_s);
        }
        return result;
    }

private:
    QString valueAt(Place place) const { return m_placed.text.mid(place.begin, place.end - place.begin); }

    /// The line that tells what is so before; else one that could.
    std::optional<Place> lineOf(QLatin1StringView label, const QStringList &before) const
    {
        const QList<Place> places = linesWith(m_placed.text, label);
        const QSet<QString> wanted(before.begin(), before.end());
        std::optional<Place> likely;
        for (const Place &place : places) {
            const QString value = valueAt(place);
            const QStringList items = itemsOf(value);
            if (value == before.join(", "_L1) || QSet<QString>(items.begin(), items.end()) == wanted)
                return place;
            const bool isProse =
                std::ranges::any_of(items, [](const QString &item) { return item.contains(u' '); });
            if (!likely && !isProse)
                likely = place;
        }
        return likely;
    }

    void setItems(QLatin1StringView label, const QStringList &before, const QStringList &after)
    {
        const auto place = lineOf(label, before);
        if (!place)
            return;
        const QString value = valueAt(*place);
        const QStringList items = itemsOf(value);
        if (items.isEmpty() || items.size() != after.size())
            return replace(*place, after.join(", "_L1));
        // One for one: what is between the items stays.
        qsizetype from = place->begin;
        for (qsizetype at = 0; at < items.size(); ++at) {
            const auto begin = m_placed.text.indexOf(items.at(at), from);
            from = begin + items.at(at).size();
            if (items.at(at) != after.at(at))
                replace({begin, from}, after.at(at));
        }
    }

    void setDate(const QDateTime &created)
    {
        const QList<Place> places = linesWith(m_placed.text, "Create Date:"_L1);
        if (!places.isEmpty()) // the first one counts, as createDate() reads it
            replace(places.front(), writeCreateDate(created, valueAt(places.front())));
    }

    void replace(Place place, QString text)
    {
        const bool touches = place.begin > 0 && m_placed.text.at(place.begin - 1) == u':';
        if (touches && place.begin == place.end && !text.isEmpty())
            text.prepend(u' ');
        if (m_placed.text.mid(place.begin, place.end - place.begin) != text)
            m_replacements += Replacement{place, text};
    }

    /// The text goes into the literal in which the old one begins.
    bool write(const Replacement &one, QList<SourceEdit> &edits) const
    {
        const Unit &before = m_placed.units.at(one.place.begin - 1);
        const bool isInsertion = one.place.begin == one.place.end;
        const size_t token = isInsertion ? before.token : m_placed.units.at(one.place.begin).token;
        const auto body = literalBodyOf(one.text, token);
        if (!body)
            return false;
        if (isInsertion) {
            edits += SourceEdit{before.end, before.end, *body};
            return true;
        }
        for (auto from = one.place.begin; from < one.place.end;) {
            auto to = from;
            while (to < one.place.end && m_placed.units.at(to).token == m_placed.units.at(from).token)
                ++to;
            edits += SourceEdit{m_placed.units.at(from).begin, m_placed.units.at(to - 1).end,
                                from == one.place.begin ? *body : QByteArray()};
            from = to;
        }
        return true;
    }

    std::optional<QByteArray> literalBodyOf(const QString &text, size_t token) const
    {
        const QuoteStyle style = quoteStyleOf(m_tokens.text(m_tokens.all()[token]));
        if (!style.isRaw() || !style.isTriple)
            return literalBody(text, style, m_source);
        // One quote within three, or a backslash before the end, does not end the literal; what does is seen
        // when the result is read.
        const bool fits = std::ranges::all_of(
            text.toUcs4(), [this](char32_t c) { return c >= 0x20 && c != 0x7f && m_source.canHold(c); });
        return fits ? std::optional(text.toUtf8()) : std::nullopt;
    }

    const PlacedText &m_placed;
    const PythonTokens &m_tokens;
    const SourceText &m_source;
    QList<Replacement> m_replacements;
};

} // namespace

Result<DocstringEdit> editDocstring(const PythonTokens &tokens, size_t begin, size_t end,
                                    const DocstringChange &change, const SourceText &source)
{
    const PlacedText placed = placedText(tokens, begin, end);
    return DocstringEditor(placed, tokens, source).run(change);
}

QString writeCreateDate(const QDateTime &created, const QString &formLike)
{
    static const QRegularExpression form(
        uR"(^\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(:\d\d)?(?:([.,])(\d+))?(\s*)(Z|[+-]\d\d(?::?\d\d)?)?)?$)"_s);
    const auto match = form.match(formLike);
    if (!match.hasMatch())
        return created.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s) + u"000"_s;
    const QString zone = match.captured(6);
    QDateTime time = created.toLocalTime();
    if (zone == "Z"_L1) {
        time = created.toUTC();
    } else if (!zone.isEmpty()) {
        const int hours = zone.mid(1, 2).toInt();
        const int minutes = zone.size() > 3 ? zone.last(2).toInt() : 0;
        time = created.toOffsetFromUtc((zone.startsWith(u'-') ? -1 : 1) * (hours * 60 + minutes) * 60);
    }
    if (match.capturedLength(1) <= 0)
        return time.toString(u"yyyy-MM-dd"_s);
    QString text = time.toString(u"yyyy-MM-dd"_s) + match.captured(1) + time.toString(u"HH:mm"_s);
    if (match.capturedLength(2) > 0)
        text += time.toString(u":ss"_s);
    const auto digits = match.captured(4).size();
    if (digits > 0)
        text += match.captured(3) + time.toString(u"zzz"_s).leftJustified(digits, u'0').first(digits);
    return text + match.captured(5) + zone;
}

} // namespace stepwell
