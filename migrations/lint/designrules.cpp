// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

using Wanted = bool (*)(const Action &action, const ColumnDefinition &column);

/// One finding a statement for all of its new columns that `wanted` picks.
void adviseColumns(const RuleContext &context, Findings &findings, Wanted wanted, const QString &message)
{
    QStringList names;
    RelationName relation;
    const auto look = [&](const Action &action, const ColumnDefinition &column) {
        if (!wanted(action, column))
            return;
        names.append(column.name);
        relation = action.relation;
    };
    for (const Action &action : context.statement.actions) {
        if (action.temporary)
            continue;
        for (const ColumnDefinition &column : action.created)
            look(action, column);
        if (action.kind == ActionKind::AddColumn && action.column)
            look(action, *action.column);
        if (action.kind == ActionKind::AlterType)
            look(action, {.name = action.name, .type = action.type});
    }
    if (!names.isEmpty())
        findings.add(Severity::Advice, relation, message.arg(listText(names)));
}

bool isKey(const Action &action, const ColumnDefinition &column)
{
    const auto isPrimary = [](const ConstraintDefinition &constraint) {
        return constraint.kind == ConstraintKind::PrimaryKey;
    };
    return column.isSerial || column.isIdentity || std::ranges::any_of(column.constraints, isPrimary) ||
           std::ranges::any_of(action.createdConstraints, [&](const ConstraintDefinition &constraint) {
               return isPrimary(constraint) && constraint.columns == QStringList{column.name};
           });
}

void preferBigint(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings,
        [](const Action &action, const ColumnDefinition &column) {
            static const QSet<QString> narrow{u"int4"_s,    u"int2"_s,        u"serial"_s,
                                              u"serial4"_s, u"smallserial"_s, u"serial2"_s};
            return narrow.contains(column.type.name) && isKey(action, column);
        },
        u"%1 runs out of numbers after two thousand million rows at most, and widening it then rewrites the table."_s);
}

void preferText(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings,
        [](const Action &, const ColumnDefinition &column) {
            return column.type.name == "varchar"_L1 && !column.type.modifiers.isEmpty();
        },
        u"Limited in length: %1. Lowering a limit later rewrites the table."_s);
}

void charField(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings,
        [](const Action &, const ColumnDefinition &column) { return column.type.name == "bpchar"_L1; },
        u"Padded with blanks, which do not count in comparisons: %1."_s);
}

void preferTimestamptz(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings,
        [](const Action &, const ColumnDefinition &column) { return column.type.name == "timestamp"_L1; },
        u"Without a time zone, so that the moment is left to whoever reads it: %1."_s);
}

void preferIdentity(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings, [](const Action &, const ColumnDefinition &column) { return column.isSerial; },
        u"%1 is serial: its sequence has rights and an owner of its own, and is easily set to a number that is taken."_s);
}

void jsonColumn(const RuleContext &context, Findings &findings)
{
    adviseColumns(
        context, findings,
        [](const Action &, const ColumnDefinition &column) { return column.type.name == "json"_L1; },
        u"Of type json, on which SELECT DISTINCT, UNION and GROUP BY fail: %1."_s);
}

void tableWithoutKey(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Create || action.object != ObjectKind::Table || action.temporary ||
            action.isPartition || action.created.isEmpty())
            continue;
        const auto isPrimary = [](const ConstraintDefinition &constraint) {
            return constraint.kind == ConstraintKind::PrimaryKey;
        };
        const bool has = std::ranges::any_of(action.createdConstraints, isPrimary) ||
                         std::ranges::any_of(action.created, [&](const ColumnDefinition &column) {
                             return std::ranges::any_of(column.constraints, isPrimary);
                         });
        if (has)
            continue;
        const auto isKeyLater = [&](const Statement &statement) {
            return statement.relation == action.relation.name &&
                   statement.text.contains("PRIMARY KEY"_L1, Qt::CaseInsensitive);
        };
        if (std::none_of(context.all.begin() + context.index + 1, context.all.end(), isKeyLater))
            findings.add(
                Severity::Advice, action.relation,
                u"%1 has no primary key: its rows have no name, and logical replication cannot update them."_s
                    .arg(action.relation.text()));
    }
}

} // namespace

RuleDefinitions designRules()
{
    return {
        {.rule =
             {.id = u"prefer-bigint"_s,
              .severity = Severity::Advice,
              .title = u"Key of four bytes or less"_s,
              .explanation =
                  u"A key that counts up meets the end of integer sooner than expected, and integer to "
                  u"bigint writes "
                  "the table anew. Only keys are meant: an integer that counts something small is fine."_s,
              .saferAlembic = u"sa.Column(\"id\", sa.BigInteger(), sa.Identity(), primary_key=True)"_s,
              .saferSql = u"id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"_s,
              .knownAs = {u"squawk: prefer-bigint-over-int"_s, u"squawk: prefer-bigint-over-smallint"_s,
                          u"bytebase: index PK type"_s}},
         .advice = u"Use bigint for keys."_s,
         .check = preferBigint},
        {.rule = {.id = u"prefer-text"_s,
                  .severity = Severity::Advice,
                  .title = u"varchar with a limit"_s,
                  .explanation = u"text is as fast and as small. A limit that may change is better kept in a "
                                 u"CHECK; raising the limit "
                                 "of varchar is instant, lowering it is not."_s,
                  .saferAlembic =
                      u"sa.Column(\"email\", sa.Text(), sa.CheckConstraint(\"length(email) <= 200\"))"_s,
                  .saferSql = u"email text CHECK (length(email) <= 200)"_s,
                  .knownAs = {u"squawk: prefer-text-field"_s, u"bytebase: column max char length"_s}},
         .advice = u"Use text, with a CHECK if the length matters."_s,
         .check = preferText},
        {.rule = {.id = u"char-field"_s,
                  .severity = Severity::Advice,
                  .title = u"char(n)"_s,
                  .explanation = u"char(n) stores blanks up to its length and ignores them in comparisons: "
                                 u"it saves nothing and "
                                 "surprises."_s,
                  .saferAlembic = u"sa.Column(\"code\", sa.Text())"_s,
                  .saferSql = u"code text"_s,
                  .knownAs = {u"squawk: ban-char-field"_s}},
         .advice = u"Use text."_s,
         .check = charField},
        {.rule = {.id = u"prefer-timestamptz"_s,
                  .severity = Severity::Advice,
                  .title = u"timestamp without time zone"_s,
                  .explanation = u"timestamp keeps the digits of a clock, timestamptz a moment. Changing to "
                                 u"timestamptz later writes the "
                                 "table anew unless the session's TimeZone is UTC."_s,
                  .saferAlembic = u"sa.Column(\"created_at\", sa.DateTime(timezone=True))"_s,
                  .saferSql = u"created_at timestamptz"_s,
                  .knownAs = {u"squawk: prefer-timestamptz"_s}},
         .advice = u"Use timestamptz: sa.DateTime(timezone=True)."_s,
         .check = preferTimestamptz},
        {.rule = {.id = u"prefer-identity"_s,
                  .severity = Severity::Advice,
                  .title = u"serial instead of identity"_s,
                  .explanation =
                      u"serial is a default that calls a sequence of its own; an identity column is one "
                      u"thing, with one owner "
                      "and one set of rights. SQLAlchemy makes serial unless told sa.Identity()."_s,
                  .saferAlembic = u"sa.Column(\"id\", sa.BigInteger(), sa.Identity(), primary_key=True)"_s,
                  .saferSql = u"id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"_s,
                  .knownAs = {u"squawk: prefer-identity"_s}},
         .advice = u"Use sa.Identity()."_s,
         .check = preferIdentity},
        {.rule = {.id = u"json-column"_s,
                  .severity = Severity::Advice,
                  .title = u"json instead of jsonb"_s,
                  .explanation = u"json has no equality operator: queries with DISTINCT, UNION or GROUP BY "
                                 u"over the row fail. jsonb has "
                                 "one, and indexes."_s,
                  .saferAlembic = u"sa.Column(\"payload\", postgresql.JSONB())"_s,
                  .saferSql = u"payload jsonb"_s,
                  .knownAs = {u"strong_migrations: json column"_s, u"eugene: E3"_s}},
         .advice = u"Use jsonb."_s,
         .check = jsonColumn},
        {.rule =
             {.id = u"table-without-key"_s,
              .severity = Severity::Advice,
              .title = u"Table without a primary key"_s,
              .explanation =
                  u"Without a key, rows cannot be told apart, and logical replication refuses UPDATE and DELETE."_s,
              .saferAlembic = u"sa.Column(\"id\", sa.BigInteger(), sa.Identity(), primary_key=True)"_s,
              .saferSql = u"id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"_s,
              .knownAs = {u"bytebase: table require PK"_s}},
         .advice = u"Give it a primary key."_s,
         .check = tableWithoutKey},
    };
}

} // namespace stepwell
