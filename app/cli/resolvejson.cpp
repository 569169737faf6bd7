// SPDX-License-Identifier: MIT
// The JSON of resolvetext.h.
#include "app/cli/resolvetext.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// Who wrote a revision and where it is.
QJsonObject toJson(const RevisionId &id, const HistoryLook &look)
{
    const RevisionOrigin origin = look.origins.value(id);
    const Revision *revision = look.history.scripts.map.find(id);
    const auto orNull = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    return {{u"revision"_s, id.text()},
            {u"message"_s, revision ? revision->message : QString()},
            {u"author"_s, orNull(origin.author)},
            {u"committed"_s, origin.when.isValid() ? QJsonValue(isoTime(origin.when)) : QJsonValue()},
            {u"commit"_s, orNull(origin.commit)},
            {u"branches"_s, QJsonArray::fromStringList(origin.branches)},
            {u"applied_in"_s, QJsonArray::fromStringList(look.history.appliedIn(id))}};
}

QJsonObject toJson(const HeadSide &side, const HistoryLook &look)
{
    QJsonArray details;
    for (const RevisionId &id : side.revisions)
        details += toJson(id, look);
    return {{u"head"_s, side.head.text()},
            {u"revisions"_s, cli::toJson(side.revisions)},
            {u"details"_s, details},
            {u"labels"_s, QJsonArray::fromStringList(side.labels)},
            {u"applied_in"_s, QJsonArray::fromStringList(side.appliedIn)},
            {u"unknown_in"_s, QJsonArray::fromStringList(side.unknownIn)},
            {u"followed_by"_s, cli::toJson(side.mergedBy)}};
}

QJsonValue toJson(const std::optional<Divergence> &divergence, const HistoryLook &look)
{
    if (!divergence)
        return {};
    QJsonArray sides;
    for (const HeadSide &side : divergence->sides)
        sides += toJson(side, look);
    return QJsonObject{{u"parted_at"_s, divergence->partedAt.text().isEmpty()
                                            ? QJsonValue()
                                            : QJsonValue(divergence->partedAt.text())},
                       {u"sides"_s, sides}};
}

QString actionName(RepairOffer::Action action)
{
    switch (action) {
    case RepairOffer::Repair:
        return u"repair"_s;
    case RepairOffer::Stamp:
        return u"stamp"_s;
    case RepairOffer::OtherFiles:
        return u"other-files"_s;
    case RepairOffer::FinishChange:
        return u"finish-change"_s;
    case RepairOffer::UndoChange:
        return u"undo-change"_s;
    case RepairOffer::OpenFile:
        return u"open-file"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

QJsonObject toJson(const RepairOffer &offer, const CommandName &name)
{
    return {{u"action"_s, actionName(offer.action)},
            {u"label"_s, offer.label},
            {u"why"_s, offer.why},
            {u"why_not"_s, offer.whyNot.isEmpty() ? QJsonValue() : QJsonValue(offer.whyNot)},
            {u"advised"_s, offer.isAdvised},
            {u"command"_s, commandOf(offer, name)}};
}

QString stageKind(RepairStage::Kind kind)
{
    switch (kind) {
    case RepairStage::RollBack:
        return u"roll-back"_s;
    case RepairStage::WriteFiles:
        return u"write-files"_s;
    case RepairStage::Upgrade:
        return u"upgrade"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace

QJsonArray toJson(const HistoryLook &look, const CommandName &name)
{
    QJsonArray array;
    for (const Trouble &trouble : look.troubles) {
        QJsonArray offers;
        for (const RepairOffer &offer : trouble.offers)
            offers += toJson(offer, name);
        QStringList targets;
        for (const TargetId &id : trouble.targets)
            targets += id.text();
        array += QJsonObject{{u"kind"_s, troubleName(trouble.kind)},
                             {u"title"_s, trouble.title},
                             {u"text"_s, trouble.text},
                             {u"detail"_s, trouble.detail},
                             {u"revisions"_s, cli::toJson(trouble.revisions)},
                             {u"files"_s, QJsonArray::fromStringList(trouble.files)},
                             {u"targets"_s, QJsonArray::fromStringList(targets)},
                             {u"divergence"_s, toJson(trouble.divergence, look)},
                             {u"offers"_s, offers}};
    }
    return array;
}

QJsonObject toJson(const RepairPlan &plan, const QString &folder)
{
    QJsonArray files;
    for (const FileChange &change : plan.changes)
        files += QJsonObject{{u"file"_s, change.file},
                             {u"change"_s, !change.before  ? u"new"_s
                                           : !change.after ? u"deleted"_s
                                                           : u"rewritten"_s}};
    QJsonArray detours;
    for (const Detour &detour : plan.detours)
        detours += QJsonObject{{u"target"_s, detour.target.text()},
                               {u"rows"_s, cli::toJson(detour.rows)},
                               {u"down"_s, detour.down},
                               {u"steps"_s, cli::toJson(detour.steps)},
                               {u"up"_s, detour.up}};
    return {{u"kind"_s, repairKindName(plan.kind)},
            {u"title"_s, plan.title},
            {u"text"_s, QJsonArray::fromStringList(plan.text)},
            {u"warnings"_s, QJsonArray::fromStringList(plan.warnings)},
            {u"revisions"_s, cli::toJson(plan.revisions)},
            {u"moved"_s, cli::toJson(plan.moved)},
            {u"files"_s, files},
            {u"detours"_s, detours},
            {u"heads_after"_s, cli::toJson(plan.after.heads())},
            {u"diff"_s, unifiedDiff(plan.changes, folder)}};
}

QJsonArray toJson(const QList<RepairStage> &stages)
{
    QJsonArray array;
    for (const RepairStage &stage : stages)
        array += QJsonObject{{u"stage"_s, stageKind(stage.kind)},
                             {u"target"_s, stage.kind == RepairStage::WriteFiles
                                               ? QJsonValue()
                                               : QJsonValue(stage.target.text())},
                             {u"revision"_s, stage.revision},
                             {u"text"_s, stage.text},
                             {u"state"_s, stateText(stage).replace(u' ', u'-')}};
    return array;
}

} // namespace stepwell::cli
