// SPDX-License-Identifier: MIT
#include "migrations/run/reviewchecks.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

QStringList openFindings(const QList<StepReview> &reviews,
                         const QHash<RevisionId, QList<AcceptedFinding>> &accepted)
{
    QStringList open;
    for (const StepReview &review : reviews) {
        const QList<AcceptedFinding> here = accepted.value(review.revision);
        if (!review.lint.problem.isEmpty())
            open += u"unreadable SQL (%1)"_s.arg(review.revision.text());
        for (const Finding &finding : review.lint.findings) {
            if (finding.accepted || !isBlocking(finding.severity) ||
                std::ranges::contains(here, findingKey(finding), &AcceptedFinding::key))
                continue;
            const QString where =
                finding.relation.isEmpty() ? QString() : u" on %1"_s.arg(finding.relation.text());
            open += u"%1%2 (%3)"_s.arg(finding.rule, where, review.revision.text());
        }
    }
    open.removeDuplicates();
    return open;
}

CheckResult findingsCheck(const QList<StepReview> &reviews, const Environment &environment,
                          const QHash<RevisionId, QList<AcceptedFinding>> &accepted, bool emergency)
{
    CheckResult check{.name = u"findings"_s, .title = u"Findings accepted"_s};
    const QStringList open = openFindings(reviews, accepted);
    const auto unknown = std::ranges::count_if(reviews, &StepReview::isKnownOnlyByRehearsal);
    const QString gaps =
        unknown == 0
            ? QString()
            : u"; %1 known only by rehearsal"_s.arg(countText(unknown, u"revision is"_s, u"revisions are"_s));
    if (environment.findings == FindingsPolicy::Off) {
        check.text = u"not asked for here"_s;
        return check;
    }
    if (open.isEmpty()) {
        // Nobody could look at those: that is no reason to stop, and none to be calm.
        check.state = unknown > 0 ? CheckState::Warning : CheckState::Passed;
        check.text = QString(u"no blocking finding is open"_s + gaps);
        check.hint = unknown > 0 ? u"Read the file of the revision; only a run shows its SQL."_s : QString();
        return check;
    }
    check.state = environment.findings == FindingsPolicy::Block && !emergency ? CheckState::Failed
                                                                              : CheckState::Warning;
    check.text = u"%1 not accepted yet: %2%3"_s.arg(
        countText(open.size(), u"blocking finding"_s, u"blocking findings"_s), open.join(u", "_s), gaps);
    check.hint = u"Take the safer way that each names, or accept it with a reason."_s;
    return check;
}

} // namespace stepwell
