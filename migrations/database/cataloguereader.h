// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/sql/catalogue.h"

#include <stop_token>

namespace stepwell {

class DatabaseSession;

/// Reads what the lock table needs to know of a database: relations outside of PostgreSQL's own schemas with
/// sizes, columns, constraints, indexes, partitions and what depends on what; types; search path and
/// TimeZone. Reads system catalogues only, which every role may; a handful of queries, each within the
/// session's timeouts. In the session's thread. Errors: those of DatabaseSession::query(); Cancelled.
[[nodiscard]] Result<Catalogue> readCatalogue(DatabaseSession &session, const std::stop_token &stop = {});

} // namespace stepwell
