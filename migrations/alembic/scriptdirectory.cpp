// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptdirectory.h"

#include "migrations/alembic/askpython.h"
#include "migrations/alembic/filechanges.h"
#include "migrations/alembic/findpython.h"
#include "migrations/alembic/revisionfile.h"
#include "migrations/alembic/scriptfiles.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

Result<AlembicConfig> readConfig(const ScriptSource &source)
{
    auto config = readAlembicConfig(source.config, source.section);
    if (!config || config->unlocatedPackages.isEmpty())
        return config;
    const QStringList python = findPython(source.python, source.config, source.elsewhere);
    return askForPackages(python, *config, config->unlocatedPackages)
        .and_then([&](const PackageFolders &packages) {
            return readAlembicConfig(source.config, source.section, packages);
        });
}

/// Reads files on as many threads as pay. Each takes the next file that nobody has.
class FileReading
{
public:
    FileReading(const QStringList &files, ReadDepth depth, RevisionCache *cache)
        : m_files(files), m_depth(depth), m_cache(cache), m_revisions(static_cast<size_t>(files.size()))
    {
    }

    std::vector<Result<Revision>> run()
    {
        constexpr qsizetype filesForAThread = 100;
        const auto useful = static_cast<unsigned>(m_files.size() / filesForAThread) + 1;
        std::vector<std::jthread> helpers;
        for (unsigned at = 1; at < std::min({useful, std::thread::hardware_concurrency(), 8U}); ++at)
            helpers.emplace_back([this] { readAll(); });
        readAll();
        helpers.clear();
        return std::move(m_revisions);
    }

private:
    void readAll()
    {
        constexpr qsizetype batch = 16;
        for (;;) {
            const qsizetype from = m_next.fetch_add(batch);
            if (from >= m_files.size())
                return;
            for (qsizetype at = from; at < std::min(from + batch, m_files.size()); ++at)
                m_revisions[static_cast<size_t>(at)] = read(m_files.at(at));
        }
    }

    Result<Revision> read(const QString &file)
    {
        if (!m_cache)
            return readRevisionFile(file, m_depth);
        const RevisionCache::Stamp stamp = RevisionCache::stampOf(file);
        if (auto known = m_cache->find(file, m_depth, stamp))
            return *std::move(known);
        auto revision = readRevisionFile(file, m_depth);
        m_cache->insert(file, m_depth, stamp, revision);
        return revision;
    }

    const QStringList &m_files;
    ReadDepth m_depth;
    RevisionCache *m_cache;
    std::vector<Result<Revision>> m_revisions;
    std::atomic<qsizetype> m_next = 0;
};

/// Headers that are computed are asked for, all in one go.
void askForComputed(std::vector<Result<Revision>> &revisions, const QStringList &files,
                    const ScriptSource &source, const AlembicConfig &config, ReadDepth depth)
{
    QStringList computed;
    std::vector<size_t> places;
    for (size_t at = 0; at < revisions.size(); ++at) {
        if (revisions[at] || revisions[at].error().kind != ErrorKind::ComputedHeader)
            continue;
        places.push_back(at);
        computed += files.at(static_cast<qsizetype>(at));
    }
    if (computed.isEmpty())
        return;
    const QStringList python = findPython(source.python, source.config, source.elsewhere);
    const auto answers = askForHeaders(python, config, computed);
    for (size_t at = 0; at < places.size(); ++at) {
        const auto &answer = answers.at(static_cast<qsizetype>(at));
        revisions[places[at]] =
            answer ? readRevisionFile(computed.at(static_cast<qsizetype>(at)), depth, &*answer)
                   : std::unexpected(answer.error());
    }
}

/// Nothing may be planned or run on files of which some are changed and some are not.
QList<ScriptProblem> unfinishedChange(const QString &folder)
{
    const auto found = findUnfinishedChange(folder);
    if (!found)
        return {{found.error(), {}, {}}};
    if (!*found)
        return {};
    const UnfinishedChange &change = **found;
    const FilesState state = stateOf(change.changes);
    if (state == FilesState::Before || state == FilesState::After)
        return {};
    ScriptProblem problem{.error = {.kind = ErrorKind::BrokenScripts, .detail = change.what}};
    for (const FileChange &one : change.changes)
        problem.files += one.file;
    const QString what = change.changes.size() == 1
                             ? u"A change of 1 revision file"_s
                             : u"A change of %1 revision files"_s.arg(change.changes.size());
    const QString when = change.begun.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s);
    if (change.isAtWork) {
        problem.error.message = u"%1 that began at %2 is under way right now."_s.arg(what, when);
        problem.error.hint = u"Wait until the other Stepwell is done, then look again."_s;
    } else {
        problem.error.message = u"%1 was cut off at %2: some are changed, some are not."_s.arg(what, when);
        problem.error.hint =
            u"`stepwell resolve COMPONENT --continue` finishes it, `--undo` takes it back."_s;
        if (state == FilesState::Changed)
            problem.error.message = u"%1 was cut off at %2, and files were changed since."_s.arg(what, when);
    }
    return {problem};
}

} // namespace

RevisionCache::Stamp RevisionCache::stampOf(const QString &file)
{
    struct stat facts{};
    if (::stat(QFile::encodeName(file).constData(), &facts) != 0)
        return {};
    constexpr qint64 second = 1'000'000'000;
    return {.size = facts.st_size,
            .modified = facts.st_mtim.tv_sec * second + facts.st_mtim.tv_nsec,
            .changed = facts.st_ctim.tv_sec * second + facts.st_ctim.tv_nsec,
            .inode = facts.st_ino};
}

std::optional<Result<Revision>> RevisionCache::find(const QString &file, ReadDepth depth,
                                                    const Stamp &stamp) const
{
    const QMutexLocker lock(&m_mutex);
    const auto found = m_entries.constFind(file);
    if (found == m_entries.cend() || found->stamp != stamp || stamp.size < 0 || found->depth < depth)
        return {};
    return found->revision;
}

void RevisionCache::insert(const QString &file, ReadDepth depth, const Stamp &stamp,
                           const Result<Revision> &revision)
{
    // A file written this very moment may be written again without its times telling so.
    constexpr qint64 unsettled = 50'000'000;
    if (QDateTime::currentMSecsSinceEpoch() * 1'000'000 - stamp.changed < unsettled)
        return;
    const QMutexLocker lock(&m_mutex);
    m_entries.insert(file, {stamp, depth, revision});
}

Result<ScriptDirectory> ScriptDirectory::survey(const ScriptSource &source, ReadDepth depth,
                                                RevisionCache *cache)
{
    auto config = readConfig(source);
    if (!config)
        return std::unexpected(config.error());
    if (!QFileInfo(config->scriptLocation).isDir())
        return failure(ErrorKind::BrokenScripts,
                       u"The script directory %1 does not exist."_s.arg(config->scriptLocation),
                       u"%1 names it in 'script_location': correct the path there."_s.arg(config->file));
    // Without version_locations Alembic insists on the folder 'versions'; the walk over a missing one is
    // empty.
    auto found = findScriptFiles(*config);
    if (!found)
        return std::unexpected(found.error());
    auto read = FileReading(found->files, depth, cache).run();
    askForComputed(read, found->files, source, *config, depth);

    ScriptDirectory scripts{.config = *std::move(config), .folders = found->folders};
    scripts.problems = unfinishedChange(scripts.config.scriptLocation);
    QList<Revision> revisions;
    revisions.reserve(found->files.size());
    for (size_t at = 0; at < read.size(); ++at) {
        if (read[at])
            revisions += *std::move(read[at]);
        else
            scripts.problems +=
                ScriptProblem{std::move(read[at].error()), {found->files.at(static_cast<qsizetype>(at))}, {}};
    }
    scripts.map = RevisionMap::buildSound(revisions, scripts.problems);
    return scripts;
}

Result<ScriptDirectory> ScriptDirectory::load(const ScriptSource &source, ReadDepth depth,
                                              RevisionCache *cache)
{
    auto scripts = survey(source, depth, cache);
    if (scripts && !scripts->problems.isEmpty())
        return std::unexpected(errorOf(scripts->problems));
    return scripts;
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
