// SPDX-License-Identifier: MIT
#include "migrations/repair/gitorigins.h"

#include "migrations/repair/gitobjects.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMap>
#include <QSet>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype namedBranches = 20;
constexpr auto logTime = 8s;

/// From the top of the repository; null if it is not in it. The file need not be there, its folder must.
QString pathFrom(const QString &top, const QString &file)
{
    const QFileInfo info(file);
    const QString folder = info.dir().canonicalPath();
    if (folder.isEmpty())
        return {};
    const QString path = QDir(top).relativeFilePath(QString(folder + u'/' + info.fileName()));
    return path.startsWith(u"../"_s) || QDir::isAbsolutePath(path) ? QString() : path;
}

QString folderOf(const QString &path)
{
    return path.section(u'/', 0, -2);
}

/// The files of one repository, by their paths from its top.
using FilesByPath = QHash<QString, RevisionId>;

/// What brought the files: a walk from the newest commit to the oldest, through renames.
class Additions
{
public:
    Additions(const Git &git, const FilesByPath &files, QSet<QString> boundary)
        : m_git(git), m_files(files), m_boundary(std::move(boundary))
    {
        QSet<QString> folders;
        for (const QString &path : files.keys())
            folders += folderOf(path);
        for (const QString &folder : folders)
            m_specs += u":(top,literal)%1"_s.arg(folder.isEmpty() ? u"."_s : folder);
    }

    [[nodiscard]] Result<void> look(const QStringList &commits)
    {
        const auto log = m_git.bytes(QStringList{u"log"_s, u"--topo-order"_s, u"-M"_s, u"--diff-filter=AR"_s,
                                                 u"--name-status"_s, u"-z"_s,
                                                 u"--format=%x1e%H%x1f%aI%x1f%an%x1f%s%x1f"_s} +
                                         commits + QStringList{u"--"_s} + m_specs,
                                     logTime);
        if (!log)
            return std::unexpected(log.error());
        for (const QByteArray &record : log->split('\x1e'))
            take(record);
        return {};
    }
    [[nodiscard]] const RevisionOrigins &found() const { return m_found; }

private:
    void take(const QByteArray &record)
    {
        const QStringList fields = QString::fromUtf8(record).split(u'\x1f');
        if (fields.size() != 5)
            return;
        RevisionOrigin origin{.commit = fields.at(0)};
        // Where a shallow clone's history ends every file looks new: it came with that commit or before.
        if (!m_boundary.contains(origin.commit)) {
            origin.when = QDateTime::fromString(fields.at(1), Qt::ISODate);
            origin.author = fields.at(2);
            origin.subject = fields.at(3);
        }
        const QStringList parts = fields.at(4).split(QChar::Null);
        for (qsizetype i = 0; i < parts.size();) {
            const QString state = parts.at(i++).trimmed();
            if (state.isEmpty())
                continue;
            const QString before = parts.value(i++);
            if (state.startsWith(u'R'))
                rename(before, parts.value(i++));
            else if (const RevisionId id = idOf(before); !id.isEmpty())
                m_found[id] = origin; // the oldest counts: the others brought it back
        }
    }
    void rename(const QString &before, const QString &after)
    {
        if (const RevisionId id = idOf(after); !id.isEmpty())
            m_formerNames[before] = id;
    }
    [[nodiscard]] RevisionId idOf(const QString &path) const
    {
        const RevisionId now = m_files.value(path);
        return now.isEmpty() ? m_formerNames.value(path) : now;
    }

    const Git &m_git;
    const FilesByPath &m_files;
    QSet<QString> m_boundary;
    QStringList m_specs;
    QHash<QString, RevisionId> m_formerNames;
    RevisionOrigins m_found;
};

/// The commits where a shallow clone's history ends.
QSet<QString> shallowBoundary(const Git &git, const QString &folder)
{
    QFile file(QDir(folder).absoluteFilePath(git.line({u"rev-parse"_s, u"--git-path"_s, u"shallow"_s})));
    QSet<QString> commits;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : file.readAll().split('\n'))
            commits += QString::fromLatin1(line);
    }
    return commits;
}

/// Which of the files each commit has: their folders' contents, read once however many commits share them.
Result<QList<QSet<QString>>> filesOfCommits(const Git &git, const QStringList &commits,
                                            const FilesByPath &files)
{
    QMap<QString, QStringList> byFolder;
    for (const QString &path : files.keys())
        byFolder[folderOf(path)] += path;
    QList<QByteArray> names;
    for (const QString &commit : commits) {
        for (const QString &folder : byFolder.keys())
            names += QString(commit + u':' + folder).toUtf8();
    }
    const auto hashes = gitHashes(git, names);
    if (!hashes)
        return std::unexpected(hashes.error());
    const QSet<QByteArray> different(hashes->begin(), hashes->end());
    const QList<QByteArray> wanted = different.values();
    const auto contents = gitObjects(git, wanted);
    if (!contents)
        return std::unexpected(contents.error());
    QHash<QByteArray, QSet<QByteArray>> namesIn;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        for (const GitEntry &entry :
             gitEntries(contents->at(i).value_or(QByteArray()), wanted.at(i).size() / 2))
            namesIn[wanted.at(i)] += entry.name;
    }
    QList<QSet<QString>> found(commits.size());
    qsizetype at = 0;
    for (QSet<QString> &paths : found) {
        for (const QStringList &inFolder : byFolder) {
            const QSet<QByteArray> there = namesIn.value(hashes->at(at++));
            for (const QString &path : inFolder) {
                if (there.contains(path.section(u'/', -1).toUtf8()))
                    paths += path;
            }
        }
    }
    return found;
}

Result<void> findOrigins(const Git &git, const QString &folder, const FilesByPath &files,
                         RevisionOrigins &origins)
{
    for (const RevisionId &id : files)
        origins.insert(id, {});
    const auto branches = newestBranches(git);
    if (!branches)
        return std::unexpected(branches.error());
    QStringList commits{u"HEAD"_s};
    for (const GitBranch &branch : *branches)
        commits += branch.commit;
    const auto there = filesOfCommits(git, commits, files);
    if (!there)
        return std::unexpected(there.error());
    if (!git.line({u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, u"HEAD"_s}).isEmpty()) {
        Additions additions(git, files, shallowBoundary(git, folder));
        auto looked = additions.look({});
        const auto isMissing = [&](const QString &path) {
            return !additions.found().contains(files.value(path));
        };
        // What a merge itself added, in a conflict for example, is in none of the others.
        if (looked && std::ranges::any_of(there->first(), isMissing))
            looked = additions.look({u"--merges"_s, u"--diff-merges=first-parent"_s});
        if (!looked)
            return looked;
        origins.insert(additions.found());
    }
    for (const auto &[path, id] : files.asKeyValueRange()) {
        for (qsizetype i = 0; i < branches->size() && origins[id].branches.size() < namedBranches; ++i) {
            if (there->at(i + 1).contains(path))
                origins[id].branches += branches->at(i).name;
        }
    }
    return {};
}

} // namespace

Result<RevisionOrigins> revisionOrigins(const QList<Revision> &revisions, const std::stop_token &stop)
{
    RevisionOrigins origins;
    QList<Revision> left = revisions;
    while (!left.isEmpty()) {
        const QString folder = QFileInfo(left.first().file).absolutePath();
        if (!QFileInfo(folder).isDir()) {
            left.removeFirst();
            continue;
        }
        const Git git(folder, stop);
        const Result<QString> top = git.top();
        if (!top)
            return std::unexpected(top.error());
        FilesByPath files;
        QList<Revision> others;
        for (const Revision &revision : std::as_const(left)) {
            const QString path = top->isEmpty() ? QString() : pathFrom(*top, revision.file);
            if (!path.isEmpty())
                files.insert(path, revision.id);
            else if (QFileInfo(revision.file).absolutePath() != folder)
                others += revision;
        }
        left = others;
        if (files.isEmpty())
            continue;
        if (const auto found = findOrigins(git, folder, files, origins); !found)
            return std::unexpected(found.error());
    }
    return origins;
}

} // namespace stepwell
