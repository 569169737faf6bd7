// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/signoff.h"

namespace stepwell {

/// The name of the folder or file for any text: letters, digits, `_`, `-` and inner dots stay, other bytes
/// are %XX, and a long one is cut and ends in `~` and its hash. Two texts never have the same name. Empty for
/// an empty text only.
[[nodiscard]] QString fileNameFor(const QString &text);

/// "20261122T184700.123Z-1f2e3d4c": time and reviewer, so that two people never write the same file.
[[nodiscard]] QString verdictName(const Review &review);

/// "<the first 16 digits>.py", ".up.sql", ".down.sql"; empty for an empty hash.
[[nodiscard]] QString textName(const QString &hash, LineComment::Text text);

} // namespace stepwell
