// SPDX-License-Identifier: MIT
#include "migrations/sql/effectsbuilder.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

RelationName EffectsBuilder::shown(const RelationName &relation) const
{
    const CatalogueRelation *known = before.find(relation);
    return known ? known->name : relation;
}

void EffectsBuilder::put(const RelationName &relation, LockMode mode, bool isHidden, const QString &reason)
{
    if (relation.isEmpty() || mode == LockMode::None || isMade(relation))
        return;
    const RelationName name = shown(relation);
    for (RelationLock &known : effects.locks) {
        if (!before.isSame(known.relation, name))
            continue;
        known.mode = std::max(known.mode, mode);
        if (!isHidden && known.isHidden) {
            known.isHidden = false;
            known.reason.clear();
        }
        return;
    }
    effects.locks.append({.relation = name, .mode = mode, .isHidden = isHidden, .reason = reason});
}

void EffectsBuilder::lock(const RelationName &relation, LockMode mode)
{
    put(relation, mode, false, {});
}

void EffectsBuilder::lockHidden(const RelationName &relation, LockMode mode, const QString &reason)
{
    put(relation, mode, true, reason);
}

namespace {

void addOnce(QList<RelationName> &list, const RelationName &relation)
{
    if (!list.contains(relation))
        list.append(relation);
}

int weight(Undo undo)
{
    switch (undo) {
    case Undo::Nothing:
        return 0;
    case Undo::Whole:
        return 1;
    case Undo::LosesData:
        return 2;
    case Undo::Impossible:
        return 3;
    }
    return 0;
}

} // namespace

void EffectsBuilder::rewrite(const RelationName &table)
{
    if (!isMade(table))
        addOnce(effects.rewrites, shown(table));
}

void EffectsBuilder::scan(const RelationName &table)
{
    if (!isMade(table))
        addOnce(effects.scans, shown(table));
}

void EffectsBuilder::build(const RelationName &table)
{
    if (!isMade(table))
        addOnce(effects.builds, shown(table));
}

void EffectsBuilder::unknown(const QString &sentence)
{
    if (!effects.unknowns.contains(sentence))
        effects.unknowns.append(sentence);
}

void EffectsBuilder::undo(Undo value)
{
    if (weight(value) > weight(effects.undo))
        effects.undo = value;
}

void EffectsBuilder::loseData()
{
    effects.losesData = true;
    undo(Undo::LosesData);
}

void EffectsBuilder::needs(int release, const QString &what)
{
    if (version < release && effects.versionProblem.isEmpty())
        effects.versionProblem = u"%1 needs PostgreSQL %2"_s.arg(what, QString::number(release));
}

bool EffectsBuilder::isKnown(const RelationName &table) const
{
    if (before.isFromDatabase || isMade(table))
        return true;
    const CatalogueRelation *known = before.find(table);
    return known && known->isComplete;
}

QList<RelationName> EffectsBuilder::partitions(const RelationName &table)
{
    if (!isKnown(table)) {
        unknown(
            u"Whether %1 has partitions or inheriting tables is not known here; they are locked too."_s.arg(
                table.text()));
    }
    return before.partitionsOf(table);
}

void EffectsBuilder::lockPartitions(const RelationName &table, LockMode mode)
{
    for (const RelationName &partition : partitions(table))
        lockHidden(partition, mode, u"partition of or inherits from %1"_s.arg(table.text()));
}

ObjectKind EffectsBuilder::kindOf(const RelationName &relation) const
{
    const CatalogueRelation *known = before.find(relation);
    return known ? known->kind : ObjectKind::Unknown;
}

LockMode StatementEffects::strongest() const
{
    LockMode mode = LockMode::None;
    for (const RelationLock &lock : locks)
        mode = std::max(mode, lock.mode);
    return mode;
}

const RelationLock *StatementEffects::lockOn(const RelationName &relation) const
{
    const auto isIt = [&relation](const RelationLock &lock) { return lock.relation == relation; };
    auto found = std::ranges::find_if(locks, isIt);
    if (found == locks.cend() && relation.schema.isEmpty()) {
        found = std::ranges::find_if(
            locks, [&relation](const RelationLock &lock) { return lock.relation.name == relation.name; });
    }
    return found == locks.cend() ? nullptr : &*found;
}

QList<RelationName> tablesWithRows(EffectsBuilder &builder, const Action &action)
{
    QList<RelationName> tables{action.relation};
    if (!action.only)
        tables += builder.partitions(action.relation);
    // A partitioned table has no rows of its own.
    if (builder.kindOf(action.relation) == ObjectKind::PartitionedTable)
        tables.removeFirst();
    return tables;
}

} // namespace stepwell
