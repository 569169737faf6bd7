// SPDX-License-Identifier: MIT
#pragma once

#include "models/lanelayout.h"

namespace stepwell::cli {

/// The graph in box-drawing characters, newest on top. `texts` has a line for each row and stands behind its
/// node; lines that only lead from row to row come between them. Dashed lines are depends_on;
/// an arrow behind a node stands for one whose other end is far away. A double line is several in one lane.
[[nodiscard]] QStringList graphLines(const LaneLayout &layout, const QStringList &texts);

} // namespace stepwell::cli
