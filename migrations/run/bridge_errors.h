// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"

#include <QJsonObject>

namespace stepwell {

/// What the bridge tells of a Python exception or of a check, as an Error. `doing` starts the sentence
/// of a failure in the project's code: "Revision 3f2a failed", "env.py failed". The message holds the
/// server's own without values of rows; what it says beyond that is in the detail.
[[nodiscard]] Error bridgeError(const QJsonObject &told, const QString &doing);

} // namespace stepwell
