// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisioncycles.h"

#include <algorithm>

namespace stepwell {

namespace {

size_t index(int node)
{
    return static_cast<size_t>(node);
}

/// Tarjan's algorithm, without recursion: histories are deeper than a stack.
class ComponentSearch
{
public:
    explicit ComponentSearch(const Links &down)
        : m_down(down)
        , m_number(index(down.nodes()), 0)
        , m_lowest(index(down.nodes()), 0)
        , m_isOpen(index(down.nodes()), 0)
    {
    }

    std::vector<std::vector<int>> run()
    {
        for (int node = 0; node < m_down.nodes(); ++node) {
            if (m_number[index(node)] == 0)
                walk(node);
        }
        std::ranges::sort(m_result);
        return std::move(m_result);
    }

private:
    struct Visit {
        int node;
        size_t next;
    };

    void enter(int node)
    {
        m_number[index(node)] = m_lowest[index(node)] = ++m_count;
        m_isOpen[index(node)] = 1;
        m_open.push_back(node);
        m_way.push_back({node, 0});
    }

    void walk(int start)
    {
        enter(start);
        while (!m_way.empty()) {
            const int node = m_way.back().node;
            const auto below = m_down.of(node);
            if (m_way.back().next == below.size()) {
                leave(node);
                continue;
            }
            const int other = below[m_way.back().next++];
            if (m_number[index(other)] == 0)
                enter(other);
            else if (m_isOpen[index(other)])
                m_lowest[index(node)] = std::min(m_lowest[index(node)], m_number[index(other)]);
        }
    }

    void leave(int node)
    {
        m_way.pop_back();
        if (!m_way.empty()) {
            int &lowest = m_lowest[index(m_way.back().node)];
            lowest = std::min(lowest, m_lowest[index(node)]);
        }
        if (m_lowest[index(node)] != m_number[index(node)])
            return;
        std::vector<int> members;
        do {
            members.push_back(m_open.back());
            m_isOpen[index(m_open.back())] = 0;
            m_open.pop_back();
        } while (members.back() != node);
        if (members.size() > 1) {
            std::ranges::sort(members);
            m_result.push_back(std::move(members));
        }
    }

    const Links &m_down;
    std::vector<int> m_number; ///< in the order of finding; 0 is not found yet
    std::vector<int> m_lowest; ///< smallest number that can be reached
    NodeSet m_isOpen;
    std::vector<int> m_open;
    std::vector<Visit> m_way;
    std::vector<std::vector<int>> m_result;
    int m_count = 0;
};

} // namespace

std::vector<int> orderedUpwards(const Links &down)
{
    const Links up = down.reversed();
    std::vector<int> open(index(down.nodes()));
    std::vector<int> order;
    order.reserve(open.size());
    for (int node = 0; node < down.nodes(); ++node) {
        open[index(node)] = down.count(node);
        if (open[index(node)] == 0)
            order.push_back(node);
    }
    for (size_t at = 0; at < order.size(); ++at) {
        for (const int child : up.of(order[at])) {
            if (--open[index(child)] == 0)
                order.push_back(child);
        }
    }
    return order;
}

std::vector<std::vector<int>> circles(const Links &down)
{
    return ComponentSearch(down).run();
}

QSet<NodeLink> closingLinks(const Links &down)
{
    enum State : char { New, OnTheWay, Done };
    std::vector<State> states(index(down.nodes()), New);
    std::vector<std::pair<int, size_t>> way;
    QSet<NodeLink> closing;
    const auto enter = [&](int node) {
        states[index(node)] = OnTheWay;
        way.emplace_back(node, 0);
    };
    const auto walk = [&](int start) {
        if (states[index(start)] == New)
            enter(start);
        while (!way.empty()) {
            auto &[node, next] = way.back();
            const auto below = down.of(node);
            if (next == below.size()) {
                states[index(node)] = Done;
                way.pop_back();
                continue;
            }
            const int other = below[next++];
            if (states[index(other)] == OnTheWay)
                closing.insert({node, other});
            else if (states[index(other)] == New)
                enter(other);
        }
    };
    const Links up = down.reversed();
    for (int node = 0; node < down.nodes(); ++node) {
        if (up.count(node) == 0)
            walk(node);
    }
    for (int node = 0; node < down.nodes(); ++node)
        walk(node);
    return closing;
}

} // namespace stepwell
