// SPDX-License-Identifier: MIT
#include "models/lanelayout.h"

#include <QHash>

#include <algorithm>
#include <utility>
#include <vector>

namespace stepwell {

namespace {

/// From here on a line joins a lane that already leads to its parent, instead of getting one of its
/// own: a hundred branches of one revision stay readable.
constexpr int roomyLanes = 12;
/// Rows that a dependency may pass where the graph is crowded: about two screens.
constexpr int farAway = 60;

LaneEdge edge(int from, int to, int lane, bool dashed)
{
    return {.from = quint8(from), .to = quint8(to), .colour = quint8(lane), .dashed = dashed};
}

/// A link to a row below; the others are left out.
struct Link {
    int target = 0;
    bool dashed = false;
};

/// The links of one row after another, parents first. A dependency on a parent is none.
class LinksOfRow
{
public:
    explicit LinksOfRow(const QList<LaneNode> &nodes) : m_nodes(nodes), m_childOf(size_t(nodes.size()), -1) {}

    const std::vector<Link> &at(int row)
    {
        m_links.clear();
        const auto leadsDown = [&](int target) { return target > row && target < m_nodes.size(); };
        for (const int parent : m_nodes[row].parents) {
            if (!leadsDown(parent))
                continue;
            m_links.push_back({parent, false});
            m_childOf[size_t(parent)] = row;
        }
        for (const int dependency : m_nodes[row].dependencies) {
            if (leadsDown(dependency) && m_childOf[size_t(dependency)] != row)
                m_links.push_back({dependency, true});
        }
        return m_links;
    }

private:
    const QList<LaneNode> &m_nodes;
    std::vector<int> m_childOf; ///< the last row that names this one as a parent
    std::vector<Link> m_links;
};

/// Where more rows are waited for than there are lanes.
class Crowd
{
public:
    explicit Crowd(const QList<LaneNode> &nodes) : m_crowdedAbove(size_t(nodes.size()) + 1, 0)
    {
        const int count = int(nodes.size());
        LinksOfRow links(nodes);
        std::vector<char> named(size_t(count), 0);
        int waitedFor = 0;
        for (int row = 0; row < count; ++row) {
            waitedFor -= named[size_t(row)] ? 1 : 0;
            for (const Link &link : links.at(row)) {
                if (!std::exchange(named[size_t(link.target)], 1))
                    ++waitedFor;
            }
            m_crowdedAbove[size_t(row) + 1] = m_crowdedAbove[size_t(row)] + (waitedFor > ownLanes ? 1 : 0);
        }
    }

    /// True if a line between the two rows would pass such a place.
    [[nodiscard]] bool between(int row, int target) const
    {
        return m_crowdedAbove[size_t(target)] > m_crowdedAbove[size_t(row)];
    }

private:
    std::vector<int> m_crowdedAbove; ///< how many of the rows before this one are crowded
};

/// Lines that go down in the shared lane.
class SharedLines
{
public:
    explicit SharedLines(qsizetype rows) : m_ending(size_t(rows)) {}

    void add(const Link &link)
    {
        count(m_ending[size_t(link.target)], link.dashed, 1);
        count(m_open, link.dashed, 1);
    }

    /// What the row shows of them: what ends there, and what goes on.
    void collect(int row, LaneRow &result)
    {
        const Count &ending = m_ending[size_t(row)];
        if (ending.lines > 0)
            result.in.append(edge(sharedLane, result.lane, sharedLane, ending.solid == 0));
        m_open.lines -= ending.lines;
        m_open.solid -= ending.solid;
        if (m_open.lines > 0)
            result.through.append(edge(sharedLane, sharedLane, sharedLane, m_open.solid == 0));
    }

    [[nodiscard]] bool isEmpty() const { return m_open.lines == 0; }

private:
    struct Count {
        int lines = 0;
        int solid = 0;
    };

    static void count(Count &counted, bool dashed, int by)
    {
        counted.lines += by;
        counted.solid += dashed ? 0 : by;
    }

    std::vector<Count> m_ending; ///< for each row
    Count m_open;
};

/// Every search goes over the lanes, of which there are few.
class LanePass
{
public:
    explicit LanePass(const QList<LaneNode> &nodes)
        : m_links(nodes), m_crowd(nodes), m_shared(nodes.size()), m_below(size_t(nodes.size()))
    {
    }

    LaneRow place(int row)
    {
        LaneRow result;
        result.lane = nodeLane(row);
        result.colour = result.lane;
        collectLines(row, result);
        int parents = 0;
        for (const Link &link : m_links.at(row)) {
            parents += link.dashed ? 0 : 1;
            if (link.dashed && link.target - row > farAway && m_crowd.between(row, link.target)) {
                result.dependsFarBelow = true;
                m_below[size_t(link.target)].farAbove = true;
            } else {
                leadTo(link, result);
            }
        }
        const Arriving &arriving = m_below[size_t(row)];
        result.neededFarAbove = arriving.farAbove;
        result.kind = kindOf(arriving.children, parents);
        return result;
    }

    [[nodiscard]] int laneCount() const { return m_laneCount; }

private:
    struct Lane {
        int target = -1; ///< the row this lane leads to; -1: free
        bool dashed = false;
    };
    struct Arriving {
        int children = 0;
        bool farAbove = false;
    };

    /// The node sits where a child's line arrives, or in a free lane.
    int nodeLane(int row)
    {
        int dashed = -1;
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target != row)
                continue;
            if (!m_lanes[i].dashed)
                return i;
            if (dashed < 0)
                dashed = i;
        }
        if (dashed >= 0)
            return dashed;
        const int free = freeLane();
        return widened(free >= 0 ? free : sidingLane);
    }

    void collectLines(int row, LaneRow &result)
    {
        result.through.reserve(openLanes(row) + (m_shared.isEmpty() ? 0 : 1));
        for (int i = 0; i < m_lanes.size(); ++i) {
            Lane &lane = m_lanes[i];
            if (lane.target < 0)
                continue;
            if (lane.target != row) {
                result.through.append(edge(i, i, i, lane.dashed));
                continue;
            }
            result.in.append(edge(i, result.lane, i, lane.dashed));
            lane = {};
        }
        m_shared.collect(row, result);
    }

    [[nodiscard]] qsizetype openLanes(int row) const
    {
        return std::ranges::count_if(
            m_lanes, [row](const Lane &lane) { return lane.target >= 0 && lane.target != row; });
    }

    void leadTo(const Link &link, LaneRow &result)
    {
        if (!link.dashed)
            ++m_below[size_t(link.target)].children;
        const bool ownLaneFree = result.lane != sidingLane && m_lanes[result.lane].target < 0;
        int to = -1;
        if (!ownLaneFree || m_busyHint >= roomyLanes)
            to = laneTo(link);
        if (to < 0) {
            to = ownLaneFree && !link.dashed ? result.lane : freeLane(ownLaneFree ? result.lane : -1);
            if (to < 0) {
                share(link, result);
                return;
            }
            m_lanes[to] = {link.target, link.dashed};
            m_busyHint = qMax(m_busyHint, to + 1);
        }
        result.out.append(edge(result.lane, widened(to), to, link.dashed));
    }

    /// However many lines of a row go there, it is one that is drawn.
    void share(const Link &link, LaneRow &result)
    {
        m_shared.add(link);
        const auto drawn = std::ranges::find(result.out, sharedLane, &LaneEdge::to);
        if (drawn == result.out.end())
            result.out.append(edge(result.lane, widened(sharedLane), sharedLane, link.dashed));
        else if (!link.dashed)
            drawn->dashed = false;
    }

    /// A lane that already leads there; a solid line never hides in a dashed one.
    [[nodiscard]] int laneTo(const Link &link) const
    {
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target == link.target && (link.dashed || !m_lanes[i].dashed))
                return i;
        }
        return -1;
    }

    /// The leftmost; -1 if all are taken.
    int freeLane(int except = -1)
    {
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target < 0 && i != except)
                return i;
        }
        if (m_lanes.size() == ownLanes)
            return -1;
        m_lanes.append(Lane());
        return int(m_lanes.size()) - 1;
    }

    int widened(int lane)
    {
        m_laneCount = qMax(m_laneCount, lane + 1);
        return lane;
    }

    static NodeKind kindOf(int children, int parents)
    {
        if (parents > 1)
            return NodeKind::MergePoint;
        if (children > 1)
            return NodeKind::BranchPoint;
        if (children == 0)
            return NodeKind::Head;
        return parents == 0 ? NodeKind::Base : NodeKind::Plain;
    }

    LinksOfRow m_links;
    Crowd m_crowd;
    SharedLines m_shared;
    std::vector<Arriving> m_below; ///< for each row, what the rows above it lead there
    QList<Lane> m_lanes;           ///< at most ownLanes
    int m_laneCount = 0;
    int m_busyHint = 0; ///< the widest so far
};

} // namespace

LaneLayout layoutLanes(const QList<LaneNode> &nodes)
{
    LaneLayout layout;
    layout.rows.reserve(nodes.size());
    LanePass pass(nodes);
    for (int row = 0; row < nodes.size(); ++row)
        layout.rows.append(pass.place(row));
    layout.laneCount = pass.laneCount();
    return layout;
}

LaneLayout layoutLanes(const RevisionMap &map, const RevisionIds &order)
{
    QHash<QString, int> rowOf;
    rowOf.reserve(order.size());
    for (int row = 0; row < order.size(); ++row)
        rowOf.insert(order[row].text(), row);

    // depends_on takes labels too.
    QHash<QString, int> rowOfLabel;
    for (int row = 0; row < order.size(); ++row) {
        const Revision *revision = map.find(order[row]);
        for (const QString &label : revision ? revision->branchLabels : QStringList()) {
            if (!rowOfLabel.contains(label))
                rowOfLabel.insert(label, row);
        }
    }

    QList<LaneNode> nodes(order.size());
    for (int row = 0; row < order.size(); ++row) {
        const Revision *revision = map.find(order[row]);
        if (!revision)
            continue;
        for (const RevisionId &parent : revision->downRevisions)
            nodes[row].parents.append(rowOf.value(parent.text(), -1));
        for (const QString &name : revision->dependsOn)
            nodes[row].dependencies.append(rowOf.value(name, rowOfLabel.value(name, -1)));
    }
    return layoutLanes(nodes);
}

} // namespace stepwell
