// SPDX-License-Identifier: MIT
// ALTER TABLE and what shares its grammar: ALTER INDEX, VIEW, SEQUENCE, TYPE with the same sub-commands.
#include "migrations/sql/definitions.h"
#include "migrations/sql/expressions.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

ActionKind kindOfCommand(const QString &subtype)
{
    static const QHash<QString, ActionKind> kinds{
        {u"AT_AddColumn"_s, ActionKind::AddColumn},
        {u"AT_DropColumn"_s, ActionKind::DropColumn},
        {u"AT_AlterColumnType"_s, ActionKind::AlterType},
        {u"AT_ColumnDefault"_s, ActionKind::SetDefault},
        {u"AT_SetNotNull"_s, ActionKind::SetNotNull},
        {u"AT_DropNotNull"_s, ActionKind::DropNotNull},
        {u"AT_AddIdentity"_s, ActionKind::AddIdentity},
        {u"AT_SetIdentity"_s, ActionKind::SetIdentity},
        {u"AT_DropIdentity"_s, ActionKind::DropIdentity},
        {u"AT_SetExpression"_s, ActionKind::SetExpression},
        {u"AT_DropExpression"_s, ActionKind::DropExpression},
        {u"AT_SetStatistics"_s, ActionKind::SetStatistics},
        {u"AT_SetStorage"_s, ActionKind::SetStorage},
        {u"AT_SetCompression"_s, ActionKind::SetCompression},
        {u"AT_SetOptions"_s, ActionKind::SetColumnOptions},
        {u"AT_ResetOptions"_s, ActionKind::SetColumnOptions},
        {u"AT_AddConstraint"_s, ActionKind::AddConstraint},
        {u"AT_AddIndexConstraint"_s, ActionKind::AddConstraint},
        {u"AT_ValidateConstraint"_s, ActionKind::ValidateConstraint},
        {u"AT_DropConstraint"_s, ActionKind::DropConstraint},
        {u"AT_AlterConstraint"_s, ActionKind::AlterConstraint},
        {u"AT_SetRelOptions"_s, ActionKind::SetRelationOptions},
        {u"AT_ResetRelOptions"_s, ActionKind::SetRelationOptions},
        {u"AT_SetLogged"_s, ActionKind::SetLogged},
        {u"AT_SetUnLogged"_s, ActionKind::SetUnlogged},
        {u"AT_SetTableSpace"_s, ActionKind::SetTablespace},
        {u"AT_SetAccessMethod"_s, ActionKind::SetAccessMethod},
        {u"AT_ReplicaIdentity"_s, ActionKind::ReplicaIdentity},
        {u"AT_ClusterOn"_s, ActionKind::ClusterOn},
        {u"AT_DropCluster"_s, ActionKind::ClusterOn},
        {u"AT_AddInherit"_s, ActionKind::Inherit},
        {u"AT_DropInherit"_s, ActionKind::NoInherit},
        {u"AT_AttachPartition"_s, ActionKind::AttachPartition},
        {u"AT_DetachPartition"_s, ActionKind::DetachPartition},
        {u"AT_DetachPartitionFinalize"_s, ActionKind::DetachPartition},
        {u"AT_EnableTrig"_s, ActionKind::EnableTrigger},
        {u"AT_EnableAlwaysTrig"_s, ActionKind::EnableTrigger},
        {u"AT_EnableReplicaTrig"_s, ActionKind::EnableTrigger},
        {u"AT_EnableTrigAll"_s, ActionKind::EnableTrigger},
        {u"AT_EnableTrigUser"_s, ActionKind::EnableTrigger},
        {u"AT_DisableTrig"_s, ActionKind::DisableTrigger},
        {u"AT_DisableTrigAll"_s, ActionKind::DisableTrigger},
        {u"AT_DisableTrigUser"_s, ActionKind::DisableTrigger},
        {u"AT_EnableRule"_s, ActionKind::EnableRule},
        {u"AT_EnableAlwaysRule"_s, ActionKind::EnableRule},
        {u"AT_EnableReplicaRule"_s, ActionKind::EnableRule},
        {u"AT_DisableRule"_s, ActionKind::EnableRule},
        {u"AT_EnableRowSecurity"_s, ActionKind::EnableRowSecurity},
        {u"AT_ForceRowSecurity"_s, ActionKind::EnableRowSecurity},
        {u"AT_DisableRowSecurity"_s, ActionKind::DisableRowSecurity},
        {u"AT_NoForceRowSecurity"_s, ActionKind::DisableRowSecurity},
        {u"AT_ChangeOwner"_s, ActionKind::SetOwner},
    };
    return kinds.value(subtype, ActionKind::AlterOther);
}

QStringList optionNames(const QJsonValue &options)
{
    QStringList names;
    for (const QJsonValue &option : items(options)) {
        const QJsonObject element = bodyOf(option, "DefElem"_L1);
        const QString space = element["defnamespace"_L1].toString();
        const QString name = element["defname"_L1].toString();
        names.append(space.isEmpty() ? name : QString(space + u'.' + name));
    }
    return names;
}

void readPartition(Action &action, const QJsonValue &definition)
{
    const QJsonObject partition = bodyOf(definition, "PartitionCmd"_L1);
    action.other = relationOf(partition["name"_L1].toObject());
    action.concurrently = partition["concurrent"_L1].toBool();
}

/// A composite type's attributes use the sub-commands of columns.
void makeAttribute(Action &action)
{
    if (action.kind == ActionKind::AddColumn)
        action.kind = ActionKind::AddAttribute;
    else if (action.kind == ActionKind::DropColumn)
        action.kind = ActionKind::DropAttribute;
    else if (action.kind == ActionKind::AlterType)
        action.kind = ActionKind::AlterAttribute;
    action.object = ObjectKind::CompositeType;
}

/// What is particular to a sub-command.
void readDefinition(Action &action, const QJsonObject &command)
{
    const QJsonValue definition = command["def"_L1];
    switch (action.kind) {
    case ActionKind::AddColumn:
        action.column = columnOf(bodyOf(definition, "ColumnDef"_L1));
        action.name = action.column->name;
        break;
    case ActionKind::AlterType: {
        const QJsonObject column = bodyOf(definition, "ColumnDef"_L1);
        action.type = typeOf(column["typeName"_L1].toObject());
        if (column.contains("raw_default"_L1))
            action.expression = expressionText(column["raw_default"_L1]);
        break;
    }
    case ActionKind::SetDefault:
        if (command.contains("def"_L1))
            action.expression = expressionText(definition);
        else
            action.kind = ActionKind::DropDefault;
        break;
    case ActionKind::AddConstraint:
    case ActionKind::AlterConstraint:
        action.constraint = constraintOf(bodyOf(definition, "Constraint"_L1));
        if (action.constraint)
            action.name = action.constraint->name;
        break;
    case ActionKind::SetRelationOptions:
    case ActionKind::SetColumnOptions:
        action.columns = optionNames(definition);
        break;
    case ActionKind::Inherit:
    case ActionKind::NoInherit:
        action.other = relationOf(bodyOf(definition, "RangeVar"_L1));
        break;
    case ActionKind::AttachPartition:
    case ActionKind::DetachPartition:
        readPartition(action, definition);
        break;
    case ActionKind::SetOwner:
        action.newName = command["newowner"_L1]["rolename"_L1].toString();
        break;
    default:
        break;
    }
}

Action alterCommand(const QJsonObject &command, const Action &common)
{
    Action action = common;
    const QString subtype = command["subtype"_L1].toString();
    action.kind = kindOfCommand(subtype);
    action.name = command["name"_L1].toString();
    action.cascade = isCascade(command);
    action.ifExists = command["missing_ok"_L1].toBool();
    action.finalize = subtype == "AT_DetachPartitionFinalize"_L1;
    readDefinition(action, command);
    if (action.object == ObjectKind::Index && action.kind == ActionKind::AttachPartition)
        action.kind = ActionKind::AttachIndex;
    if (action.object == ObjectKind::Type)
        makeAttribute(action);
    return action;
}

} // namespace

QList<Action> tableActions(const QString &node, const QJsonObject &body)
{
    if (node == "AlterTableMoveAllStmt"_L1) {
        return {{.kind = ActionKind::SetTablespace,
                 .object = objectKindOf(body["objtype"_L1].toString()),
                 .newName = body["new_tablespacename"_L1].toString()}};
    }
    if (node != "AlterTableStmt"_L1)
        return {};
    const QJsonObject range = body["relation"_L1].toObject();
    const Action common{.object = objectKindOf(body["objtype"_L1].toString()),
                        .relation = relationOf(range),
                        .temporary = isTemporary(range),
                        .only = !range["inh"_L1].toBool()};
    QList<Action> actions;
    for (const QJsonValue &command : body["cmds"_L1].toArray())
        actions.append(alterCommand(bodyOf(command, "AlterTableCmd"_L1), common));
    return actions;
}

} // namespace stepwell::tree
