// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"
#include "migrations/status/targetstatus.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace stepwell {

class DatabaseSession;

/// What the checks before a run look at.
struct PreflightRequest {
    Target target;
    Plan plan; ///< without steps: the target as it is, for a diagnosis
    QString password;
    QString workspaceDirectory;
    QString backupDirectory; ///< empty: no backup is planned
    /// What is found about the plan's steps; may take long and is asked once, on a thread of its own. The
    /// checks that need it (findings, approvals, privileges, tables in use, room for rewrites) wait for it,
    /// the others do not. Empty: these look at what they can without it, and findings and approvals are left
    /// out.
    std::function<Result<QList<StepReview>>()> reviews;
    QHash<RevisionId, QList<AcceptedFinding>> accepted; ///< by the one who runs it
    bool emergency = false;
    /// Proof through env.py, in the project's Python. The run makes it anyway.
    bool proveDatabase = true;
    QString journal; ///< path of the journal that knows what was applied; empty: not looked at
    std::chrono::seconds longTransaction{60}; ///< what counts as a long one
};

/// Runs every check that the environment's policy does not turn off, side by side, each group on a thread and
/// a session of its own, and tells each result as it comes: one call at a time, from any of the threads.
/// Blocking. The list has the order of checkNames(). A failed check is a result, never an error. Changes
/// nothing.
[[nodiscard]] QList<CheckResult> runPreflight(const PreflightRequest &request,
                                              const std::stop_token &stop = {},
                                              const std::function<void(const CheckResult &)> &onResult = {});

/// The check "invalid-indexes" by itself, for a diagnosis that looks whatever the policy says.
[[nodiscard]] CheckResult checkInvalidIndexes(DatabaseSession &session);

/// Where a check stands in the order of checkNames(); the last for an unknown name.
[[nodiscard]] qsizetype checkOrder(const QString &name);

} // namespace stepwell
