// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptdirectory.h"

#include "migrations/alembic/revisionfile.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <filesystem>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

/// Finds the revision files in Alembic's order, which breaks ties everywhere: names by code point,
/// a folder's files before its folders, real paths once.
class FileFinder
{
public:
    explicit FileFinder(const AlembicConfig &config)
        : m_recursive(config.recursive), m_sourceless(config.options.value(u"sourceless"_s) == "true"_L1)
    {
    }

    Result<QStringList> run(const QStringList &locations)
    {
        for (const QString &location : locations) {
            std::error_code error;
            const fs::path folder = fs::canonical(fs::path(location.toStdString()), error);
            if (error)
                continue; // Alembic passes over missing version locations in silence
            if (auto done = walk(folder); !done)
                return std::unexpected(done.error());
        }
        return m_files;
    }

private:
    struct Entries {
        std::vector<std::string> files; ///< UTF-8: byte order is code point order
        std::vector<std::string> links;
        std::vector<std::string> folders;
    };

    static Result<Entries> list(const fs::path &folder)
    {
        Entries entries;
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            std::error_code ignored;
            const std::string name = at->path().filename().string();
            const bool link = at->symlink_status(ignored).type() == fs::file_type::symlink;
            if (at->status(ignored).type() == fs::file_type::directory) {
                if (!link)
                    entries.folders.push_back(name);
                continue;
            }
            entries.files.push_back(name);
            if (link)
                entries.links.push_back(name);
        }
        if (error)
            return failure(ErrorKind::FileError,
                           u"%1 cannot be read: %2."_s.arg(QString::fromStdString(folder.string()),
                                                           QString::fromStdString(error.message())),
                           u"Check the permissions of the folder."_s);
        std::ranges::sort(entries.files);
        std::ranges::sort(entries.folders);
        return entries;
    }

    Result<void> walk(const fs::path &folder)
    {
        const auto entries = list(folder);
        if (!entries)
            return std::unexpected(entries.error());
        if (!folder.string().ends_with("__pycache__")) {
            for (const std::string &name : entries->files) {
                const bool link = std::ranges::find(entries->links, name) != entries->links.end();
                if (auto done = add(folder / name, link); !done)
                    return done;
            }
            if (!m_recursive)
                return {};
        }
        for (const std::string &name : entries->folders) {
            if (auto done = walk(folder / name); !done)
                return done;
        }
        return {};
    }

    Result<void> add(fs::path path, bool link)
    {
        if (link) {
            std::error_code error;
            path = fs::weakly_canonical(path, error);
        }
        const std::string name = path.filename().string();
        const QString file = QString::fromStdString(path.string());
        if (m_sourceless && isCompiledOnly(path))
            return failure(ErrorKind::Unsupported, u"%1 is a revision without source."_s.arg(file),
                           u"Compiled revisions cannot be read without Python: keep the .py files."_s);
        if (!name.ends_with(".py") || name.starts_with("__init__") || name.starts_with(".#") ||
            m_seen.contains(file))
            return {};
        m_seen.insert(file);
        m_files += file;
        return {};
    }

    static bool isCompiledOnly(const fs::path &path)
    {
        const std::string name = path.filename().string();
        if (!name.ends_with(".pyc") && !name.ends_with(".pyo"))
            return false;
        std::error_code ignored;
        return !name.starts_with("__init__") &&
               !fs::exists(path.parent_path() / name.substr(0, name.size() - 1), ignored);
    }

    bool m_recursive;
    bool m_sourceless;
    QSet<QString> m_seen;
    QStringList m_files;
};

} // namespace

Result<ScriptDirectory> ScriptDirectory::load(const QString &configFile, const QString &section)
{
    auto config = readAlembicConfig(configFile, section);
    if (!config)
        return std::unexpected(config.error());
    if (!QFileInfo(config->scriptLocation).isDir())
        return failure(ErrorKind::BrokenScripts,
                       u"The script directory %1 does not exist."_s.arg(config->scriptLocation),
                       u"%1 names it in 'script_location': correct the path there."_s.arg(config->file));
    // Without version_locations Alembic insists on the folder 'versions'; the walk over a missing one is
    // empty.
    const auto files = FileFinder(*config).run(config->versionLocations);
    if (!files)
        return std::unexpected(files.error());
    QList<Revision> revisions;
    revisions.reserve(files->size());
    for (const QString &file : *files) {
        auto revision = readRevisionFile(file);
        if (!revision)
            return std::unexpected(revision.error());
        revisions += *std::move(revision);
    }
    auto map = RevisionMap::build(revisions);
    if (!map)
        return std::unexpected(map.error());
    return ScriptDirectory{*std::move(config), *std::move(map)};
}

QString fileHash(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    return hash.addData(&source) ? QString::fromLatin1(hash.result().toHex()) : QString();
}

} // namespace stepwell
