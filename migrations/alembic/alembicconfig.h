// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QMap>
#include <QStringList>

namespace stepwell {

/// One Alembic ini, as far as a reader needs it. ConfigParser's rules: specification, section A.
struct AlembicConfig {
    QString file;                 ///< absolute path
    QString directory;            ///< where relative paths start: the folder of the ini
    QString section;              ///< "alembic" unless another was asked for
    QString scriptLocation;       ///< absolute path
    QStringList versionLocations; ///< absolute paths
    bool recursive = false;
    QString url;                    ///< sqlalchemy.url, or empty
    QMap<QString, QString> options; ///< all options of the section, interpolated

    bool operator==(const AlembicConfig &) const = default;
};

/// Reads an ini. Alembic takes relative paths from the working folder; Stepwell runs it in the
/// folder of the ini, so both agree.
/// Errors: FileError, InvalidConfig (with line), Unsupported (package-form script_location).
[[nodiscard]] Result<AlembicConfig> readAlembicConfig(const QString &file, const QString &section = {});

} // namespace stepwell
