// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/planning.h"
#include "migrations/run/runtypes.h"

#include <expected>

namespace stepwell::cli {

/// From the plan to the end of its run: policy, review, checks, confirmation, run. Where something says no,
/// it was printed, and this is the exit code. A plan without steps is done at once.
[[nodiscard]] std::expected<RunReport, int> runPlanned(CommandContext &context, const PlannedTarget &planned);

} // namespace stepwell::cli
