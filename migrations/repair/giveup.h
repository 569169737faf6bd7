// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/repairrecord.h"

namespace stepwell {

/// Takes back what a repair with detours did to files, and closes its record. Where the links are those of
/// before there is nothing to take back; what else somebody edited in the files stays. Databases stay where
/// they are: the lines say which of them are not where they were, and how they come back. Errors: Refused, if
/// the files are rewritten and a moved revision is applied with them, or if a database that was rolled back
/// cannot be read or is gone from the workspace; those of writeTogether() and closeRepair().
[[nodiscard]] Result<QStringList> giveUpRepair(const RepairRecord &record, const History &now);

} // namespace stepwell
