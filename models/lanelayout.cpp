// SPDX-License-Identifier: MIT
#include "models/lanelayout.h"

#include <QHash>

namespace stepwell {

namespace {

/// From here on a line joins a lane that already leads to its parent, instead of getting one of its
/// own: a hundred branches of one revision stay readable.
constexpr int roomyLanes = 12;

class LanePass
{
public:
    LaneRow place(int row, const LaneNode &node)
    {
        LaneRow result;
        const int incoming = chooseLane(row, result);
        result.colour = result.lane;
        collectLines(row, result);
        const int before = int(result.out.size());
        for (const int parent : node.parents)
            leadTo(parent, row, false, result);
        const int parents = int(result.out.size()) - before;
        for (const int dependency : node.dependencies) {
            if (!node.parents.contains(dependency))
                leadTo(dependency, row, true, result);
        }
        result.kind = kindOf(incoming, parents);
        return result;
    }

    [[nodiscard]] int laneCount() const { return int(m_lanes.size()); }

private:
    struct Lane {
        int target = -1; ///< the row this lane leads to; -1: free
        bool dashed = false;
    };

    /// The node sits where a child's line arrives, or in a free lane. Returns the number of children.
    int chooseLane(int row, LaneRow &result)
    {
        int solid = -1;
        int dashed = -1;
        int children = 0;
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target != row)
                continue;
            int &found = m_lanes[i].dashed ? dashed : solid;
            if (found < 0)
                found = i;
            children += m_lanes[i].dashed ? 0 : 1;
        }
        // Lines that joined another's lane arrive in it as one.
        children += m_joined.take(row);
        result.lane = solid >= 0 ? solid : dashed >= 0 ? dashed : freeLane();
        return children;
    }

    void collectLines(int row, LaneRow &result)
    {
        for (int i = 0; i < m_lanes.size(); ++i) {
            Lane &lane = m_lanes[i];
            if (lane.target < 0)
                continue;
            if (lane.target != row) {
                result.through.append({i, i, i, lane.dashed});
                continue;
            }
            result.in.append({i, result.lane, i, lane.dashed});
            lane = {};
        }
    }

    void leadTo(int target, int row, bool dashed, LaneRow &result)
    {
        if (target <= row)
            return;
        const bool ownLaneFree = m_lanes[result.lane].target < 0;
        int to = -1;
        if (!ownLaneFree || m_busyHint >= roomyLanes)
            to = laneTo(target, dashed);
        if (to >= 0) {
            if (!dashed)
                ++m_joined[target];
        } else {
            to = ownLaneFree && !dashed ? result.lane : freeLane(ownLaneFree ? result.lane : -1);
            m_lanes[to] = {target, dashed};
            m_busyHint = qMax(m_busyHint, to + 1);
        }
        result.out.append({result.lane, to, to, dashed});
    }

    /// A lane that already leads there; a solid line never hides in a dashed one.
    [[nodiscard]] int laneTo(int target, bool dashed) const
    {
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target == target && (dashed || !m_lanes[i].dashed))
                return i;
        }
        return -1;
    }

    int freeLane(int except = -1)
    {
        for (int i = 0; i < m_lanes.size(); ++i) {
            if (m_lanes[i].target < 0 && i != except)
                return i;
        }
        m_lanes.append(Lane());
        return int(m_lanes.size()) - 1;
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

    QList<Lane> m_lanes;
    QHash<int, int> m_joined; ///< row -> lines that share another's lane to it
    int m_busyHint = 0;       ///< the widest so far
};

} // namespace

LaneLayout layoutLanes(const QList<LaneNode> &nodes)
{
    LaneLayout layout;
    layout.rows.reserve(nodes.size());
    LanePass pass;
    for (int row = 0; row < nodes.size(); ++row)
        layout.rows.append(pass.place(row, nodes[row]));
    layout.laneCount = pass.laneCount();
    return layout;
}

LaneLayout layoutLanes(const RevisionMap &map, const RevisionIds &order)
{
    QHash<RevisionId, int> rowOf;
    rowOf.reserve(order.size());
    for (int row = 0; row < order.size(); ++row)
        rowOf.insert(order[row], row);

    QList<LaneNode> nodes(order.size());
    for (int row = 0; row < order.size(); ++row) {
        const Revision *revision = map.find(order[row]);
        if (!revision)
            continue;
        for (const RevisionId &parent : revision->downRevisions)
            nodes[row].parents.append(rowOf.value(parent, -1));
        for (const QString &text : revision->dependsOn) {
            const RevisionId plain{text};
            if (rowOf.contains(plain)) {
                nodes[row].dependencies.append(rowOf.value(plain));
            } else if (const auto resolved = map.resolve(text)) {
                nodes[row].dependencies.append(rowOf.value(*resolved, -1));
            }
        }
    }
    return layoutLanes(nodes);
}

} // namespace stepwell
