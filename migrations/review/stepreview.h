// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"
#include "migrations/review/signoff.h"

namespace stepwell {

/// All that a reviewer sees of one step of a plan.
struct StepReview {
    RevisionId revision;
    Direction direction = Direction::Upgrade;
    RenderedSql sql;
    LintReport lint;     ///< of `sql`; about the file only where it cannot be rendered
    ReviewedTexts texts; ///< both directions, as a review covers them
    ReviewHashes hashes;
    SignOff signOff;
    QList<qint64> tableBytes; ///< of lint.tables(), -1 where unknown
};

} // namespace stepwell
