// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/confirmation.h"
#include "app/cli/runchecks.h"
#include "app/cli/runprogress.h"
#include "app/cli/runreport.h"
#include "migrations/repair/impliedschema.h"
#include "migrations/run/rendercache.h"
#include "migrations/run/stampoutcome.h"
#include "migrations/run/stamprun.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

struct PlannedStamp {
    StampRequest request;
    TargetAccess access;
    QList<RowChange> changes;
    std::optional<SchemaComparison> schema; ///< how the database fits the rows it would get
};

Result<PlannedStamp> planIt(CommandContext &context, const Target &target, const QStringList &revisions)
{
    if (revisions.isEmpty())
        return failure(ErrorKind::Usage, u"It is not said at which revision the database is to be."_s,
                       u"Name one or several; `base` deletes the rows."_s);
    const Result<QString> password = context.password(target);
    if (!password)
        return std::unexpected(password.error());
    PlannedStamp planned{.request = {.target = target,
                                     .revisions = revisions,
                                     .purge = context.options.purge,
                                     .workspaceDirectory = context.workspaceDirectory(target)}};
    Result<TargetAccess> access = TargetAccess::open(target, *password);
    if (!access)
        return std::unexpected(access.error());
    planned.access = *std::move(access);
    planned.request.password = planned.access.password;
    const Result<RevisionIds> rows = planned.access.openSession(u"plan"_s, std::chrono::seconds(5))
                                         .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
                                             return session->readVersionRows(target.component.versionTable);
                                         });
    if (!rows)
        return std::unexpected(rows.error());
    planned.request.from = *rows;
    const auto changes = planStamp(planned.access.scripts.map, *rows, revisions, context.options.purge);
    if (!changes)
        return std::unexpected(changes.error());
    planned.changes = *changes;
    return planned;
}

/// A stamp changes no table, so what the tables are like is worth a look. What cannot be told is no reason to
/// stop.
void compareSchema(CommandContext &context, PlannedStamp &planned)
{
    const RenderCache cache;
    const auto compared = planned.access.openSession(u"compare"_s, std::chrono::seconds(5))
                              .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
                                  return stepwell::compareSchema(
                                      planned.access, rowsAfter(planned.request.from, planned.changes),
                                      *session, {.cache = &cache, .stop = context.streams.interrupted});
                              });
    if (compared)
        planned.schema = *compared;
    else
        context.note(u"warning: the schema could not be compared: "_s + compared.error().message);
}

QString toText(const SchemaComparison &schema)
{
    QString text =
        schema.differences.isEmpty()
            ? u"The database has all %1 tables, columns and indexes that these revisions make."_s.arg(
                  schema.compared)
            : u"The database is NOT as these revisions would have made it:"_s;
    for (const SchemaDifference &difference : schema.differences)
        text += u"\n  "_s + difference.text;
    if (!schema.unreadable.isEmpty())
        text += u"\nNot known from their SQL, and left out: "_s + stepwell::toText(schema.unreadable);
    return text;
}

QJsonValue toJson(const std::optional<SchemaComparison> &schema)
{
    if (!schema)
        return {};
    QJsonArray differences;
    for (const SchemaDifference &difference : schema->differences)
        differences += QJsonObject{{u"what"_s, difference.what},
                                   {u"revision"_s, difference.revision.text()},
                                   {u"text"_s, difference.text}};
    return QJsonObject{{u"compared"_s, schema->compared},
                       {u"differences"_s, differences},
                       {u"unreadable"_s, cli::toJson(schema->unreadable)}};
}

QString toText(const PlannedStamp &planned)
{
    const QString &configured = planned.request.target.component.versionTable;
    QString text;
    for (const RowChange &change : planned.changes) {
        if (change.from.text().isNull())
            text += u"  insert %1\n"_s.arg(change.to.text());
        else if (change.to.text().isNull())
            text += u"  delete %1\n"_s.arg(change.from.text());
        else
            text += u"  update %1 to %2\n"_s.arg(change.from.text(), change.to.text());
    }
    return text + u"Changes only the rows of %1: no table is touched, no revision is run."_s.arg(
                      configured.isEmpty() ? u"alembic_version"_s : configured);
}

QJsonObject membersOf(const PlannedStamp &planned)
{
    QJsonArray changes;
    const auto value = [](const RevisionId &id) {
        return id.text().isNull() ? QJsonValue() : QJsonValue(id.text());
    };
    for (const RowChange &change : planned.changes)
        changes += QJsonObject{{u"from"_s, value(change.from)}, {u"to"_s, value(change.to)}};
    return {{u"from"_s, cli::toJson(planned.request.from)},
            {u"changes"_s, changes},
            {u"schema"_s, toJson(planned.schema)}};
}

int stamp(CommandContext &context, const PlannedStamp &planned)
{
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    RunProgress progress(context, {});
    const std::stop_callback onInterrupt(context.streams.interrupted, [&] { progress.cancel(); });
    return printReport(context,
                       stampTarget(
                           planned.request, **journal, [&](const RunEvent &event) { progress.handle(event); },
                           context.streams.interrupted),
                       membersOf(planned));
}

} // namespace

int stampCommand(CommandContext &context)
{
    QStringList revisions;
    const Result<Target> target = context.target(&revisions);
    if (!target)
        return context.fail(target.error());
    Result<PlannedStamp> planned = planIt(context, *target, revisions);
    settleBefore(context, *target);
    if (!planned)
        return context.fail(planned.error());
    if (const Result<void> clear = checkPolicyIsClear(context); !clear)
        return context.fail(clear.error());
    if (planned->changes.isEmpty()) {
        const RunReport nothing{.outcome = Outcome::Done,
                                .rows = planned->request.from,
                                .rowsKnown = true,
                                .summary = u"Nothing to do: the database is at %1."_s.arg(
                                    stepwell::toText(planned->request.from))};
        return printReport(context, nothing, membersOf(*planned));
    }
    context.progress(target->id.text() + u"  "_s + planned->access.connection.displayText());
    context.progress(toText(*planned));
    compareSchema(context, *planned);
    if (planned->schema && !planned->schema->differences.isEmpty())
        context.note(toText(*planned->schema)); // also where nobody is asked
    else if (planned->schema)
        context.progress(toText(*planned->schema));
    if (const Result<void> confirmed = confirm(context, target->environment); !confirmed)
        return context.fail(confirmed.error());
    return stamp(context, *planned);
}

} // namespace stepwell::cli
