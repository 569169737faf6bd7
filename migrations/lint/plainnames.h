// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

namespace stepwell {

/// The catalogue names everything with its schema; people leave out one that the search path finds. Says
/// names in effects and findings their way.
void sayPlainNames(LintReport &report, const Catalogue &catalogue);

} // namespace stepwell
