// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/historyreading.h"
#include "app/cli/historyreport.h"
#include "app/cli/repairstages.h"
#include "app/cli/resolvetext.h"
#include "migrations/alembic/revisionfile.h"
#include "migrations/repair/giveup.h"
#include "migrations/repair/repairwork.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QStringList askedFor(const Options &options)
{
    QStringList asked;
    const auto add = [&](bool isAsked, const QString &option) {
        if (isAsked)
            asked += option;
    };
    add(!options.rebase.isEmpty(), u"--rebase"_s);
    add(options.merge, u"--merge"_s);
    add(!options.restore.isEmpty(), u"--restore"_s);
    add(!options.rename.isEmpty(), u"--rename"_s);
    add(!options.relink.isEmpty(), u"--relink"_s);
    add(options.goOn, u"--continue"_s);
    add(options.undo, u"--undo"_s);
    return asked;
}

/// Options that go with another one, so that a slip is no silent default.
Result<void> checkOptions(const Options &options, const QStringList &rest)
{
    const auto usage = [](const QString &message, const QString &hint) {
        return failure(ErrorKind::Usage, message, hint);
    };
    const QStringList asked = askedFor(options);
    if (asked.size() > 1)
        return usage(u"%1 exclude each other."_s.arg(asked.join(u" and "_s)), u"Do one, then the other."_s);
    if (options.rebase.isEmpty() != options.onto.isEmpty())
        return usage(u"--rebase and --onto go together."_s,
                     u"Write --rebase HEAD --onto OTHER-HEAD; `stepwell heads` lists the heads."_s);
    if (!options.merge && !rest.isEmpty())
        return usage(u"%1 is one argument too many."_s.arg(rest.first()), u"Heads are named with --merge."_s);
    const bool setsLinks = !options.parents.isEmpty() || !options.droppedDependencies.isEmpty();
    if (setsLinks == options.relink.isEmpty())
        return usage(u"--relink goes with --parent or --no-dependency."_s,
                     u"Write --relink REVISION --parent OTHER, or --parent base."_s);
    const bool refines = options.redate || !options.message.isEmpty() || !options.labels.isEmpty() ||
                         !options.newId.isEmpty() || !options.notApplied.isEmpty();
    if (asked.isEmpty() && refines)
        return usage(u"--redate, --message, --label, --rev-id and --not-applied go with a repair."_s,
                     u"Say --rebase, --merge or --rename too."_s);
    if (asked.isEmpty() && options.apply)
        return usage(u"It is not said what to apply."_s,
                     u"`stepwell resolve` without --apply tells what there is to do."_s);
    return {};
}

/// "base" is no parent; what is not named stays.
std::optional<QStringList> parentsOf(const Options &options)
{
    if (options.parents.isEmpty())
        return {};
    return options.parents == QStringList{u"base"_s} ? QStringList() : options.parents;
}

RepairRequest requestOf(const Options &options, const QStringList &heads)
{
    const auto absolute = [](const QString &file) { return QDir().absoluteFilePath(file); };
    RepairRequest request{.moved = options.rebase,
                          .onto = options.onto,
                          .heads = heads,
                          .message = options.message,
                          .labels = options.labels,
                          .newId = options.newId,
                          .revision = options.restore + options.relink,
                          .parents = parentsOf(options),
                          .droppedDependencies = options.droppedDependencies,
                          .redate = options.redate,
                          .vouchedFor = options.notApplied};
    if (options.merge)
        request.kind = RepairKind::Merge;
    if (!options.restore.isEmpty())
        request.kind = RepairKind::Restore;
    if (!options.relink.isEmpty())
        request.kind = RepairKind::Relink;
    if (!options.rename.isEmpty()) {
        request.kind = RepairKind::Rename;
        request.file = absolute(options.rename);
    }
    if (request.kind == RepairKind::Relink && QFileInfo(options.relink).isFile()) {
        request.file = QFileInfo(options.relink).canonicalFilePath();
        request.revision = readRevisionFile(request.file, ReadDepth::Header)
                               .transform([](const Revision &revision) { return revision.id.text(); })
                               .value_or(QString());
    }
    return request;
}

int applyPlan(CommandContext &context, const NamedHistory &named, const RepairPlan &plan)
{
    const QString folder = named.look.history.scripts.config.directory;
    if (!plan.detours.isEmpty()) {
        const Result<Workspace> workspace = context.workspace();
        const RepairRecord record =
            recordOf(named.look.history, plan, workspace ? workspace->directory : folder, plan.vouchedFor);
        if (const Result<void> kept = keepRepair(record); !kept)
            return context.fail(kept.error());
        return doStages(context, record, named, true);
    }
    const Result<void> written = readAgain(context, named.look.history)
                                     .and_then([&](const History &now) { return checkStillTrue(plan, now); })
                                     .and_then([&] { return writeRepair(named.look.history, plan); });
    if (!written)
        return context.fail(written.error());
    QJsonObject object = toJson(plan, folder);
    object.insert(u"applied"_s, true);
    if (context.options.json)
        return context.print(object);
    QTextStream &out = *context.streams.out;
    out << u"Done: "_s << plan.title << u'\n';
    for (const FileChange &change : plan.changes)
        out << u"  "_s << shownPath(change.file) << u'\n';
    out << u"Heads now: "_s << stepwell::toText(plan.after.heads()) << u'\n' << Qt::flush;
    return 0;
}

/// A slip in a name would vouch for nobody.
Result<void> checkVouched(const RepairRequest &request, const History &history)
{
    for (const QString &name : request.vouchedFor) {
        const bool isKnown = std::ranges::any_of(
            history.targets, [&](const HistoryTarget &target) { return target.target.id.text() == name; });
        if (!isKnown)
            return failure(ErrorKind::Usage, u"There is no target %1 with these revisions."_s.arg(name),
                           u"`stepwell status` lists the targets."_s);
    }
    return {};
}

int repair(CommandContext &context, const NamedHistory &named)
{
    const RepairRequest request = requestOf(context.options, named.rest);
    if (const Result<void> known = checkVouched(request, named.look.history); !known)
        return context.fail(known.error());
    const Result<RepairPlan> plan = planRepair(named.look.history, request, context.streams.interrupted);
    if (!plan)
        return context.fail(plan.error());
    const QString folder = named.look.history.scripts.config.directory;
    if (!context.options.json && (!context.options.apply || context.streams.outIsTerminal))
        *context.streams.out << toText(*plan, folder, context) << Qt::flush;
    if (context.options.apply)
        return applyPlan(context, named, *plan);
    QJsonObject object = toJson(*plan, folder);
    object.insert(u"applied"_s, false);
    if (context.options.json)
        return context.print(object);
    // A new identifier is made up each time: named, it is the file that was shown.
    const bool makesId = plan->kind == RepairKind::Merge || plan->kind == RepairKind::Rename;
    const QString id = makesId && request.newId.isEmpty() && plan->revisions.size() == 1
                           ? u" --rev-id "_s + plan->revisions.first().text()
                           : QString();
    *context.streams.out << u"Nothing was changed. The same with%1 --apply does it.\n"_s.arg(id) << Qt::flush;
    return 0;
}

int nothingOpen(CommandContext &context, const NamedHistory &named)
{
    return context.fail({.kind = ErrorKind::Usage,
                         .message = u"No repair of %1 was cut off."_s.arg(named.name.text),
                         .hint = u"`stepwell resolve %1` tells what is wrong."_s.arg(named.name.text)});
}

int goOn(CommandContext &context, const NamedHistory &named, const std::optional<UnfinishedChange> &change,
         const std::optional<RepairRecord> &open)
{
    if (change) {
        if (const Result<void> finished = finishChange(*change); !finished)
            return context.fail(finished.error());
        context.note(u"Finished: "_s + change->what);
    }
    if (open)
        return doStages(context, *open, named, false);
    if (!change)
        return nothingOpen(context, named);
    return context.options.json ? context.print({{u"applied"_s, true}, {u"title"_s, change->what}}) : 0;
}

int undo(CommandContext &context, const NamedHistory &named, const std::optional<UnfinishedChange> &change,
         const std::optional<RepairRecord> &open)
{
    if (!change && !open)
        return nothingOpen(context, named);
    const Result<RepairWork> work = RepairWork::take(named.look.history.source.config);
    if (!work)
        return context.fail(work.error());
    QStringList lines;
    if (change) {
        if (const Result<void> undone = undoChange(*change); !undone)
            return context.fail(undone.error());
        lines += u"Taken back: "_s + change->what;
    }
    if (open) {
        const Result<QStringList> undone = giveUpRepair(*open, named.look.history);
        if (!undone)
            return context.fail(undone.error());
        lines += u"Given up: "_s + open->title;
        lines += *undone;
    }
    if (context.options.json)
        return context.print({{u"undone"_s, true}, {u"text"_s, QJsonArray::fromStringList(lines)}});
    *context.streams.out << lines.join(u'\n') << Qt::endl;
    return 0;
}

} // namespace

int resolveCommand(CommandContext &context)
{
    const Options &options = context.options;
    const bool tells = askedFor(options).isEmpty();
    if (tells && !context.isDirect() && options.arguments.isEmpty() && !options.apply)
        return tellAll(context);
    const Result<NamedHistory> named = readNamedHistory(context, tells ? GitLook::With : GitLook::Without);
    if (!named)
        return context.fail(named.error());
    if (const Result<void> sound = checkOptions(options, named->rest); !sound)
        return context.fail(sound.error());
    if (tells)
        return tell(context, *named);
    const auto change = findUnfinishedChange(named->look.history.scripts.config.scriptLocation);
    if (!change)
        return context.fail(change.error());
    const std::optional<RepairRecord> &open = named->look.open;
    if (options.goOn)
        return goOn(context, *named, *change, open);
    if (options.undo)
        return undo(context, *named, *change, open);
    if (open)
        return context.fail({.kind = ErrorKind::Locked,
                             .message = u"A repair is not finished: %1."_s.arg(open->title),
                             .hint = u"`stepwell resolve %1 --continue` or --undo."_s.arg(named->name.text)});
    return repair(context, *named);
}

} // namespace stepwell::cli
