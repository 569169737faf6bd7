// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "migrations/status/targetstatus.h"

namespace stepwell::cli {

/// The targets that the arguments name; all of the workspace if there are none; the one of -c.
[[nodiscard]] Result<QList<Target>> chosenTargets(CommandContext &context);
/// Side by side, with passwords from the secret service only: nobody is asked.
[[nodiscard]] QList<TargetStatus> readAll(CommandContext &context, const QList<Target> &targets);

[[nodiscard]] QJsonObject toJson(const TargetStatus &status);
/// "3 pending", "at head" …
[[nodiscard]] QString stateText(const TargetStatus &status);
/// All of them with their errors, as a coloured table.
void printStatuses(CommandContext &context, const QList<TargetStatus> &all);

/// `status --watch`: until Ctrl-C; returns 0.
int watchStatus(CommandContext &context, const QList<Target> &targets);

} // namespace stepwell::cli
