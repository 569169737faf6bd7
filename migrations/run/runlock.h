// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"

#include <functional>
#include <stop_token>

namespace stepwell {

/// Advisory keys of one version table. They are per database by nature, so the table is all they name.
/// `run` is held by Stepwell's control session for the whole run; `bridge` is held, shared, by the
/// connection that executes a revision, so that a later run also sees a revision whose Stepwell died.
struct RunKeys {
    qint64 run = 0;
    qint64 bridge = 0;

    [[nodiscard]] static RunKeys forTable(const QString &versionTable);
};

/// Takes the run lock, asking again every 200 ms for up to `wait`: never a waiting lock call, which would
/// deadlock with CREATE INDEX CONCURRENTLY. The lock lives as long as the session or until released.
/// Errors: Locked (says who and since when), Cancelled, and those of the session.
[[nodiscard]] Result<void> acquireRunLock(DatabaseSession &session, const RunKeys &keys,
                                          std::chrono::milliseconds wait, const std::stop_token &stop = {},
                                          const std::function<void(const QString &)> &onWaiting = {});

/// Is the server itself at the other end? A pooler that changes servers behind a session would keep its
/// locks and lend them to others. Errors: Refused, and those of the session.
[[nodiscard]] Result<void> checkDirect(DatabaseSession &session);

/// A random key for the same-database proof.
[[nodiscard]] qint64 newProofKey();

} // namespace stepwell
