// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/backup/backup.h"
#include "migrations/journal/journal.h"

#include <stop_token>

namespace stepwell {

/// A backup on its own, not part of a run: makes it, verifies it and writes it into the journal, its
/// failure too. Blocking. Errors: connection kinds, BackupFailed, Cancelled, FileError (journal).
[[nodiscard]] Result<BackupRecord> backUpTarget(const Target &target, const QString &password,
                                                const QString &directory, const QString &workspaceDirectory,
                                                Journal &journal,
                                                const BackupProgressHandler &onProgress = {},
                                                const std::stop_token &stop = {});

} // namespace stepwell
