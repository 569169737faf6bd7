// SPDX-License-Identifier: MIT
// How statements change the catalogue: what is dropped, renamed or moved.
#include "migrations/sql/cataloguechange.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isRelation(ObjectKind kind)
{
    static const QList<ObjectKind> kinds{ObjectKind::Table,
                                         ObjectKind::PartitionedTable,
                                         ObjectKind::ForeignTable,
                                         ObjectKind::View,
                                         ObjectKind::MaterializedView,
                                         ObjectKind::Index,
                                         ObjectKind::Sequence,
                                         ObjectKind::Type,
                                         ObjectKind::Enum,
                                         ObjectKind::Domain,
                                         ObjectKind::CompositeType};
    return kinds.contains(kind);
}

} // namespace

void CatalogueChange::forget(const RelationName &table, const RelationName &referenced)
{
    const CatalogueRelation *known = m_catalogue.find(table);
    if (!known)
        return;
    CatalogueRelation changed = *known;
    changed.constraints.removeIf([&](const ConstraintDefinition &constraint) {
        return constraint.kind == ConstraintKind::ForeignKey &&
               m_catalogue.isSame(constraint.referenced, referenced);
    });
    m_catalogue.replace(m_catalogue.qualified(table), changed);
}

void CatalogueChange::dropRelation(const RelationName &name, bool cascade)
{
    const CatalogueRelation *known = m_catalogue.find(name);
    if (!known)
        return;
    const QList<RelationName> parts =
        m_catalogue.partitionsOf(name) + m_catalogue.indexesOf(name) + m_catalogue.sequencesOf(name);
    const QList<RelationName> referencing = m_catalogue.referencing(name);
    const QList<RelationName> dependents = m_catalogue.dependents(name);
    m_catalogue.remove(m_catalogue.qualified(name));
    for (const RelationName &part : parts)
        dropRelation(part, cascade);
    for (const RelationName &table : referencing)
        forget(table, name);
    for (const RelationName &dependent : dependents) {
        const CatalogueRelation *relation = m_catalogue.find(dependent);
        const bool isView = relation && (relation->kind == ObjectKind::View ||
                                         relation->kind == ObjectKind::MaterializedView);
        if (cascade && isView)
            dropRelation(dependent, true);
    }
}

void CatalogueChange::drop(const Action &action)
{
    if (isRelation(action.object))
        dropRelation(action.relation, action.cascade);
    if (action.object == ObjectKind::Schema) {
        for (const RelationName &name : m_catalogue.relationsInSchema(action.relation.name))
            dropRelation(name, true);
    }
}

void CatalogueChange::dropColumn(const Action &action)
{
    const auto isOf = [&action](const QStringList &columns) { return columns.contains(action.name); };
    QList<RelationName> tables{action.relation};
    if (!action.only)
        tables += m_catalogue.partitionsOf(action.relation);
    for (const RelationName &name : std::as_const(tables)) {
        const CatalogueRelation *known = m_catalogue.find(name);
        if (!known)
            continue;
        CatalogueRelation table = *known;
        table.columns.removeIf([&](const ColumnDefinition &column) { return column.name == action.name; });
        table.constraints.removeIf([&](const ConstraintDefinition &constraint) {
            return isOf(constraint.columns) || constraint.notNullColumn == action.name;
        });
        m_catalogue.replace(m_catalogue.qualified(name), table);
        for (const RelationName &index : m_catalogue.indexesOf(name)) {
            const CatalogueRelation *relation = m_catalogue.find(index);
            if (relation && isOf(relation->indexColumns))
                dropRelation(index, false);
        }
    }
}

void CatalogueChange::dropConstraint(const Action &action)
{
    const CatalogueRelation *known = m_catalogue.find(action.relation);
    const ConstraintDefinition *found = m_catalogue.constraint(action.relation, action.name);
    if (!known || !found)
        return;
    const ConstraintDefinition constraint = *found;
    CatalogueRelation table = *known;
    table.constraints.removeIf([&](const ConstraintDefinition &one) { return one.name == action.name; });
    if (constraint.kind == ConstraintKind::NotNull) {
        for (ColumnDefinition &column : table.columns) {
            if (constraint.columns.contains(column.name))
                column.notNull = false;
        }
    }
    m_catalogue.replace(m_catalogue.qualified(action.relation), table);
    const bool isKey = constraint.kind == ConstraintKind::PrimaryKey ||
                       constraint.kind == ConstraintKind::Unique ||
                       constraint.kind == ConstraintKind::Exclude;
    if (!isKey)
        return;
    dropRelation({.schema = m_catalogue.qualified(action.relation).schema, .name = action.name}, false);
    for (const RelationName &referencing : m_catalogue.referencing(action.relation)) {
        if (action.cascade && constraint.kind == ConstraintKind::PrimaryKey)
            forget(referencing, action.relation);
    }
}

void CatalogueChange::move(const RelationName &from, const RelationName &to)
{
    const CatalogueRelation *known = m_catalogue.find(from);
    if (!known)
        return;
    const RelationName oldKey = m_catalogue.qualified(from);
    CatalogueRelation moved = *known;
    moved.name = {.schema = to.schema.isEmpty() ? moved.name.schema : to.schema, .name = to.name};
    const QList<RelationName> parts = m_catalogue.childrenOf(from, ObjectKind::Table) +
                                      m_catalogue.indexesOf(from) + m_catalogue.sequencesOf(from);
    const QList<RelationName> referencing = m_catalogue.referencing(from);
    const QList<RelationName> dependents = m_catalogue.dependents(from);
    m_catalogue.remove(oldKey);
    m_catalogue.replace({.schema = to.schema.isEmpty() ? oldKey.schema : to.schema, .name = to.name}, moved);
    // Whatever points at it follows.
    const auto follow = [this](const RelationName &name, const auto &edit) {
        if (const CatalogueRelation *relation = m_catalogue.find(name)) {
            CatalogueRelation changed = *relation;
            edit(changed);
            m_catalogue.replace(m_catalogue.qualified(name), changed);
        }
    };
    for (const RelationName &part : parts)
        follow(part, [&](CatalogueRelation &child) { child.parent = moved.name; });
    for (const RelationName &table : referencing) {
        follow(table, [&](CatalogueRelation &relation) {
            for (ConstraintDefinition &constraint : relation.constraints) {
                if (m_catalogue.qualified(constraint.referenced) == oldKey)
                    constraint.referenced = moved.name;
            }
        });
    }
    for (const RelationName &dependent : dependents) {
        follow(dependent, [&](CatalogueRelation &relation) {
            for (RelationName &object : relation.dependsOn) {
                if (m_catalogue.qualified(object) == oldKey)
                    object = moved.name;
            }
        });
    }
}

void CatalogueChange::rename(const Action &action)
{
    const auto renameIn = [&action](QStringList &columns) {
        std::ranges::replace(columns, action.name, action.newName);
    };
    if (action.name.isEmpty()) {
        if (isRelation(action.object))
            move(action.relation, {.schema = {}, .name = action.newName});
        return;
    }
    const CatalogueRelation *known = m_catalogue.find(action.relation);
    if (!known)
        return;
    CatalogueRelation relation = *known;
    if (action.object == ObjectKind::Constraint) {
        for (ConstraintDefinition &constraint : relation.constraints) {
            if (constraint.name == action.name)
                constraint.name = action.newName;
        }
        m_catalogue.replace(m_catalogue.qualified(action.relation), relation);
        const QString schema = m_catalogue.qualified(action.relation).schema;
        move({.schema = schema, .name = action.name}, {.schema = {}, .name = action.newName});
    } else if (action.object == ObjectKind::Column) {
        for (ColumnDefinition &column : relation.columns) {
            if (column.name == action.name)
                column.name = action.newName;
        }
        for (ConstraintDefinition &constraint : relation.constraints) {
            renameIn(constraint.columns);
            if (constraint.notNullColumn == action.name)
                constraint.notNullColumn = action.newName;
        }
        m_catalogue.replace(m_catalogue.qualified(action.relation), relation);
        for (const RelationName &name : m_catalogue.indexesOf(action.relation)) {
            CatalogueRelation index = *m_catalogue.find(name);
            renameIn(index.indexColumns);
            m_catalogue.replace(m_catalogue.qualified(name), index);
        }
    }
}

} // namespace stepwell
