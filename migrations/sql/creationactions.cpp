// SPDX-License-Identifier: MIT
// CREATE …, tables' columns and constraints aside.
#include "migrations/sql/definitions.h"
#include "migrations/sql/expressions.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

Action create(ObjectKind object, const RelationName &relation)
{
    return {.kind = ActionKind::Create, .object = object, .relation = relation};
}

Action createIndex(const QJsonObject &body)
{
    const QJsonObject range = body["relation"_L1].toObject();
    const RelationName table = relationOf(range);
    Action action =
        create(ObjectKind::Index, {.schema = table.schema, .name = body["idxname"_L1].toString()});
    action.other = table;
    action.columns = indexColumnsOf(body["indexParams"_L1]);
    action.unique = body["unique"_L1].toBool();
    action.concurrently = body["concurrent"_L1].toBool();
    action.ifExists = body["if_not_exists"_L1].toBool();
    action.hasWhere = body.contains("whereClause"_L1);
    action.only = !range["inh"_L1].toBool();
    return action;
}

Action createAs(const QJsonObject &body)
{
    const QJsonObject into = body["into"_L1].toObject();
    const QJsonObject range = into["rel"_L1].toObject();
    Action action{.kind = ActionKind::CreateTableAs,
                  .object = objectKindOf(body["objtype"_L1].toString()),
                  .relation = relationOf(range)};
    action.reads = readsOf(body["query"_L1]);
    action.columns = functionsOf(body["query"_L1]);
    action.temporary = isTemporary(range);
    action.ifExists = body["if_not_exists"_L1].toBool();
    return action;
}

Action createView(const QJsonObject &body)
{
    const QJsonObject range = body["view"_L1].toObject();
    Action action = create(ObjectKind::View, relationOf(range));
    action.reads = readsOf(body["query"_L1]);
    action.orReplace = body["replace"_L1].toBool();
    action.temporary = isTemporary(range);
    return action;
}

Action createTrigger(const QJsonObject &body)
{
    Action action = create(ObjectKind::Trigger, relationOf(body["relation"_L1].toObject()));
    action.name = body["trigname"_L1].toString();
    action.columns = {nameOf(strings(body["funcname"_L1])).text()};
    action.orReplace = body["replace"_L1].toBool();
    if (body.contains("constrrel"_L1))
        action.reads = {relationOf(body["constrrel"_L1].toObject())};
    return action;
}

Action createRule(const QJsonObject &body)
{
    Action action = create(ObjectKind::Rule, relationOf(body["relation"_L1].toObject()));
    action.name = body["rulename"_L1].toString();
    action.orReplace = body["replace"_L1].toBool();
    action.reads = readsOf(body["actions"_L1]);
    return action;
}

Action createPolicy(const QJsonObject &body)
{
    Action action = create(ObjectKind::Policy, relationOf(body["table"_L1].toObject()));
    action.name = body["policy_name"_L1].toString();
    action.reads = readsOf(QJsonArray{body["qual"_L1], body["with_check"_L1]});
    return action;
}

Action createStatistics(const QJsonObject &body)
{
    QList<RelationName> tables = readsOf(body["relations"_L1]);
    Action action = create(ObjectKind::Statistics, tables.isEmpty() ? RelationName{} : tables.takeFirst());
    action.name = nameOf(strings(body["defnames"_L1])).text();
    action.reads = tables;
    action.ifExists = body["if_not_exists"_L1].toBool();
    return action;
}

/// CREATE PUBLICATION and ALTER PUBLICATION … ADD, SET, DROP TABLE.
Action publication(const QJsonObject &body, ActionKind kind)
{
    Action action{.kind = kind, .object = ObjectKind::Publication};
    action.name = body["pubname"_L1].toString();
    action.relation.name = action.name;
    for (const QJsonValue &object : body["pubobjects"_L1].toArray()) {
        const QJsonValue table = bodyOf(object, "PublicationObjSpec"_L1)["pubtable"_L1];
        if (table.isObject())
            action.reads.append(relationOf(table["relation"_L1].toObject()));
    }
    return action;
}

Action createDomain(const QJsonObject &body)
{
    Action action = create(ObjectKind::Domain, nameOf(strings(body["domainname"_L1])));
    action.type = typeOf(body["typeName"_L1].toObject());
    for (const QJsonValue &value : body["constraints"_L1].toArray()) {
        if (const auto constraint = constraintOf(bodyOf(value, "Constraint"_L1)))
            action.createdConstraints.append(*constraint);
    }
    return action;
}

Action createComposite(const QJsonObject &body)
{
    Action action = create(ObjectKind::CompositeType, relationOf(body["typevar"_L1].toObject()));
    for (const QJsonValue &value : body["coldeflist"_L1].toArray())
        action.created.append(columnOf(bodyOf(value, "ColumnDef"_L1)));
    return action;
}

Action createNamed(ObjectKind object, const QJsonObject &body, QLatin1StringView key)
{
    Action action = create(object, {.schema = {}, .name = body[key].toString()});
    action.ifExists = body["if_not_exists"_L1].toBool();
    return action;
}

QList<Action> createSchema(const QJsonObject &body)
{
    QList<Action> actions{createNamed(ObjectKind::Schema, body, "schemaname"_L1)};
    for (const QJsonValue &element : body["schemaElts"_L1].toArray()) {
        const auto [node, part] = nodeOf(element);
        actions += creationActions(node, part);
    }
    return actions;
}

Action createSequence(const QJsonObject &body)
{
    const QJsonObject range = body["sequence"_L1].toObject();
    Action action = create(ObjectKind::Sequence, relationOf(range));
    action.ifExists = body["if_not_exists"_L1].toBool();
    action.temporary = isTemporary(range);
    return action;
}

Action createFunction(const QJsonObject &body)
{
    Action action = create(ObjectKind::Function, nameOf(strings(body["funcname"_L1])));
    action.orReplace = body["replace"_L1].toBool();
    return action;
}

Action createEnum(const QJsonObject &body)
{
    Action action = create(ObjectKind::Enum, nameOf(strings(body["typeName"_L1])));
    action.columns = strings(body["vals"_L1]);
    return action;
}

} // namespace

QList<Action> creationActions(const QString &node, const QJsonObject &body)
{
    if (node == "CreateStmt"_L1)
        return createTable(body, ObjectKind::Table);
    if (node == "CreateForeignTableStmt"_L1)
        return createTable(body["base"_L1].toObject(), ObjectKind::ForeignTable);
    if (node == "CreateSchemaStmt"_L1)
        return createSchema(body);
    using Reader = Action (*)(const QJsonObject &);
    static const QHash<QString, Reader> readers{
        {u"IndexStmt"_s, createIndex},
        {u"CreateTableAsStmt"_s, createAs},
        {u"ViewStmt"_s, createView},
        {u"CreateTrigStmt"_s, createTrigger},
        {u"RuleStmt"_s, createRule},
        {u"CreatePolicyStmt"_s, createPolicy},
        {u"CreateStatsStmt"_s, createStatistics},
        {u"CreatePublicationStmt"_s, [](const QJsonObject &b) { return publication(b, ActionKind::Create); }},
        {u"AlterPublicationStmt"_s,
         [](const QJsonObject &b) { return publication(b, ActionKind::AlterOther); }},
        {u"CreateDomainStmt"_s, createDomain},
        {u"CompositeTypeStmt"_s, createComposite},
        {u"CreateEnumStmt"_s, createEnum},
        {u"CreateRangeStmt"_s,
         [](const QJsonObject &b) { return create(ObjectKind::Type, nameOf(strings(b["typeName"_L1]))); }},
        {u"CreateSeqStmt"_s, createSequence},
        {u"CreateFunctionStmt"_s, createFunction},
        {u"CreateExtensionStmt"_s,
         [](const QJsonObject &b) { return createNamed(ObjectKind::Extension, b, "extname"_L1); }},
        {u"CreatedbStmt"_s,
         [](const QJsonObject &b) { return createNamed(ObjectKind::Database, b, "dbname"_L1); }},
        {u"CreateRoleStmt"_s,
         [](const QJsonObject &b) { return createNamed(ObjectKind::Role, b, "role"_L1); }},
        {u"DefineStmt"_s,
         [](const QJsonObject &b) {
             return create(objectKindOf(b["kind"_L1].toString()), nameOf(strings(b["defnames"_L1])));
         }},
    };
    const Reader reader = readers.value(node);
    return reader ? QList<Action>{reader(body)} : QList<Action>{};
}

} // namespace stepwell::tree
