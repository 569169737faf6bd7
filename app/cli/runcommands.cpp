// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/planning.h"
#include "app/cli/revisionreviews.h"
#include "app/cli/rowplans.h"
#include "app/cli/runprogress.h"
#include "app/settlement.h"
#include "migrations/run/backuprun.h"
#include "migrations/run/migrationrun.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/run/runoutcome.h"
#include "migrations/run/runpolicy.h"
#include "migrations/workspace/duration.h"

#include <QDir>
#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

Result<void> applyLimit(const QString &text, const QString &option, std::chrono::milliseconds &limit)
{
    if (text.isEmpty())
        return {};
    const std::optional<std::chrono::milliseconds> parsed = parseDuration(text);
    if (!parsed)
        return failure(ErrorKind::Usage, u"%1 %2 is no duration."_s.arg(option, text),
                       u"Write 500ms, 5s, 10min, or 0 for no limit."_s);
    limit = *parsed;
    return {};
}

/// The request as the policy proposes it, changed by the options.
Result<RunRequest> makeRequest(const CommandContext &context, const PlannedTarget &planned)
{
    const Options &options = context.options;
    RunRequest request =
        proposeRequest(planned.target, planned.plan, context.workspaceDirectory(planned.target));
    request.password = planned.access.password;
    request.restartAfterwards = options.restart;
    request.emergency = options.emergency;
    if (!options.backupDirectory.isEmpty())
        request.backupDirectory = QDir().absoluteFilePath(options.backupDirectory);
    if (options.backup)
        request.backup = BackupChoice::Dump;
    if (options.noBackup)
        request.backup = BackupChoice::None;
    if (!options.backupNote.isEmpty()) {
        request.backup = BackupChoice::Elsewhere;
        request.backupNote = options.backupNote;
    }
    if (options.backup && options.noBackup)
        return failure(ErrorKind::Usage, u"--backup and --no-backup exclude each other."_s);
    return applyLimit(options.lockTimeout, u"--lock-timeout"_s, request.lockTimeout)
        .and_then([&] {
            return applyLimit(options.statementTimeout, u"--statement-timeout"_s, request.statementTimeout);
        })
        .and_then([&] { return checkPolicy(request); })
        .transform([&] { return request; });
}

QString backupText(const RunRequest &request)
{
    switch (request.backup) {
    case BackupChoice::Dump:
        return u"Backup first: to %1, verified by a full read."_s.arg(request.backupDirectory);
    case BackupChoice::Elsewhere:
        return u"No new backup; you rely on: %1"_s.arg(request.backupNote);
    case BackupChoice::None:
        break;
    }
    return u"NO BACKUP is made."_s;
}

/// Protected environments want their name, the others a yes. Without a terminal the options must say it.
Result<void> confirm(CommandContext &context, const RunRequest &request)
{
    const Environment &environment = request.target.environment;
    if (environment.protection == Protection::Protected) {
        QString typed = context.options.confirm;
        if (typed.isEmpty() && context.streams.ask)
            typed =
                context.streams.ask(u"Type %1 to go on: "_s.arg(environment.name), false).value_or(QString());
        if (typed.trimmed() == environment.name)
            return {};
        return failure(
            ErrorKind::Refused,
            u"%1 is protected and its name was not confirmed. Nothing was changed."_s.arg(environment.name),
            u"Type the name when asked, or pass --confirm %1."_s.arg(environment.name));
    }
    if (context.options.yes)
        return {};
    const std::optional<QString> answer =
        context.streams.ask ? context.streams.ask(u"Go on? [y/N] "_s, false) : std::optional<QString>();
    if (answer && (answer->trimmed().toLower() == u"y"_s || answer->trimmed().toLower() == u"yes"_s))
        return {};
    return failure(answer ? ErrorKind::Cancelled : ErrorKind::Refused,
                   u"Not confirmed. Nothing was changed."_s, u"Answer y, or pass --yes."_s);
}

QJsonObject toJson(const BackupRecord &backup)
{
    return {{u"file"_s, backup.file},
            {u"size"_s, backup.size},
            {u"sha256"_s, backup.sha256},
            {u"tool"_s, backup.toolVersion}};
}

QJsonObject toJson(const RunReport &report, const Plan &plan)
{
    QJsonArray steps;
    for (const JournalStep &step : report.steps)
        steps += QJsonObject{{u"revision"_s, step.revision.text()},
                             {u"state"_s, stepStateName(step.state)},
                             {u"duration_ms"_s, static_cast<qint64>(step.duration.count())},
                             {u"error"_s, step.error.isEmpty() ? QJsonValue() : QJsonValue(step.error)}};
    QJsonArray next;
    QJsonArray actions;
    for (const NextStep &step : report.next) {
        next += step.text;
        actions += nextStepName(step.action);
    }
    return {{u"run"_s, report.journalId},
            {u"direction"_s, directionName(plan.direction)},
            {u"outcome"_s, outcomeName(report.outcome)},
            {u"current"_s, report.rowsKnown ? QJsonValue(cli::toJson(report.rows)) : QJsonValue()},
            {u"summary"_s, report.summary},
            {u"next"_s, next},
            {u"next_actions"_s, actions},
            {u"left_behind"_s, QJsonArray::fromStringList(report.leftBehind)},
            {u"backup"_s, report.backup ? QJsonValue(toJson(*report.backup)) : QJsonValue()},
            {u"steps"_s, steps},
            {u"error"_s, report.error ? QJsonValue(cli::toJson(*report.error)) : QJsonValue()}};
}

int printReport(CommandContext &context, const RunReport &report, const Plan &plan)
{
    if (context.options.json) {
        context.print(toJson(report, plan));
        return exitCode(report);
    }
    QTextStream &out = exitCode(report) == 0 ? *context.streams.out : *context.streams.err;
    out << report.summary << u'\n';
    if (report.error && !report.summary.contains(report.error->message)) {
        out << report.error->message << u'\n';
        if (!report.error->sqlState.isEmpty())
            out << u"SQLSTATE "_s << report.error->sqlState << u'\n';
        if (!report.error->statement.isEmpty())
            out << u"in: "_s << report.error->statement << u'\n';
        if (!report.error->hint.isEmpty() &&
            !std::ranges::contains(report.next, report.error->hint, &NextStep::text))
            out << report.error->hint << u'\n';
        if (!report.error->detail.isEmpty())
            out << u'\n' << report.error->detail.trimmed() << u"\n\n"_s;
    }
    for (const QString &left : report.leftBehind)
        out << u"stays in the database: "_s << left << u'\n';
    if (report.backup)
        out << u"Backup: "_s << report.backup->file << u'\n';
    for (const NextStep &next : report.next)
        out << u"- "_s << next.text << u'\n';
    out.flush();
    return exitCode(report);
}

QString withoutStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

/// A policy with a misspelt key is no policy: nothing is changed until the file is clear.
Result<void> checkWarnings(const CommandContext &context)
{
    if (context.isDirect())
        return {};
    const Result<Workspace> workspace = context.workspace();
    if (!workspace || workspace->warnings.isEmpty())
        return {};
    return failure(
        ErrorKind::Refused,
        u"stepwell.toml has keys that Stepwell does not know; one may be a misspelt policy. Nothing was changed."_s,
        workspace->warnings.join(u'\n'));
}

/// Looks at the SQL as a reviewer would, where the policy of the environment asks for it, and binds the run
/// to it.
Result<void> review(CommandContext &context, const PlannedTarget &planned, RunRequest &request)
{
    const Environment &environment = request.target.environment;
    if (environment.findings == FindingsPolicy::Off && environment.approvals == 0)
        return {};
    request.runner = reviewerIdentity(request.workspaceDirectory);
    const Result<QList<StepReview>> reviews =
        reviewPlan(context, planned.target, planned.access, planned.plan, request.runner);
    if (!reviews)
        return std::unexpected(reviews.error());
    if (const Result<void> sound = checkAccepted(context.options.accepted, *reviews); !sound)
        return sound;
    for (const StepReview &step : *reviews) {
        request.reviewed.insert(step.revision, step.hashes);
        const auto accepted = acceptedFindings(context.options.accepted, step);
        if (!accepted)
            return std::unexpected(accepted.error());
        if (!accepted->isEmpty())
            request.accepted.insert(step.revision, *accepted);
    }
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
    return {};
}

int changeCommand(CommandContext &context, Direction direction)
{
    const Result<PlannedTarget> planned = planTarget(context, direction);
    // After planning, which may have asked for the password.
    if (const Result<Target> target = context.target()) {
        for (const QString &line :
             settleUnfinishedRuns({*target}, context.workspaceDirectory(*target),
                                  [&](const Target &one) { return context.storedPassword(one); }))
            context.note(line);
    }
    if (!planned)
        return context.fail(planned.error());
    if (const Result<void> clear = checkWarnings(context); !clear)
        return context.fail(clear.error());
    Result<RunRequest> request = makeRequest(context, *planned);
    if (!request)
        return context.fail(request.error());
    if (planned->plan.steps.isEmpty())
        return printReport(
            context,
            {.outcome = Outcome::Done,
             .rows = planned->plan.from,
             .rowsKnown = true,
             .summary = u"Nothing to do: the database is at %1."_s.arg(stepwell::toText(planned->plan.from))},
            planned->plan);
    if (const Result<void> reviewed = review(context, *planned, *request); !reviewed)
        return context.fail(reviewed.error());
    context.progress(planned->target.id.text() + u"  "_s + planned->access.connection.displayText());
    context.progress(toText(planned->plan, planned->access.scripts.map) + backupText(*request));
    if (const Result<void> confirmed = confirm(context, *request); !confirmed)
        return context.fail(confirmed.error());
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    RunProgress progress(context, planned->plan);
    MigrationRun run(*request, **journal, [&](const RunEvent &event) { progress.handle(event); });
    const std::stop_callback onInterrupt(context.streams.interrupted, [&] { run.cancel(); });
    return printReport(context, run.execute(), planned->plan);
}

} // namespace

int upgradeCommand(CommandContext &context)
{
    return changeCommand(context, Direction::Upgrade);
}

int rollbackCommand(CommandContext &context)
{
    return changeCommand(context, Direction::Downgrade);
}

int backupCommand(CommandContext &context)
{
    const Result<Target> target = context.target();
    if (!target)
        return context.fail(target.error());
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    const QString workspace = context.workspaceDirectory(*target);
    const QString folder = context.options.backupDirectory.isEmpty()
                               ? defaultBackupDirectory(workspace, target->id)
                               : QDir().absoluteFilePath(context.options.backupDirectory);
    const Result<BackupRecord> backup = context.password(*target).and_then([&](const QString &password) {
        return backUpTarget(
            *target, password, folder, workspace, **journal,
            [&](const BackupProgress &progress) { showBackupProgress(context, progress); },
            context.streams.interrupted);
    });
    if (!backup)
        return context.fail(backup.error());
    if (context.options.json)
        return context.print({{u"backup"_s, toJson(*backup)}});
    *context.streams.out << u"Backup made and verified by a full read: %1 (%2)\n"_s.arg(
                                backup->file, QLocale::c().formattedDataSize(backup->size))
                         << u"sha256 "_s << backup->sha256 << Qt::endl;
    return 0;
}

} // namespace stepwell::cli
