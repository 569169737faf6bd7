// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journal.h"
#include "migrations/run/runtypes.h"

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

namespace stepwell {

/// One upgrade or rollback from the lock to the journal's last line; the order is in DESIGN.md, "A run".
/// execute() blocks and belongs to one worker thread; the requests may come from any thread.
class MigrationRun
{
public:
    using EventHandler = std::function<void(const RunEvent &)>; ///< called on the run's thread

    MigrationRun(RunRequest request, Journal &journal, EventHandler onEvent = {});
    ~MigrationRun();

    /// Never throws and never guesses: what it says of the database was read from it, or is Unknown.
    [[nodiscard]] RunReport execute();

    /// Finishes the revision that is running, then stops.
    void stopAfterThisRevision();
    /// Cancels the statement on the server; the revision that is running rolls back.
    void cancel();
    /// Cancels the statement that waits for a lock; its revision is tried again later if it left nothing.
    void giveUpLock();
    /// Cancels what a session that blocks us is doing, or ends the session; told by RunEvent::Signalled.
    void signalBlocker(int backendPid, BlockerSignal signal);

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Settles a run that a crash cut off: reads the database and writes the outcome into the journal.
/// Errors: Locked (a revision of it is still executing), connection kinds; the entry then stays open.
[[nodiscard]] Result<RunReport> settleRun(const JournalEntry &entry, const Target &target,
                                          const QString &password, Journal &journal);

} // namespace stepwell
