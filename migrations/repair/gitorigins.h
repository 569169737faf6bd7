// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"
#include "migrations/review/gitfacts.h"

#include <QHash>

#include <stop_token>

namespace stepwell {

/// Who brought a revision, and where else it is.
struct RevisionOrigin {
    QString author;
    QDateTime when; ///< of the commit that added the file, under whatever name; invalid if it is in none
    QString commit; ///< full hash; empty: not committed yet
    QString subject;
    QStringList branches; ///< local and remote ones whose newest commit has the file; at most 20

    bool operator==(const RevisionOrigin &) const = default;
};
using RevisionOrigins = QHash<RevisionId, RevisionOrigin>;

/// What git knows of these revisions' files; empty outside of a repository. Where the history of a shallow
/// clone ends nobody knows who brought a file: the commit is there then, and author and date are not. A
/// handful of git calls however many revisions there are; some seconds at most. Errors: those of gitFacts().
[[nodiscard]] Result<RevisionOrigins> revisionOrigins(const QList<Revision> &revisions,
                                                      const std::stop_token &stop = {});

/// A revision of another branch that the work tree has not.
struct RevisionElsewhere {
    RevisionId id;
    RevisionIds downRevisions;
    QString branch;
    QString path; ///< from the top of the repository
};
/// Revisions that the newest commits of other branches have in one of `folders` (version locations, or above
/// them; also of different repositories), that name one of `parents` in down_revision and that no file in
/// these folders has now; each once, with the branch that moved last. The fifty branches that moved last are
/// looked at. Errors: those of gitFacts(); empty outside of a repository.
[[nodiscard]] Result<QList<RevisionElsewhere>>
childrenElsewhere(const QStringList &folders, const RevisionIds &parents, const std::stop_token &stop = {});

/// A file of git's, byte for byte.
struct FileInGit {
    FileVersion version; ///< of the newest commit that wrote it
    QStringList branches;
    QByteArray content;
    QString path; ///< absolute: where it would be in this work tree
};
/// The file of a revision that the work tree has not, as its newest version has it: on the branch that moved
/// last and has it, else in any commit, the reflog's too. Null if git has none. Errors: those of gitFacts().
[[nodiscard]] Result<std::optional<FileInGit>> revisionFileInGit(const QString &folder, const RevisionId &id,
                                                                 const std::stop_token &stop = {});
/// The revision files that lie beside that one in its commit, itself among them: where its parents are, most
/// likely. Two calls of git, however many there are. Errors: those of gitFacts().
[[nodiscard]] Result<QHash<RevisionId, FileInGit>> filesBeside(const FileInGit &file,
                                                               const std::stop_token &stop = {});
/// The header's parents in the committed versions of a file, where they are not those that it has now: the
/// newest first, each once. Empty outside of a repository.
[[nodiscard]] Result<QList<RevisionIds>> formerParents(const QString &file, const std::stop_token &stop = {});

} // namespace stepwell
