// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/targets.h"

#include <QHash>

namespace stepwell {

/// The rows of a version table while steps are applied, by Alembic's rules (specification, E.4). A row may be
/// any text that names a revision; Alembic changes only those that are whole identifiers.
/// Rows must be without overlap for an upgrade, and steps come in the order of a plan.
class VersionRows
{
public:
    VersionRows(const RevisionMapData &data, const QList<NamedRow> &rows);

    /// Sorted by text.
    [[nodiscard]] RevisionIds ids() const;
    /// Errors: WouldFail where Alembic would look for a row that is not there, or leave one behind.
    [[nodiscard]] Result<QList<RowChange>> upgrade(int node);
    [[nodiscard]] Result<QList<RowChange>> downgrade(int node);

private:
    [[nodiscard]] bool has(int node) const { return m_isRow[static_cast<size_t>(node)] != 0; }
    [[nodiscard]] Result<QList<RowChange>> merge(int node);
    [[nodiscard]] std::vector<int> rowsLeftBehind(int node);
    [[nodiscard]] bool isImplied(int parent, int node);
    [[nodiscard]] bool isRedundant(int parent, int node);
    [[nodiscard]] bool isBelowRow(int parent, int node, std::span<const int> notThese);
    [[nodiscard]] Result<void> checkRow(int node) const;
    void insert(int node);
    void remove(int node);
    void setApplied(int node, bool applied);

    const RevisionMapData &m_data;
    BelowSearch m_search;
    VisitMarks m_marks;
    NodeSet m_isRow;                  ///< by its whole identifier
    NodeSet m_isApplied;              ///< a row, or below one
    std::vector<int> m_appliedAbove;  ///< applied children
    QHash<int, QString> m_otherNames; ///< rows by another text than the identifier
    QSet<int> m_twins;                ///< rows that are there more than once
    RevisionIds m_untouched;          ///< rows that no step can change
    qsizetype m_count = 0;
};

} // namespace stepwell
