// SPDX-License-Identifier: MIT
#include "migrations/config/configreader.h"

#include "migrations/config/configvalues.h"
#include "migrations/config/packagelocator.h"
#include "migrations/python/pythontext.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

ConfigReader::ConfigReader(const IniFile *ini, const PyProject *toml, const QString &section,
                           const PackageFolders &packages)
    : m_ini(ini && ini->hasSection(section) ? ini : nullptr), m_toml(toml), m_packages(packages)
{
    m_config.section = section;
    m_config.iniFile = ini ? ini->file() : QString();
    m_config.tomlFile = toml ? toml->file() : QString();
}

Result<AlembicConfig> ConfigReader::run(const QString &file)
{
    m_config.file = file;
    m_config.directory = QDir::cleanPath(QFileInfo(file).absolutePath());
    readOptions();
    readDatabases();
    return checkSlugLength()
        .and_then([this] { return checkOthers(); })
        .and_then([this] { return checkHooks(); })
        .and_then([this] { return readPackageRoots(); })
        .and_then([this] { return readScriptLocation(); })
        .and_then([this] { return readVersionLocations(); })
        .transform([this] { return m_config; });
}

bool ConfigReader::iniHas(const QString &option) const
{
    return m_ini && m_ini->has(m_config.section, option);
}

/// Null if neither file has the option.
Result<QString> ConfigReader::text(const QString &option) const
{
    if (iniHas(option))
        return m_ini->value(m_config.section, option);
    return m_toml ? m_toml->text(option) : QString();
}

/// In an ini, only exactly "true" is on.
Result<bool> ConfigReader::boolean(const QString &option) const
{
    if (iniHas(option))
        return m_ini->value(m_config.section, option).transform([](const QString &value) {
            return value == "true"_L1;
        });
    return m_toml ? m_toml->boolean(option) : false;
}

std::unexpected<Error> ConfigReader::invalid(const QString &option, const QString &what,
                                             const QString &hint) const
{
    if (!iniHas(option) && m_toml)
        return m_toml->invalid(option, what, hint);
    return failure(ErrorKind::InvalidConfig,
                   u"%1, line %2: '%3' %4"_s.arg(m_config.iniFile)
                       .arg(m_ini ? m_ini->line(m_config.section, option) : 0)
                       .arg(option, what),
                   hint);
}

/// An option with a bad `%` is left out: Alembic too fails only when it reads that value. The database is
/// the ini's alone.
void ConfigReader::readOptions()
{
    for (const QString &name : m_toml ? m_toml->options() : QStringList()) {
        const PyProject::Value value = m_toml->value(name);
        using Kind = PyProject::Value::Kind;
        if (value.kind == Kind::Number || value.kind == Kind::Boolean)
            m_config.options.insert(name, value.text);
        else if (const auto text = m_toml->text(name); text && value.kind == Kind::Text)
            m_config.options.insert(name, *text);
    }
    m_config.options.remove(u"sqlalchemy.url"_s);
    for (const QString &name : m_ini ? m_ini->options(m_config.section) : QStringList()) {
        m_config.options.remove(name);
        if (const auto value = m_ini->value(m_config.section, name))
            m_config.options.insert(name, *value);
    }
    m_config.url = m_config.options.value(u"sqlalchemy.url"_s);
}

/// `databases = engine1, engine2` with one section each, as Alembic's template for several databases has it.
void ConfigReader::readDatabases()
{
    if (!iniHas(u"databases"_s))
        return;
    QStringList names;
    for (const QString &part : m_config.options.value(u"databases"_s).split(u',')) {
        if (const QString name = stripped(part).toString(); !name.isEmpty() && !names.contains(name))
            names += name;
    }
    for (const QString &name : std::as_const(names)) {
        const Result<QString> url =
            m_ini->hasSection(name) ? m_ini->value(name, u"sqlalchemy.url"_s) : QString();
        m_config.databases += NamedDatabase{name, url.value_or(QString())};
    }
}

/// Only generation needs it, and yet every command of Alembic fails if it is no number.
Result<void> ConfigReader::checkSlugLength() const
{
    const QString option = u"truncate_slug_length"_s;
    if (!iniHas(option) && m_toml) {
        using Kind = PyProject::Value::Kind;
        const Kind kind = m_toml->value(option).kind;
        if (!m_toml->has(option) || kind == Kind::Number || kind == Kind::Boolean)
            return {};
    }
    const auto value = text(option);
    if (!value)
        return std::unexpected(value.error());
    if (value->isNull() || isPythonInteger(*value))
        return {};
    return invalid(option, u"must be a whole number"_s, u"Write a number such as 40, or remove the line."_s);
}

/// What Alembic reads at every start and a reader has no use for: a bad `%` or type there stops it too. A
/// bad `revision_environment` does not: that one is looked at only by those who write revisions.
Result<void> ConfigReader::checkOthers() const
{
    for (const QString &option : {u"file_template"_s, u"output_encoding"_s, u"timezone"_s}) {
        if (const auto value = text(option); !value)
            return std::unexpected(value.error());
    }
    if (const auto sourceless = boolean(u"sourceless"_s); !sourceless)
        return std::unexpected(sourceless.error());
    return {};
}

/// Alembic expands the whole section, [DEFAULT] included, before it looks at a revision.
Result<void> ConfigReader::checkHooks() const
{
    const QString hooks = u"post_write_hooks"_s;
    const IniFile *ini = m_ini;
    if (ini && ini->hasSection(hooks)) {
        for (const QString &option : ini->options(hooks)) {
            if (const auto value = ini->value(hooks, option); !value)
                return std::unexpected(value.error());
        }
        return {};
    }
    if (!m_toml)
        return {};
    const auto tables = m_toml->tables(hooks);
    if (!tables)
        return std::unexpected(tables.error());
    for (const auto &table : *tables) {
        if (!table.contains(u"name"_s))
            return m_toml->invalid(hooks, u"has an entry without a name"_s, u"Write name = \"…\" into it."_s);
    }
    return {};
}

/// Null if the option is not set. Alembic looks for it in the ini alone.
Result<QString> ConfigReader::separatorOf(const QString &option) const
{
    if (!iniHas(option))
        return QString();
    const auto name = m_ini->value(m_config.section, option);
    if (!name)
        return std::unexpected(name.error());
    if (const QString separator = separatorNamed(*name); !separator.isNull())
        return separator;
    return invalid(option, u"cannot be '%1'"_s.arg(*name), u"Use one of: space, os, newline, ':' or ';'."_s);
}

Result<QStringList> ConfigReader::pathsToPrepend() const
{
    const QString option = u"prepend_sys_path"_s;
    if (iniHas(option)) {
        const auto value = m_ini->value(m_config.section, option);
        if (!value)
            return std::unexpected(value.error());
        const auto separator = value->isEmpty() ? QString() : separatorOf(u"path_separator"_s);
        if (!separator)
            return std::unexpected(separator.error());
        if (!value->isEmpty())
            return separator->isNull() ? splitLegacy(*value, true) : splitAt(*value, *separator);
    }
    if (!m_toml)
        return QStringList();
    // Alembic takes a text apart into its characters, which is right for the usual ".".
    if (m_toml->value(option).kind == PyProject::Value::Kind::Text)
        return m_toml->text(option).transform(
            [](const QString &value) { return value.split(QString(), Qt::SkipEmptyParts); });
    return m_toml->list(option);
}

Result<void> ConfigReader::readPackageRoots()
{
    const auto paths = pathsToPrepend();
    if (!paths)
        return std::unexpected(paths.error());
    for (const QString &path : *paths)
        m_config.prependSysPath += absolutePath(m_config.directory, path);
    m_roots = m_config.prependSysPath;
    m_roots += m_config.directory;
    m_roots += absolutePath(m_config.directory, u"src"_s);
    m_roots.removeIf([](const QString &path) { return path.contains(QChar(0)); });
    m_roots.removeDuplicates();
    return {};
}

/// A path, or `package.module:folder`: found on disk, since nothing is imported here. Empty if it is
/// not found. A folder whose relative name has a ':' in it is misread, as by Alembic.
Result<QString> ConfigReader::locate(const QString &option, const QString &location)
{
    if (location.contains(QChar(0)))
        return invalid(option, u"has a NUL character in it"_s, u"Write the path without it."_s);
    if (location.startsWith(u'/') || !location.contains(u':'))
        return absolutePath(m_config.directory, location);
    QStringList parts = location.split(u':');
    const QString package = parts.takeFirst();
    if (package.split(u'.').contains(QString()))
        return invalid(
            option, u"names no Python package in '%1'"_s.arg(location),
            u"Write package.module:folder. A path with a ':' in it must be absolute: start it with "
            "%(here)s/."_s);
    const QString path = PackageLocator(m_roots, m_packages).locate(package, parts);
    if (path.isEmpty() && !m_config.unlocatedPackages.contains(package))
        m_config.unlocatedPackages += package;
    return path;
}

/// An empty value is the working folder, as in Alembic since 1.16; before that it was an error.
Result<void> ConfigReader::readScriptLocation()
{
    const auto location = text(u"script_location"_s);
    if (!location)
        return std::unexpected(location.error());
    if (location->isNull())
        return failure(ErrorKind::InvalidConfig,
                       m_ini ? u"%1 has no 'script_location' in [%2]."_s.arg(m_config.file, m_config.section)
                             : u"%1 has no 'script_location' in [tool.alembic]."_s.arg(m_config.file),
                       u"Add 'script_location' with the folder that holds env.py: %(here)s/…"_s);
    const auto path = locate(u"script_location"_s, *location);
    if (!path)
        return std::unexpected(path.error());
    m_config.scriptLocation = *path;
    return {};
}

/// Nothing if the default holds.
Result<std::optional<QStringList>> ConfigReader::locations() const
{
    const QString option = u"version_locations"_s;
    if (iniHas(option)) {
        const auto value = m_ini->value(m_config.section, option);
        if (!value)
            return std::unexpected(value.error());
        auto separator = value->isEmpty() ? QString() : separatorOf(u"path_separator"_s);
        if (separator && separator->isNull() && !value->isEmpty())
            separator = separatorOf(u"version_path_separator"_s);
        if (!separator)
            return std::unexpected(separator.error());
        if (!value->isEmpty())
            return separator->isNull() ? splitLegacy(*value, false) : splitAt(*value, *separator);
    }
    const auto list = m_toml ? m_toml->list(option) : QStringList();
    if (!list)
        return std::unexpected(list.error());
    return list->isEmpty() ? std::nullopt : std::optional(*list);
}

Result<void> ConfigReader::readVersionLocations()
{
    const auto recursive = boolean(u"recursive_version_locations"_s);
    if (!recursive)
        return std::unexpected(recursive.error());
    m_config.recursive = *recursive;
    const auto found = locations();
    if (!found)
        return std::unexpected(found.error());
    // A list of separators alone is no list to Alembic either.
    if (!*found || (*found)->isEmpty()) {
        if (!m_config.scriptLocation.isEmpty())
            m_config.versionLocations = {absolutePath(m_config.scriptLocation, u"versions"_s)};
        return {};
    }
    for (const QString &location : **found) {
        const auto path = locate(u"version_locations"_s, location);
        if (!path)
            return std::unexpected(path.error());
        if (!path->isEmpty())
            m_config.versionLocations += *path;
    }
    return {};
}

} // namespace stepwell
