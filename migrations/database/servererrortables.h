// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/servererrors.h"

namespace stepwell {

/// The parts of serverErrors(): connections, sessions, locks and transactions.
[[nodiscard]] QList<ServerError> connectionErrors();
/// Rows that break rules, values that do not fit.
[[nodiscard]] QList<ServerError> dataErrors();
/// What is missing, there already, not allowed or not SQL.
[[nodiscard]] QList<ServerError> schemaErrors();
/// Resources, settings and faults of the server, code of the schema's own; the last fall back.
[[nodiscard]] QList<ServerError> serverFaults();

} // namespace stepwell
