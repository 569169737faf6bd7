// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"
#include "migrations/core/revisionid.h"

namespace stepwell {

/// One thing that is wrong with a script directory. Alembic stops at the first; Stepwell tells them all and
/// shows the rest of the graph. A plain value.
struct ScriptProblem {
    Error error;
    QStringList files;     ///< absolute paths
    RevisionIds revisions; ///< those to be marked in the graph

    bool operator==(const ScriptProblem &) const = default;
};

/// All problems as one error: the first, with the others in its detail. The list must not be empty.
[[nodiscard]] Error errorOf(const QList<ScriptProblem> &problems);

} // namespace stepwell
