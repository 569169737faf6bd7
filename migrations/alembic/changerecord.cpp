// SPDX-License-Identifier: MIT
#include "migrations/alembic/changerecord.h"

#include "migrations/alembic/replacefile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int recordVersion = 1;

QString hashOf(const QByteArray &content)
{
    return QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

QJsonValue contentToJson(const std::optional<QByteArray> &content)
{
    if (!content)
        return QJsonValue::Null;
    return QJsonObject{{u"sha256"_s, hashOf(*content)},
                       {u"base64"_s, QString::fromLatin1(content->toBase64())}};
}

/// False if it is damaged.
bool contentFromJson(const QJsonValue &value, std::optional<QByteArray> &content)
{
    if (value.isNull())
        return true;
    const auto bytes = QByteArray::fromBase64Encoding(value["base64"_L1].toString().toLatin1(),
                                                      QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes || !value["base64"_L1].isString() || hashOf(*bytes) != value["sha256"_L1].toString())
        return false;
    content = *bytes;
    return true;
}

std::unexpected<Error> isDamaged(const QString &record)
{
    return failure(
        ErrorKind::FileError,
        u"%1 tells of a change of revision files that was cut off, and cannot be read."_s.arg(record),
        u"Compare the revision files with git, bring them in order by hand, then remove that file."_s);
}

std::unexpected<Error> isBusy(const QString &record)
{
    return failure(ErrorKind::Locked,
                   u"Another Stepwell is changing these revision files right now (%1)."_s.arg(record),
                   u"Wait until it is done, then look again."_s);
}

std::unexpected<Error> isUnfinished(const QString &record)
{
    return failure(ErrorKind::Locked,
                   u"A change of these revision files was cut off and is not finished (%1)."_s.arg(record),
                   u"Finish it or take it back first: stepwell resolve COMPONENT --continue, or --undo."_s);
}

/// Who looks whether somebody is at work holds the lock for a moment, too.
bool lockPatiently(int descriptor)
{
    constexpr int attempts = 20;
    for (int attempt = 1; lockNow(descriptor, LOCK_EX) == LockState::Taken; ++attempt) {
        if (attempt == attempts)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

bool isSameFile(int descriptor, const QString &path)
{
    struct stat open{};
    struct stat named{};
    return ::fstat(descriptor, &open) == 0 && ::stat(QFile::encodeName(path).constData(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

/// Records that a crash left before they got their name. One that is being written is locked.
void removeLeftovers(const QString &record)
{
    const QFileInfo info(record);
    const QStringList names =
        QDir(info.path()).entryList({QString(info.fileName() + u".*.part"_s)}, QDir::Files | QDir::Hidden);
    for (const QString &name : names) {
        const QByteArray path = QFile::encodeName(QString(info.path() + u'/' + name));
        const int descriptor = ::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0)
            continue;
        if (lockNow(descriptor, LOCK_EX) != LockState::Taken)
            ::unlink(path.constData());
        ::close(descriptor);
    }
}

} // namespace

QJsonObject toJson(const FileChange &change)
{
    return {{u"file"_s, change.file},
            {u"before"_s, contentToJson(change.before)},
            {u"after"_s, contentToJson(change.after)}};
}

std::optional<FileChange> fileChangeFromJson(const QJsonValue &json)
{
    FileChange change{.file = json["file"_L1].toString()};
    if (!QDir::isAbsolutePath(change.file) || !contentFromJson(json["before"_L1], change.before) ||
        !contentFromJson(json["after"_L1], change.after))
        return {};
    return change;
}

QString changeRecordFile(const QString &folder)
{
    return QString(folder + u"/.stepwell-change.json"_s);
}

QByteArray writeChangeRecord(const UnfinishedChange &change)
{
    QJsonArray files;
    for (const FileChange &one : change.changes)
        files += toJson(one);
    return QJsonDocument(QJsonObject{{u"version"_s, recordVersion},
                                     {u"what"_s, change.what},
                                     {u"begun"_s, change.begun.toUTC().toString(Qt::ISODateWithMs)},
                                     {u"pid"_s, static_cast<qint64>(::getpid())},
                                     {u"files"_s, files}})
        .toJson();
}

Result<UnfinishedChange> readChangeRecord(const QByteArray &json, const QString &record)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    if (object["version"_L1].toInt() != recordVersion || !object["files"_L1].isArray())
        return isDamaged(record);
    UnfinishedChange change{.record = record,
                            .what = object["what"_L1].toString(),
                            .begun = QDateTime::fromString(object["begun"_L1].toString(), Qt::ISODateWithMs)};
    for (const auto &file : object["files"_L1].toArray()) {
        const auto one = fileChangeFromJson(file);
        if (!one)
            return isDamaged(record);
        change.changes += *one;
    }
    return change;
}

Result<ChangeLock> ChangeLock::create(const QString &folder, const UnfinishedChange &change)
{
    const QString record = changeRecordFile(folder);
    const QByteArray path = QFile::encodeName(record);
    const QString id = QUuid::createUuid().toString(QUuid::Id128);
    const QByteArray partial = path + '.' + id.toLatin1() + ".part";
    const int descriptor = ::open(partial.constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return fileFailure(record, errno);
    ChangeLock held(record, descriptor);
    int error = lockNow(descriptor, LOCK_EX) != LockState::Taken
                    ? writeAll(descriptor, writeChangeRecord(change))
                    : EBUSY;
    if (error == 0 && ::fsync(descriptor) != 0)
        error = errno;
    // A name that is taken must not be replaced.
    if (error == 0 && ::link(partial.constData(), path.constData()) != 0)
        error = errno;
    if (error == EPERM || error == EOPNOTSUPP || error == EMLINK) // a file system without hard links
        error = ::renameat2(AT_FDCWD, partial.constData(), AT_FDCWD, path.constData(), RENAME_NOREPLACE) == 0
                    ? 0
                    : errno;
    ::unlink(partial.constData());
    if (error == 0)
        error = syncFolder(folder);
    if (error == EEXIST || error == ENOENT || error == EBUSY) { // or somebody at work took it for a leftover
        const int other = ::open(path.constData(), O_RDONLY | O_CLOEXEC);
        const bool isAtWork = other < 0 || isHeld(other);
        if (other >= 0)
            ::close(other);
        return isAtWork ? isBusy(record) : isUnfinished(record);
    }
    if (error != 0) {
        if (isSameFile(descriptor, record))
            ::unlink(path.constData());
        return fileFailure(record, error);
    }
    removeLeftovers(record);
    return held;
}

Result<ChangeLock> ChangeLock::take(const QString &record, UnfinishedChange &change)
{
    const int descriptor = ::open(QFile::encodeName(record).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno != ENOENT)
        return fileFailure(record, errno);
    ChangeLock held(record, descriptor);
    if (descriptor >= 0 && !lockPatiently(descriptor))
        return isBusy(record);
    if (descriptor < 0 || !isSameFile(descriptor, record))
        return failure(ErrorKind::Refused, u"The change is not unfinished any more."_s,
                       u"Somebody finished it or took it back: look at the files again."_s);
    const auto json = contentOf(record);
    if (!json)
        return std::unexpected(json.error());
    auto read = readChangeRecord(json->value_or(QByteArray()), record);
    if (!read)
        return std::unexpected(read.error());
    change = *std::move(read);
    return held;
}

bool ChangeLock::isHeld(int descriptor)
{
    const bool isFree = lockNow(descriptor, LOCK_SH) != LockState::Taken;
    if (isFree)
        ::flock(descriptor, LOCK_UN);
    return !isFree;
}

ChangeLock::ChangeLock(ChangeLock &&other) noexcept
    : m_record(std::move(other.m_record)), m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

ChangeLock &ChangeLock::operator=(ChangeLock &&other) noexcept
{
    std::swap(m_record, other.m_record);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

ChangeLock::~ChangeLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> ChangeLock::removeRecord()
{
    if (::unlink(QFile::encodeName(m_record).constData()) != 0 && errno != ENOENT)
        return fileFailure(m_record, errno);
    // If a power cut brings the record back, all files are as it says.
    static_cast<void>(syncFolder(QFileInfo(m_record).path()));
    return {};
}

} // namespace stepwell
