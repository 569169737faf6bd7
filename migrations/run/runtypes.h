// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "migrations/review/signoff.h"

#include <QHash>

namespace stepwell {

enum class BackupChoice { None, Dump, Elsewhere };

/// One run as the user confirmed it. The run recomputes the plan under the lock and stops if it
/// differs from the confirmed one.
struct RunRequest {
    Target target;
    Plan plan;
    BackupChoice backup = BackupChoice::Dump;
    QString backupDirectory; ///< absolute
    QString backupNote;      ///< with Elsewhere: which backup
    std::chrono::milliseconds lockTimeout{5000};
    std::chrono::milliseconds statementTimeout{0};
    int lockRetries = 3;
    bool restartAfterwards = false;
    QString password;           ///< may be empty
    QString workspaceDirectory; ///< with the reviews; empty: the folder of the ini
    /// What was shown, by revision: the run renders it again under the lock and refuses if it differs. What
    /// is not in it is not compared.
    QHash<RevisionId, ReviewHashes> reviewed;
    QHash<RevisionId, QList<AcceptedFinding>> accepted; ///< by the one who runs it; the journal keeps them
    QString runner; ///< as in reviews: their own approvals do not count; empty: reviewerIdentity()
    /// A rollback that does not wait for approvals; the journal says so. An upgrade is refused.
    bool emergency = false;
};

enum class CheckState { Passed, Warning, Failed };

/// One line of the preflight.
struct CheckResult {
    QString name;  ///< stable id: "connection", "same-database" …
    QString title; ///< "Same database"
    CheckState state = CheckState::Passed;
    QString text; ///< one plain sentence
    QString hint; ///< what to do; may be empty

    bool operator==(const CheckResult &) const = default;
};

enum class RunPhase { Checks, Lock, Backup, Verify, Step, ReadBack, Restart };

/// What happens during a run, in order. Sent from the run's thread.
struct RunEvent {
    enum Type {
        PhaseStarted,      ///< phase, step (for RunPhase::Step), text
        PhaseFinished,     ///< phase, step, ok, text, duration
        Progress,          ///< phase, done, total (bytes or objects; total 0: unknown), text
        StatementStarted,  ///< number, text
        StatementFinished, ///< number, ok, duration, rows (-1: unknown), text (the error)
        Output,            ///< text: one line of the project's own output
        Retry,             ///< step, text
    };
    Type type = Output;
    RunPhase phase = RunPhase::Checks;
    int step = -1; ///< index into the plan's steps
    int number = 0;
    bool ok = true;
    qint64 done = 0;
    qint64 total = 0;
    qint64 rows = -1;
    std::chrono::milliseconds duration{0};
    QString text;
    QDateTime when;
};

/// How a run ended, with what is true of the database now.
struct RunReport {
    qint64 journalId = 0;
    Outcome outcome = Outcome::Refused;
    RevisionIds rows; ///< as read at the end; the truth
    bool rowsKnown = false;
    QString summary;  ///< one sentence
    QStringList next; ///< what to do next, the likeliest first
    std::optional<Error> error;
    std::optional<BackupRecord> backup;
    QList<JournalStep> steps;
    QStringList leftBehind; ///< statements that a failed revision committed; invalid indexes
};

} // namespace stepwell

Q_DECLARE_METATYPE(stepwell::RunEvent)
Q_DECLARE_METATYPE(stepwell::RunReport)
