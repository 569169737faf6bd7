// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/connectionsettings.h"

namespace stepwell {

/// A PostgreSQL cluster that Stepwell makes for itself: the demo workspace, the tests, rehearsals.
/// Listens on a Unix socket only. As root the server runs as an unprivileged user (postgres refuses
/// root). Blocking.
class PrivateCluster
{
public:
    /// `directory` holds everything: data/, server.log. Nothing is touched before create().
    explicit PrivateCluster(QString directory);

    /// initdb: superuser `stepwell`, trust on the socket, UTF-8, C.UTF-8. Errors: ProgramMissing, FileError, ProcessFailed.
    [[nodiscard]] Result<void> create();
    /// Starts the server and waits until it answers. Succeeds if it runs already.
    [[nodiscard]] Result<void> start();
    /// Fast shutdown; `immediate` is a crash of the server, for tests.
    [[nodiscard]] Result<void> stop(bool immediate = false);
    [[nodiscard]] bool exists() const;
    [[nodiscard]] bool isRunning() const;

    /// A folder short enough for a socket's 107 bytes: the cluster's own, or a link to it in the
    /// run-time folder if that path is too long. The same for the same directory, also after a restart.
    [[nodiscard]] QString socketDirectory() const;
    [[nodiscard]] ConnectionSettings settings(const QString &database) const;
    /// "postgresql://stepwell@/DATABASE?host=SOCKETDIRECTORY", percent-encoded as SQLAlchemy reads it.
    [[nodiscard]] QString url(const QString &database) const;
    /// Runs SQL through psql, stopping at the first error.
    [[nodiscard]] Result<void> execute(const QString &database, const QString &sql) const;
    [[nodiscard]] Result<void> createDatabase(const QString &name) const;

private:
    QString m_directory;
};

} // namespace stepwell
