// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QJsonObject>

namespace stepwell::cli {

/// "phase-started", "lock-waiting" …
[[nodiscard]] QString eventName(RunEvent::Type type);
/// "checks", "run-lock", "read-back" …
[[nodiscard]] QString phaseName(RunPhase phase);

/// One event of --progress json (docs/json.md) without its name. `revision`: the one of its step, or empty.
/// What blockers execute is left out: it may hold data, and logs are kept.
[[nodiscard]] QJsonObject toJson(const RunEvent &event, const QString &revision);

} // namespace stepwell::cli
