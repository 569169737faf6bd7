// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "migrations/status/targetstatus.h"

#include <functional>
#include <stop_token>

namespace stepwell {

/// What the checks before a run look at.
struct PreflightRequest {
    Target target;
    Plan plan;
    QString password;
    QString backupDirectory; ///< empty: no backup is planned
};

/// Runs every check and tells each result as it comes. Blocking; on a worker thread. A failed check is
/// a result, never an error. Changes nothing in the database.
[[nodiscard]] QList<CheckResult> runPreflight(const PreflightRequest &request,
                                              const std::stop_token &stop = {},
                                              const std::function<void(const CheckResult &)> &onResult = {});

} // namespace stepwell
