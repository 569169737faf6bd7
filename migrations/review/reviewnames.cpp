// SPDX-License-Identifier: MIT
#include "migrations/review/reviewnames.h"

#include <QCryptographicHash>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName =
    100; ///< some file systems take 143 bytes, and the whole path has to fit, too
constexpr qsizetype keptOfLong = 60;

QString digest(const QString &text, qsizetype digits)
{
    return QString::fromLatin1(QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex())
        .first(digits);
}

} // namespace

QString fileNameFor(const QString &text)
{
    QString name = QString::fromLatin1(text.toUtf8().toPercentEncoding({}, "~"));
    if (name.startsWith(u'.'))
        name.replace(0, 1, u"%2E"_s);
    if (name.endsWith(u'.')) // which Windows leaves away
        name.replace(name.size() - 1, 1, u"%2E"_s);
    if (name.size() > longestName)
        name = QString(name.first(keptOfLong) + u'~' + digest(text, 16));
    return name;
}

QString verdictName(const Review &review)
{
    return QString(review.when.toUTC().toString(u"yyyyMMdd'T'HHmmss.zzz'Z'"_s) + u'-' +
                   digest(review.reviewer, 8));
}

QString textName(const QString &hash, LineComment::Text text)
{
    if (hash.isEmpty())
        return {};
    const QString suffix = text == LineComment::File      ? u".py"_s
                           : text == LineComment::Upgrade ? u".up.sql"_s
                                                          : u".down.sql"_s;
    return QString(hash.first(std::min<qsizetype>(16, hash.size())) + suffix);
}

} // namespace stepwell
