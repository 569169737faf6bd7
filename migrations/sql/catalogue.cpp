// SPDX-License-Identifier: MIT
#include "migrations/sql/catalogue.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

RelationName Catalogue::qualified(const RelationName &name) const
{
    if (!name.schema.isEmpty() || name.name.isEmpty())
        return name;
    const RelationName temporary{.schema = u"pg_temp"_s, .name = name.name};
    if (m_relations.contains(temporary))
        return temporary;
    for (const QString &schema : searchPath) {
        const RelationName candidate{.schema = schema, .name = name.name};
        if (m_relations.contains(candidate))
            return candidate;
    }
    return {.schema = searchPath.value(0), .name = name.name};
}

void Catalogue::add(const CatalogueRelation &relation)
{
    if (!relation.name.schema.isEmpty())
        return replace(relation.name, relation);
    const RelationName key{.schema = searchPath.value(0), .name = relation.name.name};
    CatalogueRelation named = relation;
    if (isFromDatabase)
        named.name = key;
    replace(key, named);
}

void Catalogue::replace(const RelationName &key, const CatalogueRelation &relation)
{
    remove(key);
    link(key, relation);
    m_relations.insert(key, relation);
}

void Catalogue::link(const RelationName &key, const CatalogueRelation &relation)
{
    if (!relation.parent.isEmpty())
        m_children[qualified(relation.parent)].insert(key);
    for (const ConstraintDefinition &constraint : relation.constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            m_referencing[qualified(constraint.referenced)].insert(key);
    }
    for (const RelationName &object : relation.dependsOn)
        m_dependents[qualified(object)].insert(key);
}

void Catalogue::unlink(const RelationName &key, const CatalogueRelation &relation)
{
    const auto take = [&key](Links &links, const RelationName &from) {
        const auto found = links.find(from);
        if (found != links.end())
            found->remove(key);
    };
    if (!relation.parent.isEmpty())
        take(m_children, qualified(relation.parent));
    for (const ConstraintDefinition &constraint : relation.constraints)
        take(m_referencing, qualified(constraint.referenced));
    for (const RelationName &object : relation.dependsOn)
        take(m_dependents, qualified(object));
}

void Catalogue::remove(const RelationName &key)
{
    const auto found = m_relations.constFind(key);
    if (found == m_relations.constEnd())
        return;
    unlink(key, *found);
    m_relations.erase(found);
}

const CatalogueRelation *Catalogue::find(const RelationName &name) const
{
    const auto found = m_relations.constFind(qualified(name));
    return found == m_relations.constEnd() ? nullptr : &*found;
}

QList<RelationName> Catalogue::namesOf(const QSet<RelationName> &keys) const
{
    QList<RelationName> names;
    for (const RelationName &key : keys) {
        const auto found = m_relations.constFind(key);
        if (found != m_relations.constEnd())
            names.append(found->name);
    }
    std::ranges::sort(names);
    return names;
}

QList<RelationName> Catalogue::childrenOf(const RelationName &table, ObjectKind kind) const
{
    QSet<RelationName> keys = m_children.value(qualified(table));
    keys.removeIf([this, kind](const RelationName &key) {
        const auto found = m_relations.constFind(key);
        if (found == m_relations.constEnd())
            return true;
        const bool isPart = found->kind == ObjectKind::Index || found->kind == ObjectKind::Sequence;
        return kind == ObjectKind::Table ? isPart : found->kind != kind;
    });
    return namesOf(keys);
}

QList<RelationName> Catalogue::partitionsOf(const RelationName &table) const
{
    QList<RelationName> all = childrenOf(table, ObjectKind::Table);
    for (qsizetype i = 0; i < all.size(); ++i) {
        for (const RelationName &child : childrenOf(all.at(i), ObjectKind::Table)) {
            if (!all.contains(child) && !isSame(child, table))
                all.append(child);
        }
    }
    return all;
}

QList<RelationName> Catalogue::indexesOf(const RelationName &table) const
{
    return childrenOf(table, ObjectKind::Index);
}

QList<RelationName> Catalogue::sequencesOf(const RelationName &table) const
{
    return childrenOf(table, ObjectKind::Sequence);
}

QList<RelationName> Catalogue::referencing(const RelationName &table) const
{
    return namesOf(m_referencing.value(qualified(table)));
}

QList<RelationName> Catalogue::dependents(const RelationName &object) const
{
    return namesOf(m_dependents.value(qualified(object)));
}

QList<RelationName> Catalogue::relationsInSchema(const QString &schema) const
{
    QSet<RelationName> keys;
    for (auto it = m_relations.keyBegin(); it != m_relations.keyEnd(); ++it) {
        if (it->schema == schema)
            keys.insert(*it);
    }
    return namesOf(keys);
}

const ConstraintDefinition *Catalogue::constraint(const RelationName &table, const QString &name) const
{
    const CatalogueRelation *relation = find(table);
    if (!relation)
        return nullptr;
    const auto found = std::ranges::find(relation->constraints, name, &ConstraintDefinition::name);
    return found == relation->constraints.cend() ? nullptr : &*found;
}

const ColumnDefinition *Catalogue::column(const RelationName &table, const QString &name) const
{
    const CatalogueRelation *relation = find(table);
    if (!relation)
        return nullptr;
    const auto found = std::ranges::find(relation->columns, name, &ColumnDefinition::name);
    return found == relation->columns.cend() ? nullptr : &*found;
}

} // namespace stepwell
