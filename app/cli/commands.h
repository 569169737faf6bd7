// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"

namespace stepwell::cli {

// One function a command; each returns the exit code of the design. Worker thread.

int statusCommand(CommandContext &context);
int planCommand(CommandContext &context);
int sqlCommand(CommandContext &context);
int lintCommand(CommandContext &context);
int reviewCommand(CommandContext &context);
int upgradeCommand(CommandContext &context);
int rollbackCommand(CommandContext &context);
int backupCommand(CommandContext &context);
int resolveCommand(CommandContext &context);
int stampCommand(CommandContext &context);
int checkCommand(CommandContext &context);
int doctorCommand(CommandContext &context);
int journalCommand(CommandContext &context);
int demoCommand(CommandContext &context);

/// Runs the command that the options name. Errors are printed; the return value is the exit code.
int runCommand(CommandContext &context);

} // namespace stepwell::cli
