// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"

namespace stepwell::cli {

// Commands about the revision files; each returns the exit code of the design. They are a program of their
// own that links no database driver, as loading one takes longer than reading hundreds of revisions.

int headsCommand(FileContext &context);
int historyCommand(FileContext &context);
int branchesCommand(FileContext &context);
int showCommand(FileContext &context);
int currentCommand(FileContext &context);
int planFromCommand(FileContext &context);
int checkFilesCommand(FileContext &context);

/// True if the command can be answered without a database.
[[nodiscard]] bool needsOnlyFiles(const Options &options);
/// Runs it. Errors are printed; the return value is the exit code.
int runFileCommand(FileContext &context);

} // namespace stepwell::cli
