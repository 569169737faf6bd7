// SPDX-License-Identifier: MIT
// Revisions that git has and the work tree has not, and headers as they were.
#include "migrations/repair/gitobjects.h"
#include "migrations/repair/gitorigins.h"

#include "migrations/alembic/revisionfile.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto logTime = 8s;

/// Where the newest commit of a branch has the revision's file, from the top; empty if it has it not.
QString pathOnBranch(const Git &git, const QString &branch, const RevisionId &id)
{
    const auto found = git.bytes({u"grep"_s, u"-l"_s, u"-z"_s, u"--full-name"_s, u"-E"_s,
                                  revisionLinePattern(id), branch, u"--"_s, u":(top)*.py"_s},
                                 logTime);
    for (const QByteArray &hit : found.value_or(QByteArray()).split('\0')) {
        const QString path = QString::fromUtf8(hit.sliced(hit.indexOf(':') + 1));
        const auto content = git.bytes({u"cat-file"_s, u"blob"_s, QString(branch + u':' + path)});
        const auto revision =
            content ? parseRevision(*content, path, ReadDepth::Header) : std::unexpected(content.error());
        if (revision && revision->id == id)
            return path;
    }
    return {};
}

/// The newest commit that wrote a path, of these commits.
std::optional<FileVersion> newestVersion(const Git &git, const QStringList &commits, const QString &path)
{
    const auto log = git.bytes(QStringList{u"log"_s} + commits +
                                   QStringList{u"--max-count=1"_s, u"--diff-filter=AMR"_s,
                                               u"--format=%H%x1f%aI%x1f%an%x1f%s"_s, u"--"_s,
                                               u":(top,literal)%1"_s.arg(path)},
                               logTime);
    const QStringList fields = QString::fromUtf8(log.value_or(QByteArray())).trimmed().split(u'\x1f');
    if (fields.size() != 4)
        return {};
    return FileVersion{.commit = fields.at(0),
                       .when = QDateTime::fromString(fields.at(1), Qt::ISODate),
                       .author = fields.at(2),
                       .subject = fields.at(3),
                       .path = path};
}

/// The newest version of a revision's file: it may have been changed and renamed since it was written.
FileVersion newestOf(const Git &git, const RevisionInGit &found, const RevisionId &id)
{
    if (found.branches.isEmpty())
        return newestVersion(git, {u"--all"_s}, found.added.path).value_or(found.added);
    const QString &branch = found.branches.first();
    const QString path = pathOnBranch(git, branch, id);
    if (path.isEmpty())
        return found.added;
    return newestVersion(git, {branch}, path).value_or(found.added);
}

} // namespace

Result<std::optional<FileInGit>> revisionFileInGit(const QString &folder, const RevisionId &id,
                                                   const std::stop_token &stop)
{
    const auto found = findRevisionInGit(folder, id, stop);
    if (!found)
        return std::unexpected(found.error());
    if (!*found)
        return std::nullopt;
    const Git git(folder, stop);
    const Result<QString> top = git.top();
    if (!top)
        return std::unexpected(top.error());
    // A later version may be the file of another revision, or none at all.
    for (const FileVersion &version : {newestOf(git, **found, id), (*found)->added}) {
        const auto content =
            git.bytes({u"cat-file"_s, u"blob"_s, QString(version.commit + u':' + version.path)});
        if (!content)
            continue;
        const auto revision = parseRevision(*content, version.path, ReadDepth::Header);
        if (revision && revision->id == id)
            return FileInGit{.version = version,
                             .branches = (*found)->branches,
                             .content = *content,
                             .path = QDir::cleanPath(QString(*top + u'/' + version.path))};
    }
    return std::nullopt;
}

Result<QHash<RevisionId, FileInGit>> filesBeside(const FileInGit &file, const std::stop_token &stop)
{
    QHash<RevisionId, FileInGit> beside;
    QString top = file.path;
    top.chop(file.version.path.size());
    const Git git(top, stop);
    const QString folder =
        file.version.path.contains(u'/') ? file.version.path.section(u'/', 0, -2) : QString();
    const auto listed = gitObjects(git, {QString(file.version.commit + u':' + folder).toUtf8()});
    if (!listed)
        return std::unexpected(listed.error());
    QList<GitEntry> entries =
        gitEntries(listed->first().value_or(QByteArray()), file.version.commit.size() / 2);
    entries.removeIf([](const GitEntry &entry) { return entry.isFolder || !entry.name.endsWith(".py"); });
    QList<QByteArray> hashes;
    for (const GitEntry &entry : std::as_const(entries))
        hashes += entry.hash;
    const auto contents = gitObjects(git, hashes);
    if (!contents)
        return std::unexpected(contents.error());
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const auto revision = parseRevision(contents->at(i).value_or(QByteArray()), {}, ReadDepth::Header);
        if (!revision || beside.contains(revision->id))
            continue;
        FileInGit found{.version = file.version, .branches = file.branches, .content = *contents->at(i)};
        const QString name = QString::fromUtf8(entries.at(i).name);
        found.version.path = folder.isEmpty() ? name : QString(folder + u'/' + name);
        found.path = QString(top + found.version.path);
        beside.insert(revision->id, found);
    }
    return beside;
}

Result<QList<RevisionIds>> formerParents(const QString &file, const std::stop_token &stop)
{
    QList<RevisionIds> former;
    const QString folder = QFileInfo(file).absolutePath();
    if (!QFileInfo(folder).isDir())
        return former;
    const auto versions = fileVersions(file);
    if (!versions)
        return std::unexpected(versions.error());
    QList<QByteArray> names;
    for (const FileVersion &version : *versions)
        names += QString(version.commit + u':' + version.path).toUtf8();
    const auto contents = gitObjects(Git(folder, stop), names);
    if (!contents)
        return std::unexpected(contents.error());
    const auto now = readRevisionFile(file, ReadDepth::Header);
    for (const std::optional<QByteArray> &content : *contents) {
        const auto revision = parseRevision(content.value_or(QByteArray()), file, ReadDepth::Header);
        // git follows renames by likeness, and files of one template are alike: another revision tells
        // nothing.
        if (!revision ||
            (now && (now->id != revision->id || now->downRevisions == revision->downRevisions)) ||
            former.contains(revision->downRevisions))
            continue;
        former += revision->downRevisions;
    }
    return former;
}

} // namespace stepwell
