// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/config/alembicconfig.h"

namespace stepwell {

/// The revision files of a project and the folders they were looked for in.
struct ScriptFiles {
    QStringList files;   ///< absolute real paths, in Alembic's order, each once
    QStringList folders; ///< absolute; a change in one of them may add or remove a file
};

/// Finds the revision files in Alembic's order, which breaks ties everywhere (specification, B.1): names by
/// code point, a folder's files before its folders. Version locations that do not exist are passed over, as
/// Alembic does. Errors: UnreadableRevision (a folder that cannot be read).
[[nodiscard]] Result<ScriptFiles> findScriptFiles(const AlembicConfig &config);

} // namespace stepwell
