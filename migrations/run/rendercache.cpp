// SPDX-License-Identifier: MIT
#include "migrations/run/rendercache.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryFile>

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

const auto head = "stepwell rendered 1\n"_ba;
const auto partialName = u"partial-"_s;
constexpr qint64 hashSize = 32;
constexpr qint64 staleAfter = 3600; ///< seconds until a partial file belongs to a program that is gone

QByteArray hashOf(const QByteArray &data)
{
    return QCryptographicHash::hash(data, QCryptographicHash::Sha256);
}

} // namespace

RenderCache::RenderCache(QString folder, qint64 limit) : m_folder(std::move(folder)), m_limit(limit) {}

QString RenderCache::defaultFolder()
{
    return QString(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
                   u"/stepwell/rendered"_s);
}

QString RenderCache::fileOf(const QByteArray &key) const
{
    return QString(m_folder + u'/' + QString::fromLatin1(key));
}

std::optional<QByteArray> RenderCache::find(const QByteArray &key) const
{
    QFile file(fileOf(key));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray content = file.readAll();
    if (!content.startsWith(head) || content.size() < head.size() + hashSize)
        return std::nullopt;
    const QByteArray packed = content.sliced(head.size() + hashSize);
    if (hashOf(packed) != content.sliced(head.size(), hashSize))
        return std::nullopt;
    ::futimens(file.handle(), nullptr);
    return qUncompress(packed);
}

bool RenderCache::makeFolder() const
{
    constexpr auto owner = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (!QDir(m_folder).exists()) {
        // Not mkpath() for the folder itself: others could look into it for a moment.
        if (!QDir().mkpath(QFileInfo(m_folder).absolutePath()))
            return false;
        ::mkdir(QFile::encodeName(m_folder).constData(), S_IRWXU);
    }
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                            QFile::WriteOther | QFile::ExeOther;
    return !QFile::permissions(m_folder).testAnyFlags(others) || QFile::setPermissions(m_folder, owner);
}

void RenderCache::insert(const QByteArray &key, const QByteArray &data) const
{
    const QByteArray packed = qCompress(data);
    if (packed.size() > m_limit || !makeFolder())
        return;
    QTemporaryFile file(QString(m_folder + u'/' + partialName + u"XXXXXX"_s)); // 0600 from the start
    if (!file.open())
        return;
    const QByteArray content = head + hashOf(packed) + packed;
    if (file.write(content) != content.size() || !file.flush())
        return;
    // QFile::rename() does not replace.
    if (std::rename(QFile::encodeName(file.fileName()).constData(),
                    QFile::encodeName(fileOf(key)).constData()) == 0)
        file.setAutoRemove(false);
}

void RenderCache::trim() const
{
    QFileInfoList files = QDir(m_folder).entryInfoList(QDir::Files | QDir::Hidden);
    const QDateTime stale = QDateTime::currentDateTimeUtc().addSecs(-staleAfter);
    files.removeIf([&](const QFileInfo &file) {
        if (!file.fileName().startsWith(partialName))
            return false;
        if (file.lastModified() < stale)
            QFile::remove(file.filePath());
        return true;
    });
    qint64 sum = 0;
    for (const QFileInfo &file : std::as_const(files))
        sum += file.size();
    if (sum <= m_limit)
        return;
    std::ranges::sort(files, {}, [](const QFileInfo &file) { return file.lastModified(); });
    for (const QFileInfo &file : std::as_const(files)) {
        if (sum <= m_limit)
            break;
        sum -= file.size();
        QFile::remove(file.filePath());
    }
}

} // namespace stepwell
