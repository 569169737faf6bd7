// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QDateTime>

namespace stepwell::cli {

enum class DayEnd { First, Last };

/// "2026-11-22", "2026-11-22 14:06", with seconds, a `T` and an offset if wanted, else local time; or how
/// long ago: "90min", "36h", "7d", "2w". `dayEnd`: which end of a day without a time is meant. Errors: Usage,
/// naming `option`.
[[nodiscard]] Result<QDateTime> parseMoment(const QString &option, const QString &text, DayEnd dayEnd,
                                            const QDateTime &now);

} // namespace stepwell::cli
