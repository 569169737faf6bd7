// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void scanReferenced(EffectsBuilder &builder, const RelationName &referenced)
{
    if (builder.kindOf(referenced) != ObjectKind::PartitionedTable)
        builder.scan(referenced);
    else
        for (const RelationName &partition : builder.before.partitionsOf(referenced))
            builder.scan(partition);
}

bool isNotNull(const Catalogue &catalogue, const RelationName &table, const QString &name)
{
    const ColumnDefinition *column = catalogue.column(table, name);
    if (column && column->notNull)
        return true;
    const CatalogueRelation *known = catalogue.find(table);
    for (const ConstraintDefinition &constraint :
         known ? known->constraints : QList<ConstraintDefinition>()) {
        if (constraint.kind == ConstraintKind::Check && !constraint.notValid &&
            constraint.notNullColumn == name)
            return true;
    }
    return false;
}

/// A primary key makes its columns NOT NULL, which has to be checked.
void primaryKeyScan(EffectsBuilder &builder, const Action &action, const QStringList &columns)
{
    for (const RelationName &table : tablesWithRows(builder, action)) {
        for (const QString &column : columns) {
            if (isNotNull(builder.before, table, column))
                continue;
            if (!builder.before.column(table, column)) {
                builder.unknown(
                    u"Whether %1.%2 is NOT NULL is not known here; if it is not, the table is scanned."_s.arg(
                        table.text(), column));
            }
            builder.scan(table);
        }
    }
}

void addKey(EffectsBuilder &builder, const Action &action)
{
    const ConstraintDefinition &constraint = *action.constraint;
    const bool isPrimary = constraint.kind == ConstraintKind::PrimaryKey;
    if (constraint.index.isEmpty()) {
        for (const RelationName &table : tablesWithRows(builder, action))
            builder.build(table);
        if (isPrimary)
            primaryKeyScan(builder, action, constraint.columns);
        return;
    }
    const RelationName index{.schema = builder.before.qualified(action.relation).schema,
                             .name = constraint.index};
    // The index takes the name of the constraint.
    const bool isRenamed = !constraint.name.isEmpty() && constraint.name != constraint.index;
    builder.lock(builder.before.find(index) ? index : RelationName{.schema = {}, .name = constraint.index},
                 isRenamed ? LockMode::ShareUpdateExclusive : LockMode::AccessShare);
    const CatalogueRelation *known = builder.before.find(index);
    if (!isPrimary)
        return;
    if (known) {
        primaryKeyScan(builder, action, known->indexColumns);
    } else {
        builder.unknown(
            u"Whether the columns of %1 are NOT NULL is not known here; if not, the table is scanned."_s.arg(
                constraint.index));
        builder.scan(action.relation);
    }
}

void add(EffectsBuilder &builder, const Action &action)
{
    if (!action.constraint)
        return;
    const ConstraintDefinition &constraint = *action.constraint;
    switch (constraint.kind) {
    case ConstraintKind::Check:
    case ConstraintKind::NotNull:
        if (constraint.kind == ConstraintKind::NotNull && constraint.notValid)
            builder.needs(18, u"NOT NULL … NOT VALID"_s);
        if (!constraint.notValid) {
            for (const RelationName &table : tablesWithRows(builder, action))
                builder.scan(table);
        }
        return;
    case ConstraintKind::ForeignKey:
        lockReferenced(builder, constraint, LockMode::ShareRowExclusive, true);
        if (!constraint.notValid) {
            for (const RelationName &table : tablesWithRows(builder, action))
                builder.scan(table);
            scanReferenced(builder, constraint.referenced);
        }
        return;
    default:
        return addKey(builder, action);
    }
}

void validate(EffectsBuilder &builder, const Action &action)
{
    const ConstraintDefinition *constraint = builder.before.constraint(action.relation, action.name);
    if (constraint && !constraint->notValid)
        return; // was valid: nothing is read
    if (!constraint) {
        builder.unknown(
            u"What kind of constraint %1 is is not known here; a foreign key also locks the table "
            "that it references (ROW SHARE)."_s.arg(action.name));
    }
    for (const RelationName &table : tablesWithRows(builder, action))
        builder.scan(table);
    if (constraint && constraint->kind == ConstraintKind::ForeignKey) {
        lockReferenced(builder, *constraint, LockMode::RowShare, false);
        scanReferenced(builder, constraint->referenced);
    }
}

void drop(EffectsBuilder &builder, const Action &action)
{
    const ConstraintDefinition *constraint = builder.before.constraint(action.relation, action.name);
    if (!constraint) {
        if (!builder.isKnown(action.relation)) {
            builder.unknown(u"Whether %1 is a foreign key is not known here; the table that it references is "
                            "locked too."_s.arg(action.name));
            if (action.cascade) {
                builder.unknown(u"Which tables reference %1 is not known here; they are locked too."_s.arg(
                    action.relation.text()));
            }
        }
        return;
    }
    if (constraint->kind == ConstraintKind::ForeignKey)
        return lockReferenced(builder, *constraint, LockMode::AccessExclusive, false);
    const bool isKey =
        constraint->kind == ConstraintKind::PrimaryKey || constraint->kind == ConstraintKind::Unique;
    if (!action.cascade || !isKey)
        return;
    if (!builder.isKnown(action.relation)) {
        builder.unknown(u"Which tables reference %1 is not known here; they are locked too."_s.arg(
            action.relation.text()));
    }
    for (const RelationName &table : builder.before.referencing(action.relation)) {
        for (const ConstraintDefinition &key : builder.before.find(table)->constraints) {
            const bool usesIt =
                key.kind == ConstraintKind::ForeignKey &&
                builder.before.isSame(key.referenced, action.relation) &&
                (key.referencedColumns == constraint->columns ||
                 (key.referencedColumns.isEmpty() && constraint->kind == ConstraintKind::PrimaryKey));
            if (usesIt) {
                builder.lockHidden(
                    table, LockMode::AccessExclusive,
                    u"its foreign key %1 references %2"_s.arg(key.name, action.relation.text()));
            }
        }
    }
}

} // namespace

void lockReferenced(EffectsBuilder &builder, const ConstraintDefinition &constraint, LockMode mode,
                    bool isNamed)
{
    const QString reason = u"referenced by the foreign key %1"_s.arg(constraint.name);
    if (isNamed)
        builder.lock(constraint.referenced, mode);
    else
        builder.lockHidden(constraint.referenced, mode, reason);
    for (const RelationName &partition : builder.partitions(constraint.referenced))
        builder.lockHidden(partition, mode, reason);
}

void lockForNewPartition(EffectsBuilder &builder, const RelationName &parent)
{
    const CatalogueRelation *table = builder.before.find(parent);
    for (const ConstraintDefinition &constraint :
         table ? table->constraints : QList<ConstraintDefinition>()) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            lockReferenced(builder, constraint, LockMode::ShareRowExclusive, false);
    }
    for (const RelationName &name : builder.before.referencing(parent))
        builder.lockHidden(name, LockMode::ShareRowExclusive,
                           u"has a foreign key to %1"_s.arg(parent.text()));
}

void constraintEffects(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::AddConstraint:
        return add(builder, action);
    case ActionKind::ValidateConstraint:
        return validate(builder, action);
    case ActionKind::DropConstraint:
        return drop(builder, action);
    default:
        return;
    }
}

namespace {

void lockDefaultPartition(EffectsBuilder &builder, const RelationName &parent, bool scans)
{
    for (const RelationName &name : builder.partitions(parent)) {
        const CatalogueRelation *partition = builder.before.find(name);
        if (!partition || !partition->isDefaultPartition || !builder.before.isSame(partition->parent, parent))
            continue;
        builder.lockHidden(name, LockMode::AccessExclusive, u"default partition of %1"_s.arg(parent.text()));
        if (scans)
            builder.scan(name);
    }
}

void attach(EffectsBuilder &builder, const Action &action)
{
    builder.lock(action.other, LockMode::AccessExclusive);
    builder.lockPartitions(action.other, LockMode::AccessExclusive);
    // A matching CHECK would save the scan; to prove that is the server's own work.
    builder.scan(action.other);
    lockDefaultPartition(builder, action.relation, true);
    const CatalogueRelation *parent = builder.before.find(action.relation);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Which foreign keys and indexes %1 has is not known here; the tables that they reference "
            "are locked, missing indexes are built."_s.arg(action.relation.text()));
    }
    if (!parent)
        return;
    lockForNewPartition(builder, action.relation);
    for (const ConstraintDefinition &constraint : parent->constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            scanReferenced(builder, constraint.referenced); // the rows of the partition are checked
    }
    const auto has = [&](const QStringList &columns) {
        for (const RelationName &name : builder.before.indexesOf(action.other)) {
            if (builder.before.find(name)->indexColumns == columns)
                return true;
        }
        return false;
    };
    for (const RelationName &name : builder.before.indexesOf(action.relation)) {
        if (!has(builder.before.find(name)->indexColumns))
            builder.build(action.other);
    }
}

void detach(EffectsBuilder &builder, const Action &action)
{
    if (action.concurrently || action.finalize)
        builder.needs(14, u"DETACH PARTITION … CONCURRENTLY"_s);
    if (action.concurrently) {
        builder.notInTransaction();
        builder.effects.waitsForSnapshots = true;
    }
    // 12 took SHARE UPDATE EXCLUSIVE on the partition. CONCURRENTLY ends with a second transaction that takes
    // this.
    builder.lock(action.other, LockMode::AccessExclusive);
    if (!action.concurrently && !action.finalize)
        lockDefaultPartition(builder, action.relation, false);
    const CatalogueRelation *parent = builder.before.find(action.relation);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Which foreign keys %1 has is not known here; the tables at their other ends are locked too."_s
                .arg(action.relation.text()));
    }
    if (!parent)
        return;
    for (const ConstraintDefinition &constraint : parent->constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            lockReferenced(builder, constraint, LockMode::ShareRowExclusive, false);
    }
}

} // namespace

void partitionEffects(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::AttachPartition:
        return attach(builder, action);
    case ActionKind::DetachPartition:
        return detach(builder, action);
    case ActionKind::Inherit:
        return builder.lock(action.other, LockMode::ShareUpdateExclusive);
    case ActionKind::NoInherit:
        return builder.lock(action.other, LockMode::AccessShare);
    default:
        return;
    }
}

} // namespace stepwell
