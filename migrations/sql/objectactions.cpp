// SPDX-License-Identifier: MIT
// What every kind of object has: DROP, RENAME, SET SCHEMA, OWNER TO, COMMENT, GRANT; and the ALTERs of types,
// domains and sequences.
#include "migrations/sql/definitions.h"
#include "migrations/sql/expressions.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

/// Triggers, rules, policies, constraints and columns are named as parts of a table.
bool belongsToTable(const QString &objectType)
{
    static const QStringList types{u"OBJECT_TRIGGER"_s,       u"OBJECT_RULE"_s,   u"OBJECT_POLICY"_s,
                                   u"OBJECT_TABCONSTRAINT"_s, u"OBJECT_COLUMN"_s, u"OBJECT_DOMCONSTRAINT"_s};
    return types.contains(objectType);
}

/// Puts the name of an object into the action: {schema, table, trigger} -> relation and name.
void setObject(Action &action, const QString &objectType, QStringList parts)
{
    action.object = objectKindOf(objectType);
    if (belongsToTable(objectType) && !parts.isEmpty())
        action.name = parts.takeLast();
    action.relation = nameOf(parts);
}

QList<Action> drop(const QJsonObject &body)
{
    const QString type = body["removeType"_L1].toString();
    QList<Action> actions;
    for (const QJsonValue &object : body["objects"_L1].toArray()) {
        Action action{.kind = ActionKind::Drop};
        setObject(action, type, objectParts(object));
        action.ifExists = body["missing_ok"_L1].toBool();
        action.cascade = isCascade(body);
        action.concurrently = body["concurrent"_L1].toBool();
        actions.append(action);
    }
    return actions;
}

/// `key` holds the object's type; the object is in `relation` (a RangeVar) or `object`.
Action onObject(ActionKind kind, const QJsonObject &body, QLatin1StringView key)
{
    Action action{.kind = kind};
    const QString type = body[key].toString();
    const QJsonObject range = body["relation"_L1].toObject();
    if (range.isEmpty()) {
        setObject(action, type, objectParts(body["object"_L1]));
    } else {
        action.object = objectKindOf(type);
        action.relation = relationOf(range);
        action.only = !range.contains("inh"_L1) && action.object != ObjectKind::CompositeType;
    }
    action.ifExists = body["missing_ok"_L1].toBool();
    return action;
}

Action rename(const QJsonObject &body)
{
    Action action = onObject(ActionKind::Rename, body, "renameType"_L1);
    action.newName = body["newname"_L1].toString();
    const QString part = body["subname"_L1].toString();
    if (action.object == ObjectKind::Domain) // a constraint of it is named apart
        action.relation = nameOf(objectParts(body["object"_L1]));
    if (action.relation.isEmpty())
        action.relation.name = part; // a schema, a role, a database
    else
        action.name = part;
    action.cascade = isCascade(body);
    return action;
}

Action setSchema(const QJsonObject &body)
{
    Action action = onObject(ActionKind::SetSchema, body, "objectType"_L1);
    action.newName = body["newschema"_L1].toString();
    return action;
}

Action setOwner(const QJsonObject &body)
{
    Action action = onObject(ActionKind::SetOwner, body, "objectType"_L1);
    action.newName = body["newowner"_L1]["rolename"_L1].toString();
    return action;
}

QList<Action> grant(const QJsonObject &body)
{
    const ActionKind kind = body["is_grant"_L1].toBool() ? ActionKind::Grant : ActionKind::Revoke;
    const bool isWholeSchema = body["targtype"_L1].toString() == "ACL_TARGET_ALL_IN_SCHEMA"_L1;
    const ObjectKind object =
        isWholeSchema ? ObjectKind::Schema : objectKindOf(body["objtype"_L1].toString());
    QList<Action> actions;
    for (const QJsonValue &target : body["objects"_L1].toArray())
        actions.append({.kind = kind, .object = object, .relation = nameOf(objectParts(target))});
    if (actions.isEmpty())
        actions.append({.kind = kind, .object = ObjectKind::Role});
    return actions;
}

QString domainChange(const QString &subtype, bool hasDefinition)
{
    static const QHash<QString, QString> changes{{u"N"_s, u"DROP NOT NULL"_s},
                                                 {u"O"_s, u"SET NOT NULL"_s},
                                                 {u"C"_s, u"ADD"_s},
                                                 {u"X"_s, u"DROP"_s},
                                                 {u"V"_s, u"VALIDATE"_s}};
    if (subtype == "T"_L1)
        return hasDefinition ? u"SET DEFAULT"_s : u"DROP DEFAULT"_s;
    return changes.value(subtype);
}

Action alterDomain(const QJsonObject &body)
{
    Action action{.kind = ActionKind::AlterDomain, .object = ObjectKind::Domain};
    action.relation = nameOf(strings(body["typeName"_L1]));
    action.name = domainChange(body["subtype"_L1].toString(), body.contains("def"_L1));
    action.newName = body["name"_L1].toString();
    action.constraint = constraintOf(bodyOf(body["def"_L1], "Constraint"_L1));
    if (action.constraint)
        action.newName = action.constraint->name;
    action.cascade = isCascade(body);
    action.ifExists = body["missing_ok"_L1].toBool();
    return action;
}

Action alterEnum(const QJsonObject &body)
{
    Action action{.kind = ActionKind::AddEnumValue, .object = ObjectKind::Enum};
    action.relation = nameOf(strings(body["typeName"_L1]));
    action.name = body["newVal"_L1].toString();
    action.ifExists = body["skipIfNewValExists"_L1].toBool();
    action.hasPosition = body.contains("newValNeighbor"_L1);
    if (body.contains("oldVal"_L1)) {
        action.kind = ActionKind::RenameEnumValue;
        action.newName = action.name;
        action.name = body["oldVal"_L1].toString();
    }
    return action;
}

Action alterSequence(const QJsonObject &body)
{
    Action action{.kind = ActionKind::AlterSequence, .object = ObjectKind::Sequence};
    action.relation = relationOf(body["sequence"_L1].toObject());
    action.ifExists = body["missing_ok"_L1].toBool();
    for (const QJsonValue &option : body["options"_L1].toArray()) {
        const QJsonObject element = bodyOf(option, "DefElem"_L1);
        action.columns.append(element["defname"_L1].toString());
        QStringList owner = strings(element["arg"_L1]);
        if (element["defname"_L1].toString() == "owned_by"_L1 && owner.size() > 1) {
            owner.removeLast(); // the column
            action.other = nameOf(owner);
        }
    }
    return action;
}

Action alterPolicy(const QJsonObject &body)
{
    Action action{.kind = ActionKind::AlterOther, .object = ObjectKind::Policy};
    action.relation = relationOf(body["table"_L1].toObject());
    action.name = body["policy_name"_L1].toString();
    return action;
}

Action alterNamed(ObjectKind object, const RelationName &name)
{
    return {.kind = ActionKind::AlterOther, .object = object, .relation = name};
}

QList<Action> dropRoles(const QJsonObject &body, bool owned)
{
    QList<Action> actions;
    for (const QJsonValue &role : body["roles"_L1].toArray()) {
        Action action{.kind = ActionKind::Drop, .object = ObjectKind::Role};
        action.relation.name = bodyOf(role, "RoleSpec"_L1)["rolename"_L1].toString();
        action.cascade = isCascade(body);
        action.ifExists = body["missing_ok"_L1].toBool();
        if (owned)
            action.name = u"OWNED"_s;
        actions.append(action);
    }
    return actions;
}

} // namespace

QList<Action> objectActions(const QString &node, const QJsonObject &body)
{
    if (node == "DropStmt"_L1)
        return drop(body);
    if (node == "GrantStmt"_L1 || node == "GrantRoleStmt"_L1)
        return grant(body);
    if (node == "DropOwnedStmt"_L1 || node == "DropRoleStmt"_L1)
        return dropRoles(body, node == "DropOwnedStmt"_L1);
    using Reader = Action (*)(const QJsonObject &);
    static const QHash<QString, Reader> readers{
        {u"RenameStmt"_s, rename},
        {u"AlterObjectSchemaStmt"_s, setSchema},
        {u"AlterOwnerStmt"_s, setOwner},
        {u"CommentStmt"_s,
         [](const QJsonObject &b) { return onObject(ActionKind::CommentOn, b, "objtype"_L1); }},
        {u"SecLabelStmt"_s,
         [](const QJsonObject &b) { return onObject(ActionKind::CommentOn, b, "objtype"_L1); }},
        {u"AlterDomainStmt"_s, alterDomain},
        {u"AlterEnumStmt"_s, alterEnum},
        {u"AlterSeqStmt"_s, alterSequence},
        {u"AlterPolicyStmt"_s, alterPolicy},
        {u"AlterTypeStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Type, nameOf(strings(b["typeName"_L1])));
         }},
        {u"AlterFunctionStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Function, nameOf(strings(b["func"_L1]["objname"_L1])));
         }},
        {u"AlterStatsStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Statistics, nameOf(strings(b["defnames"_L1])));
         }},
        {u"AlterExtensionStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Extension, {.schema = {}, .name = b["extname"_L1].toString()});
         }},
        {u"AlterObjectDependsStmt"_s,
         [](const QJsonObject &b) { return onObject(ActionKind::AlterOther, b, "objectType"_L1); }},
        {u"AlterDatabaseStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Database, {.schema = {}, .name = b["dbname"_L1].toString()});
         }},
        {u"AlterDatabaseSetStmt"_s,
         [](const QJsonObject &b) {
             return alterNamed(ObjectKind::Database, {.schema = {}, .name = b["dbname"_L1].toString()});
         }},
        {u"DropdbStmt"_s,
         [](const QJsonObject &b) {
             Action action =
                 alterNamed(ObjectKind::Database, {.schema = {}, .name = b["dbname"_L1].toString()});
             action.kind = ActionKind::Drop;
             action.ifExists = b["missing_ok"_L1].toBool();
             return action;
         }},
        {u"AlterRoleStmt"_s, [](const QJsonObject &) { return alterNamed(ObjectKind::Role, {}); }},
        {u"AlterRoleSetStmt"_s, [](const QJsonObject &) { return alterNamed(ObjectKind::Role, {}); }},
        {u"ReassignOwnedStmt"_s, [](const QJsonObject &) { return alterNamed(ObjectKind::Role, {}); }},
        {u"AlterDefaultPrivilegesStmt"_s,
         [](const QJsonObject &) { return alterNamed(ObjectKind::Other, {}); }},
    };
    const Reader reader = readers.value(node);
    return reader ? QList<Action>{reader(body)} : QList<Action>{};
}

} // namespace stepwell::tree
