// SPDX-License-Identifier: MIT
#include "migrations/repair/gitobjects.h"
#include "migrations/repair/gitorigins.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/repairwords.h"

#include "migrations/alembic/revisionfile.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostFiles = 200;
constexpr qsizetype namedPlaces = 10;

/// A revision that is brought back.
struct Restored {
    Revision revision;
    FileInGit source;
    QString file; ///< where it is written
};

QString firstLocation(const AlembicConfig &config)
{
    return config.versionLocations.isEmpty() ? config.scriptLocation : config.versionLocations.first();
}

/// Where git's file is written: in its own folder if Alembic looks there, else in the first version location.
QString placeOf(const History &history, const QString &path)
{
    const QFileInfo file(path);
    const QString folder = QFileInfo(file.path()).canonicalFilePath();
    for (const QString &location : history.scripts.folders) {
        if (!folder.isEmpty() && QFileInfo(location).canonicalFilePath() == folder)
            return QString(location + u'/' + file.fileName());
    }
    return QString(firstLocation(history.scripts.config) + u'/' + file.fileName());
}

QStringList firstOf(QStringList names)
{
    if (names.size() > namedPlaces) {
        const qsizetype left = names.size() - namedPlaces;
        names = names.first(namedPlaces);
        names += u"%1 more"_s.arg(left);
    }
    return names;
}

std::unexpected<Error> notInGit(const QString &folder, const RevisionId &id, const std::stop_token &stop)
{
    const QString message = u"No file in git has the revision %1."_s.arg(id.text());
    const Git git(folder, stop);
    if (git.top().value_or(QString()).isEmpty())
        return failure(
            ErrorKind::UnknownRevision, u"No file has the revision %1."_s.arg(id.text()),
            u"%1 is in no git repository: ask who brought the revision, or look in a backup."_s.arg(folder));
    QStringList branches;
    for (const GitBranch &branch : newestBranches(git).value_or(QList<GitBranch>()))
        branches += branch.name;
    const QStringList remotes = git.line({u"remote"_s}).split(u'\n', Qt::SkipEmptyParts);
    QString hint = u"All commits that are here were looked at, on %1 and in the reflog."_s.arg(
        branches.isEmpty() ? u"no branch"_s : joinedWords(firstOf(branches)));
    if (git.line({u"rev-parse"_s, u"--is-shallow-repository"_s}) == u"true"_s)
        hint += u" This clone is shallow: git fetch --unshallow brings the older ones."_s;
    if (remotes.isEmpty())
        hint += u" There is no remote to ask: look for it on the machine where it was written."_s;
    else
        hint += u" Fetch what others have pushed since: git fetch --all (%1). Then try again."_s.arg(
            joinedWords(firstOf(remotes)));
    return failure(ErrorKind::UnknownRevision, message, hint);
}

/// Brings a revision back, and those below it that are missing too.
class Search
{
public:
    Search(const History &history, const std::stop_token &stop)
        : m_history(history), m_folder(firstLocation(history.scripts.config)), m_stop(stop)
    {
    }

    /// False: git has it not.
    [[nodiscard]] Result<bool> take(const RevisionId &id)
    {
        std::optional<FileInGit> source;
        if (const auto near = m_beside.constFind(id); near != m_beside.cend()) {
            source = *near;
        } else {
            const auto found = revisionFileInGit(m_folder, id, m_stop);
            if (!found)
                return std::unexpected(found.error());
            if (!*found)
                return false;
            source = **found;
            const auto beside = filesBeside(*source, m_stop);
            if (!beside)
                return std::unexpected(beside.error());
            for (const auto &[other, file] : beside->asKeyValueRange()) {
                if (!m_beside.contains(other))
                    m_beside.insert(other, file);
            }
        }
        const QString file = placeOf(m_history, source->path);
        const auto revision = parseRevision(source->content, file);
        if (!revision)
            return std::unexpected(revision.error());
        m_found += {.revision = *revision, .source = *source, .file = file};
        return true;
    }

    /// What it follows, until the chain meets what is there.
    [[nodiscard]] Result<void> takeParents()
    {
        for (qsizetype i = 0; i < m_found.size(); ++i) {
            const Revision revision = m_found.at(i).revision;
            for (const RevisionId &parent : revision.downRevisions + toRevisionIds(revision.dependsOn)) {
                if (isThere(parent) || m_lost.contains(parent))
                    continue;
                if (m_found.size() >= mostFiles) {
                    m_lost += parent;
                    continue;
                }
                const auto taken = take(parent);
                if (!taken)
                    return std::unexpected(taken.error());
                if (!*taken)
                    m_lost += parent;
            }
        }
        return {};
    }

    [[nodiscard]] const QList<Restored> &found() const { return m_found; }
    /// Named by what is brought back, and neither here nor in git.
    [[nodiscard]] const RevisionIds &lost() const { return m_lost; }

private:
    /// A dependency may be a branch label.
    [[nodiscard]] bool isThere(const RevisionId &id) const
    {
        const RevisionMap &map = m_history.scripts.map;
        const auto hasName = [&](const Revision &revision) {
            return revision.id == id || revision.branchLabels.contains(id.text());
        };
        return std::ranges::any_of(map.revisions(), hasName) ||
               std::ranges::any_of(m_found, hasName, &Restored::revision);
    }

    const History &m_history;
    QString m_folder;
    std::stop_token m_stop;
    QHash<RevisionId, FileInGit> m_beside;
    QList<Restored> m_found;
    RevisionIds m_lost;
};

QString sourceText(const FileInGit &source)
{
    const FileVersion &version = source.version;
    const QString from = source.branches.isEmpty() ? u"no branch has it any more"_s
                                                   : u"on %1"_s.arg(joinedWords(firstOf(source.branches)));
    return u"commit %1 by %2 on %3, \"%4\"; %5"_s.arg(version.commit.first(8), version.author,
                                                      dayText(version.when), version.subject, from);
}

void describe(const QList<Restored> &found, const RevisionIds &lost, RepairPlan &plan)
{
    for (const Restored &one : found) {
        plan.changes += FileChange{.file = one.file, .before = {}, .after = one.source.content};
        plan.revisions += one.revision.id;
        plan.text +=
            u"%1 comes back as %2, from %3."_s.arg(one.revision.id.text(), one.file, sourceText(one.source));
        if (QFileInfo(one.file).path() != QFileInfo(one.source.path).path() &&
            QFileInfo(QFileInfo(one.file).path()).canonicalFilePath() !=
                QFileInfo(QFileInfo(one.source.path).path()).canonicalFilePath())
            plan.warnings += u"%1 was %2 in that commit: Alembic does not look there now."_s.arg(
                one.revision.id.text(), one.source.version.path);
    }
    const Restored &first = found.first();
    plan.warnings += u"The file is that of %1."_s.arg(sourceText(first.source));
    if (first.source.branches.isEmpty())
        plan.warnings +=
            u"Somebody may have taken it away on purpose: ask %1 before it is committed again."_s.arg(
                first.source.version.author);
    plan.warnings += found.size() == 1
                         ? u"git status will show the file as new, until it is committed."_s
                         : u"git status will show the files as new, until they are committed."_s;
    if (!lost.isEmpty())
        plan.warnings +=
            u"%1 named by what comes back, and neither here nor in git: that has to be found too."_s.arg(
                joinedWords(toTexts(lost)) + (lost.size() == 1 ? u" is"_s : u" are"_s));
}

} // namespace

Result<RepairPlan> planRestore(const History &history, const RepairRequest &request,
                               const std::stop_token &stop)
{
    const RevisionId id(request.revision.trimmed());
    if (id.isEmpty())
        return failure(ErrorKind::Usage, u"Which revision is missing?"_s, u"Name its whole identifier."_s);
    if (const Revision *there = history.scripts.map.find(id))
        return failure(ErrorKind::Refused, u"%1 is there already: %2."_s.arg(id.text(), there->file),
                       u"Restore brings back what no file has."_s);
    Search search(history, stop);
    const auto taken = search.take(id);
    if (!taken)
        return std::unexpected(taken.error());
    if (!*taken)
        return notInGit(firstLocation(history.scripts.config), id, stop);
    if (const auto parents = search.takeParents(); !parents)
        return std::unexpected(parents.error());
    RepairPlan plan{.kind = RepairKind::Restore};
    QStringList files;
    for (const Restored &one : search.found()) {
        if (QFileInfo::exists(one.file) || files.contains(one.file))
            return failure(ErrorKind::Refused,
                           u"%1 would be written over: it is not the revision %2 now."_s.arg(
                               one.file, one.revision.id.text()),
                           u"Move that file away, or mend it: it may be the lost one, changed by hand."_s);
        files += one.file;
    }
    plan.title = search.found().size() == 1 ? u"Bring %1 back from git"_s.arg(id.text())
                                            : u"Bring %1 and %2 below it back from git"_s.arg(
                                                  id.text(), numberWord(search.found().size() - 1));
    describe(search.found(), search.lost(), plan);
    if (const auto proved = proveAfter(history, plan); !proved)
        return std::unexpected(proved.error());
    return plan;
}

} // namespace stepwell
