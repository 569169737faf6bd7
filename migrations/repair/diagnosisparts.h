// SPDX-License-Identifier: MIT
// The parts of a diagnosis, by what they look at.
#pragma once

#include "migrations/repair/diagnosis.h"

namespace stepwell {

/// What the parts look at.
struct DiagnosisInput {
    const History &history;
    const RevisionOrigins &origins;
};

[[nodiscard]] QList<Trouble> unfinishedTroubles(const History &history);
/// Files that cannot be read, identifiers and labels that are there twice.
[[nodiscard]] QList<Trouble> fileTroubles(const DiagnosisInput &input);
/// Links to what is not there.
[[nodiscard]] QList<Trouble> missingTroubles(const DiagnosisInput &input);
[[nodiscard]] QList<Trouble> circleTroubles(const DiagnosisInput &input);
/// Several heads, and heads that Alembic cannot reach. Only for files without problems.
[[nodiscard]] QList<Trouble> headTroubles(const DiagnosisInput &input);
[[nodiscard]] QList<Trouble> rowTroubles(const DiagnosisInput &input);

/// What a revision most likely followed: the only head that does not lie above it; of several the newest that
/// is older than it; if there is no such head, the newest older revision where it can stand without making
/// another link redundant. `above`: what else must not be below it. Null: it was a base.
[[nodiscard]] RevisionId plausibleParent(const DiagnosisInput &input, const RevisionId &revision,
                                         const RevisionIds &above);
/// An offer to relink, with the reason if it cannot be done.
[[nodiscard]] RepairOffer relinkOffer(const History &history, const Revision &revision,
                                      const RevisionIds &parents, const QStringList &dropped = {});
[[nodiscard]] RepairOffer restoreOffer(const RevisionId &id);
[[nodiscard]] RepairOffer openFileOffer(const QString &file);
/// Databases with one of these applied, or in a row.
[[nodiscard]] QList<TargetId> targetsWith(const History &history, const RevisionIds &revisions);
[[nodiscard]] QStringList filesOf(const RevisionMap &map, const RevisionIds &revisions);

} // namespace stepwell
