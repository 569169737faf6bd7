// SPDX-License-Identifier: MIT
// Rows, transactions and the session's settings.
#include "migrations/sql/definitions.h"
#include "migrations/sql/expressions.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

/// INSERT, UPDATE, DELETE and MERGE inside of WITH change rows too.
QList<Action> changesInWith(const QJsonObject &body)
{
    QList<Action> actions;
    for (const QJsonValue &value : body["withClause"_L1]["ctes"_L1].toArray()) {
        const auto [node, query] = nodeOf(bodyOf(value, "CommonTableExpr"_L1)["ctequery"_L1]);
        if (node != "SelectStmt"_L1)
            actions += rowActions(node, query);
    }
    return actions;
}

/// What a statement reads beside the relation that it changes.
QList<RelationName> readsBeside(const QJsonObject &body)
{
    QJsonObject rest = body;
    rest.remove("relation"_L1);
    return readsOf(rest);
}

/// What an UPDATE sets, and the column that it fills where there is no value.
void readAssignments(const QJsonObject &body, Action &action)
{
    const QString missing = nullColumnOf(body["whereClause"_L1]);
    for (const QJsonValue &item : body["targetList"_L1].toArray()) {
        const QJsonObject target = bodyOf(item, "ResTarget"_L1);
        const QString column = target["name"_L1].toString();
        action.assigned.append(column);
        if (column == missing && !isNull(target["val"_L1]) &&
            volatilityOf(target["val"_L1]) == Volatility::Constant)
            action.filledColumn = column;
    }
}

QList<Action> change(ActionKind kind, const QJsonObject &body)
{
    const QJsonObject range = body["relation"_L1].toObject();
    Action action{.kind = kind, .object = ObjectKind::Table, .relation = relationOf(range)};
    action.reads = readsBeside(body);
    action.columns = functionsOf(body);
    action.temporary = isTemporary(range);
    if (kind == ActionKind::Update)
        readAssignments(body, action);
    const QString where = expressionText(body["whereClause"_L1]);
    const bool isAlwaysTrue = where == "true"_L1 || where == "1 = 1"_L1;
    action.hasWhere = kind == ActionKind::Insert || kind == ActionKind::Merge ||
                      (body.contains("whereClause"_L1) && !isAlwaysTrue);
    return QList<Action>{changesInWith(body)} << action;
}

/// "FOR UPDATE" … as the clause names the row lock.
QString rowLock(const QJsonObject &body)
{
    static const QHash<QString, QString> names{{u"LCS_FORKEYSHARE"_s, u"FOR KEY SHARE"_s},
                                               {u"LCS_FORSHARE"_s, u"FOR SHARE"_s},
                                               {u"LCS_FORNOKEYUPDATE"_s, u"FOR NO KEY UPDATE"_s},
                                               {u"LCS_FORUPDATE"_s, u"FOR UPDATE"_s}};
    const QJsonValue clause = body["lockingClause"_L1].toArray().first();
    return names.value(bodyOf(clause, "LockingClause"_L1)["strength"_L1].toString());
}

/// SELECT set_config('name', 'value', is_local)
QList<Action> settingsIn(const QJsonObject &body)
{
    QList<Action> actions;
    for (const QJsonValue &target : body["targetList"_L1].toArray()) {
        const QJsonObject call = bodyOf(bodyOf(target, "ResTarget"_L1)["val"_L1], "FuncCall"_L1);
        const QJsonArray arguments = call["args"_L1].toArray();
        if (arguments.size() != 3 || nameOf(strings(call["funcname"_L1])).name != "set_config"_L1)
            continue;
        const auto text = [&arguments](int i) {
            return bodyOf(arguments.at(i), "A_Const"_L1)["sval"_L1]["sval"_L1].toString();
        };
        actions.append({.kind = ActionKind::SetVariable,
                        .name = text(0).toLower(),
                        .expression = text(1),
                        .isLocal = expressionText(arguments.at(2)) == "true"_L1});
    }
    return actions;
}

QList<Action> select(const QJsonObject &body)
{
    const QJsonObject into = body["intoClause"_L1]["rel"_L1].toObject();
    Action action{.kind = into.isEmpty() ? ActionKind::Select : ActionKind::CreateTableAs};
    if (!into.isEmpty()) {
        action.object = ObjectKind::Table;
        action.relation = relationOf(into);
        action.temporary = isTemporary(into);
    }
    QJsonObject rest = body;
    rest.remove("intoClause"_L1);
    action.reads = readsOf(rest);
    action.columns = functionsOf(rest);
    action.name = rowLock(body);
    return QList<Action>{changesInWith(body)} << action << settingsIn(body);
}

QList<Action> copy(const QJsonObject &body)
{
    const RelationName relation = relationOf(body["relation"_L1].toObject());
    if (body["is_from"_L1].toBool())
        return {{.kind = ActionKind::Copy, .object = ObjectKind::Table, .relation = relation}};
    Action action{.kind = ActionKind::Select, .reads = readsOf(body["query"_L1])};
    if (!relation.isEmpty())
        action.reads.append(relation);
    return {action};
}

QList<Action> explain(const QJsonObject &body)
{
    const auto [node, query] = nodeOf(body["query"_L1]);
    for (const QJsonValue &option : body["options"_L1].toArray()) {
        if (bodyOf(option, "DefElem"_L1)["defname"_L1].toString() == "analyze"_L1)
            return rowActions(node, query);
    }
    return {{.kind = ActionKind::Select, .reads = readsBeside(query)}};
}

/// The values of SET, as one text: 'a', "b" -> a, b.
QString settingText(const QJsonValue &arguments)
{
    QStringList values;
    for (const QJsonValue &argument : items(arguments)) {
        const QJsonObject constant = bodyOf(argument, "A_Const"_L1);
        values.append(constant.contains("sval"_L1) ? constant["sval"_L1]["sval"_L1].toString()
                                                   : expressionText(argument));
    }
    return values.join(", "_L1);
}

Action setVariable(const QJsonObject &body)
{
    const QString kind = body["kind"_L1].toString();
    const bool isReset = kind == "VAR_SET_DEFAULT"_L1 || kind == "VAR_RESET"_L1 || kind == "VAR_RESET_ALL"_L1;
    Action action{.kind = isReset ? ActionKind::ResetVariable : ActionKind::SetVariable};
    action.name = kind == "VAR_RESET_ALL"_L1 ? u"all"_s : body["name"_L1].toString().toLower();
    if (!isReset)
        action.expression = settingText(body["args"_L1]);
    action.isLocal = body["is_local"_L1].toBool();
    return action;
}

Action transaction(const QJsonObject &body)
{
    static const QHash<QString, ActionKind> kinds{
        {u"TRANS_STMT_BEGIN"_s, ActionKind::Begin},
        {u"TRANS_STMT_START"_s, ActionKind::Begin},
        {u"TRANS_STMT_COMMIT"_s, ActionKind::Commit},
        {u"TRANS_STMT_ROLLBACK"_s, ActionKind::Rollback},
    };
    return {.kind = kinds.value(body["kind"_L1].toString(), ActionKind::Savepoint),
            .name = body["savepoint_name"_L1].toString()};
}

} // namespace

QList<Action> rowActions(const QString &node, const QJsonObject &body)
{
    if (node == "InsertStmt"_L1)
        return change(ActionKind::Insert, body);
    if (node == "UpdateStmt"_L1)
        return change(ActionKind::Update, body);
    if (node == "DeleteStmt"_L1)
        return change(ActionKind::Delete, body);
    if (node == "MergeStmt"_L1)
        return change(ActionKind::Merge, body);
    if (node == "SelectStmt"_L1)
        return select(body);
    if (node == "CopyStmt"_L1)
        return copy(body);
    if (node == "ExplainStmt"_L1)
        return explain(body);
    if (node == "CallStmt"_L1) // a procedure: as unknown as a block
        return {{.kind = ActionKind::DoBlock, .columns = functionsOf(body)}};
    if (node == "DoStmt"_L1)
        return {{.kind = ActionKind::DoBlock}};
    return {};
}

QList<Action> sessionActions(const QString &node, const QJsonObject &body)
{
    if (node == "VariableSetStmt"_L1)
        return {setVariable(body)};
    if (node == "TransactionStmt"_L1)
        return {transaction(body)};
    if (node == "DiscardStmt"_L1)
        return {{.kind = ActionKind::ResetVariable, .name = u"all"_s}};
    return {};
}

} // namespace stepwell::tree
