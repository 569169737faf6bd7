// SPDX-License-Identifier: MIT
#include "models/journalfiltermodel.h"

#include "models/journalmodel.h"

#include <algorithm>

namespace stepwell {

namespace {

const JournalEntry *entryAt(const QAbstractItemModel *source, int row)
{
    const auto *model = qobject_cast<const JournalModel *>(source);
    return model ? model->entry(row) : nullptr;
}

} // namespace

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

void JournalFilterModel::setKind(std::optional<RunKind> kind)
{
    m_kind = kind;
    invalidateFilter();
}

void JournalFilterModel::setOutcome(std::optional<Outcome> outcome)
{
    m_outcome = outcome;
    invalidateFilter();
}

void JournalFilterModel::setSince(const QDateTime &since)
{
    m_since = since;
    invalidateFilter();
}

QList<JournalEntry> JournalFilterModel::entries() const
{
    QList<JournalEntry> entries;
    for (int row = 0; row < rowCount(); ++row) {
        if (const JournalEntry *entry = entryAt(sourceModel(), mapToSource(index(row, 0)).row()))
            entries += *entry;
    }
    return entries;
}

bool JournalFilterModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const JournalEntry *entry = entryAt(sourceModel(), row);
    if (!entry || (!m_target.isEmpty() && entry->target.text() != m_target) ||
        (m_kind && entry->kind != *m_kind) || (m_outcome && entry->outcome != *m_outcome) ||
        (m_since.isValid() && entry->started < m_since))
        return false;
    return std::ranges::all_of(m_words, [&](const QString &word) { return holdsWord(index, word); });
}

/// Statements are looked through as they are: copied into one text they would be megabytes at each key.
bool JournalFilterModel::holdsWord(const QModelIndex &index, const QString &word) const
{
    if (index.data(JournalModel::FilterTextRole).toString().contains(word, Qt::CaseInsensitive))
        return true;
    const auto holds = [&word](const QString &text) { return text.contains(word, Qt::CaseInsensitive); };
    return std::ranges::any_of(entryAt(sourceModel(), index.row())->steps, [&holds](const JournalStep &step) {
        return holds(step.error) || std::ranges::any_of(step.statements, holds, &JournalStatement::text);
    });
}

} // namespace stepwell
