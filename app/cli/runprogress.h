// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "migrations/backup/backup.h"
#include "migrations/run/runtypes.h"

#include <mutex>

namespace stepwell::cli {

/// Tells on standard error how a run goes, as --progress wants it. Text: a line for each phase and revision
/// as it ends and for each wait for a lock; statements and moving figures on a terminal only. JSON: every
/// event. Nobody else writes to standard error meanwhile. Thread-safe, as Ctrl-C comes from another thread.
class RunProgress
{
public:
    /// `revisions`: of the plan's steps, in order.
    RunProgress(CommandContext &context, QStringList revisions);

    void handle(const RunEvent &event);

    /// The first Ctrl-C: says that the run stops after this revision. False, and nothing said, while no
    /// revision runs: there is nothing to wait for then.
    bool stopAfterRevision(TransactionPolicy transactions);
    void cancel(); ///< says that it is cancelled now

private:
    void tell(const RunEvent &event);
    void finished(const RunEvent &event);
    void waitsForLock(const LockWait &wait);
    void lasting(const QString &line);
    void movingLine(const QString &text);
    [[nodiscard]] QString revision() const { return m_revisions.value(m_step); }

    CommandContext &m_context;
    const QStringList m_revisions;
    std::mutex m_mutex;
    int m_step = -1;         ///< the one that runs
    bool m_waitTold = false; ///< the wait of now has its lasting line
    std::chrono::steady_clock::time_point m_waitMoved;
};

/// One moving line on a terminal, nothing elsewhere.
void showBackupProgress(CommandContext &context, const BackupProgress &progress);

/// Who keeps us waiting, for one line: "backend 4711 (psql, idle in transaction for 3 min)".
[[nodiscard]] QString toText(const Blocker &blocker);
/// "waits for ACCESS EXCLUSIVE on sessions (12 s), held up by …; 3 sessions queue behind".
[[nodiscard]] QString toText(const LockWait &wait);

} // namespace stepwell::cli
