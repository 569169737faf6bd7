// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QTextStream>

namespace stepwell::cli {

/// A line a run. `filtered`: an empty list is no empty journal.
void printEntries(QTextStream &out, const QList<JournalEntry> &entries, bool filtered);
/// One run in full: every statement, what it left, what was done afterwards.
void printEntry(QTextStream &out, const JournalEntry &entry);

} // namespace stepwell::cli
