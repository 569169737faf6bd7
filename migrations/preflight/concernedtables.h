// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/preflight/checkcontext.h"
#include "migrations/sql/lockmode.h"

namespace stepwell {

/// A relation of the database that the plan's SQL locks.
struct ConcernedTable {
    RelationName name;
    qint64 oid = 0;
    QList<LockMode> modes; ///< that the SQL asks for, each once
};

/// Those that exist now; none without reviews. Errors: those of the session.
[[nodiscard]] Result<QList<ConcernedTable>> concernedTables(const CheckContext &context,
                                                            DatabaseSession &session);

/// A lock on one of them that somebody has now.
struct HeldTableLock {
    int pid = 0;         ///< 0: of a prepared transaction
    QString transaction; ///< as pg_locks.virtualtransaction
    RelationName table;
    LockMode mode = LockMode::None;
    bool inTheWay = false; ///< the SQL would wait for it

    /// "ACCESS SHARE on sessions"
    [[nodiscard]] QString text() const;
};
[[nodiscard]] Result<QList<HeldTableLock>> heldLocks(DatabaseSession &session,
                                                     const QList<ConcernedTable> &tables);

/// Two sessions cannot have these on one table at once ("Conflicting Lock Modes" of PostgreSQL's
/// documentation).
[[nodiscard]] bool conflict(LockMode one, LockMode other);

/// Names as JSON for `json_to_recordset(?::json) AS e(s text, n text)`; see joinedRelations.
[[nodiscard]] QString namesAsJson(const QList<RelationName> &names);
/// FROM … JOIN pg_class c: the relations of such a list; one without schema by search_path. Unlike
/// to_regclass it fails on no schema that the role may not use.
[[nodiscard]] QString joinedRelations();

} // namespace stepwell
