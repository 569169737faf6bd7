// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

namespace stepwell {

inline constexpr QLatin1StringView backupSuffix(".dump");
inline constexpr QLatin1StringView partialBackupSuffix(".dump.partial");

/// The file of a backup that is being made: new, for its owner only, and removed again with this
/// object unless it got its final name.
class PartialFile
{
public:
    /// Takes the name DIRECTORY/BASENAME-yyyy-MM-ddTHHmmss (local time; with -2, -3 … if that is taken).
    /// What is no letter, digit, dot, dash or underscore in `baseName` becomes a dash. Errors: BackupFailed.
    [[nodiscard]] static Result<PartialFile> reserve(const QString &directory, const QString &baseName);
    PartialFile(PartialFile &&other) noexcept;
    PartialFile &operator=(PartialFile &&other) noexcept;
    ~PartialFile();

    [[nodiscard]] QString path() const;
    /// Brings it to the disk for good and under its final name, which is returned. Errors: BackupFailed.
    [[nodiscard]] Result<QString> finish();

private:
    explicit PartialFile(QString stem) : m_stem(std::move(stem)) {}
    QString m_stem; ///< absolute path without suffix; empty: nothing to remove
};

} // namespace stepwell
