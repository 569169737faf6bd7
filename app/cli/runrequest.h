// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/planning.h"
#include "migrations/run/runtypes.h"

namespace stepwell::cli {

/// The request as the environment's policy proposes it, changed by the options. Errors: Usage, Refused.
[[nodiscard]] Result<RunRequest> makeRequest(const CommandContext &context, const PlannedTarget &planned);

/// Limits, transactions and backup of a run, as they are shown before it is confirmed.
[[nodiscard]] QString toText(const RunRequest &request);

} // namespace stepwell::cli
