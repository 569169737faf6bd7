// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/repair/repairplan.h"

namespace stepwell {

/// A rebase with detours, from its start to its end. What of it is done is read from the links of the files
/// and from the databases, never from marks: so it goes on after whatever happened in between.
struct RepairRecord {
    QString component;
    QString config;    ///< absolute path of the ini
    QString workspace; ///< folder of stepwell.toml
    QString title;
    QDateTime begun;
    QString who; ///< user@machine
    RevisionIds moved;
    QList<FileChange> changes;
    QList<Detour> detours;
    QStringList vouchedFor; ///< targets that were not understood, see RepairRequest

    bool operator==(const RepairRecord &) const = default;
};

/// The record of a repair that begins now. `workspace`: folder of stepwell.toml.
[[nodiscard]] RepairRecord recordOf(const History &history, const RepairPlan &plan, const QString &workspace,
                                    const QStringList &vouchedFor);

/// One thing to do, in order.
struct RepairStage {
    enum Kind { RollBack, WriteFiles, Upgrade };
    Kind kind = WriteFiles;
    TargetId target;   ///< null for WriteFiles
    QString revision;  ///< of the run
    RevisionIds steps; ///< RollBack: what it may take back at most
    QString text;      ///< one sentence; says why it is not known, if the files are the reason
    bool isDone = false;
    bool isKnown = true; ///< false: the database could not be read, or the files' links are of neither side

    bool operator==(const RepairStage &) const = default;
};

/// Where the record of these files is, if there is one.
[[nodiscard]] QString repairRecordFile(const QString &config);
/// Keeps it in this user's data folder, 0600. Errors: FileError; Locked if one of the same files is open.
[[nodiscard]] Result<void> keepRepair(const RepairRecord &record);
/// Null if none is open. Errors: FileError.
[[nodiscard]] Result<std::optional<RepairRecord>> openRepair(const QString &config);
/// Removes the record if it is still this one: another one stays, and that is no error. Errors: FileError.
[[nodiscard]] Result<void> closeRepair(const RepairRecord &record);
/// Errors: Locked, if an open repair has one of these files.
[[nodiscard]] Result<void> checkNotOpen(const QList<FileChange> &changes);

/// Which side the links of the changed files are of, whatever else was edited in them.
enum class LinksState { Before, After, Neither };
[[nodiscard]] LinksState linksOf(const RepairRecord &record, const History &now);

/// All stages, with what is done by now. `now`: the history as it is read now.
[[nodiscard]] QList<RepairStage> stagesOf(const RepairRecord &record, const History &now);

/// Before a rollback runs. Errors: Refused, if it takes back what the repair does not need to take back.
[[nodiscard]] Result<void> checkRollBack(const RepairStage &stage, const Plan &plan);
/// Before the files are written; `now` has to be read just before. Errors: Refused, if a moved revision is
/// applied in any target, or if a target is not understood and nobody vouched for it.
[[nodiscard]] Result<void> checkBeforeWriting(const RepairRecord &record, const History &now);
/// Before anything is done: the files as they are now would still be mended. Errors: Refused.
[[nodiscard]] Result<void> checkStillMends(const RepairRecord &record, const History &now);
/// The stage WriteFiles, with both checks. Errors: theirs, those of writeTogether().
[[nodiscard]] Result<void> writeRecorded(const RepairRecord &record, const History &now);

} // namespace stepwell
