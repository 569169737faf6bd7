// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void concurrent(EffectsBuilder &builder)
{
    builder.notInTransaction();
    builder.effects.waitsForSnapshots = true;
}

/// The table of an index; empty and said to be unknown if it is not known.
RelationName tableOf(EffectsBuilder &builder, const RelationName &index)
{
    const CatalogueRelation *known = builder.before.find(index);
    if (known && !known->parent.isEmpty())
        return known->parent;
    if (!builder.before.isFromDatabase) {
        builder.unknown(
            u"Which table the index %1 belongs to is not known here; it is locked too."_s.arg(index.text()));
    }
    return {};
}

void buildAll(EffectsBuilder &builder, const RelationName &table, const QList<RelationName> &partitions)
{
    if (builder.kindOf(table) != ObjectKind::PartitionedTable)
        builder.build(table);
    for (const RelationName &partition : partitions)
        builder.build(partition);
}

void create(EffectsBuilder &builder, const Action &action)
{
    builder.undo(Undo::Whole);
    const LockMode mode = action.concurrently ? LockMode::ShareUpdateExclusive : LockMode::Share;
    builder.lock(action.other, mode);
    if (action.concurrently)
        concurrent(builder);
    // Inheriting tables have indexes of their own; only partitions share.
    QList<RelationName> partitions;
    const bool mayBePartitioned =
        builder.kindOf(action.other) == ObjectKind::PartitionedTable || !builder.isKnown(action.other);
    if (!action.only && !action.concurrently && mayBePartitioned) {
        builder.lockPartitions(action.other, mode);
        partitions = builder.before.partitionsOf(action.other);
    }
    const RelationName index{.schema = builder.before.qualified(action.other).schema,
                             .name = action.relation.name};
    if (!action.ifExists || !builder.before.find(index))
        buildAll(builder, action.other, partitions);
}

void drop(EffectsBuilder &builder, const Action &action)
{
    if (action.ifExists && builder.before.isFromDatabase && !builder.before.find(action.relation))
        return;
    builder.undo(Undo::Whole);
    const LockMode mode = action.concurrently ? LockMode::ShareUpdateExclusive : LockMode::AccessExclusive;
    builder.lock(action.relation, mode);
    if (action.concurrently)
        concurrent(builder);
    const RelationName table = tableOf(builder, action.relation);
    if (table.isEmpty())
        return;
    builder.lockHidden(table, mode, u"table of the index %1"_s.arg(action.relation.text()));
    if (builder.kindOf(table) == ObjectKind::PartitionedTable)
        builder.lockPartitions(table, mode);
}

void lockIndexes(EffectsBuilder &builder, const RelationName &table, LockMode mode)
{
    for (const RelationName &index : builder.before.indexesOf(table))
        builder.lockHidden(index, mode, u"index of %1"_s.arg(table.text()));
}

void reindexMany(EffectsBuilder &builder, const Action &action)
{
    builder.notInTransaction();
    builder.unknown(
        action.object == ObjectKind::Schema
            ? u"Every table of the schema %1 is locked, one after the other."_s.arg(action.relation.text())
            : u"Every table of the database is locked, one after the other."_s);
}

void reindex(EffectsBuilder &builder, const Action &action)
{
    if (action.concurrently)
        concurrent(builder);
    if (action.object == ObjectKind::Schema || action.object == ObjectKind::Database)
        return reindexMany(builder, action);
    const bool isIndex = action.object == ObjectKind::Index;
    const LockMode tableMode = action.concurrently ? LockMode::ShareUpdateExclusive : LockMode::Share;
    const LockMode indexMode =
        action.concurrently ? LockMode::ShareUpdateExclusive : LockMode::AccessExclusive;
    const RelationName table = isIndex ? tableOf(builder, action.relation) : action.relation;
    if (isIndex) {
        builder.lock(action.relation, indexMode);
        builder.lockHidden(table, tableMode, u"table of the index %1"_s.arg(action.relation.text()));
    } else {
        builder.lock(table, tableMode);
        lockIndexes(builder, table, indexMode);
    }
    if (table.isEmpty())
        return;
    if (builder.kindOf(table) != ObjectKind::PartitionedTable) {
        if (!isIndex && !builder.isKnown(table)) {
            builder.unknown(
                u"Which indexes %1 has is not known here; reads that use them wait."_s.arg(table.text()));
        }
        return builder.build(table);
    }
    builder.needs(14, u"REINDEX of a partitioned table"_s);
    builder.notInTransaction();
    for (const RelationName &partition : builder.partitions(table)) {
        builder.lockHidden(partition, tableMode, u"partition of %1"_s.arg(table.text()));
        builder.build(partition);
    }
}

} // namespace

void indexEffects(EffectsBuilder &builder, const Action &action)
{
    switch (action.kind) {
    case ActionKind::Create:
        return create(builder, action);
    case ActionKind::Drop:
        return drop(builder, action);
    case ActionKind::Reindex:
        return reindex(builder, action);
    case ActionKind::AttachIndex: {
        const RelationName index = action.other;
        builder.lock(index, LockMode::AccessExclusive);
        builder.lockHidden(tableOf(builder, index), LockMode::AccessExclusive,
                           u"table of the index %1"_s.arg(index.text()));
        builder.lockHidden(tableOf(builder, action.relation), LockMode::AccessShare,
                           u"table of the index %1"_s.arg(action.relation.text()));
        return;
    }
    default:
        return;
    }
}

} // namespace stepwell
