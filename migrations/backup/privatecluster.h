// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/connectionsettings.h"

#include <optional>

namespace stepwell {

/// A PostgreSQL cluster that Stepwell makes for itself: the demo workspace, the tests, rehearsals.
/// Listens on a Unix socket only. As root the server runs as an unprivileged user (postgres refuses
/// root). The server is a daemon: it outlives this object and this process. Blocking; any thread,
/// one at a time. Several processes may start the same cluster at once.
class PrivateCluster
{
public:
    /// `directory` holds everything: data/, socket/, server.log. Nothing is touched before create().
    explicit PrivateCluster(QString directory);

    /// initdb with the newest PostgreSQL here: superuser `stepwell`, trust on the socket, UTF-8, C.UTF-8.
    /// Errors: ProgramMissing, FileError, ProcessFailed.
    [[nodiscard]] Result<void> create();
    /// Starts the server and waits until it answers. Succeeds if it runs already.
    /// Errors: ProgramMissing (the release it was made with), FileError, ProcessFailed, Timeout.
    [[nodiscard]] Result<void> start();
    /// Fast shutdown; `immediate` is a crash of the server, for tests. Succeeds if it does not run.
    [[nodiscard]] Result<void> stop(bool immediate = false);
    [[nodiscard]] bool exists() const;
    [[nodiscard]] bool isRunning() const;
    /// The server's process, or 0.
    [[nodiscard]] qint64 serverProcessId() const;

    [[nodiscard]] QString directory() const { return m_directory; }
    [[nodiscard]] QString logFile() const;
    /// A folder short enough for a socket's 107 bytes: the cluster's own, or a link to it in
    /// /tmp/stepwell-UID if that path is too long or has characters that URLs and host lists trip over.
    /// The same for the same directory, also after a restart; start() makes the link anew.
    [[nodiscard]] QString socketDirectory() const;
    [[nodiscard]] ConnectionSettings settings(const QString &database) const;
    /// "postgresql://stepwell@/DATABASE?host=SOCKETDIRECTORY", percent-encoded as SQLAlchemy reads it.
    /// The slashes of the folder stay as they are, so that an ini needs no doubled percent signs.
    [[nodiscard]] QString url(const QString &database) const;
    /// Runs SQL through psql, stopping at the first error. Errors: DatabaseError, ProgramMissing.
    [[nodiscard]] Result<void> execute(const QString &database, const QString &sql) const;
    [[nodiscard]] Result<void> createDatabase(const QString &name) const;

private:
    struct Postmaster;
    [[nodiscard]] QString dataDirectory() const;
    [[nodiscard]] QString ownSocketDirectory() const;
    [[nodiscard]] std::optional<Postmaster> readPostmaster() const;
    [[nodiscard]] bool isServer(qint64 pid) const;
    [[nodiscard]] Result<void> prepareFolders() const;
    [[nodiscard]] Result<void> writeConfiguration(const QString &data) const;
    void clearStaleLock() const;
    [[nodiscard]] Result<qint64> launch() const;
    [[nodiscard]] Result<void> waitUntilReady(qint64 pid) const;
    [[nodiscard]] QString logTail() const;

    QString m_directory;
};

} // namespace stepwell
