// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>

namespace stepwell {

/// One verified backup file.
struct BackupRecord {
    QString file;        ///< absolute path
    qint64 size = 0;     ///< bytes
    QString sha256;      ///< of the file, in hex
    QString toolVersion; ///< "pg_dump 17.6"
    QDateTime finished;
    std::chrono::milliseconds dumpDuration{0};
    std::chrono::milliseconds verifyDuration{0};

    bool operator==(const BackupRecord &) const = default;
};

} // namespace stepwell
