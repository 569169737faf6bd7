// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

QString sqlString(const QString &text)
{
    QString escaped = text;
    return u'\'' + escaped.replace(u'\'', u"''"_s) + u'\'';
}

void valueUsedAtOnce(const RuleContext &context, Findings &findings)
{
    for (const AddedEnumValue &added : context.state.transaction.enumValues) {
        if (context.statement.isBookkeeping ||
            !context.statement.statement.text.contains(sqlString(added.value)))
            continue;
        const ActionKind kind =
            context.statement.actions.isEmpty() ? ActionKind::Other : context.statement.actions.first().kind;
        if (kind == ActionKind::AddEnumValue || kind == ActionKind::RenameEnumValue ||
            kind == ActionKind::CommentOn)
            continue;
        Finding &finding = findings.add(
            Severity::MayFail, added.type,
            u"The value %1 of %2 was added in this transaction: PostgreSQL refuses its use before the commit."_s
                .arg(sqlString(added.value), added.type.text()));
        const QString add = u"ALTER TYPE %1 ADD VALUE %2"_s.arg(sqlName(added.type), sqlString(added.value));
        SaferForm{autocommitBlock(executeCall(add)),
                  add + u";\nCOMMIT;\n"_s + context.statement.statement.text + u';'}
            .giveTo(finding);
    }
}

void valueOrder(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::AddEnumValue && !action.hasPosition &&
            !context.isUnseen(action.relation))
            findings.add(Severity::Advice, action.relation,
                         u"%1 sorts after all other values of %2, and cannot be moved later."_s.arg(
                             sqlString(action.name), action.relation.text()));
    }
}

void valueRenamed(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::RenameEnumValue && !context.isUnseen(action.relation))
            findings.add(Severity::BreaksClients, action.relation,
                         u"Programs that write or compare %1 fail from the moment it is called %2."_s.arg(
                             sqlString(action.name), sqlString(action.newName)));
    }
}

void newEnum(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::Create && action.object == ObjectKind::Enum)
            findings.add(
                Severity::Advice, action.relation,
                u"Values of %1 can be added and renamed, never removed."_s.arg(action.relation.text()));
    }
}

} // namespace

RuleDefinitions enumRules()
{
    return {
        {.rule =
             {.id = u"enum-value-used-at-once"_s,
              .severity = Severity::MayFail,
              .title = u"New enum value is used before the commit"_s,
              .explanation =
                  u"A value added to an enum that existed before cannot be used in the same transaction: "
                  u"\"unsafe use "
                  "of new value\". Two revisions in one transaction are no help; an autocommit block, or "
                  "transaction_per_migration, is."_s,
              .saferAlembic = u"with op.get_context().autocommit_block():\n    op.execute(\"ALTER TYPE mood "
                              u"ADD VALUE 'calm' "
                              "AFTER 'happy'\")"_s,
              .saferSql =
                  u"ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy';\nCOMMIT;\nUPDATE users SET mood = 'calm';"_s,
              .knownAs = {u"pgfence: alter-enum (description)"_s}},
         .advice = u"Add the value in an autocommit block of an earlier revision."_s,
         .check = valueUsedAtOnce},
        {.rule = {.id = u"enum-value-order"_s,
                  .severity = Severity::Advice,
                  .title = u"Enum value without a place"_s,
                  .explanation =
                      u"ADD VALUE without BEFORE or AFTER puts the value last in the sort order for good."_s,
                  .saferAlembic = u"op.execute(\"ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy'\")"_s,
                  .saferSql = u"ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy';"_s,
                  .knownAs = {u"squawk: require-enum-value-ordering"_s}},
         .advice = u"Say BEFORE or AFTER if the order means anything."_s,
         .check = valueOrder},
        {.rule = {.id = u"rename-enum-value"_s,
                  .severity = Severity::BreaksClients,
                  .title = u"Renames an enum value"_s,
                  .explanation =
                      u"Rows follow at once; programs that name the old value get an error for it."_s,
                  .saferAlembic =
                      u"with op.get_context().autocommit_block():\n    op.execute(\"ALTER TYPE mood ADD "
                      u"VALUE 'content' "
                      "AFTER 'happy'\")\n# write the new value from now on, update old rows in batches"_s,
                  .saferSql = u"ALTER TYPE mood ADD VALUE 'content' AFTER 'happy';"_s,
                  .knownAs = {u"strong_migrations: rename_enum_value"_s}},
         .advice = u"Add the new value, let programs write it, update old rows in batches."_s,
         .check = valueRenamed},
        {.rule = {.id = u"new-enum"_s,
                  .severity = Severity::Advice,
                  .title = u"Creates an enum type"_s,
                  .explanation = u"A value of an enum can never be removed, and its order not be changed. A "
                                 u"table of values with a "
                                 "foreign key, or a CHECK, can."_s,
                  .saferAlembic =
                      u"op.create_table(\"moods\", sa.Column(\"code\", sa.Text(), primary_key=True))"_s,
                  .saferSql = u"CREATE TABLE moods (code text PRIMARY KEY);"_s,
                  .knownAs = {u"eugene: W13"_s}},
         .advice = u"A table of values with a foreign key is easier to change."_s,
         .check = newEnum},
    };
}

} // namespace stepwell
