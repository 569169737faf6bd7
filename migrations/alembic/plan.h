// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/core/revisionid.h"

namespace stepwell {

class RevisionMap;
struct Revision;

enum class Direction { Upgrade, Downgrade };

/// "upgrade" or "downgrade".
[[nodiscard]] QString directionName(Direction direction);

/// One change of the version table.
struct RowChange {
    RevisionId from; ///< null: `to` is inserted
    RevisionId to;   ///< null: `from` is deleted

    bool operator==(const RowChange &) const = default;
};

/// One revision applied or taken back, with what it does to the version table. Where Alembic picks the row
/// that a merge updates by chance, this is the last one named in the file, and the others come first.
struct PlanStep {
    RevisionId revision;
    QList<RowChange> changes;

    bool operator==(const PlanStep &) const = default;
};

/// The ordered way from the database's rows to a target. No steps: nothing to do.
struct Plan {
    Direction direction = Direction::Upgrade;
    QString target;   ///< as asked for
    RevisionIds from; ///< the rows it starts from
    RevisionIds to;   ///< the rows it ends with
    QList<PlanStep> steps;

    bool operator==(const Plan &) const = default;
};

/// One step with all version rows before and after it.
struct RunStep {
    RevisionId revision;
    RevisionIds from;
    RevisionIds to;

    bool operator==(const RunStep &) const = default;
};

/// The version rows while the steps of a plan are taken one by one. Steps hold changes only: a fan of
/// thousands of branches has thousands of rows at each of its steps.
class RowWalk
{
public:
    explicit RowWalk(const Plan &plan) : m_rows(plan.from) {}

    [[nodiscard]] const RevisionIds &rows() const { return m_rows; } ///< sorted
    void take(const PlanStep &step);

private:
    RevisionIds m_rows;
};

/// The steps with their rows, for those who run them.
[[nodiscard]] QList<RunStep> runSteps(const Plan &plan);

/// One revision by itself: up from the rows just below it, or down to them.
[[nodiscard]] RunStep stepOf(const Revision &revision, Direction direction);

/// Alembic's own order (specification, section D), with the version rows of each step (E.4).
/// A downgrade by -n from several rows starts at the first of rows, as Alembic's does (whose order is
/// the database's). Where a revision keeps several depends_on, Alembic's order is chance; here it is
/// the order they are written in.
/// Targets of an upgrade: `head`, `heads`, an id, a partial id, a label, `label@head`, `+n`, `id+n`.
/// Targets of a downgrade: `base`, an id, a partial id, `-n`, `label@…`, `id-n`.
/// Errors: UnknownRevision, AmbiguousRevision, UnknownBranch, NotOnBranch, MultipleHeads, AmbiguousWalk,
/// WalkedTooFar, OverlappingRevisions, InvalidTarget; WouldFail, with a message that begins with "Alembic
/// would fail here", where Alembic itself would stop with a traceback or leave rows that lie below one
/// another.
[[nodiscard]] Result<Plan> planUpgrade(const RevisionMap &map, const RevisionIds &rows,
                                       const QString &target);
[[nodiscard]] Result<Plan> planDowngrade(const RevisionMap &map, const RevisionIds &rows,
                                         const QString &target);

} // namespace stepwell
