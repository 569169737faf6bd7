// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "migrations/run/runtypes.h"
#include "migrations/run/targetaccess.h"

namespace stepwell {

/// An index that the server does not use: what a CREATE INDEX CONCURRENTLY that failed leaves behind.
struct InvalidIndex {
    QString name;            ///< quoted, and with its schema where search_path needs it
    QString table;           ///< likewise
    QString definition;      ///< CREATE INDEX …, as pg_get_indexdef writes it
    bool isLeftover = false; ///< of REINDEX CONCURRENTLY: the true one is there beside it
    bool isBuilding = false; ///< a session works on it now

    bool operator==(const InvalidIndex &) const = default;
};

/// Of the whole database; those of partitioned tables, which are invalid until all parts have one, are left
/// out.
[[nodiscard]] Result<QList<InvalidIndex>> invalidIndexes(DatabaseSession &session);
/// "INVALID index ix on t".
[[nodiscard]] QString toText(const InvalidIndex &index);
/// Drop it and build it again, concurrently; never IF NOT EXISTS, which would keep it. A leftover is only
/// dropped.
[[nodiscard]] CheckFix repairOf(const InvalidIndex &index);

/// Executes what was shown, each statement by itself, without a statement_timeout. Blocking.
/// Errors: those of the session; the detail says which statements were done.
[[nodiscard]] Result<void> applyFix(const TargetAccess &access, const CheckFix &fix);

} // namespace stepwell
