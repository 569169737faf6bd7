// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/finding.h"

#include <QStringList>

namespace stepwell {

/// A rule as documentation and window show it; docs/rules.md is made from these.
struct Rule {
    QString id;
    Severity severity = Severity::Advice; ///< the worst it gives
    QString title;
    QString explanation;  ///< what PostgreSQL does and whom it hurts, in plain words
    QString saferAlembic; ///< an example
    QString saferSql;
    QStringList
        knownAs; ///< "squawk: require-concurrent-index-creation", "strong_migrations: …", "atlas: PG101"
};

[[nodiscard]] const QList<Rule> &allRules(); ///< by id
[[nodiscard]] const Rule *findRule(const QString &id);

} // namespace stepwell
