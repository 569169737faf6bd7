// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace stepwell {

/// A version of a file in git.
struct FileVersion {
    QString commit; ///< full hash
    QDateTime when;
    QString author;
    QString subject;
    QString path; ///< in that commit, from the top of the repository: a file may have been renamed
};

/// The versions of a file, the newest first, renames followed; at most 100. Empty outside of a repository.
/// Blocking; errors: ProgramMissing, Timeout.
[[nodiscard]] Result<QList<FileVersion>> fileVersions(const QString &file);
/// The file's text in one of them. Errors: ProcessFailed.
[[nodiscard]] Result<QString> fileAt(const QString &file, const FileVersion &version);

} // namespace stepwell
