// SPDX-License-Identifier: MIT
#include "migrations/review/gitfacts.h"

#include "migrations/alembic/revisionfile.h"
#include "migrations/review/git.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Paths as git takes them from its top, literally.
QStringList pathspecs(const QString &top, const QStringList &paths)
{
    QStringList inside;
    for (const QString &path : paths) {
        const QString real = QFileInfo(path).canonicalFilePath();
        const QString relative = QDir(top).relativeFilePath(real);
        if (!real.isEmpty() && relative != u".."_s && !relative.startsWith(u"../"_s))
            inside += u":(top,literal)%1"_s.arg(relative);
    }
    return inside;
}

QString changeWord(const QString &states)
{
    if (states.contains(u'D'))
        return u"deleted"_s;
    if (states.contains(u'A'))
        return u"added"_s;
    if (states.contains(u'R') || states.contains(u'C'))
        return u"renamed"_s;
    return u"modified"_s;
}

/// Reads `git status --porcelain=v2 --branch -z`.
void readStatus(const QByteArray &output, GitFacts &facts)
{
    const QStringList records = QString::fromUtf8(output).split(QChar::Null);
    for (qsizetype i = 0; i < records.size(); ++i) {
        const QString &record = records.at(i);
        const auto after = [&](QStringView key) {
            return record.startsWith(key) ? record.mid(key.size()) : QString();
        };
        if (const QString oid = after(u"# branch.oid "); !oid.isEmpty() && oid != u"(initial)"_s)
            facts.commit = oid;
        else if (const QString head = after(u"# branch.head "); !head.isEmpty() && head != u"(detached)"_s)
            facts.branch = head;
        else if (const QString upstream = after(u"# branch.upstream "); !upstream.isEmpty())
            facts.upstream = upstream;
        else if (const QString counts = after(u"# branch.ab "); !counts.isEmpty()) {
            facts.ahead = counts.section(u' ', 0, 0).mid(1).toInt();
            facts.behind = counts.section(u' ', 1, 1).mid(1).toInt();
        } else if (record.startsWith(u"1 "_s)) {
            facts.changed += u"%1 %2"_s.arg(changeWord(record.section(u' ', 1, 1)), record.section(u' ', 8));
        } else if (record.startsWith(u"2 "_s)) {
            facts.changed += u"%1 %2"_s.arg(changeWord(record.section(u' ', 1, 1)), record.section(u' ', 9));
            ++i; // the old name
        } else if (record.startsWith(u"u "_s)) {
            facts.changed += u"in conflict %1"_s.arg(record.section(u' ', 10));
        } else if (const QString path = after(u"? ");
                   !path.isEmpty() && !path.contains(u"__pycache__/"_s) && !path.endsWith(u".pyc"_s)) {
            facts.changed += u"not in git %1"_s.arg(path);
        }
    }
}

QStringList commitsIn(const Git &git, const QString &range, const QStringList &specs)
{
    const auto output =
        git.bytes(QStringList{u"log"_s, u"--format=%h %s"_s, u"--max-count=20"_s, range, u"--"_s} + specs);
    return QString::fromUtf8(output.value_or(QByteArray())).split(u'\n', Qt::SkipEmptyParts);
}

constexpr auto versionFormat = "--format=%x1e%H%x1f%aI%x1f%an%x1f%s%x1f";

/// Commits with their paths, each path by itself, the newest first.
QList<FileVersion> readLog(const QByteArray &log)
{
    QList<FileVersion> versions;
    for (const QByteArray &record : log.split('\x1e')) {
        const QStringList fields = QString::fromUtf8(record).split(u'\x1f');
        if (fields.size() != 5)
            continue;
        for (const QString &path : fields.at(4).split(QChar::Null)) {
            if (!path.trimmed().isEmpty())
                versions += {.commit = fields.at(0),
                             .when = QDateTime::fromString(fields.at(1), Qt::ISODate),
                             .author = fields.at(2),
                             .subject = fields.at(3),
                             .path = path.trimmed()};
        }
    }
    return versions;
}

/// The newest commit that wrote the file of a revision.
Result<std::optional<FileVersion>> whereWritten(const Git &git, const RevisionId &revision,
                                                const QStringList &commits, const QString &spec)
{
    const auto log = git.bytes(QStringList{u"log"_s} + commits +
                                   QStringList{u"--max-count=20"_s, u"--diff-filter=AMR"_s, u"--name-only"_s,
                                               u"-z"_s, QString::fromLatin1(versionFormat), u"-G"_s,
                                               revisionLinePattern(revision), u"--"_s, spec},
                               8s);
    if (!log)
        return std::unexpected(log.error());
    for (const FileVersion &version : readLog(*log)) {
        const auto text = git.bytes({u"show"_s, QString(version.commit + u':' + version.path)});
        if (!text)
            continue;
        const auto parsed = parseRevision(*text, version.path, ReadDepth::Header);
        if (parsed && parsed->id == revision)
            return version;
    }
    return std::nullopt;
}

/// Branches whose newest commit has the revision; the hundred that moved last are looked at.
QStringList branchesWith(const Git &git, const RevisionId &revision)
{
    const QStringList branches = git.line({u"for-each-ref"_s, u"--sort=-committerdate"_s, u"--count=100"_s,
                                           u"--format=%(refname)"_s, u"refs/heads"_s, u"refs/remotes"_s})
                                     .split(u'\n', Qt::SkipEmptyParts);
    if (branches.isEmpty())
        return {};
    // git grep ends with 1 if nothing matches.
    const auto found =
        git.bytes(QStringList{u"grep"_s, u"-l"_s, u"-z"_s, u"-E"_s, revisionLinePattern(revision)} +
                      branches + QStringList{u"--"_s, u":(top)*.py"_s},
                  8s);
    QStringList names;
    for (const QString &hit :
         QString::fromUtf8(found.value_or(QByteArray())).split(QChar::Null, Qt::SkipEmptyParts)) {
        QString branch = hit.section(u':', 0, 0);
        for (const QString &prefix : {u"refs/heads/"_s, u"refs/remotes/"_s}) {
            if (branch.startsWith(prefix))
                branch.remove(0, prefix.size());
        }
        if (!branch.endsWith(u"/HEAD"_s))
            names += branch;
    }
    names.removeDuplicates();
    return names;
}

std::optional<FileVersion> whereRemoved(const Git &git, const QString &path)
{
    const auto log = git.bytes(
        {u"log"_s, u"--all"_s, u"--max-count=1"_s, u"--diff-filter=D"_s, u"--no-renames"_s, u"--name-only"_s,
         u"-z"_s, QString::fromLatin1(versionFormat), u"--"_s, u":(top,literal)%1"_s.arg(path)});
    const QList<FileVersion> versions = readLog(log.value_or(QByteArray()));
    return versions.isEmpty() ? std::nullopt : std::optional(versions.first());
}

} // namespace

Result<std::optional<GitFacts>> gitFacts(const QString &folder, const QStringList &paths,
                                         const std::stop_token &stop)
{
    const Git git(folder, stop);
    const Result<QString> top = git.top();
    if (!top)
        return std::unexpected(top.error());
    if (top->isEmpty())
        return std::nullopt;
    GitFacts facts{.top = *top};
    const QStringList specs = pathspecs(facts.top, paths);
    const auto status = git.bytes(QStringList{u"status"_s, u"--porcelain=v2"_s, u"--branch"_s,
                                              u"--untracked-files=all"_s, u"-z"_s, u"--"_s} +
                                      specs,
                                  10s);
    if (!status)
        return std::unexpected(status.error());
    readStatus(*status, facts);
    if (facts.branch.isEmpty() && !facts.commit.isEmpty())
        facts.tag = git.line({u"describe"_s, u"--tags"_s, u"--exact-match"_s, u"HEAD"_s});
    if (facts.ahead > 0)
        facts.aheadHere = commitsIn(git, u"@{upstream}..HEAD"_s, specs);
    if (facts.behind > 0)
        facts.behindHere = commitsIn(git, u"HEAD..@{upstream}"_s, specs);
    const QString fetchHead = git.line({u"rev-parse"_s, u"--git-path"_s, u"FETCH_HEAD"_s});
    if (!fetchHead.isEmpty())
        facts.fetched = QFileInfo(QDir(folder), fetchHead).lastModified();
    return facts;
}

Result<std::optional<RevisionInGit>> findRevisionInGit(const QString &folder, const RevisionId &revision,
                                                       const std::stop_token &stop)
{
    const Git git(folder, stop);
    const Result<QString> top = git.top();
    if (!top)
        return std::unexpected(top.error());
    if (top->isEmpty())
        return std::nullopt;
    struct Place {
        QStringList commits;
        QString spec;
    };
    const QStringList kept{u"--all"_s};
    // What no branch leads to any more: amended, rebased, reset.
    const QStringList lost{u"--reflog"_s, u"--not"_s, u"--all"_s};
    for (const Place &place :
         {Place{kept, u"."_s}, Place{kept, u":(top)*.py"_s}, Place{lost, u":(top)*.py"_s}}) {
        const auto added = whereWritten(git, revision, place.commits, place.spec);
        if (!added)
            return std::unexpected(added.error());
        if (!*added)
            continue;
        RevisionInGit found{.added = **added, .removed = {}, .branches = branchesWith(git, revision)};
        if (found.branches.isEmpty())
            found.removed = whereRemoved(git, found.added.path);
        return found;
    }
    return std::nullopt;
}

Result<std::optional<QString>> fileWithHash(const QString &file, const QString &sha256,
                                            const std::stop_token &stop)
{
    const auto versions = fileVersions(file);
    if (!versions)
        return std::unexpected(versions.error());
    const Git git(QFileInfo(file).absolutePath(), stop);
    for (const FileVersion &version : *versions) {
        if (stop.stop_requested())
            break;
        const auto text = git.bytes({u"show"_s, QString(version.commit + u':' + version.path)});
        if (text && QCryptographicHash::hash(*text, QCryptographicHash::Sha256).toHex() == sha256.toLatin1())
            return QString::fromUtf8(*text);
    }
    return std::nullopt;
}

} // namespace stepwell
