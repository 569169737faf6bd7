// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/lockwatch.h"
#include "migrations/run/runlock.h"
#include "migrations/run/targetaccess.h"

#include <atomic>
#include <stop_token>

namespace stepwell {

/// What is true after one step: read from the database, never from an exit code.
struct StepVerdict {
    /// Done, Failed, Unknown, Waiting if nothing of the step was run; Running if it was applied in a
    /// transaction that is still open: only a later verdict tells what became of it.
    StepState state = StepState::Unknown;
    std::optional<Error> error; ///< why not Done; also set if the link was lost after COMMIT
    RevisionIds rows;
    bool rowsKnown = false;
    bool linkLost = false;  ///< the run must not go on, even if this step is Done
    bool cancelled = false; ///< failed because the user cancelled
    bool gaveUp = false;    ///< failed because the user gave the lock up
    bool started = true;    ///< false: nothing of the step was run
    /// Of the steps that were applied before it in the same transaction: how many the database keeps.
    qsizetype earlierDone = 0;
    QStringList leftBehind; ///< statements that steps which are not done committed
    std::chrono::milliseconds duration{0};

    /// It was in somebody's way, and the database is as it was before: the same may be tried again.
    [[nodiscard]] bool mayBeTriedAgain() const;
};

/// Runs single steps through the bridge and reads the version rows back as soon as they are committed.
/// Blocking; lives on the run's thread and uses the run's control session for reading and for cancelling.
class StepRunner
{
public:
    struct Settings {
        TargetAccess access;
        QString versionTable;
        Bridge::StepOptions options;
        std::stop_token cancel;
        std::chrono::milliseconds recoveryTime{20000}; ///< how long the truth is waited for
        std::atomic<bool> *giveUp = nullptr; ///< set: the statement that waits for a lock is to be cancelled
        LockWatch *locks = nullptr;
        Bridge::EventHandler onEvent; ///< what the lock watch tells
    };

    StepRunner(Settings settings, Bridge &bridge, std::unique_ptr<DatabaseSession> &control);

    /// `last`: no further step follows in the same call of env.py.
    [[nodiscard]] StepVerdict run(const RunStep &step, int index, bool last);
    /// Ends the call of env.py; steps in an open transaction are taken back. Of the verdict, `state` is Done
    /// if env.py ended well.
    [[nodiscard]] StepVerdict finish();

    /// The version rows, on a new session if the control session is gone; waits up to recoveryTime for a
    /// server that restarts and for the backend of a killed bridge to end.
    [[nodiscard]] Result<RevisionIds> readTruth();

private:
    struct Pressed {
        std::chrono::steady_clock::time_point first;
        std::chrono::steady_clock::time_point last;
    };
    void whileWaiting(int index, Pressed &cancel, bool &gaveUp);
    void tellLocks(int index);
    void cancelIfAsked(Pressed &cancel);
    void giveUpIfAsked(bool &gaveUp);
    [[nodiscard]] StepVerdict judge(const RunStep &step, const BridgeStepResult &result);
    void compareRows(StepVerdict &verdict, const RunStep &step, const BridgeStepResult &result);
    [[nodiscard]] Result<void> waitForBackend(int backendPid);

    Settings m_settings;
    Bridge &m_bridge;
    std::unique_ptr<DatabaseSession> &m_control;
    QList<RunStep> m_open; ///< applied in a transaction that is not committed yet
    bool m_waitsForLock = false;
    int m_lostBackend = 0;      ///< of a step whose link or process was lost, until it is known to have ended
    bool m_controlLost = false; ///< and with it the run lock and the proof
};

} // namespace stepwell
