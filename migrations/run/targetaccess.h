// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/scriptdirectory.h"
#include "migrations/database/databasesession.h"
#include "migrations/run/bridge.h"

namespace stepwell {

/// Everything a run needs to reach one target: its files as they are now, the way to its database, and
/// the way to its Alembic. A plain value; opening costs reading the revision files.
struct TargetAccess {
    ScriptDirectory scripts;
    ConnectionSettings connection;
    BridgeSettings bridge; ///< its URL holds the password
    QString password;

    /// Errors: those of ScriptDirectory::load and targetConnection.
    [[nodiscard]] static Result<TargetAccess> open(const Target &target, const QString &password);
    /// To render only, where nothing connects: a project without a URL gets one that leads nowhere.
    [[nodiscard]] static Result<TargetAccess> openFiles(const Target &target);
    [[nodiscard]] Result<std::unique_ptr<DatabaseSession>>
    openSession(const QString &role, std::chrono::milliseconds lockTimeout) const;
};

} // namespace stepwell
