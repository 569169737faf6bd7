// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"

namespace stepwell::cli {

/// Protected environments want their name, the others a yes. Without a terminal the options must say it.
/// Errors: Refused, Cancelled (a person said no).
[[nodiscard]] Result<void> confirm(FileContext &context, const Environment &environment);

/// A policy with a misspelt key is no policy: nothing is changed until the file is clear. Errors: Refused.
[[nodiscard]] Result<void> checkPolicyIsClear(const FileContext &context);

} // namespace stepwell::cli
