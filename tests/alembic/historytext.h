// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

namespace stepwell {

/// A history as text, one revision a line in load order: `id (label) <- parent parent [dependency]`.
inline QList<Revision> historyFromText(const QString &text)
{
    QList<Revision> revisions;
    for (const auto line : QStringView(text).tokenize(u'\n', Qt::SkipEmptyParts)) {
        Revision revision;
        for (const auto token : line.tokenize(u' ', Qt::SkipEmptyParts)) {
            const QString word = token.toString();
            if (revision.file.isEmpty()) {
                revision.id = RevisionId(word);
                revision.file = QString(word + QStringLiteral(".py"));
            } else if (word.startsWith(u'(')) {
                revision.branchLabels += word.sliced(1).chopped(1);
            } else if (word.startsWith(u'[')) {
                revision.dependsOn += word.sliced(1).chopped(1);
            } else if (word != QStringLiteral("<-")) {
                revision.downRevisions += RevisionId(word);
            }
        }
        if (!revision.file.isEmpty())
            revisions += revision;
    }
    return revisions;
}

} // namespace stepwell
