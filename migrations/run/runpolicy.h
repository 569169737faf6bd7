// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/bridge.h"
#include "migrations/run/runtypes.h"
#include "migrations/run/targetaccess.h"

#include <stop_token>

namespace stepwell {

/// <workspace>/backups/<environment>/<component>.
[[nodiscard]] QString defaultBackupDirectory(const QString &workspaceDirectory, const TargetId &target);

/// A request as the environment's policy proposes it: its limits, and a backup unless the policy is Off.
[[nodiscard]] RunRequest proposeRequest(const Target &target, const Plan &plan,
                                        const QString &workspaceDirectory);

/// What the policy of the environment forbids; asked again by the run itself. Errors: Refused.
[[nodiscard]] Result<void> checkPolicy(const RunRequest &request);

/// The SQL of a plan's steps, with the cache that all programs of the user share: see rendering.h.
[[nodiscard]] Result<QList<RenderedSql>> renderSteps(const TargetAccess &access, const QList<RunStep> &steps,
                                                     Direction direction, const std::stop_token &stop = {});

} // namespace stepwell
