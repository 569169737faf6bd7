// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "migrations/run/targetaccess.h"

#include <memory>

namespace stepwell {

/// Looks from a session and a thread of its own, about twice a second, whether a backend waits for a lock:
/// who keeps it waiting, and who waits behind it. Connects when the first step has lasted a moment, so that
/// short ones cost nothing. All calls return at once, from any thread; a server that does not answer holds
/// nothing up.
class LockWatch
{
public:
    explicit LockWatch(TargetAccess access);
    ~LockWatch();

    /// The backend that executes now; 0: none.
    void watch(int backendPid);
    /// News since the last call: LockWaiting, LockGone and Signalled, without step and time.
    [[nodiscard]] QList<RunEvent> takeEvents();
    /// Only a session that was told as a blocker; anything else is refused by a Signalled event.
    void signalBlocker(int backendPid, BlockerSignal signal);

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// One look: nothing if the backend does not wait for a lock. Errors: those of the session.
[[nodiscard]] Result<std::optional<LockWait>> lookAtLocks(DatabaseSession &session, int backendPid);

} // namespace stepwell
