// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"
#include "migrations/alembic/plan.h"

namespace stepwell::cli {

/// "base", or ids with commas as --from takes them: rows as a version table holds them, whole identifiers.
[[nodiscard]] RevisionIds parseRows(const QString &text);

/// A plan from the rows of --from: files only, no database.
[[nodiscard]] Result<std::pair<Plan, RevisionMap>> planFromRows(FileContext &context, Direction direction);

/// Errors: Usage, if more than one revision is named.
[[nodiscard]] Result<void> expectAtMostOne(const QStringList &revisions);

/// Prints a plan in the asked format; returns 0.
int printPlan(FileContext &context, const Plan &plan, const RevisionMap &map);
/// The steps as a table with messages and what the way back is.
[[nodiscard]] QString toText(const Plan &plan, const RevisionMap &map);

} // namespace stepwell::cli
