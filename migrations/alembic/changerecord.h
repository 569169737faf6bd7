// SPDX-License-Identifier: MIT
// The record of a change of files, as it is kept in the folder while the change is under way.
#pragma once

#include "migrations/alembic/filechanges.h"

#include <QJsonObject>

namespace stepwell {

/// With the hash of both contents.
[[nodiscard]] QJsonObject toJson(const FileChange &change);
/// Nothing if it is damaged in any way: to take it for less would remove a file.
[[nodiscard]] std::optional<FileChange> fileChangeFromJson(const QJsonValue &json);

[[nodiscard]] QString changeRecordFile(const QString &folder);

[[nodiscard]] QByteArray writeChangeRecord(const UnfinishedChange &change);
/// `record`: for the error and the result. Errors: FileError.
[[nodiscard]] Result<UnfinishedChange> readChangeRecord(const QByteArray &json, const QString &record);

/// The record of a change, locked by this process for the object's life; the kernel lets go of it when the
/// process dies.
class ChangeLock
{
public:
    /// Writes a new record; it appears whole and locked. Errors: Locked (there is one), FileError.
    [[nodiscard]] static Result<ChangeLock> create(const QString &folder, const UnfinishedChange &change);
    /// Locks one that is there and tells what it holds. Errors: Locked (somebody is at work), Refused (it is
    /// gone), FileError.
    [[nodiscard]] static Result<ChangeLock> take(const QString &record, UnfinishedChange &change);
    /// True if another process holds the lock. Nothing is waited for.
    [[nodiscard]] static bool isHeld(int descriptor);

    ChangeLock(ChangeLock &&other) noexcept;
    ChangeLock &operator=(ChangeLock &&other) noexcept;
    ~ChangeLock();

    /// Removes the record: the change is over. Errors: FileError.
    [[nodiscard]] Result<void> removeRecord();

private:
    ChangeLock(QString record, int descriptor) : m_record(std::move(record)), m_descriptor(descriptor) {}
    QString m_record;
    int m_descriptor = -1;
};

} // namespace stepwell
