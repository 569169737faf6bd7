// SPDX-License-Identifier: MIT
#include "migrations/repair/revisionfiles.h"

#include "migrations/alembic/revisionfile.h"
#include "migrations/alembic/scriptfiles.h"
#include "migrations/review/gitfacts.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// A new file stands where its name puts it: behind the last of its folder that sorts before it.
void insertFile(QStringList &files, const QString &file)
{
    const QString folder = QFileInfo(file).path();
    qsizetype at = files.size();
    for (qsizetype other = 0; other < files.size(); ++other) {
        if (QFileInfo(files.at(other)).path() != folder)
            continue;
        if (files.at(other) > file) {
            at = other;
            break;
        }
        at = other + 1;
    }
    files.insert(at, file);
}

Result<QStringList> filesAfter(const History &history, const QList<FileChange> &changes)
{
    auto found = findScriptFiles(history.scripts.config);
    if (!found)
        return std::unexpected(found.error());
    for (const FileChange &change : changes) {
        if (!change.after)
            found->files.removeAll(change.file);
        else if (!found->files.contains(change.file))
            insertFile(found->files, change.file);
    }
    return found->files;
}

const ScriptProblem *problemOf(const QList<ScriptProblem> &problems, const QString &file)
{
    const auto found = std::ranges::find_if(problems, [&](const ScriptProblem &problem) {
        return problem.revisions.isEmpty() && problem.files.contains(file);
    });
    return found == problems.cend() ? nullptr : &*found;
}

} // namespace

Result<QList<Revision>> revisionsAfter(const History &history, const QList<FileChange> &changes,
                                       QList<ScriptProblem> &broken)
{
    const auto files = filesAfter(history, changes);
    if (!files)
        return std::unexpected(files.error());
    QHash<QString, const Revision *> known;
    for (const Revision &revision : history.scripts.map.revisions())
        known.insert(revision.file, &revision);
    QList<Revision> revisions;
    for (const QString &file : *files) {
        const auto change = std::ranges::find(changes, file, &FileChange::file);
        if (change == changes.cend() && known.contains(file)) {
            revisions += *known.value(file);
            continue;
        }
        if (const ScriptProblem *problem = problemOf(history.scripts.problems, file);
            problem && change == changes.cend()) {
            broken += *problem;
            continue;
        }
        auto read = change == changes.cend() ? readRevisionFile(file) : parseRevision(*change->after, file);
        if (read)
            revisions += *std::move(read);
        else
            broken += ScriptProblem{read.error(), {file}, {}};
    }
    return revisions;
}

Result<std::optional<FileChange>> changedFile(const Revision &revision, const HeaderEdit &edit)
{
    QFile file(revision.file);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorKind::FileError, u"%1 cannot be read."_s.arg(revision.file),
                       u"Look at the file and its permissions."_s, file.errorString());
    const QByteArray before = file.readAll();
    const auto now = parseRevision(before, revision.file, ReadDepth::Header);
    if (now && (now->id != revision.id || now->downRevisions != revision.downRevisions ||
                now->dependsOn != revision.dependsOn))
        return failure(ErrorKind::Refused, u"%1 was changed since it was read."_s.arg(revision.file),
                       u"Read the files anew, then plan the repair again."_s);
    const auto after = editHeader(before, revision.file, edit);
    if (!after)
        return std::unexpected(after.error());
    if (*after == before)
        return std::nullopt;
    return FileChange{.file = revision.file, .before = before, .after = *after};
}

Result<QStringList> uncommittedWarnings(const History &history, const QList<FileChange> &changes,
                                        const std::stop_token &stop)
{
    QStringList files;
    for (const FileChange &change : changes)
        files += change.file;
    const auto facts = gitFacts(history.scripts.config.scriptLocation, files, stop);
    if (!facts) {
        if (facts.error().kind == ErrorKind::Cancelled)
            return std::unexpected(facts.error());
        return QStringList();
    }
    if (!*facts || (*facts)->changed.isEmpty())
        return QStringList();
    return QStringList(
        u"Not committed yet: %1. Commit it first, so that git shows what the repair changed."_s.arg(
            (*facts)->changed.join(u", "_s)));
}

} // namespace stepwell
