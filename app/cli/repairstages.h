// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/historyreading.h"
#include "migrations/repair/repairrecord.h"

namespace stepwell::cli {

/// Does what is left of a repair with detours, stage by stage, each judged by the files and databases as they
/// are then: down, rewrite, up. What cannot be read stops it. Prints how each run ended; the record is closed
/// at the end. `begins`: nothing of it was done yet; if it is not confirmed it is closed again. Returns the
/// exit code.
int doStages(CommandContext &context, const RepairRecord &record, const NamedHistory &named, bool begins);

} // namespace stepwell::cli
