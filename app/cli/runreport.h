// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"
#include "migrations/run/runtypes.h"

namespace stepwell::cli {

[[nodiscard]] QJsonObject toJson(const BackupRecord &backup);
/// Offending rows are data: only their query and their number.
[[nodiscard]] QJsonObject toJson(const RunReport &report);

/// Prints how a run ended in the asked format; `also` are members of the JSON besides. Returns the exit code.
int printReport(FileContext &context, const RunReport &report, const QJsonObject &also);

} // namespace stepwell::cli
