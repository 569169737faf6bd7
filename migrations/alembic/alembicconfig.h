// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QHash>
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
    /// Python packages in script_location or version_locations whose folder could not be found on disk:
    /// the locations that need them are missing above until Python was asked.
    QStringList unlocatedPackages;

    bool operator==(const AlembicConfig &) const = default;
};

/// Folders of Python packages, by dotted name, as Python told them.
using PackageFolders = QHash<QString, QString>;

/// Reads an ini. Alembic takes relative paths from the working folder; Stepwell runs it in the
/// folder of the ini, so both agree.
/// Errors: FileError, InvalidConfig (with line).
[[nodiscard]] Result<AlembicConfig> readAlembicConfig(const QString &file, const QString &section = {},
                                                      const PackageFolders &packages = {});

} // namespace stepwell
