// SPDX-License-Identifier: MIT
// How statements change the catalogue: tables, columns, constraints. See cataloguedrop.cpp for what goes
// away.
#include "migrations/sql/cataloguechange.h"
#include "migrations/sql/cataloguenames.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

template<typename Edit>
void CatalogueChange::changeKnown(const RelationName &name, const Edit &edit)
{
    const RelationName key = m_catalogue.qualified(name);
    const auto found = m_catalogue.m_relations.find(key);
    if (found == m_catalogue.m_relations.end())
        return;
    m_catalogue.unlink(key, *found);
    edit(*found);
    m_catalogue.link(key, *found);
}

template<typename Edit>
void CatalogueChange::change(const RelationName &name, const Edit &edit)
{
    if (name.isEmpty())
        return;
    if (!m_catalogue.find(name))
        m_catalogue.add({.name = name, .isComplete = false});
    changeKnown(name, edit);
}

template<typename Edit>
void CatalogueChange::changeColumn(const Action &action, const Edit &edit)
{
    change(action.relation, [&](CatalogueRelation &table) {
        for (ColumnDefinition &column : table.columns) {
            if (column.name == action.name)
                edit(column);
        }
    });
}

void CatalogueChange::apply(const Action &action)
{
    switch (action.kind) {
    case ActionKind::Create:
    case ActionKind::CreateTableAs:
        return create(action);
    case ActionKind::Drop:
        return drop(action);
    case ActionKind::Rename:
        return rename(action);
    case ActionKind::SetSchema:
        return move(action.relation, {.schema = action.newName, .name = action.relation.name});
    case ActionKind::Insert:
    case ActionKind::Copy:
    case ActionKind::Merge:
    case ActionKind::Truncate:
    case ActionKind::RefreshMaterializedView:
        return changeRows(action);
    case ActionKind::SetVariable:
    case ActionKind::ResetVariable:
    case ActionKind::Commit:
    case ActionKind::Rollback:
        return changeSession(action);
    case ActionKind::AddEnumValue:
    case ActionKind::RenameEnumValue:
        return changeEnum(action);
    default:
        return changeTable(action);
    }
}

void CatalogueChange::create(const Action &action)
{
    if (action.ifExists && m_catalogue.find(action.relation))
        return;
    switch (action.object) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
    case ObjectKind::ForeignTable:
        return createTable(action);
    case ObjectKind::Index:
        return createIndex(action);
    case ObjectKind::View:
    case ObjectKind::MaterializedView:
    case ObjectKind::Sequence:
    case ObjectKind::Type:
    case ObjectKind::Enum:
    case ObjectKind::Domain:
    case ObjectKind::CompositeType: {
        CatalogueRelation relation{.name = action.relation, .kind = action.object, .isNew = true};
        if (const CatalogueRelation *before = m_catalogue.find(action.relation); before && action.orReplace)
            relation.isNew = before->isNew;
        relation.isFilled = action.kind == ActionKind::CreateTableAs;
        relation.columns = action.created;
        relation.constraints = action.createdConstraints;
        relation.dependsOn = action.reads;
        if (action.object == ObjectKind::Enum)
            relation.enumValues = action.columns;
        if (action.object == ObjectKind::Domain)
            relation.columns = {{.type = action.type}};
        if (!action.type.name.isEmpty())
            relation.dependsOn.append({.schema = action.type.schema, .name = action.type.name});
        return m_catalogue.add(relation);
    }
    case ObjectKind::Trigger:
        return changeKnown(action.relation, [&](CatalogueRelation &table) {
            for (const QString &function : action.columns)
                table.dependsOn.append(relationNameOf(function));
        });
    default:
        return;
    }
}

void CatalogueChange::createTable(const Action &action)
{
    RelationName name = action.relation;
    if (action.temporary)
        name.schema = u"pg_temp"_s;
    // Without a database IF NOT EXISTS may have met a table that everybody uses.
    CatalogueRelation table{
        .name = name, .kind = action.object, .isNew = !action.ifExists || m_catalogue.isFromDatabase};
    table.isFilled = action.kind == ActionKind::CreateTableAs;
    table.isComplete = action.kind == ActionKind::Create && action.reads.isEmpty();
    const CatalogueRelation *parent = m_catalogue.find(action.other);
    if (action.isPartition) {
        table.parent = action.other;
        if (parent)
            table.columns = parent->columns;
        table.isComplete = parent != nullptr;
    }
    m_catalogue.add(table);
    for (const ColumnDefinition &column : action.created)
        addColumn({.kind = ActionKind::AddColumn, .relation = name, .name = column.name, .column = column});
    for (const ConstraintDefinition &constraint : action.createdConstraints)
        addConstraint(name, constraint);
}

void CatalogueChange::createIndex(const Action &action)
{
    const QString name = action.relation.name.isEmpty()
                             ? defaultName(m_catalogue, action.other, action.columns, u"idx"_s)
                             : action.relation.name;
    addIndex(action.other, name, action.columns, action.unique && !action.hasWhere);
}

void CatalogueChange::addIndex(const RelationName &table, const QString &name, const QStringList &columns,
                               bool unique)
{
    const RelationName key = m_catalogue.qualified(table);
    const QString schema = m_catalogue.isFromDatabase ? key.schema : table.schema;
    m_catalogue.add({.name = {.schema = schema, .name = name},
                     .kind = ObjectKind::Index,
                     .isNew = true,
                     .parent = table,
                     .indexColumns = columns,
                     .isUnique = unique});
}

void CatalogueChange::addSequence(const RelationName &table, const ColumnDefinition &column)
{
    m_catalogue.add(
        {.name = {.schema = table.schema, .name = defaultName(m_catalogue, table, {column.name}, u"seq"_s)},
         .kind = ObjectKind::Sequence,
         .isNew = true,
         .parent = table,
         .indexColumns = {column.name}});
}

void CatalogueChange::addColumn(const Action &action)
{
    if (!action.column || (action.ifExists && m_catalogue.column(action.relation, action.name)))
        return;
    ColumnDefinition column = *action.column;
    const QList<ConstraintDefinition> constraints = column.constraints;
    column.constraints.clear();
    QList<RelationName> tables{action.relation};
    if (!action.only)
        tables += m_catalogue.partitionsOf(action.relation);
    for (const RelationName &name : std::as_const(tables)) {
        change(name, [&column](CatalogueRelation &table) {
            table.columns.append(column);
            const RelationName type{.schema = column.type.schema, .name = column.type.name};
            if (!isBuiltInType(column.type) && !table.dependsOn.contains(type))
                table.dependsOn.append(type);
        });
    }
    if (column.isSerial || column.isIdentity)
        addSequence(action.relation, column);
    for (const ConstraintDefinition &constraint : constraints)
        addConstraint(action.relation, constraint);
}

void CatalogueChange::addConstraint(const RelationName &table, ConstraintDefinition constraint)
{
    const bool isKey = constraint.kind == ConstraintKind::PrimaryKey ||
                       constraint.kind == ConstraintKind::Unique ||
                       constraint.kind == ConstraintKind::Exclude;
    RelationName index{.schema = m_catalogue.qualified(table).schema, .name = constraint.index};
    if (!constraint.index.isEmpty()) {
        if (const CatalogueRelation *known = m_catalogue.find(index))
            constraint.columns = known->indexColumns;
    }
    if (constraint.name.isEmpty()) {
        constraint.name = constraint.index.isEmpty() ? defaultConstraintName(m_catalogue, table, constraint)
                                                     : constraint.index;
    }
    if (isKey && constraint.index.isEmpty()) {
        addIndex(table, constraint.name, constraint.columns, constraint.kind != ConstraintKind::Exclude);
    } else if (isKey && constraint.index != constraint.name) {
        move(index, {.schema = {}, .name = constraint.name}); // the index takes the name
    }
    change(table, [&constraint](CatalogueRelation &relation) {
        relation.constraints.append(constraint);
        for (ColumnDefinition &column : relation.columns) {
            if (constraint.kind == ConstraintKind::PrimaryKey && constraint.columns.contains(column.name))
                column.notNull = true;
        }
    });
}

void CatalogueChange::setParent(const RelationName &child, const RelationName &parent)
{
    change(child, [&parent](CatalogueRelation &relation) { relation.parent = parent; });
}

void CatalogueChange::changeTable(const Action &action)
{
    switch (action.kind) {
    case ActionKind::AddColumn:
        return addColumn(action);
    case ActionKind::DropColumn:
        return dropColumn(action);
    case ActionKind::AlterType:
        return changeColumn(action, [&](ColumnDefinition &column) { column.type = action.type; });
    case ActionKind::SetDefault:
        return changeColumn(action, [&](ColumnDefinition &column) {
            column.hasDefault = action.expression != "NULL"_L1;
            column.defaultText = action.expression;
        });
    case ActionKind::DropDefault:
        return changeColumn(action, [](ColumnDefinition &column) {
            column.hasDefault = false;
            column.defaultText.clear();
        });
    case ActionKind::SetNotNull:
    case ActionKind::DropNotNull:
        return changeColumn(action, [&](ColumnDefinition &column) {
            column.notNull = action.kind == ActionKind::SetNotNull;
        });
    case ActionKind::AddConstraint:
        if (action.constraint)
            addConstraint(action.relation, *action.constraint);
        return;
    case ActionKind::ValidateConstraint:
        return change(action.relation, [&](CatalogueRelation &table) {
            for (ConstraintDefinition &constraint : table.constraints) {
                if (constraint.name == action.name)
                    constraint.notValid = false;
            }
        });
    case ActionKind::DropConstraint:
        return dropConstraint(action);
    case ActionKind::Inherit:
        return setParent(action.relation, action.other);
    case ActionKind::NoInherit:
        return setParent(action.relation, {});
    case ActionKind::AttachPartition:
        return setParent(action.other, action.relation);
    case ActionKind::DetachPartition:
        return setParent(action.other, {});
    default:
        return;
    }
}

void CatalogueChange::changeRows(const Action &action)
{
    changeKnown(action.relation, [&](CatalogueRelation &table) {
        if (action.kind != ActionKind::Truncate) {
            table.isFilled = table.isFilled || table.isNew;
            return;
        }
        table.isFilled = false;
        table.rows = table.rows < 0 ? -1 : 0;
        table.bytes = table.bytes < 0 ? -1 : 0;
    });
}

void CatalogueChange::changeEnum(const Action &action)
{
    changeKnown(action.relation, [&](CatalogueRelation &type) {
        if (action.kind == ActionKind::RenameEnumValue) {
            std::ranges::replace(type.enumValues, action.name, action.newName);
        } else if (!type.enumValues.contains(action.name)) {
            type.enumValues.append(action.name);
        }
    });
}

void CatalogueChange::changeSession(const Action &action)
{
    const bool isEnd = action.kind == ActionKind::Commit || action.kind == ActionKind::Rollback;
    if (isEnd || action.kind == ActionKind::ResetVariable) {
        // What the session had before is known only where SET LOCAL changed it.
        if (isEnd && m_catalogue.m_hasLocalSettings) {
            m_catalogue.searchPath = m_catalogue.m_sessionSearchPath;
            m_catalogue.timeZone = m_catalogue.m_sessionTimeZone;
            m_catalogue.m_hasLocalSettings = false;
        } else if (!isEnd && (action.name == "timezone"_L1 || action.name == "all"_L1)) {
            m_catalogue.timeZone.clear();
        }
        return;
    }
    if (action.name != "search_path"_L1 && action.name != "timezone"_L1)
        return;
    if (action.isLocal && !m_catalogue.m_hasLocalSettings) {
        m_catalogue.m_sessionSearchPath = m_catalogue.searchPath;
        m_catalogue.m_sessionTimeZone = m_catalogue.timeZone;
        m_catalogue.m_hasLocalSettings = true;
    }
    if (action.name == "timezone"_L1)
        m_catalogue.timeZone = action.expression;
    else
        m_catalogue.searchPath = searchPathOf(action.expression);
}

void Catalogue::apply(const QList<Action> &actions)
{
    CatalogueChange change(*this);
    for (const Action &action : actions)
        change.apply(action);
}

} // namespace stepwell
