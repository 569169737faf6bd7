// SPDX-License-Identifier: MIT
#include "app/cli/resolvetext.h"

#include <QDir>
#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString withOption(const QString &option, const QString &value)
{
    return value.isEmpty() ? QString() : u" %1 %2"_s.arg(option, quotedWord(value));
}

QString withOptions(const QString &option, const QStringList &values)
{
    QString text;
    for (const QString &value : values)
        text += withOption(option, value);
    return text;
}

QString parentOptions(const RepairRequest &request)
{
    if (!request.parents)
        return {};
    return request.parents->isEmpty() ? u" --parent base"_s : withOptions(u"--parent"_s, *request.parents);
}

QString optionsOf(const RepairRequest &request)
{
    switch (request.kind) {
    case RepairKind::Rebase:
        return withOption(u"--rebase"_s, request.moved) + withOption(u"--onto"_s, request.onto) +
               withOptions(u"--not-applied"_s, request.vouchedFor) +
               (request.redate ? u" --redate"_s : QString());
    case RepairKind::Merge: {
        QString heads;
        for (const QString &head : request.heads)
            heads += u' ' + quotedWord(head);
        return heads + u" --merge"_s + withOption(u"-m"_s, request.message) +
               withOptions(u"--label"_s, request.labels) + withOption(u"--rev-id"_s, request.newId);
    }
    case RepairKind::Restore:
        return withOption(u"--restore"_s, request.revision);
    case RepairKind::Rename:
        return withOption(u"--rename"_s, request.file) + withOption(u"--rev-id"_s, request.newId);
    case RepairKind::Relink:
        break;
    }
    return withOption(u"--relink"_s, request.file.isEmpty() ? request.revision : request.file) +
           parentOptions(request) + withOptions(u"--no-dependency"_s, request.droppedDependencies);
}

QString stateText(const RepairStage &stage)
{
    if (!stage.isKnown)
        return u"not known"_s;
    return stage.isDone ? u"done"_s : u"to do"_s;
}

/// Lines of a difference in the colours that git uses.
QString colouredDiff(const QString &diff, const FileContext &context)
{
    QStringList lines = diff.split(u'\n');
    for (QString &line : lines) {
        if (line.startsWith(u"---"_s) || line.startsWith(u"+++"_s))
            line = context.coloured(line, "1");
        else if (line.startsWith(u'+'))
            line = context.coloured(line, "32");
        else if (line.startsWith(u'-'))
            line = context.coloured(line, "31");
        else if (line.startsWith(u"@@"_s))
            line = context.coloured(line, "36");
    }
    return lines.join(u'\n');
}

/// Somebody may know what no program can read.
QString vouchText(const Trouble &trouble, const RepairOffer &offer, const CommandName &name)
{
    if (!trouble.divergence || offer.action != RepairOffer::Repair || offer.request.kind != RepairKind::Rebase)
        return {};
    for (const HeadSide &side : trouble.divergence->sides) {
        if (side.head.text() != offer.request.moved || side.unknownIn.isEmpty() || !side.appliedIn.isEmpty())
            continue;
        RepairRequest request = offer.request;
        request.vouchedFor = side.unknownIn;
        return u"\n      if you know that nothing of it is applied there:\n      stepwell resolve "_s + name.text +
               optionsOf(request);
    }
    return {};
}

QString offersText(const Trouble &trouble, const CommandName &name, const FileContext &context)
{
    QString text;
    for (const RepairOffer &offer : trouble.offers) {
        text += (offer.isAdvised ? u"  > "_s : u"  - "_s) +
                (offer.isAdvised ? context.coloured(offer.label, "1") : offer.label);
        if (!offer.whyNot.isEmpty())
            text += u"\n      not possible: "_s + offer.whyNot + vouchText(trouble, offer, name);
        else if (!offer.why.isEmpty())
            text += u"\n      "_s + offer.why;
        if (const QString command = commandOf(offer, name); !command.isEmpty() && offer.whyNot.isEmpty())
            text += u"\n      "_s + command;
        text += u'\n';
    }
    return text;
}

QJsonObject toJson(const HeadSide &side)
{
    return {{u"head"_s, side.head.text()},
            {u"revisions"_s, cli::toJson(side.revisions)},
            {u"labels"_s, QJsonArray::fromStringList(side.labels)},
            {u"applied_in"_s, QJsonArray::fromStringList(side.appliedIn)},
            {u"unknown_in"_s, QJsonArray::fromStringList(side.unknownIn)},
            {u"followed_by"_s, cli::toJson(side.mergedBy)}};
}

QJsonValue toJson(const std::optional<Divergence> &divergence)
{
    if (!divergence)
        return {};
    QJsonArray sides;
    for (const HeadSide &side : divergence->sides)
        sides += toJson(side);
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

QString detourText(const Detour &detour)
{
    return u"  %1: roll back to %2 (takes back %3), rewrite, upgrade to %4\n"_s.arg(
        detour.target.text(), detour.down, stepwell::toText(detour.steps), detour.up);
}

} // namespace

QString quotedWord(const QString &word)
{
    static const QString plain =
        u"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,=-"_s;
    if (!word.isEmpty() && std::ranges::all_of(word, [](QChar c) { return plain.contains(c); }))
        return word;
    return u'\'' + QString(word).replace(u"'"_s, u"'\\''"_s) + u'\'';
}

QString shownPath(const QString &file)
{
    const QString relative = QDir().relativeFilePath(file);
    return relative.startsWith(u"../"_s) ? file : relative;
}

QString commandOf(const RepairOffer &offer, const CommandName &name)
{
    switch (offer.action) {
    case RepairOffer::Repair:
        return u"stepwell resolve "_s + name.text + optionsOf(offer.request);
    case RepairOffer::Stamp:
        return u"stepwell stamp %1 %2%3"_s.arg(name.target(offer.target), offer.stampTo.join(u' '),
                                               offer.purge ? u" --purge"_s : QString());
    case RepairOffer::OtherFiles:
        return u"stepwell rollback %1 %2 --files-of %3"_s.arg(
            name.target(offer.target), offer.stampTo.isEmpty() ? u"REVISION"_s : offer.stampTo.join(u' '),
            quotedWord(offer.config.isEmpty() ? offer.ref : offer.config));
    case RepairOffer::FinishChange:
        return u"stepwell resolve %1 --continue"_s.arg(name.text);
    case RepairOffer::UndoChange:
        return u"stepwell resolve %1 --undo"_s.arg(name.text);
    case RepairOffer::OpenFile:
        break;
    }
    return {};
}

QString toText(const QList<Trouble> &troubles, const CommandName &name, const FileContext &context)
{
    QString text;
    for (const Trouble &trouble : troubles) {
        text += context.coloured(trouble.title, "31;1") + u'\n' + trouble.text + u'\n';
        for (const QString &file : trouble.files)
            text += u"  "_s + shownPath(file) + u'\n';
        if (!trouble.detail.isEmpty())
            text += trouble.detail.trimmed() + u'\n';
        text += offersText(trouble, name, context) + u'\n';
    }
    return text;
}

QString toText(const RepairPlan &plan, const QString &folder, const FileContext &context)
{
    QString text = context.coloured(plan.title, "1") + u'\n';
    for (const QString &line : plan.text)
        text += u"  "_s + line + u'\n';
    for (const QString &warning : plan.warnings)
        text += context.coloured(u"warning: "_s, "33") + warning + u'\n';
    if (!plan.detours.isEmpty())
        text += u"\nDatabases that go down before the files change, and up again after:\n"_s;
    for (const Detour &detour : plan.detours)
        text += detourText(detour);
    return text + u'\n' + colouredDiff(unifiedDiff(plan.changes, folder), context);
}

QString toText(const QList<RepairStage> &stages)
{
    QString text;
    for (const RepairStage &stage : stages)
        text += u"  %1  %2\n"_s.arg(stateText(stage).leftJustified(9), stage.text);
    return text;
}

QJsonArray toJson(const QList<Trouble> &troubles, const CommandName &name)
{
    QJsonArray array;
    for (const Trouble &trouble : troubles) {
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
                             {u"divergence"_s, toJson(trouble.divergence)},
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
