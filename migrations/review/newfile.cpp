// SPDX-License-Identifier: MIT
#include "migrations/review/newfile.h"

#include "migrations/alembic/replacefile.h"

#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// 0, or errno. The permissions are those of any new file: it is made to be committed.
int writeTo(const QByteArray &path, const QByteArray &content)
{
    const int file = ::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return errno;
    int error = writeAll(file, content);
    if (error == 0 && ::fsync(file) != 0)
        error = errno;
    if (::close(file) != 0 && error == 0)
        error = errno;
    return error;
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
        error = ifThere == IfThere::Keep ? renameWithoutReplacing(partial, final)
                : ::rename(partial.constData(), final.constData()) == 0 ? 0
                                                                        : errno;
    }
    if (error != 0) {
        ::unlink(partial.constData());
        if (ifThere == IfThere::Keep && error == EEXIST)
            return false;
        return fileFailure(path, error);
    }
    std::ignore = syncFolder(info.absolutePath()); // so that the name is on the disk, too
    return true;
}

} // namespace stepwell
