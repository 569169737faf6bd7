// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"

#include "migrations/alembic/revisionmap.h"
#include "migrations/alembic/targets.h"
#include "migrations/alembic/toposort.h"
#include "migrations/alembic/versionrows.h"

#include <QSet>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Nodes = std::vector<int>;

std::unexpected<Error> invalid(const QString &message, const QString &hint)
{
    return failure(ErrorKind::InvalidTarget, message, hint);
}

std::unexpected<Error> tooFar(const QString &target, const QString &direction)
{
    return invalid(u"'%1' goes further %2 than there are revisions."_s.arg(target, direction),
                   u"Use a smaller number, or name the revision."_s);
}

/// Both directions work on the same map, rows and target.
class Planner
{
public:
    Planner(const RevisionMapData &data, const RevisionIds &rows, const QString &target)
        : m_data(data), m_finder(data), m_rows(rows), m_target(target)
    {
    }

    Result<Plan> upgrade();
    Result<Plan> downgrade();

private:
    [[nodiscard]] Result<Nodes> upgradeTargets() const;
    [[nodiscard]] Result<int> climbFromRows(const RelativeTarget &relative) const;
    [[nodiscard]] Result<Nodes> climbingStarts(const QString &label) const;
    [[nodiscard]] Result<int> relativeToSymbol(const RelativeTarget &relative) const;
    [[nodiscard]] Result<std::pair<int, QString>> downgradeTarget() const;
    [[nodiscard]] Result<std::pair<int, QString>> descend(const RelativeTarget &relative) const;
    [[nodiscard]] Result<QString> rowOfBranch(const QString &label) const;
    [[nodiscard]] Result<Nodes> rootsAbove(int target, const QString &label) const;
    [[nodiscard]] Result<Nodes> rowNodes() const;
    [[nodiscard]] Result<void> checkOverlap(const Nodes &nodes) const;
    [[nodiscard]] Result<Plan> withRows(Direction direction, const Nodes &order, const Nodes &rows) const;
    [[nodiscard]] Result<void> checkRowTexts() const;

    const RevisionMapData &m_data;
    TargetFinder m_finder;
    const RevisionIds &m_rows;
    const QString &m_target;
};

/// The nodes the rows stand for. Alembic lets a row be a partial id or a label here.
Result<Nodes> Planner::rowNodes() const
{
    Nodes nodes;
    for (const RevisionId &row : m_rows) {
        const auto found = m_finder.several(row.text());
        if (!found && found.error().kind == ErrorKind::UnknownRevision)
            return failure(
                ErrorKind::UnknownRevision,
                u"The database is at revision '%1', which is not in these files."_s.arg(row.text()),
                u"It may come from another branch or a newer release: use the files of that state."_s,
                found.error().message);
        if (!found)
            return std::unexpected(found.error());
        for (const int node : *found) {
            if (node < 0)
                return alembicFails(ErrorKind::InvalidTarget,
                                    u"the version table holds '%1', which is no revision."_s.arg(row.text()),
                                    u"Stamp the database with the revision it is at."_s);
            nodes.push_back(node);
        }
    }
    return nodes;
}

/// None of them may lie below another one.
Result<void> Planner::checkOverlap(const Nodes &nodes) const
{
    NodeSet wanted(static_cast<size_t>(m_data.count()), 0);
    for (const int node : nodes)
        wanted[static_cast<size_t>(node)] = 1;
    Nodes parents;
    for (const int node : nodes) {
        const auto below = m_data.normDown.of(node);
        parents.insert(parents.end(), below.begin(), below.end());
    }
    const NodeSet below = m_data.closure(m_data.normDown, parents);
    for (const int node : nodes) {
        if (below[static_cast<size_t>(node)])
            return invalid(
                u"Revision '%1' lies below another one of: %2."_s.arg(m_data.text(node),
                                                                      toText(m_data.toIds(nodes))),
                u"The upper one includes it. If the version table says so, it is in a state no upgrade "
                "leads to: stamp the database with the upper revision."_s);
    }
    return {};
}

Result<Plan> Planner::upgrade()
{
    const auto targets = upgradeTargets();
    if (!targets)
        return std::unexpected(targets.error());
    for (const int target : *targets) {
        if (target < 0)
            return alembicFails(ErrorKind::InvalidTarget,
                                u"'%1' leads past the last revision."_s.arg(m_target),
                                u"Use a smaller number, or name the revision."_s);
    }
    if (auto sound = checkOverlap(*targets); !sound)
        return std::unexpected(sound.error());
    const auto rows = rowNodes();
    if (!rows)
        return std::unexpected(rows.error());
    if (auto sound = checkOverlap(*rows); !sound)
        return std::unexpected(sound.error());
    NodeSet needs = m_data.closure(m_data.normDown, *targets);
    const NodeSet applied = m_data.closure(m_data.normDown, *rows);
    for (size_t at = 0; at < needs.size(); ++at)
        needs[at] = needs[at] && !applied[at];
    Nodes order = sortedNewestFirst(m_data, needs, *targets);
    std::ranges::reverse(order);
    return withRows(Direction::Upgrade, order, *rows);
}

Result<Nodes> Planner::upgradeTargets() const
{
    if (m_target.contains(u':'))
        return invalid(u"'%1' is a range, and a database has only one state to start from."_s.arg(m_target),
                       u"Name the revision to go to."_s);
    const auto relative = relativeTarget(m_target);
    if (!relative)
        return m_finder.several(m_target);
    const auto single = [](int node) { return Nodes{node}; };
    if (!relative->symbol.isNull())
        return relativeToSymbol(*relative).transform(single);
    if (relative->steps <= 0)
        return invalid(u"An upgrade cannot go %1 from where the database is."_s.arg(relative->written),
                       u"Use +1, +2 … or name a revision."_s);
    return climbFromRows(*relative).transform(single);
}

Result<int> Planner::relativeToSymbol(const RelativeTarget &relative) const
{
    const bool up = relative.steps > 0;
    const auto start = m_finder.one(
        up || relative.label.isNull() ? relative.symbol : QString(relative.label + u'@' + relative.symbol));
    if (!start)
        return start;
    return m_finder.walk(*start, relative.steps, up ? relative.label : QString());
}

Result<int> Planner::climbFromRows(const RelativeTarget &relative) const
{
    const auto starts = climbingStarts(relative.label);
    if (!starts)
        return std::unexpected(starts.error());
    if (starts->size() > 1)
        return invalid(
            u"'%1' is not clear: the database is on several branches (%2)."_s.arg(m_target, toText(m_rows)),
            u"Write 'branch@%1', or name the revision to go to."_s.arg(relative.written));
    const auto reached = m_finder.walk(starts->front(), relative.steps, relative.label);
    if (reached && *reached == nothingNode)
        return tooFar(m_target, u"up"_s);
    return reached;
}

/// Where `+n` starts: the row, or the row of the branch, or the newest applied revision of it.
Result<Nodes> Planner::climbingStarts(const QString &label) const
{
    if (label.isNull()) {
        if (m_rows.isEmpty())
            return Nodes{nothingNode};
        if (m_rows.size() > 1)
            return Nodes(static_cast<size_t>(m_rows.size()), nothingNode);
        return m_finder.one(m_rows.constFirst().text()).transform([](int node) { return Nodes{node}; });
    }
    const auto rows = rowNodes();
    if (!rows)
        return rows;
    auto starts = m_finder.onLineage(*rows, label);
    if (!starts || !starts->empty())
        return starts;
    const NodeSet applied = m_data.closure(m_data.normDown, *rows);
    Nodes all;
    for (int node = 0; node < m_data.count(); ++node) {
        if (applied[static_cast<size_t>(node)])
            all.push_back(node);
    }
    const auto active = m_finder.onLineage(all, label);
    if (!active)
        return active;
    NodeSet below(static_cast<size_t>(m_data.count()), 0);
    for (const int node : *active) {
        for (const int parent : m_data.normDown.of(node))
            below[static_cast<size_t>(parent)] = 1;
    }
    Nodes tips;
    std::ranges::copy_if(*active, std::back_inserter(tips),
                         [&](int node) { return !below[static_cast<size_t>(node)]; });
    return tips.empty() ? Nodes{nothingNode} : tips;
}

Result<Plan> Planner::downgrade()
{
    const auto found = downgradeTarget();
    if (!found)
        return std::unexpected(found.error());
    const auto [walked, label] = *found;
    const int target = walked == baseNode ? nothingNode : walked;
    const auto roots = rootsAbove(target, label);
    if (!roots)
        return std::unexpected(roots.error());
    const auto rows = rowNodes();
    if (!rows)
        return std::unexpected(rows.error());
    NodeSet drop = m_data.closure(m_data.allNext, *roots);
    const NodeSet applied = m_data.closure(m_data.normDown, *rows);
    bool any = false;
    for (size_t at = 0; at < drop.size(); ++at) {
        drop[at] = drop[at] && applied[at];
        any = any || drop[at];
    }
    if (target >= 0 && !any && std::ranges::find(*rows, target) == rows->end())
        return invalid(u"The database cannot be taken back to '%1': nothing above it is applied."_s.arg(
                           m_data.text(target)),
                       u"It is at %1."_s.arg(toText(m_rows)));
    return withRows(Direction::Downgrade, sortedNewestFirst(m_data, drop, *rows), *rows);
}

/// The node to go back to, and the branch to stay on (null if none).
Result<std::pair<int, QString>> Planner::downgradeTarget() const
{
    if (const auto relative = relativeTarget(m_target)) {
        if (relative->steps < 0)
            return descend(*relative);
        if (relative->symbol.isNull())
            return invalid(u"A downgrade cannot go %1 from where the database is."_s.arg(relative->written),
                           u"Use -1, -2 … or name a revision."_s);
        const auto start = m_finder.one(relative->symbol);
        if (!start)
            return std::unexpected(start.error());
        const auto reached = m_finder.walk(*start, relative->steps, relative->label);
        if (!reached)
            return std::unexpected(reached.error());
        if (*reached == nothingNode && relative->steps > 0)
            return tooFar(m_target, u"up"_s);
        if (*reached == nothingNode)
            return tooFar(m_target, u"down"_s);
        return std::pair(*reached, relative->label);
    }
    const auto at = m_target.lastIndexOf(u'@');
    return m_finder.one(m_target.sliced(at + 1)).transform([&](int node) {
        return std::pair(node, at > 0 ? m_target.first(at) : QString());
    });
}

Result<std::pair<int, QString>> Planner::descend(const RelativeTarget &relative) const
{
    QString symbol = relative.symbol;
    QString label = relative.label;
    if (symbol.isNull() && label.isNull()) {
        // With several rows Alembic takes the first, which is any of them, and warns: so does this.
        if (m_rows.isEmpty())
            return tooFar(m_target, u"down"_s);
        symbol = m_rows.constFirst().text();
        label = symbol;
    } else if (symbol.isNull()) {
        const auto row = rowOfBranch(label);
        if (!row)
            return std::unexpected(row.error());
        symbol = *row;
    }
    const auto start = m_finder.one(label.isNull() ? symbol : QString(label + u'@' + symbol));
    if (!start)
        return std::unexpected(start.error());
    const auto reached = m_finder.walk(*start, relative.steps);
    if (!reached)
        return std::unexpected(reached.error());
    if (*reached == nothingNode)
        return tooFar(m_target, u"down"_s);
    return std::pair(*reached, label);
}

/// The one row on a branch, or the one newest applied revision of it.
Result<QString> Planner::rowOfBranch(const QString &label) const
{
    const auto rows = rowNodes();
    if (!rows)
        return std::unexpected(rows.error());
    auto onBranch = m_finder.onLineage(*rows, label);
    if (onBranch && onBranch->empty()) {
        const NodeSet applied = m_data.closure(m_data.normDown, *rows);
        Nodes tips;
        for (int node = 0; node < m_data.count(); ++node) {
            const bool covered = std::ranges::any_of(
                m_data.next.of(node), [&](int child) { return applied[static_cast<size_t>(child)] != 0; });
            if (applied[static_cast<size_t>(node)] && !covered)
                tips.push_back(node);
        }
        onBranch = m_finder.onLineage(tips, label);
    }
    if (!onBranch)
        return std::unexpected(onBranch.error());
    if (onBranch->size() != 1)
        return alembicFails(ErrorKind::InvalidTarget,
                            onBranch->empty() ? u"nothing of the branch '%1' is applied."_s.arg(label)
                                              : u"the branch '%1' is applied in several places."_s.arg(label),
                            u"Name the revision to go back to."_s);
    return m_data.text(onBranch->front());
}

/// What must go first: the children of the target, or all bases.
Result<Nodes> Planner::rootsAbove(int target, const QString &label) const
{
    Nodes roots;
    size_t entries = 0;
    if (target >= 0) {
        const auto children = m_data.next.of(target);
        roots.assign(children.begin(), children.end());
        entries = roots.size();
    } else {
        roots = m_data.bases;
        entries = roots.size();
        // Alembic counts entries of its map, where a label is an entry of its own.
        for (const int base : roots)
            entries += static_cast<size_t>(m_data.revisions.at(base).branchLabels.size());
    }
    if (label.isEmpty() || entries <= 1)
        return roots;
    const auto branch = m_finder.branch(label);
    if (!branch)
        return std::unexpected(branch.error());
    const NodeSet below = m_data.closure(m_data.down, std::span(&*branch, 1));
    std::erase_if(roots, [&](int root) { return !below[static_cast<size_t>(root)]; });
    if (roots.empty())
        return invalid(u"'%1' is not a way back: the branch '%2' starts elsewhere."_s.arg(m_target, label),
                       u"Name the revision without the branch."_s);
    return roots;
}

/// Alembic changes rows by their text: only whole, single identifiers can be changed.
Result<void> Planner::checkRowTexts() const
{
    QSet<RevisionId> seen;
    for (const RevisionId &row : m_rows) {
        if (!m_data.ids.contains(row.text()))
            return alembicFails(
                ErrorKind::UnknownRevision,
                u"the version table holds '%1', which is not a whole identifier."_s.arg(row.text()),
                u"Stamp the database with the whole identifier."_s);
        if (seen.contains(row))
            return alembicFails(ErrorKind::InvalidTarget,
                                u"the version table holds '%1' more than once."_s.arg(row.text()),
                                u"Delete the extra row; the table should have a primary key."_s);
        seen.insert(row);
    }
    return {};
}

Result<Plan> Planner::withRows(Direction direction, const Nodes &order, const Nodes &rows) const
{
    Plan plan{.direction = direction, .target = m_target, .from = m_rows, .to = m_rows, .steps = {}};
    std::ranges::sort(plan.from);
    plan.to = plan.from;
    if (order.empty())
        return plan;
    if (auto sound = checkRowTexts(); !sound)
        return std::unexpected(sound.error());
    VersionRows table(m_data, rows);
    plan.steps.reserve(static_cast<qsizetype>(order.size()));
    for (const int node : order) {
        auto changes = direction == Direction::Upgrade ? table.upgrade(node) : table.downgrade(node);
        if (!changes)
            return std::unexpected(changes.error());
        plan.steps += PlanStep{m_data.id(node), *std::move(changes)};
    }
    plan.to = table.ids();
    return plan;
}

} // namespace

QString directionName(Direction direction)
{
    return direction == Direction::Upgrade ? u"upgrade"_s : u"downgrade"_s;
}

void RowWalk::take(const PlanStep &step)
{
    for (const RowChange &change : step.changes) {
        if (!change.from.text().isNull())
            m_rows.removeAt(std::ranges::lower_bound(m_rows, change.from) - m_rows.begin());
        if (!change.to.text().isNull())
            m_rows.insert(std::ranges::lower_bound(m_rows, change.to), change.to);
    }
}

QList<RunStep> runSteps(const Plan &plan)
{
    QList<RunStep> steps;
    steps.reserve(plan.steps.size());
    RowWalk walk(plan);
    for (const PlanStep &step : plan.steps) {
        const RevisionIds from = walk.rows();
        walk.take(step);
        steps += RunStep{step.revision, from, walk.rows()};
    }
    return steps;
}

Result<Plan> planUpgrade(const RevisionMap &map, const RevisionIds &rows, const QString &target)
{
    return Planner(map.data(), rows, target).upgrade();
}

Result<Plan> planDowngrade(const RevisionMap &map, const RevisionIds &rows, const QString &target)
{
    return Planner(map.data(), rows, target).downgrade();
}

} // namespace stepwell
