// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/process/process.h"

namespace stepwell {

/// BackupFailed from the end of pg_dump or pg_restore and what it printed, with what to do about it;
/// Cancelled if that is what happened.
[[nodiscard]] Error dumpFailure(const QString &program, const ProcessEnd &end, const QString &output,
                                const QString &directory);

} // namespace stepwell
