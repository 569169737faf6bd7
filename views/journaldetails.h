// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QPalette>

namespace stepwell {

/// One journal entry in full as rich text, in the colours of a palette.
[[nodiscard]] QString journalDetails(const JournalEntry &entry, const QPalette &palette);

} // namespace stepwell
