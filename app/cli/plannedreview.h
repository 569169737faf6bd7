// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/planning.h"
#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"

#include <optional>

namespace stepwell::cli {

/// Looks at the SQL as a reviewer would, where the policy of the environment asks for it, and binds the run
/// to it. Nothing if it does not ask. Errors: Refused (open findings, missing approvals), those of
/// reviewPlan().
[[nodiscard]] Result<std::optional<QList<StepReview>>>
reviewBeforeRun(CommandContext &context, const PlannedTarget &planned, RunRequest &request);

} // namespace stepwell::cli
