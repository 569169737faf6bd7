// SPDX-License-Identifier: MIT
// What a rebase takes along and what stands against it, as far as files and version rows tell.
#pragma once

#include "migrations/repair/repairplan.h"

namespace stepwell {

/// Revisions that end up above `onto`: those at and below `moved` by down_revision that are not at or below
/// `onto`, dependencies included. The oldest first. Both are identifiers of the history.
[[nodiscard]] RevisionIds movedRevisions(const RevisionMap &map, const RevisionId &moved,
                                         const RevisionId &onto);

/// Where other branches may have revisions: for childrenElsewhere().
[[nodiscard]] QStringList foldersToAsk(const History &history);

/// Errors: Refused with the reason and what to do instead.
[[nodiscard]] Result<void> checkRebase(const History &history, const RevisionId &moved,
                                       const RevisionId &onto, const QStringList &vouchedFor);

/// Open databases that have to go down first, with what that loses.
struct RebaseDetours {
    QList<Detour> detours;
    QStringList warnings;
};
/// Errors: Refused if there is no way back, or none that takes back exactly what is moved.
[[nodiscard]] Result<RebaseDetours> planDetours(const History &history, const RevisionId &moved,
                                                const RevisionId &onto);

} // namespace stepwell
