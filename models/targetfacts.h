// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "migrations/review/stepreview.h"
#include "models/chip.h"

#include <QHash>

namespace stepwell {

/// One labelled value above the revision list.
struct Fact {
    QString name; ///< stable, for tests: "current", "head", "pending", "risk" or "way-back", "backup", "run"
    QString label;
    QString text;
    Tone tone = Tone::Neutral; ///< Neutral is plain text
    bool isRevision = false;   ///< set in the fixed-width font
    QString tip;

    bool operator==(const Fact &) const = default;
};

/// The facts of a target. While something is pending whose SQL was looked at, its highest risk takes the
/// place of the way back. `now` is a parameter so that "2 h ago" can be tested.
[[nodiscard]] QList<Fact> factsOf(const TargetStatus &status, const std::optional<JournalEntry> &lastRun,
                                  const std::optional<BackupRecord> &lastBackup, const QDateTime &now,
                                  const QHash<RevisionId, StepReview> &reviews = {});

/// "just now", "12 min ago", "2 h ago", "12 days ago".
[[nodiscard]] QString agoText(const QDateTime &when, const QDateTime &now);

/// "migrator@db1:5432/backend · TLSv1.3 · PostgreSQL 17.6 · alembic.ini".
[[nodiscard]] QString connectionLine(const TargetStatus &status);

} // namespace stepwell
