// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

/// CREATE ROLE … PASSWORD '…', a user mapping's password, a connection string with one: such SQL is never
/// written to a file. Looks at literals only, inside DO blocks too; SQL that cannot be parsed is fine.
[[nodiscard]] bool holdsPassword(const QString &sql);

} // namespace stepwell
