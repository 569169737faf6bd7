// SPDX-License-Identifier: MIT
#include "migrations/alembic/toposort.h"

#include <algorithm>

namespace stepwell {

namespace {

size_t index(int node)
{
    return static_cast<size_t>(node);
}

/// The open branches: each stands at a node and keeps its number, which grows along the list.
class Branches
{
public:
    static constexpr size_t none = static_cast<size_t>(-1);

    [[nodiscard]] int node(size_t branch) const { return m_branches[branch].node; }
    void move(size_t branch, int node) { m_branches[branch].node = node; }

    size_t append(int node)
    {
        const size_t number = m_branches.size();
        m_branches.push_back({node, m_last, number});
        m_last = number;
        if (m_first == none)
            m_first = number;
        return number;
    }

    /// Takes a branch out; tells the one before it, or else the first (none if it was the only one).
    size_t remove(size_t branch)
    {
        const size_t before = m_branches[branch].before;
        const size_t after = from(branch + 1);
        m_branches[branch].alive = branch + 1;
        if (after != none)
            m_branches[after].before = before;
        else
            m_last = before;
        if (before == none)
            m_first = after;
        return before == none ? m_first : before;
    }

    [[nodiscard]] size_t first() const { return m_first; }

    /// The first branch at or behind a number. Numbers of branches that left lead on, by ways that get
    /// shorter.
    size_t from(size_t number)
    {
        size_t found = number;
        while (found < m_branches.size() && m_branches[found].alive != found)
            found = m_branches[found].alive;
        while (number < found && number < m_branches.size())
            number = std::exchange(m_branches[number].alive, found);
        return found < m_branches.size() ? found : none;
    }

private:
    struct Branch {
        int node;
        size_t before;
        size_t alive; ///< its own number, or a later one if it left
    };
    std::vector<Branch> m_branches;
    size_t m_first = none;
    size_t m_last = none;
};

/// Alembic keeps, for each open branch, the set of all its ancestors, and looks there for the
/// candidate. Two facts make that cheap. An open branch is above the candidate exactly when a child
/// of the candidate is still to come, which is a counter. And a branch that is not above a node
/// never will be, as branches only move down and new ones are appended: so the search for the first
/// branch above a node can go on where it ended the last time.
///
/// Nodes between members that are no members themselves count too: they hold back what is below them
/// until all above them are done.
class Sorter
{
public:
    Sorter(const RevisionMapData &data, const NodeSet &members, std::span<const int> heads)
        : m_data(data)
        , m_search(data)
        , m_marks(data.count())
        , m_todo(members)
        , m_between(members.size(), 0)
        , m_branchOf(members.size(), Branches::none)
        , m_waiting(members.size(), 0)
        , m_firstAbove(members.size(), 0)
        , m_isAsked(members.size(), 0)
    {
        findBetween();
        std::vector<int> sorted(heads.begin(), heads.end());
        std::ranges::sort(sorted);
        for (const int head : sorted) {
            if (isTodo(head) && !isOpen(head))
                open(head);
        }
    }

    std::vector<int> run()
    {
        size_t at = m_branches.first();
        while (at != Branches::none) {
            const int node = m_branches.node(at);
            if (m_waiting[index(node)] > 0) {
                at = branchAbove(node, at);
                continue; // none is above only if some members cannot be reached: then there is no order
            }
            m_result.push_back(node);
            m_todo[index(node)] = 0;
            release(node);
            at = advance(node, at);
        }
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool isTodo(int node) const { return m_todo[index(node)] != 0; }
    [[nodiscard]] bool isOpen(int node) const { return m_branchOf[index(node)] != Branches::none; }

    void open(int node) { m_branchOf[index(node)] = m_branches.append(node); }

    void findBetween()
    {
        std::vector<int> nodes;
        for (int node = 0; node < m_data.count(); ++node) {
            if (isTodo(node))
                nodes.push_back(node);
        }
        const NodeSet below = m_data.closure(m_data.normDown, nodes);
        const NodeSet above = m_data.closure(m_data.normNext, nodes);
        for (int node = 0; node < m_data.count(); ++node) {
            m_between[index(node)] = below[index(node)] && above[index(node)];
            if (!m_between[index(node)])
                continue;
            for (const int parent : m_data.normDown.of(node))
                ++m_waiting[index(parent)];
        }
    }

    /// What is below a node that is done waits for one less.
    void release(int done)
    {
        m_released.assign(1, done);
        while (!m_released.empty()) {
            const int node = m_released.back();
            m_released.pop_back();
            m_between[index(node)] = 0;
            for (const int parent : m_data.normDown.of(node)) {
                if (--m_waiting[index(parent)] == 0 && m_between[index(parent)] && !isTodo(parent))
                    m_released.push_back(parent);
            }
        }
    }

    /// The first branch that is above the node. Two searches take turns, as either may be long where the
    /// other is short: up from the node to all branches above it, and along the branches. A node that is
    /// asked for again, and has much above it, gets a set of that.
    size_t branchAbove(int node, size_t own)
    {
        size_t &number = m_firstAbove[index(node)];
        constexpr size_t firstBudget = 8;
        if (const auto found = climb(node, firstBudget))
            return *found;
        if (std::exchange(m_isAsked[index(node)], 1)) {
            const NodeSet &above = allAbove(node);
            while (true) {
                const size_t branch = m_branches.from(number);
                if (branch == Branches::none || (branch != own && above[index(m_branches.node(branch))]))
                    return branch;
                number = branch + 1;
            }
        }
        for (size_t budget = firstBudget;; budget *= 4) {
            for (size_t left = budget; left > 0; --left) {
                const size_t branch = m_branches.from(number);
                if (branch == Branches::none ||
                    (branch != own && m_search.isBelow(node, m_branches.node(branch))))
                    return branch;
                number = branch + 1;
            }
            if (const auto found = climb(node, budget))
                return *found;
        }
    }

    /// The last few sets are kept.
    const NodeSet &allAbove(int node)
    {
        constexpr size_t kept = 16;
        for (const auto &[known, above] : m_above) {
            if (known == node)
                return above;
        }
        auto &oldest = m_above.size() < kept ? m_above.emplace_back() : m_above[m_nextAbove++ % kept];
        oldest = {node, m_data.closure(m_data.normNext, std::span(&node, 1))};
        return oldest.second;
    }

    /// The same by what is above the node; nothing if that is more than the budget.
    std::optional<size_t> climb(int start, size_t budget)
    {
        size_t first = Branches::none;
        m_marks.clear();
        m_climb.assign(1, start);
        while (!m_climb.empty()) {
            const int node = m_climb.back();
            m_climb.pop_back();
            for (const int child : m_data.normNext.of(node)) {
                if (budget-- == 0)
                    return {};
                if (!m_between[index(child)] || !m_marks.visit(child))
                    continue;
                first = std::min(first, m_branchOf[index(child)]);
                m_climb.push_back(child);
            }
        }
        return first;
    }

    size_t advance(int node, size_t at)
    {
        m_branchOf[index(node)] = Branches::none;
        bool replaced = false;
        for (const int parent : m_data.normDown.of(node)) {
            if (!isTodo(parent) || isOpen(parent))
                continue;
            if (replaced) {
                open(parent);
            } else {
                m_branches.move(at, parent);
                m_branchOf[index(parent)] = at;
                replaced = true;
            }
        }
        return replaced ? at : m_branches.remove(at);
    }

    const RevisionMapData &m_data;
    BelowSearch m_search;
    VisitMarks m_marks;
    NodeSet m_todo;
    NodeSet m_between;                ///< members and what is between them, until they are done
    std::vector<size_t> m_branchOf;   ///< the open branch that stands at a node
    std::vector<int> m_waiting;       ///< children still to come
    std::vector<size_t> m_firstAbove; ///< number of the first branch that may be above a node
    NodeSet m_isAsked;                ///< a node that was stopped before
    std::vector<std::pair<int, NodeSet>> m_above;
    size_t m_nextAbove = 0;
    std::vector<int> m_released;
    std::vector<int> m_climb;
    Branches m_branches;
    std::vector<int> m_result;
};

} // namespace

std::vector<int> sortedNewestFirst(const RevisionMapData &data, const NodeSet &members,
                                   std::span<const int> heads)
{
    return Sorter(data, members, heads).run();
}

} // namespace stepwell
