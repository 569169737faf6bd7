// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "migrations/run/runtypes.h"

namespace stepwell {

/// The rows that made a statement fail with a constraint violation (SQLSTATE class 23), looked for in a
/// read-only transaction with a statement_timeout of 5 s, on a database where the revision is rolled back.
/// Nothing for other errors. What cannot be looked up says so in `note`. Blocking.
[[nodiscard]] std::optional<OffendingRows> findOffendingRows(DatabaseSession &session, const Error &error);

} // namespace stepwell
