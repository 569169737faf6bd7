// SPDX-License-Identifier: MIT
// Questions to a built graph.
#include "migrations/alembic/revisionmapdata.h"

#include <algorithm>

namespace stepwell {

Links Links::reversed() const
{
    Links result;
    result.m_offsets.assign(m_offsets.size(), 0);
    for (const int target : m_targets)
        ++result.m_offsets[static_cast<size_t>(target) + 1];
    for (size_t at = 1; at < result.m_offsets.size(); ++at)
        result.m_offsets[at] += result.m_offsets[at - 1];
    result.m_targets.resize(m_targets.size());
    std::vector<size_t> fill(result.m_offsets.begin(), result.m_offsets.end() - 1);
    for (int node = 0; node < nodes(); ++node) {
        for (const int target : of(node))
            result.m_targets[fill[static_cast<size_t>(target)]++] = node;
    }
    return result;
}

RevisionIds RevisionMapData::toIds(std::span<const int> nodes) const
{
    RevisionIds result;
    result.reserve(static_cast<qsizetype>(nodes.size()));
    for (const int node : nodes)
        result += id(node);
    return result;
}

NodeSet RevisionMapData::closure(const Links &links, std::span<const int> nodes) const
{
    NodeSet seen(static_cast<size_t>(count()), 0);
    std::vector<int> todo(nodes.begin(), nodes.end());
    while (!todo.empty()) {
        const int node = todo.back();
        todo.pop_back();
        if (std::exchange(seen[static_cast<size_t>(node)], 1))
            continue;
        for (const int other : links.of(node)) {
            if (!seen[static_cast<size_t>(other)])
                todo.push_back(other);
        }
    }
    return seen;
}

bool RevisionMapData::isBelow(int ancestor, std::span<const int> nodes) const
{
    return BelowSearch(*this).isBelow(ancestor, nodes);
}

std::vector<int> RevisionMapData::newestOf(std::span<const int> nodes) const
{
    const NodeSet members = closure(normDown, nodes);
    std::vector<int> newest;
    for (int node = 0; node < count(); ++node) {
        const bool followed = std::ranges::any_of(
            next.of(node), [&](int child) { return members[static_cast<size_t>(child)] != 0; });
        if (members[static_cast<size_t>(node)] && !followed)
            newest.push_back(node);
    }
    return newest;
}

std::optional<std::pair<int, int>> RevisionMapData::overlap(std::span<const int> nodes) const
{
    std::vector<int> parents;
    for (const int node : nodes) {
        const auto below = normDown.of(node);
        parents.insert(parents.end(), below.begin(), below.end());
    }
    const NodeSet below = closure(normDown, parents);
    const auto lower =
        std::ranges::find_if(nodes, [&](int node) { return below[static_cast<size_t>(node)] != 0; });
    if (lower == nodes.end())
        return {};
    BelowSearch search(*this);
    const auto upper =
        std::ranges::find_if(nodes, [&](int node) { return node != *lower && search.isBelow(*lower, node); });
    return std::pair(*lower, *upper);
}

bool BelowSearch::isBelow(int ancestor, std::span<const int> nodes)
{
    const int floor = m_data.depth[static_cast<size_t>(ancestor)];
    const auto enter = [&](int node) {
        if (m_data.depth[static_cast<size_t>(node)] > floor && m_marks.visit(node))
            m_todo.push_back(node);
    };
    m_marks.clear();
    m_todo.clear();
    for (const int node : nodes) {
        if (node == ancestor)
            return true;
        enter(node);
    }
    while (!m_todo.empty()) {
        const int node = m_todo.back();
        m_todo.pop_back();
        for (const int parent : m_data.normDown.of(node)) {
            if (parent == ancestor)
                return true;
            enter(parent);
        }
    }
    return false;
}

} // namespace stepwell
