// SPDX-License-Identifier: MIT
// RENAME, SET SCHEMA, COMMENT, GRANT, sequences; TRUNCATE, VACUUM and the like; types; rows.
#include "migrations/sql/effectsbuilder.h"
#include "migrations/sql/expressions.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isTableLike(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
    case ObjectKind::ForeignTable:
    case ObjectKind::View:
    case ObjectKind::MaterializedView:
    case ObjectKind::Sequence:
    case ObjectKind::Index:
        return true;
    default:
        return false;
    }
}

/// Parts of a table that are renamed or commented under the table's name.
bool isTablePart(ObjectKind kind)
{
    return kind == ObjectKind::Column || kind == ObjectKind::Constraint || kind == ObjectKind::Trigger ||
           kind == ObjectKind::Rule || kind == ObjectKind::Policy;
}

void rename(EffectsBuilder &builder, const Action &action)
{
    if (action.object == ObjectKind::Index)
        return builder.lock(action.relation, LockMode::ShareUpdateExclusive);
    if (!isTableLike(action.object) && !isTablePart(action.object) &&
        action.object != ObjectKind::CompositeType)
        return;
    builder.lock(action.relation, LockMode::AccessExclusive);
    const bool recurses = action.object == ObjectKind::Column || action.object == ObjectKind::Constraint ||
                          (action.object == ObjectKind::Trigger && builder.version >= 16);
    if (recurses && !action.only)
        builder.lockPartitions(action.relation, LockMode::AccessExclusive);
}

void setSchema(EffectsBuilder &builder, const Action &action)
{
    if (!isTableLike(action.object))
        return;
    builder.lock(action.relation, LockMode::AccessExclusive);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(u"Which sequences belong to %1 is not known here; they are locked too."_s.arg(
            action.relation.text()));
    }
    for (const RelationName &sequence : builder.before.sequencesOf(action.relation))
        builder.lockHidden(sequence, LockMode::AccessExclusive,
                           u"belongs to a column of %1"_s.arg(action.relation.text()));
}

void comment(EffectsBuilder &builder, const Action &action)
{
    if (isTableLike(action.object) || isTablePart(action.object))
        builder.lock(action.relation, LockMode::ShareUpdateExclusive);
}

} // namespace

void renameEffects(EffectsBuilder &builder, const Action &action)
{
    builder.undo(Undo::Whole);
    switch (action.kind) {
    case ActionKind::Rename:
        return rename(builder, action);
    case ActionKind::SetSchema:
        return setSchema(builder, action);
    case ActionKind::CommentOn:
        return comment(builder, action);
    case ActionKind::AlterSequence:
        builder.lock(action.relation, LockMode::ShareRowExclusive);
        return builder.lock(action.other, LockMode::AccessShare);
    case ActionKind::Grant:
    case ActionKind::Revoke:
        if (builder.version >= 18 && isTableLike(action.object))
            builder.lock(action.relation, LockMode::AccessShare);
        return;
    default:
        return;
    }
}

namespace {

void truncateReferencing(EffectsBuilder &builder, const RelationName &table)
{
    for (const RelationName &name : builder.before.referencing(table)) {
        const bool isNew = builder.effects.lockOn(name) == nullptr;
        const QString reason = u"has a foreign key to %1"_s.arg(table.text());
        builder.lockHidden(name, LockMode::AccessExclusive, reason);
        for (const RelationName &partition : builder.before.partitionsOf(name))
            builder.lockHidden(partition, LockMode::AccessExclusive, reason);
        if (isNew)
            truncateReferencing(builder, name);
    }
}

void truncate(EffectsBuilder &builder, const Action &action)
{
    builder.loseData();
    builder.lock(action.relation, LockMode::AccessExclusive);
    if (!action.only)
        builder.lockPartitions(action.relation, LockMode::AccessExclusive);
    if (!action.cascade)
        return;
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Which tables reference %1 is not known here; they are locked and emptied too."_s.arg(
                action.relation.text()));
    }
    truncateReferencing(builder, action.relation);
}

void vacuum(EffectsBuilder &builder, const Action &action)
{
    if (action.kind == ActionKind::Vacuum)
        builder.notInTransaction();
    const LockMode mode = action.full ? LockMode::AccessExclusive : LockMode::ShareUpdateExclusive;
    if (action.relation.isEmpty())
        return builder.unknown(u"Every table of the database is locked, one after the other."_s);
    builder.lock(action.relation, mode);
    if (builder.kindOf(action.relation) == ObjectKind::PartitionedTable || !builder.isKnown(action.relation))
        builder.lockPartitions(action.relation, mode);
    else if (action.kind == ActionKind::Analyze) // samples of inheriting tables
        builder.lockPartitions(action.relation, LockMode::AccessShare);
    if (!action.full)
        return;
    if (builder.kindOf(action.relation) != ObjectKind::PartitionedTable)
        return builder.rewrite(action.relation);
    for (const RelationName &partition : builder.before.partitionsOf(action.relation))
        builder.rewrite(partition);
}

void cluster(EffectsBuilder &builder, const Action &action)
{
    if (action.relation.isEmpty()) {
        builder.notInTransaction();
        return builder.unknown(u"Every table that was clustered before is locked and rewritten."_s);
    }
    builder.lock(action.relation, LockMode::AccessExclusive);
    if (builder.kindOf(action.relation) != ObjectKind::PartitionedTable)
        return builder.rewrite(action.relation);
    builder.needs(15, u"CLUSTER of a partitioned table"_s);
    builder.notInTransaction();
    for (const RelationName &partition : builder.before.partitionsOf(action.relation)) {
        builder.lockHidden(partition, LockMode::AccessExclusive,
                           u"partition of %1"_s.arg(action.relation.text()));
        builder.rewrite(partition);
    }
}

/// Everything that a view reads, through other views too.
void lockUnderlying(EffectsBuilder &builder, const RelationName &view, LockMode mode)
{
    const CatalogueRelation *known = builder.before.find(view);
    if (!known || (known->kind != ObjectKind::View && known->kind != ObjectKind::MaterializedView))
        return;
    for (const RelationName &name : known->dependsOn) {
        const CatalogueRelation *read = builder.before.find(name);
        if (!read || (!isTableLike(read->kind)))
            continue;
        builder.lockHidden(name, mode, u"read by the view %1"_s.arg(view.text()));
        if (read->kind == ObjectKind::View)
            lockUnderlying(builder, name, mode);
    }
}

void refresh(EffectsBuilder &builder, const Action &action)
{
    builder.lock(action.relation, action.concurrently ? LockMode::Exclusive : LockMode::AccessExclusive);
    if (!action.concurrently)
        builder.rewrite(action.relation);
    if (!builder.isKnown(action.relation))
        builder.unknown(u"What %1 reads is not known here; it is locked too (ACCESS SHARE)."_s.arg(
            action.relation.text()));
    lockUnderlying(builder, action.relation, LockMode::AccessShare);
}

} // namespace

void maintenanceEffects(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::Truncate:
        return truncate(builder, action);
    case ActionKind::Vacuum:
    case ActionKind::Analyze:
        return vacuum(builder, action);
    case ActionKind::Cluster:
        return cluster(builder, action);
    case ActionKind::RefreshMaterializedView:
        return refresh(builder, action);
    case ActionKind::LockTable: {
        const LockMode mode = lockModeOf(action.name);
        builder.lock(action.relation, mode);
        if (!action.only)
            builder.lockPartitions(action.relation, mode);
        return lockUnderlying(builder, action.relation, mode);
    }
    default:
        return;
    }
}

namespace {

void lockUsersOfDomain(EffectsBuilder &builder, const RelationName &domain)
{
    for (const RelationName &name : builder.before.dependents(domain)) {
        const ObjectKind kind = builder.kindOf(name);
        if (kind == ObjectKind::Domain) {
            lockUsersOfDomain(builder, name);
        } else if (kind == ObjectKind::Table || kind == ObjectKind::MaterializedView) {
            builder.lockHidden(name, LockMode::Share, u"has a column of the domain %1"_s.arg(domain.text()));
            builder.scan(name);
        }
    }
}

void alterDomain(EffectsBuilder &builder, const Action &action)
{
    builder.undo(Undo::Whole);
    const bool adds = action.name == "ADD"_L1 && !(action.constraint && action.constraint->notValid);
    if (!adds && action.name != "VALIDATE"_L1 && action.name != "SET NOT NULL"_L1)
        return;
    if (!builder.before.isFromDatabase) {
        builder.unknown(
            u"Which tables use the domain %1 is not known here; they are locked (SHARE) and scanned."_s.arg(
                action.relation.text()));
    }
    lockUsersOfDomain(builder, action.relation);
}

} // namespace

void typeEffects(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::AddEnumValue:
        return builder.undo(Undo::Impossible);
    case ActionKind::RenameEnumValue:
        return builder.undo(Undo::Whole);
    case ActionKind::AlterDomain:
        return alterDomain(builder, action);
    default:
        break;
    }
    builder.undo(Undo::Whole);
    builder.lock(action.relation, LockMode::AccessExclusive);
    if (action.kind == ActionKind::DropAttribute)
        builder.loseData();
    if (!action.cascade)
        return;
    if (!builder.before.isFromDatabase)
        builder.unknown(u"Which typed tables %1 has is not known here; they are locked too."_s.arg(
            action.relation.text()));
    for (const RelationName &name : builder.before.dependents(action.relation)) {
        const CatalogueRelation *table = builder.before.find(name);
        const bool isColumn = std::ranges::any_of(table->columns, [&](const ColumnDefinition &column) {
            return builder.before.isSame({.schema = column.type.schema, .name = column.type.name},
                                         action.relation);
        });
        if (isTableLike(table->kind) && !isColumn)
            builder.lockHidden(name, LockMode::AccessExclusive,
                               u"is a table OF %1"_s.arg(action.relation.text()));
    }
}

namespace {

/// An UPDATE looks at the other end only if it changes a column of the key.
bool touches(const Action &action, const QStringList &columns)
{
    return action.kind != ActionKind::Update || columns.isEmpty() ||
           std::ranges::any_of(columns,
                               [&](const QString &column) { return action.assigned.contains(column); });
}

/// A row that is written is checked against the tables at the other ends of its foreign keys.
void checkForeignKeys(EffectsBuilder &builder, const Action &action)
{
    const CatalogueRelation *table = builder.before.find(action.relation);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Which foreign keys and triggers %1 has is not known here; they lock rows of other tables."_s
                .arg(action.relation.text()));
    }
    if (!table)
        return;
    if (action.kind != ActionKind::Delete) {
        for (const ConstraintDefinition &constraint : table->constraints) {
            // Of partitions the one with the row; which that is, only the rows know.
            const CatalogueRelation *referenced = builder.before.find(constraint.referenced);
            const bool isPartition =
                referenced && builder.kindOf(referenced->parent) == ObjectKind::PartitionedTable;
            if (constraint.kind == ConstraintKind::ForeignKey && !isPartition &&
                touches(action, constraint.columns)) {
                builder.lockHidden(constraint.referenced, LockMode::RowShare,
                                   u"referenced by the foreign key %1"_s.arg(constraint.name));
            }
        }
    }
    if (action.kind == ActionKind::Insert || action.kind == ActionKind::Copy)
        return;
    for (const RelationName &name : builder.before.referencing(action.relation)) {
        for (const ConstraintDefinition &constraint : builder.before.find(name)->constraints) {
            if (constraint.kind != ConstraintKind::ForeignKey ||
                !builder.before.isSame(constraint.referenced, action.relation) ||
                !touches(action, constraint.referencedColumns))
                continue;
            const bool changes = !constraint.onDelete.isEmpty() && constraint.onDelete != "RESTRICT"_L1;
            builder.lockHidden(name, changes ? LockMode::RowExclusive : LockMode::RowShare,
                               u"has a foreign key to %1"_s.arg(action.relation.text()));
        }
    }
}

void changeRows(EffectsBuilder &builder, const Action &action)
{
    builder.lock(action.relation, LockMode::RowExclusive);
    if (action.kind == ActionKind::Merge)
        builder.needs(15, u"MERGE"_s);
    builder.undo(action.kind == ActionKind::Insert || action.kind == ActionKind::Copy ? Undo::Whole
                                                                                      : Undo::LosesData);
    if (action.kind == ActionKind::Delete)
        builder.effects.losesData = true;
    // Rows of an INSERT go to some partitions; the others stay unlocked.
    if (!action.only && action.kind != ActionKind::Insert && action.kind != ActionKind::Copy)
        builder.lockPartitions(action.relation, LockMode::RowExclusive);
    checkForeignKeys(builder, action);
}

void lockRead(EffectsBuilder &builder, const RelationName &relation, LockMode mode)
{
    builder.lock(relation, mode);
    for (const RelationName &partition : builder.before.partitionsOf(relation))
        builder.lockHidden(partition, mode, u"partition of or inherits from %1"_s.arg(relation.text()));
    if (builder.kindOf(relation) == ObjectKind::View)
        lockUnderlying(builder, relation, mode);
    if (!builder.isKnown(relation)) {
        builder.unknown(
            u"Whether %1 is a view or has partitions is not known here; what is behind it is locked too (%2)."_s
                .arg(relation.text(), lockName(mode)));
    }
}

} // namespace

void rowEffects(EffectsBuilder &builder, const Action &action)
{
    if (action.kind == ActionKind::DoBlock) {
        builder.unknown(u"What the block executes is not known here."_s);
        return builder.undo(Undo::Impossible);
    }
    const LockMode readMode = action.name.isEmpty() ? LockMode::AccessShare : LockMode::RowShare;
    for (const RelationName &relation : action.reads)
        lockRead(builder, relation, readMode);
    if (action.kind != ActionKind::Select)
        return changeRows(builder, action);
    for (const QString &function : action.columns) {
        const qsizetype dot = function.lastIndexOf(u'.');
        const QString schema = dot < 0 ? QString() : function.first(dot);
        if (action.reads.isEmpty() && schema != "pg_catalog"_L1 &&
            tree::functionVolatility(schema, function.sliced(dot + 1)) == Volatility::Unknown)
            builder.unknown(u"What the function %1 does is not known here."_s.arg(function));
    }
}

} // namespace stepwell
