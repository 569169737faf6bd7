// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/effects.h"

namespace stepwell {

/// Collects the effects of one statement. What the lock table says of each form is in the functions below, by
/// subject; tests/sql/tst_lockproof.cpp proves it on a server.
class EffectsBuilder
{
public:
    EffectsBuilder(const Catalogue &catalogue, int serverVersion) : before(catalogue), version(serverVersion)
    {
    }

    /// The relation that the statement names.
    void lock(const RelationName &relation, LockMode mode);
    /// One that it does not name.
    void lockHidden(const RelationName &relation, LockMode mode, const QString &reason);
    void rewrite(const RelationName &table);
    void scan(const RelationName &table);
    void build(const RelationName &table);
    void unknown(const QString &sentence);
    void undo(Undo value);
    void loseData();
    void needs(int release, const QString &what);
    void notInTransaction() { effects.transactional = false; }

    /// True if columns, constraints, partitions and dependents of a table are all known.
    [[nodiscard]] bool isKnown(const RelationName &table) const;
    /// Partitions and inheriting tables; says so if they are not known.
    [[nodiscard]] QList<RelationName> partitions(const RelationName &table);
    void lockPartitions(const RelationName &table, LockMode mode);
    [[nodiscard]] ObjectKind kindOf(const RelationName &relation) const;
    /// Made by the same statement: nobody else can see it.
    void markMade(const RelationName &relation) { m_made.append(before.qualified(relation)); }
    [[nodiscard]] bool isMade(const RelationName &relation) const
    {
        return m_made.contains(before.qualified(relation));
    }

    const Catalogue &before;
    const int version;
    StatementEffects effects;

private:
    [[nodiscard]] RelationName shown(const RelationName &relation) const;
    void put(const RelationName &relation, LockMode mode, bool isHidden, const QString &reason);

    QList<RelationName> m_made;
};

/// The lock that an ALTER TABLE sub-command takes on its table.
[[nodiscard]] LockMode alterTableLock(const Action &action);
[[nodiscard]] bool isAlterTable(const Action &action);
/// All sub-commands of one ALTER TABLE: they share the strictest lock and one pass over the rows.
void alterTableEffects(EffectsBuilder &builder, const QList<Action> &actions);
void columnEffects(EffectsBuilder &builder, const Action &action, const QList<Action> &all);
void constraintEffects(EffectsBuilder &builder, const Action &action);
void partitionEffects(EffectsBuilder &builder, const Action &action);
void indexEffects(EffectsBuilder &builder, const Action &action);
void createEffects(EffectsBuilder &builder, const Action &action);
void dropEffects(EffectsBuilder &builder, const Action &action);
void renameEffects(EffectsBuilder &builder, const Action &action);
void maintenanceEffects(EffectsBuilder &builder, const Action &action);
void typeEffects(EffectsBuilder &builder, const Action &action);
void rowEffects(EffectsBuilder &builder, const Action &action);

/// The tables with rows that an action on a table goes through: itself and its partitions.
[[nodiscard]] QList<RelationName> tablesWithRows(EffectsBuilder &builder, const Action &action);
/// Views that read a relation go with it, and those that read them.
void dropViewsOf(EffectsBuilder &builder, const RelationName &relation);
/// A new partition gets the foreign keys of its parent, in both directions.
void lockForNewPartition(EffectsBuilder &builder, const RelationName &parent);
/// Locks what a foreign key refers to, with its partitions.
void lockReferenced(EffectsBuilder &builder, const ConstraintDefinition &constraint, LockMode mode,
                    bool isNamed);

} // namespace stepwell
