// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/targets.h"

namespace stepwell {

/// The parts of a relative target: `label@symbol+2`. Text behind the number is ignored, as
/// Alembic ignores it.
struct RelativeTarget {
    QString label;   ///< null if none
    QString symbol;  ///< null if none
    QString written; ///< the number with its sign
    int steps = 0;
};
[[nodiscard]] std::optional<RelativeTarget> relativeTarget(const QString &target);

/// Where a target is looked at from: version rows, or the other end of a range.
struct Standpoint {
    QStringList texts;
    bool isRows = true;
};

/// What the text of a target means from where one stands (specification, D.1 step 2 and D.2 step 2).
/// Errors: those of TargetFinder, WalkedTooFar, InvalidTarget.
class TargetReader
{
public:
    /// A result of downwards(): the node, and the branch to stay on (null if none).
    using Below = std::pair<int, QString>;

    TargetReader(const RevisionMapData &data, Standpoint from, TreeEnd end)
        : m_data(data), m_finder(data), m_from(std::move(from)), m_end(end)
    {
    }

    /// The nodes to go up to; a walk past an end gives nothingNode or baseNode, and `base` gives none.
    [[nodiscard]] Result<std::vector<int>> upwards(const QString &target) const;
    /// The node to go down to; nothingNode for `base`, baseNode for a walk down to it.
    [[nodiscard]] Result<Below> downwards(const QString &target) const;

private:
    [[nodiscard]] Result<int> climb(const QString &target, const RelativeTarget &relative) const;
    [[nodiscard]] Result<std::vector<int>> climbingStarts(const QString &label) const;
    [[nodiscard]] Result<int> fromSymbol(const RelativeTarget &relative) const;
    [[nodiscard]] Result<Below> descend(const QString &target, const RelativeTarget &relative) const;
    [[nodiscard]] Result<QString> standingOn(const QString &label) const;
    [[nodiscard]] Result<std::vector<int>> nodes() const;

    const RevisionMapData &m_data;
    TargetFinder m_finder;
    Standpoint m_from;
    TreeEnd m_end;
};

} // namespace stepwell
