// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/relationname.h"
#include "migrations/sql/statements.h"

#include <QStringList>

#include <optional>

namespace stepwell {

/// A type as written: "int4" for integer, "varchar" for character varying (the parser's own names).
struct TypeName {
    QString schema;       ///< pg_catalog is left out
    QString name;         ///< "bigserial", "varchar", "timestamptz", "mood" …
    QList<int> modifiers; ///< varchar(20): {20}; numeric(10,2): {10, 2}
    bool isArray = false;

    [[nodiscard]] QString text() const;
    bool operator==(const TypeName &) const = default;
};

/// What is known of an expression without asking the server.
enum class Volatility {
    Constant, ///< a literal, perhaps with a cast
    Stable,   ///< now(), current_user …: one value for a whole statement
    Volatile, ///< random(), clock_timestamp(), gen_random_uuid(), nextval() …
    Unknown,  ///< a function that is not PostgreSQL's own
};

enum class ConstraintKind { Check, NotNull, ForeignKey, Unique, PrimaryKey, Exclude };

struct ConstraintDefinition {
    ConstraintKind kind = ConstraintKind::Check;
    QString name; ///< empty: PostgreSQL makes one up
    QStringList columns;
    RelationName referenced;       ///< of a foreign key
    QStringList referencedColumns; ///< empty: the primary key
    QString index;                 ///< USING INDEX
    QString notNullColumn;         ///< of CHECK (column IS NOT NULL)
    QString onDelete;              ///< "CASCADE", "SET NULL" …; empty: NO ACTION
    bool notValid = false;
    bool deferrable = false;

    bool operator==(const ConstraintDefinition &) const = default;
};

struct ColumnDefinition {
    QString name;
    TypeName type;
    bool notNull = false;    ///< also by PRIMARY KEY, serial and identity
    bool hasDefault = false; ///< and it is not NULL
    Volatility defaultVolatility = Volatility::Constant;
    QString defaultText; ///< as PostgreSQL prints it; may be empty
    bool isSerial = false;
    bool isIdentity = false;
    bool isGeneratedStored = false;
    bool isGeneratedVirtual = false;         ///< 18 and later
    QList<ConstraintDefinition> constraints; ///< written at the column, NOT NULL left out

    bool operator==(const ColumnDefinition &) const = default;
};

enum class ObjectKind {
    Unknown,
    Table,
    PartitionedTable,
    ForeignTable,
    View,
    MaterializedView,
    Index,
    Sequence,
    Type,
    Enum,
    Domain,
    CompositeType,
    Function,
    Trigger,
    Rule,
    Policy,
    Schema,
    Database,
    Extension,
    Constraint,
    Column,
    Statistics,
    Publication,
    Role,
    Other,
};

enum class ActionKind {
    // object: what is created, dropped, renamed … (object, relation)
    Create, ///< columns and constraints of a table in `created`; other: partition parent or index's table.
            ///< A trigger, rule or policy: relation is its table; statistics: the first table, the rest in
            ///< `reads`; a publication: its tables in `reads`. Their own name is in `name`.
    CreateTableAs,
    Drop,      ///< one action for each object named; ifExists, cascade; a trigger … as in Create
    Rename,    ///< relation -> newName; a column, constraint, trigger … of it in `name`
    SetSchema, ///< newName
    SetOwner,
    CommentOn,
    // ALTER TABLE's sub-commands, one action each
    AddColumn,  ///< column; ifExists is IF NOT EXISTS
    DropColumn, ///< name, cascade, ifExists
    AlterType,  ///< name, type, expression (USING)
    SetDefault, ///< name, expression
    DropDefault,
    SetNotNull, ///< name
    DropNotNull,
    AddIdentity,
    SetIdentity,
    DropIdentity,
    SetExpression,  ///< of a generated column; 17 and later
    DropExpression, ///< a generated column becomes a plain one
    SetStatistics,
    SetStorage,
    SetCompression,
    SetColumnOptions,
    AddConstraint,      ///< constraint
    ValidateConstraint, ///< name
    DropConstraint,     ///< name, cascade, ifExists
    AlterConstraint,    ///< name
    SetRelationOptions, ///< fillfactor, autovacuum_* …; names in `columns`
    SetLogged,
    SetUnlogged,
    SetTablespace,
    SetAccessMethod,
    ReplicaIdentity,
    ClusterOn,
    Inherit, ///< other: the parent
    NoInherit,
    AttachPartition, ///< other: the partition
    DetachPartition, ///< other, concurrently, finalize
    EnableTrigger,
    DisableTrigger,
    EnableRowSecurity,
    DisableRowSecurity,
    EnableRule,
    // whole tables
    Truncate, ///< one action a table; cascade
    Cluster,
    Vacuum, ///< full
    Analyze,
    Reindex,                 ///< object: Index, Table, Schema or Database; concurrently
    RefreshMaterializedView, ///< concurrently
    LockTable,               ///< lock in `name`, as in LOCK TABLE … IN … MODE
    // indexes, sequences, types
    AttachIndex, ///< ALTER INDEX … ATTACH PARTITION
    AlterSequence,
    AddEnumValue,    ///< name; hasPosition
    RenameEnumValue, ///< name -> newName
    AddAttribute,
    DropAttribute,
    AlterAttribute, ///< of a composite type
    AlterDomain, ///< constraint, if one is added; name says what: "ADD", "DROP", "VALIDATE", "SET NOT NULL",
                 ///< "DROP NOT NULL", "SET DEFAULT", "DROP DEFAULT"; newName: which constraint
    AlterOther,  ///< an ALTER that no rule looks at; without an object, name is the command
    // rows
    Insert,
    Update,
    Delete,
    Merge,  ///< hasWhere
    Copy,   ///< COPY … FROM
    Select, ///< also a SELECT that only calls functions; columns: their names; name: "FOR UPDATE" …
    // session and transaction
    SetVariable,   ///< name, expression (the value); isLocal
    ResetVariable, ///< name
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Grant,
    Revoke,
    DoBlock, ///< a PL/pgSQL block: what it executes is unknown
    Other,   ///< name: the command
};

/// One thing that a statement does to one object. An ALTER TABLE with three sub-commands has three.
struct Action {
    ActionKind kind = ActionKind::Other;
    ObjectKind object = ObjectKind::Unknown; ///< what `relation` is, as far as the SQL tells
    RelationName relation;                   ///< the table, index, view, type … that is changed
    RelationName other;                      ///< see ActionKind
    QString name;
    QString newName;
    QStringList columns; ///< of an index (expressions as "(…)"), of TRUNCATE …; see ActionKind
    std::optional<ColumnDefinition> column;
    std::optional<ConstraintDefinition> constraint;
    QList<ColumnDefinition> created;                ///< columns of CREATE TABLE
    QList<ConstraintDefinition> createdConstraints; ///< table constraints of CREATE TABLE
    TypeName type;
    QString expression;
    QStringList assigned;      ///< columns that an UPDATE sets
    QString filledColumn;      ///< of UPDATE … SET c = 'constant' WHERE c IS NULL
    QList<RelationName> reads; ///< relations that a query, a view or a foreign key column reads
    bool ifExists = false;     ///< IF EXISTS or IF NOT EXISTS
    bool concurrently = false;
    bool cascade = false;
    bool unique = false;
    bool full = false;
    bool finalize = false;
    bool orReplace = false;
    bool temporary = false;
    bool hasWhere = false;
    bool hasPosition = false;
    bool isLocal = false;
    bool only = false;          ///< ONLY: neither partitions nor inheriting tables
    bool isPartition = false;   ///< CREATE TABLE … PARTITION OF other
    bool isPartitioned = false; ///< CREATE TABLE … PARTITION BY

    bool operator==(const Action &) const = default;
};

/// What a parsed statement does, in its order. Empty if it did not parse. Any thread.
[[nodiscard]] QList<Action> actionsOf(const Statement &statement);

/// "ALTER TABLE", "CREATE INDEX CONCURRENTLY", "INSERT" …: the command as PostgreSQL's documentation names
/// it; from the text if the statement did not parse.
[[nodiscard]] QString commandName(const Statement &statement);

} // namespace stepwell
