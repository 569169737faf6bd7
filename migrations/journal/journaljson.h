// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QJsonObject>

namespace stepwell {

// The contents of the journal's events. Times are ISO in UTC with milliseconds, durations milliseconds,
// revisions lists of texts. Unknown keys are left alone, so that an older Stepwell reads a newer journal.

[[nodiscard]] QJsonObject beginToJson(const JournalEntry &entry);
[[nodiscard]] QJsonObject reviewToJson(const QList<JournalSignOff> &steps);
[[nodiscard]] QJsonObject backupToJson(const BackupRecord &backup);
[[nodiscard]] QJsonObject finishToJson(Outcome outcome, const RevisionIds &rows, const QString &message,
                                       const QStringList &leftBehind);
/// Keeps 500 statements of 2,000 characters each, and none that holds a password.
[[nodiscard]] QJsonObject stepToJson(int index, const JournalStep &step);
[[nodiscard]] QJsonObject afterToJson(const QList<JournalAfter> &after);

/// Adds what one event tells to an entry. `event`: "begin", "step", "review", "backup", "finish" or "after";
/// others are passed over.
void applyEvent(JournalEntry &entry, const QString &event, const QDateTime &time, const QJsonObject &content);

} // namespace stepwell
