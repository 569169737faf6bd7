// SPDX-License-Identifier: MIT
#include "migrations/alembic/versionrows.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

size_t index(int node)
{
    return static_cast<size_t>(node);
}

} // namespace

VersionRows::VersionRows(const RevisionMapData &data, const QList<NamedRow> &rows)
    : m_data(data)
    , m_search(data)
    , m_marks(data.count())
    , m_isRow(index(data.count()), 0)
    , m_isApplied(data.closure(data.normDown, nodesOf(rows)))
    , m_appliedAbove(index(data.count()), 0)
{
    for (int node = 0; node < data.count(); ++node) {
        if (!m_isApplied[index(node)])
            continue;
        for (const int parent : data.normDown.of(node))
            ++m_appliedAbove[index(parent)];
    }
    for (const NamedRow &row : rows) {
        const bool whole = row.nodes.size() == 1 && data.text(row.nodes.front()) == row.text;
        if (whole && !has(row.nodes.front())) {
            insert(row.nodes.front());
            continue;
        }
        m_untouched += RevisionId(row.text);
        for (const int node : row.nodes) {
            if (whole)
                m_twins += node;
            else
                m_otherNames.insert(node, row.text);
        }
    }
}

void VersionRows::insert(int node)
{
    m_isRow[index(node)] = 1;
    ++m_count;
}

void VersionRows::remove(int node)
{
    m_isRow[index(node)] = 0;
    --m_count;
}

void VersionRows::setApplied(int node, bool applied)
{
    m_isApplied[index(node)] = applied ? 1 : 0;
    for (const int parent : m_data.normDown.of(node))
        m_appliedAbove[index(parent)] += applied ? 1 : -1;
}

RevisionIds VersionRows::ids() const
{
    RevisionIds result = m_untouched;
    for (int node = 0; node < m_data.count(); ++node) {
        if (has(node))
            result += m_data.id(node);
    }
    std::ranges::sort(result);
    return result;
}

/// Alembic finds rows by their text, and expects to change one.
Result<void> VersionRows::checkRow(int node) const
{
    if (const auto other = m_otherNames.constFind(node); other != m_otherNames.cend())
        return alembicFails(
            u"the version table holds '%1' for revision '%2', which is not its whole identifier."_s.arg(
                *other, m_data.text(node)),
            u"Stamp the database with the whole identifier."_s);
    if (m_twins.contains(node))
        return alembicFails(u"the version table holds '%1' more than once."_s.arg(m_data.text(node)),
                            u"Delete the extra row; the table should have a primary key."_s);
    return {};
}

Result<QList<RowChange>> VersionRows::upgrade(int node)
{
    const auto parents = m_data.normDown.of(node);
    std::vector<int> rows;
    for (const int parent : parents) {
        if (auto sound = checkRow(parent); !sound)
            return std::unexpected(sound.error());
        if (has(parent))
            rows.push_back(parent);
    }
    Result<QList<RowChange>> changes = QList<RowChange>();
    if (rows.size() > 1) {
        changes = merge(node);
    } else if (rows.size() == 1) {
        remove(rows.front());
        changes = QList{RowChange{m_data.id(rows.front()), m_data.id(node)}};
    } else {
        changes = QList{RowChange{{}, m_data.id(node)}};
    }
    if (!changes)
        return changes;
    insert(node);
    setApplied(node, true);
    return changes;
}

/// All parents' rows become one. Alembic deletes the rows of all parents that no other row implies,
/// also of one that lies below another parent and therefore has no row.
Result<QList<RowChange>> VersionRows::merge(int node)
{
    const auto parents = m_data.normDown.of(node);
    QList<RowChange> changes;
    for (const int parent : parents) {
        if (has(parent)) {
            changes += RowChange{m_data.id(parent), {}};
            continue;
        }
        // Applied, and not below another parent: then another row implies it.
        if (!isRedundant(parent, node) || isBelowRow(parent, node, parents))
            continue;
        return alembicFails(
            u"revision '%1' names both '%2' and a revision above it, so at this step Alembic looks "
            "for the row '%2', which is not in the version table."_s.arg(m_data.text(node),
                                                                         m_data.text(parent)),
            u"Remove '%1' from down_revision or depends_on of '%2': the other revisions named there "
            "include it already."_s.arg(m_data.text(parent), m_data.text(node)));
    }
    for (const RowChange &change : std::as_const(changes))
        remove(m_data.ids.value(change.from.text()));
    changes.last().to = m_data.id(node);
    return changes;
}

/// True if another parent of node lies above this one.
bool VersionRows::isRedundant(int parent, int node)
{
    std::vector<int> others;
    std::ranges::copy_if(m_data.normDown.of(node), std::back_inserter(others),
                         [parent](int other) { return other != parent; });
    return m_search.isBelow(parent, others);
}

/// True if a row lies above parent that is neither node nor one of some others.
bool VersionRows::isBelowRow(int parent, int node, std::span<const int> notThese)
{
    std::vector<int> todo{parent};
    m_marks.clear();
    while (!todo.empty()) {
        const int at = todo.back();
        todo.pop_back();
        const bool isRow = has(at) || m_otherNames.contains(at);
        if (isRow && std::ranges::find(notThese, at) == notThese.end())
            return true;
        for (const int child : m_data.normNext.of(at)) {
            if (child != node && m_isApplied[index(child)] && m_marks.visit(child))
                todo.push_back(child);
        }
    }
    return false;
}

/// True if a row other than node has parent below it, or is parent. With its steps taken from above, what is
/// applied above parent is so because of other rows, unless it lies below another parent of node.
bool VersionRows::isImplied(int parent, int node)
{
    if (has(parent) || m_otherNames.contains(parent))
        return true;
    if (m_appliedAbove[index(parent)] <= 1) // node itself
        return false;
    const bool alone = m_count == 1 && m_untouched.isEmpty();
    if (alone || m_data.normDown.count(node) == 1 || !isRedundant(parent, node))
        return true;
    return isBelowRow(parent, node, {});
}

std::vector<int> VersionRows::rowsLeftBehind(int node)
{
    std::vector<int> result;
    std::ranges::copy_if(m_data.normDown.of(node), std::back_inserter(result),
                         [&](int parent) { return !isImplied(parent, node); });
    return result;
}

Result<QList<RowChange>> VersionRows::downgrade(int node)
{
    if (auto sound = checkRow(node); !sound)
        return std::unexpected(sound.error());
    if (!has(node))
        return alembicFails(
            u"revision '%1' is applied only because another one depends on it, and has no row of its "
            "own in the version table."_s.arg(m_data.text(node)),
            u"Downgrade the revisions that depend on it first."_s);
    const std::vector<int> left = rowsLeftBehind(node);
    remove(node);
    setApplied(node, false);
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
