// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QJsonArray>
#include <QJsonObject>

namespace stepwell {

/// What was done after the end, as it stands in a run's object.
[[nodiscard]] QJsonArray toJson(const QList<JournalAfter> &after);
/// One run as the command line and exports tell it (docs/json.md), with its statements if asked for.
[[nodiscard]] QJsonObject toJson(const JournalEntry &entry, bool withStatements = true);
/// `{"version":1,"runs":[…]}` with statements, on one line.
[[nodiscard]] QByteArray journalJson(const QList<JournalEntry> &entries);
/// One line a run, RFC 4180, UTF-8, with a header; cells that a spreadsheet would take for formulas are
/// written as text.
[[nodiscard]] QByteArray journalCsv(const QList<JournalEntry> &entries);
/// One run as a page that stands by itself, to be attached to a ticket: outcome, steps with statements and
/// durations, sign-off, backup, what was done afterwards. No rows of the database, no bind parameters.
[[nodiscard]] QString runReportHtml(const JournalEntry &entry);

} // namespace stepwell
