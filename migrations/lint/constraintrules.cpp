// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// Calls `visit` for each ADD CONSTRAINT on a table that others use.
template<typename Visit>
void forAddedConstraints(const RuleContext &context, Visit visit)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::AddConstraint && action.constraint &&
            !context.isUnseen(action.relation))
            visit(action, *action.constraint);
    }
}

QString named(const ConstraintDefinition &constraint)
{
    return constraint.name.isEmpty() ? QString() : QString(u' ' + constraint.name);
}

void checkScans(const RuleContext &context, Findings &findings)
{
    forAddedConstraints(context, [&](const Action &action, const ConstraintDefinition &constraint) {
        if ((constraint.kind != ConstraintKind::Check && constraint.kind != ConstraintKind::NotNull) ||
            constraint.notValid)
            return;
        Finding &finding =
            findings.add(Severity::BlocksReads, action.relation,
                         u"The constraint%1 is checked against %2 while reads and writes wait."_s.arg(
                             named(constraint), context.wholeTable(action.relation)));
        notValidFirst(context.statement.statement, action.relation, constraint,
                      context.statement.actions.size() == 1)
            .giveTo(finding);
    });
}

void rowsMayViolate(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AddConstraint || !action.constraint ||
            context.isEmpty(action.relation) || action.constraint->notValid ||
            !action.constraint->index.isEmpty())
            continue;
        const ConstraintDefinition &constraint = *action.constraint;
        QString when;
        switch (constraint.kind) {
        case ConstraintKind::Check:
            when = u"does not meet it"_s;
            break;
        case ConstraintKind::NotNull:
            when = u"has a NULL"_s;
            break;
        case ConstraintKind::ForeignKey:
            when = u"points to a row of %1 that does not exist"_s.arg(constraint.referenced.text());
            break;
        case ConstraintKind::Unique:
        case ConstraintKind::PrimaryKey:
            when = u"has the same %1 as another"_s.arg(listText(constraint.columns));
            break;
        case ConstraintKind::Exclude:
            when = u"conflicts with another"_s;
            break;
        }
        findings.add(Severity::MayFail, action.relation,
                     u"The constraint%1 fails if a row of %2 %3."_s.arg(named(constraint),
                                                                        action.relation.text(), when));
    }
}

void uniqueInPlace(const RuleContext &context, Findings &findings)
{
    forAddedConstraints(context, [&](const Action &action, const ConstraintDefinition &constraint) {
        if (constraint.kind != ConstraintKind::Unique || !constraint.index.isEmpty())
            return;
        Finding &finding = findings.add(
            Severity::BlocksReads, action.relation,
            u"The index of the unique constraint%1 is built from %2 while reads and writes wait."_s.arg(
                named(constraint), context.wholeTable(action.relation)));
        concurrentUniqueConstraint(action.relation, constraint).giveTo(finding);
    });
}

void primaryKeyInPlace(const RuleContext &context, Findings &findings)
{
    forAddedConstraints(context, [&](const Action &action, const ConstraintDefinition &constraint) {
        if (constraint.kind != ConstraintKind::PrimaryKey || !constraint.index.isEmpty())
            return;
        Finding &finding =
            findings.add(Severity::BlocksReads, action.relation,
                         u"The index of the primary key is built from %1 while reads and writes wait."_s.arg(
                             context.wholeTable(action.relation)));
        concurrentUniqueConstraint(action.relation, constraint).giveTo(finding);
    });
}

void primaryKeyOnNullable(const RuleContext &context, Findings &findings)
{
    forAddedConstraints(context, [&](const Action &action, const ConstraintDefinition &constraint) {
        if (constraint.kind != ConstraintKind::PrimaryKey || constraint.index.isEmpty())
            return;
        const CatalogueRelation *index = context.before.find({action.relation.schema, constraint.index});
        QString nullable;
        for (const QString &name : index ? index->indexColumns : constraint.columns) {
            const ColumnDefinition *column = context.column(action.relation, name);
            if (column && !column->notNull)
                nullable = name;
        }
        if (nullable.isEmpty())
            return;
        Finding &finding =
            findings.add(Severity::BlocksReads, action.relation,
                         u"%1 may be NULL, so the primary key reads %2 while reads and writes wait."_s.arg(
                             nullable, context.wholeTable(action.relation)));
        notNullByCheck(action.relation, nullable).giveTo(finding);
    });
}

void exclusionConstraint(const RuleContext &context, Findings &findings)
{
    forAddedConstraints(context, [&](const Action &action, const ConstraintDefinition &constraint) {
        if (constraint.kind == ConstraintKind::Exclude)
            findings.add(
                Severity::BlocksReads, action.relation,
                u"The index of the exclusion constraint%1 is built from %2 while reads and writes wait."_s
                    .arg(named(constraint), context.wholeTable(action.relation)));
    });
}

void validatesInSameTransaction(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::ValidateConstraint)
            continue;
        QList<AddedConstraint> before = context.state.transaction.notValid;
        for (const Action &other : context.statement.actions) { // of the same ALTER TABLE
            if (other.kind == ActionKind::AddConstraint && other.constraint && other.constraint->notValid)
                before.append({other.relation, *other.constraint, context.index});
        }
        for (const AddedConstraint &added : std::as_const(before)) {
            if (added.relation.name != action.relation.name || added.constraint.name != action.name ||
                context.isUnseen(action.relation))
                continue;
            const bool foreign = added.constraint.kind == ConstraintKind::ForeignKey;
            Finding &finding = findings.add(
                foreign ? Severity::BlocksWrites : Severity::BlocksReads, action.relation,
                u"%1 was added in this transaction (line %2), whose lock is still held: reading %3 keeps %4 waiting."_s
                    .arg(action.name, QString::number(context.all.at(added.statement).line),
                         context.wholeTable(action.relation), foreign ? u"writes"_s : u"reads and writes"_s));
            const QString validate = context.statement.statement.text;
            finding.saferAlembic =
                u"# in a revision of its own:\n"_s + autocommitBlock(executeCall(validate));
            finding.saferSql = u"COMMIT;\n"_s + validate + u';';
        }
    }
}

} // namespace

RuleDefinitions constraintRules()
{
    return {
        {.rule =
             {.id = u"check-scans"_s,
              .severity = Severity::BlocksReads,
              .title = u"CHECK reads the table under ACCESS EXCLUSIVE"_s,
              .explanation =
                  u"Every row is checked while reads and writes wait. NOT VALID adds the constraint at once, "
                  "for new rows; VALIDATE CONSTRAINT then reads the table while it is in use."_s,
              .saferAlembic =
                  u"op.create_check_constraint(\"sessions_state_check\", \"sessions\", \"state <> ''\", "
                  "postgresql_not_valid=True)\n# in the next revision:\nop.execute(\"ALTER TABLE sessions "
                  "VALIDATE "
                  "CONSTRAINT sessions_state_check\")"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD CONSTRAINT sessions_state_check CHECK (state <> '') NOT "
                  u"VALID;\n-- "
                  "in the next revision:\nALTER TABLE sessions VALIDATE CONSTRAINT sessions_state_check;"_s,
              .knownAs = {u"squawk: constraint-missing-not-valid"_s,
                          u"strong_migrations: add_check_constraint"_s, u"atlas: PG305"_s,
                          u"bytebase: add-check-not-valid"_s, u"eugene: E1"_s}},
         .advice = u"Add it NOT VALID, and validate it in a later revision."_s,
         .check = checkScans},
        {.rule =
             {.id = u"constraint-on-rows"_s,
              .severity = Severity::MayFail,
              .title = u"Fails if rows do not meet the constraint"_s,
              .explanation =
                  u"A constraint that is valid at once is checked against the rows that exist; the first one "
                  "that does not meet it stops the revision."_s,
              .saferAlembic =
                  u"# look for rows that do not meet it on the target, or rehearse on a copy of its rows\n"
                  "op.create_check_constraint(\"sessions_state_check\", \"sessions\", \"state <> ''\", "
                  "postgresql_not_valid=True)"_s,
              .saferSql = u"SELECT count(*) FROM sessions WHERE NOT (state <> '');"_s,
              .knownAs = {u"atlas: MF101"_s}},
         .advice = u"Look for such rows on the target first, or rehearse on a copy of them."_s,
         .check = rowsMayViolate},
        {.rule =
             {.id = u"unique-in-place"_s,
              .severity = Severity::BlocksReads,
              .title = u"UNIQUE builds its index under ACCESS EXCLUSIVE"_s,
              .explanation =
                  u"ADD CONSTRAINT … UNIQUE builds an index while reads and writes wait. Built CONCURRENTLY "
                  "before, the index becomes the constraint in an instant."_s,
              .saferAlembic = u"with op.get_context().autocommit_block():\n    "
                              u"op.create_index(\"users_email_key\", \"users\", "
                              "[\"email\"], unique=True, postgresql_concurrently=True)\nop.execute(\"ALTER "
                              "TABLE users ADD CONSTRAINT "
                              "users_email_key UNIQUE USING INDEX users_email_key\")"_s,
              .saferSql = u"CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\nALTER TABLE "
                          u"users ADD "
                          "CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;"_s,
              .knownAs = {u"squawk: disallowed-unique-constraint"_s,
                          u"strong_migrations: add_unique_constraint"_s, u"atlas: PG105"_s, u"eugene: E7"_s}},
         .advice = u"Build a unique index CONCURRENTLY, then add the constraint USING INDEX."_s,
         .check = uniqueInPlace},
        {.rule = {.id = u"primary-key-in-place"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"PRIMARY KEY builds its index under ACCESS EXCLUSIVE"_s,
                  .explanation =
                      u"The index is built, and columns that may be NULL are checked, while reads and writes "
                      "wait. Built CONCURRENTLY before, on NOT NULL columns, it takes an instant."_s,
                  .saferAlembic = u"with op.get_context().autocommit_block():\n    "
                                  u"op.create_index(\"users_pkey\", \"users\", [\"id\"], "
                                  "unique=True, postgresql_concurrently=True)\nop.execute(\"ALTER TABLE "
                                  "users ADD CONSTRAINT users_pkey "
                                  "PRIMARY KEY USING INDEX users_pkey\")"_s,
                  .saferSql = u"CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users (id);\nALTER TABLE "
                              u"users ADD CONSTRAINT "
                              "users_pkey PRIMARY KEY USING INDEX users_pkey;"_s,
                  .knownAs = {u"squawk: adding-serial-primary-key-field"_s, u"atlas: PG104"_s,
                              u"eugene: W14"_s}},
         .advice = u"Build a unique index CONCURRENTLY, then add the primary key USING INDEX."_s,
         .check = primaryKeyInPlace},
        {.rule =
             {.id = u"primary-key-on-nullable"_s,
              .severity = Severity::BlocksReads,
              .title = u"Primary key checks nullable columns"_s,
              .explanation =
                  u"PRIMARY KEY USING INDEX is instant only on columns that are NOT NULL already; else every "
                  "row is read under ACCESS EXCLUSIVE."_s,
              .saferAlembic =
                  u"op.execute(\"ALTER TABLE users ADD CONSTRAINT users_id_not_null CHECK (id IS NOT NULL) "
                  u"NOT "
                  "VALID\")\n# validate it and SET NOT NULL in later revisions, then add the key"_s,
              .saferSql =
                  u"ALTER TABLE users ADD CONSTRAINT users_id_not_null CHECK (id IS NOT NULL) NOT VALID;\n-- "
                  "validate it and SET NOT NULL in later revisions, then add the key"_s,
              .knownAs = {u"atlas: PG304"_s}},
         .advice = u"Make the columns NOT NULL first, proved by a validated CHECK."_s,
         .check = primaryKeyOnNullable},
        {.rule = {.id = u"exclusion-constraint"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"EXCLUDE builds its index under ACCESS EXCLUSIVE"_s,
                  .explanation =
                      u"An exclusion constraint can neither be NOT VALID nor use an index that exists: its "
                      u"index is "
                      "built while reads and writes wait. Only a new table can get one without that wait."_s,
                  .knownAs = {u"strong_migrations: add_exclusion_constraint"_s, u"eugene: E8"_s}},
         .advice = u"Add it while nobody needs the table, or move the rows to a new table that has it."_s,
         .check = exclusionConstraint},
        {.rule =
             {.id = u"validate-in-same-transaction"_s,
              .severity = Severity::BlocksReads,
              .title = u"NOT VALID and VALIDATE in one transaction"_s,
              .explanation =
                  u"The lock of ADD CONSTRAINT … NOT VALID is kept to the end of the transaction. A VALIDATE "
                  u"in "
                  "the same one reads the table under it: nothing is won. Alembic may run several revisions "
                  "in one transaction; transaction_per_migration in env.py keeps them apart."_s,
              .saferAlembic =
                  u"# in a revision of its own:\nwith op.get_context().autocommit_block():\n    "
                  "op.execute(\"ALTER TABLE sessions VALIDATE CONSTRAINT sessions_state_check\")"_s,
              .saferSql = u"COMMIT;\nALTER TABLE sessions VALIDATE CONSTRAINT sessions_state_check;"_s,
              .knownAs = {u"squawk: constraint-missing-not-valid"_s}},
         .advice = u"Validate in a revision of its own, after the one that adds it has committed."_s,
         .check = validatesInSameTransaction},
    };
}

} // namespace stepwell
