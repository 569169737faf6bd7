// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptfiles.h"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

class FileFinder
{
public:
    explicit FileFinder(const AlembicConfig &config)
        : m_recursive(config.recursive), m_sourceless(config.options.value(u"sourceless"_s) == "true"_L1)
    {
    }

    Result<ScriptFiles> run(const QStringList &locations)
    {
        for (const QString &location : locations) {
            std::error_code error;
            const fs::path folder = fs::canonical(fs::path(location.toStdString()), error);
            m_result.folders += QString::fromStdString(error ? location.toStdString() : folder.string());
            if (error || !fs::is_directory(folder, error))
                continue;
            if (auto done = walk(folder.string()); !done)
                return std::unexpected(done.error());
        }
        return m_result;
    }

private:
    struct Entries {
        std::vector<std::pair<std::string, bool>> files; ///< UTF-8: byte order is code point order; is a link
        std::vector<std::string> folders;
    };

    static Result<Entries> list(const std::string &folder)
    {
        Entries entries;
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            std::error_code ignored;
            std::string name = at->path().filename().string();
            // The kind comes with the entry: no further call for plain files.
            const bool link = at->is_symlink(ignored);
            if (!at->is_directory(ignored))
                entries.files.emplace_back(std::move(name), link);
            else if (!link)
                entries.folders.push_back(std::move(name));
        }
        if (error)
            return failure(ErrorKind::UnreadableRevision,
                           u"%1 cannot be read: %2."_s.arg(QString::fromStdString(folder),
                                                           QString::fromStdString(error.message())),
                           u"Check the permissions of the folder."_s);
        std::ranges::sort(entries.files);
        std::ranges::sort(entries.folders);
        return entries;
    }

    Result<void> walk(const std::string &folder)
    {
        const auto entries = list(folder);
        if (!entries)
            return std::unexpected(entries.error());
        if (!folder.ends_with("__pycache__")) {
            for (const auto &[name, link] : entries->files)
                add(folder, name, link);
            if (m_sourceless)
                addCached(folder, *entries);
            if (!m_recursive)
                return {};
        }
        for (const std::string &name : entries->folders) {
            m_result.folders += QString::fromStdString(folder + '/' + name);
            if (auto done = walk(folder + '/' + name); !done)
                return done;
        }
        return {};
    }

    void add(const std::string &folder, const std::string &name, bool link)
    {
        std::string path = folder + '/' + name;
        if (link) {
            std::error_code error;
            path = fs::weakly_canonical(path, error).string();
        }
        const std::string_view real = std::string_view(path).substr(path.rfind('/') + 1);
        if (real.starts_with("__init__") || real.starts_with(".#"))
            return;
        if (real.ends_with(".py") || (m_sourceless && isCompiledOnly(path)))
            append(path);
    }

    /// Of __pycache__ those count whose name, up to the first dot, is no file of the folder.
    void addCached(const std::string &folder, const Entries &entries)
    {
        if (!std::ranges::contains(entries.folders, "__pycache__"))
            return;
        const auto cached = list(folder + "/__pycache__");
        if (!cached)
            return;
        const auto stem = [](const std::string &name) { return name.substr(0, name.find('.')); };
        std::unordered_set<std::string> known;
        for (const auto &[name, link] : entries.files)
            known.insert(stem(name));
        for (const auto &[name, link] : cached->files) {
            if (isCompiled(name) && !name.starts_with("__init__") && !known.contains(stem(name)))
                append(folder + "/__pycache__/" + name);
        }
    }

    static bool isCompiled(std::string_view name) { return name.ends_with(".pyc") || name.ends_with(".pyo"); }

    static bool isCompiledOnly(const std::string &path)
    {
        std::error_code ignored;
        const std::string source = path.substr(0, path.size() - 1);
        return isCompiled(path) && !fs::exists(source, ignored) &&
               (path.ends_with('c') || !fs::exists(source + 'c', ignored));
    }

    void append(const std::string &path)
    {
        if (m_seen.insert(path).second)
            m_result.files += QString::fromStdString(path);
    }

    bool m_recursive;
    bool m_sourceless;
    std::unordered_set<std::string> m_seen;
    ScriptFiles m_result;
};

} // namespace

Result<ScriptFiles> findScriptFiles(const AlembicConfig &config)
{
    return FileFinder(config).run(config.versionLocations);
}

} // namespace stepwell
