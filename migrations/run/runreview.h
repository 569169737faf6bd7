// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "migrations/run/runtypes.h"
#include "migrations/run/targetaccess.h"

#include <stop_token>

namespace stepwell {

/// True if the run has to know what it runs: something was shown, or the environment wants approvals.
[[nodiscard]] bool asksForReview(const RunRequest &request);

/// Renders the steps anew, in a process of its own and without the cache, and compares them with what was
/// shown and with what was approved. Gives what stands behind each step, for the journal. `fileHashes`: of
/// the steps' files before the Python that runs them was started; it has loaded them since. Errors: Refused,
/// naming the revision and what changed; those of renderSteps(), FileError. Blocking.
[[nodiscard]] Result<QList<JournalSignOff>> confirmReviewed(const TargetAccess &access,
                                                            const RunRequest &request,
                                                            const QStringList &fileHashes,
                                                            const std::stop_token &stop);

} // namespace stepwell
