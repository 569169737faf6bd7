// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "app/cli/resolvetext.h"
#include "migrations/repair/historylook.h"

namespace stepwell::cli {

/// The history that a command line names: of a component, of a target's own checkout, or of -c.
struct NamedHistory {
    HistorySource source;
    CommandName name;
    HistoryLook look;
    QStringList rest; ///< the arguments behind it
};

/// Reads the files and, side by side, every database of the component, with passwords from the secret service
/// only. Errors: Usage; those of readHistory().
[[nodiscard]] Result<NamedHistory> readNamedHistory(CommandContext &context, GitLook git);
/// Every history of the workspace. Errors: those of the workspace.
[[nodiscard]] Result<QList<NamedHistory>> readAllHistories(CommandContext &context, GitLook git);
/// The same files and databases, read again. May ask for a password.
[[nodiscard]] Result<History> readAgain(CommandContext &context, const History &history);

} // namespace stepwell::cli
