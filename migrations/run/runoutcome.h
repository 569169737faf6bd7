// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

namespace stepwell {

/// Fills summary and next of a report from its outcome, rows, steps and error: plain words, and what to do.
void describeOutcome(RunReport &report, const Plan &plan);

/// How a list of what was left behind begins to name version rows that somebody else changed.
[[nodiscard]] inline QString versionRowsLeft()
{
    return QStringLiteral("the version rows: ");
}

/// The exit code of the command line for a run.
[[nodiscard]] int exitCode(const RunReport &report);

} // namespace stepwell
