// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmapdata.h"
#include "migrations/alembic/scriptproblem.h"

namespace stepwell {

/// Fills everything of a map but its revisions, in linear time. Each fault is added to problems, in Alembic's
/// order of finding, and what makes it is left out: the later file of an identifier, a link, a label. What
/// stays is a graph without circles.
void buildMap(RevisionMapData &data, QList<ScriptProblem> &problems);

} // namespace stepwell
