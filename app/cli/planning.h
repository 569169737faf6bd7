// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "migrations/run/targetaccess.h"

namespace stepwell::cli {

/// A plan with the files and the way to the database it was made from.
struct PlannedTarget {
    Target target;
    TargetAccess access;
    Plan plan;
};

/// Reads the target's rows (asking for a password if need be) and plans from them to the revision named
/// on the command line.
[[nodiscard]] Result<PlannedTarget> planTarget(CommandContext &context, Direction direction);

} // namespace stepwell::cli
