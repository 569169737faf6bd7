// SPDX-License-Identifier: MIT
#include "migrations/alembic/currentrevisions.h"

#include "migrations/alembic/targets.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

RevisionIds currentRevisions(const RevisionMap &map, const RevisionIds &rows)
{
    const TargetFinder finder(map.data());
    std::vector<int> nodes;
    for (const RevisionId &row : rows) {
        if (const auto known = finder.rows({row}))
            std::ranges::copy(nodesOf(*known), std::back_inserter(nodes));
    }
    return map.data().toIds(map.data().newestOf(nodes));
}

Result<RevisionIds> revisionsFor(const RevisionMap &map, const QString &text)
{
    const auto found = TargetFinder(map.data()).several(text);
    if (!found)
        return std::unexpected(found.error());
    if (std::ranges::any_of(*found, [](int node) { return node < 0; }))
        return alembicFails(u"'%1' leads past the first revision."_s.arg(text), u"Use a smaller number."_s);
    return map.data().toIds(*found);
}

} // namespace stepwell
