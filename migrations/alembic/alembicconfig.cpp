// SPDX-License-Identifier: MIT
#include "migrations/alembic/alembicconfig.h"

#include "migrations/alembic/inifile.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Alembic's legacy separators: `, *` and runs of spaces, and for prepend_sys_path also `:`.
QStringList splitLegacy(const QString &text, bool colons)
{
    QStringList parts{QString()};
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text.at(at);
        if (c != u',' && c != u' ' && !(colons && c == u':')) {
            parts.last() += c;
            ++at;
            continue;
        }
        parts += QString();
        ++at;
        while (c != u':' && at < text.size() && text.at(at) == u' ')
            ++at;
    }
    return parts;
}

class ConfigReader
{
public:
    ConfigReader(const IniFile &ini, const QString &section, const PackageFolders &packages)
        : m_ini(ini), m_section(section), m_packages(packages)
    {
    }

    Result<AlembicConfig> run()
    {
        m_config.file = m_ini.file();
        m_config.directory = QDir::cleanPath(QFileInfo(m_ini.file()).absolutePath());
        m_config.section = m_section;
        readOptions();
        return readPackageRoots()
            .and_then([this] { return readScriptLocation(); })
            .and_then([this] { return readVersionLocations(); })
            .transform([this] { return m_config; });
    }

private:
    QString absolute(const QString &path) const
    {
        return QDir::cleanPath(QDir(m_config.directory).absoluteFilePath(path));
    }

    /// An option with a bad `%` is left out: Alembic too fails only when it reads that value.
    void readOptions()
    {
        for (const QString &name : m_ini.options(m_section)) {
            if (const auto value = m_ini.value(m_section, name))
                m_config.options.insert(name, *value);
        }
        m_config.url = m_config.options.value(u"sqlalchemy.url"_s).trimmed();
        m_config.recursive = m_config.options.value(u"recursive_version_locations"_s) == "true"_L1;
    }

    Result<void> readPackageRoots()
    {
        const auto text = m_ini.value(m_section, u"prepend_sys_path"_s);
        if (!text)
            return std::unexpected(text.error());
        const auto separator = separatorOf(u"path_separator"_s);
        if (!separator)
            return std::unexpected(separator.error());
        if (!text->isEmpty()) {
            for (const QString &part :
                 separator->isNull() ? splitLegacy(*text, true) : text->split(*separator)) {
                if (!part.trimmed().isEmpty())
                    m_roots += absolute(part.trimmed());
            }
        }
        m_roots += m_config.directory;
        m_roots += absolute(u"src"_s);
        return {};
    }

    /// A path, or `package.module:folder`: found on disk, since nothing is imported here. Empty if it is
    /// not found.
    QString locate(const QString &text)
    {
        if (QDir::isAbsolutePath(text) || !text.contains(u':'))
            return absolute(text);
        QStringList parts = text.split(u':');
        const QString package = parts.takeFirst();
        const QString folder = QString(package).replace(u'.', u'/');
        for (const QString &root : m_roots) {
            const QString path = QDir(root).absoluteFilePath(folder);
            if (!folder.isEmpty() && QFileInfo(path).isDir())
                return QDir::cleanPath(QDir(path).absoluteFilePath(parts.join(u'/')));
        }
        if (const auto known = m_packages.constFind(package); known != m_packages.cend())
            return QDir::cleanPath(QDir(*known).absoluteFilePath(parts.join(u'/')));
        if (!m_config.unlocatedPackages.contains(package))
            m_config.unlocatedPackages += package;
        return QString();
    }

    Result<void> readScriptLocation()
    {
        const auto text = m_ini.value(m_section, u"script_location"_s);
        if (!text)
            return std::unexpected(text.error());
        if (text->isEmpty())
            return failure(ErrorKind::InvalidConfig,
                           u"%1 has no 'script_location' in [%2]."_s.arg(m_config.file, m_section),
                           u"Add 'script_location = %(here)s/…' with the folder that holds env.py."_s);
        m_config.scriptLocation = locate(*text);
        return {};
    }

    /// Null if the option is not set: then the legacy rules split.
    Result<QString> separatorOf(const QString &option) const
    {
        if (!m_ini.has(m_section, option))
            return QString();
        const auto name = m_ini.value(m_section, option);
        if (!name)
            return std::unexpected(name.error());
        static const QHash<QString, QString> separators{{u"space"_s, u" "_s},
                                                        {u"os"_s, u":"_s},
                                                        {u":"_s, u":"_s},
                                                        {u";"_s, u";"_s},
                                                        {u"newline"_s, u"\n"_s}};
        if (const auto found = separators.constFind(*name); found != separators.cend())
            return *found;
        return failure(ErrorKind::InvalidConfig,
                       u"%1, line %2: '%3' cannot be '%4'."_s.arg(m_config.file)
                           .arg(m_ini.line(m_section, option))
                           .arg(option, *name),
                       u"Use one of: space, os, newline, ':' or ';'."_s);
    }

    Result<void> readVersionLocations()
    {
        const auto text = m_ini.value(m_section, u"version_locations"_s);
        if (!text)
            return std::unexpected(text.error());
        if (text->isEmpty()) {
            if (m_config.scriptLocation.isEmpty())
                return {};
            m_config.versionLocations = {QDir(m_config.scriptLocation).absoluteFilePath(u"versions"_s)};
            return {};
        }
        auto separator = separatorOf(u"path_separator"_s);
        if (separator && separator->isNull())
            separator = separatorOf(u"version_path_separator"_s);
        if (!separator)
            return std::unexpected(separator.error());
        for (const QString &part :
             separator->isNull() ? splitLegacy(*text, false) : text->split(*separator)) {
            if (part.trimmed().isEmpty())
                continue;
            if (const QString path = locate(part.trimmed()); !path.isEmpty())
                m_config.versionLocations += path;
        }
        return {};
    }

    const IniFile &m_ini;
    QString m_section;
    const PackageFolders &m_packages;
    QStringList m_roots; ///< where packages are looked for, first match wins
    AlembicConfig m_config;
};

} // namespace

Result<AlembicConfig> readAlembicConfig(const QString &file, const QString &section,
                                        const PackageFolders &packages)
{
    const QString name = section.isEmpty() ? u"alembic"_s : section;
    if (QFileInfo(file).fileName() == "pyproject.toml"_L1)
        return failure(ErrorKind::Unsupported,
                       u"%1: settings in pyproject.toml are not read yet."_s.arg(file),
                       u"Name the alembic.ini instead."_s);
    const auto ini = IniFile::read(file);
    if (!ini)
        return std::unexpected(ini.error());
    if (!ini->hasSection(name))
        return failure(ErrorKind::InvalidConfig, u"%1 has no section [%2]."_s.arg(ini->file(), name),
                       ini->sections().isEmpty()
                           ? u"Is it an Alembic ini? It needs a section [alembic]."_s
                           : u"Its sections are: %1."_s.arg(ini->sections().join(u", "_s)));
    return ConfigReader(*ini, name, packages).run();
}

} // namespace stepwell
