// SPDX-License-Identifier: MIT
#include "migrations/alembic/replacefile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t permissions = 07777;

QByteArray pathBytes(const QString &path)
{
    return QFile::encodeName(path);
}

/// One name for each file, and never that of a revision: so that a later attempt finds and removes it.
QString partialFile(const QString &real)
{
    const QFileInfo info(real);
    const QByteArray hash = QCryptographicHash::hash(info.fileName().toUtf8(), QCryptographicHash::Sha1);
    return QString(info.path() + "/.stepwell-"_L1 + QLatin1StringView(hash.toHex().first(16)) + ".part"_L1);
}

void removeCompiled(const QString &file)
{
    const QFileInfo info(file);
    const QDir cache(info.path() + "/__pycache__"_L1);
    for (const QString &name : cache.entryList(QDir::Files | QDir::Hidden)) {
        if (name.startsWith(info.completeBaseName() + u'.') && name.endsWith(".pyc"_L1))
            QFile::remove(cache.filePath(name));
    }
}

std::unexpected<Error> wasChanged(const QString &file)
{
    return failure(ErrorKind::Refused, u"%1 is not as it was: somebody else changed it."_s.arg(file),
                   u"Look at the file, then begin again."_s);
}

/// Gives the new file the mode, owner and time that it needs. 0, or errno.
int takeOver(int descriptor, const struct stat &before)
{
    // Only root may give files away; what cannot be kept belongs to who wrote it, as with any editor.
    const bool isForeign = before.st_uid != ::geteuid() || before.st_gid != ::getegid();
    if (isForeign && ::fchown(descriptor, before.st_uid, before.st_gid) != 0 && errno != EPERM)
        return errno;
    struct stat now{};
    if (::fchmod(descriptor, before.st_mode & permissions) != 0 || ::fstat(descriptor, &now) != 0)
        return errno;
    if (now.st_mtim.tv_sec != before.st_mtim.tv_sec)
        return 0;
    std::array<timespec, 2> times{now.st_atim, now.st_mtim};
    times[1].tv_sec += 1;
    return ::futimens(descriptor, times.data()) == 0 ? 0 : errno;
}

/// 0, or errno.
int writePartial(const QString &partial, const QByteArray &content, const struct stat *before)
{
    ::unlink(pathBytes(partial).constData());
    const int descriptor = ::open(pathBytes(partial).constData(),
                                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, before ? 0600 : 0666);
    if (descriptor < 0)
        return errno;
    int error = writeAll(descriptor, content);
    if (error == 0 && before)
        error = takeOver(descriptor, *before);
    if (error == 0 && ::fsync(descriptor) != 0)
        error = errno;
    if (::close(descriptor) != 0 && error == 0)
        error = errno;
    return error;
}

/// 0, or errno; EEXIST if a new file is there already.
int moveTo(const QString &partial, const QString &real, bool isNew)
{
    const QByteArray from = pathBytes(partial);
    const QByteArray to = pathBytes(real);
    if (isNew)
        return renameWithoutReplacing(from, to);
    return ::rename(from.constData(), to.constData()) == 0 ? 0 : errno;
}

} // namespace

QString realFile(const QString &file)
{
    const QFileInfo info(file);
    const QString real = info.canonicalFilePath();
    return real.isEmpty() ? info.absoluteFilePath() : real;
}

LockState lockNow(int descriptor, int kind)
{
    int result = 0;
    do {
        result = ::flock(descriptor, kind | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0)
        return LockState::Held;
    return errno == EWOULDBLOCK ? LockState::Taken : LockState::Unknown;
}

int renameWithoutReplacing(const QByteArray &from, const QByteArray &to)
{
    if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // A file system that cannot: a hard link fails in the same way.
    if (::link(from.constData(), to.constData()) != 0)
        return errno;
    ::unlink(from.constData());
    return 0;
}

Result<std::optional<QByteArray>> contentOf(const QString &file)
{
    const int descriptor = ::open(pathBytes(file).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const int error = errno;
        struct stat facts{};
        if (error == ENOENT && ::lstat(pathBytes(file).constData(), &facts) != 0)
            return std::optional<QByteArray>();
        return fileFailure(file, error);
    }
    QFile open;
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode) ||
        !open.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        ::close(descriptor);
        return failure(ErrorKind::FileError, u"%1 is no file."_s.arg(file), u"Look at what is there."_s);
    }
    QByteArray content = open.readAll();
    if (open.error() != QFileDevice::NoError)
        return fileFailure(file, EIO);
    return std::optional(std::move(content));
}

Result<void> prepareFile(const QString &file, const QByteArray &content)
{
    const QString real = realFile(file);
    struct stat before{};
    const bool isNew = ::stat(pathBytes(real).constData(), &before) != 0;
    const QString folder = QFileInfo(real).path();
    if (isNew && !QDir().mkpath(folder))
        return fileFailure(folder, errno);
    const QString partial = partialFile(real);
    const int error = writePartial(partial, content, isNew ? nullptr : &before);
    if (error == 0)
        return {};
    ::unlink(pathBytes(partial).constData());
    return fileFailure(file, error);
}

Result<void> putInPlace(const QString &file, const std::optional<QByteArray> &expected,
                        const std::optional<QByteArray> &content)
{
    const auto before = contentOf(file);
    if (!before)
        return std::unexpected(before.error());
    if (*before != expected)
        return wasChanged(file);
    const QString real = realFile(file);
    int error = 0;
    if (content)
        error = moveTo(partialFile(real), real, !expected);
    else if (::unlink(pathBytes(real).constData()) != 0)
        error = errno;
    if (error == EEXIST)
        return wasChanged(file);
    if (error == 0)
        error = syncFolder(QFileInfo(real).path());
    return error == 0 ? Result<void>() : fileFailure(file, error);
}

void cleanUpBeside(const QString &file)
{
    const QString real = realFile(file);
    ::unlink(pathBytes(partialFile(real)).constData());
    removeCompiled(file);
    if (real != file)
        removeCompiled(real);
}

int writeAll(int descriptor, const QByteArray &content)
{
    for (qsizetype done = 0; done < content.size();) {
        const ssize_t written =
            ::write(descriptor, content.constData() + done, static_cast<size_t>(content.size() - done));
        if (written > 0)
            done += written;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

int syncFolder(const QString &folder)
{
    const int descriptor = ::open(pathBytes(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    // Some network file systems know no fsync on a folder.
    const int error = ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
    ::close(descriptor);
    return error;
}

std::unexpected<Error> fileFailure(const QString &file, int error)
{
    const bool isFull = error == ENOSPC || error == EDQUOT || error == EFBIG;
    const bool isForbidden = error == EACCES || error == EPERM || error == EROFS;
    const QString hint = isFull        ? u"The disk is full: make room, then try again."_s
                         : isForbidden ? u"Look at the permissions of the file and its folder."_s
                                       : u"Look at the file and its folder, then try again."_s;
    return failure(ErrorKind::FileError, u"%1 cannot be read or written."_s.arg(file), hint,
                   QString::fromLocal8Bit(std::strerror(error)));
}

} // namespace stepwell
