// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/database/connectionsettings.h"

#include <chrono>

namespace stepwell {

/// What libpq tells about a failed attempt.
struct ConnectionFailure {
    QString text;          ///< libpq's text, in English where libpq wrote it, verbose where the server did
    QString where;         ///< "user@host:port/database", defaults filled in
    bool timedOut = false; ///< our own deadline
    bool needsPassword = false; ///< the server asked for one and libpq had none
    bool usedPassword = false;  ///< one was sent
};

/// Opens a connection with libpq, without blocking in the network, and closes it again. QtSql's errors
/// cannot tell a wrong password from a missing server; this can. `timeout` holds for each host; only
/// the name resolution of the operating system is outside of it (its own limit is resolv.conf's).
/// Errors: those of DatabaseSession::open().
[[nodiscard]] Result<void> probeConnection(const ConnectionSettings &settings, const QString &password,
                                           std::chrono::milliseconds timeout);

/// The error for a failed attempt: what happened, where, and what to do about it. Looks at SQLSTATE,
/// errno texts and libpq's English texts, so it does not depend on the language of user or server.
[[nodiscard]] Error classifyConnectionFailure(const ConnectionFailure &failure);

} // namespace stepwell
