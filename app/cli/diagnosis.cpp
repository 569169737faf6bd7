// SPDX-License-Identifier: MIT
#include "app/cli/diagnosis.h"

#include "app/cli/resolvetext.h"
#include "app/cli/revisionreviews.h"
#include "app/settlement.h"
#include "migrations/journal/journal.h"
#include "migrations/review/signoff.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/runpolicy.h"

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

const QString indexCheck = u"invalid-indexes"_s;

/// Where the policy leaves the check out, a diagnosis makes it all the same.
Result<CheckResult> checkIndexes(const TargetAccess &access)
{
    return access.openSession(u"doctor"_s, std::chrono::seconds(5))
        .transform(
            [](const std::unique_ptr<DatabaseSession> &session) { return checkInvalidIndexes(*session); });
}

void planToHead(Diagnosis &diagnosis)
{
    const RevisionMap &map = diagnosis.access.scripts.map;
    diagnosis.plan.from = diagnosis.status.current;
    diagnosis.plan.to = diagnosis.status.current;
    const Result<Plan> plan = planUpgrade(map, diagnosis.status.current, u"heads"_s);
    if (plan)
        diagnosis.plan = *plan;
    else
        diagnosis.whyNoPlan = plan.error().message;
}

QString revisionCount(qsizetype count)
{
    return count == 1 ? u"1 revision is"_s : u"%1 revisions are"_s.arg(count);
}

} // namespace

bool Diagnosis::isUnreachable() const
{
    return status.state == TargetState::Unreachable ||
           std::ranges::any_of(checks, [](const CheckResult &check) {
               return check.name == "connection"_L1 && check.state == CheckState::Failed;
           });
}

QString Diagnosis::state() const
{
    const QString at = stepwell::toText(status.current);
    switch (status.state) {
    case TargetState::AtHead:
        return u"The database is at %1, the head of the files."_s.arg(at);
    case TargetState::Pending:
        return u"The database is at %1; %2 pending up to %3."_s.arg(at, revisionCount(status.pending.size()),
                                                                    stepwell::toText(status.heads));
    case TargetState::Empty:
        return status.pending.isEmpty()
                   ? u"The database has no revision, and the files have none either."_s
                   : u"The database has no version row: to Alembic it is empty, and %1 pending."_s.arg(
                         revisionCount(status.pending.size()));
    case TargetState::Diverged:
        return u"The files have several heads: %1. The database is at %2."_s.arg(
            stepwell::toText(status.heads), at);
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
        return u"The database is at %1, and no file here has such a revision: a phantom."_s.arg(at);
    case TargetState::Unreachable:
        return u"The database cannot be reached."_s;
    case TargetState::Broken:
        break;
    }
    if (status.error && status.error->kind == ErrorKind::OverlappingRevisions)
        return u"The version table of the database has rows that lie below one another (%1): Alembic stops at that."_s
            .arg(at);
    return u"The revision files are broken, so nothing can be planned."_s;
}

QStringList Diagnosis::next() const
{
    QStringList next;
    if (status.error && !status.error->hint.isEmpty())
        next += status.error->hint;
    for (const CheckState wanted : {CheckState::Failed, CheckState::Warning}) {
        for (const CheckResult &check : checks) {
            if (check.state != wanted)
                continue;
            if (!check.fixes.isEmpty())
                next += u"%1: `stepwell doctor %2 --fix %3` shows what mends it, and asks first."_s.arg(
                    check.title, target.id.text(), check.name);
            else if (wanted == CheckState::Failed && !check.hint.isEmpty())
                next += u"%1: %2"_s.arg(check.title, check.hint);
        }
    }
    const bool mayRun = std::ranges::none_of(
        checks, [](const CheckResult &check) { return check.state == CheckState::Failed; });
    for (const Trouble &trouble : history.troubles) {
        const auto possible = std::ranges::find_if(
            trouble.offers, [](const RepairOffer &offer) { return offer.whyNot.isEmpty(); });
        const QString command =
            possible == trouble.offers.end() ? QString() : commandOf(*possible, historyName);
        next +=
            command.isEmpty() ? trouble.title : u"%1: `%2` shows the way out."_s.arg(trouble.title, command);
    }
    if (mayRun && status.heads.size() > 1)
        next += u"Until then one of the heads can be named (`stepwell upgrade %1 %2`), or all of them "
                "(`stepwell upgrade %1 heads`)."_s.arg(target.id.text(), status.heads.first().text());
    else if (mayRun && !plan.steps.isEmpty())
        next += u"`stepwell upgrade %1` may run."_s.arg(target.id.text());
    if (next.isEmpty())
        next += u"Nothing."_s;
    next.removeDuplicates();
    return next;
}

QList<CheckResult> makeChecks(CommandContext &context, const Diagnosis &diagnosis, bool withReviews)
{
    const Target &target = diagnosis.target;
    const QString workspace = context.workspaceDirectory(target);
    const bool backsUp = target.environment.backup != BackupPolicy::Off;
    PreflightRequest request{.target = target,
                             .plan = diagnosis.plan,
                             .password = diagnosis.access.password,
                             .workspaceDirectory = workspace,
                             .backupDirectory =
                                 backsUp ? defaultBackupDirectory(workspace, target.id) : QString(),
                             .journal = defaultJournalPath()};
    if (withReviews && !diagnosis.plan.steps.isEmpty())
        request.reviews = [&context, &diagnosis, workspace] {
            return reviewPlan(context, diagnosis.target, diagnosis.access, diagnosis.plan,
                              reviewerIdentity(workspace));
        };
    QList<CheckResult> checks = runPreflight(request, context.streams.interrupted);
    if (!std::ranges::contains(checks, indexCheck, &CheckResult::name)) {
        if (const Result<CheckResult> indexes = checkIndexes(diagnosis.access))
            checks += *indexes;
    }
    std::ranges::stable_sort(checks, {}, [](const CheckResult &check) { return checkOrder(check.name); });
    return checks;
}

Result<Diagnosis> diagnose(CommandContext &context)
{
    QStringList rest;
    const Result<Target> target = context.target(&rest);
    if (!target)
        return std::unexpected(target.error());
    if (!rest.isEmpty())
        return failure(ErrorKind::Usage,
                       u"`doctor` looks at one target; %1 is one too many."_s.arg(rest.first()),
                       u"Write ENVIRONMENT/COMPONENT only."_s);
    const Result<QString> password = context.password(*target);
    if (!password)
        return std::unexpected(password.error());
    Result<TargetAccess> access = TargetAccess::open(*target, *password);
    if (!access)
        return std::unexpected(access.error());
    Diagnosis diagnosis{.target = *target, .access = *std::move(access)};
    diagnosis.settled = settleUnfinishedRuns({*target}, context.workspaceDirectory(*target),
                                             [&](const Target &) { return diagnosis.access.password; });
    diagnosis.status = readTargetStatus(*target, diagnosis.access.password);
    planToHead(diagnosis);
    if (const Result<NamedHistory> named = readNamedHistory(context, GitLook::With)) {
        diagnosis.history = named->look;
        diagnosis.historyName = named->name;
    }
    diagnosis.checks = makeChecks(context, diagnosis, context.options.fix.isEmpty());
    return diagnosis;
}

} // namespace stepwell::cli
