// SPDX-License-Identifier: MIT
// What planRepair() is made of: one function for each kind.
#pragma once

#include "migrations/repair/repairplan.h"

namespace stepwell {

[[nodiscard]] Result<RepairPlan> planRebase(const History &history, const RepairRequest &request,
                                            const std::stop_token &stop);
[[nodiscard]] Result<RepairPlan> planMerge(const History &history, const RepairRequest &request,
                                           const std::stop_token &stop);
[[nodiscard]] Result<RepairPlan> planRestore(const History &history, const RepairRequest &request,
                                             const std::stop_token &stop);
[[nodiscard]] Result<RepairPlan> planRename(const History &history, const RepairRequest &request);
[[nodiscard]] Result<RepairPlan> planRelink(const History &history, const RepairRequest &request);

/// A relink after which a row at or above the revision stands for other revisions. True for files with
/// faults, as nobody knows what rows stand for there.
[[nodiscard]] bool givesRowsAnotherMeaning(const History &history, const RepairPlan &plan);
/// What to know when a history has no databases at all.
[[nodiscard]] QStringList noDatabaseWarning(const History &history);

/// Fills `after` and `problemsAfter` of a plan from its changes, without writing them.
/// Errors: Refused, if Alembic could not use the files after and could before, or if an upgrade of an empty
/// database to all heads cannot be planned though the graph is whole.
[[nodiscard]] Result<void> proveAfter(const History &history, RepairPlan &plan);
/// The same on the files as they are now, for what was planned some time ago: somebody may have changed
/// others. The heads have to be those that were planned. Errors also: those of ScriptDirectory::survey.
[[nodiscard]] Result<void> proveNow(const ScriptSource &source, RepairPlan plan);

} // namespace stepwell
