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

/// "base", or ids with commas as --from takes them. Errors: UnknownRevision.
[[nodiscard]] Result<RevisionIds> parseRows(const QString &text, const RevisionMap &map);

[[nodiscard]] QJsonObject toJson(const Plan &plan);
/// The steps as a table with messages and what the way back is.
[[nodiscard]] QString toText(const Plan &plan, const RevisionMap &map);

} // namespace stepwell::cli
