// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "migrations/journal/journal.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString iso(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

QJsonArray toJson(const QList<JournalAcceptance> &accepted)
{
    QJsonArray array;
    for (const JournalAcceptance &one : accepted)
        array += QJsonObject{{u"finding"_s, one.finding}, {u"reason"_s, one.reason}, {u"by"_s, one.by}};
    return array;
}

QJsonObject toJson(const JournalEntry &entry)
{
    QJsonArray steps;
    for (const JournalStep &step : entry.steps)
        steps += QJsonObject{{u"revision"_s, step.revision.text()},
                             {u"message"_s, step.message},
                             {u"sha256"_s, step.fileHash},
                             {u"from"_s, cli::toJson(step.from)},
                             {u"to"_s, cli::toJson(step.to)},
                             {u"state"_s, stepStateName(step.state)},
                             {u"started"_s, iso(step.started)},
                             {u"duration_ms"_s, static_cast<qint64>(step.duration.count())},
                             {u"error"_s, step.error},
                             {u"approved_by"_s, QJsonArray::fromStringList(step.signOff.approvedBy)},
                             {u"accepted"_s, toJson(step.signOff.accepted)}};
    const QJsonValue backup = entry.backup ? QJsonObject{{u"file"_s, entry.backup->file},
                                                         {u"size"_s, entry.backup->size},
                                                         {u"sha256"_s, entry.backup->sha256}}
                                           : QJsonValue();
    return {{u"id"_s, entry.id},
            {u"kind"_s, runKindName(entry.kind)},
            {u"environment"_s, entry.target.environment},
            {u"component"_s, entry.target.component},
            {u"database"_s, entry.databaseText},
            {u"who"_s, entry.who},
            {u"asked"_s, entry.asked},
            {u"started"_s, iso(entry.started)},
            {u"finished"_s, iso(entry.finished)},
            {u"from"_s, cli::toJson(entry.from)},
            {u"planned"_s, cli::toJson(entry.planned)},
            {u"to"_s, entry.rowsKnown() ? QJsonValue(cli::toJson(entry.to)) : QJsonValue()},
            {u"outcome"_s, outcomeName(entry.outcome)},
            {u"message"_s, entry.message},
            {u"note"_s, entry.note},
            {u"emergency"_s, entry.emergency},
            {u"backup"_s, backup},
            {u"steps"_s, steps}};
}

void printList(CommandContext &context, const QList<JournalEntry> &entries)
{
    if (entries.isEmpty()) {
        *context.streams.out << u"Nothing was run yet."_s << Qt::endl;
        return;
    }
    QList<QStringList> rows{{u"ID"_s, u"STARTED"_s, u"WHO"_s, u"TARGET"_s, u"WHAT"_s, u"FROM"_s, u"TO"_s,
                             u"BACKUP"_s, u"OUTCOME"_s}};
    for (const JournalEntry &entry : entries)
        rows += {QString::number(entry.id),
                 entry.started.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s),
                 entry.who,
                 entry.target.text(),
                 runKindName(entry.kind),
                 toText(entry.from),
                 entry.rowsKnown() ? toText(entry.to) : u"?"_s,
                 entry.backup ? u"verified"_s : u"-"_s,
                 outcomeName(entry.outcome)};
    *context.streams.out << table(rows);
    context.streams.out->flush();
}

void printEntry(CommandContext &context, const JournalEntry &entry)
{
    QTextStream &out = *context.streams.out;
    out << u"Run "_s << entry.id << u": "_s << runKindName(entry.kind) << u' ' << entry.target.text()
        << u" ("_s << entry.databaseText << u")\n"_s << entry.message << u"\nby "_s << entry.who << u", "_s
        << iso(entry.started) << u" to "_s << iso(entry.finished) << u'\n';
    if (entry.backup)
        out << u"backup "_s << entry.backup->file << u"\n       sha256 "_s << entry.backup->sha256 << u'\n';
    if (!entry.note.isEmpty())
        out << entry.note << u'\n';
    if (entry.emergency)
        out << u"an emergency: approvals were not waited for\n"_s;
    QList<QStringList> rows{{u"REVISION"_s, u"STATE"_s, u"SECONDS"_s, u"FILE SHA256"_s, u"MESSAGE"_s}};
    for (const JournalStep &step : entry.steps)
        rows += {step.revision.text(), stepStateName(step.state),
                 QString::number(step.duration.count() / 1000.0, 'f', 1), step.fileHash.left(16),
                 step.error.isEmpty() ? step.message : step.error};
    if (!entry.steps.isEmpty())
        out << table(rows);
    for (const JournalStep &step : entry.steps) {
        if (!step.signOff.approvedBy.isEmpty())
            out << step.revision.text() << u" approved by "_s << step.signOff.approvedBy.join(u", "_s)
                << u'\n';
        for (const JournalAcceptance &one : step.signOff.accepted)
            out << step.revision.text() << u' ' << one.finding << u" accepted by "_s << one.by << u": "_s
                << one.reason << u'\n';
    }
    out.flush();
}

} // namespace

int journalCommand(CommandContext &context)
{
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    if (context.options.entry > 0) {
        const Result<JournalEntry> entry = (*journal)->entry(context.options.entry);
        if (!entry)
            return context.fail(entry.error());
        if (context.options.json)
            return context.print({{u"run"_s, toJson(*entry)}});
        printEntry(context, *entry);
        return 0;
    }
    JournalFilter filter{.limit = context.options.limit};
    if (!context.options.arguments.isEmpty() || context.isDirect()) {
        const Result<Target> named = context.target();
        if (!named)
            return context.fail(named.error());
        filter.target = named->id;
        filter.workspace = context.workspaceDirectory(*named);
    } else if (const Result<Workspace> workspace = context.workspace()) {
        filter.workspace = workspace->directory;
    }
    const Result<QList<JournalEntry>> entries = (*journal)->entries(filter);
    if (!entries)
        return context.fail(entries.error());
    if (!context.options.json) {
        printList(context, *entries);
        return 0;
    }
    QJsonArray array;
    for (const JournalEntry &entry : *entries)
        array += toJson(entry);
    return context.print({{u"runs"_s, array}});
}

} // namespace stepwell::cli
