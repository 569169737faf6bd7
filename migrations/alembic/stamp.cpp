// SPDX-License-Identifier: MIT
#include "migrations/alembic/stamp.h"

#include "migrations/alembic/revisionmap.h"
#include "migrations/alembic/targets.h"

#include <QSet>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Nodes = std::vector<int>;

/// Rows by their text, as Alembic changes them: it expects to change exactly one at a time.
class RowTable
{
public:
    explicit RowTable(const RevisionIds &rows)
    {
        for (const RevisionId &row : rows)
            ++m_counts[row];
    }

    [[nodiscard]] bool has(const RevisionId &row) const { return m_counts.contains(row); }
    [[nodiscard]] const QList<RowChange> &changes() const { return m_changes; }

    /// A null id in from inserts, one in to deletes.
    Result<void> change(const RevisionId &from, const RevisionId &to)
    {
        if (!to.text().isNull() && has(to))
            return alembicFails(u"the version table holds '%1' already."_s.arg(to.text()), hint());
        if (!from.text().isNull() && m_counts.value(from) != 1)
            return alembicFails(
                (has(from) ? u"the version table holds '%1' more than once."_s
                           : u"Alembic looks for the row '%1', which is not in the version table."_s)
                    .arg(from.text()),
                hint());
        if (!from.text().isNull())
            m_counts.remove(from);
        if (!to.text().isNull())
            m_counts.insert(to, 1);
        m_changes += RowChange{from, to};
        return {};
    }

    [[nodiscard]] RevisionIds rows() const
    {
        RevisionIds rows = m_counts.keys();
        std::ranges::sort(rows);
        return rows;
    }

private:
    static QString hint() { return u"Stamp with 'purge', which empties the version table first."_s; }

    QHash<RevisionId, int> m_counts;
    QList<RowChange> m_changes;
};

class Stamper
{
public:
    Stamper(const RevisionMapData &data, const RevisionIds &rows, const QStringList &targets)
        : m_data(data), m_finder(data), m_rows(rows), m_targets(targets), m_table(rows)
    {
    }

    Result<QList<RowChange>> run();

private:
    [[nodiscard]] Result<Nodes> selectRows(const Nodes &rows) const;
    [[nodiscard]] Result<Nodes> destinations() const;
    Result<void> stamp(int destination);
    Result<void> replaceSelected(const RevisionId &id);
    [[nodiscard]] Result<void> checkOutcome(const Nodes &before, const Nodes &wanted) const;

    const RevisionMapData &m_data;
    TargetFinder m_finder;
    const RevisionIds &m_rows;
    const QStringList &m_targets;
    RowTable m_table;
    RevisionIds m_selected;
    NodeSet m_isSelected;
    NodeSet m_belowSelected;
    NodeSet m_aboveSelected;
};

/// The rows on any line of a target, in the order Alembic takes them.
Result<Nodes> Stamper::selectRows(const Nodes &rows) const
{
    Nodes selected;
    NodeSet seen(static_cast<size_t>(m_data.count()), 0);
    for (const QString &target : m_targets) {
        if (target.isEmpty())
            continue;
        if (rows.empty()) {
            if (const auto fine = m_finder.onLineage({}, target); !fine)
                return fine;
            continue;
        }
        const auto members = m_finder.lineageOf(target, Lineage::WithDependencies);
        if (!members)
            return std::unexpected(members.error());
        for (const int row : rows) {
            if ((!*members || (**members)[static_cast<size_t>(row)]) &&
                !std::exchange(seen[static_cast<size_t>(row)], 1))
                selected.push_back(row);
        }
    }
    return selected;
}

Result<Nodes> Stamper::destinations() const
{
    Nodes result;
    for (const QString &target : m_targets) {
        const auto found = m_finder.several(target);
        if (!found)
            return found;
        result.insert(result.end(), found->begin(), found->end());
    }
    if (std::ranges::find(result, baseNode) != result.end())
        return alembicFails(u"'%1' leads past the first revision."_s.arg(m_targets.join(u' ')),
                            u"Name the revision, or 'base'."_s);
    if (result.empty())
        result.push_back(nothingNode);
    return result;
}

Result<void> Stamper::replaceSelected(const RevisionId &id)
{
    for (const RevisionId &row : m_selected.first(m_selected.size() - 1)) {
        if (auto done = m_table.change(row, {}); !done)
            return done;
    }
    return m_table.change(m_selected.constLast(), id);
}

Result<void> Stamper::stamp(int destination)
{
    if (destination == nothingNode) {
        for (const RevisionId &row : std::as_const(m_selected)) {
            if (auto done = m_table.change(row, {}); !done)
                return done;
        }
        return {};
    }
    const auto at = static_cast<size_t>(destination);
    const RevisionId &id = m_data.id(destination);
    if (m_isSelected[at])
        return {};
    if (m_belowSelected[at] && m_aboveSelected[at])
        return alembicFails(u"some rows are above '%1' and others below it."_s.arg(id.text()),
                            u"Stamp with 'purge', which empties the version table first."_s);
    if (m_belowSelected[at])
        return replaceSelected(id);
    const bool gone =
        std::ranges::any_of(m_selected, [&](const RevisionId &row) { return !m_table.has(row); });
    if (!m_aboveSelected[at] || (gone && !m_table.has(id)))
        return m_table.change({}, id);
    return replaceSelected(id);
}

/// Alembic writes what it is told, and stops at such rows later.
Result<void> Stamper::checkOutcome(const Nodes &before, const Nodes &wanted) const
{
    if (m_table.changes().isEmpty())
        return {};
    const auto after = m_finder.rows(m_table.rows());
    if (!after)
        return std::unexpected(after.error());
    const auto overlap = m_data.overlap(nodesOf(*after));
    if (!overlap)
        return {};
    const QString &lower = m_data.text(overlap->first);
    const QString &upper = m_data.text(overlap->second);
    if (m_data.overlap(wanted) || m_data.overlap(before))
        return failure(
            ErrorKind::OverlappingRevisions,
            u"'%1' and '%2' cannot both be in the version table: '%2' includes '%1'."_s.arg(lower, upper),
            u"Stamp only '%1'; with 'purge' all other rows go."_s.arg(upper));
    return alembicFails(
        u"it would leave both '%1' and '%2' in the version table, and '%2' includes '%1'."_s.arg(lower,
                                                                                                 upper),
        u"Stamp with 'purge', and name every revision that is to be there."_s);
}

Result<QList<RowChange>> Stamper::run()
{
    const auto rows = m_finder.rows(m_rows);
    if (!rows)
        return std::unexpected(rows.error());
    const Nodes before = nodesOf(*rows);
    const auto selected = selectRows(before);
    if (!selected)
        return std::unexpected(selected.error());
    const auto wanted = destinations();
    if (!wanted)
        return std::unexpected(wanted.error());
    m_selected = m_data.toIds(*selected);
    m_isSelected.assign(static_cast<size_t>(m_data.count()), 0);
    for (const int node : *selected)
        m_isSelected[static_cast<size_t>(node)] = 1;
    m_belowSelected = m_data.closure(m_data.normDown, *selected);
    m_aboveSelected = m_data.closure(m_data.allNext, *selected);
    for (const int destination : *wanted) {
        if (auto done = stamp(destination); !done)
            return std::unexpected(done.error());
    }
    Nodes named;
    std::ranges::copy_if(*wanted, std::back_inserter(named), [](int node) { return node >= 0; });
    if (auto sound = checkOutcome(before, named); !sound)
        return std::unexpected(sound.error());
    return m_table.changes();
}

} // namespace

Result<QList<RowChange>> planStamp(const RevisionMap &map, const RevisionIds &rows,
                                   const QStringList &targets, bool purge)
{
    QList<RowChange> changes;
    if (purge) {
        for (const RevisionId &row : rows)
            changes += RowChange{row.isEmpty() ? RevisionId(u""_s) : row, {}};
    }
    const RevisionIds left = purge ? RevisionIds() : rows;
    const QStringList wanted = targets.isEmpty() ? QStringList{u"base"_s} : targets;
    auto stamped = Stamper(map.data(), left, wanted).run();
    if (!stamped)
        return stamped;
    return changes + *stamped;
}

} // namespace stepwell
