// SPDX-License-Identifier: MIT
#include "models/journalfiltermodel.h"

#include "models/journalmodel.h"

#include <algorithm>

namespace stepwell {

JournalFilterModel::JournalFilterModel(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(JournalModel::SortRole);
}

void JournalFilterModel::setTarget(const QString &target)
{
    m_target = target;
    invalidateFilter();
}

void JournalFilterModel::setText(const QString &text)
{
    m_words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool JournalFilterModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!m_target.isEmpty() && index.data(JournalModel::TargetRole).toString() != m_target)
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text = index.data(JournalModel::FilterTextRole).toString();
    return std::ranges::all_of(
        m_words, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace stepwell
