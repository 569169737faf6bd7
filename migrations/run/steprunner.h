// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runlock.h"
#include "migrations/run/targetaccess.h"

#include <stop_token>

namespace stepwell {

/// What is true after one step: read from the database, never from an exit code.
struct StepVerdict {
    StepState state = StepState::Unknown; ///< Done, Failed or Unknown
    std::optional<Error> error;           ///< why not Done; also set if the link was lost after COMMIT
    RevisionIds rows;
    bool rowsKnown = false;
    bool linkLost = false;  ///< the run must not go on, even if this step is Done
    bool cancelled = false; ///< failed because the user cancelled
    bool started = true;    ///< false: nothing of the step was run
    QStringList leftBehind; ///< statements that a failed step committed
    std::chrono::milliseconds duration{0};
};

/// Runs single steps through the bridge and reads the version rows back after each. Blocking; lives on
/// the run's thread and uses the run's control session for reading and for cancelling.
class StepRunner
{
public:
    struct Settings {
        TargetAccess access;
        QString versionTable;
        Bridge::StepOptions options;
        int lockRetries = 3;
        std::stop_token cancel;
        Bridge::EventHandler onEvent;
    };

    StepRunner(Settings settings, Bridge &bridge, std::unique_ptr<DatabaseSession> &control);

    /// Tries again with backoff after a lock timeout that left nothing behind.
    [[nodiscard]] StepVerdict run(const RunStep &step, int index);

    /// The version rows, on a new session if the control session is gone; waits up to 20 s for a server
    /// that restarts and for the backend of a killed bridge to end.
    [[nodiscard]] Result<RevisionIds> readTruth();

private:
    [[nodiscard]] BridgeStepResult attempt(const RunStep &step);
    void cancelIfAsked(std::chrono::steady_clock::time_point &askedAt,
                       std::chrono::steady_clock::time_point &lastSignal);
    void compareRows(StepVerdict &verdict, const RunStep &step, bool ok) const;
    [[nodiscard]] StepVerdict judge(const RunStep &step, const BridgeStepResult &result);
    [[nodiscard]] bool waitBeforeRetry(int attempt) const;
    [[nodiscard]] Result<void> waitForBackend(int backendPid);

    Settings m_settings;
    Bridge &m_bridge;
    std::unique_ptr<DatabaseSession> &m_control;
    int m_lostBackend = 0;      ///< of a step whose link or process was lost, until it is known to have ended
    bool m_controlLost = false; ///< and with it the run lock and the proof
};

} // namespace stepwell
