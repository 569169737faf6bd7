// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/backup/backuprecord.h"
#include "migrations/workspace/workspace.h"

#include <optional>

namespace stepwell {

/// How a run ended. Running is not an end: a run that a crash cut off stays so until the next start
/// reads its database.
enum class Outcome {
    Running,
    Done,
    Stopped,           ///< after a revision, as asked
    FailedRolledBack,  ///< the failed revision left nothing behind
    FailedWithChanges, ///< the failed revision committed part of its work
    Cancelled,
    Refused, ///< a check said no before the first statement
    Unknown, ///< link lost; to be resolved by reading the database
};

/// "running", "done", "stopped", "failed-rolled-back", "failed-with-changes", "cancelled",
/// "refused", "unknown".
[[nodiscard]] QString outcomeName(Outcome outcome);

enum class RunKind { Upgrade, Downgrade, Backup, Stamp };
[[nodiscard]] QString runKindName(RunKind kind); ///< "upgrade", "downgrade", "backup", "stamp"

enum class StepState {
    Waiting,
    Running, ///< also: applied in a transaction that is not committed yet
    Done,
    Failed,
    RolledBack, ///< applied, and taken back together with a later one
    Unknown,
};
[[nodiscard]] QString stepStateName(StepState state);

/// A finding that somebody knew of and went on.
struct JournalAcceptance {
    QString finding; ///< its key: "rule@relation"
    QString reason;
    QString by; ///< the reviewer, or the one who ran it

    bool operator==(const JournalAcceptance &) const = default;
};

/// What stood behind a step when it ran. Empty if nobody was asked.
struct JournalSignOff {
    QStringList approvedBy; ///< reviewers of the texts as they were, the one who ran it left out
    QList<JournalAcceptance> accepted;
    QString
        sqlHash; ///< SHA-256 of the reviewed SQL in the run's direction; empty if it could not be rendered

    bool operator==(const JournalSignOff &) const = default;
};

/// One statement that a step executed. Bind parameters are never known.
struct JournalStatement {
    QString text; ///< shortened to 2,000 characters; without passwords
    std::chrono::milliseconds duration{0};
    qint64 rows = -1; ///< -1: unknown
    bool ok = true;

    bool operator==(const JournalStatement &) const = default;
};

/// What was done after the last revision: it never changes how the run ended.
struct JournalAfter {
    enum Kind { Restart, Log };
    Kind kind = Restart;
    QString what; ///< the command, or the path of the log
    bool ok = true;
    QString text;      ///< the verdict in one sentence
    QStringList lines; ///< the lines that it goes by; at most 20
    std::chrono::milliseconds duration{0};

    bool operator==(const JournalAfter &) const = default;
};

/// One step of a run as the journal tells it.
struct JournalStep {
    RevisionId revision;
    QString message;
    QString fileHash; ///< SHA-256 of the revision file when it ran
    RevisionIds from;
    RevisionIds to;
    StepState state = StepState::Waiting;
    QDateTime started;
    std::chrono::milliseconds duration{0};
    QString error;
    JournalSignOff signOff;
    QList<JournalStatement> statements; ///< of the attempt that counts; the first 500
    qsizetype statementCount = 0;       ///< all of them

    bool operator==(const JournalStep &) const = default;
};

/// One run as the journal tells it.
struct JournalEntry {
    qint64 id = 0;
    QString uid; ///< the same in the shared journal of the target's database
    RunKind kind = RunKind::Upgrade;
    TargetId target;
    QString workspace;    ///< directory
    QString databaseText; ///< user@host:port/database
    QString who;          ///< user@machine
    QString asked;        ///< the target as asked for: head, -1, an id …
    QDateTime started;
    QDateTime finished;
    RevisionIds from;
    RevisionIds planned; ///< rows the plan ends with
    RevisionIds to;      ///< rows found at the end
    Outcome outcome = Outcome::Running;
    QString message; ///< the outcome in one sentence
    QString note;    ///< e.g. which other backup the operator relies on
    std::optional<BackupRecord> backup;
    QList<JournalStep> steps;
    qint64 processId = 0;   ///< of the Stepwell that runs it
    bool emergency = false; ///< a rollback that did not wait for approvals
    TransactionPolicy transactions = TransactionPolicy::Revision;
    QStringList leftBehind;    ///< what a failed revision left in the database
    QList<JournalAfter> after; ///< in order

    /// False while it runs and after an unknown outcome: `to` says nothing then.
    [[nodiscard]] bool rowsKnown() const
    {
        return outcome != Outcome::Running && outcome != Outcome::Unknown;
    }

    bool operator==(const JournalEntry &) const = default;
};

} // namespace stepwell
