// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/brokenrule.h"
#include "migrations/run/tablefacts.h"

namespace stepwell {

constexpr int mostOffendingRows = 20;
constexpr int longestOffendingValue = 200;

/// A query for rows to be shown, and what its columns are called.
struct OffendingQuery {
    QString sql;
    QStringList columns;
};

/// The rows that break the rule; one more than are shown. Each value is text, cut one character behind the
/// longest. The primary key comes first; without one the partition, if there are any, and ctid.
[[nodiscard]] OffendingQuery rowsBreaking(const BrokenRule &rule, const TableFacts &table,
                                          const std::optional<TableFacts> &parent);
/// The rows whose key has these values; as many values as parts.
[[nodiscard]] OffendingQuery rowsWithKey(const TableFacts &table, const QList<KeyPart> &key,
                                         const QStringList &values);

} // namespace stepwell
