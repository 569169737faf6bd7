// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/revisionid.h"
#include "migrations/review/fileversions.h"

#include <optional>
#include <stop_token>

namespace stepwell {

/// What git says of a project's files. Nothing is fetched and nothing written, not even git's own index.
struct GitFacts {
    QString top;           ///< of the work tree, absolute
    QString branch;        ///< empty with a detached HEAD
    QString commit;        ///< of HEAD, full; empty before the first one
    QString tag;           ///< at HEAD exactly; empty if there is none
    QString upstream;      ///< "origin/main"; empty if there is none
    int ahead = 0;         ///< commits that the upstream has not
    int behind = 0;        ///< commits that only the upstream has
    QStringList aheadHere; ///< of these, those that touch the paths: "1a2b3c4 subject"; at most 20
    QStringList behindHere;
    QDateTime fetched;   ///< the last fetch; invalid if there was none
    QStringList changed; ///< under the paths, not committed: "modified versions/a.py"; from the top
};

/// `paths`: absolute files and folders; those outside of the repository are left out. Null outside of a
/// repository. Blocking, some seconds at most.
/// Errors: ProgramMissing, Timeout, Cancelled, ProcessFailed (git refuses, e.g. a folder of another owner).
[[nodiscard]] Result<std::optional<GitFacts>> gitFacts(const QString &folder, const QStringList &paths,
                                                       const std::stop_token &stop = {});

/// Where git has a revision that the work tree has not.
struct RevisionInGit {
    FileVersion added;                  ///< the newest commit that wrote its file
    std::optional<FileVersion> removed; ///< the commit that took it away, if no branch has it
    QStringList branches;               ///< local and remote ones whose newest commit has it
};

/// Looks through all commits that git has here, first in that folder, then everywhere, then those that only
/// the reflog has (amended, rebased, reset). Bounded to some twenty seconds. Null if it is in none, or
/// outside of a repository. Errors as above.
[[nodiscard]] Result<std::optional<RevisionInGit>>
findRevisionInGit(const QString &folder, const RevisionId &revision, const std::stop_token &stop = {});

/// The text that a file had when its SHA-256 (hex) was this; null if none of its versions in git has it.
[[nodiscard]] Result<std::optional<QString>> fileWithHash(const QString &file, const QString &sha256,
                                                          const std::stop_token &stop = {});

} // namespace stepwell
