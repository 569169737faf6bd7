// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

bool isTable(ObjectKind kind)
{
    return kind == ObjectKind::Table || kind == ObjectKind::PartitionedTable ||
           kind == ObjectKind::ForeignTable;
}

/// What the DROPs of a statement name, as long as others use it.
template<typename Visit>
void forDrops(const RuleContext &context, Visit visit)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::Drop && !context.isUnseen(action.relation))
            visit(action);
    }
}

void dropTable(const RuleContext &context, Findings &findings)
{
    forDrops(context, [&](const Action &action) {
        if (!isTable(action.object))
            return;
        const bool empty = context.isEmpty(action.relation);
        findings.add(
            empty ? Severity::BreaksClients : Severity::LosesData, action.relation,
            empty ? u"Drops %1, which has no rows; programs that use it break."_s.arg(action.relation.text())
                  : u"Drops %1: programs that use it break, and no downgrade brings its rows back."_s.arg(
                        context.wholeTable(action.relation)));
    });
}

void dropColumn(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::DropColumn || context.isUnseen(action.relation))
            continue;
        const bool empty = context.isEmpty(action.relation);
        findings.add(empty ? Severity::BreaksClients : Severity::LosesData, action.relation,
                     u"Drops the column %1 of %2: programs that still name it break%3."_s.arg(
                         action.name, action.relation.text(),
                         empty ? QString() : u", and no downgrade brings its values back"_s));
    }
}

void dropSchema(const RuleContext &context, Findings &findings)
{
    forDrops(context, [&](const Action &action) {
        if (action.object == ObjectKind::Schema && action.cascade)
            findings.add(Severity::LosesData, action.relation,
                         u"Drops the schema %1 with every table in it."_s.arg(action.relation.text()));
        else if (action.object == ObjectKind::Schema)
            findings.add(Severity::BreaksClients, action.relation,
                         u"Drops the schema %1, if it is empty."_s.arg(action.relation.text()));
        else if (action.object == ObjectKind::Database)
            findings.add(Severity::LosesData, action.relation,
                         u"Drops the whole database %1."_s.arg(action.relation.text()));
    });
}

void dropProgramObject(const RuleContext &context, Findings &findings)
{
    forDrops(context, [&](const Action &action) {
        QString what;
        switch (action.object) {
        case ObjectKind::View:
            what = u"view"_s;
            break;
        case ObjectKind::MaterializedView:
            what = u"materialized view"_s;
            break;
        case ObjectKind::Function:
            what = u"function"_s;
            break;
        case ObjectKind::Sequence:
            what = u"sequence"_s;
            break;
        default:
            return;
        }
        // A view that the same script makes again is changed, not taken away.
        const bool comesBack = std::any_of(
            context.all.begin() + context.index + 1, context.all.end(), [&](const Statement &later) {
                return !later.text.startsWith("DROP"_L1, Qt::CaseInsensitive) &&
                       later.text.startsWith("CREATE"_L1, Qt::CaseInsensitive) &&
                       later.text.contains(action.relation.name) &&
                       later.text.contains(what, Qt::CaseInsensitive);
            });
        if (!comesBack)
            findings.add(Severity::BreaksClients, action.relation,
                         u"Programs that use the %1 %2 break."_s.arg(what, action.relation.text()));
    });
}

void dropCascade(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool drops = action.kind == ActionKind::Drop || action.kind == ActionKind::DropColumn ||
                           action.kind == ActionKind::DropConstraint;
        if (!drops || !action.cascade || context.isUnseen(action.relation) ||
            action.object == ObjectKind::Schema)
            continue;
        const QList<RelationName> dependents =
            context.before.dependents(knownName(context.before, action.relation));
        const bool columns = action.object == ObjectKind::Type || action.object == ObjectKind::Enum ||
                             action.object == ObjectKind::Domain ||
                             action.object == ObjectKind::CompositeType;
        QString message = dependents.isEmpty()
                              ? u"CASCADE drops whatever depends on %1, however much that is, and locks "
                                u"every table concerned against "
                                "reads and writes."_s
                              : u"CASCADE drops what depends on %1, and locks %2 against reads and writes."_s;
        message = dependents.isEmpty() ? message.arg(action.relation.text())
                                       : message.arg(action.relation.text(), namesText(dependents));
        if (columns)
            message += u" Columns of the type go with their values."_s;
        findings.add(columns ? Severity::LosesData : Severity::BlocksReads, action.relation, message,
                     dependents);
    }
}

void dependentsForbid(const RuleContext &context, Findings &findings)
{
    forDrops(context, [&](const Action &action) {
        const bool known = isTable(action.object) || action.object == ObjectKind::View ||
                           action.object == ObjectKind::MaterializedView ||
                           action.object == ObjectKind::Type || action.object == ObjectKind::Enum ||
                           action.object == ObjectKind::Domain;
        if (action.cascade || !known)
            return;
        const RelationName name = knownName(context.before, action.relation);
        QList<RelationName> dependents = context.before.dependents(name);
        if (isTable(action.object))
            dependents += context.before.referencing(name);
        dependents.removeIf([&](const RelationName &dependent) {
            return dependent == name ||
                   std::ranges::any_of(context.statement.actions, [&](const Action &other) {
                       return other.kind == ActionKind::Drop &&
                              knownName(context.before, other.relation) == dependent;
                   });
        });
        if (!dependents.isEmpty())
            findings.add(
                Severity::MayFail, action.relation,
                u"Fails as long as %1 needs %2."_s.arg(namesText(dependents), action.relation.text()));
    });
}

void truncate(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Truncate || context.isUnseen(action.relation) ||
            context.isEmpty(action.relation))
            continue;
        findings.add(Severity::LosesData, action.relation,
                     u"Removes %1, for transactions that still read it as well."_s.arg(
                         context.wholeTable(action.relation)));
    }
}

void truncateCascade(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Truncate || !action.cascade || context.isUnseen(action.relation))
            continue;
        const QList<RelationName> others =
            context.before.referencing(knownName(context.before, action.relation));
        findings.add(
            Severity::LosesData, action.relation,
            others.isEmpty()
                ? u"CASCADE empties every table with a foreign key to %1, and those that refer to them."_s
                      .arg(action.relation.text())
                : u"CASCADE empties %1 too."_s.arg(namesText(others)));
    }
}

} // namespace

RuleDefinitions dropRules()
{
    return {
        {.rule = {.id = u"drop-table"_s,
                  .severity = Severity::LosesData,
                  .title = u"Drops a table"_s,
                  .explanation =
                      u"The rows are gone; downgrade() can create the table again, empty. Programs that "
                      u"still use it "
                      "fail from this moment on. Renaming it first shows whether anybody misses it."_s,
                  .saferAlembic =
                      u"op.rename_table(\"sessions\", \"sessions_unused\")\n# some releases later:\n"
                      "op.drop_table(\"sessions_unused\")"_s,
                  .saferSql =
                      u"ALTER TABLE sessions RENAME TO sessions_unused;\n-- some releases later:\nDROP TABLE "
                      "sessions_unused;"_s,
                  .knownAs = {u"squawk: ban-drop-table"_s, u"atlas: DS102"_s,
                              u"strong_migrations: create_table force"_s}},
         .advice = u"Release programs that no longer use it first, and have a backup."_s,
         .check = dropTable},
        {.rule =
             {.id = u"drop-column"_s,
              .severity = Severity::LosesData,
              .title = u"Drops a column"_s,
              .explanation =
                  u"The values are gone; downgrade() can add the column again, empty. Programs that name it, "
                  u"as "
                  "every ORM does that was started before, fail until they are restarted with a newer release."_s,
              .saferAlembic = u"# release programs that do not map the column any more, "
                              u"then:\nop.drop_column(\"sessions\", "
                              "\"note\")"_s,
              .saferSql = u"-- release programs that do not name the column any more, then:\nALTER TABLE "
                          u"sessions DROP "
                          "COLUMN note;"_s,
              .knownAs = {u"squawk: ban-drop-column"_s, u"strong_migrations: remove_column"_s,
                          u"atlas: DS103"_s}},
         .advice = u"Release programs that no longer use it first, and have a backup."_s,
         .check = dropColumn},
        {.rule = {.id = u"drop-schema"_s,
                  .severity = Severity::LosesData,
                  .title = u"Drops a schema or a database"_s,
                  .explanation = u"With CASCADE everything in it is gone at once. A database cannot be "
                                 u"dropped in a transaction, "
                                 "nor while anybody is connected."_s,
                  .saferAlembic = u"op.execute(\"DROP SCHEMA billing\")  # fails unless it is empty"_s,
                  .saferSql = u"DROP SCHEMA billing; -- fails unless it is empty"_s,
                  .knownAs = {u"squawk: ban-drop-database"_s, u"atlas: DS101"_s}},
         .advice = u"Drop the tables one by one first, so that a reviewer sees each of them."_s,
         .check = dropSchema},
        {.rule =
             {.id = u"drop-program-object"_s,
              .severity = Severity::BreaksClients,
              .title = u"Drops a view, function or sequence"_s,
              .explanation =
                  u"Programs that still use it fail. A view that the same script creates again is not meant."_s,
              .saferAlembic =
                  u"# release programs that do not use it any more, then:\nop.execute(\"DROP VIEW "
                  "active_sessions\")"_s,
              .saferSql = u"DROP VIEW active_sessions;"_s,
              .knownAs = {}},
         .advice = u"Release programs that no longer use it first."_s,
         .check = dropProgramObject},
        {.rule = {.id = u"drop-cascade"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"DROP … CASCADE drops and locks what it does not name"_s,
                  .explanation = u"CASCADE takes whatever depends on the object with it: views, foreign "
                                 u"keys, defaults, and for a type the "
                                 "columns that use it. Each table concerned is locked ACCESS EXCLUSIVE. "
                                 "Which ones these are depends on "
                                 "the database it runs on, not on the script."_s,
                  .saferAlembic = u"op.drop_column(\"sessions\", \"mood\")\nop.execute(\"DROP TYPE mood\")"_s,
                  .saferSql = u"ALTER TABLE sessions DROP COLUMN mood;\nDROP TYPE mood;"_s,
                  .knownAs = {u"bytebase: disallow DROP CASCADE"_s}},
         .advice = u"Name what is to go in statements of its own, then drop without CASCADE."_s,
         .check = dropCascade},
        {.rule =
             {.id = u"drop-still-needed"_s,
              .severity = Severity::MayFail,
              .title = u"Other objects need what is dropped"_s,
              .explanation =
                  u"Without CASCADE, PostgreSQL refuses to drop what a view, a foreign key or a column needs."_s,
              .saferAlembic = u"op.execute(\"DROP VIEW active_sessions\")\nop.drop_table(\"sessions\")"_s,
              .saferSql = u"DROP VIEW active_sessions;\nDROP TABLE sessions;"_s,
              .knownAs = {}},
         .advice = u"Drop what needs it first, in the same revision."_s,
         .check = dependentsForbid},
        {.rule = {.id = u"truncate"_s,
                  .severity = Severity::LosesData,
                  .title = u"Empties a table"_s,
                  .explanation = u"TRUNCATE removes all rows under ACCESS EXCLUSIVE. Transactions with an "
                                 u"older snapshot see the "
                                 "table as empty, too."_s,
                  .saferAlembic =
                      u"op.execute(\"DELETE FROM sessions WHERE created_at < now() - interval '1 year'\")"_s,
                  .saferSql = u"DELETE FROM sessions WHERE created_at < now() - interval '1 year';"_s,
                  .knownAs = {u"bytebase: disallow TRUNCATE"_s}},
         .advice = u"Be sure that nobody needs the rows, and have a backup."_s,
         .check = truncate},
        {.rule = {.id = u"truncate-cascade"_s,
                  .severity = Severity::LosesData,
                  .title = u"TRUNCATE … CASCADE empties other tables"_s,
                  .explanation =
                      u"Every table with a foreign key to it is emptied as well, and so on from those."_s,
                  .saferAlembic = u"op.execute(\"TRUNCATE sessions, session_events\")"_s,
                  .saferSql = u"TRUNCATE sessions, session_events;"_s,
                  .knownAs = {u"squawk: ban-truncate-cascade"_s}},
         .advice = u"Name every table that is to be emptied."_s,
         .check = truncateCascade},
    };
}

} // namespace stepwell
