// SPDX-License-Identifier: MIT
#include "migrations/alembic/branchlabels.h"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace stepwell {

namespace {

/// Adds labels to sorted ones. Lists that are the same stay shared: a branch of thousands has one.
void unite(QStringList &list, const QStringList &more)
{
    if (more.isEmpty() || list == more)
        return;
    if (list.isEmpty()) {
        list = more;
        return;
    }
    QStringList both;
    std::ranges::set_union(list, more, std::back_inserter(both));
    list = both;
}

QStringList sortedLabels(const Revision &revision)
{
    QStringList labels = revision.branchLabels;
    labels.sort();
    labels.removeDuplicates();
    return labels;
}

class LabelSpread
{
public:
    explicit LabelSpread(const RevisionMapData &data) : m_data(data) {}

    QList<QStringList> run()
    {
        const int count = m_data.count();
        QList<QStringList> above(count); // what goes up
        for (const int node : m_data.upwards) {
            above[node] = sortedLabels(m_data.revisions.at(node));
            for (const int parent : m_data.down.of(node))
                unite(above[node], above.at(parent));
        }
        QList<QStringList> result = above;
        QList<QStringList> below(count); // what goes down
        NodeSet isClear(static_cast<size_t>(count), 0);
        for (const int node : m_data.upwards | std::views::reverse) {
            unite(result[node], below.at(node));
            isClear[index(node)] =
                isTip(node) || (followsOn(node) && isClear[index(m_data.next.of(node).front())]);
            if (!isClear[index(node)] || parts(node) || m_data.down.count(node) != 1)
                continue;
            const int parent = m_data.down.of(node).front();
            if (parts(parent) || meets(parent) || isEnd(parent))
                continue;
            unite(below[parent], sortedLabels(m_data.revisions.at(node)));
            unite(below[parent], below.at(node));
        }
        return result;
    }

private:
    static size_t index(int node) { return static_cast<size_t>(node); }
    // Who depends on a revision makes it a branch point too.
    bool parts(int node) const { return m_data.allNext.count(node) > 1; }
    bool meets(int node) const { return m_data.down.count(node) > 1; }
    bool isTip(int node) const { return m_data.next.count(node) == 0 && !parts(node); }
    bool isEnd(int node) const
    {
        return m_data.text(node).isEmpty();
    } // Alembic takes that for no parent here
    bool followsOn(int node) const
    {
        return m_data.next.count(node) == 1 && !parts(node) && !isEnd(node) &&
               !meets(m_data.next.of(node).front());
    }

    const RevisionMapData &m_data;
};

} // namespace

QList<QStringList> spreadLabels(const RevisionMapData &data)
{
    return LabelSpread(data).run();
}

} // namespace stepwell
