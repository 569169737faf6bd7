// SPDX-License-Identifier: MIT
#include "migrations/core/revisionid.h"

#include <QSet>

namespace stepwell {

using namespace Qt::StringLiterals;

RevisionIds toRevisionIds(const QStringList &texts)
{
    RevisionIds ids;
    ids.reserve(texts.size());
    for (const QString &text : texts)
        ids += RevisionId(text);
    return ids;
}

QStringList toTexts(const RevisionIds &ids)
{
    QStringList texts;
    texts.reserve(ids.size());
    for (const RevisionId &id : ids)
        texts += id.text();
    return texts;
}

QString toText(const RevisionIds &ids)
{
    return ids.isEmpty() ? u"base"_s : toTexts(ids).join(u", "_s);
}

bool sameSet(const RevisionIds &left, const RevisionIds &right)
{
    return QSet<RevisionId>(left.cbegin(), left.cend()) == QSet<RevisionId>(right.cbegin(), right.cend());
}

} // namespace stepwell
