// SPDX-License-Identifier: MIT
#include "migrations/review/stepreview.h"

#include <algorithm>

namespace stepwell {

void acceptFindings(LintReport &report, const QList<AcceptedFinding> &accepted, const QString &by)
{
    for (Finding &finding : report.findings) {
        const auto found = std::ranges::find(accepted, findingKey(finding), &AcceptedFinding::key);
        if (!finding.accepted && found != accepted.end())
            finding.accepted = Acceptance{.where = Acceptance::Review, .reason = found->reason, .by = by};
    }
}

} // namespace stepwell
