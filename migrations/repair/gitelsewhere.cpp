// SPDX-License-Identifier: MIT
// Revisions that other branches have on top of those that are here.
#include "migrations/repair/gitobjects.h"
#include "migrations/repair/gitorigins.h"

#include "migrations/alembic/revisionfile.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int deepestFolder = 12;

/// The contents of folders in many commits; a folder that is the same in several is read once.
class Trees
{
public:
    explicit Trees(const Git &git) : m_git(git) {}

    /// Reads these folders and all below them.
    [[nodiscard]] Result<void> read(const QList<QByteArray> &roots)
    {
        QSet<QByteArray> wanted(roots.begin(), roots.end());
        wanted.remove({});
        for (int depth = 0; depth < deepestFolder && !wanted.isEmpty(); ++depth) {
            const QList<QByteArray> hashes = wanted.values();
            const auto objects = gitObjects(m_git, hashes);
            if (!objects)
                return std::unexpected(objects.error());
            wanted.clear();
            for (qsizetype i = 0; i < hashes.size(); ++i)
                add(hashes.at(i), objects->at(i).value_or(QByteArray()), wanted);
        }
        return {};
    }
    [[nodiscard]] const QSet<QByteArray> &pythonFiles() const { return m_pythonFiles; }

    /// Calls visit(path, hash) for each Python file below the folder.
    template<typename Visit>
    void walk(const QByteArray &folder, const QString &path, const Visit &visit) const
    {
        for (const GitEntry &entry : m_entries.value(folder)) {
            const QString inside = path + (path.isEmpty() ? u""_s : u"/"_s) + QString::fromUtf8(entry.name);
            if (entry.isFolder)
                walk(entry.hash, inside, visit);
            else
                visit(inside, entry.hash);
        }
    }

private:
    void add(const QByteArray &hash, const QByteArray &content, QSet<QByteArray> &wanted)
    {
        QList<GitEntry> &entries = m_entries[hash];
        for (const GitEntry &entry : gitEntries(content, hash.size() / 2)) {
            if (entry.name.startsWith('.') || (!entry.isFolder && !entry.name.endsWith(".py")))
                continue;
            entries += entry;
            if (!entry.isFolder)
                m_pythonFiles += entry.hash;
            else if (!m_entries.contains(entry.hash))
                wanted += entry.hash;
        }
    }

    const Git &m_git;
    QHash<QByteArray, QList<GitEntry>> m_entries;
    QSet<QByteArray> m_pythonFiles;
};

/// Those of the files that are revisions following one of `parents`.
Result<QHash<QByteArray, Revision>> childrenAmong(const Git &git, const QSet<QByteArray> &files,
                                                  const RevisionIds &parents)
{
    const QList<QByteArray> hashes = files.values();
    const auto contents = gitObjects(git, hashes);
    if (!contents)
        return std::unexpected(contents.error());
    QHash<QByteArray, Revision> children;
    for (qsizetype i = 0; i < hashes.size(); ++i) {
        const QByteArray content = contents->at(i).value_or(QByteArray());
        const auto names = [&](const RevisionId &id) { return content.contains(id.text().toUtf8()); };
        if (!std::ranges::any_of(parents, names))
            continue;
        const auto revision = parseRevision(content, {}, ReadDepth::Header);
        const auto isParent = [&](const RevisionId &id) { return revision->downRevisions.contains(id); };
        if (revision && std::ranges::any_of(parents, isParent))
            children.insert(hashes.at(i), *revision);
    }
    return children;
}

/// The identifiers of the files that are in folders now.
QSet<RevisionId> revisionsUnder(const QStringList &folders)
{
    QSet<RevisionId> ids;
    for (const QString &folder : folders) {
        QDirIterator files(folder, {u"*.py"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            if (const auto revision = readRevisionFile(files.next(), ReadDepth::Header))
                ids += revision->id;
        }
    }
    return ids;
}

/// Those that are there, by their true names, without those that lie in another one.
QStringList topFolders(const QStringList &folders)
{
    QStringList real;
    for (const QString &folder : folders) {
        if (const QString path = QFileInfo(folder).canonicalFilePath(); !path.isEmpty())
            real += path;
    }
    real.removeDuplicates();
    const QStringList all = real;
    real.removeIf([&](const QString &folder) {
        return std::ranges::any_of(
            all, [&](const QString &other) { return folder.startsWith(QString(other + u'/')); });
    });
    return real;
}

/// What the newest commits of other branches have in one folder, here or not; a revision as often as branches
/// have it, of the branch that moved last first.
Result<QList<RevisionElsewhere>> childrenUnder(const QString &folder, const RevisionIds &parents,
                                               const std::stop_token &stop)
{
    QList<RevisionElsewhere> elsewhere;
    const Git git(folder, stop);
    const Result<QString> top = git.top();
    if (!top)
        return std::unexpected(top.error());
    if (top->isEmpty())
        return elsewhere;
    auto branches = newestBranches(git);
    if (!branches)
        return std::unexpected(branches.error());
    const QString here = git.line({u"symbolic-ref"_s, u"--quiet"_s, u"--short"_s, u"HEAD"_s});
    branches->removeIf([&](const GitBranch &branch) { return branch.name == here; });
    QString path = QDir(*top).relativeFilePath(folder);
    if (path == u"."_s)
        path.clear();
    QList<QByteArray> names;
    for (const GitBranch &branch : *branches)
        names += QString(branch.commit + u':' + path).toUtf8();
    const auto roots = gitHashes(git, names);
    if (!roots)
        return std::unexpected(roots.error());
    Trees trees(git);
    if (const auto read = trees.read(*roots); !read)
        return std::unexpected(read.error());
    const auto children = childrenAmong(git, trees.pythonFiles(), parents);
    if (!children)
        return std::unexpected(children.error());
    if (children->isEmpty())
        return elsewhere;
    for (qsizetype i = 0; i < branches->size(); ++i) {
        trees.walk(roots->at(i), path, [&](const QString &file, const QByteArray &hash) {
            if (const auto child = children->constFind(hash); child != children->cend())
                elsewhere += {.id = child->id,
                              .downRevisions = child->downRevisions,
                              .branch = branches->at(i).name,
                              .path = file};
        });
    }
    return elsewhere;
}

} // namespace

Result<QList<RevisionElsewhere>> childrenElsewhere(const QStringList &folders, const RevisionIds &parents,
                                                   const std::stop_token &stop)
{
    QList<RevisionElsewhere> elsewhere;
    const QStringList real = topFolders(folders);
    if (parents.isEmpty())
        return elsewhere;
    for (const QString &folder : real) {
        const auto found = childrenUnder(folder, parents, stop);
        if (!found)
            return std::unexpected(found.error());
        elsewhere += *found;
    }
    if (elsewhere.isEmpty())
        return elsewhere;
    QSet<RevisionId> known = revisionsUnder(real);
    elsewhere.removeIf([&](const RevisionElsewhere &child) {
        const bool isKnown = known.contains(child.id);
        known += child.id;
        return isKnown;
    });
    return elsewhere;
}

} // namespace stepwell
