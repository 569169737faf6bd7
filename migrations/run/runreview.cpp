// SPDX-License-Identifier: MIT
#include "migrations/run/runreview.h"

#include "migrations/review/reviewstore.h"
#include "migrations/run/rendering.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/run/reviewedsteps.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool wantsApprovals(const RunRequest &request)
{
    return request.target.environment.approvals > 0 && !request.emergency;
}

/// The SQL may be another although the file is the same.
QString reasonText(const ReviewHashes &before, const ReviewHashes &now)
{
    return before.file == now.file
               ? u" The file is the same: what it imports or reads, env.py, or Alembic and SQLAlchemy themselves changed."_s
               : QString();
}

std::unexpected<Error> notWhatWasShown(const RevisionId &revision, const ReviewHashes &shown,
                                       const ReviewHashes &now)
{
    return failure(
        ErrorKind::Refused,
        u"%1 is not what was shown: %2 changed since."_s.arg(revision.text(), changeText(shown, now)),
        QString(u"Look at the plan again."_s + reasonText(shown, now)));
}

std::unexpected<Error> notApproved(const Target &target, const RevisionId &revision, const SignOff &signOff,
                                   bool runnerApproved, const ReviewHashes &now)
{
    QString hint = u"%1 wants %2 of others for each revision."_s.arg(
        target.environment.name,
        signOff.required == 1 ? u"the approval"_s : u"%1 approvals"_s.arg(signOff.required));
    if (runnerApproved)
        hint += u" Your own does not count."_s;
    if (signOff.stale)
        hint += reasonText(signOff.stale->hashes, now);
    return failure(ErrorKind::Refused, QString(approvalProblem(revision, signOff, now) + u'.'), hint);
}

class RunReview
{
public:
    RunReview(const TargetAccess &access, const RunRequest &request)
        : m_access(access)
        , m_request(request)
        , m_directory(reviewDirectory(request.target, request.workspaceDirectory))
        , m_store(m_directory)
        , m_runner(request.runner.isEmpty() ? reviewerIdentity(m_directory) : request.runner)
    {
    }

    /// `now` is null if nothing had to be rendered.
    Result<JournalSignOff> confirm(const RunStep &step, const ReviewHashes *now) const
    {
        const RevisionId &revision = step.revision;
        JournalSignOff result;
        for (const AcceptedFinding &accepted : m_request.accepted.value(revision))
            result.accepted +=
                JournalAcceptance{.finding = accepted.key, .reason = accepted.reason, .by = m_runner};
        if (!now)
            return result;
        result.sqlHash = m_request.plan.direction == Direction::Upgrade ? now->upgrade : now->downgrade;
        if (const auto shown = m_request.reviewed.constFind(revision);
            shown != m_request.reviewed.constEnd() && *shown != *now &&
            (shown->file != now->file || !differsEachTime(step, *now)))
            return notWhatWasShown(revision, *shown, *now);
        QStringList unreadable;
        const Result<QList<Review>> reviews =
            m_store.read(m_request.target.component.name, revision, &unreadable);
        if (!reviews)
            return std::unexpected(reviews.error());
        if (wantsApprovals(m_request) && !unreadable.isEmpty())
            return failure(ErrorKind::Refused,
                           u"A review of %1 cannot be read; it may be a rejection."_s.arg(revision.text()),
                           unreadable.join(u'\n'));
        const SignOff found = signOffOf(*reviews, *now, m_request.target.environment.approvals, m_runner);
        const QList<Review> approvals = currentApprovals(*reviews, *now);
        if (wantsApprovals(m_request) && !approvalProblem(revision, found, *now).isEmpty())
            return notApproved(m_request.target, revision, found, approvals.size() > found.approvedBy.size(),
                               *now);
        result.approvedBy = found.approvedBy;
        for (const Review &review : approvals) {
            for (const AcceptedFinding &accepted : review.accepted)
                result.accepted += JournalAcceptance{
                    .finding = accepted.key, .reason = accepted.reason, .by = review.reviewer};
        }
        return result;
    }

    Result<QList<RenderedSql>> render(const std::stop_token &stop) const
    {
        if (!asksForReview(m_request))
            return QList<RenderedSql>();
        return renderSteps(m_access, bothWays(runSteps(m_request.plan), m_request.plan.direction),
                           {.stop = stop});
    }

private:
    /// The time, a random number or the order of a set is in the SQL: then the file is all that can be
    /// compared.
    bool differsEachTime(const RunStep &step, const ReviewHashes &now) const
    {
        const Result<QList<RenderedSql>> again =
            renderSteps(m_access, bothWays({step}, m_request.plan.direction), {});
        return again && hashesOf(reviewedTexts(step.revision, m_access.scripts.map, Renderings(*again),
                                               m_request.target.component.versionTable)) != now;
    }

    const TargetAccess &m_access;
    const RunRequest &m_request;
    QString m_directory;
    ReviewStore m_store;
    QString m_runner;
};

} // namespace

bool asksForReview(const RunRequest &request)
{
    return !request.emergency && (wantsApprovals(request) || !request.reviewed.isEmpty());
}

Result<QList<JournalSignOff>> confirmReviewed(const TargetAccess &access, const RunRequest &request,
                                              const QStringList &fileHashes, const std::stop_token &stop)
{
    const RunReview review(access, request);
    const Result<QList<RenderedSql>> rendered = review.render(stop);
    if (!rendered)
        return std::unexpected(rendered.error());
    const Renderings renderings(*rendered);
    const QList<RunStep> steps = runSteps(request.plan);
    QList<JournalSignOff> all;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const RevisionId &id = steps.at(i).revision;
        const Revision *revision = access.scripts.map.find(id);
        if (asksForReview(request) && (!revision || fileHash(revision->file) != fileHashes.value(i)))
            return failure(ErrorKind::Refused,
                           u"%1 is not what was shown: its file changed as the run began."_s.arg(id.text()),
                           u"Look at the plan again."_s);
        const ReviewHashes now = hashesOf(
            reviewedTexts(id, access.scripts.map, renderings, request.target.component.versionTable));
        const Result<JournalSignOff> signOff =
            review.confirm(steps.at(i), asksForReview(request) ? &now : nullptr);
        if (!signOff)
            return std::unexpected(signOff.error());
        all += *signOff;
    }
    return all;
}

} // namespace stepwell
