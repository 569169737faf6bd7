// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "migrations/review/signoff.h"

#include <QHash>

#include <optional>

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
    std::chrono::milliseconds concurrentTimeout{0}; ///< see Environment
    int lockRetries = 3;
    /// How long a server that is gone, or works on without its client, is waited for before the outcome is
    /// unknown.
    std::chrono::milliseconds recoveryTime{20000};
    TransactionPolicy transactions = TransactionPolicy::Revision;
    bool restartAfterwards = false;
    bool watchLogsAfterwards = false;
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

/// What would mend what a check or a run found: SQL that is shown before anybody runs it.
struct CheckFix {
    QString label;          ///< of a button: "Build the index again"
    QStringList statements; ///< each by itself, not in a transaction
    QString onlyIf = {};    ///< a query whose answer has to be true just before; empty: always
    QString warning;        ///< what else it does, in one sentence; may be empty

    bool operator==(const CheckFix &) const = default;
};

/// One line of the preflight.
struct CheckResult {
    QString name;  ///< as in checkpolicy.h: "connection", "same-database" …
    QString title; ///< "Same database"
    CheckState state = CheckState::Passed;
    QString text;             ///< one plain sentence
    QString hint;             ///< what to do; may be empty
    QStringList details = {}; ///< lines behind "show": sessions, indexes, a difference …
    QList<CheckFix> fixes = {};

    bool operator==(const CheckResult &) const = default;
};

/// A session that keeps ours waiting.
struct Blocker {
    int pid = 0;
    QString user;
    QString application;
    QString client; ///< address, or "local socket"; empty if this role may not see it
    QString state;  ///< "idle in transaction", "active" …
    std::chrono::seconds inTransaction{0};
    QString query;           ///< the last one; empty if this role may not see it
    QString mode;            ///< of the lock that it holds or asks for: "ACCESS SHARE"; empty: not known
    bool waits = false;      ///< it stands in the queue before us itself
    bool maySignal = false;  ///< this role may cancel and end it
    bool autovacuum = false; ///< gives way by itself, except when it prevents wraparound

    bool operator==(const Blocker &) const = default;
};

enum class BlockerSignal { CancelQuery, EndSession };

/// The statement that runs waits for a lock.
struct LockWait {
    std::chrono::milliseconds waited{0};
    QString mode;     ///< "ACCESS EXCLUSIVE"
    QString relation; ///< "sessions", or what else is waited for: "transaction 4711"
    QList<Blocker> blockers;
    int queuedBehind = 0; ///< sessions that wait for us, directly or not

    bool operator==(const LockWait &) const = default;
};

enum class RunPhase { Checks, Lock, Backup, Verify, Step, Commit, ReadBack, Restart, WatchLogs };

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
        LockWaiting,       ///< step, lockWait: told again about twice a second while it waits
        LockGone,          ///< step: it waits no more
        Signalled,         ///< ok, text: what became of a blocker that was to be cancelled or ended
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
    std::optional<LockWait> lockWait;
};

/// Something to do after a run, as its outcome proposes it.
struct NextStep {
    enum Action {
        None,          ///< words only
        ReadState,     ///< read the database again
        Retry,         ///< the same again
        FixAndRetry,   ///< after the revision or the data was mended
        Continue,      ///< with the revisions that are left
        RollBack,      ///< to where the run started
        UpgradeAgain,  ///< a rollback that stopped: up to where it started
        RestoreBackup, ///< the one of this run
        RepairIndexes, ///< RunReport::repairs
        ResolveHeads,
        PullCode,
        RestartServices,
    };
    Action action = None;
    QString text; ///< one sentence

    bool operator==(const NextStep &) const = default;
};
/// "read-state", "retry" …, as in JSON.
[[nodiscard]] QString nextStepName(NextStep::Action action);

/// Rows that break a constraint, looked up after the revision was rolled back. They are data: shown, and
/// never written into a journal or a report.
struct OffendingRows {
    QString sql; ///< the query that finds them
    QStringList columns;
    QList<QStringList> rows; ///< at most 20
    bool more = false;
    QString note; ///< why there are none to show, e.g. the column came with the same revision

    bool operator==(const OffendingRows &) const = default;
};

/// How a run ended, with what is true of the database now.
struct RunReport {
    qint64 journalId = 0;
    Outcome outcome = Outcome::Refused;
    RevisionIds rows; ///< as read at the end; the truth
    bool rowsKnown = false;
    QString summary;      ///< one sentence
    QList<NextStep> next; ///< the likeliest first
    std::optional<Error> error;
    std::optional<BackupRecord> backup;
    QList<JournalStep> steps;
    QStringList leftBehind;  ///< statements that a failed revision committed; invalid indexes
    QList<CheckFix> repairs; ///< for the invalid indexes among them
    std::optional<OffendingRows> offending;
    QList<JournalAfter> after;
};

} // namespace stepwell

Q_DECLARE_METATYPE(stepwell::RunEvent)
Q_DECLARE_METATYPE(stepwell::RunReport)
