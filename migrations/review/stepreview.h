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
    QStringList warnings;     ///< review files that do not count, each with its reason

    /// No SQL is known in this direction: an approval covers the file, and what it does only a rehearsal
    /// tells.
    [[nodiscard]] bool isKnownOnlyByRehearsal() const { return !sql.problem.isEmpty(); }
};

/// Marks the findings whose keys somebody accepted, `by` name; what is accepted already stays as it is.
void acceptFindings(LintReport &report, const QList<AcceptedFinding> &accepted, const QString &by);

} // namespace stepwell
