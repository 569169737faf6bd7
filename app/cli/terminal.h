// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/options.h"

namespace stepwell::cli {

/// Runs one command with the process's own terminal: the command works on a thread of its own while the
/// main thread serves the secret service and Ctrl-C. Needs a QCoreApplication; returns the exit code.
int runInTerminal(const Options &options);

} // namespace stepwell::cli
