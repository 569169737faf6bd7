// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/preflight/concernedtables.h"

namespace stepwell {

/// A client's session in this database.
struct OtherSession {
    int pid = 0;
    QString user;
    QString application;
    QString client; ///< address or "local socket"; empty if this role may not see it
    QString state;  ///< "active", "idle in transaction" …; empty if this role may not see it
    std::optional<std::chrono::seconds> inTransaction; ///< none: not in one, or not to be seen
    QString query; ///< the last one, shortened; empty if this role may not see it
    bool maySignal = false;
    QString started; ///< of the session, as the server writes it
    bool isDump = false;
    bool isHidden = false; ///< this role may not see what it does

    /// "backend 4711 (psql, alice, 10.0.0.7)"
    [[nodiscard]] QString text() const;
    /// The same with state, age, locks and query.
    [[nodiscard]] QString line(const QList<HeldTableLock> &locks) const;
};

/// All but this one; the oldest transaction first. pg_basebackup is among them.
[[nodiscard]] Result<QList<OtherSession>> otherSessions(DatabaseSession &session);

/// The locks of one session.
[[nodiscard]] QList<HeldTableLock> locksOf(int pid, const QList<HeldTableLock> &locks);
/// What this role may do to it: cancel what it executes, end it. Nothing if it may not.
[[nodiscard]] QList<CheckFix> signalFixes(const OtherSession &session);

} // namespace stepwell
