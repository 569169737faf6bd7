// SPDX-License-Identifier: MIT
#include "migrations/alembic/filechanges.h"

#include "migrations/alembic/changerecord.h"
#include "migrations/alembic/replacefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Content = std::optional<QByteArray> FileChange::*;

/// Errors: Usage, Refused.
Result<void> checkChanges(const QList<FileChange> &changes)
{
    QSet<QString> files;
    for (const FileChange &change : changes) {
        if (!QDir::isAbsolutePath(change.file) || files.contains(change.file))
            return failure(ErrorKind::Usage,
                           u"%1 is no absolute path, or is there twice."_s.arg(change.file));
        files += change.file;
        if (!change.after && QFileInfo(change.file).isSymLink())
            return failure(ErrorKind::Refused,
                           u"%1 is a link: what it leads to may be needed elsewhere."_s.arg(change.file),
                           u"Remove the link by hand, then begin again."_s);
    }
    return {};
}

/// Every file has to be as one side says. Errors: Refused, FileError.
Result<void> checkFiles(const QList<FileChange> &changes, Content side)
{
    for (const FileChange &change : changes) {
        const auto content = contentOf(change.file);
        if (!content)
            return std::unexpected(content.error());
        if (*content == change.*side)
            continue;
        if (!(change.*side))
            return failure(ErrorKind::Refused, u"%1 is there already."_s.arg(change.file),
                           u"Look at that file and move it away, or begin again."_s);
        return failure(ErrorKind::Refused,
                       *content ? u"%1 was changed by somebody else in the meantime."_s.arg(change.file)
                                : u"%1 is gone."_s.arg(change.file),
                       u"Nothing was changed. Look at the file, then begin again."_s);
    }
    return {};
}

/// What the file holds: one of the two. Errors: Refused, FileError.
Result<std::optional<QByteArray>> knownContent(const FileChange &change)
{
    auto content = contentOf(change.file);
    if (content && *content != change.before && *content != change.after)
        return failure(ErrorKind::Refused,
                       u"%1 was changed by somebody else in the meantime."_s.arg(change.file),
                       u"Look at the file."_s);
    return content;
}

/// Brings all files from wherever they are to one side; in the order of the list.
Result<void> bringAll(const QList<FileChange> &changes, Content side)
{
    for (const FileChange &change : changes) {
        const auto content = knownContent(change);
        if (!content)
            return std::unexpected(content.error());
        if (change.*side && *content != change.*side) {
            if (auto prepared = prepareFile(change.file, *(change.*side)); !prepared)
                return prepared;
        }
    }
    for (const FileChange &change : changes) {
        const auto content = knownContent(change);
        if (!content)
            return std::unexpected(content.error());
        if (*content == change.*side)
            continue;
        if (auto done = putInPlace(change.file, *content, change.*side); !done)
            return done;
    }
    return {};
}

Result<void> bringTo(const QList<FileChange> &changes, Content side)
{
    auto done = bringAll(changes, side);
    for (const FileChange &change : changes)
        cleanUpBeside(change.file);
    return done;
}

/// After a failure in the middle of a change.
std::unexpected<Error> takeBack(ChangeLock &lock, const UnfinishedChange &change, Error error)
{
    auto undone = bringTo(change.changes, &FileChange::before);
    if (undone)
        undone = lock.removeRecord();
    if (undone) {
        error.hint += u" Nothing was changed."_s;
        return std::unexpected(std::move(error));
    }
    error.message += u" Some files are changed already, and taking that back failed too."_s;
    error.hint = u"Finish it or take it back once that is mended: stepwell resolve COMPONENT --continue, or "
                 "--undo."_s;
    error.detail += u'\n' + toText(undone.error());
    return std::unexpected(std::move(error));
}

/// Refused, if a file is neither as before nor as after.
Result<void> checkUnfinished(const UnfinishedChange &change)
{
    for (const FileChange &one : change.changes) {
        const auto content = contentOf(one.file);
        if (!content)
            return std::unexpected(content.error());
        if (*content != one.before && *content != one.after)
            return failure(ErrorKind::Refused,
                           u"%1 was changed by somebody else since the change was cut off."_s.arg(one.file),
                           u"Nothing was changed. Bring the file in order by hand; if all files are as they "
                           "should be, remove %1."_s.arg(change.record));
    }
    return {};
}

Result<void> settle(const UnfinishedChange &change, Content side)
{
    UnfinishedChange kept;
    auto lock = ChangeLock::take(change.record, kept);
    if (!lock)
        return std::unexpected(lock.error());
    if (kept.changes != change.changes)
        return failure(ErrorKind::Refused, u"The unfinished change is another one by now."_s,
                       u"Look at it again, then decide."_s);
    if (auto checked = checkUnfinished(kept); !checked)
        return checked;
    if (auto done = bringTo(kept.changes, side); !done) {
        Error error = done.error();
        error.hint += u" What is to be done is still recorded."_s;
        return std::unexpected(std::move(error));
    }
    return lock->removeRecord();
}

} // namespace

FilesState stateOf(const QList<FileChange> &changes)
{
    bool allBefore = true;
    bool allAfter = true;
    for (const FileChange &change : changes) {
        const auto content = contentOf(change.file);
        if (!content || (*content != change.before && *content != change.after))
            return FilesState::Changed;
        allBefore = allBefore && *content == change.before;
        allAfter = allAfter && *content == change.after;
    }
    return allAfter ? FilesState::After : allBefore ? FilesState::Before : FilesState::Between;
}

Result<void> writeTogether(const QString &folder, const QString &what, const QList<FileChange> &changes,
                           const std::function<Result<void>()> &check)
{
    if (auto checked = checkChanges(changes); !checked || changes.isEmpty())
        return checked;
    const UnfinishedChange change{.record = changeRecordFile(folder),
                                  .what = what,
                                  .begun = QDateTime::currentDateTimeUtc(),
                                  .changes = changes};
    // Before a record is there that could not be followed; and again below, as only then no other Stepwell
    // can come between.
    if (auto checked = checkFiles(changes, &FileChange::before); !checked && !QFile::exists(change.record))
        return checked;
    auto lock = ChangeLock::create(folder, change);
    if (!lock)
        return std::unexpected(lock.error());
    auto checked = checkFiles(changes, &FileChange::before);
    if (checked && check)
        checked = check();
    if (!checked) {
        if (auto removed = lock->removeRecord(); !removed)
            return removed;
        return checked;
    }
    if (auto done = bringTo(changes, &FileChange::after); !done)
        return takeBack(*lock, change, done.error());
    auto removed = lock->removeRecord();
    if (!removed)
        removed.error().message +=
            u" The revision files are all changed as planned; only the record is left."_s;
    return removed;
}

Result<std::optional<UnfinishedChange>> findUnfinishedChange(const QString &folder)
{
    const QString record = changeRecordFile(folder);
    const int descriptor = ::open(QFile::encodeName(record).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return std::optional<UnfinishedChange>();
        return fileFailure(record, errno);
    }
    const bool isAtWork = ChangeLock::isHeld(descriptor);
    QFile file;
    if (!file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        ::close(descriptor);
        return fileFailure(record, EIO);
    }
    auto change = readChangeRecord(file.readAll(), record);
    if (!change)
        return std::unexpected(change.error());
    change->isAtWork = isAtWork;
    return std::optional(*std::move(change));
}

Result<void> finishChange(const UnfinishedChange &change)
{
    return settle(change, &FileChange::after);
}

Result<void> undoChange(const UnfinishedChange &change)
{
    return settle(change, &FileChange::before);
}

} // namespace stepwell
