// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

#include <QHash>
#include <QSet>

namespace stepwell {

/// A column that a view reads.
struct ColumnUse {
    RelationName table;
    QString column;

    bool operator==(const ColumnUse &) const = default;
};

/// What is known of one relation: from the database, or from the statements before.
struct CatalogueRelation {
    RelationName name; ///< with schema if it is known
    ObjectKind kind = ObjectKind::Table;
    qint64 bytes = -1;      ///< with indexes and TOAST; -1: unknown
    qint64 rows = -1;       ///< the server's estimate; -1: unknown
    bool isNew = false;     ///< made by an earlier statement of the same plan: nobody uses it yet
    bool isFilled = false;  ///< a new table that an earlier statement of the plan put rows into
    bool isComplete = true; ///< false: columns and constraints are known in part, from statements only
    QList<ColumnDefinition> columns;         ///< of a domain: one without name, the type it is made of
    QList<ConstraintDefinition> constraints; ///< names filled in
    RelationName parent;                     ///< of a partition or an inheriting table
    QStringList indexColumns; ///< of an index: `parent` is its table; of an owned sequence: its column
    bool isDefaultPartition = false;
    bool isUnique = false; ///< of an index
    bool isValid = true;   ///< of an index
    QList<RelationName>
        dependsOn; ///< tables a view reads; types and functions that columns, defaults, triggers use
    QList<ColumnUse> usedColumns; ///< of a view; empty if only its tables are known
    QStringList enumValues;

    bool operator==(const CatalogueRelation &) const = default;
};

/// The schema before a statement. Starts from the database's catalogue (database/cataloguereader.h), or
/// empty, and follows the statements of the plan. A value; any thread.
class Catalogue
{
public:
    /// True if the database was read: what is not in it does not exist.
    bool isFromDatabase = false;
    bool hasSizes = false;
    QStringList searchPath{QStringLiteral("public")};
    QString timeZone; ///< of the session that migrates; empty: unknown

    void add(const CatalogueRelation &relation);
    /// A name without schema is looked up along the search path. Null if it is not known.
    [[nodiscard]] const CatalogueRelation *find(const RelationName &name) const;
    [[nodiscard]] QList<RelationName> partitionsOf(const RelationName &table) const; ///< all levels
    [[nodiscard]] QList<RelationName> indexesOf(const RelationName &table) const;
    [[nodiscard]] QList<RelationName> sequencesOf(const RelationName &table) const; ///< owned by its columns
    /// Tables with a foreign key to `table`.
    [[nodiscard]] QList<RelationName> referencing(const RelationName &table) const;
    /// Relations whose `dependsOn` holds the object: views of a table, tables that use a type or domain.
    [[nodiscard]] QList<RelationName> dependents(const RelationName &object) const;
    [[nodiscard]] QList<RelationName> relationsInSchema(const QString &schema) const;
    [[nodiscard]] const ConstraintDefinition *constraint(const RelationName &table,
                                                         const QString &name) const;
    [[nodiscard]] const ColumnDefinition *column(const RelationName &table, const QString &name) const;
    /// The name with the schema that it has, or would be made in.
    [[nodiscard]] RelationName qualified(const RelationName &name) const;
    [[nodiscard]] bool isSame(const RelationName &left, const RelationName &right) const
    {
        return qualified(left) == qualified(right);
    }

    /// Applies a statement: later ones see its tables, constraints, renames … Never fails; what it cannot
    /// follow stays as it was.
    void apply(const QList<Action> &actions);

private:
    friend class CatalogueChange;
    using Links = QHash<RelationName, QSet<RelationName>>;

    void link(const RelationName &key, const CatalogueRelation &relation);
    void unlink(const RelationName &key, const CatalogueRelation &relation);
    void remove(const RelationName &key);
    void replace(const RelationName &key, const CatalogueRelation &relation);
    [[nodiscard]] QList<RelationName> namesOf(const QSet<RelationName> &keys) const;
    [[nodiscard]] QList<RelationName> childrenOf(const RelationName &table, ObjectKind kind) const;

    QHash<RelationName, CatalogueRelation> m_relations; ///< by qualified name
    // By qualified name, so that a plan of ten thousand statements does not look through all relations.
    Links m_children; ///< partitions, inheriting tables, indexes, owned sequences
    Links m_referencing;
    Links m_dependents;
    QStringList m_sessionSearchPath; ///< before SET LOCAL
    QString m_sessionTimeZone;
    bool m_hasLocalSettings = false;
};

} // namespace stepwell
