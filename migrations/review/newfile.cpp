// SPDX-License-Identifier: MIT
#include "migrations/review/newfile.h"

#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> cannotWrite(const QString &path, int error)
{
    const QString hint =
        error == ENOSPC || error == EDQUOT ? u"The disk is full: make room, then try again."_s
        : error == EACCES || error == EROFS || error == EPERM ? u"Look at the permissions of the folder."_s
                                                              : u"Look at the folder and try again."_s;
    return failure(ErrorKind::FileError, u"%1 cannot be written."_s.arg(path), hint,
                   QString::fromLocal8Bit(std::strerror(error)));
}

/// 0, or what went wrong. The permissions are those of any new file: it is made to be committed.
int writeTo(const QByteArray &path, const QByteArray &content)
{
    const int file = ::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return errno;
    int error = 0;
    for (qsizetype done = 0; done < content.size() && error == 0;) {
        const ssize_t written = ::write(file, content.constData() + done, size_t(content.size() - done));
        if (written > 0)
            done += written;
        else if (errno != EINTR)
            error = errno;
    }
    if (error == 0 && ::fsync(file) != 0)
        error = errno;
    if (::close(file) != 0 && error == 0)
        error = errno;
    return error;
}

/// 0, or what went wrong; EEXIST if the file is there.
int moveWithoutReplacing(const QByteArray &from, const QByteArray &to)
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

} // namespace

Result<bool> writeNewFile(const QString &path, const QByteArray &content, IfThere ifThere)
{
    const QFileInfo info(path);
    const QByteArray final = QFile::encodeName(path);
    const QByteArray partial = QFile::encodeName(
        u"%1/.%2.part"_s.arg(info.absolutePath(), QUuid::createUuid().toString(QUuid::WithoutBraces)));
    int error = writeTo(partial, content);
    if (error == 0) {
        error = ifThere == IfThere::Keep                                ? moveWithoutReplacing(partial, final)
                : ::rename(partial.constData(), final.constData()) == 0 ? 0
                                                                        : errno;
    }
    if (error != 0) {
        ::unlink(partial.constData());
        if (ifThere == IfThere::Keep && error == EEXIST)
            return false;
        return cannotWrite(path, error);
    }
    const int folder =
        ::open(QFile::encodeName(info.absolutePath()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) { // so that the name is on the disk, too
        ::fsync(folder);
        ::close(folder);
    }
    return true;
}

} // namespace stepwell
