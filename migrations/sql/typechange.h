// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

namespace stepwell {

/// What ALTER COLUMN … TYPE does with the rows.
enum class TypeChange {
    Catalogue, ///< only the catalogue changes
    Indexes,   ///< the rows stay, indexes on the column are built anew: they compare in another way
    Rewrite,
    TimeZone, ///< a rewrite unless the session's TimeZone is UTC
};

/// From PostgreSQL's rules: a type that reads the same bytes, or a length that only grows, needs no rewrite.
/// Domains are given as what they are made of.
[[nodiscard]] TypeChange typeChange(const TypeName &from, const TypeName &to);
/// True if a value can lose something on the way: digits, the time of day.
[[nodiscard]] bool losesPrecision(const TypeName &from, const TypeName &to);
/// True for a name of UTC that PostgreSQL takes as a time zone without offset.
[[nodiscard]] bool isUtc(const QString &timeZone);

} // namespace stepwell
