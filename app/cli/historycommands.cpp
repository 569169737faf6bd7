// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"

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

void printRevisions(CommandContext &context, const RevisionIds &ids, const RevisionMap &map)
{
    QList<QStringList> rows{{u"REVISION"_s, u"PARENT"_s, u"CREATED"_s, u"MESSAGE"_s, QString()}};
    for (const RevisionId &id : ids) {
        const Revision &revision = *map.find(id);
        rows += {id.text(), toText(revision.downRevisions), revision.created.toString(u"yyyy-MM-dd"_s),
                 revision.message, marks(revision, map)};
    }
    *context.streams.out << table(rows);
    context.streams.out->flush();
}

} // namespace

int headsCommand(CommandContext &context)
{
    const Result<ScriptDirectory> scripts = context.scripts();
    if (!scripts)
        return context.fail(scripts.error());
    const RevisionIds heads = scripts->map.heads();
    if (context.options.json)
        return context.print({{u"heads"_s, toJson(heads)}});
    printRevisions(context, heads, scripts->map);
    return 0;
}

int historyCommand(CommandContext &context)
{
    const Result<ScriptDirectory> scripts = context.scripts();
    if (!scripts)
        return context.fail(scripts.error());
    const RevisionIds history = scripts->map.history();
    if (!context.options.json) {
        printRevisions(context, history, scripts->map);
        return 0;
    }
    QJsonArray revisions;
    for (const RevisionId &id : history)
        revisions += toJson(*scripts->map.find(id), scripts->map);
    return context.print({{u"revisions"_s, revisions}});
}

} // namespace stepwell::cli
