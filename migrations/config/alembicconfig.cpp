// SPDX-License-Identifier: MIT
#include "migrations/config/alembicconfig.h"

#include "migrations/config/configreader.h"

#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> nothingThere(const QString &file, const QString &section,
                                    const std::optional<IniFile> &ini)
{
    if (!ini)
        return failure(ErrorKind::InvalidConfig, u"%1 has no table [tool.alembic]."_s.arg(file),
                       u"Name the project's Alembic ini instead, or write the table."_s);
    return failure(ErrorKind::InvalidConfig, u"%1 has no section [%2]."_s.arg(ini->file(), section),
                   ini->sections().isEmpty() ? u"Is it an Alembic ini? It needs a section [alembic]."_s
                                             : u"Its sections are: %1."_s.arg(ini->sections().join(u", "_s)));
}

} // namespace

Result<AlembicConfig> readAlembicConfig(const QString &file, const QString &section,
                                        const PackageFolders &packages)
{
    const QString name = section.isEmpty() ? u"alembic"_s : section;
    const QFileInfo named(file);
    const bool isToml = named.fileName() == "pyproject.toml"_L1;
    const QString other = named.absolutePath() + (isToml ? u"/alembic.ini"_s : u"/pyproject.toml"_s);
    const bool both = QFileInfo(other).isFile();

    std::optional<IniFile> ini;
    if (!isToml || both) {
        auto read = IniFile::read(isToml ? other : file);
        if (!read)
            return std::unexpected(read.error());
        ini = *std::move(read);
    }
    std::optional<PyProject> toml;
    if (isToml || both) {
        auto read = PyProject::read(isToml ? file : other);
        // Alembic before 1.16 never opens it: an ini that has what is needed works beside any of them.
        const bool needed = isToml || !ini->hasSection(name) || !ini->has(name, u"script_location"_s);
        if (!read && needed)
            return std::unexpected(read.error());
        if (read && read->hasTable())
            toml = *std::move(read);
    }
    if (!toml && (!ini || !ini->hasSection(name)))
        return nothingThere(named.absoluteFilePath(), name, ini);
    return ConfigReader(ini ? &*ini : nullptr, toml ? &*toml : nullptr, name, packages)
        .run(named.absoluteFilePath());
}

} // namespace stepwell
