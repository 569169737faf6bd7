// SPDX-License-Identifier: MIT
#include "migrations/backup/partialfile.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString systemMessage()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

/// fsync. Sets errno.
bool sync(const QString &path, int flags)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    // Some network file systems know no fsync on a folder.
    const bool synced = ::fsync(descriptor) == 0 || (errno == EINVAL && (flags & O_DIRECTORY) != 0);
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return synced;
}

QString stemFor(const QString &directory, const QString &baseName)
{
    QString base = baseName;
    static const QRegularExpression unsafe(u"[^A-Za-z0-9._-]+"_s);
    base.replace(unsafe, u"-"_s);
    if (base.isEmpty() || base.startsWith(u'.'))
        base.prepend(u"backup"_s);
    return QString(directory + u'/' + base +
                   QDateTime::currentDateTime().toString(u"'-'yyyy-MM-dd'T'HHmmss"_s));
}

} // namespace

Result<PartialFile> PartialFile::reserve(const QString &directory, const QString &baseName)
{
    const QString base = stemFor(directory, baseName);
    for (int number = 1; number <= 100; ++number) {
        const QString stem = number == 1 ? base : u"%1-%2"_s.arg(base).arg(number);
        const QByteArray path = QFile::encodeName(QString(stem + partialBackupSuffix));
        const int descriptor = ::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor < 0 && errno == EEXIST)
            continue;
        if (descriptor < 0) {
            return failure(ErrorKind::BackupFailed, u"No file can be written in %1."_s.arg(directory),
                           u"Choose a folder that you may write in."_s, systemMessage());
        }
        ::close(descriptor);
        PartialFile file(stem);
        if (!QFileInfo::exists(QString(stem + backupSuffix))) // only the holder of the partial file makes it
            return file;
    }
    return failure(ErrorKind::BackupFailed, u"No free name for a backup was found in %1."_s.arg(directory),
                   u"Try again in a moment."_s);
}

PartialFile::PartialFile(PartialFile &&other) noexcept : m_stem(std::exchange(other.m_stem, {})) {}

PartialFile &PartialFile::operator=(PartialFile &&other) noexcept
{
    m_stem.swap(other.m_stem);
    return *this;
}

PartialFile::~PartialFile()
{
    if (!m_stem.isEmpty())
        QFile::remove(path());
}

QString PartialFile::path() const
{
    return QString(m_stem + partialBackupSuffix);
}

Result<QString> PartialFile::finish()
{
    const QString finalName = QString(m_stem + backupSuffix);
    const QString hint = u"Look at the disk of the backup folder, then try again."_s;
    if (!sync(path(), O_RDWR)) {
        return failure(ErrorKind::BackupFailed, u"The backup cannot be brought to the disk."_s, hint,
                       systemMessage());
    }
    if (::rename(QFile::encodeName(path()).constData(), QFile::encodeName(finalName).constData()) != 0) {
        return failure(ErrorKind::BackupFailed, u"The backup cannot be renamed to %1."_s.arg(finalName), hint,
                       systemMessage());
    }
    m_stem.clear();
    if (!sync(QFileInfo(finalName).absolutePath(), O_RDONLY | O_DIRECTORY)) {
        const QString why = systemMessage();
        QFile::remove(finalName);
        return failure(ErrorKind::BackupFailed, u"The backup cannot be brought to the disk."_s, hint, why);
    }
    return finalName;
}

} // namespace stepwell
