// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/database/connectionsettings.h"
#include "migrations/database/databasestate.h"

#include <QVariantList>

#include <memory>
#include <optional>

namespace stepwell {

struct SessionOptions {
    QString applicationName = QStringLiteral("stepwell");
    std::chrono::seconds connectTimeout{5};
    std::chrono::milliseconds lockTimeout{5000};
    std::chrono::milliseconds statementTimeout{30000};
};

/// Who holds an advisory lock.
struct LockHolder {
    int backendPid = 0;
    QString user;
    QString client;          ///< address or "local socket"
    QString applicationName;
    QString since;           ///< ISO time of the session's start
};

/// One connection. Blocking; belongs to the thread that opened it and is used only there.
class DatabaseSession
{
public:
    /// Errors: ConnectionRefused, HostUnknown, ConnectionTimeout, PasswordMissing,
    /// AuthenticationFailed, DatabaseMissing, TlsFailed, ConnectionFailed; each with what to do.
    [[nodiscard]] static Result<std::unique_ptr<DatabaseSession>>
    open(const ConnectionSettings &settings, const QString &password, const SessionOptions &options = {});
    ~DatabaseSession();
    DatabaseSession(const DatabaseSession &) = delete;
    DatabaseSession &operator=(const DatabaseSession &) = delete;

    /// Rows of a query; values bound with `?`. Errors: DatabaseError with SQLSTATE, ConnectionLost.
    [[nodiscard]] Result<QList<QVariantList>> query(const QString &sql, const QVariantList &values = {});
    [[nodiscard]] Result<void> execute(const QString &sql, const QVariantList &values = {});

    [[nodiscard]] int backendPid() const;
    [[nodiscard]] int serverVersion() const; ///< 170006

    /// Version rows, sorted; empty if there is no table. `versionTable`: "name" or "schema.name",
    /// empty for alembic_version found by search_path, as Alembic does.
    [[nodiscard]] Result<RevisionIds> readVersionRows(const QString &versionTable);
    [[nodiscard]] Result<DatabaseState> readState(const QString &versionTable);

    /// Session advisory locks, never the waiting kind (a waiter deadlocks with CREATE INDEX CONCURRENTLY).
    [[nodiscard]] Result<bool> tryAdvisoryLock(qint64 key);
    [[nodiscard]] Result<void> releaseAdvisoryLock(qint64 key);
    [[nodiscard]] Result<std::optional<LockHolder>> advisoryLockHolder(qint64 key);

    /// Server-side cancel of another backend. False if it was gone.
    [[nodiscard]] Result<bool> cancelBackend(int backendPid);

private:
    class Private;
    explicit DatabaseSession(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace stepwell
