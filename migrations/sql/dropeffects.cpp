// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isView(ObjectKind kind)
{
    return kind == ObjectKind::View || kind == ObjectKind::MaterializedView;
}

} // namespace

void dropViewsOf(EffectsBuilder &builder, const RelationName &relation)
{
    for (const RelationName &name : builder.before.dependents(relation)) {
        const bool isNew = builder.effects.lockOn(name) == nullptr;
        if (!isView(builder.kindOf(name)))
            continue;
        builder.lockHidden(name, LockMode::AccessExclusive, u"reads %1"_s.arg(relation.text()));
        if (isNew)
            dropViewsOf(builder, name);
    }
}

namespace {

/// A partition's copy of its parent's foreign key has no trigger on the referenced table: dropping it leaves
/// that table alone.
bool isInherited(EffectsBuilder &builder, const CatalogueRelation &table,
                 const ConstraintDefinition &constraint)
{
    const CatalogueRelation *parent = builder.before.find(table.parent);
    if (!parent || parent->kind != ObjectKind::PartitionedTable)
        return false;
    return std::ranges::any_of(parent->constraints, [&](const ConstraintDefinition &one) {
        return one.kind == ConstraintKind::ForeignKey && one.columns == constraint.columns &&
               builder.before.isSame(one.referenced, constraint.referenced);
    });
}

/// Both ends of every foreign key of the table.
void dropForeignKeys(EffectsBuilder &builder, const Action &action, const CatalogueRelation &table)
{
    for (const ConstraintDefinition &constraint : table.constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey && !isInherited(builder, table, constraint))
            lockReferenced(builder, constraint, LockMode::AccessExclusive, false);
    }
    if (!action.cascade)
        return;
    for (const RelationName &name : builder.before.referencing(table.name)) {
        builder.lockHidden(name, LockMode::AccessExclusive,
                           u"has a foreign key to %1"_s.arg(table.name.text()));
        for (const RelationName &partition : builder.before.partitionsOf(name))
            builder.lockHidden(partition, LockMode::AccessExclusive,
                               u"has a foreign key to %1"_s.arg(table.name.text()));
    }
}

void dropParts(EffectsBuilder &builder, const Action &action, const CatalogueRelation &table)
{
    for (const RelationName &sequence : builder.before.sequencesOf(table.name)) {
        builder.lockHidden(sequence, LockMode::AccessExclusive,
                           u"belongs to a column of %1"_s.arg(table.name.text()));
    }
    const bool dropsChildren = table.kind == ObjectKind::PartitionedTable || action.cascade;
    for (const RelationName &child :
         dropsChildren ? builder.before.partitionsOf(table.name) : QList<RelationName>()) {
        builder.lockHidden(child, LockMode::AccessExclusive,
                           u"partition of or inherits from %1"_s.arg(table.name.text()));
        if (const CatalogueRelation *known = builder.before.find(child))
            dropForeignKeys(builder, action, *known);
        for (const RelationName &sequence : builder.before.sequencesOf(child))
            builder.lockHidden(sequence, LockMode::AccessExclusive,
                               u"belongs to a column of %1"_s.arg(child.text()));
    }
    if (table.parent.isEmpty() || builder.kindOf(table.parent) != ObjectKind::PartitionedTable)
        return;
    // The parent's list of partitions changes, and so does what its default partition may hold.
    builder.lockHidden(table.parent, LockMode::AccessExclusive,
                       u"parent of the partition %1"_s.arg(table.name.text()));
    for (const RelationName &name : builder.before.partitionsOf(table.parent)) {
        const CatalogueRelation *sibling = builder.before.find(name);
        if (sibling->isDefaultPartition && builder.before.isSame(sibling->parent, table.parent)) {
            builder.lockHidden(name, LockMode::AccessExclusive,
                               u"default partition of %1"_s.arg(table.parent.text()));
        }
    }
}

void dropTable(EffectsBuilder &builder, const Action &action, const RelationName &name)
{
    builder.loseData();
    if (!builder.isKnown(name)) {
        builder.unknown(
            u"Which tables the foreign keys of %1 reference is not known here; they are locked too, and "
            "so are its partitions."_s.arg(name.text()));
        if (action.cascade)
            builder.unknown(
                u"Which views and tables depend on %1 is not known here; they are locked too."_s.arg(
                    name.text()));
    }
    const CatalogueRelation *table = builder.before.find(name);
    if (!table)
        return;
    dropForeignKeys(builder, action, *table);
    dropParts(builder, action, *table);
    if (action.cascade)
        dropViewsOf(builder, name);
}

/// A type or a function: what uses it loses a column, a default or a trigger.
void dropUsed(EffectsBuilder &builder, const Action &action)
{
    if (!action.cascade)
        return;
    if (!builder.before.isFromDatabase) {
        builder.unknown(
            u"Which tables use %1 is not known here; they are locked too."_s.arg(action.relation.text()));
    }
    for (const RelationName &name : builder.before.dependents(action.relation)) {
        const CatalogueRelation *user = builder.before.find(name);
        if (user->kind == ObjectKind::Domain) {
            Action domain = action;
            domain.relation = name;
            dropUsed(builder, domain);
            continue;
        }
        builder.lockHidden(name, LockMode::AccessExclusive, u"uses %1"_s.arg(action.relation.text()));
        for (const RelationName &child : builder.before.partitionsOf(name))
            builder.lockHidden(child, LockMode::AccessExclusive, u"uses %1"_s.arg(action.relation.text()));
        if (action.object != ObjectKind::Function)
            builder.loseData();
    }
}

void dropSchema(EffectsBuilder &builder, const Action &action)
{
    if (!action.cascade)
        return;
    if (!builder.before.isFromDatabase) {
        builder.unknown(u"What the schema %1 holds is not known here; all of it is locked."_s.arg(
            action.relation.text()));
        builder.loseData();
    }
    for (const RelationName &name : builder.before.relationsInSchema(action.relation.name)) {
        const ObjectKind kind = builder.kindOf(name);
        const bool hasLock = kind == ObjectKind::Table || kind == ObjectKind::PartitionedTable ||
                             isView(kind) || kind == ObjectKind::Sequence || kind == ObjectKind::ForeignTable;
        if (!hasLock)
            continue;
        builder.lockHidden(name, LockMode::AccessExclusive,
                           u"in the schema %1"_s.arg(action.relation.text()));
        if (!isView(kind) && kind != ObjectKind::Sequence)
            dropTable(builder, action, name);
    }
}

void dropRole(EffectsBuilder &builder, const Action &action)
{
    if (action.name != "OWNED"_L1)
        return;
    builder.unknown(u"What the role %1 owns is not known here; all of it is locked and dropped."_s.arg(
        action.relation.text()));
    builder.loseData();
}

} // namespace

void dropEffects(EffectsBuilder &builder, const Action &action)
{
    builder.undo(Undo::Whole);
    const bool isMissing =
        action.ifExists && builder.before.isFromDatabase && !builder.before.find(action.relation);
    switch (action.object) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
    case ObjectKind::ForeignTable:
        if (isMissing)
            return;
        builder.lock(action.relation, LockMode::AccessExclusive);
        return dropTable(builder, action, action.relation);
    case ObjectKind::View:
    case ObjectKind::MaterializedView:
    case ObjectKind::Sequence:
        if (isMissing)
            return;
        builder.lock(action.relation, LockMode::AccessExclusive);
        if (action.cascade && !builder.isKnown(action.relation))
            builder.unknown(
                u"What depends on %1 is not known here; it is locked too."_s.arg(action.relation.text()));
        if (action.cascade)
            dropViewsOf(builder, action.relation);
        if (action.object == ObjectKind::Sequence && action.cascade)
            dropUsed(builder, action);
        return;
    case ObjectKind::Trigger:
    case ObjectKind::Rule:
    case ObjectKind::Policy:
        builder.lock(action.relation, LockMode::AccessExclusive);
        if (action.object == ObjectKind::Trigger &&
            (builder.kindOf(action.relation) == ObjectKind::PartitionedTable ||
             !builder.isKnown(action.relation)))
            builder.lockPartitions(action.relation, LockMode::AccessExclusive);
        return;
    case ObjectKind::Type:
    case ObjectKind::Enum:
    case ObjectKind::Domain:
    case ObjectKind::CompositeType:
    case ObjectKind::Function:
        return dropUsed(builder, action);
    case ObjectKind::Schema:
        return dropSchema(builder, action);
    case ObjectKind::Extension:
        builder.unknown(
            u"What uses the extension %1 is not known here; with CASCADE it is locked and dropped."_s.arg(
                action.relation.text()));
        return;
    case ObjectKind::Statistics:
    case ObjectKind::Publication:
        builder.unknown(
            u"Which tables %1 is about is not known here; they are locked (SHARE UPDATE EXCLUSIVE)."_s.arg(
                action.relation.text()));
        return;
    case ObjectKind::Database:
        builder.notInTransaction();
        return builder.loseData();
    case ObjectKind::Role:
        return dropRole(builder, action);
    default:
        return;
    }
}

} // namespace stepwell
