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
/// The same for another target and revision than those of the command line. An empty revision is the head,
/// or one step back.
[[nodiscard]] Result<PlannedTarget> planTarget(CommandContext &context, const Target &target,
                                               const QString &revision, Direction direction);

} // namespace stepwell::cli
