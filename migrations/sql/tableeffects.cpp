// SPDX-License-Identifier: MIT
// ALTER TABLE as a whole: one lock for all sub-commands, and what each of them adds.
#include "migrations/sql/effectsbuilder.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Options that a running query would not notice (SHARE UPDATE EXCLUSIVE); any other needs everybody out.
bool isLightOption(const QString &name)
{
    static const QStringList light{u"fillfactor"_s,
                                   u"toast_tuple_target"_s,
                                   u"parallel_workers"_s,
                                   u"vacuum_index_cleanup"_s,
                                   u"vacuum_truncate"_s,
                                   u"n_distinct"_s,
                                   u"n_distinct_inherited"_s,
                                   u"deduplicate_items"_s,
                                   u"log_autovacuum_min_duration"_s,
                                   u"vacuum_max_eager_freeze_failure_rate"_s};
    QString bare = name;
    if (bare.startsWith("toast."_L1))
        bare.remove(0, 6);
    return light.contains(bare) || bare.startsWith("autovacuum_"_L1);
}

/// Sub-commands that go down to partitions and inheriting tables.
bool recurses(const Action &action)
{
    switch (action.kind) {
    case ActionKind::AddColumn:
    case ActionKind::DropColumn:
    case ActionKind::AlterType:
    case ActionKind::SetDefault:
    case ActionKind::DropDefault:
    case ActionKind::SetNotNull:
    case ActionKind::DropNotNull:
    case ActionKind::SetStatistics:
    case ActionKind::SetStorage:
    case ActionKind::SetCompression:
    case ActionKind::AddConstraint:
    case ActionKind::ValidateConstraint:
    case ActionKind::DropConstraint:
    case ActionKind::AlterConstraint:
    case ActionKind::AddIdentity:
    case ActionKind::SetIdentity:
    case ActionKind::DropIdentity:
    case ActionKind::SetExpression:
    case ActionKind::DropExpression:
    case ActionKind::EnableTrigger:
    case ActionKind::DisableTrigger:
        return true;
    default:
        return false;
    }
}

void subCommand(EffectsBuilder &builder, const Action &action, const QList<Action> &all)
{
    builder.undo(Undo::Whole);
    switch (action.kind) {
    case ActionKind::AddConstraint:
    case ActionKind::ValidateConstraint:
    case ActionKind::DropConstraint:
    case ActionKind::AlterConstraint:
        return constraintEffects(builder, action);
    case ActionKind::Inherit:
    case ActionKind::NoInherit:
    case ActionKind::AttachPartition:
    case ActionKind::DetachPartition:
        return partitionEffects(builder, action);
    case ActionKind::AttachIndex:
        return indexEffects(builder, action);
    case ActionKind::SetUnlogged:
    case ActionKind::SetLogged:
    case ActionKind::SetTablespace:
    case ActionKind::SetAccessMethod:
        if (action.kind == ActionKind::SetAccessMethod)
            builder.needs(15, u"SET ACCESS METHOD"_s);
        if (action.object != ObjectKind::Index)
            builder.rewrite(action.relation);
        return;
    case ActionKind::SetOwner:
        for (const RelationName &sequence : builder.before.sequencesOf(action.relation)) {
            builder.lockHidden(sequence, LockMode::AccessExclusive,
                               u"belongs to a column of %1"_s.arg(action.relation.text()));
        }
        if (!builder.isKnown(action.relation)) {
            builder.unknown(u"Which sequences belong to %1 is not known here; they are locked too."_s.arg(
                action.relation.text()));
        }
        return;
    default:
        return columnEffects(builder, action, all);
    }
}

/// An index for a constraint is made on each partition as CREATE INDEX makes it; a primary key that has to
/// make columns NOT NULL first changes the partitions too.
LockMode partitionLock(const EffectsBuilder &builder, const Action &action, LockMode mode)
{
    if (action.kind != ActionKind::AddConstraint || !action.constraint)
        return mode;
    const ConstraintDefinition &constraint = *action.constraint;
    if (constraint.kind == ConstraintKind::Unique || constraint.kind == ConstraintKind::Exclude)
        return LockMode::Share;
    const auto isNotNull = [&](const QString &name) {
        const ColumnDefinition *column = builder.before.column(action.relation, name);
        return column && column->notNull;
    };
    return constraint.kind == ConstraintKind::PrimaryKey && std::ranges::all_of(constraint.columns, isNotNull)
               ? LockMode::Share
               : mode;
}

} // namespace

bool isAlterTable(const Action &action)
{
    switch (action.object) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
    case ObjectKind::ForeignTable:
    case ObjectKind::View:
    case ObjectKind::MaterializedView:
    case ObjectKind::Index:
    case ObjectKind::Sequence:
        break;
    default:
        return false;
    }
    return (action.kind >= ActionKind::AddColumn && action.kind <= ActionKind::EnableRule) ||
           action.kind == ActionKind::AttachIndex || action.kind == ActionKind::AlterOther ||
           (action.kind == ActionKind::SetOwner && action.name.isEmpty());
}

LockMode alterTableLock(const Action &action)
{
    switch (action.kind) {
    case ActionKind::SetStatistics:
    case ActionKind::SetColumnOptions:
    case ActionKind::ClusterOn:
    case ActionKind::ValidateConstraint:
    case ActionKind::AttachPartition:
    case ActionKind::AttachIndex:
        return LockMode::ShareUpdateExclusive;
    case ActionKind::SetRelationOptions:
        return std::ranges::all_of(action.columns, isLightOption) ? LockMode::ShareUpdateExclusive
                                                                  : LockMode::AccessExclusive;
    case ActionKind::DetachPartition:
        return action.concurrently || action.finalize ? LockMode::ShareUpdateExclusive
                                                      : LockMode::AccessExclusive;
    case ActionKind::EnableTrigger:
    case ActionKind::DisableTrigger:
        return LockMode::ShareRowExclusive;
    case ActionKind::AddConstraint:
        return action.constraint && action.constraint->kind == ConstraintKind::ForeignKey
                   ? LockMode::ShareRowExclusive
                   : LockMode::AccessExclusive;
    default:
        return LockMode::AccessExclusive;
    }
}

void alterTableEffects(EffectsBuilder &builder, const QList<Action> &actions)
{
    LockMode mode = LockMode::None;
    for (const Action &action : actions)
        mode = std::max(mode, alterTableLock(action));
    for (const Action &action : actions) {
        if (action.relation.isEmpty()) { // ALL IN TABLESPACE
            builder.unknown(
                u"Which tables are in that tablespace is not known here; all of them are locked."_s);
            builder.undo(Undo::Whole);
            continue;
        }
        builder.lock(action.relation, mode);
        const bool isTriggerBefore15 = builder.version < 15 && (action.kind == ActionKind::EnableTrigger ||
                                                                action.kind == ActionKind::DisableTrigger);
        if (recurses(action) && !action.only && !isTriggerBefore15)
            builder.lockPartitions(action.relation, partitionLock(builder, action, mode));
        subCommand(builder, action, actions);
    }
}

} // namespace stepwell
