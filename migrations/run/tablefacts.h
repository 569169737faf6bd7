// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "migrations/sql/relationname.h"

namespace stepwell {

/// A table as it is now, for looking rows up in it.
struct TableFacts {
    qint64 oid = 0;
    RelationName name; ///< with its schema
    bool partitioned = false;
    bool hasChildren = false;
    QStringList columns;
    QHash<QString, QString> types; ///< of the columns, as format_type() has them
    QStringList primaryKey;

    /// "\"app-x\".\"Order Items\"".
    [[nodiscard]] QString sql() const;
    /// The same with ONLY where children have rules of their own.
    [[nodiscard]] QString onlySql() const;
};

/// A part of a unique index or of a foreign key.
struct KeyPart {
    QString sql;
    QString type;
};

/// A rule that the catalogue knows.
struct KnownRule {
    QChar type;         ///< as pg_constraint.contype; 'i' for a unique index without a constraint
    QString definition; ///< pg_get_constraintdef()
    QList<KeyPart> key; ///< of an index: its parts; of a foreign key: the referring columns
};

// In the session's transaction. Errors: as DatabaseSession::query(). Nothing is asked of the table itself, so
// no privilege on it or its schema is needed.

/// The table that a statement names. Without a schema it is `placed` or a table that `placed` is a partition
/// of, if the names agree; else what search_path finds.
[[nodiscard]] Result<std::optional<TableFacts>> findTable(DatabaseSession &session, const RelationName &name,
                                                          const RelationName &placed);
[[nodiscard]] Result<std::optional<KnownRule>> findRule(DatabaseSession &session, const TableFacts &table,
                                                        const QString &name);
/// The definition of a domain's check; empty if there is none.
[[nodiscard]] Result<QString> domainRule(DatabaseSession &session, const RelationName &domain,
                                         const QString &name);

} // namespace stepwell
