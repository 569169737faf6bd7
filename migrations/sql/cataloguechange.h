// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/catalogue.h"

namespace stepwell {

/// Applies actions to a catalogue, one after the other.
class CatalogueChange
{
public:
    explicit CatalogueChange(Catalogue &catalogue) : m_catalogue(catalogue) {}

    void apply(const Action &action);

private:
    /// Changes a relation; one that is not known is added as incomplete. The links follow.
    template<typename Edit>
    void change(const RelationName &name, const Edit &edit);
    template<typename Edit>
    void changeKnown(const RelationName &name, const Edit &edit);
    template<typename Edit>
    void changeColumn(const Action &action, const Edit &edit);

    void create(const Action &action);
    void createTable(const Action &action);
    void createIndex(const Action &action);
    void addColumn(const Action &action);
    void dropColumn(const Action &action);
    void addConstraint(const RelationName &table, ConstraintDefinition constraint);
    void dropConstraint(const Action &action);
    void addIndex(const RelationName &table, const QString &name, const QStringList &columns, bool unique);
    void addSequence(const RelationName &table, const ColumnDefinition &column);
    void drop(const Action &action);
    void dropRelation(const RelationName &name, bool cascade);
    void rename(const Action &action);
    void move(const RelationName &from, const RelationName &to);
    void setParent(const RelationName &child, const RelationName &parent);
    void changeTable(const Action &action);
    void changeRows(const Action &action);
    void changeSession(const Action &action);
    void changeEnum(const Action &action);
    void forget(const RelationName &table, const RelationName &referenced);

    Catalogue &m_catalogue;
};

} // namespace stepwell
