// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journal.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/steprunner.h"

namespace stepwell {

/// The revisions of a run, one after the other: told to the journal before and after, tried again where that
/// is safe, stopped or cancelled as asked, and read back at the end. Writes what is true into the run's
/// report. Blocking; one thread, that of the run.
class RevisionLoop
{
public:
    struct Settings {
        const RunRequest &request;
        StepRunner::Settings runner;
        /// env.py commits by itself at its end: each revision needs a call of its own.
        bool externalTransaction = false;
        const std::atomic<bool> &stop; ///< after the revision that is running
        QList<InvalidIndex> invalidBefore;
    };

    RevisionLoop(Settings settings, Bridge &bridge, std::unique_ptr<DatabaseSession> &control,
                 Journal &journal, RunReport &report);

    void run();
    /// Told of the statements that the bridge executes; passes every event on.
    void observe(const RunEvent &event);

private:
    [[nodiscard]] bool endedEarly(int next);
    [[nodiscard]] bool begin(int index);
    [[nodiscard]] StepVerdict runStep(int index);
    void settle(const StepVerdict &verdict, int index);
    void conclude(int index, StepState state);
    void end(const StepVerdict &verdict, int index);
    [[nodiscard]] bool waitBeforeRetry(const StepVerdict &verdict, int index);
    void tellCommit(int index, bool kept);
    void readBack();
    [[nodiscard]] QList<InvalidIndex> newInvalidIndexes() const;
    void takeOpenBack(int next);
    void tell(const RunEvent &event) const;
    [[nodiscard]] RunStep stepAt(int index) const;

    Settings m_settings;
    Journal &m_journal;
    RunReport &m_report;
    std::unique_ptr<DatabaseSession> &m_control;
    StepRunner m_runner;
    int m_firstOpen = 0; ///< of the steps that were applied and are not committed
    int m_current = -1;
    int m_attempts = 0;
};

} // namespace stepwell
