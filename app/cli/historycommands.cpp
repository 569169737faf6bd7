// SPDX-License-Identifier: MIT
// What the revision files say, without a database: heads, history, branches, show. And `current`, which
// reads the rows.
#include "app/cli/filecommands.h"
#include "app/cli/rowplans.h"
#include "app/cli/textgraph.h"
#include "migrations/alembic/currentrevisions.h"
#include "migrations/alembic/historyrange.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonObject toJson(const Revision &revision, const RevisionMap &map)
{
    return {{u"revision"_s, revision.id.text()},
            {u"down_revisions"_s, cli::toJson(revision.downRevisions)},
            {u"depends_on"_s, QJsonArray::fromStringList(revision.dependsOn)},
            {u"branch_labels"_s, QJsonArray::fromStringList(revision.branchLabels)},
            {u"message"_s, revision.message},
            {u"is_head"_s, map.isHead(revision.id)},
            {u"is_base"_s, revision.downRevisions.isEmpty()},
            {u"is_branch_point"_s, map.isBranchPoint(revision.id)},
            {u"is_merge_point"_s, map.isMergePoint(revision.id)},
            {u"file"_s, revision.file}};
}

QString marks(const Revision &revision, const RevisionMap &map)
{
    QStringList words;
    if (map.isHead(revision.id))
        words += u"head"_s;
    if (revision.downRevisions.isEmpty())
        words += u"base"_s;
    if (map.isBranchPoint(revision.id))
        words += u"branch point"_s;
    if (map.isMergePoint(revision.id))
        words += u"merge"_s;
    for (const QString &label : revision.branchLabels)
        words += u"label "_s + label;
    return words.join(u", "_s);
}

QString dateOf(const Revision &revision)
{
    return revision.created.toString(u"yyyy-MM-dd"_s);
}

void printTable(FileContext &context, const RevisionIds &ids, const RevisionMap &map)
{
    QList<QStringList> rows{{u"REVISION"_s, u"PARENT"_s, u"CREATED"_s, u"MESSAGE"_s, QString()}};
    for (const RevisionId &id : ids) {
        const Revision &revision = *map.find(id);
        rows += {id.text(), toText(revision.downRevisions), dateOf(revision), revision.message,
                 marks(revision, map)};
    }
    QStringList lines = table(rows).split(u'\n');
    for (qsizetype at = 0; at < ids.size(); ++at) {
        QString &line = lines[at + 1];
        line.replace(0, ids.at(at).text().size(), context.coloured(ids.at(at).text(), "33"));
    }
    *context.streams.out << lines.join(u'\n');
}

void printGraph(FileContext &context, const RevisionIds &ids, const RevisionMap &map)
{
    QStringList texts;
    texts.reserve(ids.size());
    for (const RevisionId &id : ids) {
        const Revision &revision = *map.find(id);
        QStringList parts{context.coloured(id.text(), "33")};
        if (const QString date = dateOf(revision); !date.isEmpty())
            parts += date;
        if (const QString words = marks(revision, map); !words.isEmpty())
            parts += context.coloured(QString(u'(' + words + u')'), "36");
        if (!revision.message.isEmpty())
            parts += revision.message;
        texts += parts.join(u"  "_s);
    }
    for (const QString &line : graphLines(layoutLanes(map, ids), texts))
        *context.streams.out << line << u'\n';
}

int printRevisions(FileContext &context, const RevisionIds &ids, const RevisionMap &map)
{
    if (context.options.json) {
        JsonList list(*context.streams.out, u"revisions"_s);
        for (const RevisionId &id : ids)
            list.add(toJson(*map.find(id), map));
        return 0;
    }
    if (context.options.graph)
        printGraph(context, ids, map);
    else
        printTable(context, ids, map);
    context.streams.out->flush();
    return 0;
}

Result<RevisionIds> askedHistory(FileContext &context, const RevisionMap &map)
{
    const QString &range = context.options.range;
    if (range.isEmpty())
        return map.history();
    if (!range.split(u':').contains(u"current"_s))
        return historyRange(map, range, {});
    return context.rows().and_then([&](const RevisionIds &rows) { return historyRange(map, range, rows); });
}

void printDetails(FileContext &context, const Revision &revision, const RevisionMap &map)
{
    QTextStream &out = *context.streams.out;
    const auto line = [&out](const QString &name, const QString &text) {
        if (!text.isEmpty())
            out << QString(name + u':').leftJustified(14) << text << u'\n';
    };
    const RevisionIds children = map.children(revision.id);
    line(u"Revision"_s, context.coloured(revision.id.text(), "33"));
    line(u"Parents"_s, toText(revision.downRevisions));
    line(u"Children"_s, children.isEmpty() ? u"none"_s : toText(children));
    line(u"Depends on"_s, revision.dependsOn.join(u", "_s));
    line(u"Labels"_s, map.labels(revision.id).join(u", "_s));
    line(u"Is"_s, marks(revision, map));
    line(u"Created"_s, revision.created.toString(Qt::ISODate));
    line(u"File"_s, revision.file);
    out << u'\n';
    if (revision.longMessage.isEmpty())
        return;
    for (const QString &text : revision.longMessage.split(u'\n'))
        out << (text.isEmpty() ? QString() : QString(u"    "_s + text)) << u'\n';
}

QJsonObject detailsJson(const Revision &revision, const RevisionMap &map)
{
    QJsonObject object = toJson(revision, map);
    object.insert(u"children"_s, cli::toJson(map.children(revision.id)));
    object.insert(u"labels"_s, QJsonArray::fromStringList(map.labels(revision.id)));
    object.insert(u"text"_s, revision.longMessage);
    object.insert(u"created"_s, revision.created.isValid()
                                    ? QJsonValue(revision.created.toString(Qt::ISODateWithMs))
                                    : QJsonValue());
    return object;
}

/// `show` takes what names revisions, and `current`.
Result<RevisionIds> named(FileContext &context, const RevisionMap &map, const QStringList &rest)
{
    if (rest.size() != 1)
        return failure(ErrorKind::Usage,
                       rest.isEmpty() ? u"No revision is named."_s : u"One revision is expected."_s,
                       u"Name it by identifier, label, head, heads or current."_s);
    if (rest.constFirst() == "current"_L1)
        return context.rows().transform([&](const RevisionIds &rows) { return currentRevisions(map, rows); });
    return revisionsFor(map, rest.constFirst());
}

} // namespace

int headsCommand(FileContext &context)
{
    const Result<ScriptDirectory> scripts = context.scripts();
    if (!scripts)
        return context.fail(scripts.error());
    const RevisionIds heads = scripts->map.heads();
    if (context.options.json)
        return context.print({{u"heads"_s, toJson(heads)}});
    return printRevisions(context, heads, scripts->map);
}

int historyCommand(FileContext &context)
{
    const Result<ScriptDirectory> scripts = context.scripts();
    if (!scripts)
        return context.fail(scripts.error());
    const Result<RevisionIds> history = askedHistory(context, scripts->map);
    return history ? printRevisions(context, *history, scripts->map) : context.fail(history.error());
}

int branchesCommand(FileContext &context)
{
    const Result<ScriptDirectory> scripts = context.scripts();
    if (!scripts)
        return context.fail(scripts.error());
    const RevisionMap &map = scripts->map;
    RevisionIds points = map.history();
    points.removeIf([&map](const RevisionId &id) { return !map.isBranchPoint(id); });
    if (context.options.json) {
        JsonList list(*context.streams.out, u"branches"_s);
        for (const RevisionId &id : points) {
            QJsonObject object = toJson(*map.find(id), map);
            object.insert(u"children"_s, toJson(map.children(id)));
            list.add(object);
        }
        return 0;
    }
    QTextStream &out = *context.streams.out;
    for (const RevisionId &id : points) {
        out << context.coloured(id.text(), "33") << u"  "_s << map.find(id)->message << u'\n';
        for (const RevisionId &child : map.children(id)) {
            const Revision &revision = *map.find(child);
            out << u"  -> "_s << context.coloured(child.text(), "33") << u"  "_s << revision.message;
            if (const QString words = marks(revision, map); !words.isEmpty())
                out << u"  ("_s << words << u')';
            out << u'\n';
        }
    }
    if (points.isEmpty())
        out << u"The history does not fork.\n"_s;
    out.flush();
    return 0;
}

int showCommand(FileContext &context)
{
    QStringList rest;
    const Result<ScriptDirectory> scripts = context.scripts(&rest);
    if (!scripts)
        return context.fail(scripts.error());
    const RevisionMap &map = scripts->map;
    const Result<RevisionIds> ids = named(context, map, rest);
    if (!ids)
        return context.fail(ids.error());
    if (context.options.json) {
        JsonList list(*context.streams.out, u"revisions"_s);
        for (const RevisionId &id : *ids)
            list.add(detailsJson(*map.find(id), map));
        return 0;
    }
    for (const RevisionId &id : *ids)
        printDetails(context, *map.find(id), map);
    context.streams.out->flush();
    return 0;
}

int currentCommand(FileContext &context)
{
    QStringList rest;
    const Result<ScriptDirectory> scripts = context.scripts(&rest);
    if (!scripts)
        return context.fail(scripts.error());
    const Result<RevisionIds> rows = context.rows();
    if (!rows)
        return context.fail(rows.error());
    // A row that no file has cannot be placed in the graph, as for Alembic.
    for (const RevisionId &row : *rows) {
        if (const auto known = scripts->map.resolve(row.text()); !known)
            return context.fail(known.error());
    }
    const RevisionIds current = currentRevisions(scripts->map, *rows);
    if (context.options.json)
        return context.print({{u"rows"_s, toJson(*rows)}, {u"current"_s, toJson(current)}});
    if (current.isEmpty())
        *context.streams.out << u"The database is at base: no revision is applied.\n"_s;
    return printRevisions(context, current, scripts->map);
}

int planFromCommand(FileContext &context)
{
    const auto made = planFromRows(context, context.options.down ? Direction::Downgrade : Direction::Upgrade);
    return made ? printPlan(context, made->first, made->second) : context.fail(made.error());
}

bool needsOnlyFiles(const Options &options)
{
    if (!options.database.isEmpty() || !options.filesOf.isEmpty())
        return false;
    const QString &command = options.command;
    if (command == "heads"_L1 || command == "branches"_L1)
        return true;
    if (command == "check"_L1)
        return options.arguments.filter(u"/"_s).isEmpty();
    if (command == "plan"_L1 || command == "current"_L1)
        return options.hasFrom;
    if (command == "show"_L1)
        return options.hasFrom || !options.arguments.contains(u"current"_s);
    return command == "history"_L1 && (options.hasFrom || !options.range.split(u':').contains(u"current"_s));
}

int runFileCommand(FileContext &context)
{
    using Command = int (*)(FileContext &);
    static const QHash<QString, Command> commands{
        {u"heads"_s, headsCommand},      {u"history"_s, historyCommand}, {u"branches"_s, branchesCommand},
        {u"show"_s, showCommand},        {u"current"_s, currentCommand}, {u"plan"_s, planFromCommand},
        {u"check"_s, checkFilesCommand},
    };
    return commands.value(context.options.command)(context);
}

} // namespace stepwell::cli
