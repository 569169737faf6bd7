// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// The schema that every form runs against.
[[nodiscard]] QString lockSchema();

/// Statements that are run in a transaction, watched and rolled back. `timeZone` is the session's.
struct LockForm {
    const char *sql;
    const char *timeZone = "UTC";
    const char *before = ""; ///< in the same transaction first; its locks are left out
    int from = 13;           ///< the oldest release that knows the form
};
[[nodiscard]] QList<LockForm> transactionalForms();

/// Statements that no transaction block takes, watched while somebody holds `table`.
struct ConcurrentForm {
    const char *sql;
    const char *table;
    int from = 13;
};
[[nodiscard]] QList<ConcurrentForm> nonTransactionalForms();

} // namespace stepwell
