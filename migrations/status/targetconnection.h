// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/config/alembicconfig.h"
#include "migrations/database/connectionsettings.h"
#include "migrations/workspace/workspace.h"

namespace stepwell {

/// Where a target's database is: the workspace says it, else the ini.
/// Errors: those of ConnectionSettings::fromUrl; InvalidConfig if the ini names several and nobody chose.
[[nodiscard]] Result<ConnectionSettings> targetConnection(const Target &target, const AlembicConfig &config);

} // namespace stepwell
