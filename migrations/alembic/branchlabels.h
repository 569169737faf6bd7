// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"

namespace stepwell {

/// The labels of each node, own and inherited, sorted (specification, C.5): labels go to all
/// descendants by down_revision, and down from the revision where nothing parts or meets between it and its
/// tip, to the next point where something does. Needs the links and `upwards`.
[[nodiscard]] QList<QStringList> spreadLabels(const RevisionMapData &data);

} // namespace stepwell
