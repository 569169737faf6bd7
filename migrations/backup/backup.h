// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/backup/backuprecord.h"
#include "migrations/database/connectionsettings.h"

#include <QList>

#include <functional>
#include <stop_token>

namespace stepwell {

/// What to back up, and where to.
struct BackupRequest {
    ConnectionSettings settings;
    QString password;                            ///< empty: none, or libpq's own password file
    QString directory;                           ///< made, for its owner only, if it is missing
    QString baseName;                            ///< "production-manager"; the time is added
    int serverVersion = 0;                       ///< 170006
    qint64 databaseSize = 0;                     ///< bytes; 0: unknown, the free space is not looked at then
    std::chrono::milliseconds lockTimeout{5000}; ///< for pg_dump's own table locks; 0: waits for ever
};

struct BackupProgress {
    enum Phase { Dump, Verify };
    Phase phase = Dump;
    qint64 done = 0;  ///< bytes; of the file while dumping, of both readings while verifying
    qint64 total = 0; ///< bytes; while dumping the size of the database, which is more than the file
                      ///< will have in nearly all cases; 0: unknown
    QString object;   ///< what is being worked on, as pg_dump and pg_restore say it

    bool operator==(const BackupProgress &) const = default;
};

/// Called in the thread that makes the backup, about ten times a second.
using BackupProgressHandler = std::function<void(const BackupProgress &)>;

/// pg_dump in custom format to DIRECTORY/NAME-yyyy-MM-ddTHHmmss.dump.partial, read back in full,
/// synced, and only then renamed to .dump. Nothing is ever overwritten; after an error or a cancel the
/// partial file is gone. Blocking; any thread. Never run it beside an upgrade: its locks make the
/// upgrade's statements wait, and everybody behind them.
/// Errors: BackupFailed with what to do, ProgramMissing, Cancelled.
[[nodiscard]] Result<BackupRecord> makeBackup(const BackupRequest &request,
                                              const BackupProgressHandler &progress = {},
                                              const std::stop_token &stop = {});

/// Reads a dump in full; `pg_restore --list` would pass truncated ones. Sees missing and damaged data, but
/// not a changed letter in the table of contents, which has no checksum: for that, use the record.
/// Errors: BackupFailed, ProgramMissing, Cancelled.
[[nodiscard]] Result<void> verifyBackup(const QString &file, const std::stop_token &stop = {},
                                        const BackupProgressHandler &progress = {});
/// The same, and the file is byte for byte the one of the record.
[[nodiscard]] Result<void> verifyBackup(const BackupRecord &record, const std::stop_token &stop = {},
                                        const BackupProgressHandler &progress = {});

/// "1.2 GB": sizes as sentences about backups and room for them give them, in any locale.
[[nodiscard]] QString sizeText(qint64 bytes);

/// A dump in a folder of backups.
struct BackupFile {
    QString file;     ///< absolute path
    QString baseName; ///< as in the request; the whole name if it is not one of ours
    QDateTime made;   ///< from the name, else the file's time
    qint64 size = 0;
    bool partial = false; ///< being written, or left behind by a crash; not a backup

    bool operator==(const BackupFile &) const = default;
};

/// The dumps in a folder, newest first; none if there is no such folder. Errors: FileError.
[[nodiscard]] Result<QList<BackupFile>> listBackups(const QString &directory);

} // namespace stepwell
