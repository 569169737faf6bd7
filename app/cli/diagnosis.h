// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/historyreading.h"
#include "migrations/preflight/preflight.h"
#include "migrations/run/targetaccess.h"

namespace stepwell::cli {

/// What `doctor` finds about one target.
struct Diagnosis {
    Target target;
    TargetAccess access;
    TargetStatus status;
    Plan plan;               ///< to the head; without steps if there is nothing to do or no plan
    QString whyNoPlan;       ///< one sentence; empty if there is one
    HistoryLook history;     ///< what is wrong with files and rows
    CommandName historyName; ///< as a command line names it
    QStringList settled;     ///< runs that a crash cut off, and how they ended
    QList<CheckResult> checks;

    [[nodiscard]] QString state() const;    ///< in plain words
    [[nodiscard]] QStringList next() const; ///< what to do, the most important first
    [[nodiscard]] bool isUnreachable() const;
};

/// Looks at everything. May ask for the password. Errors: those of the files and the connection.
[[nodiscard]] Result<Diagnosis> diagnose(CommandContext &context);

/// The checks once more; `withReviews`: also those that render the plan's SQL.
[[nodiscard]] QList<CheckResult> makeChecks(CommandContext &context, const Diagnosis &diagnosis,
                                            bool withReviews);

} // namespace stepwell::cli
