// SPDX-License-Identifier: MIT
#include "migrations/alembic/versionrows.h"

#include "migrations/alembic/targets.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

VersionRows::VersionRows(const RevisionMapData &data, std::span<const int> rows)
    : m_data(data)
    , m_search(data)
    , m_isRow(static_cast<size_t>(data.count()), 0)
    , m_isApplied(data.closure(data.normDown, rows))
{
    for (const int row : rows) {
        if (!has(row))
            insert(row);
    }
}

void VersionRows::insert(int node)
{
    m_isRow[static_cast<size_t>(node)] = 1;
    const RevisionId &id = m_data.id(node);
    m_ids.insert(std::ranges::lower_bound(m_ids, id), id);
}

void VersionRows::remove(int node)
{
    m_isRow[static_cast<size_t>(node)] = 0;
    m_ids.removeAt(std::ranges::lower_bound(m_ids, m_data.id(node)) - m_ids.begin());
}

std::vector<int> VersionRows::rowsWithout(std::span<const int> nodes) const
{
    std::vector<int> result;
    for (const RevisionId &id : m_ids) {
        const int node = m_data.ids.value(id.text());
        if (std::ranges::find(nodes, node) == nodes.end())
            result.push_back(node);
    }
    return result;
}

Result<QList<RowChange>> VersionRows::upgrade(int node)
{
    const auto parents = m_data.normDown.of(node);
    const auto hits = std::ranges::count_if(parents, [this](int parent) { return has(parent); });
    Result<QList<RowChange>> changes;
    if (hits > 1) {
        changes = merge(node);
    } else if (hits == 1) {
        const int parent = *std::ranges::find_if(parents, [this](int candidate) { return has(candidate); });
        remove(parent);
        changes = QList{RowChange{m_data.id(parent), m_data.id(node)}};
    } else {
        changes = QList{RowChange{{}, m_data.id(node)}};
    }
    if (!changes)
        return changes;
    insert(node);
    m_isApplied[static_cast<size_t>(node)] = 1;
    return changes;
}

/// All parents' rows become one. Alembic deletes the rows of all parents that no other row implies,
/// also of one that lies below another parent and therefore has no row.
Result<QList<RowChange>> VersionRows::merge(int node)
{
    const auto parents = m_data.normDown.of(node);
    const std::vector<int> others = rowsWithout(parents);
    QList<RowChange> changes;
    for (const int parent : parents) {
        if (m_search.isBelow(parent, others))
            continue;
        if (has(parent)) {
            remove(parent);
            changes += RowChange{m_data.id(parent), {}};
            continue;
        }
        return alembicFails(
            ErrorKind::BrokenScripts,
            u"revision '%1' names both '%2' and a revision above it, so at this step Alembic looks "
            "for the row '%2', which is not in the version table."_s.arg(m_data.text(node),
                                                                         m_data.text(parent)),
            u"Remove '%1' from down_revision or depends_on of '%2': the other revisions named there "
            "include it already."_s.arg(m_data.text(parent), m_data.text(node)));
    }
    if (!changes.isEmpty()) {
        changes.last().to = m_data.id(node);
        return changes;
    }
    return alembicFails(
        ErrorKind::BrokenScripts,
        u"at revision '%1' all rows to be merged belong to other rows too."_s.arg(m_data.text(node)),
        u"The version table is in a state no upgrade leads to: compare it with the revision map and "
        "stamp it."_s);
}

/// True if a row other than node has parent below it (or is parent).
bool VersionRows::isImplied(int parent, int node)
{
    if (has(parent))
        return true;
    const auto children = m_data.normNext.of(parent);
    const bool needed = std::ranges::any_of(
        children, [&](int child) { return child != node && m_isApplied[static_cast<size_t>(child)]; });
    // An applied child may itself lie below node if node names more than one parent: then look.
    if (!needed || m_data.normDown.count(node) == 1)
        return needed;
    return m_search.isBelow(parent, rowsWithout(std::span(&node, 1)));
}

std::vector<int> VersionRows::rowsLeftBehind(int node)
{
    const auto parents = m_data.normDown.of(node);
    std::vector<int> result;
    for (const int parent : parents) {
        bool implied = false;
        if (m_ids.size() > 1) {
            implied = isImplied(parent, node);
        } else if (parents.size() > 1) {
            implied = std::ranges::any_of(
                parents, [&](int other) { return other != parent && m_search.isBelow(parent, other); });
        }
        if (!implied)
            result.push_back(parent);
    }
    return result;
}

Result<QList<RowChange>> VersionRows::downgrade(int node)
{
    if (!has(node))
        return alembicFails(
            ErrorKind::BrokenScripts,
            u"revision '%1' is applied only because another one depends on it, and has no row of its "
            "own in the version table."_s.arg(m_data.text(node)),
            u"Downgrade the revisions that depend on it first."_s);
    const std::vector<int> left = rowsLeftBehind(node);
    remove(node);
    m_isApplied[static_cast<size_t>(node)] = 0;
    QList<RowChange> changes;
    for (const int parent : left) {
        insert(parent);
        changes += RowChange{{}, m_data.id(parent)};
    }
    if (changes.isEmpty())
        changes += RowChange{m_data.id(node), {}};
    else
        changes.last().from = m_data.id(node);
    return changes;
}

} // namespace stepwell
