// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// Calls `visit` for each column that is added to a table others use.
template<typename Visit>
void forAddedColumns(const RuleContext &context, Visit visit)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::AddColumn && action.column && !context.isUnseen(action.relation))
            visit(action, *action.column);
    }
}

QString rewriteText(const RuleContext &context, const RelationName &table)
{
    return u"writes %1 anew, with all its indexes, while reads and writes wait"_s.arg(
        context.wholeTable(table));
}

bool rewrites(const RuleContext &context, const RelationName &table)
{
    return context.statement.effects.rewrites.contains(knownName(context.before, table));
}

bool numbersItself(const ColumnDefinition &column)
{
    return column.isSerial || column.isIdentity;
}

void volatileDefault(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        if (!column.hasDefault || numbersItself(column) || column.defaultVolatility == Volatility::Constant ||
            column.defaultVolatility == Volatility::Stable)
            return;
        const bool unknown = column.defaultVolatility == Volatility::Unknown;
        const QString text = column.defaultText.isEmpty() ? u"the default"_s : column.defaultText;
        Finding &finding = findings.add(
            Severity::BlocksReads, action.relation,
            unknown ? u"If %1 is volatile, as functions are unless declared otherwise, adding %2 %3."_s.arg(
                          text, column.name, rewriteText(context, action.relation))
                    : u"The default %1 differs for each row, so adding %2 %3."_s.arg(
                          text, column.name, rewriteText(context, action.relation)));
        const QString alter = u"ALTER TABLE "_s + sqlName(action.relation) + u' ';
        finding.saferSql =
            alter + u"ADD COLUMN %1 %2;\n"_s.arg(sqlName(column.name), column.type.text()) + alter +
            u"ALTER COLUMN %1 SET DEFAULT %2;\n-- then fill old rows in batches"_s.arg(sqlName(column.name),
                                                                                       text);
        finding.saferAlembic =
            executeCall(alter + u"ADD COLUMN %1 %2"_s.arg(sqlName(column.name), column.type.text())) +
            u"\nop.alter_column(%1, %2, server_default=sa.text(%3)%4)\n# then fill old rows in batches"_s.arg(
                pythonString(action.relation.name), pythonString(column.name), pythonString(text),
                schemaArgument(action.relation));
    });
}

void serialColumn(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        if (!numbersItself(column))
            return;
        findings.add(
            Severity::BlocksReads, action.relation,
            u"Adding %1 numbers every row: it %2."_s.arg(column.name, rewriteText(context, action.relation)));
    });
}

void generatedColumn(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        if (!column.isGeneratedStored)
            return;
        findings.add(Severity::BlocksReads, action.relation,
                     u"Adding the stored generated column %1 computes every row: it %2."_s.arg(
                         column.name, rewriteText(context, action.relation)));
    });
}

const QSet<QString> &ownTypes()
{
    static const QSet<QString> names{
        u"int2"_s,      u"int4"_s,      u"int8"_s,      u"float4"_s,      u"float8"_s,   u"numeric"_s,
        u"bool"_s,      u"text"_s,      u"varchar"_s,   u"bpchar"_s,      u"char"_s,     u"name"_s,
        u"bytea"_s,     u"uuid"_s,      u"json"_s,      u"jsonb"_s,       u"xml"_s,      u"date"_s,
        u"time"_s,      u"timetz"_s,    u"timestamp"_s, u"timestamptz"_s, u"interval"_s, u"inet"_s,
        u"cidr"_s,      u"macaddr"_s,   u"bit"_s,       u"varbit"_s,      u"point"_s,    u"tsvector"_s,
        u"int4range"_s, u"int8range"_s, u"numrange"_s,  u"daterange"_s,   u"tstzrange"_s};
    return names;
}

void domainColumn(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        const bool explained = numbersItself(column) || column.isGeneratedStored ||
                               (column.hasDefault && column.defaultVolatility != Volatility::Constant &&
                                column.defaultVolatility != Volatility::Stable);
        // Another part of the same ALTER may be what rewrites; PostgreSQL's own types never do.
        const bool isOwnType = column.type.schema.isEmpty() && ownTypes().contains(column.type.name);
        if (explained || isOwnType || !rewrites(context, action.relation))
            return;
        findings.add(Severity::BlocksReads, action.relation,
                     u"The type %1 has constraints that every row must meet, so adding %2 %3."_s.arg(
                         column.type.text(), column.name, rewriteText(context, action.relation)));
    });
}

void requiredColumn(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        if (!column.notNull || column.hasDefault || numbersItself(column) || column.isGeneratedStored ||
            column.isGeneratedVirtual || context.isEmpty(action.relation))
            return;
        Finding &finding =
            findings.add(Severity::MayFail, action.relation,
                         u"%1 is NOT NULL without a default: this fails as soon as %2 has a row."_s.arg(
                             column.name, action.relation.text()));
        const SaferForm notNull = notNullByCheck(action.relation, column.name);
        const QString add = u"ALTER TABLE %1 ADD COLUMN %2 %3"_s.arg(
            sqlName(action.relation), sqlName(column.name), column.type.text());
        finding.saferAlembic =
            executeCall(add) + u"\n# fill the rows in batches, then:\n"_s + notNull.alembic;
        finding.saferSql = add + u";\n-- fill the rows in batches, then:\n"_s + notNull.sql;
    });
}

void columnConstraint(const RuleContext &context, Findings &findings)
{
    forAddedColumns(context, [&](const Action &action, const ColumnDefinition &column) {
        for (const ConstraintDefinition &constraint : column.constraints) {
            if (constraint.kind == ConstraintKind::Check && !rewrites(context, action.relation)) {
                findings.add(Severity::BlocksReads, action.relation,
                             u"The CHECK of %1 reads %2 while reads and writes wait."_s.arg(
                                 column.name, context.wholeTable(action.relation)));
            } else if (constraint.kind == ConstraintKind::Unique ||
                       constraint.kind == ConstraintKind::PrimaryKey) {
                Finding &finding = findings.add(
                    Severity::BlocksReads, action.relation,
                    u"The index of the unique column %1 is built from %2 while reads and writes wait."_s.arg(
                        column.name, context.wholeTable(action.relation)));
                ConstraintDefinition unique = constraint;
                unique.columns = {column.name};
                const SaferForm form = concurrentUniqueConstraint(action.relation, unique);
                const QString add = u"ALTER TABLE %1 ADD COLUMN %2 %3"_s.arg(
                    sqlName(action.relation), sqlName(column.name), column.type.text());
                finding.saferAlembic = executeCall(add) + u"\n# in the next revision:\n"_s + form.alembic;
                finding.saferSql =
                    add + u";\n-- in the next revision, outside of a transaction:\n"_s + form.sql;
            } else if (constraint.kind == ConstraintKind::ForeignKey && column.hasDefault) {
                findings.add(
                    Severity::BlocksReads, action.relation,
                    u"With a default, the foreign key of %1 is checked at once: it reads %2 while %3 is "
                    "locked against reads and %4 against writes."_s.arg(
                        column.name, context.wholeTable(action.relation), action.relation.text(),
                        constraint.referenced.text()),
                    {action.relation, constraint.referenced});
            }
        }
    });
}

void setNotNull(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::SetNotNull || context.isUnseen(action.relation))
            continue;
        if (!context.statement.effects.scans.contains(knownName(context.before, action.relation)))
            continue;
        Finding &finding = findings.add(Severity::BlocksReads, action.relation,
                                        u"SET NOT NULL of %1 reads %2 while reads and writes wait."_s.arg(
                                            action.name, context.wholeTable(action.relation)));
        notNullByCheck(action.relation, action.name).giveTo(finding);
    }
}

void nullsMayBeThere(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::SetNotNull || context.isEmpty(action.relation) ||
            context.state.filled.contains({knownName(context.before, action.relation), action.name}) ||
            !context.statement.effects.scans.contains(knownName(context.before, action.relation)))
            continue;
        Finding &finding =
            findings.add(Severity::MayFail, action.relation,
                         u"Fails if a row of %1 has NULL in %2."_s.arg(action.relation.text(), action.name));
        finding.saferSql = u"-- must give 0:\nSELECT count(*) FROM %1 WHERE %2 IS NULL;"_s.arg(
            sqlName(action.relation), sqlName(action.name));
        finding.saferAlembic = executeCall(
            u"UPDATE %1 SET %2 = … WHERE %2 IS NULL"_s.arg(sqlName(action.relation), sqlName(action.name)));
    }
}

void dropNotNull(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::DropNotNull && !context.isUnseen(action.relation))
            findings.add(Severity::BreaksClients, action.relation,
                         u"%1 of %2 may be NULL from now on: programs that expect a value may stumble."_s.arg(
                             action.name, action.relation.text()));
    }
}

} // namespace

RuleDefinitions columnRules()
{
    return {
        {.rule =
             {.id = u"add-column-volatile-default"_s,
              .severity = Severity::BlocksReads,
              .title = u"Default that rewrites the table"_s,
              .explanation = u"A constant default, and now(), are stored once in the catalogue. A default "
                             u"that gives each row "
                             "another value (random(), clock_timestamp(), gen_random_uuid(), nextval()) "
                             "makes PostgreSQL write "
                             "the whole table and its indexes anew under ACCESS EXCLUSIVE."_s,
              .saferAlembic =
                  u"op.add_column(\"sessions\", sa.Column(\"token\", sa.Uuid()))\n"
                  "op.alter_column(\"sessions\", \"token\", server_default=sa.text(\"gen_random_uuid()\"))\n"
                  "# then fill old rows in batches"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD COLUMN token uuid;\nALTER TABLE sessions ALTER COLUMN token SET "
                  "DEFAULT gen_random_uuid();\n-- then fill old rows in batches"_s,
              .knownAs = {u"squawk: adding-field-with-default"_s,
                          u"strong_migrations: add_column (default)"_s, u"atlas: PG302"_s,
                          u"bytebase: column default volatile"_s}},
         .advice =
             u"Add the column without a default, set the default for new rows, fill old rows in batches."_s,
         .check = volatileDefault},
        {.rule = {.id = u"add-column-serial"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Numbered column rewrites the table"_s,
                  .explanation =
                      u"Adding a serial or identity column gives every row a number, which writes the table "
                      "and its indexes anew under ACCESS EXCLUSIVE."_s,
                  .saferAlembic =
                      u"op.add_column(\"sessions\", sa.Column(\"number\", sa.BigInteger()))\n"
                      "# fill old rows in batches; create a sequence and set the default for new rows"_s,
                  .saferSql = u"ALTER TABLE sessions ADD COLUMN number bigint;\nCREATE SEQUENCE "
                              u"sessions_number_seq OWNED "
                              "BY sessions.number;\nALTER TABLE sessions ALTER COLUMN number SET DEFAULT "
                              "nextval('sessions_number_seq');\n-- then fill old rows in batches"_s,
                  .knownAs = {u"squawk: adding-serial-primary-key-field"_s,
                              u"strong_migrations: add_column (auto-incrementing)"_s, u"eugene: E11"_s}},
         .advice =
             u"Add a plain bigint column, give it a sequence as default, and fill old rows in batches."_s,
         .check = serialColumn},
        {.rule =
             {.id = u"add-column-generated"_s,
              .severity = Severity::BlocksReads,
              .title = u"Stored generated column rewrites the table"_s,
              .explanation =
                  u"GENERATED ALWAYS AS … STORED is computed for every row at once: the table and its "
                  "indexes are written anew under ACCESS EXCLUSIVE. PostgreSQL 18 has VIRTUAL columns, "
                  "which cost nothing to add."_s,
              .saferAlembic = u"op.add_column(\"sessions\", sa.Column(\"day\", sa.Date()))\n"
                              "# a trigger fills new rows; fill old rows in batches"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD COLUMN day date;\n-- a trigger fills new rows; fill old rows in "
                  "batches"_s,
              .knownAs = {u"squawk: adding-field-with-default"_s,
                          u"strong_migrations: add_column (generated stored)"_s, u"eugene: E11"_s}},
         .advice = u"Use a plain column that a trigger fills, or compute it in a view."_s,
         .check = generatedColumn},
        {.rule = {.id = u"add-column-constrained-type"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Type with constraints rewrites the table"_s,
                  .explanation =
                      u"A column of a domain with a CHECK or NOT NULL is checked for every row, which "
                      "PostgreSQL does by writing the table anew under ACCESS EXCLUSIVE."_s,
                  .saferAlembic =
                      u"op.add_column(\"users\", sa.Column(\"email\", sa.Text()))\n"
                      "op.execute(\"ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (email LIKE "
                      "'%@%') NOT VALID\")"_s,
                  .saferSql = u"ALTER TABLE users ADD COLUMN email text;\nALTER TABLE users ADD CONSTRAINT "
                              "users_email_check CHECK (email LIKE '%@%') NOT VALID;"_s,
                  .knownAs = {}},
         .advice = u"Use the plain type with a CHECK that is added NOT VALID."_s,
         .check = domainColumn},
        {.rule = {.id = u"add-column-not-null"_s,
                  .severity = Severity::MayFail,
                  .title = u"Required column without a default"_s,
                  .explanation =
                      u"Rows that exist would have NULL in it, so the statement fails on any table that is "
                      "not empty. With a constant default it is instant and does not fail."_s,
                  .saferAlembic =
                      u"op.add_column(\"sessions\", sa.Column(\"state\", sa.Text(), nullable=False, "
                      "server_default=\"open\"))"_s,
                  .saferSql = u"ALTER TABLE sessions ADD COLUMN state text NOT NULL DEFAULT 'open';"_s,
                  .knownAs = {u"squawk: adding-required-field"_s, u"atlas: MF103"_s,
                              u"bytebase: disallow-add-not-null"_s}},
         .advice = u"Give it a constant default, or add it nullable, fill it, and require it later."_s,
         .check = requiredColumn},
        {.rule =
             {.id = u"add-column-constraint"_s,
              .severity = Severity::BlocksReads,
              .title = u"Constraint of a new column goes through the table"_s,
              .explanation =
                  u"A CHECK written at a new column is checked for every row, UNIQUE builds its index, and a "
                  "foreign key with a default looks every row up, all under the ACCESS EXCLUSIVE lock of ADD COLUMN."_s,
              .saferAlembic =
                  u"op.add_column(\"sessions\", sa.Column(\"state\", sa.Text()))\n"
                  "op.execute(\"ALTER TABLE sessions ADD CONSTRAINT sessions_state_check CHECK (state <> "
                  "'') NOT VALID\")\n# in the next revision:\nop.execute(\"ALTER TABLE sessions VALIDATE "
                  "CONSTRAINT sessions_state_check\")"_s,
              .saferSql = u"ALTER TABLE sessions ADD COLUMN state text;\nALTER TABLE sessions ADD CONSTRAINT "
                          "sessions_state_check CHECK (state <> '') NOT VALID;\n-- in the next "
                          "revision:\nALTER TABLE "
                          "sessions VALIDATE CONSTRAINT sessions_state_check;"_s,
              .knownAs = {u"squawk: constraint-missing-not-valid"_s,
                          u"squawk: disallowed-unique-constraint"_s}},
         .advice =
             u"Add the column alone; add the constraint NOT VALID (or from an index built CONCURRENTLY) and "
             "validate it in a later revision."_s,
         .check = columnConstraint},
        {.rule =
             {.id = u"set-not-null"_s,
              .severity = Severity::BlocksReads,
              .title = u"SET NOT NULL reads the table under ACCESS EXCLUSIVE"_s,
              .explanation =
                  u"PostgreSQL looks for NULL in every row while reads and writes wait. It skips that if a "
                  "validated CHECK (column IS NOT NULL) proves it, and such a CHECK can be validated "
                  "while the table is in use."_s,
              .saferAlembic =
                  u"op.execute(\"ALTER TABLE sessions ADD CONSTRAINT sessions_owner_id_not_null CHECK "
                  u"(owner_id IS NOT "
                  "NULL) NOT VALID\")\n# in the next revision:\nop.execute(\"ALTER TABLE sessions VALIDATE "
                  "CONSTRAINT "
                  "sessions_owner_id_not_null\")\n# in the one after that:\nop.alter_column(\"sessions\", "
                  "\"owner_id\", nullable=False)\nop.execute(\"ALTER TABLE sessions DROP CONSTRAINT "
                  "sessions_owner_id_not_null\")"_s,
              .saferSql = u"ALTER TABLE sessions ADD CONSTRAINT sessions_owner_id_not_null CHECK (owner_id "
                          u"IS NOT NULL) "
                          "NOT VALID;\nALTER TABLE sessions VALIDATE CONSTRAINT "
                          "sessions_owner_id_not_null;\nALTER TABLE "
                          "sessions ALTER COLUMN owner_id SET NOT NULL;"_s,
              .knownAs = {u"squawk: adding-not-nullable-field"_s, u"strong_migrations: change_column_null"_s,
                          u"atlas: PG303"_s, u"eugene: E2"_s}},
         .advice =
             u"Prove it first with a CHECK that is added NOT VALID and validated in a later revision."_s,
         .check = setNotNull},
        {.rule = {.id = u"set-not-null-on-rows"_s,
                  .severity = Severity::MayFail,
                  .title = u"Fails if there is a NULL"_s,
                  .explanation =
                      u"SET NOT NULL fails at the first row that has no value, after everything before it "
                      "has been locked and done."_s,
                  .saferAlembic =
                      u"op.execute(\"UPDATE sessions SET owner_id = 0 WHERE owner_id IS NULL\")"_s,
                  .saferSql = u"SELECT count(*) FROM sessions WHERE owner_id IS NULL;"_s,
                  .knownAs = {u"atlas: MF104"_s}},
         .advice = u"Count the NULLs on the target first and fill them, or rehearse on a copy of its rows."_s,
         .check = nullsMayBeThere},
        {.rule =
             {.id = u"drop-not-null"_s,
              .severity = Severity::BreaksClients,
              .title = u"Column may become NULL"_s,
              .explanation =
                  u"Programs written for a column that always has a value read NULL from it once somebody "
                  "writes one."_s,
              .saferAlembic =
                  u"# release the program that copes with NULL first, then:\nop.alter_column(\"sessions\", "
                  "\"owner_id\", nullable=True)"_s,
              .saferSql = u"ALTER TABLE sessions ALTER COLUMN owner_id DROP NOT NULL;"_s,
              .knownAs = {u"squawk: ban-drop-not-null"_s}},
         .advice = u"Release programs that cope with NULL first."_s,
         .check = dropNotNull},
    };
}

} // namespace stepwell
