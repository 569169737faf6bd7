// SPDX-License-Identifier: MIT
#include "migrations/repair/repairwords.h"

#include <QLocale>

#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

QString numberWord(qsizetype number, bool upper)
{
    static const std::array words{u"one"_s, u"two"_s,   u"three"_s, u"four"_s, u"five"_s,
                                  u"six"_s, u"seven"_s, u"eight"_s, u"nine"_s, u"ten"_s};
    if (number < 1 || number > static_cast<qsizetype>(words.size()))
        return QString::number(number);
    QString word = words[static_cast<size_t>(number - 1)];
    if (upper)
        word[0] = word.at(0).toUpper();
    return word;
}

QString joinedWords(const QStringList &words)
{
    if (words.size() < 2)
        return words.join(QString());
    return QString(words.first(words.size() - 1).join(u", "_s) + u" and "_s + words.constLast());
}

QString dayText(const QDateTime &when)
{
    return QLocale::c().toString(when.date(), u"d MMM yyyy"_s);
}

QDateTime dateOf(const Revision &revision, const RevisionOrigins &origins)
{
    return revision.created.isValid() ? revision.created : origins.value(revision.id).when;
}

QString describedRevision(const RevisionMap &map, const RevisionId &id, const RevisionOrigins &origins)
{
    QString text = id.text();
    const RevisionOrigin origin = origins.value(id);
    if (!origin.author.isEmpty())
        text += QString(u" by "_s + origin.author);
    const Revision *revision = map.find(id);
    const QDateTime when = origin.when.isValid() || !revision ? origin.when : revision->created;
    if (when.isValid())
        text += QString((origin.author.isEmpty() ? u" of "_s : u" on "_s) + dayText(when));
    if (revision && !revision->message.isEmpty())
        text += QString(u" (\""_s + revision->message + u"\")"_s);
    return text;
}

} // namespace stepwell
