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
    LockWatch(const LockWatch &) = delete;
    LockWatch &operator=(const LockWatch &) = delete;

    /// The backend that executes now; 0: none.
    void watch(int backendPid);
    /// News since the last call: LockWaiting, LockGone and Signalled, without step and time.
    [[nodiscard]] QList<RunEvent> takeEvents();
    /// Ends the watch, waiting a moment for a signal that is under way, and tells what is left.
    [[nodiscard]] QList<RunEvent> end();
    /// Only a session that was told as a blocker and still is one; anything else is refused by a Signalled
    /// event.
    void signalBlocker(int backendPid, BlockerSignal signal);

private:
    class Private;
    std::shared_ptr<Private> d;
};

/// One look: nothing if the backend does not wait for a lock. Tells those who keep it waiting directly before
/// those who keep these waiting. A prepared transaction has no session: its pid is 0 and nobody may signal
/// it. Errors: those of the session.
[[nodiscard]] Result<std::optional<LockWait>> lookAtLocks(DatabaseSession &session, int backendPid);
/// "ACCESS EXCLUSIVE on sessions is held up by session 48213 (reporting): idle in transaction for 14 min."
[[nodiscard]] QString toText(const LockWait &wait);

} // namespace stepwell
