// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

namespace stepwell {

/// `# stepwell: ignore RULE reason` in the revision file: for the whole script. `-- stepwell: ignore RULE
/// reason` in the SQL: for the next statement, or the one it stands in.
struct Suppression {
    QString rule;
    QString reason; ///< empty: it does not count
    int line = 0;
    int statement = -1; ///< -1: the whole script
    bool isInFile = false;
};

[[nodiscard]] QList<Suppression> suppressionsOf(const LintScript &script, const QList<Statement> &statements);

/// Marks what file, SQL and workspace accept, and adds findings about suppressions without reason or effect.
void applySuppressions(const QList<Suppression> &suppressions, const QList<RuleSetting> &workspace,
                       QList<Finding> &findings);

} // namespace stepwell
