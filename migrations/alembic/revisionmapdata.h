// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"

#include <QHash>
#include <QSharedData>

#include <optional>
#include <span>
#include <vector>

namespace stepwell {

/// For each node a short list of nodes, in two flat arrays.
class Links
{
public:
    [[nodiscard]] std::span<const int> of(int node) const
    {
        return std::span(m_targets).subspan(m_offsets[node], m_offsets[node + 1] - m_offsets[node]);
    }
    [[nodiscard]] int count(int node) const { return static_cast<int>(of(node).size()); }

    /// Lists are appended node by node.
    void append(std::span<const int> targets)
    {
        m_targets.insert(m_targets.end(), targets.begin(), targets.end());
        m_offsets.push_back(m_targets.size());
    }
    /// The same links the other way round; lists are in the order of their sources.
    [[nodiscard]] Links reversed() const;
    [[nodiscard]] int nodes() const { return static_cast<int>(m_offsets.size()) - 1; }

private:
    std::vector<size_t> m_offsets{0};
    std::vector<int> m_targets;
};

/// One flag a node.
using NodeSet = std::vector<char>;

/// The graph behind RevisionMap. A node is a position in load order. Names of the rules: section C
/// of the specification of Alembic's behaviour. Constant once built.
class RevisionMapData : public QSharedData
{
public:
    QList<Revision> revisions;
    QHash<QString, int> ids;
    QHash<QString, int> names; ///< ids and branch labels
    QStringList keys;          ///< ids in load order, then labels: Alembic's order of lookup

    Links down;               ///< down_revision as written, duplicates too
    Links allDown;            ///< unique down_revision and depends_on
    Links normDown;           ///< unique down_revision and normalised depends_on: what plans follow
    Links next;               ///< unique children by down_revision
    Links allNext;            ///< unique children by down_revision or depends_on
    Links normNext;           ///< the reverse of normDown
    std::vector<int> upwards; ///< all nodes, each behind everything below it
    std::vector<int> depth;   ///< longest way down to a base along normDown

    std::vector<int> heads;
    std::vector<int> realHeads;
    std::vector<int> bases;
    QList<QStringList> labels; ///< own and inherited, sorted

    [[nodiscard]] int count() const { return static_cast<int>(revisions.size()); }
    [[nodiscard]] const RevisionId &id(int node) const { return revisions.at(node).id; }
    [[nodiscard]] const QString &text(int node) const { return revisions.at(node).id.text(); }
    [[nodiscard]] RevisionIds toIds(std::span<const int> nodes) const;

    /// The nodes and everything that can be reached over links.
    [[nodiscard]] NodeSet closure(const Links &links, std::span<const int> nodes) const;
    /// True if ancestor can be reached from one of the nodes (itself included) along normDown.
    [[nodiscard]] bool isBelow(int ancestor, std::span<const int> nodes) const;
    /// Of the nodes and all below them, those that none of these follows by down_revision; in load order.
    [[nodiscard]] std::vector<int> newestOf(std::span<const int> nodes) const;
    /// The first of the nodes that lies below another one of them, and one above it; else nothing.
    [[nodiscard]] std::optional<std::pair<int, int>> overlap(std::span<const int> nodes) const;
};

/// Marks visited nodes without clearing between searches. Not for use by several threads at once.
class VisitMarks
{
public:
    explicit VisitMarks(int count) : m_marks(static_cast<size_t>(count), 0) {}
    void clear() { ++m_stamp; }
    /// True the first time since clear().
    bool visit(int node)
    {
        if (m_marks[static_cast<size_t>(node)] == m_stamp)
            return false;
        m_marks[static_cast<size_t>(node)] = m_stamp;
        return true;
    }
    [[nodiscard]] bool has(int node) const { return m_marks[static_cast<size_t>(node)] == m_stamp; }

private:
    std::vector<unsigned> m_marks;
    unsigned m_stamp = 1;
};

/// Repeated isBelow() on one graph; finds its way by depth, so that near answers are cheap.
class BelowSearch
{
public:
    explicit BelowSearch(const RevisionMapData &data) : m_data(data), m_marks(data.count()) {}
    [[nodiscard]] bool isBelow(int ancestor, std::span<const int> nodes);
    [[nodiscard]] bool isBelow(int ancestor, int node) { return isBelow(ancestor, std::span(&node, 1)); }

private:
    const RevisionMapData &m_data;
    VisitMarks m_marks;
    std::vector<int> m_todo;
};

} // namespace stepwell
