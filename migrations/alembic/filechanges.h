// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

namespace stepwell {

/// One file before and after. Nothing: the file is not there.
struct FileChange {
    QString file; ///< absolute path
    std::optional<QByteArray> before;
    std::optional<QByteArray> after;

    bool operator==(const FileChange &) const = default;
};

/// How far a change of files got.
enum class FilesState {
    Before,  ///< all files are as they were
    After,   ///< all files are as they shall be
    Between, ///< some are, some are not
    Changed, ///< somebody else wrote one of them
};
[[nodiscard]] FilesState stateOf(const QList<FileChange> &changes);

/// A change of files that something cut off: a crash, a full disk.
struct UnfinishedChange {
    QString record; ///< the file that tells of it
    QString what;   ///< one sentence: what was to be done
    QDateTime begun;
    QList<FileChange> changes;
    bool isAtWork = false; ///< another process is doing it right now
};

/// Changes files together or not at all: the whole change is written into a record in `folder` and brought to
/// the disk before the first file is touched, each file is replaced at once, and the record goes last. So a
/// crash leaves either no record and no change, or a record by which the change is finished or undone. Modes
/// of files stay, links are followed, compiled copies (__pycache__) of changed files are removed. After an
/// error nothing is changed, or the change is undone; if that fails too the record stays and the error says
/// so. Errors: Refused (a file is not what `before` says; one that shall be new is there), Locked (another
/// change is under way or unfinished), FileError. `check` is asked last, when no other change can come
/// between any more; its error stops the change.
[[nodiscard]] Result<void> writeTogether(const QString &folder, const QString &what,
                                         const QList<FileChange> &changes,
                                         const std::function<Result<void>()> &check = {});

/// Null if there is none. Errors: FileError, if there is a record that cannot be read.
[[nodiscard]] Result<std::optional<UnfinishedChange>> findUnfinishedChange(const QString &folder);
/// All files as they shall be; as they were. Errors: Refused (somebody else wrote one of them since: nothing
/// is changed), Locked (the other process is at work), FileError (the record stays).
[[nodiscard]] Result<void> finishChange(const UnfinishedChange &change);
[[nodiscard]] Result<void> undoChange(const UnfinishedChange &change);

} // namespace stepwell
