// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"
#include "migrations/sql/relationname.h"

#include <QStringList>

#include <optional>

namespace stepwell {

/// What a rule compares: a column, or an expression.
struct RuleKey {
    QString column;     ///< empty for an expression
    QString sql;        ///< ready for use: "\"select\"", "(lower(email))"
    QString comparison; ///< of an exclusion: "OPERATOR(pg_catalog.&&)"

    bool operator==(const RuleKey &) const = default;
};

/// A rule of the schema that a statement was to add, and that rows break.
struct BrokenRule {
    enum Kind {
        NotNull,        ///< keys: the column
        Check,          ///< condition
        Domain,         ///< condition over VALUE; keys: the column, as the server named it
        Unique,         ///< keys, predicate, nullsEqual
        ForeignKey,     ///< keys, parent, parentColumns, matchFull
        Exclude,        ///< keys, predicate
        Validate,       ///< name: its definition is in the catalogue
        ValidateDomain, ///< name; domain
    };
    Kind kind = Check;
    QString name;
    RelationName table; ///< as written; or the domain
    bool only = false;
    QList<RuleKey> keys;
    QStringList columns; ///< that condition, keys and predicate mention
    QString condition;
    QString predicate;
    RelationName parent;
    QStringList parentColumns; ///< empty: its primary key
    bool matchFull = false;
    bool nullsEqual = false;
    bool newColumn = false; ///< of a column that the statement adds

    bool operator==(const BrokenRule &) const = default;
};

/// The rule that `error` is about, by the failing statement and the place; nothing if the statement adds
/// none.
[[nodiscard]] std::optional<BrokenRule> brokenRuleOf(const Error &error);

/// If the statement changes rows or is not known: then a rule that was there before is broken.
[[nodiscard]] bool writesRows(const QString &statement);

} // namespace stepwell
