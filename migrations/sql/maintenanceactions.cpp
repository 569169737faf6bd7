// SPDX-License-Identifier: MIT
// TRUNCATE, VACUUM, CLUSTER, REINDEX, REFRESH, LOCK: whole tables.
#include "migrations/sql/definitions.h"
#include "migrations/sql/lockmode.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

bool hasOption(const QJsonValue &options, QLatin1StringView name)
{
    for (const QJsonValue &option : items(options)) {
        const QJsonObject element = bodyOf(option, "DefElem"_L1);
        if (element["defname"_L1].toString() != name)
            continue;
        // (FULL), (FULL true), (FULL 1); (FULL off) is none.
        const auto [kind, body] = nodeOf(element["arg"_L1]);
        if (kind == "String"_L1)
            return !QStringList{u"false"_s, u"off"_s}.contains(body["sval"_L1].toString().toLower());
        return kind != "Integer"_L1 || body["ival"_L1].toInt() != 0;
    }
    return false;
}

QList<Action> forRelations(const QJsonValue &relations, const Action &common)
{
    QList<Action> actions;
    for (const QJsonValue &value : items(relations)) {
        const QJsonObject range = bodyOf(value, "RangeVar"_L1);
        Action action = common;
        action.relation = relationOf(range);
        action.only = !range["inh"_L1].toBool();
        actions.append(action);
    }
    return actions;
}

QList<Action> vacuum(const QJsonObject &body)
{
    Action common{.kind = body["is_vacuumcmd"_L1].toBool() ? ActionKind::Vacuum : ActionKind::Analyze,
                  .object = ObjectKind::Table,
                  .full = hasOption(body["options"_L1], "full"_L1)};
    QList<Action> actions;
    for (const QJsonValue &value : body["rels"_L1].toArray()) {
        const QJsonObject relation = bodyOf(value, "VacuumRelation"_L1);
        Action action = common;
        action.relation = relationOf(relation["relation"_L1].toObject());
        action.columns = strings(relation["va_cols"_L1]);
        actions.append(action);
    }
    return actions.isEmpty() ? QList<Action>{common} : actions;
}

ObjectKind reindexed(const QString &kind)
{
    if (kind == "REINDEX_OBJECT_INDEX"_L1)
        return ObjectKind::Index;
    if (kind == "REINDEX_OBJECT_TABLE"_L1)
        return ObjectKind::Table;
    return kind == "REINDEX_OBJECT_SCHEMA"_L1 ? ObjectKind::Schema : ObjectKind::Database;
}

Action reindex(const QJsonObject &body)
{
    Action action{.kind = ActionKind::Reindex, .object = reindexed(body["kind"_L1].toString())};
    action.relation = relationOf(body["relation"_L1].toObject());
    if (action.relation.isEmpty())
        action.relation.name = body["name"_L1].toString();
    action.concurrently = hasOption(body["params"_L1], "concurrently"_L1);
    return action;
}

Action refresh(const QJsonObject &body)
{
    Action action{.kind = ActionKind::RefreshMaterializedView, .object = ObjectKind::MaterializedView};
    action.relation = relationOf(body["relation"_L1].toObject());
    action.concurrently = body["concurrent"_L1].toBool();
    return action;
}

} // namespace

QList<Action> maintenanceActions(const QString &node, const QJsonObject &body)
{
    if (node == "TruncateStmt"_L1) {
        return forRelations(
            body["relations"_L1],
            {.kind = ActionKind::Truncate, .object = ObjectKind::Table, .cascade = isCascade(body)});
    }
    if (node == "LockStmt"_L1) {
        const auto mode = static_cast<LockMode>(body["mode"_L1].toInt()); // numbered as LockMode is
        return forRelations(
            body["relations"_L1],
            {.kind = ActionKind::LockTable, .object = ObjectKind::Table, .name = lockName(mode)});
    }
    if (node == "ClusterStmt"_L1) {
        return {{.kind = ActionKind::Cluster,
                 .object = ObjectKind::Table,
                 .relation = relationOf(body["relation"_L1].toObject()),
                 .name = body["indexname"_L1].toString()}};
    }
    if (node == "VacuumStmt"_L1)
        return vacuum(body);
    if (node == "ReindexStmt"_L1)
        return {reindex(body)};
    if (node == "RefreshMatViewStmt"_L1)
        return {refresh(body)};
    return {};
}

} // namespace stepwell::tree
