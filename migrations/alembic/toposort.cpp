// SPDX-License-Identifier: MIT
#include "migrations/alembic/toposort.h"

#include <algorithm>

namespace stepwell {

namespace {

/// Alembic keeps, for each open branch, the set of all its ancestors, and looks there for the
/// candidate. Two facts make that cheap. An open branch is above the candidate exactly when a child
/// of the candidate is still to come, which is a counter. And a branch that is not above a node
/// never will be, as branches only move down and new ones are appended: so the search for the first
/// branch above a node can go on where it ended the last time.
class Sorter
{
public:
    Sorter(const RevisionMapData &data, const NodeSet &members, std::span<const int> heads)
        : m_data(data)
        , m_todo(members)
        , m_search(data)
        , m_isOpen(members.size(), 0)
        , m_waiting(members.size(), 0)
        , m_firstAbove(members.size(), 0)
    {
        for (int node = 0; node < data.count(); ++node) {
            if (!isTodo(node))
                continue;
            for (const int parent : data.normDown.of(node))
                ++m_waiting[index(parent)];
        }
        std::vector<int> sorted(heads.begin(), heads.end());
        std::ranges::sort(sorted);
        for (const int head : sorted) {
            if (isTodo(head) && !m_isOpen[index(head)])
                open(head);
        }
    }

    std::vector<int> run()
    {
        size_t at = 0;
        while (!m_branches.empty()) {
            const int node = m_branches[at].node;
            if (m_waiting[index(node)] > 0) {
                at = branchAbove(node, at);
                continue;
            }
            emitNode(node);
            at = advance(node, at);
        }
        return m_result;
    }

private:
    struct Branch {
        int node;
        size_t number; ///< grows along the list, stays when others leave it
    };

    static size_t index(int node) { return static_cast<size_t>(node); }
    bool isTodo(int node) const { return m_todo[index(node)] != 0; }

    void open(int node)
    {
        m_branches.push_back({node, m_nextNumber++});
        m_isOpen[index(node)] = 1;
    }

    size_t branchAbove(int node, size_t own)
    {
        size_t &from = m_firstAbove[index(node)];
        auto branch = std::ranges::lower_bound(m_branches, from, {}, &Branch::number);
        for (; branch != m_branches.end(); ++branch) {
            const auto at = static_cast<size_t>(branch - m_branches.begin());
            if (at == own || !m_search.isBelow(node, branch->node))
                continue;
            from = branch->number;
            return at;
        }
        return own; // not reached: a waiting child is below an open branch
    }

    void emitNode(int node)
    {
        m_result.push_back(node);
        m_todo[index(node)] = 0;
        m_isOpen[index(node)] = 0;
        for (const int parent : m_data.normDown.of(node))
            --m_waiting[index(parent)];
    }

    size_t advance(int node, size_t at)
    {
        bool replaced = false;
        for (const int parent : m_data.normDown.of(node)) {
            if (!isTodo(parent) || m_isOpen[index(parent)])
                continue;
            if (replaced) {
                open(parent);
            } else {
                m_branches[at].node = parent;
                m_isOpen[index(parent)] = 1;
                replaced = true;
            }
        }
        if (replaced)
            return at;
        m_branches.erase(m_branches.begin() + static_cast<std::ptrdiff_t>(at));
        return at > 0 ? at - 1 : 0;
    }

    const RevisionMapData &m_data;
    NodeSet m_todo;
    BelowSearch m_search;
    NodeSet m_isOpen;
    std::vector<int> m_waiting;       ///< children still to come
    std::vector<size_t> m_firstAbove; ///< number of the first branch that may be above a node
    std::vector<Branch> m_branches;
    std::vector<int> m_result;
    size_t m_nextNumber = 0;
};

} // namespace

std::vector<int> sortedNewestFirst(const RevisionMapData &data, const NodeSet &members,
                                   std::span<const int> heads)
{
    return Sorter(data, members, heads).run();
}

} // namespace stepwell
