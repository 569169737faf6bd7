// SPDX-License-Identifier: MIT
#include "app/cli/runchecks.h"

#include "app/cli/checkresults.h"
#include "app/settlement.h"
#include "migrations/journal/journal.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

bool isOfReview(const CheckResult &check)
{
    return check.name == "findings"_L1 || check.name == "approvals"_L1;
}

/// One line each: those that failed follow with all they say.
void tellWarnings(CommandContext &context, const QList<CheckResult> &checks)
{
    for (const CheckResult &check : checks) {
        if (context.progressMode() == ProgressMode::Json)
            context.event(u"check"_s, toJson(check));
        else if (check.state == CheckState::Warning)
            context.note(u"warning: %1: %2"_s.arg(check.title, check.text) +
                         (check.hint.isEmpty() ? QString() : QString(u"\n  "_s + check.hint)));
    }
}

} // namespace

void settleBefore(CommandContext &context, const Target &target)
{
    const auto password = [&](const Target &one) { return context.storedPassword(one); };
    for (const QString &line : settleUnfinishedRuns({target}, context.workspaceDirectory(target), password))
        context.note(line);
}

PreflightRequest preflightOf(const RunRequest &request, const std::optional<QList<StepReview>> &reviews)
{
    PreflightRequest preflight{.target = request.target,
                               .plan = request.plan,
                               .password = request.password,
                               .workspaceDirectory = request.workspaceDirectory,
                               .backupDirectory =
                                   request.backup == BackupChoice::Dump ? request.backupDirectory : QString(),
                               .accepted = request.accepted,
                               .emergency = request.emergency,
                               .proveDatabase = false,
                               .journal = defaultJournalPath()};
    if (reviews)
        preflight.reviews = [found = *reviews]() -> Result<QList<StepReview>> { return found; };
    return preflight;
}

std::optional<int> checkBeforeRun(CommandContext &context, const PreflightRequest &request)
{
    QList<CheckResult> checks = runPreflight(request, context.streams.interrupted);
    if (context.streams.interrupted.stop_requested())
        return context.fail({.kind = ErrorKind::Cancelled, .message = u"Cancelled. Nothing was changed."_s});
    checks.removeIf(isOfReview);
    tellWarnings(context, checks);
    const std::optional<Error> failed = failureOf(checks, true);
    if (!failed)
        return {};
    checks.removeIf([](const CheckResult &check) { return check.state != CheckState::Failed; });
    if (context.options.json) {
        context.print({{u"error"_s, toJson(*failed)}, {u"checks"_s, toJson(checks)}});
        return exitCode(failed->kind);
    }
    if (context.progressMode() != ProgressMode::Json && checks.size() > 1)
        *context.streams.err << toText(checks, context);
    return context.fail(*failed);
}

} // namespace stepwell::cli
