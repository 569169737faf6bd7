// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/alembic/scriptproblem.h"
#include "migrations/core/result.h"

#include <QHash>
#include <QSharedDataPointer>

namespace stepwell {

class RevisionMapData;

/// The graph of a component's revisions. An implicitly shared value: cheap to copy, safe to hand
/// from thread to thread. Indexes are positions in load order (Alembic's tie-breaker everywhere).
class RevisionMap
{
public:
    RevisionMap();
    RevisionMap(const RevisionMap &);
    RevisionMap &operator=(const RevisionMap &);
    ~RevisionMap();

    /// Builds the graph. Errors: DuplicateRevision, DuplicateLabel, InvalidIdentifier, MissingParent,
    /// MissingDependency, RevisionCycle; the message names the revisions and files. With several faults the
    /// kind is that of the first, and the detail lists all.
    [[nodiscard]] static Result<RevisionMap> build(const QList<Revision> &revisions);
    /// The same for files with faults: each is added to problems, and the links, labels or files that
    /// make it are left out, so that the rest can be shown. Such a map is for looking only; Alembic
    /// refuses these files, and so must everything that plans or runs. Left out are: all files of an
    /// identifier but the first, links to what is not there and to the revision itself, labels that are used
    /// already, and of each circle the links that close it. A revision that loses its parents is a base.
    [[nodiscard]] static RevisionMap buildSound(const QList<Revision> &revisions,
                                                QList<ScriptProblem> &problems);

    [[nodiscard]] const QList<Revision> &revisions() const; ///< in load order
    [[nodiscard]] int count() const;
    [[nodiscard]] int indexOf(const RevisionId &id) const; ///< -1 if unknown
    [[nodiscard]] const Revision *find(const RevisionId &id) const;

    [[nodiscard]] RevisionIds heads() const;     ///< nobody names them in down_revision
    [[nodiscard]] RevisionIds realHeads() const; ///< nor in depends_on: rows after `upgrade heads`
    [[nodiscard]] RevisionIds bases() const;
    [[nodiscard]] bool isHead(const RevisionId &id) const;
    /// Nobody depends on it either. A head that is no real head is an "effective head" to Alembic.
    [[nodiscard]] bool isRealHead(const RevisionId &id) const;
    [[nodiscard]] bool isBranchPoint(const RevisionId &id) const;     ///< several follow it
    [[nodiscard]] bool isRealBranchPoint(const RevisionId &id) const; ///< several follow it or depend on it
    [[nodiscard]] bool isMergePoint(const RevisionId &id) const;
    [[nodiscard]] RevisionIds children(const RevisionId &id) const; ///< by down_revision
    [[nodiscard]] QStringList labels(const RevisionId &id) const;   ///< own and inherited

    /// Applied revisions: the rows and everything below them, dependencies included.
    /// Unknown rows are left out.
    [[nodiscard]] QSet<RevisionId> ancestors(const RevisionIds &rows) const;

    /// All revisions, newest first, in the order of `alembic history`.
    [[nodiscard]] RevisionIds history() const;
    /// Those of history() that `alembic branches` lists: several revisions follow them by down_revision.
    [[nodiscard]] RevisionIds branchPoints() const;

    /// One revision by id, unique partial id, label, `head` or `label@head`.
    /// Errors: UnknownRevision (also for `base`), AmbiguousRevision, UnknownBranch, NotOnBranch,
    /// MultipleHeads.
    [[nodiscard]] Result<RevisionId> resolve(const QString &text) const;

    [[nodiscard]] const RevisionMapData &data() const { return *d; }

private:
    QSharedDataPointer<RevisionMapData> d;
};

} // namespace stepwell
