// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

namespace stepwell {

/// The name of a version table as people write it: `name`, `schema.name`, parts in double quotes
/// where they hold a dot. Case counts, as it does in Alembic's configuration.
struct VersionTableName {
    QString schema; ///< empty: found by search_path
    QString name = QStringLiteral("alembic_version");

    /// Errors: InvalidWorkspace for more than two parts or an empty one. Empty text: the default.
    [[nodiscard]] static Result<VersionTableName> parse(const QString &text);

    bool operator==(const VersionTableName &) const = default;
};

/// An SQL identifier in double quotes.
[[nodiscard]] QString quotedIdentifier(const QString &name);
/// An SQL string literal that reads the same with standard_conforming_strings on and off.
[[nodiscard]] QString quotedLiteral(const QString &text);

} // namespace stepwell
