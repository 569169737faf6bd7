// SPDX-License-Identifier: MIT
#include "migrations/config/configvalues.h"

#include "migrations/python/pythontext.h"

#include <QHash>
#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

QStringList splitLegacy(const QString &text, bool colons)
{
    QStringList parts{QString()};
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text.at(at);
        if (c != u',' && c != u' ' && !(colons && c == u':')) {
            parts.last() += c;
            ++at;
            continue;
        }
        parts += QString();
        ++at;
        while (c != u':' && at < text.size() && text.at(at) == u' ')
            ++at;
    }
    return parts;
}

QStringList splitAt(const QString &text, const QString &separator)
{
    QStringList parts;
    for (const QString &part : text.split(separator)) {
        if (const QStringView name = stripped(part); !name.isEmpty())
            parts += name.toString();
    }
    return parts;
}

bool isPythonInteger(const QString &text)
{
    static const QRegularExpression digits(u"\\A[+-]?\\d+(_\\d+)*\\z"_s,
                                           QRegularExpression::UseUnicodePropertiesOption);
    constexpr qsizetype mostDigits = 4300;
    const QString number = stripped(text).toString();
    const qsizetype others =
        number.count(u'_') + (number.startsWith(u'+') || number.startsWith(u'-') ? 1 : 0);
    return number.size() - others <= mostDigits && digits.match(number).hasMatch();
}

QString separatorNamed(const QString &name)
{
    static const QHash<QString, QString> separators{
        {u"space"_s, u" "_s}, {u"os"_s, u":"_s}, {u":"_s, u":"_s}, {u";"_s, u";"_s}, {u"newline"_s, u"\n"_s}};
    return separators.value(name);
}

} // namespace stepwell
