// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"

#include <QJsonObject>

namespace stepwell {

/// What the bridge tells of a Python exception or of a check, as an Error. `doing` starts the sentence
/// of a failure in the project's code: "Revision 3f2a failed", "env.py failed".
[[nodiscard]] Error bridgeError(const QJsonObject &told, const QString &doing);

/// What to do about an SQLSTATE that a revision failed with; empty if there is nothing special to say.
[[nodiscard]] QString hintFor(const QString &sqlState);

} // namespace stepwell
