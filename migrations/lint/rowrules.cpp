// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

void updateAllRows(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Update || action.hasWhere || context.isUnseen(action.relation) ||
            context.isEmpty(action.relation))
            continue;
        Finding &finding = findings.add(
            Severity::BlocksWrites, action.relation,
            u"Writes %1 in one transaction: whoever changes one of these rows waits until it commits."_s.arg(
                context.wholeTable(action.relation)));
        const QString batch = context.statement.statement.text + u" WHERE id BETWEEN :first AND :last"_s;
        finding.saferSql = u"-- in batches of some thousand rows, each committed:\n"_s + batch + u';';
        finding.saferAlembic =
            u"with op.get_context().autocommit_block():\n    for first in range(0, last_id + 1, 5000):\n     "
            u"   "
            "op.execute(sa.text(%1).bindparams(first=first, last=first + 4999))"_s.arg(pythonString(batch));
    }
}

void deleteAllRows(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::Delete && !action.hasWhere && !context.isUnseen(action.relation) &&
            !context.isEmpty(action.relation))
            findings.add(Severity::LosesData, action.relation,
                         u"Deletes %1."_s.arg(context.wholeTable(action.relation)));
    }
}

void assignsTwice(const RuleContext &context, Findings &findings)
{
    const QJsonObject update = context.statement.statement.tree.value("UpdateStmt"_L1).toObject();
    QStringList names;
    for (const QJsonValue &target : update.value("targetList"_L1).toArray()) {
        const QJsonObject column = target["ResTarget"_L1].toObject();
        const QString name = column.value("name"_L1).toString();
        if (column.contains("indirection"_L1)) // fields of one composite column
            continue;
        if (names.contains(name)) {
            findings.add(Severity::MayFail,
                         context.statement.actions.isEmpty() ? RelationName()
                                                             : context.statement.actions.first().relation,
                         u"PostgreSQL refuses an UPDATE that sets %1 twice."_s.arg(name));
            return;
        }
        names.append(name);
    }
}

void insertWithoutColumns(const RuleContext &context, Findings &findings)
{
    const QJsonObject insert = context.statement.statement.tree.value("InsertStmt"_L1).toObject();
    if (insert.isEmpty() || insert.contains("cols"_L1) || !insert.contains("selectStmt"_L1) ||
        context.statement.actions.isEmpty())
        return;
    const RelationName &table = context.statement.actions.first().relation;
    if (!context.isUnseen(table))
        findings.add(
            Severity::Advice, table,
            u"The values go to the columns of %1 in their order, whatever that is on the target."_s.arg(
                table.text()));
}

} // namespace

RuleDefinitions rowRules()
{
    return {
        {.rule =
             {.id = u"update-all-rows"_s,
              .severity = Severity::BlocksWrites,
              .title = u"Updates every row in one transaction"_s,
              .explanation = u"An UPDATE without WHERE locks each row until the transaction ends, doubles "
                             u"the table's size, "
                             "holds VACUUM back everywhere and cannot be stopped halfway. In the transaction "
                             "of an ALTER "
                             "TABLE it also keeps that lock."_s,
              .saferAlembic = u"with op.get_context().autocommit_block():\n    for first in range(0, last_id "
                              u"+ 1, 5000):\n        "
                              "op.execute(sa.text(\"UPDATE sessions SET state = 'open' WHERE id BETWEEN "
                              ":first AND :last\")"
                              ".bindparams(first=first, last=first + 4999))"_s,
              .saferSql =
                  u"UPDATE sessions SET state = 'open' WHERE id BETWEEN 1 AND 5000; -- and so on, each committed"_s,
              .knownAs = {u"strong_migrations: backfilling data"_s, u"bytebase: require WHERE"_s,
                          u"bytebase: affected-row-limit"_s}},
         .advice = u"Fill the rows in batches that commit, in a revision or program of its own."_s,
         .check = updateAllRows},
        {.rule = {.id = u"delete-all-rows"_s,
                  .severity = Severity::LosesData,
                  .title = u"Deletes every row"_s,
                  .explanation =
                      u"A DELETE without WHERE empties the table; no downgrade brings the rows back."_s,
                  .saferAlembic =
                      u"op.execute(\"DELETE FROM sessions WHERE created_at < now() - interval '1 year'\")"_s,
                  .saferSql = u"DELETE FROM sessions WHERE created_at < now() - interval '1 year';"_s,
                  .knownAs = {u"bytebase: require WHERE"_s}},
         .advice = u"Say which rows are meant, and have a backup."_s,
         .check = deleteAllRows},
        {.rule = {.id = u"duplicate-assignment"_s,
                  .severity = Severity::MayFail,
                  .title = u"UPDATE sets a column twice"_s,
                  .explanation = u"PostgreSQL answers with \"multiple assignments to same column\"."_s,
                  .saferAlembic = u"op.execute(\"UPDATE sessions SET state = 'open'\")"_s,
                  .saferSql = u"UPDATE sessions SET state = 'open';"_s,
                  .knownAs = {u"squawk: ban-duplicate-column-assignments"_s}},
         .advice = u"Keep one of the two assignments."_s,
         .check = assignsTwice},
        {.rule = {.id = u"insert-without-columns"_s,
                  .severity = Severity::Advice,
                  .title = u"INSERT without column names"_s,
                  .explanation = u"The columns of a table may stand in another order on another database, "
                                 u"and one more column "
                                 "shifts or breaks the statement."_s,
                  .saferAlembic =
                      u"op.execute(\"INSERT INTO states (code, label) VALUES ('open', 'Open')\")"_s,
                  .saferSql = u"INSERT INTO states (code, label) VALUES ('open', 'Open');"_s,
                  .knownAs = {u"bytebase: insert must specify column"_s}},
         .advice = u"Name the columns."_s,
         .check = insertWithoutColumns},
    };
}

} // namespace stepwell
