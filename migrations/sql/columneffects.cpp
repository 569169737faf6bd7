// SPDX-License-Identifier: MIT
#include "migrations/sql/cataloguenames.h"
#include "migrations/sql/effectsbuilder.h"
#include "migrations/sql/typechange.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

RelationName nameOfType(const TypeName &type)
{
    return {.schema = type.schema, .name = type.name};
}

/// Types of well-known extensions are no domains.
bool isExtensionType(const TypeName &type)
{
    static const QStringList names{u"citext"_s,  u"hstore"_s,   u"ltree"_s,     u"vector"_s,
                                   u"halfvec"_s, u"geometry"_s, u"geography"_s, u"tsvector"_s};
    return names.contains(type.name);
}

bool isConstrainedDomain(const Catalogue &catalogue, const TypeName &type)
{
    const CatalogueRelation *domain = type.isArray ? nullptr : catalogue.find(nameOfType(type));
    return domain && domain->kind == ObjectKind::Domain && !domain->constraints.isEmpty();
}

void rewriteAll(EffectsBuilder &builder, const Action &action)
{
    for (const RelationName &table : tablesWithRows(builder, action))
        builder.rewrite(table);
}

void scanAll(EffectsBuilder &builder, const Action &action)
{
    for (const RelationName &table : tablesWithRows(builder, action))
        builder.scan(table);
}

/// True if the new column's value differs from row to row, or may.
bool needsRewrite(EffectsBuilder &builder, const Action &action)
{
    const ColumnDefinition &column = *action.column;
    if (column.isSerial || column.isIdentity || column.isGeneratedStored)
        return true;
    if (isConstrainedDomain(builder.before, column.type))
        return true;
    if (!builder.before.isFromDatabase && !builder.before.find(nameOfType(column.type)) &&
        !isBuiltInType(column.type) && !isExtensionType(column.type)) {
        builder.unknown(
            u"Whether %1 is a domain with a constraint is not known here; the table is rewritten if it is."_s
                .arg(column.type.text()));
    }
    if (!column.hasDefault)
        return false;
    if (column.defaultVolatility == Volatility::Unknown) {
        builder.unknown(
            u"Whether the default of %1 is volatile is not known here; the table is rewritten if it is."_s
                .arg(column.name));
    }
    return column.defaultVolatility >= Volatility::Volatile;
}

/// PostgreSQL checks the foreign keys of a new column only if its rows can hold a value.
bool checksForeignKeys(const QList<Action> &all)
{
    return std::ranges::any_of(all, [](const Action &action) {
        if (action.kind == ActionKind::AddConstraint)
            return action.constraint && action.constraint->kind == ConstraintKind::ForeignKey;
        return action.kind == ActionKind::AddColumn && action.column &&
               (action.column->hasDefault || action.column->isSerial);
    });
}

void addColumn(EffectsBuilder &builder, const Action &action, const QList<Action> &all)
{
    const ColumnDefinition &column = *action.column;
    if (column.isGeneratedVirtual)
        builder.needs(18, u"A virtual generated column"_s);
    if (action.ifExists && builder.before.column(action.relation, column.name))
        return; // nothing happens, under the same lock
    const bool rewrites = needsRewrite(builder, action);
    if (rewrites)
        rewriteAll(builder, action);
    else if (column.notNull && !column.hasDefault && !column.isGeneratedVirtual)
        scanAll(builder, action); // and it fails at the first row
    for (const ConstraintDefinition &constraint : column.constraints) {
        if (constraint.kind == ConstraintKind::Check) {
            scanAll(builder, action);
        } else if (constraint.kind == ConstraintKind::ForeignKey) {
            lockReferenced(builder, constraint, LockMode::ShareRowExclusive, true);
            if (checksForeignKeys(all)) {
                scanAll(builder, action);
                builder.scan(constraint.referenced);
            }
        } else if (constraint.kind != ConstraintKind::NotNull) {
            for (const RelationName &table : tablesWithRows(builder, action))
                builder.build(table);
        }
    }
}

/// The sequence of a serial or identity column.
void lockSequence(EffectsBuilder &builder, const Action &action, LockMode mode)
{
    for (const RelationName &name : builder.before.sequencesOf(action.relation)) {
        const CatalogueRelation *sequence = builder.before.find(name);
        if (sequence && sequence->indexColumns.contains(action.name))
            builder.lockHidden(name, mode, u"belongs to the column %1"_s.arg(action.name));
    }
    if (!builder.isKnown(action.relation)) {
        builder.unknown(u"Which sequence belongs to %1.%2 is not known here; it is locked too."_s.arg(
            action.relation.text(), action.name));
    }
}

void dropColumn(EffectsBuilder &builder, const Action &action)
{
    const CatalogueRelation *table = builder.before.find(action.relation);
    if (action.ifExists && builder.before.isFromDatabase &&
        !builder.before.column(action.relation, action.name))
        return;
    builder.loseData();
    if (table) {
        for (const ConstraintDefinition &constraint : table->constraints) {
            if (constraint.kind == ConstraintKind::ForeignKey && constraint.columns.contains(action.name))
                lockReferenced(builder, constraint, LockMode::AccessExclusive, false);
        }
    }
    lockSequence(builder, action, LockMode::AccessExclusive);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Whether a foreign key is on %1.%2 is not known here; the table that it references is "
            "locked too."_s.arg(action.relation.text(), action.name));
    }
    if (!action.cascade)
        return;
    for (const RelationName &name : builder.before.dependents(action.relation)) {
        const CatalogueRelation *view = builder.before.find(name);
        const bool reads =
            view && std::ranges::any_of(view->usedColumns, [&](const ColumnUse &use) {
                return builder.before.isSame(use.table, action.relation) && use.column == action.name;
            });
        if (view && (reads || view->usedColumns.isEmpty()))
            builder.lockHidden(name, LockMode::AccessExclusive, u"reads the column %1"_s.arg(action.name));
        if (view && (reads || view->usedColumns.isEmpty()))
            dropViewsOf(builder, name);
    }
    for (const RelationName &name : builder.before.referencing(action.relation)) {
        for (const ConstraintDefinition &constraint : builder.before.find(name)->constraints) {
            if (constraint.kind == ConstraintKind::ForeignKey &&
                builder.before.isSame(constraint.referenced, action.relation) &&
                (constraint.referencedColumns.isEmpty() ||
                 constraint.referencedColumns.contains(action.name)))
                builder.lockHidden(name, LockMode::AccessExclusive,
                                   u"its foreign key references the column"_s);
        }
    }
}

/// What a domain is made of, as far as it is known.
TypeName baseType(const Catalogue &catalogue, const TypeName &type)
{
    const CatalogueRelation *domain = type.isArray ? nullptr : catalogue.find(nameOfType(type));
    if (!domain || domain->kind != ObjectKind::Domain || domain->columns.isEmpty())
        return type;
    return domain->columns.constFirst().type;
}

/// USING that says no more than the change itself would: the column, or a cast of it to the new type.
bool isPlainUsing(const Action &action)
{
    return action.expression.isEmpty() || action.expression == action.name ||
           action.expression == QString(action.name + "::"_L1 + action.type.text());
}

TypeChange changeOf(EffectsBuilder &builder, const Action &action)
{
    const ColumnDefinition *column = builder.before.column(action.relation, action.name);
    if (!column) {
        builder.unknown(u"The type that %1.%2 has now is not known here; a rewrite is assumed."_s.arg(
            action.relation.text(), action.name));
        return TypeChange::Rewrite;
    }
    if (!isPlainUsing(action) || isConstrainedDomain(builder.before, action.type))
        return TypeChange::Rewrite;
    const TypeName from = baseType(builder.before, column->type);
    const TypeName to = baseType(builder.before, action.type);
    if (losesPrecision(from, to))
        builder.undo(Undo::LosesData);
    const TypeChange change = typeChange(from, to);
    if (change != TypeChange::TimeZone)
        return change;
    if (isUtc(builder.before.timeZone))
        return TypeChange::Catalogue;
    if (builder.before.timeZone.isEmpty()) {
        builder.unknown(
            u"The session's TimeZone is not known here; only with UTC the table is not rewritten."_s);
    }
    return TypeChange::Rewrite;
}

/// A change of type drops and makes again the foreign keys of the column, on both ends.
void rebuildForeignKeys(EffectsBuilder &builder, const Action &action, bool rewrites)
{
    const CatalogueRelation *table = builder.before.find(action.relation);
    if (!builder.isKnown(action.relation)) {
        builder.unknown(
            u"Whether foreign keys use %1.%2 is not known here; the tables at their other ends are "
            "locked too."_s.arg(action.relation.text(), action.name));
    }
    if (!table)
        return;
    for (const ConstraintDefinition &constraint : table->constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey && constraint.columns.contains(action.name)) {
            lockReferenced(builder, constraint, LockMode::AccessExclusive, false);
            if (rewrites)
                builder.scan(constraint.referenced);
        }
        if (constraint.kind == ConstraintKind::Check && !constraint.notValid &&
            (constraint.columns.contains(action.name) || constraint.notNullColumn == action.name))
            builder.scan(action.relation);
    }
    for (const RelationName &name : builder.before.referencing(action.relation)) {
        for (const ConstraintDefinition &constraint : builder.before.find(name)->constraints) {
            if (constraint.kind == ConstraintKind::ForeignKey &&
                builder.before.isSame(constraint.referenced, action.relation) &&
                (constraint.referencedColumns.isEmpty() ||
                 constraint.referencedColumns.contains(action.name))) {
                builder.lockHidden(name, LockMode::AccessExclusive,
                                   u"its foreign key references the column"_s);
                if (rewrites && builder.kindOf(name) != ObjectKind::PartitionedTable)
                    builder.scan(name);
            }
        }
    }
}

void alterType(EffectsBuilder &builder, const Action &action)
{
    const TypeChange change = changeOf(builder, action);
    if (!isPlainUsing(action))
        builder.undo(Undo::LosesData);
    if (change == TypeChange::Rewrite) {
        rewriteAll(builder, action);
    } else if (change == TypeChange::Indexes) {
        for (const RelationName &name : builder.before.indexesOf(action.relation)) {
            const CatalogueRelation *index = builder.before.find(name);
            if (index && index->indexColumns.contains(action.name))
                builder.build(action.relation);
        }
    }
    rebuildForeignKeys(builder, action, change == TypeChange::Rewrite);
}

void setNotNull(EffectsBuilder &builder, const Action &action)
{
    const auto isSaid = [&](const RelationName &name) {
        const CatalogueRelation *table = builder.before.find(name);
        if (!table)
            return false;
        const ColumnDefinition *column = builder.before.column(name, action.name);
        return (column && column->notNull) ||
               std::ranges::any_of(table->constraints, [&](const ConstraintDefinition &constraint) {
                   return constraint.kind == ConstraintKind::Check && !constraint.notValid &&
                          constraint.notNullColumn == action.name;
               });
    };
    if (!builder.isKnown(action.relation) && !isSaid(action.relation)) {
        builder.unknown(
            u"Whether a validated CHECK (%1 IS NOT NULL) is on %2 is not known here; with one the "
            "table is not scanned."_s.arg(action.name, action.relation.text()));
    }
    for (const RelationName &table : tablesWithRows(builder, action)) {
        if (!isSaid(table))
            builder.scan(table);
    }
}

} // namespace

void columnEffects(EffectsBuilder &builder, const Action &action, const QList<Action> &all)
{
    switch (action.kind) {
    case ActionKind::AddColumn:
        if (action.column)
            addColumn(builder, action, all);
        return;
    case ActionKind::DropColumn:
        return dropColumn(builder, action);
    case ActionKind::AlterType:
        return alterType(builder, action);
    case ActionKind::SetNotNull:
        return setNotNull(builder, action);
    case ActionKind::SetIdentity:
        return lockSequence(builder, action, LockMode::ShareRowExclusive);
    case ActionKind::DropIdentity:
        return lockSequence(builder, action, LockMode::AccessExclusive);
    case ActionKind::SetCompression:
        return builder.needs(14, u"SET COMPRESSION"_s);
    case ActionKind::SetExpression:
        builder.needs(17, u"SET EXPRESSION"_s);
        return rewriteAll(builder, action);
    default:
        return;
    }
}

} // namespace stepwell
