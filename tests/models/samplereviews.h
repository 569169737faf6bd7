// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QHash>

/// Made-up reviews of sample::managerRevisions() for tests of models and views.
namespace stepwell::sample {

/// e41d09b7a3c8: an index on sessions (41 GB) and SET NOT NULL, both blocking, a foreign key that warns.
[[nodiscard]] StepReview headReview();
/// Its way down: drops what it made, nothing is found.
[[nodiscard]] StepReview headDowngradeReview();
/// 90c2fd61b5ae: a merge without statements.
[[nodiscard]] StepReview mergeReview();
/// 52ab7c9e8d10: cannot be rendered, a finding about the file.
[[nodiscard]] StepReview backfillReview();
[[nodiscard]] QList<StepReview> pendingReviews(); ///< in the order of the plan
[[nodiscard]] QHash<RevisionId, StepReview> byRevision(const QList<StepReview> &reviews);

[[nodiscard]] SignOff approvedBy(const QString &reviewer);
[[nodiscard]] SignOff staleSince(const QString &reviewer);
/// A review of headReview()'s texts with a comment on line 3 of the upgrade and line 2 of the file.
[[nodiscard]] Review headVerdict(const QString &reviewer);

} // namespace stepwell::sample
