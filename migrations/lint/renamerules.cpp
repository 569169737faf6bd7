// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

bool isUsedByName(ObjectKind kind)
{
    return kind == ObjectKind::Table || kind == ObjectKind::PartitionedTable ||
           kind == ObjectKind::ForeignTable || kind == ObjectKind::View ||
           kind == ObjectKind::MaterializedView || kind == ObjectKind::Unknown;
}

void renameColumn(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool column = action.kind == ActionKind::Rename && !action.name.isEmpty() &&
                            (action.object == ObjectKind::Column || isUsedByName(action.object));
        if (!column || context.isUnseen(action.relation))
            continue;
        const CatalogueRelation *table = context.before.find(action.relation);
        if (table && std::ranges::contains(table->constraints, action.name, &ConstraintDefinition::name) &&
            !std::ranges::contains(table->columns, action.name, &ColumnDefinition::name))
            continue;
        Finding &finding = findings.add(
            Severity::BreaksClients, action.relation,
            u"Programs that know %1 of %2 by that name fail from the moment it is called %3."_s.arg(
                action.name, action.relation.text(), action.newName));
        finding.saferSql =
            u"-- keeps the old name working for programs that are still running:\nALTER TABLE %1 RENAME TO "
            "%2_base;\nCREATE VIEW %1 AS SELECT *, %3 AS %4 FROM %2_base;"_s.arg(
                sqlName(action.relation), action.relation.name, sqlName(action.name),
                sqlName(action.newName));
        finding.saferAlembic =
            u"# map the new attribute to the old column instead:\n%1 = mapped_column(%2)"_s.arg(
                action.newName, pythonString(action.name));
    }
}

void renameTable(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Rename || !action.name.isEmpty() || !isUsedByName(action.object) ||
            context.isUnseen(action.relation))
            continue;
        Finding &finding =
            findings.add(Severity::BreaksClients, action.relation,
                         u"Programs that know %1 by that name fail from the moment it is called %2."_s.arg(
                             action.relation.text(), action.newName));
        const QString view = u"CREATE VIEW %1 AS SELECT * FROM %2"_s.arg(
            sqlName(action.relation), sqlName(RelationName{action.relation.schema, action.newName}));
        finding.saferSql = context.statement.statement.text + u";\n"_s + view + u';';
        finding.saferAlembic = executeCall(context.statement.statement.text) + u'\n' + executeCall(view);
    }
}

void renameSchema(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool moved = action.kind == ActionKind::SetSchema && isUsedByName(action.object);
        const bool renamed = action.kind == ActionKind::Rename && action.object == ObjectKind::Schema;
        if ((!moved && !renamed) || context.isUnseen(action.relation))
            continue;
        findings.add(Severity::BreaksClients, action.relation,
                     moved ? u"Programs find %1 only if %2 is in their search_path."_s.arg(
                                 action.relation.text(), action.newName)
                           : u"Programs that name the schema %1 fail from the moment it is called %2."_s.arg(
                                 action.relation.text(), action.newName));
    }
}

void renameType(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool type = action.object == ObjectKind::Type || action.object == ObjectKind::Enum ||
                          action.object == ObjectKind::Domain || action.object == ObjectKind::CompositeType ||
                          action.object == ObjectKind::Function;
        if (action.kind == ActionKind::Rename && action.name.isEmpty() && type &&
            !context.isUnseen(action.relation))
            findings.add(
                Severity::BreaksClients, action.relation,
                u"Programs that name %1, in casts or calls, fail from the moment it is called %2."_s.arg(
                    action.relation.text(), action.newName));
    }
}

} // namespace

RuleDefinitions renameRules()
{
    return {
        {.rule =
             {.id = u"rename-column"_s,
              .severity = Severity::BreaksClients,
              .title = u"Renames a column"_s,
              .explanation = u"Running programs use the old name until they are replaced, and the new ones "
                             u"the new name: in "
                             "between, one of them fails."_s,
              .saferAlembic =
                  u"# map the new attribute to the old column instead:\nowner_id = mapped_column(\"user_id\")"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD COLUMN owner_id bigint;\n-- a trigger keeps both alike; switch "
                  "programs over; drop the old one later"_s,
              .knownAs = {u"squawk: renaming-column"_s, u"strong_migrations: rename_column"_s,
                          u"atlas: BC102"_s}},
         .advice =
             u"Keep the column's name and give the attribute a new one, or have both columns for a while."_s,
         .check = renameColumn},
        {.rule =
             {.id = u"rename-table"_s,
              .severity = Severity::BreaksClients,
              .title = u"Renames a table or view"_s,
              .explanation = u"Running programs use the old name until they are replaced. A view with the "
                             u"old name keeps "
                             "them working; a simple one can be written to as well."_s,
              .saferAlembic =
                  u"op.rename_table(\"sessions\", \"logins\")\nop.execute(\"CREATE VIEW sessions AS SELECT * "
                  "FROM logins\")"_s,
              .saferSql =
                  u"ALTER TABLE sessions RENAME TO logins;\nCREATE VIEW sessions AS SELECT * FROM logins;"_s,
              .knownAs = {u"squawk: renaming-table"_s, u"strong_migrations: rename_table"_s,
                          u"atlas: BC101"_s, u"bytebase: migration_compatibility"_s}},
         .advice = u"Leave a view with the old name until no program uses it."_s,
         .check = renameTable},
        {.rule =
             {.id = u"rename-schema"_s,
              .severity = Severity::BreaksClients,
              .title = u"Renames a schema or moves to another"_s,
              .explanation =
                  u"Programs that name the schema, or rely on their search_path, no longer find the tables."_s,
              .saferAlembic =
                  u"op.execute(\"ALTER TABLE sessions SET SCHEMA auth\")\nop.execute(\"CREATE VIEW "
                  "public.sessions AS SELECT * FROM auth.sessions\")"_s,
              .saferSql =
                  u"ALTER TABLE sessions SET SCHEMA auth;\nCREATE VIEW public.sessions AS SELECT * FROM "
                  "auth.sessions;"_s,
              .knownAs = {u"strong_migrations: rename_schema"_s}},
         .advice =
             u"Leave a view in the old place, or put both schemas into the search_path of the programs first."_s,
         .check = renameSchema},
        {.rule =
             {.id = u"rename-type"_s,
              .severity = Severity::BreaksClients,
              .title = u"Renames a type or function"_s,
              .explanation =
                  u"Columns and defaults follow; programs that cast to the type or call the function do not."_s,
              .saferAlembic = u"# release programs that do not name the type, then:\nop.execute(\"ALTER TYPE "
                              u"mood RENAME TO "
                              "feeling\")"_s,
              .saferSql = u"ALTER TYPE mood RENAME TO feeling;"_s,
              .knownAs = {}},
         .advice = u"Release programs that do not name it first."_s,
         .check = renameType},
    };
}

} // namespace stepwell
