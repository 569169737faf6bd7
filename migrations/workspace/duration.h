// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace stepwell {

/// "500ms", "5s", "2min", "1h" or "0", as the workspace file and the command line write limits. Nothing
/// for any other text, and for more than PostgreSQL's timeouts can hold (2^31 - 1 ms).
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(const QString &text);

} // namespace stepwell
