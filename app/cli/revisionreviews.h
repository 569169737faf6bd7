// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/commandcontext.h"
#include "migrations/review/stepreview.h"
#include "migrations/run/targetaccess.h"

namespace stepwell::cli {

/// Revisions of a target, reviewed, with the files they come from.
struct ReviewedRevisions {
    Target target;
    ScriptDirectory scripts; ///< with facts
    QString directory;       ///< of .stepwell/reviews
    QList<StepReview> reviews;
};

/// Which revisions the command line means, and their review. `ENVIRONMENT/COMPONENT [REVISION]` and `-c INI
/// --database URL` are what is pending in that database, with its sizes; `--range` and `--from` start
/// elsewhere; a component, an ini or a revision file needs no database. `runner`: see PlanReviewOptions.
[[nodiscard]] Result<ReviewedRevisions> reviewedRevisions(CommandContext &context,
                                                          const QString &runner = {});

/// --accept's RULE=REASON, RULE@TABLE=REASON or *=REASON, for each finding of the revision that it fits; the
/// first that fits counts.
/// Errors: Usage, if a reason is missing.
[[nodiscard]] Result<QList<AcceptedFinding>> acceptedFindings(const QStringList &texts,
                                                              const StepReview &review);

/// Errors: Usage, if one of them gives no reason or fits nothing: it may be misspelt.
[[nodiscard]] Result<void> checkAccepted(const QStringList &texts, const QList<StepReview> &reviews);

/// What a run by this user meets: the password is known, the rows are read.
[[nodiscard]] Result<QList<StepReview>> reviewPlan(CommandContext &context, const Target &target,
                                                   const TargetAccess &access, const Plan &plan,
                                                   const QString &runner);

} // namespace stepwell::cli
