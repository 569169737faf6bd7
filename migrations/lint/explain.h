// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

namespace stepwell {

/// What one statement does, in plain words: its locks and who waits, what it goes through, whether it can be
/// undone. Several sentences on one line. `catalogue` gives sizes and may be null. Any thread.
[[nodiscard]] QString explainStatement(const LintedStatement &statement, const Catalogue *catalogue);

} // namespace stepwell
