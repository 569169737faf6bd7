// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"

#include "migrations/alembic/relativetargets.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/alembic/toposort.h"
#include "migrations/alembic/versionrows.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Nodes = std::vector<int>;

std::unexpected<Error> invalid(const QString &message, const QString &hint)
{
    return failure(ErrorKind::InvalidTarget, message, hint);
}

/// Both directions work on the same map, rows and target.
class Planner
{
public:
    Planner(const RevisionMapData &data, const RevisionIds &rows, const QString &target)
        : m_data(data)
        , m_finder(data)
        , m_reader(data, {.texts = toTexts(rows)}, TreeEnd::Strict)
        , m_rows(rows)
        , m_target(target)
    {
    }

    Result<Plan> upgrade();
    Result<Plan> downgrade();

private:
    [[nodiscard]] Result<void> checkNoRange() const;
    [[nodiscard]] Result<Nodes> rootsAbove(int target, const QString &label) const;
    [[nodiscard]] Result<void> checkOverlap(const Nodes &nodes) const;
    [[nodiscard]] Result<void> checkOutcome(const Nodes &before, const Plan &plan) const;
    [[nodiscard]] Result<Plan> withRows(Direction direction, const Nodes &order,
                                        const QList<NamedRow> &rows) const;

    const RevisionMapData &m_data;
    TargetFinder m_finder;
    TargetReader m_reader;
    const RevisionIds &m_rows;
    const QString &m_target;
};

Result<void> Planner::checkNoRange() const
{
    if (m_target.contains(u':'))
        return invalid(u"'%1' is a range, and a database has only one state to start from."_s.arg(m_target),
                       u"Name the revision to go to."_s);
    return {};
}

/// None of them may lie below another one.
Result<void> Planner::checkOverlap(const Nodes &nodes) const
{
    const auto overlap = m_data.overlap(nodes);
    if (!overlap)
        return {};
    return failure(
        ErrorKind::OverlappingRevisions,
        u"Revision '%1' lies below '%2'."_s.arg(m_data.text(overlap->first), m_data.text(overlap->second)),
        u"The upper one includes it. If the version table says so, it is in a state no upgrade "
        "leads to: stamp the database with the upper revision."_s);
}

Result<Plan> Planner::upgrade()
{
    const auto targets = checkNoRange().and_then([this] { return m_reader.upwards(m_target); });
    if (!targets)
        return std::unexpected(targets.error());
    if (std::ranges::any_of(*targets, [](int target) { return target < 0; }))
        return alembicFails(u"'%1' leads past the last revision."_s.arg(m_target),
                            u"Use a smaller number, or name the revision."_s);
    if (auto sound = checkOverlap(*targets); !sound)
        return std::unexpected(sound.error());
    const auto rows = m_finder.rows(m_rows);
    if (!rows)
        return std::unexpected(rows.error());
    const Nodes current = nodesOf(*rows);
    if (auto sound = checkOverlap(current); !sound)
        return std::unexpected(sound.error());
    NodeSet needs = m_data.closure(m_data.normDown, *targets);
    const NodeSet applied = m_data.closure(m_data.normDown, current);
    for (size_t at = 0; at < needs.size(); ++at)
        needs[at] = needs[at] && !applied[at];
    Nodes order = sortedNewestFirst(m_data, needs, *targets);
    std::ranges::reverse(order);
    return withRows(Direction::Upgrade, order, *rows);
}

Result<Plan> Planner::downgrade()
{
    const auto found = checkNoRange().and_then([this] { return m_reader.downwards(m_target); });
    if (!found)
        return std::unexpected(found.error());
    const auto [walked, label] = *found;
    const int target = walked == baseNode ? nothingNode : walked;
    const auto roots = rootsAbove(target, label);
    if (!roots)
        return std::unexpected(roots.error());
    const auto rows = m_finder.rows(m_rows);
    if (!rows)
        return std::unexpected(rows.error());
    const Nodes current = nodesOf(*rows);
    NodeSet drop = m_data.closure(m_data.allNext, *roots);
    const NodeSet applied = m_data.closure(m_data.normDown, current);
    bool any = false;
    for (size_t at = 0; at < drop.size(); ++at) {
        drop[at] = drop[at] && applied[at];
        any = any || drop[at];
    }
    if (target >= 0 && !any && std::ranges::find(current, target) == current.end())
        return invalid(u"The database cannot be taken back to '%1': nothing above it is applied."_s.arg(
                           m_data.text(target)),
                       u"It is at %1."_s.arg(toText(m_rows)));
    return withRows(Direction::Downgrade, sortedNewestFirst(m_data, drop, current), *rows);
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

/// Alembic itself leaves rows that lie below one another where a revision names parents of which one lies
/// below the other, and where the rows were so before.
Result<void> Planner::checkOutcome(const Nodes &before, const Plan &plan) const
{
    const auto after = m_finder.rows(plan.to);
    if (!after)
        return std::unexpected(after.error());
    const auto overlap = m_data.overlap(nodesOf(*after));
    if (!overlap)
        return {};
    if (auto sound = checkOverlap(before); !sound)
        return sound;
    return alembicFails(
        u"it would leave both '%1' and '%2' in the version table, and '%2' includes '%1'."_s.arg(
            m_data.text(overlap->first), m_data.text(overlap->second)),
        u"No later upgrade starts from such rows. Go back further, or correct the revision that names both "
        u"as its "
        "parents."_s);
}

Result<Plan> Planner::withRows(Direction direction, const Nodes &order, const QList<NamedRow> &rows) const
{
    Plan plan{.direction = direction, .target = m_target, .from = m_rows, .to = m_rows, .steps = {}};
    std::ranges::sort(plan.from);
    plan.to = plan.from;
    if (order.empty())
        return plan;
    VersionRows table(m_data, rows);
    plan.steps.reserve(static_cast<qsizetype>(order.size()));
    for (const int node : order) {
        auto changes = direction == Direction::Upgrade ? table.upgrade(node) : table.downgrade(node);
        if (!changes)
            return std::unexpected(changes.error());
        plan.steps += PlanStep{m_data.id(node), *std::move(changes)};
    }
    plan.to = table.ids();
    if (auto sound = checkOutcome(nodesOf(rows), plan); !sound)
        return std::unexpected(sound.error());
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

RunStep stepOf(const Revision &revision, Direction direction)
{
    return direction == Direction::Upgrade
               ? RunStep{.revision = revision.id, .from = revision.downRevisions, .to = {revision.id}}
               : RunStep{.revision = revision.id, .from = {revision.id}, .to = revision.downRevisions};
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
