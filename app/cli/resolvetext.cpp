// SPDX-License-Identifier: MIT
#include "app/cli/resolvetext.h"

#include <QDir>

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
    if (!trouble.divergence || offer.action != RepairOffer::Repair ||
        offer.request.kind != RepairKind::Rebase)
        return {};
    for (const HeadSide &side : trouble.divergence->sides) {
        if (side.head.text() != offer.request.moved || side.unknownIn.isEmpty() || !side.appliedIn.isEmpty())
            continue;
        RepairRequest request = offer.request;
        request.vouchedFor = side.unknownIn;
        return u"\n      if you know that nothing of it is applied there:\n      stepwell resolve "_s +
               name.text + optionsOf(request);
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

QString whoAndWhere(const RevisionId &id, const HistoryLook &look)
{
    const RevisionOrigin origin = look.origins.value(id);
    QStringList facts;
    if (const Revision *revision = look.history.scripts.map.find(id);
        revision && !revision->message.isEmpty())
        facts += revision->message;
    if (!origin.author.isEmpty())
        facts += origin.author + u' ' + origin.when.toLocalTime().date().toString(Qt::ISODate);
    if (look.origins.contains(id) && origin.commit.isEmpty())
        facts += u"not committed"_s;
    if (!origin.branches.isEmpty())
        facts += u"on "_s + origin.branches.join(u", "_s);
    const QStringList applied = look.history.appliedIn(id);
    facts += applied.isEmpty() ? u"applied nowhere that was read"_s
                               : QString(u"applied in "_s + applied.join(u", "_s));
    return facts.join(u" · "_s);
}

/// What each side has since they parted, the newest first.
QString sidesText(const Divergence &divergence, const HistoryLook &look)
{
    constexpr qsizetype shown = 8;
    QString text;
    for (const HeadSide &side : divergence.sides) {
        const qsizetype count = side.revisions.size();
        text += u"  side of %1: %2\n"_s.arg(side.head.text(),
                                            count == 1 ? u"1 revision"_s : u"%1 revisions"_s.arg(count));
        for (qsizetype i = count - 1; i >= std::max(qsizetype(0), count - shown); --i)
            text +=
                u"    %1  %2\n"_s.arg(side.revisions.at(i).text(), whoAndWhere(side.revisions.at(i), look));
        if (count > shown)
            text += u"    and %1 more\n"_s.arg(count - shown);
    }
    return text;
}

QString detourText(const Detour &detour)
{
    return u"  %1: roll back to %2 (takes back %3), rewrite, upgrade to %4\n"_s.arg(
        detour.target.text(), detour.down, stepwell::toText(detour.steps), detour.up);
}

} // namespace

QString stateText(const RepairStage &stage)
{
    if (!stage.isKnown)
        return u"not known"_s;
    return stage.isDone ? u"done"_s : u"to do"_s;
}

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

QString toText(const HistoryLook &look, const CommandName &name, const FileContext &context)
{
    QString text;
    for (const Trouble &trouble : look.troubles) {
        text += context.coloured(trouble.title, "31;1") + u'\n' + trouble.text + u'\n';
        for (const QString &file : trouble.files)
            text += u"  "_s + shownPath(file) + u'\n';
        if (!trouble.detail.isEmpty())
            text += trouble.detail.trimmed() + u'\n';
        if (trouble.divergence)
            text += sidesText(*trouble.divergence, look);
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

QString unfinishedText(const HistoryLook &look, const CommandName &name)
{
    if (!look.open)
        return {};
    return u"A repair is not finished: %1\n%2  stepwell resolve %3 --continue\n  stepwell resolve %3 --undo\n"_s
        .arg(look.open->title, toText(look.stages), name.text);
}

} // namespace stepwell::cli
