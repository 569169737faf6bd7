// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"

#include <optional>

namespace stepwell {

/// What a name can stand for besides a node.
constexpr int nothingNode = -1; ///< the state before any revision, or a walk that ran past the end
constexpr int baseNode = -2;    ///< what a walk down from a base reaches

/// The parts of a relative target: `label@symbol+2`. Text behind the number is ignored, as
/// Alembic ignores it.
struct RelativeTarget {
    QString label;   ///< null if none
    QString symbol;  ///< null if none
    QString written; ///< the number with its sign
    int steps = 0;
};
[[nodiscard]] std::optional<RelativeTarget> relativeTarget(const QString &target);

/// Finds nodes by the texts people and version tables use. Errors: UnknownRevision (not found,
/// ambiguous, not on the branch), MultipleHeads, InvalidTarget.
class TargetFinder
{
public:
    explicit TargetFinder(const RevisionMapData &data) : m_data(data) {}

    /// One node, or nothingNode for `base`.
    [[nodiscard]] Result<int> one(const QString &text) const;
    /// Any number of nodes; `base` gives none, `-2` gives what lies two below each real head.
    [[nodiscard]] Result<std::vector<int>> several(const QString &text) const;
    /// A branch: a label, an id or a partial id.
    [[nodiscard]] Result<int> branch(const QString &label) const;
    /// Those of the nodes that share lineage (by down_revision) with what text names.
    [[nodiscard]] Result<std::vector<int>> onLineage(std::span<const int> nodes, const QString &text) const;
    /// From start (or nothingNode) up or down; nothingNode if the tree ends before.
    [[nodiscard]] Result<int> walk(int start, int steps, const QString &label = {}) const;

private:
    struct Name {
        std::vector<int> nodes; ///< what `head` or `heads` stands for
        QString text;           ///< any other name; null if there is none
        QString label;
    };
    [[nodiscard]] Result<Name> parse(const QString &text) const;
    [[nodiscard]] Result<int> lookUp(const QString &text, const QString &label) const;
    [[nodiscard]] Result<int> checkBranch(int node, int branchNode, const QString &label) const;
    [[nodiscard]] Result<std::vector<int>> walkFromHeads(int steps, const QString &label) const;
    [[nodiscard]] NodeSet lineage(std::span<const int> nodes) const;
    [[nodiscard]] std::unexpected<Error> unknown(const QString &text, const QStringList &candidates) const;

    const RevisionMapData &m_data;
};

/// The error for what makes Alembic itself stop with a traceback.
[[nodiscard]] std::unexpected<Error> alembicFails(ErrorKind kind, const QString &why, const QString &hint);

} // namespace stepwell
