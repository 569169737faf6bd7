// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"

namespace stepwell {

/// "1 revision", "2 revisions".
[[nodiscard]] QString countText(qsizetype count, const QString &one, const QString &several);

/// Blocking findings that nobody has accepted, neither in the file, the workspace, a review nor here:
/// "index-not-concurrent on sessions (e41d09b7a3c8)", each once.
[[nodiscard]] QStringList openFindings(const QList<StepReview> &reviews,
                                       const QHash<RevisionId, QList<AcceptedFinding>> &accepted);

/// The check "findings": failed if the environment blocks on open findings, a warning if it warns or in an
/// emergency, passed if it does not look.
[[nodiscard]] CheckResult findingsCheck(const QList<StepReview> &reviews, const Environment &environment,
                                        const QHash<RevisionId, QList<AcceptedFinding>> &accepted,
                                        bool emergency);

/// The check "approvals": failed if the environment asks for more than there are, a warning in an emergency
/// or if somebody rejected what needs no approval.
[[nodiscard]] CheckResult approvalsCheck(const QList<StepReview> &reviews, const Environment &environment,
                                         bool emergency);

/// Why a revision does not count as approved: "90c2fd61b5ae has 1 of 2 approvals (Ada)"; empty if it does.
[[nodiscard]] QString approvalProblem(const RevisionId &revision, const SignOff &signOff,
                                      const ReviewHashes &now);

} // namespace stepwell
