// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

namespace stepwell {

/// An action as one line for comparison: only the fields that are set, enumerators as numbers.
[[nodiscard]] QString actionText(const Action &action);
[[nodiscard]] QString actionsText(const QList<Action> &actions);
/// The actions of the only statement of a script.
[[nodiscard]] QList<Action> actionsOfSql(const QString &sql);

} // namespace stepwell
