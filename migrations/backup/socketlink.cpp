// SPDX-License-Identifier: MIT
#include "migrations/backup/socketlink.h"

#include <QCryptographicHash>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype socketBytes = 107;

bool isPlain(const QString &folder)
{
    return std::ranges::all_of(folder, [](QChar character) {
        const char16_t c = character.unicode();
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
               c == u'/' || c == u'.' || c == u'_' || c == u'-';
    });
}

bool needsLink(const QString &folder)
{
    const qsizetype length = QFile::encodeName(folder).size() + qsizetype(std::strlen("/.s.PGSQL.5432"));
    return length > socketBytes || !isPlain(folder);
}

enum class Holder { Nobody, Us, Other };

Holder holderOf(const QString &path)
{
    struct stat info{};
    if (::lstat(QFile::encodeName(path).constData(), &info) != 0)
        return errno == ENOENT ? Holder::Nobody : Holder::Other;
    const bool safe = S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & 0022) == 0;
    return safe ? Holder::Us : Holder::Other;
}

} // namespace

/// /tmp comes first because it is the same in every login, also in one without a run-time folder:
/// the path stands in files.
QString socketLinksFolder()
{
    const QString shared = u"/tmp/stepwell-%1"_s.arg(::geteuid());
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (holderOf(shared) == Holder::Other && !runtime.isEmpty() && ::geteuid() != 0)
        return QString(runtime + u"/stepwell"_s);
    return shared;
}

QString socketFolderFor(const QString &folder, const QString &links)
{
    if (!needsLink(folder))
        return folder;
    const QByteArray hash = QCryptographicHash::hash(QFile::encodeName(folder), QCryptographicHash::Sha256);
    return QString(links + u'/' + QString::fromLatin1(hash.toHex().first(16)));
}

Result<void> makeSocketLink(const QString &folder, const QString &links)
{
    if (!needsLink(folder))
        return {};
    if (holderOf(links) == Holder::Nobody)
        ::mkdir(QFile::encodeName(links).constData(), 0711);
    if (holderOf(links) != Holder::Us) {
        return failure(
            ErrorKind::FileError,
            u"%1 is needed for a short path to the server's socket, but it is not safely yours."_s.arg(links),
            u"Remove it (its owner or root can), or use a folder with a shorter path."_s);
    }
    // The umask may have taken away what the server's account needs.
    ::chmod(QFile::encodeName(links).constData(), 0711);
    const QByteArray link = QFile::encodeName(socketFolderFor(folder, links));
    const QByteArray target = QFile::encodeName(folder);
    QByteArray present(target.size() + 1, '\0');
    const ssize_t length = ::readlink(link.constData(), present.data(), size_t(present.size()));
    if (length == target.size() && present.first(length) == target)
        return {};
    ::unlink(link.constData());
    if (::symlink(target.constData(), link.constData()) != 0 && errno != EEXIST) {
        return failure(ErrorKind::FileError, u"The link %1 cannot be made."_s.arg(QFile::decodeName(link)),
                       u"Look at the permissions of %1 and at the free space."_s.arg(links),
                       QString::fromLocal8Bit(std::strerror(errno)));
    }
    return {};
}

void removeSocketLink(const QString &folder, const QString &links)
{
    if (needsLink(folder) && holderOf(links) == Holder::Us)
        ::unlink(QFile::encodeName(socketFolderFor(folder, links)).constData());
}

} // namespace stepwell
