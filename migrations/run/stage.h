// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"

namespace stepwell {

/// How many of the steps, one after the other, the rows show as done; -1 if the rows are no stage of them.
template<typename Step>
[[nodiscard]] qsizetype stageOf(const QList<Step> &steps, const RevisionIds &rows)
{
    for (qsizetype done = steps.size(); done > 0; --done) {
        if (sameSet(steps.at(done - 1).to, rows))
            return done;
    }
    return steps.isEmpty() || sameSet(steps.first().from, rows) ? 0 : -1;
}

} // namespace stepwell
