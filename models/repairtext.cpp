// SPDX-License-Identifier: MIT
#include "models/repairtext.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace stepwell {

Tone RepairText::tone(TroubleKind kind)
{
    switch (kind) {
    case TroubleKind::UnfinishedChange:
    case TroubleKind::BrokenFile:
    case TroubleKind::DuplicateRevision:
    case TroubleKind::MissingParent:
    case TroubleKind::MissingDependency:
    case TroubleKind::RevisionCycle:
    case TroubleKind::BadLabel:
    case TroubleKind::UnknownRow:
        return Tone::Bad;
    case TroubleKind::SeveralHeads:
    case TroubleKind::UnreachableHead:
    case TroubleKind::RowsAhead:
    case TroubleKind::OverlappingRows:
        return Tone::Attention;
    }
    return Tone::Attention;
}

Chip RepairText::gravity(TroubleKind kind)
{
    switch (kind) {
    case TroubleKind::UnfinishedChange:
        return {tr("half done"), tone(kind)};
    case TroubleKind::SeveralHeads:
        return {tr("diverged"), Tone::Special};
    case TroubleKind::UnreachableHead:
        return {tr("Alembic fails on the way"), tone(kind)};
    case TroubleKind::RowsAhead:
        return {tr("database ahead"), tone(kind)};
    case TroubleKind::UnknownRow:
        return {tr("unknown revision"), tone(kind)};
    case TroubleKind::OverlappingRows:
        return {tr("version rows"), tone(kind)};
    default:
        return {tr("stops Alembic"), tone(kind)};
    }
}

QString RepairText::sideSize(const HeadSide &side)
{
    return side.revisions.size() == 1 ? tr("1 revision since they parted")
                                      : tr("%1 revisions since they parted").arg(side.revisions.size());
}

QString RepairText::origin(const RevisionId &id, const RevisionOrigins &origins)
{
    const auto found = origins.constFind(id);
    if (found == origins.constEnd())
        return {};
    if (found->commit.isEmpty())
        return tr("not committed yet");
    const QString day = QLocale::c().toString(found->when.toLocalTime().date(), u"d MMM yyyy"_s);
    return found->author.isEmpty() ? day : tr("%1, %2", "author, day").arg(found->author, day);
}

QString RepairText::branches(const QStringList &branches, int named)
{
    const QString shown = branches.mid(0, named).join(u", "_s);
    return branches.size() > named ? tr("%1 and %2 more").arg(shown).arg(branches.size() - named) : shown;
}

QString RepairText::brief(const QString &id, int letters)
{
    return id.size() <= letters ? id : QString(id.left(letters - 1) + u'…');
}

QString RepairText::putOnTop(const RevisionId &moved, const RevisionId &onto, int letters)
{
    return tr("Put %1 on top of %2").arg(brief(moved.text(), letters), brief(onto.text(), letters));
}

namespace {

qsizetype countOf(const RepairPlan &plan, bool before, bool after)
{
    return std::ranges::count_if(plan.changes, [&](const FileChange &change) {
        return change.before.has_value() == before && change.after.has_value() == after;
    });
}

} // namespace

QString RepairText::applyButton(const RepairPlan &plan)
{
    if (!plan.detours.isEmpty())
        return plan.detours.size() == 1 ? tr("Begin with 1 database…")
                                        : tr("Begin with %1 databases…").arg(plan.detours.size());
    if (plan.kind == RepairKind::Merge)
        return tr("Write the merge revision");
    const qsizetype changed = countOf(plan, true, true);
    const qsizetype fresh = countOf(plan, false, true);
    if (plan.kind == RepairKind::Restore && fresh == 1 && plan.changes.size() == 1)
        return tr("Restore the file");
    if (changed == plan.changes.size())
        return changed == 1 ? tr("Rewrite 1 file") : tr("Rewrite %1 files").arg(changed);
    return plan.changes.size() == 1 ? tr("Write 1 file") : tr("Write %1 files").arg(plan.changes.size());
}

QString RepairText::title(const RepairRequest &request)
{
    switch (request.kind) {
    case RepairKind::Rebase:
        return putOnTop(RevisionId(request.moved), RevisionId(request.onto));
    case RepairKind::Merge:
        return tr("Merge heads");
    case RepairKind::Restore:
        return tr("Restore %1 from git").arg(brief(request.revision));
    case RepairKind::Rename:
        return tr("Give one file another identifier");
    case RepairKind::Relink:
        return tr("Give %1 other parents").arg(brief(request.revision));
    }
    return {};
}

Chip RepairText::changeChip(const FileChange &change)
{
    if (!change.before)
        return {tr("new"), Tone::Good};
    if (!change.after)
        return {tr("removed"), Tone::Bad};
    return {tr("changed"), Tone::Attention};
}

QList<RepairStage> RepairText::stages(const RepairPlan &plan)
{
    QList<RepairStage> stages;
    for (const Detour &detour : plan.detours)
        stages += RepairStage{.kind = RepairStage::RollBack,
                              .target = detour.target,
                              .revision = detour.down,
                              .text = tr("Roll back %1 to %2, which takes back %3.")
                                          .arg(detour.target.text(), detour.down, toText(detour.steps))};
    stages += RepairStage{.kind = RepairStage::WriteFiles,
                          .text = plan.changes.size() == 1 ? tr("Write 1 file.")
                                                           : tr("Write %1 files.").arg(plan.changes.size())};
    for (const Detour &detour : plan.detours)
        stages += RepairStage{.kind = RepairStage::Upgrade,
                              .target = detour.target,
                              .revision = detour.up,
                              .text = tr("Upgrade %1 to %2.").arg(detour.target.text(), detour.up)};
    return stages;
}

QString RepairText::stageButton(RepairStage::Kind kind)
{
    switch (kind) {
    case RepairStage::RollBack:
        return tr("Show the rollback…");
    case RepairStage::WriteFiles:
        return tr("Write the files");
    case RepairStage::Upgrade:
        return tr("Show the upgrade…");
    }
    return {};
}

RevisionMarks RepairText::marksBefore(const RevisionMap &before, const RepairPlan &plan)
{
    RevisionMarks marks;
    for (const RevisionId &id : plan.revisions)
        marks.insert(id, {{tr("file changes"), Tone::Attention}});
    for (const RevisionId &id : plan.moved)
        marks.insert(id, {{tr("moves"), Tone::Attention}});
    for (const Revision &revision : before.revisions()) {
        if (!plan.after.find(revision.id))
            marks.insert(revision.id, {{tr("goes"), Tone::Bad}});
    }
    return marks;
}

RevisionMarks RepairText::marksAfter(const RevisionMap &before, const RepairPlan &plan)
{
    RevisionMarks marks;
    for (const RevisionId &id : plan.revisions)
        marks.insert(id, {{tr("file changed"), Tone::Attention}});
    for (const RevisionId &id : plan.moved)
        marks.insert(id, {{tr("moved"), Tone::Attention}});
    for (const Revision &revision : plan.after.revisions()) {
        if (!before.find(revision.id))
            marks.insert(revision.id, {{tr("new"), Tone::Good}});
    }
    return marks;
}

QString RepairText::rowChange(const RowChange &change)
{
    if (change.from.isEmpty())
        return tr("The row %1 is added.").arg(change.to.text());
    if (change.to.isEmpty())
        return tr("The row %1 is deleted.").arg(change.from.text());
    return tr("The row %1 becomes %2.").arg(change.from.text(), change.to.text());
}

Chip RepairText::differenceChip(SchemaDifference::Kind kind)
{
    switch (kind) {
    case SchemaDifference::Missing:
        return {tr("missing"), Tone::Bad};
    case SchemaDifference::Extra:
        return {tr("extra"), Tone::Attention};
    case SchemaDifference::Different:
        return {tr("different"), Tone::Attention};
    }
    return {};
}

} // namespace stepwell
