// SPDX-License-Identifier: MIT
#include "migrations/database/versiontable.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

QString unquotedPart(QString part)
{
    if (!part.startsWith(u'"'))
        return part;
    return part.mid(1, part.size() - 2).replace(u"\"\""_s, u"\""_s);
}

} // namespace

Result<VersionTableName> VersionTableName::parse(const QString &text)
{
    if (text.isEmpty())
        return VersionTableName{};
    static const QRegularExpression pattern(
        u"^(?:(\"(?:[^\"]|\"\")+\"|[^\".]+)\\.)?(\"(?:[^\"]|\"\")+\"|[^\".]+)$"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch()) {
        return failure(ErrorKind::InvalidWorkspace, u"\"%1\" is no name of a version table."_s.arg(text),
                       u"Write it as name or schema.name; a part with a dot goes into double quotes."_s);
    }
    return VersionTableName{.schema = unquotedPart(match.captured(1)),
                            .name = unquotedPart(match.captured(2))};
}

QString quotedIdentifier(const QString &name)
{
    QString escaped = name;
    escaped.replace(u'"', u"\"\""_s);
    return u'"' + escaped + u'"';
}

QString quotedLiteral(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\'', u"''"_s);
    if (!escaped.contains(u'\\'))
        return u'\'' + escaped + u'\'';
    return u"E'"_s + escaped.replace(u'\\', u"\\\\"_s) + u'\'';
}

} // namespace stepwell
