// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QHash>
#include <QMap>
#include <QStringList>

namespace stepwell {

/// One of several databases that an ini names, each with a version table of its own and all with the same
/// revisions. That is a habit of env.py files: Alembic itself does not know it.
struct NamedDatabase {
    QString name; ///< of its section too
    QString url;  ///< empty if the section has none

    bool operator==(const NamedDatabase &) const = default;
};

/// Alembic's settings, as far as a reader needs them. ConfigParser's rules: specification, section A.
struct AlembicConfig {
    QString file;                 ///< the file that was named; absolute path
    QString iniFile;              ///< that file or the alembic.ini beside it; empty if there is none
    QString tomlFile;             ///< that file or the pyproject.toml beside it; empty without [tool.alembic]
    QString directory;            ///< where relative paths start: the folder of the files
    QString section;              ///< "alembic" unless another was asked for
    QString scriptLocation;       ///< absolute path
    QStringList versionLocations; ///< absolute paths
    bool recursive = false;
    QString url;                    ///< sqlalchemy.url of the ini, or empty
    QList<NamedDatabase> databases; ///< those of `databases = …`, in its order
    QMap<QString, QString> options; ///< texts, numbers and booleans of both files, interpolated
    QStringList prependSysPath;     ///< absolute paths, as `prepend_sys_path` names them
    /// Python packages in script_location or version_locations whose folder could not be found on disk:
    /// the locations that need them are missing above until Python was asked.
    QStringList unlocatedPackages;

    bool operator==(const AlembicConfig &) const = default;
};

/// Folders of Python packages, by dotted name, as Python told them.
using PackageFolders = QHash<QString, QString>;

/// Reads an ini with the pyproject.toml beside it, or a pyproject.toml with the alembic.ini beside it: each
/// option counts from the ini if it is there. Alembic takes relative paths from the working folder; Stepwell
/// runs it in the folder of the file, so both agree. Links are not resolved.
/// Errors: FileError, InvalidConfig (with line).
[[nodiscard]] Result<AlembicConfig> readAlembicConfig(const QString &file, const QString &section = {},
                                                      const PackageFolders &packages = {});

} // namespace stepwell
