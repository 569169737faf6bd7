// SPDX-License-Identifier: MIT
#include "migrations/alembic/literaltext.h"

namespace stepwell {

namespace {

bool isControl(char32_t c)
{
    return c < 0x20 || c == 0x7f;
}

QByteArray hex(char32_t c, char kind, int digits)
{
    return QByteArray("\\") + kind + QByteArray::number(static_cast<uint>(c), 16).rightJustified(digits, '0');
}

QByteArray escaped(char32_t c, const QuoteStyle &style, const SourceText &source)
{
    switch (c) {
    case U'\n':
        return "\\n";
    case U'\r':
        return "\\r";
    case U'\t':
        return "\\t";
    default:
        break;
    }
    if (c == U'\\' || c == static_cast<unsigned char>(style.quote))
        return QByteArray("\\") + static_cast<char>(c);
    if (isControl(c))
        return hex(c, 'x', 2);
    if (!source.canHold(c))
        return c < 0x10000 ? hex(c, 'u', 4) : hex(c, 'U', 8);
    return QString::fromUcs4(&c, 1).toUtf8();
}

} // namespace

QuoteStyle quoteStyleOf(QByteArrayView literal)
{
    QuoteStyle style;
    qsizetype at = 0;
    while (at < literal.size() && literal.at(at) != '"' && literal.at(at) != '\'')
        ++at;
    style.prefix = literal.first(at).toByteArray();
    if (at == literal.size())
        return style;
    style.quote = literal.at(at);
    style.isTriple =
        literal.size() >= at + 6 && literal.at(at + 1) == style.quote && literal.at(at + 2) == style.quote;
    return style;
}

std::optional<QByteArray> literalBody(const QString &text, const QuoteStyle &style, const SourceText &source)
{
    if (style.isFormatted() && (text.contains(u'{') || text.contains(u'}')))
        return {};
    if (style.isRaw() && (text.contains(QLatin1Char(style.quote)) || text.endsWith(u'\\')))
        return {};
    QByteArray body;
    for (const char32_t c : text.toUcs4()) {
        if (!style.isRaw())
            body += escaped(c, style, source);
        else if (isControl(c) || !source.canHold(c))
            return {};
        else
            body += QString::fromUcs4(&c, 1).toUtf8();
    }
    return body;
}

QByteArray writeLiteral(const QString &text, const QuoteStyle &style, const SourceText &source)
{
    QuoteStyle used = style;
    auto body = literalBody(text, used, source);
    if (!body) {
        used = style.plain();
        body = literalBody(text, used, source);
    }
    const QByteArray quotes(used.isTriple ? 3 : 1, used.quote);
    return used.prefix + quotes + body.value_or(QByteArray()) + quotes;
}

} // namespace stepwell
