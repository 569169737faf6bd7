// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// What a query reads, and what the views among it read.
void lockReads(EffectsBuilder &builder, const QList<RelationName> &reads)
{
    for (const RelationName &relation : reads) {
        if (builder.isMade(relation))
            continue;
        builder.lock(relation, LockMode::AccessShare);
        if (!builder.isKnown(relation))
            builder.unknown(
                u"Whether %1 is a view is not known here; what it reads is locked too (ACCESS SHARE)."_s.arg(
                    relation.text()));
    }
}

void foreignKeys(EffectsBuilder &builder, const Action &action)
{
    for (const ColumnDefinition &column : action.created) {
        for (const ConstraintDefinition &constraint : column.constraints) {
            if (constraint.kind == ConstraintKind::ForeignKey)
                lockReferenced(builder, constraint, LockMode::ShareRowExclusive, true);
        }
    }
    for (const ConstraintDefinition &constraint : action.createdConstraints) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            lockReferenced(builder, constraint, LockMode::ShareRowExclusive, true);
    }
}

void createPartition(EffectsBuilder &builder, const Action &action)
{
    builder.lock(action.other, LockMode::AccessExclusive);
    if (!builder.isKnown(action.other)) {
        builder.unknown(
            u"Whether %1 has a default partition or foreign keys is not known here; that partition and "
            "the tables that it references are locked too."_s.arg(action.other.text()));
    }
    for (const RelationName &name : builder.before.partitionsOf(action.other)) {
        const CatalogueRelation *partition = builder.before.find(name);
        if (partition->isDefaultPartition && builder.before.isSame(partition->parent, action.other)) {
            builder.lockHidden(name, LockMode::AccessExclusive,
                               u"default partition of %1"_s.arg(action.other.text()));
            builder.scan(name);
        }
    }
    lockForNewPartition(builder, action.other);
}

void createTable(EffectsBuilder &builder, const Action &action)
{
    if (action.ifExists && builder.before.find(action.relation))
        return;
    builder.markMade(action.relation);
    for (const ColumnDefinition &column : action.created) {
        if (column.isGeneratedVirtual)
            builder.needs(18, u"A virtual generated column"_s);
    }
    foreignKeys(builder, action);
    if (action.ifExists && !builder.before.isFromDatabase)
        builder.unknown(u"Whether %1 exists is not known here; if it does, nothing happens."_s.arg(
            action.relation.text()));
    if (action.isPartition)
        createPartition(builder, action);
    for (const RelationName &like : action.reads)
        builder.lock(like, LockMode::AccessShare);
}

void createView(EffectsBuilder &builder, const Action &action)
{
    if (action.orReplace && !builder.isKnown(action.relation)) {
        builder.unknown(
            u"Whether %1 exists is not known here; if it does, it is locked."_s.arg(action.relation.text()));
        builder.lock(action.relation, LockMode::AccessExclusive);
    } else if (builder.before.find(action.relation)) {
        builder.lock(action.relation, LockMode::AccessExclusive);
    } else {
        builder.markMade(action.relation);
    }
    lockReads(builder, action.reads);
}

void createTrigger(EffectsBuilder &builder, const Action &action)
{
    if (action.orReplace)
        builder.needs(14, u"CREATE OR REPLACE TRIGGER"_s);
    builder.lock(action.relation, LockMode::ShareRowExclusive);
    if (builder.kindOf(action.relation) == ObjectKind::PartitionedTable || !builder.isKnown(action.relation))
        builder.lockPartitions(action.relation, LockMode::ShareRowExclusive);
    for (const RelationName &other : action.reads)
        builder.lock(other, LockMode::AccessShare);
}

void publication(EffectsBuilder &builder, const Action &action)
{
    for (const RelationName &table : action.reads) {
        builder.lock(table, LockMode::ShareUpdateExclusive);
        builder.lockPartitions(table, LockMode::ShareUpdateExclusive);
    }
}

} // namespace

void createEffects(EffectsBuilder &builder, const Action &action)
{
    builder.undo(Undo::Whole);
    switch (action.object) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
    case ObjectKind::ForeignTable:
    case ObjectKind::MaterializedView:
        if (action.kind == ActionKind::Create)
            return createTable(builder, action);
        builder.markMade(action.relation);
        return lockReads(builder, action.reads);
    case ObjectKind::View:
        return createView(builder, action);
    case ObjectKind::Trigger:
        return createTrigger(builder, action);
    case ObjectKind::Rule:
    case ObjectKind::Policy:
        builder.lock(action.relation, LockMode::AccessExclusive);
        return lockReads(builder, action.reads);
    case ObjectKind::Statistics:
        return builder.lock(action.relation, LockMode::ShareUpdateExclusive);
    case ObjectKind::Publication:
        return publication(builder, action);
    case ObjectKind::Database:
        return builder.notInTransaction();
    case ObjectKind::Extension:
        if (action.kind == ActionKind::AlterOther)
            builder.unknown(
                u"What the update of the extension %1 does is not known here."_s.arg(action.relation.text()));
        return;
    default:
        return;
    }
}

} // namespace stepwell
