// SPDX-License-Identifier: MIT
// How far a repair with detours got, read from files and databases.
#include "migrations/alembic/revisionfile.h"
#include "migrations/repair/repairrecord.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Links {
    RevisionId id;
    RevisionIds downRevisions;
    QStringList dependsOn;
};

std::optional<Links> linksIn(const std::optional<QByteArray> &content, const QString &file)
{
    if (!content)
        return {};
    const auto revision = parseRevision(*content, file, ReadDepth::Header);
    if (!revision)
        return {};
    return Links{revision->id, revision->downRevisions, revision->dependsOn};
}

bool areSame(const Links &left, const Links &right)
{
    const auto names = [](const QStringList &texts) { return QSet<QString>(texts.begin(), texts.end()); };
    return left.id == right.id && sameSet(left.downRevisions, right.downRevisions) &&
           names(left.dependsOn) == names(right.dependsOn);
}

QString described(const Links &links)
{
    QString text = links.downRevisions.isEmpty() ? u"follows nothing"_s
                                                 : QString(u"follows "_s + toText(links.downRevisions));
    if (!links.dependsOn.isEmpty())
        text += QString(u" and depends on "_s + links.dependsOn.join(u", "_s));
    return text;
}

struct LinksLook {
    LinksState state = LinksState::Neither;
    QString why; ///< of Neither
};

LinksLook neither(const QString &why)
{
    return {LinksState::Neither, why};
}

/// Nothing if the change is of no link.
std::optional<LinksLook> lookAt(const FileChange &change, const RevisionMap &map)
{
    const auto before = linksIn(change.before, change.file);
    const auto after = linksIn(change.after, change.file);
    if (!before || !after)
        return neither(u"what is recorded of %1 has no links"_s.arg(change.file));
    if (areSame(*before, *after))
        return {};
    const Revision *revision = map.find(after->id);
    if (!revision)
        return neither(u"no file that can be read has %1"_s.arg(after->id.text()));
    const Links now{revision->id, revision->downRevisions, revision->dependsOn};
    if (areSame(now, *after))
        return LinksLook{LinksState::After, {}};
    if (areSame(now, *before))
        return LinksLook{LinksState::Before, {}};
    return neither(u"%1 %2; before the repair it %3, and with it it %4"_s.arg(
        now.id.text(), described(now), described(*before), described(*after)));
}

LinksLook lookAtLinks(const RepairRecord &record, const History &now)
{
    std::optional<LinksState> state;
    for (const FileChange &change : record.changes) {
        const auto look = lookAt(change, now.scripts.map);
        if (!look)
            continue;
        if (look->state == LinksState::Neither)
            return *look;
        if (state.value_or(look->state) != look->state)
            return neither(u"the links of some files are those of before, and of some those of after"_s);
        state = look->state;
    }
    if (!state) // only dates change: there is nothing else to judge by
        state = stateOf(record.changes) == FilesState::After ? LinksState::After : LinksState::Before;
    return {*state, {}};
}

QString notKnown(const QString &why)
{
    return u"Whether the files are changed already is not known: %1. Give them the links of one side."_s.arg(
        why);
}

} // namespace

LinksState linksOf(const RepairRecord &record, const History &now)
{
    return lookAtLinks(record, now).state;
}

QList<RepairStage> stagesOf(const RepairRecord &record, const History &now)
{
    const LinksLook links = lookAtLinks(record, now);
    const bool isWritten = links.state == LinksState::After;
    const bool isClear = links.state != LinksState::Neither;
    QList<RepairStage> back;
    QList<RepairStage> up;
    for (const Detour &detour : record.detours) {
        const QString name = detour.target.text();
        const HistoryTarget *target = now.find(detour.target);
        const bool isKnown = target && target->isUnderstood();
        // The files change only after every way down: with new files the way down is behind us. With files of
        // neither side nobody can say what a rollback would take back.
        back += RepairStage{
            .kind = RepairStage::RollBack,
            .target = detour.target,
            .revision = detour.down,
            .steps = detour.steps,
            .text = isClear ? u"Roll %1 back to %2: that takes back %3."_s.arg(name, detour.down,
                                                                               toText(detour.steps))
                            : notKnown(links.why),
            .isDone = isWritten || (isClear && isKnown && target->appliedOf(detour.steps).isEmpty()),
            .isKnown = isWritten || (isClear && isKnown)};
        up += RepairStage{.kind = RepairStage::Upgrade,
                          .target = detour.target,
                          .revision = detour.up,
                          .text = u"Upgrade %1 to %2 with the new files."_s.arg(name, detour.up),
                          .isDone = isWritten && isKnown && target->applied.contains(RevisionId(detour.up)),
                          .isKnown = isKnown};
    }
    const qsizetype count = record.changes.size();
    back +=
        RepairStage{.kind = RepairStage::WriteFiles,
                    .text = isClear ? u"Change %1."_s.arg(count == 1 ? u"1 file"_s : u"%1 files"_s.arg(count))
                                    : notKnown(links.why),
                    .isDone = isWritten,
                    .isKnown = isClear};
    return back + up;
}

} // namespace stepwell
