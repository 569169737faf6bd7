// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/database/connectionsettings.h"
#include "migrations/database/databasestate.h"

#include <QVariantList>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

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
    QString client; ///< address or "local socket"; empty if this role may not see it
    QString applicationName;
    QString since; ///< ISO time (UTC) of the session's start; empty if not to be seen
};

/// One connection. Blocking; belongs to the thread that opened it and is used only there.
class DatabaseSession
{
public:
    /// Errors: ConnectionRefused, HostUnknown, ConnectionTimeout, PasswordMissing,
    /// AuthenticationFailed, DatabaseMissing, TlsFailed, ConnectionFailed; each with what to do.
    /// InvalidConfig for an option that cannot be passed on. An empty password leaves it to the
    /// settings, .pgpass and friends. Takes at most connectTimeout (or the URL's connect_timeout) for
    /// each host, plus the operating system's name resolution, which has limits of its own.
    [[nodiscard]] static Result<std::unique_ptr<DatabaseSession>>
    open(const ConnectionSettings &settings, const QString &password, const SessionOptions &options = {});
    ~DatabaseSession();
    DatabaseSession(const DatabaseSession &) = delete;
    DatabaseSession &operator=(const DatabaseSession &) = delete;

    /// Rows of a query; values bound with `?`. Errors: DatabaseError with SQLSTATE, ConnectionLost.
    [[nodiscard]] Result<QList<QVariantList>> query(const QString &sql, const QVariantList &values = {});
    [[nodiscard]] Result<void> execute(const QString &sql, const QVariantList &values = {});

    [[nodiscard]] int backendPid() const;
    [[nodiscard]] int serverVersion() const;   ///< 170006
    [[nodiscard]] QString tlsProtocol() const; ///< "TLSv1.3", or empty for none

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
    /// As it was asked for, and as it was found: a run reads it after every COMMIT.
    std::optional<std::pair<QString, QString>> m_versionTable;
};

} // namespace stepwell
