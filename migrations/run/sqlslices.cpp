// SPDX-License-Identifier: MIT
#include "migrations/run/sqlslices.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

qsizetype behind(const QString &sql, QStringView end, qsizetype from)
{
    const qsizetype found = sql.indexOf(end, from);
    return found < 0 ? sql.size() : found + end.size();
}

qsizetype behindQuote(const QString &sql, qsizetype at, bool escapes)
{
    const QChar quote = sql.at(at);
    for (++at; at < sql.size(); ++at) {
        if (escapes && sql.at(at) == u'\\')
            ++at;
        else if (sql.at(at) == quote)
            return at + 1; // a doubled quote begins the next piece at once
    }
    return sql.size();
}

qsizetype behindBlockComment(const QString &sql, qsizetype at)
{
    int depth = 0;
    for (; at < sql.size(); ++at) {
        const QStringView two = QStringView(sql).sliced(at).left(2);
        if (two == u"/*")
            ++depth, ++at;
        else if (two == u"*/" && (++at, --depth) == 0)
            return at + 1;
    }
    return sql.size();
}

bool isNamePart(QChar character)
{
    return character.isLetterOrNumber() || character == u'_' || character == u'$';
}

/// Behind what begins at `at`: a quoted piece, a comment, a word, or one character.
qsizetype behindPiece(const QString &sql, qsizetype at)
{
    static const QRegularExpression dollar(
        u"\\$(?:[A-Za-z_\\x{80}-\\x{FFFF}][A-Za-z0-9_\\x{80}-\\x{FFFF}]*)?\\$"_s);
    const QChar character = sql.at(at);
    const QStringView rest = QStringView(sql).sliced(at);
    if (character == u'\'' || character == u'"')
        return behindQuote(sql, at, false);
    if (rest.startsWith(u"--"))
        return behind(sql, u"\n", at);
    if (rest.startsWith(u"/*"))
        return behindBlockComment(sql, at);
    if (character == u'$') {
        const auto tag = dollar.match(sql, at, QRegularExpression::NormalMatch,
                                      QRegularExpression::AnchorAtOffsetMatchOption);
        return tag.hasMatch() ? behind(sql, tag.captured(), tag.capturedEnd()) : at + 1;
    }
    if (!isNamePart(character))
        return at + 1;
    qsizetype end = at;
    while (end < sql.size() && isNamePart(sql.at(end)))
        ++end;
    const bool escapes = end - at == 1 && character.toUpper() == u'E';
    return escapes && end < sql.size() && sql.at(end) == u'\'' ? behindQuote(sql, end, true) : end;
}

} // namespace

SqlGroup firstGroup(const QString &sql, qsizetype from)
{
    qsizetype start = -1;
    int depth = 0;
    for (qsizetype at = from; at < sql.size(); at = behindPiece(sql, at)) {
        if (sql.at(at) == u'(' && depth++ == 0)
            start = at + 1;
        if (sql.at(at) == u')' && --depth == 0)
            return {.inside = sql.sliced(start, at - start).trimmed(), .end = at + 1};
    }
    return {};
}

QStringList splitAtCommas(const QString &sql)
{
    QStringList parts;
    qsizetype start = 0;
    int depth = 0;
    for (qsizetype at = 0; at < sql.size(); at = behindPiece(sql, at)) {
        const QChar character = sql.at(at);
        depth += character == u'(' || character == u'[' ? 1 : character == u')' || character == u']' ? -1 : 0;
        if (character == u',' && depth == 0) {
            parts += sql.sliced(start, at - start).trimmed();
            start = at + 1;
        }
    }
    return parts + QStringList{sql.sliced(start).trimmed()};
}

QString afterKeyword(const QString &sql, qsizetype from, QStringView keyword)
{
    int depth = 0;
    for (qsizetype at = from; at < sql.size();) {
        const qsizetype end = behindPiece(sql, at);
        const QStringView piece = QStringView(sql).sliced(at, end - at);
        depth += piece == u"(" ? 1 : piece == u")" ? -1 : 0;
        if (depth < 0)
            return {};
        if (depth == 0 && piece.compare(keyword, Qt::CaseInsensitive) == 0)
            return sql.sliced(end).trimmed();
        at = end;
    }
    return {};
}

} // namespace stepwell
