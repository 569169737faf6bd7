// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

namespace stepwell {

/// Does a run's text hold this one? Looks where JournalFilter::text says; an empty text is in every run.
[[nodiscard]] bool matchesText(const JournalEntry &entry, const QString &text);

/// ASCII letters and digits only: JSON has such a text as it is, and LIKE finds it in any case.
[[nodiscard]] bool isPlainWord(const QString &text);

} // namespace stepwell
