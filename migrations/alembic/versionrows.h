// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmapdata.h"

namespace stepwell {

/// The rows of a version table while steps are applied, by Alembic's rules (specification, E.4).
class VersionRows
{
public:
    VersionRows(const RevisionMapData &data, std::span<const int> rows);

    /// Sorted by id.
    [[nodiscard]] const RevisionIds &ids() const { return m_ids; }
    /// Errors: BrokenScripts where Alembic would look for a row that is not there.
    [[nodiscard]] Result<QList<RowChange>> upgrade(int node);
    [[nodiscard]] Result<QList<RowChange>> downgrade(int node);

private:
    [[nodiscard]] bool has(int node) const { return m_isRow[static_cast<size_t>(node)] != 0; }
    void insert(int node);
    void remove(int node);
    [[nodiscard]] Result<QList<RowChange>> merge(int node);
    [[nodiscard]] std::vector<int> rowsWithout(std::span<const int> nodes) const;
    [[nodiscard]] std::vector<int> rowsLeftBehind(int node);
    [[nodiscard]] bool isImplied(int parent, int node);

    const RevisionMapData &m_data;
    BelowSearch m_search;
    NodeSet m_isRow;
    NodeSet m_isApplied;
    RevisionIds m_ids;
};

} // namespace stepwell
