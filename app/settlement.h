// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/workspace/workspace.h"

#include <functional>

namespace stepwell {

/// Settles the runs of these targets that a crash cut off, by reading their databases. Blocking.
/// Returns one line for each run that was settled or is still open, and why. A journal that cannot be
/// opened settles nothing and is said once.
[[nodiscard]] QStringList settleUnfinishedRuns(const QList<Target> &targets,
                                               const QString &workspaceDirectory,
                                               const std::function<QString(const Target &)> &password);

} // namespace stepwell
