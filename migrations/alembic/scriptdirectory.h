// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/alembicconfig.h"
#include "migrations/alembic/revisionmap.h"

namespace stepwell {

/// A component's revision files, read without Python. A plain value after load().
struct ScriptDirectory {
    AlembicConfig config;
    RevisionMap map;

    /// Reads the ini and every revision file; a few milliseconds for hundreds of files.
    /// Errors: those of readAlembicConfig, BrokenScripts (missing directory, a file that is no
    /// revision, a broken graph), Unsupported (a computed header).
    [[nodiscard]] static Result<ScriptDirectory> load(const QString &configFile, const QString &section = {});
};

/// The SHA-256 of a revision file, in hex; empty if it cannot be read.
[[nodiscard]] QString fileHash(const QString &file);

} // namespace stepwell
