// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionfile.h"
#include "migrations/config/alembicconfig.h"

namespace stepwell {

/// Asks the project's own Python where packages lie. A name that cannot be imported is an error.
/// Errors: ComputedHeader, with Python's reason as detail.
[[nodiscard]] Result<PackageFolders> askForPackages(const QStringList &python, const AlembicConfig &config,
                                                    const QStringList &packages);

/// Asks it for the headers of files that compute them, in one process; the answers are in the order of the
/// files. An answer holds for as long as this process runs and the file's bytes stay the same, so each is
/// asked for once. Errors of a file: ComputedHeader, InvalidRevisionFile.
[[nodiscard]] QList<Result<HeaderAnswer>>
askForHeaders(const QStringList &python, const AlembicConfig &config, const QStringList &files);

} // namespace stepwell
