// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/bridge.h"

namespace stepwell {

/// The rows after the changes of a stamp, sorted.
[[nodiscard]] RevisionIds rowsAfter(RevisionIds rows, const QList<RowChange> &changes);

/// What became of a stamp from `from` to `planned`: the rows that were read decide, what Alembic said only
/// explains them. Fills outcome, rows, error and leftBehind.
void judgeStamp(RunReport &report, const BridgeStepResult &result, const Result<RevisionIds> &rows,
                const RevisionIds &from, const RevisionIds &planned);

/// Summary and next steps.
void describeStamp(RunReport &report, const RevisionIds &from, const RevisionIds &planned);

} // namespace stepwell
