// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/git.h"

#include <QHash>

#include <optional>

namespace stepwell {

/// A branch, local or remote.
struct GitBranch {
    QString name;   ///< "main", "origin/main"
    QString commit; ///< full hash of its newest one

    bool operator==(const GitBranch &) const = default;
};
/// The fifty that moved last, the newest first; without origin/HEAD and its like.
[[nodiscard]] Result<QList<GitBranch>> newestBranches(const Git &git);

/// A file or folder in a folder of git's.
struct GitEntry {
    QByteArray name; ///< as git has it, of any encoding
    QByteArray hash;
    bool isFolder = false;
};

/// Reads objects by the names that git takes ("HEAD:versions", a hash), many of them in one call; null for
/// what is not there. Names with a line feed are not there either. Errors: those of Git::bytes.
[[nodiscard]] Result<QList<std::optional<QByteArray>>> gitObjects(const Git &git,
                                                                  const QList<QByteArray> &names);
/// The hashes alone; empty for what is not there.
[[nodiscard]] Result<QList<QByteArray>> gitHashes(const Git &git, const QList<QByteArray> &names);
/// The entries of a folder's object, whose hash has `hashBytes` bytes.
[[nodiscard]] QList<GitEntry> gitEntries(const QByteArray &folder, qsizetype hashBytes);

} // namespace stepwell
