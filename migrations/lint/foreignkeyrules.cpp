// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

void foreignKeyScans(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AddConstraint || !action.constraint ||
            action.constraint->kind != ConstraintKind::ForeignKey || action.constraint->notValid ||
            context.isUnseen(action.relation))
            continue;
        const RelationName &parent = action.constraint->referenced;
        Finding &finding = findings.add(
            Severity::BlocksWrites, action.relation,
            parent == action.relation
                ? u"The foreign key is checked for %1 while writes wait."_s.arg(
                      context.wholeTable(action.relation))
                : u"The foreign key is checked for %1 while writes to %2 and to %3 wait."_s.arg(
                      context.wholeTable(action.relation), action.relation.text(), parent.text()),
            {action.relation, parent});
        notValidFirst(context.statement.statement, action.relation, *action.constraint,
                      context.statement.actions.size() == 1)
            .giveTo(finding);
    }
}

/// The columns are the first ones of an index of the table.
bool isIndexed(const Catalogue &catalogue, const CatalogueRelation &table, const QStringList &columns)
{
    const auto leads = [&](const QStringList &index) {
        return index.size() >= columns.size() && std::ranges::all_of(columns, [&](const QString &column) {
                   return index.first(columns.size()).contains(column);
               });
    };
    for (const RelationName &name : catalogue.indexesOf(table.name)) {
        const CatalogueRelation *index = catalogue.find(name);
        if (index && leads(index->indexColumns))
            return true;
    }
    return std::ranges::any_of(table.constraints, [&](const ConstraintDefinition &constraint) {
        return (constraint.kind == ConstraintKind::PrimaryKey || constraint.kind == ConstraintKind::Unique) &&
               leads(constraint.columns);
    });
}

void checkIndexOf(const ScriptContext &context, Findings &findings, const Action &action, int statement,
                  const ConstraintDefinition &constraint, const QStringList &columns)
{
    const CatalogueRelation *table = context.after.find(action.relation);
    if (constraint.kind != ConstraintKind::ForeignKey || columns.isEmpty() || !table ||
        (!table->isComplete && !context.after.isFromDatabase) || isIndexed(context.after, *table, columns))
        return;
    Finding &finding = findings.addToScript(
        Severity::Advice,
        u"No index of %1 starts with %2: each DELETE in %3 reads all of %1 to find what points to the row."_s
            .arg(action.relation.text(), listText(columns), constraint.referenced.text()),
        statement);
    finding.relation = table->name;
    const QString index = u"ix_%1_%2"_s.arg(action.relation.name, columns.join(u'_'));
    finding.saferAlembic =
        u"op.create_index(%1, %2, %3%4)"_s.arg(pythonString(index), pythonString(action.relation.name),
                                               pythonList(columns), schemaArgument(action.relation));
    if (!table->isNew)
        finding.saferAlembic =
            autocommitBlock(QString(finding.saferAlembic.chopped(1) + u", postgresql_concurrently=True)"_s));
    finding.saferSql =
        u"CREATE INDEX %1%2 ON %3 (%4);"_s.arg(table->isNew ? QString() : u"CONCURRENTLY "_s, sqlName(index),
                                               sqlName(action.relation), sqlNames(columns));
}

void foreignKeyWithoutIndex(const ScriptContext &context, Findings &findings)
{
    for (int i = 0; i < context.statements.size(); ++i) {
        for (const Action &action : context.statements.at(i).actions) {
            if (action.constraint && action.kind == ActionKind::AddConstraint)
                checkIndexOf(context, findings, action, i, *action.constraint, action.constraint->columns);
            for (const ConstraintDefinition &constraint : action.createdConstraints)
                checkIndexOf(context, findings, action, i, constraint, constraint.columns);
            QList<ColumnDefinition> columns = action.created;
            if (action.column && action.kind == ActionKind::AddColumn)
                columns.append(*action.column);
            for (const ColumnDefinition &column : columns) {
                for (const ConstraintDefinition &constraint : column.constraints)
                    checkIndexOf(context, findings, action, i, constraint, {column.name});
            }
        }
    }
}

void onDeleteCascade(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        QList<ConstraintDefinition> constraints = action.createdConstraints;
        if (action.constraint)
            constraints.append(*action.constraint);
        for (const ColumnDefinition &column : action.created)
            constraints += column.constraints;
        if (action.column)
            constraints += action.column->constraints;
        for (const ConstraintDefinition &constraint : constraints) {
            if (constraint.kind == ConstraintKind::ForeignKey && constraint.onDelete == "CASCADE"_L1)
                findings.add(
                    Severity::Advice, action.relation,
                    u"Deleting a row of %1 deletes the rows of %2 that point to it, without a word."_s.arg(
                        constraint.referenced.text(), action.relation.text()));
        }
    }
}

} // namespace

RuleDefinitions foreignKeyRules()
{
    return {
        {.rule =
             {.id = u"foreign-key-scans"_s,
              .severity = Severity::BlocksWrites,
              .title = u"Foreign key is checked while writes wait"_s,
              .explanation =
                  u"ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and looks every row up. Nobody "
                  u"can "
                  "write to either table meanwhile. NOT VALID takes the same locks for an instant; VALIDATE "
                  "CONSTRAINT then lets writes go on."_s,
              .saferAlembic = u"op.create_foreign_key(\"sessions_owner_id_fkey\", \"sessions\", \"users\", "
                              u"[\"owner_id\"], [\"id\"], "
                              "postgresql_not_valid=True)\n# in the next revision:\nop.execute(\"ALTER TABLE "
                              "sessions VALIDATE "
                              "CONSTRAINT sessions_owner_id_fkey\")"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD CONSTRAINT sessions_owner_id_fkey FOREIGN KEY (owner_id) "
                  u"REFERENCES "
                  "users (id) NOT VALID;\n-- in the next revision:\nALTER TABLE sessions VALIDATE CONSTRAINT "
                  "sessions_owner_id_fkey;"_s,
              .knownAs = {u"squawk: adding-foreign-key-constraint"_s,
                          u"squawk: constraint-missing-not-valid"_s, u"strong_migrations: add_foreign_key"_s,
                          u"atlas: PG306"_s, u"bytebase: add-fk-not-valid"_s, u"eugene: E1"_s}},
         .advice = u"Add it NOT VALID, and validate it in a later revision."_s,
         .check = foreignKeyScans},
        {.rule =
             {.id = u"foreign-key-without-index"_s,
              .severity = Severity::Advice,
              .title = u"Foreign key without an index"_s,
              .explanation =
                  u"PostgreSQL indexes the referenced columns, not the referencing ones. Without an index "
                  u"every "
                  "DELETE (and every UPDATE of the key) in the referenced table reads the whole referencing "
                  "table. Found only where the table's indexes are known."_s,
              .saferAlembic = u"op.create_index(\"ix_sessions_owner_id\", \"sessions\", [\"owner_id\"])"_s,
              .saferSql = u"CREATE INDEX ix_sessions_owner_id ON sessions (owner_id);"_s,
              .knownAs = {u"eugene: E15"_s}},
         .advice = u"Create an index that starts with these columns."_s,
         .checkScript = foreignKeyWithoutIndex},
        {.rule =
             {.id = u"on-delete-cascade"_s,
              .severity = Severity::Advice,
              .title = u"ON DELETE CASCADE"_s,
              .explanation =
                  u"One DELETE can remove any number of rows in other tables, and holds locks on all of them."_s,
              .saferAlembic = u"op.create_foreign_key(\"sessions_owner_id_fkey\", \"sessions\", \"users\", "
                              u"[\"owner_id\"], "
                              "[\"id\"])"_s,
              .saferSql = u"ALTER TABLE sessions ADD CONSTRAINT sessions_owner_id_fkey FOREIGN KEY "
                          u"(owner_id) REFERENCES "
                          "users (id);"_s,
              .knownAs = {u"bytebase: disallow ON DELETE CASCADE"_s}},
         .advice = u"Let the program delete what belongs together, unless the rows mean nothing alone."_s,
         .check = onDeleteCascade},
    };
}

} // namespace stepwell
