// SPDX-License-Identifier: MIT
#include "migrations/run/reviewchecks.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const QString &identity)
{
    const QString name = identity.section(u'<', 0, 0).trimmed();
    return name.isEmpty() ? identity : name;
}

QString namesOf(const QStringList &identities)
{
    QStringList names;
    for (const QString &identity : identities)
        names += nameOf(identity);
    names.removeDuplicates();
    return names.join(u", "_s);
}

} // namespace

QString countText(qsizetype count, const QString &one, const QString &several)
{
    return count == 1 ? u"1 %1"_s.arg(one) : u"%1 %2"_s.arg(count).arg(several);
}

QString approvalProblem(const RevisionId &revision, const SignOff &signOff, const ReviewHashes &now)
{
    const QString id = revision.text();
    if (!signOff.rejectedBy.isEmpty())
        return u"%1 was rejected by %2"_s.arg(id, namesOf(signOff.rejectedBy));
    if (signOff.approvedBy.size() >= signOff.required)
        return {};
    QString problem =
        signOff.approvedBy.isEmpty() && signOff.required == 1
            ? u"%1 is not approved"_s.arg(id)
            : u"%1 has %2 of %3 approvals"_s.arg(id).arg(signOff.approvedBy.size()).arg(signOff.required);
    if (!signOff.approvedBy.isEmpty())
        problem += u" (%1)"_s.arg(namesOf(signOff.approvedBy));
    if (signOff.stale)
        problem += u"; since %1 approved it, %2 changed"_s.arg(namesOf(signOff.staleBy),
                                                               changeText(signOff.stale->hashes, now));
    return problem;
}

CheckResult approvalsCheck(const QList<StepReview> &reviews, const Environment &environment, bool emergency)
{
    CheckResult check{.name = u"approvals"_s, .title = u"Approvals"_s};
    QStringList problems;
    QStringList people;
    qsizetype approved = 0;
    qsizetype fileOnly = 0;
    for (const StepReview &review : reviews) {
        SignOff signOff = review.signOff;
        signOff.required = environment.approvals;
        const QString problem = approvalProblem(review.revision, signOff, review.hashes);
        if (!problem.isEmpty())
            problems += problem;
        people += signOff.approvedBy;
        approved += problem.isEmpty() && !signOff.approvedBy.isEmpty() ? 1 : 0;
        fileOnly += !signOff.approvedBy.isEmpty() && review.isKnownOnlyByRehearsal() ? 1 : 0;
    }
    QString text = environment.approvals == 0 && approved == 0
                       ? u"none asked for here"_s
                       : u"%1 of %2"_s.arg(approved).arg(
                             countText(reviews.size(), u"revision approved"_s, u"revisions approved"_s));
    if (!people.isEmpty())
        text += u" by %1"_s.arg(namesOf(people));
    if (fileOnly > 0)
        text += u" (of %1 only the file: known only by rehearsal)"_s.arg(fileOnly);
    check.text = QStringList(QStringList{text} + problems).join(u"; "_s);
    if (problems.isEmpty())
        return check;
    check.state = environment.approvals > 0 && !emergency ? CheckState::Failed : CheckState::Warning;
    check.hint = environment.approvals > 0
                     ? u"Have somebody else look at them: %1 of others %2 asked for each."_s.arg(
                           countText(environment.approvals, u"approval"_s, u"approvals"_s),
                           environment.approvals == 1 ? u"is"_s : u"are"_s)
                     : u"Ask them why."_s;
    return check;
}

} // namespace stepwell
