// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Commands without an object of ours.
void otherEffects(EffectsBuilder &builder, const Action &action)
{
    static const QStringList outside{u"ALTER SYSTEM"_s, u"CREATE TABLESPACE"_s, u"DROP TABLESPACE"_s,
                                     u"CREATE SUBSCRIPTION"_s, u"DROP SUBSCRIPTION"_s};
    if (outside.contains(action.name))
        builder.notInTransaction();
    builder.undo(action.kind == ActionKind::AlterOther ? Undo::Whole : Undo::Nothing);
}

void oneAction(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::Create:
    case ActionKind::CreateTableAs:
        return action.object == ObjectKind::Index ? indexEffects(builder, action)
                                                  : createEffects(builder, action);
    case ActionKind::Drop:
        return action.object == ObjectKind::Index ? indexEffects(builder, action)
                                                  : dropEffects(builder, action);
    case ActionKind::Reindex:
        return indexEffects(builder, action);
    case ActionKind::Rename:
    case ActionKind::SetSchema:
    case ActionKind::SetOwner:
    case ActionKind::CommentOn:
    case ActionKind::AlterSequence:
    case ActionKind::Grant:
    case ActionKind::Revoke:
        return renameEffects(builder, action);
    case ActionKind::Truncate:
    case ActionKind::Cluster:
    case ActionKind::Vacuum:
    case ActionKind::Analyze:
    case ActionKind::RefreshMaterializedView:
    case ActionKind::LockTable:
        return maintenanceEffects(builder, action);
    case ActionKind::AddEnumValue:
    case ActionKind::RenameEnumValue:
    case ActionKind::AddAttribute:
    case ActionKind::DropAttribute:
    case ActionKind::AlterAttribute:
    case ActionKind::AlterDomain:
        return typeEffects(builder, action);
    case ActionKind::Insert:
    case ActionKind::Update:
    case ActionKind::Delete:
    case ActionKind::Merge:
    case ActionKind::Copy:
    case ActionKind::Select:
    case ActionKind::DoBlock:
        return rowEffects(builder, action);
    case ActionKind::AlterOther:
        if (action.object == ObjectKind::Policy || action.object == ObjectKind::Publication ||
            action.object == ObjectKind::Extension)
            return createEffects(builder, action);
        return otherEffects(builder, action);
    case ActionKind::Other:
        return otherEffects(builder, action);
    default:
        return; // session and transaction: nothing is locked
    }
}

} // namespace

StatementEffects effectsOf(const QList<Action> &actions, const Catalogue &before, int serverVersion)
{
    EffectsBuilder builder(before, serverVersion);
    builder.effects.undo = Undo::Nothing;
    QList<Action> alterTable;
    for (const Action &action : actions) {
        if (isAlterTable(action))
            alterTable.append(action);
        else
            oneAction(builder, action);
    }
    if (!alterTable.isEmpty())
        alterTableEffects(builder, alterTable);
    return builder.effects;
}

} // namespace stepwell
