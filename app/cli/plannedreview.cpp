// SPDX-License-Identifier: MIT
#include "app/cli/plannedreview.h"

#include "app/cli/revisionreviews.h"
#include "migrations/review/signoff.h"
#include "migrations/run/reviewchecks.h"

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString withoutStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

Result<void> bind(const CommandContext &context, const QList<StepReview> &reviews, RunRequest &request)
{
    if (const Result<void> sound = checkAccepted(context.options.accepted, reviews); !sound)
        return sound;
    for (const StepReview &step : reviews) {
        request.reviewed.insert(step.revision, step.hashes);
        const auto accepted = acceptedFindings(context.options.accepted, step);
        if (!accepted)
            return std::unexpected(accepted.error());
        if (!accepted->isEmpty())
            request.accepted.insert(step.revision, *accepted);
    }
    return {};
}

} // namespace

Result<std::optional<QList<StepReview>>> reviewBeforeRun(CommandContext &context,
                                                         const PlannedTarget &planned, RunRequest &request)
{
    const Environment &environment = request.target.environment;
    if (environment.findings == FindingsPolicy::Off && environment.approvals == 0)
        return std::nullopt;
    request.runner = reviewerIdentity(request.workspaceDirectory);
    Result<QList<StepReview>> reviews =
        reviewPlan(context, planned.target, planned.access, planned.plan, request.runner);
    if (!reviews)
        return std::unexpected(reviews.error());
    if (const Result<void> bound = bind(context, *reviews, request); !bound)
        return std::unexpected(bound.error());
    for (const CheckResult &check :
         {findingsCheck(*reviews, environment, request.accepted, request.emergency),
          approvalsCheck(*reviews, environment, request.emergency)}) {
        if (check.state == CheckState::Failed)
            return failure(ErrorKind::Refused,
                           u"%1: %2. Nothing was changed."_s.arg(check.title, withoutStop(check.text)),
                           check.hint);
        if (check.state == CheckState::Warning)
            context.note(u"warning: %1: %2"_s.arg(check.title, check.text));
    }
    return *std::move(reviews);
}

} // namespace stepwell::cli
