// SPDX-License-Identifier: MIT
#include "models/revisionfiltermodel.h"

#include "models/revisionlistmodel.h"

using namespace Qt::StringLiterals;

namespace stepwell {

RevisionFilterModel::RevisionFilterModel(QObject *parent) : QSortFilterProxyModel(parent) {}

void RevisionFilterModel::setText(const QString &text)
{
    const QStringList words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateRowsFilter();
}

bool RevisionFilterModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto *revision = index.data(RevisionListModel::RowRole).value<const RevisionRow *>();
    if (!revision)
        return false;
    for (const QString &word : m_words) {
        if (!revision->id.text().contains(word, Qt::CaseInsensitive) &&
            !revision->message.contains(word, Qt::CaseInsensitive) &&
            !revision->fileName.contains(word, Qt::CaseInsensitive))
            return false;
    }
    return true;
}

} // namespace stepwell
