// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"
#include "migrations/core/result.h"

#include <optional>

namespace stepwell {

/// What a name can stand for besides a node.
constexpr int nothingNode = -1; ///< the state before any revision, or a walk that ran past the end
constexpr int baseNode = -2;    ///< what a walk down from a base reaches

/// A row of a version table with the nodes it stands for: one, unless it is `heads`, `base` or the like.
struct NamedRow {
    QString text;
    std::vector<int> nodes;
};
[[nodiscard]] std::vector<int> nodesOf(const QList<NamedRow> &rows);

/// What a walk does where the tree ends.
enum class TreeEnd {
    Strict, ///< it gives nothingNode
    Stay,   ///< it stays where it is
};

/// What belongs to a branch, and what a stamp replaces: all above and below.
enum class Lineage {
    Branch,           ///< by down_revision; the text names a branch
    WithDependencies, ///< by depends_on too; the text names a revision
};

/// Finds nodes by the texts people and version tables use. Errors: UnknownRevision, AmbiguousRevision,
/// UnknownBranch, NotOnBranch, MultipleHeads, AmbiguousWalk, WouldFail.
class TargetFinder
{
public:
    explicit TargetFinder(const RevisionMapData &data) : m_data(data) {}

    /// One node, or nothingNode for `base`.
    [[nodiscard]] Result<int> one(const QString &text) const;
    /// Any number of nodes; `base` gives none, `-2` gives what lies two below each real head.
    [[nodiscard]] Result<std::vector<int>> several(const QString &text) const;
    /// What the rows of a version table stand for. Alembic lets a row be a partial id or a label here.
    [[nodiscard]] Result<QList<NamedRow>> rows(const RevisionIds &rows) const;
    /// A node by id, label or partial id; symbols are not looked at.
    [[nodiscard]] Result<int> identified(const QString &text) const;
    /// A branch: a label, an id or a partial id.
    [[nodiscard]] Result<int> branch(const QString &label) const;
    /// Those of the nodes that share lineage (by down_revision) with what text names.
    [[nodiscard]] Result<std::vector<int>> onLineage(std::span<const int> nodes, const QString &text) const;
    /// All that shares lineage with what text names; nothing if it names nothing, which leaves nothing out.
    [[nodiscard]] Result<std::optional<NodeSet>> lineageOf(const QString &text, Lineage kind) const;
    /// From start (or nothingNode) up or down; up only to what shares lineage with the label.
    [[nodiscard]] Result<int> walk(int start, int steps, TreeEnd end, const QString &label = {}) const;

private:
    struct Name {
        std::vector<int> nodes; ///< what `head` or `heads` stands for
        QString text;           ///< any other name; null if there is none
        QString label;
    };
    [[nodiscard]] Result<Name> parse(const QString &text) const;
    [[nodiscard]] Result<int> lookUp(const QString &text, const QString &label) const;
    [[nodiscard]] Result<int> checkBranch(int node, int branchNode, const QString &label) const;
    [[nodiscard]] Result<std::vector<int>> named(const Name &name) const;
    [[nodiscard]] Result<std::vector<int>> walkFromHeads(int steps, const QString &label) const;
    [[nodiscard]] Result<std::vector<int>> waysUp(int node, const QString &label,
                                                  std::optional<NodeSet> &members) const;
    [[nodiscard]] NodeSet lineage(std::span<const int> nodes, Lineage kind) const;
    [[nodiscard]] QString similarNames(const QString &text) const;
    [[nodiscard]] std::unexpected<Error> unknown(const QString &text, const QStringList &candidates) const;
    [[nodiscard]] std::unexpected<Error> severalHeads(const QString &text, std::span<const int> heads) const;

    const RevisionMapData &m_data;
};

/// The same error, or a better one if it says that a row of the version table is unknown.
[[nodiscard]] std::unexpected<Error> rowError(const QString &row, const Error &error);
/// The error for what makes Alembic itself stop with a traceback or leave a wrong version table: WouldFail.
[[nodiscard]] std::unexpected<Error> alembicFails(const QString &why, const QString &hint);
/// "'a', 'b', 'c' …": the first few.
[[nodiscard]] QString quotedTexts(const QStringList &texts);

} // namespace stepwell
