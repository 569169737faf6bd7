// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/status/targetstatus.h"

/// Made-up targets for tests of models and views: no files, no database.
namespace stepwell::sample {

/// Three components in three environments; production is protected.
[[nodiscard]] Workspace workspace();

/// The manager's history: linear below, a branch, its merge, a head; each kind of way back.
/// Newest first: e41d09b7a3c8 (head), 90c2fd61b5ae (merge), 52ab7c9e8d10, 7b6a1e0c4f21,
/// d03f7a66c1e9 (branch point), a5518e2b90cd (label 26.3), 3e9d7701fa42, c8827e5db6f3 (base).
[[nodiscard]] QList<Revision> managerRevisions();
/// A line of `count` revisions, r00000 the base.
[[nodiscard]] QList<Revision> linearRevisions(int count);

/// The status of a target whose database has these rows.
[[nodiscard]] TargetStatus status(const TargetId &id, const QList<Revision> &revisions,
                                  const QStringList &rows);
/// Its database could not be reached; the files are there.
[[nodiscard]] TargetStatus unreachable(const TargetId &id, const QList<Revision> &revisions,
                                       const Error &error);
/// Its files could not be read.
[[nodiscard]] TargetStatus broken(const TargetId &id);

} // namespace stepwell::sample
