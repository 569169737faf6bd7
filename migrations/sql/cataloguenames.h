// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/catalogue.h"

namespace stepwell {

/// "schema.name" or "name", without quotes.
[[nodiscard]] RelationName relationNameOf(const QString &text);
/// The name that PostgreSQL makes up: table_column_suffix, with a number if it is taken.
[[nodiscard]] QString defaultName(const Catalogue &catalogue, const RelationName &table,
                                  const QStringList &columns, const QString &suffix);
[[nodiscard]] QString defaultConstraintName(const Catalogue &catalogue, const RelationName &table,
                                            const ConstraintDefinition &constraint);
/// A type of pg_catalog: nothing that a statement could drop or change.
[[nodiscard]] bool isBuiltInType(const TypeName &type);
/// The value of search_path as SET takes it; "$user" left out.
[[nodiscard]] QStringList searchPathOf(const QString &value);

} // namespace stepwell
