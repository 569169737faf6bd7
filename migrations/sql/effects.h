// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/catalogue.h"
#include "migrations/sql/lockmode.h"

namespace stepwell {

struct RelationLock {
    RelationName relation; ///< as the catalogue names it where it is known, else as written
    LockMode mode = LockMode::None;
    bool isHidden = false; ///< not named in the statement: a referenced table, a partition, a dependent view
    QString reason;        ///< of a hidden one: "referenced by the foreign key fk_sessions_owner"

    bool operator==(const RelationLock &) const = default;
};

/// What undoing a statement brings back.
enum class Undo {
    Whole,      ///< the reverse statement restores what was
    LosesData,  ///< the schema comes back, rows do not
    Impossible, ///< there is no reverse: a value added to an enum, a DO block …
    Nothing,    ///< nothing to undo
};

/// What PostgreSQL does to execute one statement: the lock table of its documentation and of the measurements
/// in tests/sql, by server version.
struct StatementEffects {
    QList<RelationLock> locks;    ///< the strongest for each relation; tables, views, sequences and indexes
    QList<RelationName> rewrites; ///< tables written anew, all their indexes with them
    QList<RelationName> scans;    ///< tables read from end to end to check something
    QList<RelationName> builds;   ///< tables an index is built on
    QStringList unknowns; ///< sentences about what only the database could tell: "which table the foreign key
                          ///< fk_owner references is not known here, it is locked too"
    bool transactional = true;      ///< false: it fails inside a transaction block
    bool waitsForSnapshots = false; ///< CONCURRENTLY: waits for transactions that started before
    bool losesData = false;
    Undo undo = Undo::Whole;
    QString versionProblem; ///< "needs PostgreSQL 14"; empty if the server knows the form

    [[nodiscard]] LockMode strongest() const;
    [[nodiscard]] const RelationLock *lockOn(const RelationName &relation) const;
    bool operator==(const StatementEffects &) const = default;
};

/// serverVersion: major, 13 to 18. `before`: the schema the statement meets. Any thread.
[[nodiscard]] StatementEffects effectsOf(const QList<Action> &actions, const Catalogue &before,
                                         int serverVersion);

} // namespace stepwell
