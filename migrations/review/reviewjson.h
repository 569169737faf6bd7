// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/review/signoff.h"

namespace stepwell {

/// A review as it is stored: JSON with "version": 1, keys sorted, one value a line, so that a person can read
/// its difference.
[[nodiscard]] QByteArray toJson(const Review &review);

/// Errors: FileError, with a message that continues "FILE …": "holds the conflict markers of a merge".
/// Unknown keys are left alone.
[[nodiscard]] Result<Review> reviewFromJson(const QByteArray &json);

} // namespace stepwell
