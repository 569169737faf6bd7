// SPDX-License-Identifier: MIT
#include "migrations/alembic/historyrange.h"

#include "migrations/alembic/relativetargets.h"
#include "migrations/alembic/toposort.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Nodes = std::vector<int>;

bool anyPastEnd(const Nodes &nodes)
{
    return std::ranges::any_of(nodes, [](int node) { return node < 0; });
}

class RangeReader
{
public:
    RangeReader(const RevisionMapData &data, QString range, Standpoint lower, Standpoint upper)
        : m_data(data)
        , m_finder(data)
        , m_range(std::move(range))
        , m_lower(std::move(lower))
        , m_upper(std::move(upper))
    {
    }

    Result<Nodes> run();

private:
    [[nodiscard]] Result<Nodes> targets() const;
    [[nodiscard]] Result<QString> branchOfLower() const;
    [[nodiscard]] Result<Nodes> start(const NodeSet &required) const;
    [[nodiscard]] Result<void> checkOverlap(const Nodes &nodes) const;
    [[nodiscard]] std::unexpected<Error> pastEnd() const;
    [[nodiscard]] Error partlyPastEnd(const Nodes &found) const;

    const RevisionMapData &m_data;
    TargetFinder m_finder;
    QString m_range;
    Standpoint m_lower;
    Standpoint m_upper;
};

std::unexpected<Error> RangeReader::pastEnd() const
{
    return alembicFails(u"'%1' leads past the end of the revisions."_s.arg(m_range),
                        u"Use a smaller number, or name the revision."_s);
}

Result<void> RangeReader::checkOverlap(const Nodes &nodes) const
{
    const auto overlap = m_data.overlap(nodes);
    if (!overlap)
        return {};
    return failure(ErrorKind::OverlappingRevisions,
                   u"An end of '%1' stands for both '%2' and '%3', and '%3' includes '%2'."_s.arg(
                       m_range, m_data.text(overlap->first), m_data.text(overlap->second)),
                   u"Name one of them."_s);
}

/// A revision as a branch stands for the one label it has.
Result<QString> RangeReader::branchOfLower() const
{
    const QString &lower = m_lower.texts.constFirst();
    const QString branch = lower.first(lower.indexOf(u'@'));
    const auto node = m_finder.one(branch);
    if (!node)
        return std::unexpected(node.error());
    if (*node < 0 || m_data.text(*node) != branch)
        return branch;
    const QStringList &labels = m_data.labels.at(*node);
    if (labels.size() != 1)
        return alembicFails(
            u"'%1' begins at revision '%2' as a branch, which has %3 labels instead of one."_s.arg(
                m_range, branch, QString::number(labels.size())),
            u"Name the branch by its label, or the revision without '@'."_s);
    return labels.constFirst();
}

Result<Nodes> RangeReader::targets() const
{
    auto targets = m_upper.isRows
                       ? m_finder.rows(toRevisionIds(m_upper.texts)).transform(nodesOf)
                       : TargetReader(m_data, m_lower, TreeEnd::Stay).upwards(m_upper.texts.constFirst());
    if (!targets)
        return targets;
    if (anyPastEnd(*targets))
        return pastEnd();
    if (!m_lower.isRows && m_lower.texts.constFirst().contains(u'@')) {
        const auto branch = branchOfLower();
        if (!branch)
            return std::unexpected(branch.error());
        std::erase_if(*targets, [&](int node) { return !m_data.labels.at(node).contains(*branch); });
    }
    return targets;
}

/// Alembic looks for overlap one node after the other, until it meets one past the end.
Error RangeReader::partlyPastEnd(const Nodes &found) const
{
    Nodes parents;
    Nodes inside;
    for (const int node : Nodes(found.begin(), std::ranges::find(found, nothingNode))) {
        const auto below = m_data.normDown.of(node);
        parents.insert(parents.end(), below.begin(), below.end());
    }
    std::ranges::copy_if(found, std::back_inserter(inside), [](int node) { return node >= 0; });
    const NodeSet below = m_data.closure(m_data.normDown, parents);
    const bool overlaps =
        std::ranges::any_of(inside, [&](int node) { return below[static_cast<size_t>(node)] != 0; });
    return overlaps ? checkOverlap(inside).error() : pastEnd().error();
}

/// The nodes of the lower end. Where `-n` leads past the start from the heads, Alembic takes it from the
/// upper end instead.
Result<Nodes> RangeReader::start(const NodeSet &required) const
{
    const auto found = m_lower.isRows ? m_finder.rows(toRevisionIds(m_lower.texts)).transform(nodesOf)
                                      : m_finder.several(m_lower.texts.constFirst());
    if (!found)
        return found;
    for (const int node : *found) {
        if (node == nothingNode || (node >= 0 && required[static_cast<size_t>(node)]))
            continue;
        return failure(
            ErrorKind::NotAnAncestor,
            u"'%1' is no range: its start %2 is not below its end."_s.arg(
                m_range, node < 0 ? u"(before the first revision)"_s : u"'%1'"_s.arg(m_data.text(node))),
            u"Both ends have to be on one line, the older one first."_s);
    }
    if (!anyPastEnd(*found))
        return found;
    if (found->front() != nothingNode)
        return std::unexpected(partlyPastEnd(*found));
    const auto below = TargetReader(m_data, m_upper, TreeEnd::Stay).downwards(m_lower.texts.constFirst());
    if (!below)
        return std::unexpected(below.error());
    if (below->first == nothingNode)
        return pastEnd();
    return below->first == baseNode ? Nodes() : Nodes{below->first};
}

Result<Nodes> RangeReader::run()
{
    const auto tops = targets();
    if (!tops)
        return tops;
    if (auto sound = checkOverlap(*tops); !sound)
        return std::unexpected(sound.error());
    NodeSet needs = m_data.closure(m_data.normDown, *tops);
    const auto bottoms = start(needs);
    if (!bottoms)
        return bottoms;
    if (auto sound = checkOverlap(*bottoms); !sound)
        return std::unexpected(sound.error());
    if (!bottoms->empty()) {
        const NodeSet below = m_data.closure(m_data.normDown, *bottoms);
        const NodeSet above = m_data.closure(m_data.next, *bottoms);
        for (size_t at = 0; at < needs.size(); ++at)
            needs[at] = needs[at] && !below[at] && above[at];
        for (const int node : *bottoms)
            needs[static_cast<size_t>(node)] = 1;
    }
    Nodes order = sortedNewestFirst(m_data, needs, *tops);
    if (static_cast<std::ptrdiff_t>(order.size()) != std::ranges::count(needs, 1))
        return alembicFails(u"'%1' begins at a revision that its end needs by depends_on."_s.arg(m_range),
                            u"Begin at a revision on the branch of the end."_s);
    return order;
}

} // namespace

Result<RevisionIds> historyRange(const RevisionMap &map, const QString &range,
                                 const std::optional<RevisionIds> &rows)
{
    const QStringList ends = range.trimmed().split(u':');
    if (ends.size() < 2)
        return failure(ErrorKind::InvalidTarget, u"'%1' is no range."_s.arg(range),
                       u"Write 'from:to', 'from:' or ':to'."_s);
    if (ends.size() > 2)
        return alembicFails(u"'%1' has more than one ':'."_s.arg(range),
                            u"Write 'from:to', 'from:' or ':to'."_s);
    Standpoint lower{.texts = {ends.at(0).isEmpty() ? u"base"_s : ends.at(0)}, .isRows = false};
    Standpoint upper{.texts = {ends.at(1).isEmpty() ? u"heads"_s : ends.at(1)}, .isRows = false};
    const auto isCurrent = [](const Standpoint &end) { return end.texts.constFirst() == "current"_L1; };
    if (isCurrent(lower) || isCurrent(upper)) {
        if (!rows)
            return failure(ErrorKind::InvalidTarget,
                           u"'%1' asks where a database is, and none is named."_s.arg(range),
                           u"Name a database, or revisions instead of 'current'."_s);
        Standpoint &end = isCurrent(upper) ? upper : lower; // Alembic knows it on one side only
        if (!rows->isEmpty())
            end = {.texts = toTexts(*rows), .isRows = true};
        else
            end.texts = {&end == &upper ? u"heads"_s : u"base"_s};
    }
    return RangeReader(map.data(), range, lower, upper).run().transform([&](const Nodes &nodes) {
        return map.data().toIds(nodes);
    });
}

} // namespace stepwell
