// SPDX-License-Identifier: MIT
#include "migrations/repair/giveup.h"

#include "migrations/alembic/headeredit.h"
#include "migrations/alembic/replacefile.h"
#include "migrations/alembic/revisionfile.h"
#include "migrations/repair/repairwords.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Its file cannot go back then: the database would have another history than the files.
Result<void> checkNothingApplied(const RepairRecord &record, const History &now)
{
    QStringList names;
    for (const HistoryTarget &target : now.targets) {
        if (!target.appliedOf(record.moved).isEmpty())
            names += target.target.id.text();
    }
    if (!names.isEmpty())
        return failure(ErrorKind::Refused,
                       u"The files are rewritten, and moved revisions are applied with them in %1."_s.arg(
                           names.join(u", "_s)),
                       u"Go on with the repair; or roll these databases back first, then undo."_s);
    for (const Detour &detour : record.detours) {
        const HistoryTarget *target = now.find(detour.target);
        if (target && target->isUnderstood())
            continue;
        const QString name = detour.target.text();
        return failure(
            ErrorKind::Refused,
            target
                ? u"The files are rewritten, and nobody knows whether moved revisions are applied with them "
                  "in %1: it %2."_s.arg(name, target->isRead ? u"has rows that no file has"_s
                                                             : u"could not be read"_s)
                : u"The files are rewritten, and the workspace has no target %1 any more: nobody knows "
                  "whether moved revisions are applied with them there."_s.arg(name),
            target ? u"Make it readable first, then undo; or go on with the repair."_s
                   : u"Put it back into stepwell.toml first, then undo."_s,
            target && target->error ? toText(*target->error) : QString());
    }
    return {};
}

/// A file that somebody edited since keeps that: its links alone go back.
Result<FileChange> takenBack(const FileChange &change)
{
    const auto content = contentOf(change.file);
    if (!content)
        return std::unexpected(content.error());
    FileChange back{.file = change.file, .before = change.after, .after = change.before};
    if (*content == change.after || !*content || !change.before)
        return back;
    const auto links = parseRevision(*change.before, change.file, ReadDepth::Header);
    if (!links)
        return std::unexpected(links.error());
    HeaderEdit edit{.downRevisions = links->downRevisions, .dependsOn = links->dependsOn};
    const auto written = parseRevision(change.after.value_or(QByteArray()), change.file, ReadDepth::Header);
    if (written && written->created != links->created && links->created.isValid())
        edit.created = links->created;
    const auto edited = editHeader(**content, change.file, edit);
    if (!edited)
        return std::unexpected(edited.error());
    back.before = *content;
    back.after = *edited;
    return back;
}

Result<void> takeFilesBack(const RepairRecord &record, const History &now)
{
    // What somebody edited beside the links stays.
    const LinksState links = linksOf(record, now);
    if (stateOf(record.changes) == FilesState::Before || links == LinksState::Before)
        return {};
    if (auto checked = checkNothingApplied(record, now); !checked)
        return checked;
    QList<FileChange> back;
    for (const FileChange &change : record.changes) {
        if (links != LinksState::After) { // only as a whole then, or not at all
            back += {.file = change.file, .before = change.after, .after = change.before};
            continue;
        }
        auto one = takenBack(change);
        if (!one)
            return std::unexpected(one.error());
        back += *std::move(one);
    }
    return writeTogether(now.scripts.config.scriptLocation, u"Undo: "_s + record.title, back);
}

QStringList leftBelow(const RepairRecord &record, const History &now)
{
    QStringList lines;
    for (const Detour &detour : record.detours) {
        const HistoryTarget *target = now.find(detour.target);
        if (target && target->isRead && sameSet(target->rows, detour.rows))
            continue;
        const QString name = detour.target.text();
        QStringList commands;
        for (const RevisionId &row : detour.rows)
            commands += u"`stepwell upgrade %1 %2`"_s.arg(name, row.text());
        lines +=
            u"%1 was at %2 before; %3 %4 it back."_s.arg(name, toText(detour.rows), joinedWords(commands),
                                                         commands.size() == 1 ? u"brings"_s : u"bring"_s);
    }
    return lines;
}

} // namespace

Result<QStringList> giveUpRepair(const RepairRecord &record, const History &now)
{
    return takeFilesBack(record, now).and_then([&] { return closeRepair(record); }).transform([&] {
        return leftBelow(record, now);
    });
}

} // namespace stepwell
