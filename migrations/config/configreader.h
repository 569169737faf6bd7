// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/config/alembicconfig.h"
#include "migrations/config/inifile.h"
#include "migrations/config/pyproject.h"

#include <optional>

namespace stepwell {

/// Takes Alembic's settings out of an ini and a pyproject.toml. Each option is looked for in the ini
/// first; what stands in both counts from there.
class ConfigReader
{
public:
    /// Either file may be missing. An ini without the section has no options at all, not even those of
    /// [DEFAULT].
    ConfigReader(const IniFile *ini, const PyProject *toml, const QString &section,
                 const PackageFolders &packages);

    /// file: the one of the two that was named.
    [[nodiscard]] Result<AlembicConfig> run(const QString &file);

private:
    [[nodiscard]] bool iniHas(const QString &option) const;
    [[nodiscard]] Result<QString> text(const QString &option) const;
    [[nodiscard]] Result<bool> boolean(const QString &option) const;
    [[nodiscard]] std::unexpected<Error> invalid(const QString &option, const QString &what,
                                                 const QString &hint) const;
    void readOptions();
    void readDatabases();
    [[nodiscard]] Result<void> checkSlugLength() const;
    [[nodiscard]] Result<void> checkOthers() const;
    [[nodiscard]] Result<void> checkHooks() const;
    [[nodiscard]] Result<QString> separatorOf(const QString &option) const;
    [[nodiscard]] Result<QStringList> pathsToPrepend() const;
    [[nodiscard]] Result<std::optional<QStringList>> locations() const;
    [[nodiscard]] Result<QString> locate(const QString &option, const QString &location);
    [[nodiscard]] Result<void> readPackageRoots();
    [[nodiscard]] Result<void> readScriptLocation();
    [[nodiscard]] Result<void> readVersionLocations();

    const IniFile *m_ini;
    const PyProject *m_toml;
    const PackageFolders &m_packages;
    QStringList m_roots; ///< where packages are looked for, first match wins
    AlembicConfig m_config;
};

} // namespace stepwell
