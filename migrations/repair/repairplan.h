// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/filechanges.h"
#include "migrations/repair/history.h"

#include <optional>
#include <stop_token>

namespace stepwell {

enum class RepairKind {
    Rebase,  ///< the revisions of one head on top of another
    Merge,   ///< a new revision with several parents
    Restore, ///< a missing file from git
    Rename,  ///< another identifier for one of several files that share one
    Relink,  ///< other parents for one revision: out of a circle, off a parent that is lost
};
[[nodiscard]] QString repairKindName(RepairKind kind); ///< "rebase", "merge" …

/// What somebody wants done to the files. Only what belongs to the kind is looked at.
struct RepairRequest {
    RepairKind kind = RepairKind::Rebase;
    QString moved;                      ///< Rebase: a head, as people write it
    QString onto;                       ///< Rebase: another head
    QStringList heads;                  ///< Merge: empty is all heads
    QString message;                    ///< Merge
    QStringList labels;                 ///< Merge: branch labels of the new revision
    QString newId;                      ///< Merge, Rename: empty: a new one is made up
    QString revision;                   ///< Restore, Relink: the identifier
    std::optional<QStringList> parents; ///< Relink: empty: a base; nothing: those of that very file stay
    QStringList droppedDependencies;    ///< Relink: depends_on without these
    QString file; ///< Rename, and Relink where several files share the identifier: absolute path
    bool redate =
        false; ///< Rebase: the create date of what is moved becomes now, so that dates keep the order
    /// Rebase: targets (environment/component) that cannot be read, or have rows that no file has, and of
    /// which somebody says that nothing of what is moved is applied there.
    QStringList vouchedFor;
};

/// A database in which a moved revision is applied: it goes down before the files change, and up again after.
struct Detour {
    TargetId target;
    RevisionIds rows;  ///< before
    QString down;      ///< target of the rollback, as planDowngrade() takes it with the files of before
    RevisionIds steps; ///< what the rollback takes back, the newest first
    QString up;        ///< target of the upgrade, with the files of after

    bool operator==(const Detour &) const = default;
};

/// A change of revision files that was thought through: to be shown, then written.
struct RepairPlan {
    RepairKind kind = RepairKind::Rebase;
    QString title;        ///< one sentence: "Put 2 revisions of 1a2b on top of 3c4d"
    QStringList text;     ///< what will be done, in plain words, in order
    QStringList warnings; ///< what to know before: data that a detour loses, a dirty work tree …
    QList<FileChange> changes;
    RevisionIds revisions; ///< those whose files change or come anew
    RevisionIds moved;     ///< Rebase: all that end up on the other side
    QList<Detour> detours;
    QStringList vouchedFor;             ///< Rebase: as requested
    QList<TargetId> appliedIn;          ///< Rebase, Relink: where one of the moved or relinked is applied
    RevisionMap after;                  ///< the graph once it is written
    QList<ScriptProblem> problemsAfter; ///< what is wrong with the files then, still
};

/// Thinks a repair through. Changes nothing. Reads files; Restore and the warnings ask git, Merge runs the
/// project's Alembic: some seconds at most. Errors: Refused with the reason (a moved revision is applied in a
/// protected environment, or merged elsewhere; a target that is not read; the graph after would be worse than
/// before), UnknownRevision and its kin, Usage, ComputedHeader, Cancelled, those of the bridge.
[[nodiscard]] Result<RepairPlan> planRepair(const History &history, const RepairRequest &request,
                                            const std::stop_token &stop = {});

/// To be asked with databases that were read just now, right before writeRepair(): what a rebase moves or a
/// relink changes may have become applied since the plan was made. Other kinds pass.
/// Errors: Refused, with the target.
[[nodiscard]] Result<void> checkStillTrue(const RepairPlan &plan, const History &now);

/// Writes what was planned; detours have to be gone first. Errors: Locked, if another repair has one of the
/// files open; those of writeTogether().
[[nodiscard]] Result<void> writeRepair(const History &history, const RepairPlan &plan);

/// The changes as `diff -u` prints them, paths from `folder`.
[[nodiscard]] QString unifiedDiff(const QList<FileChange> &changes, const QString &folder);

} // namespace stepwell
