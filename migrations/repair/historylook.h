// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "migrations/repair/repairrecord.h"

namespace stepwell {

/// One checkout of a component, with the databases that have or will get its revisions.
struct HistorySource {
    QString name; ///< as people name it: the component; a target that follows a checkout of its own
    Component component;
    ScriptSource source;
    QList<Target> targets; ///< all of the component, also those that follow other checkouts
};
/// Every checkout of the workspace once: each component's own, then those of single targets.
[[nodiscard]] QList<HistorySource> historySources(const Workspace &workspace);

/// What there is to know of a history at one moment. A plain value.
struct HistoryLook {
    QString name;
    History history;
    RevisionOrigins origins;
    QList<Trouble> troubles;
    std::optional<RepairRecord> open; ///< a repair with detours that is not finished
    QList<RepairStage> stages;        ///< of it
    QList<Error> errors;              ///< files that cannot be read at all, git that refuses
    QDateTime readAt;
};

/// Without git it takes milliseconds; with it, some seconds, and it names authors and finds lost revisions.
enum class GitLook { Without, With };

/// Blocking, any thread. Never fails: a fault is told. `statuses`: the databases as they were read.
[[nodiscard]] HistoryLook lookAtHistory(const HistorySource &source, const QList<TargetStatus> &statuses,
                                        GitLook git, RevisionCache *cache = nullptr,
                                        const std::stop_token &stop = {});

} // namespace stepwell
