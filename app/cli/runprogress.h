// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "migrations/backup/backup.h"
#include "migrations/run/runtypes.h"

namespace stepwell::cli {

/// Tells on standard error how a run goes: a line for each phase and step as it ends; statements and
/// moving figures on a terminal only.
class RunProgress
{
public:
    RunProgress(CommandContext &context, const Plan &plan) : m_context(context), m_plan(plan) {}

    void handle(const RunEvent &event);

private:
    void finished(const RunEvent &event);

    CommandContext &m_context;
    const Plan &m_plan;
};

/// One moving line on a terminal, nothing elsewhere.
void showBackupProgress(CommandContext &context, const BackupProgress &progress);

} // namespace stepwell::cli
