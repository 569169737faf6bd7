// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"

/// Histories of any size for the benchmarks, in load order, the oldest revision first.
namespace stepwell::shapes {

enum class Shape {
    Chain,     ///< one line
    Fan,       ///< a base and all others on it
    MergedFan, ///< the same, and a last one that merges them all
    Ladder,    ///< rungs: two on the last merge, and their merge
    TwoChains, ///< two lines; each of the second depends on its neighbour in the first
};

/// About `size` revisions (rungs of a ladder: three each).
[[nodiscard]] QList<Revision> revisions(Shape shape, int size);

/// A project in a folder: alembic.ini, and versions/ with one file for each revision.
void writeProject(const QString &folder, const QList<Revision> &revisions);

} // namespace stepwell::shapes
