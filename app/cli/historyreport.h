// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/historyreading.h"

namespace stepwell::cli {

/// Says what is wrong with a history and what may be done, in the asked format. Returns the exit code.
int tell(CommandContext &context, const NamedHistory &named);
/// The same for every history of the workspace.
int tellAll(CommandContext &context);

} // namespace stepwell::cli
