// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/demo/demodatabases.h"

namespace stepwell {

/// The demo workspace: three components in three environments on a PostgreSQL cluster of its own, all
/// in one folder, which belongs to Stepwell. Blocking; any thread, one at a time. Several processes
/// may work on the same folder: each waits for the other.
class DemoWorkspace
{
public:
    /// Nothing is touched before create().
    explicit DemoWorkspace(const QString &directory);

    /// $XDG_DATA_HOME/stepwell/demo.
    [[nodiscard]] static QString defaultDirectory();
    [[nodiscard]] QString directory() const { return m_directory; }

    /// True if a whole demo workspace is there. One whose creation was interrupted is not.
    [[nodiscard]] bool exists() const;

    /// Makes and starts it, whole or not at all; some seconds. What an interrupted creation left is
    /// made anew. If a whole one is there, it is only started.
    /// Errors: Refused (the folder holds something else), Usage (a percent sign in the path, which
    /// Alembic cannot bear), PythonMissing, ProgramMissing, FileError, ProcessFailed, Cancelled.
    [[nodiscard]] Result<void> create(const DemoProgress &progress, const std::stop_token &stop = {});
    /// Starts its cluster. Succeeds if it runs already. Errors: Usage (no whole demo here), those of
    /// PrivateCluster::start().
    [[nodiscard]] Result<void> start();
    /// Stops its cluster. Succeeds if it does not run. Errors: Usage (no demo here).
    [[nodiscard]] Result<void> stop();
    /// Removes all that is in the folder, backups and changes included, and makes it anew.
    /// Errors: those of create().
    [[nodiscard]] Result<void> reset(const DemoProgress &progress, const std::stop_token &stop = {});

    /// Its PostgreSQL server.
    [[nodiscard]] PrivateCluster cluster() const;

private:
    enum class Content { Nothing, Foreign, Partial, Whole };
    [[nodiscard]] Content content() const;
    [[nodiscard]] QString markerFile() const;
    [[nodiscard]] Result<void> prepare() const;
    [[nodiscard]] Result<void> make(const DemoProgress &progress, const std::stop_token &stop) const;
    [[nodiscard]] Result<void> makeOrRemove(const DemoProgress &progress, const std::stop_token &stop) const;
    [[nodiscard]] Result<void> erase() const;
    [[nodiscard]] Result<void> startLocked() const;
    [[nodiscard]] Result<void> followMove() const;

    QString m_directory;
};

} // namespace stepwell
