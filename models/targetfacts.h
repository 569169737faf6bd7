// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "models/chip.h"

namespace stepwell {

/// One labelled value above the revision list.
struct Fact {
    QString name; ///< stable, for tests: "current", "head", "pending", "way-back", "backup", "run"
    QString label;
    QString text;
    Tone tone = Tone::Neutral; ///< Neutral is plain text
    bool isRevision = false;   ///< set in the fixed-width font
    QString tip;

    bool operator==(const Fact &) const = default;
};

/// The facts of a target. `now` is a parameter so that "2 h ago" can be tested.
[[nodiscard]] QList<Fact> factsOf(const TargetStatus &status, const std::optional<JournalEntry> &lastRun,
                                  const std::optional<BackupRecord> &lastBackup, const QDateTime &now);

/// "just now", "12 min ago", "2 h ago", "12 days ago".
[[nodiscard]] QString agoText(const QDateTime &when, const QDateTime &now);

/// "migrator@db1:5432/backend · TLSv1.3 · PostgreSQL 17.6 · alembic.ini".
[[nodiscard]] QString connectionLine(const TargetStatus &status);

} // namespace stepwell
