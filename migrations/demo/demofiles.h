// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/backup/privatecluster.h"

#include <QStringList>

namespace stepwell {

/// Puts the demo's files into `directory`, all but stepwell.toml: the three components, and beside
/// them the checkouts that some environments follow. Errors: FileError.
[[nodiscard]] Result<void> writeDemoFiles(const QString &directory);

/// Writes stepwell.toml, which makes the folder a workspace: the last thing to do.
/// `python`: argv of the interpreter that has Alembic. Errors: FileError.
[[nodiscard]] Result<void> writeDemoWorkspaceFile(const QString &directory, const PrivateCluster &cluster,
                                                  const QStringList &python);

/// Writes a file whole or not at all. Errors: FileError.
[[nodiscard]] Result<void> replaceFile(const QString &path, const QByteArray &content);

/// A string in double quotes, as TOML reads it.
[[nodiscard]] QString tomlString(const QString &text);

} // namespace stepwell
