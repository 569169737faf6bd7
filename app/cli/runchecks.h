// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/planning.h"
#include "migrations/preflight/preflight.h"

namespace stepwell::cli {

/// Settles what a crash cut off on this target and says so.
void settleBefore(CommandContext &context, const Target &target);

/// What the preflight is to look at for a run as it was asked for. The proof through env.py is left to the
/// run. `reviews`: what a review of the plan found, if there was one.
[[nodiscard]] PreflightRequest preflightOf(const RunRequest &request,
                                           const std::optional<QList<StepReview>> &reviews);

/// Makes every check that needs no confirmation and tells warnings; findings and approvals are told by the
/// review. Nothing if the run may go on, else the exit code: what failed was printed.
[[nodiscard]] std::optional<int> checkBeforeRun(CommandContext &context, const PreflightRequest &request);

} // namespace stepwell::cli
