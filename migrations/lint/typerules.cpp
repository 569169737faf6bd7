// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

int integerSize(const TypeName &type)
{
    if (type.name == "int2"_L1 || type.name == "smallserial"_L1)
        return 2;
    if (type.name == "int4"_L1 || type.name == "serial"_L1)
        return 4;
    return type.name == "int8"_L1 || type.name == "bigserial"_L1 ? 8 : 0;
}

/// Every value of the one type is a value of the other.
bool holdsAll(const TypeName &from, const TypeName &to)
{
    if (from == to || to.name == "text"_L1)
        return true;
    if (integerSize(from) > 0)
        return integerSize(to) >= integerSize(from) || (to.name == "numeric"_L1 && to.modifiers.isEmpty()) ||
               to.name == "float8"_L1;
    if (to.name == "varchar"_L1) {
        const bool isText = from.name == "varchar"_L1 || from.name == "text"_L1 || from.name == "bpchar"_L1;
        if (to.modifiers.isEmpty())
            return true;
        return isText && !from.modifiers.isEmpty() && from.modifiers.first() <= to.modifiers.first();
    }
    if (from.name == "numeric"_L1 && to.name == "numeric"_L1) {
        if (to.modifiers.isEmpty())
            return true;
        if (from.modifiers.size() != 2 || to.modifiers.size() != 2)
            return false;
        const auto whole = [](const TypeName &type) { return type.modifiers.at(0) - type.modifiers.at(1); };
        return whole(to) >= whole(from);
    }
    const auto isTime = [](const TypeName &type) {
        return type.name.startsWith("timestamp"_L1) || type.name == "date"_L1;
    };
    if (isTime(from) && isTime(to))
        return true;
    return (from.name == "json"_L1 || from.name == "jsonb"_L1) &&
           (to.name == "json"_L1 || to.name == "jsonb"_L1);
}

QString newColumnSql(const Action &action)
{
    const QString alter = u"ALTER TABLE "_s + sqlName(action.relation) + u' ';
    return alter + u"ADD COLUMN %1_new %2"_s.arg(action.name, action.type.text());
}

void typeChangeRewrites(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AlterType || context.isUnseen(action.relation))
            continue;
        const ColumnDefinition *old = context.column(action.relation, action.name);
        const RelationName table = knownName(context.before, action.relation);
        const bool rewrites = context.statement.effects.rewrites.contains(table);
        const bool scans = context.statement.effects.scans.contains(table);
        if (!rewrites && !scans && old)
            continue;
        const QString change =
            old ? u"Changing %1 from %2 to %3"_s.arg(action.name, old->type.text(), action.type.text())
                : u"Changing %1 to %2"_s.arg(action.name, action.type.text());
        const QString work = !rewrites && old ? u"reads %1"_s : u"writes %1 anew, with all its indexes,"_s;
        Finding &finding = findings.add(
            Severity::BlocksReads, action.relation,
            change +
                (old ? u" "_s
                     : u" may be instant or not, as its type now is not known here: at worst it "_s) +
                work.arg(context.wholeTable(action.relation)) + u" while reads and writes wait."_s);
        finding.saferSql =
            newColumnSql(action) +
            u";\n-- a trigger keeps both alike; fill old rows in batches; switch programs over; drop %1 later"_s
                .arg(sqlName(action.name));
        finding.saferAlembic =
            executeCall(newColumnSql(action)) +
            u"\n# a trigger keeps both alike; fill old rows in batches; switch programs over; drop %1 later"_s
                .arg(action.name);
    }
}

void typeChangeMayFail(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AlterType || context.isEmpty(action.relation))
            continue;
        const ColumnDefinition *old = context.column(action.relation, action.name);
        const bool safe = old ? action.expression.isEmpty() && holdsAll(old->type, action.type)
                              : action.expression.isEmpty() &&
                                    (action.type.name == "text"_L1 || integerSize(action.type) == 8);
        if (safe)
            continue;
        Finding &finding = findings.add(
            Severity::MayFail, action.relation,
            action.expression.isEmpty()
                ? u"Fails if a value of %1 does not fit %2."_s.arg(action.name, action.type.text())
                : u"Fails if %1 cannot be computed as %2 for a row."_s.arg(action.expression,
                                                                           action.type.text()));
        if (old)
            finding.message.chop(1), finding.message += u"; it is %1 now."_s.arg(old->type.text());
        finding.saferSql = u"-- must succeed on the target's rows:\nSELECT count(%1) FROM %2;"_s.arg(
            action.expression.isEmpty()
                ? QString(u"CAST(%1 AS %2)"_s.arg(sqlName(action.name), action.type.text()))
                : action.expression,
            sqlName(action.relation));
        finding.saferAlembic = executeCall(newColumnSql(action));
    }
}

void typeChangeBelowView(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AlterType)
            continue;
        QStringList views;
        for (const RelationName &dependent :
             context.before.dependents(knownName(context.before, action.relation))) {
            const CatalogueRelation *known = context.before.find(dependent);
            if (!known || (known->kind != ObjectKind::View && known->kind != ObjectKind::MaterializedView))
                continue;
            const bool uses =
                known->usedColumns.isEmpty() ||
                std::ranges::any_of(known->usedColumns, [&](const ColumnUse &use) {
                    return use.column == action.name && context.before.isSame(use.table, action.relation);
                });
            if (uses)
                views.append(dependent.text());
        }
        if (views.isEmpty())
            continue;
        Finding &finding = findings.add(
            Severity::MayFail, action.relation,
            u"Fails if %1 uses %2: PostgreSQL does not change the type of a column that a view shows."_s.arg(
                listText(views), action.name));
        finding.saferSql = u"DROP VIEW %1;\n%2;\nCREATE VIEW %1 AS …;"_s.arg(
            views.join(u", "_s), context.statement.statement.text);
        finding.saferAlembic = executeCall(u"DROP VIEW "_s + views.join(u", "_s)) + u'\n' +
                               executeCall(context.statement.statement.text) +
                               u"\n# create the views again"_s;
    }
}

} // namespace

RuleDefinitions typeRules()
{
    return {
        {.rule =
             {.id = u"type-change-rewrites"_s,
              .severity = Severity::BlocksReads,
              .title = u"Type change goes through the table"_s,
              .explanation = u"Most type changes write the table and its indexes anew under ACCESS "
                             u"EXCLUSIVE: integer to bigint, "
                             "a shorter varchar, another scale of numeric. Instant are: a longer varchar or "
                             "none at all, varchar "
                             "to text, a larger precision of the same scale, timestamp to timestamptz if the "
                             "session's TimeZone "
                             "is UTC. Clients with an old snapshot see a rewritten table as empty."_s,
              .saferAlembic =
                  u"op.add_column(\"sessions\", sa.Column(\"id_new\", sa.BigInteger()))\n# a trigger keeps "
                  "both alike; fill old rows in batches; switch programs over; drop the old one later"_s,
              .saferSql =
                  u"ALTER TABLE sessions ADD COLUMN id_new bigint;\n-- a trigger keeps both alike; fill old "
                  "rows in batches; switch programs over; drop the old one later"_s,
              .knownAs = {u"squawk: changing-column-type"_s, u"strong_migrations: change_column"_s,
                          u"atlas: PG301"_s, u"bytebase: column disallow changing type"_s, u"eugene: E5"_s}},
         .advice =
             u"Add a column of the new type, keep both alike with a trigger, fill it in batches, switch over."_s,
         .check = typeChangeRewrites},
        {.rule = {.id = u"type-change-may-fail"_s,
                  .severity = Severity::MayFail,
                  .title = u"Values may not fit the new type"_s,
                  .explanation =
                      u"Every value is converted. One that is too long, too large or not a number stops the "
                      "whole statement, after it has held its lock all the time."_s,
                  .saferAlembic = u"op.add_column(\"sessions\", sa.Column(\"code_new\", sa.String(10)))"_s,
                  .saferSql = u"SELECT max(length(code)) FROM sessions;"_s,
                  .knownAs = {u"bytebase: dml-dry-run"_s}},
         .advice = u"Try the conversion on the target's rows with a SELECT, or rehearse on a copy of them."_s,
         .check = typeChangeMayFail},
        {.rule = {.id = u"type-change-below-view"_s,
                  .severity = Severity::MayFail,
                  .title = u"A view may forbid the type change"_s,
                  .explanation =
                      u"PostgreSQL refuses to change the type of a column that a view or a rule uses."_s,
                  .saferAlembic =
                      u"op.execute(\"DROP VIEW active_sessions\")\nop.alter_column(\"sessions\", \"code\", "
                      "type_=sa.Text())\nop.execute(\"CREATE VIEW active_sessions AS …\")"_s,
                  .saferSql = u"DROP VIEW active_sessions;\nALTER TABLE sessions ALTER COLUMN code TYPE "
                              u"text;\nCREATE VIEW "
                              "active_sessions AS …;"_s,
                  .knownAs = {}},
         .advice = u"Drop the view and create it again in the same revision."_s,
         .check = typeChangeBelowView},
    };
}

} // namespace stepwell
