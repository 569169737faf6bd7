// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QCoreApplication>

namespace stepwell {

/// The words in which plans, runs and their ends are told to people. Any thread.
class RunText
{
    Q_DECLARE_TR_FUNCTIONS(stepwell::RunText)

public:
    /// "12 ms", "3.4 s", "2 min 05 s", "1 h 02 min".
    [[nodiscard]] static QString duration(std::chrono::milliseconds duration);
    /// "00:01:42".
    [[nodiscard]] static QString elapsed(std::chrono::milliseconds duration);
    /// "3.1 GiB".
    [[nodiscard]] static QString size(qint64 bytes);
    /// "7b6a → e41d"; base for no rows.
    [[nodiscard]] static QString way(const RevisionIds &from, const RevisionIds &to);
    /// From where a run started to where it ended, or "?".
    [[nodiscard]] static QString way(const JournalEntry &entry);
    /// "1 revision", "3 revisions".
    [[nodiscard]] static QString revisions(qsizetype count);
    /// "2026-11-22 14:06:32", local time; empty if not valid.
    [[nodiscard]] static QString moment(const QDateTime &when);

    [[nodiscard]] static QString kind(RunKind kind);       ///< "Upgrade", "Rollback", "Backup"
    [[nodiscard]] static QString outcome(Outcome outcome); ///< a word or two, for a chip
    /// One plain sentence on what is true of the database after such an end.
    [[nodiscard]] static QString outcomeSentence(Outcome outcome);
    [[nodiscard]] static QString phase(RunPhase phase);
    [[nodiscard]] static QString stepState(StepState state);
    /// "one transaction per revision".
    [[nodiscard]] static QString transactions(TransactionPolicy policy);
    /// A timeout: "5 s", "500 ms", "2 min".
    [[nodiscard]] static QString limit(std::chrono::milliseconds limit);

    /// White space folded, so that a statement fits one line. Comments stay.
    [[nodiscard]] static QString oneLine(const QString &sql);
};

} // namespace stepwell
