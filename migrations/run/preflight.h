// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"
#include "migrations/status/targetstatus.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace stepwell {

/// What the checks before a run look at.
struct PreflightRequest {
    Target target;
    Plan plan;
    QString password;
    QString backupDirectory; ///< empty: no backup is planned
    /// Of the plan's steps, where they are already there. Without them and without a workspace the checks of
    /// findings and approvals are left out.
    QList<StepReview> reviews;
    std::optional<Workspace> workspace;                 ///< to make the reviews, if there are none
    QString runner;                                     ///< see PlanReviewOptions
    QHash<RevisionId, QList<AcceptedFinding>> accepted; ///< by the one who runs it
    bool emergency = false;
};

/// Runs every check and tells each result as it comes. Blocking; on a worker thread. A failed check is
/// a result, never an error. Changes nothing in the database.
[[nodiscard]] QList<CheckResult> runPreflight(const PreflightRequest &request,
                                              const std::stop_token &stop = {},
                                              const std::function<void(const CheckResult &)> &onResult = {});

} // namespace stepwell
