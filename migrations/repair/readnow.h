// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/history.h"

#include <functional>

namespace stepwell {

/// The same files and every database of the component read again, side by side: what has to be true just
/// before something is written. `password` is called in threads of its own. Blocking, some seconds at most.
/// Errors: those of readHistory().
[[nodiscard]] Result<History> readNow(const History &history,
                                      const std::function<QString(const Target &)> &password);

} // namespace stepwell
