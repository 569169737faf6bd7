// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/targetaccess.h"
#include "migrations/workspace/workspace.h"

#include <functional>
#include <stop_token>

namespace stepwell {

/// How steps are reviewed: what the workspace and the environment say, and what is known of the database.
struct PlanReviewOptions {
    QString workspaceDirectory; ///< where .stepwell/reviews is; without a workspace the folder of the ini
    QString runner;             ///< who would run it: their own approvals do not count; empty: count all
    LintOptions lint;           ///< catalogue, version, thresholds, what the workspace ignores
    bool refresh = false;       ///< render anew, whatever is kept from before
    std::stop_token stop;
    std::function<void(int done, int total)> progress; ///< revisions rendered; from the calling thread
};

/// The lint options of a target as a run by Stepwell would meet it: limits set, what the workspace ignores.
/// Without a database: no catalogue, the newest known server.
[[nodiscard]] LintOptions lintOptions(const Target &target, const Workspace *workspace);
/// The same with the server's version, schema and sizes, read from that session.
[[nodiscard]] Result<LintOptions> lintOptions(const Target &target, const Workspace *workspace,
                                              DatabaseSession &session);

/// Renders steps both ways through the project's Alembic, lints them in their order, and says what the
/// reviews of each say. One result a step, also where a step cannot be rendered. Blocking. Errors:
/// PythonMissing and the like, Cancelled, FileError.
[[nodiscard]] Result<QList<StepReview>> reviewSteps(const TargetAccess &access, const Target &target,
                                                    const QList<RunStep> &steps, Direction direction,
                                                    const PlanReviewOptions &options);

/// The same for SQL that is already there: `rendered` holds each step in both directions, in any order.
[[nodiscard]] Result<QList<StepReview>> reviewRendered(const QList<RenderedSql> &rendered,
                                                       const RevisionMap &map, const Target &target,
                                                       const QList<RunStep> &steps, Direction direction,
                                                       const PlanReviewOptions &options);

} // namespace stepwell
