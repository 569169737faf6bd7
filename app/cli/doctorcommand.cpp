// SPDX-License-Identifier: MIT
#include "app/cli/checkresults.h"
#include "app/cli/commands.h"
#include "app/cli/confirmation.h"
#include "app/cli/diagnosis.h"
#include "app/cli/resolvetext.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/runlock.h"
#include "migrations/workspace/checkpolicy.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int codeOf(const Diagnosis &diagnosis)
{
    if (diagnosis.isUnreachable())
        return 5;
    return failureOf(diagnosis.checks, false) ? 7 : 0;
}

void printText(CommandContext &context, const Diagnosis &diagnosis)
{
    QTextStream &out = *context.streams.out;
    out << diagnosis.target.id.text() << u"  "_s << diagnosis.access.connection.displayText() << u'\n'
        << diagnosis.state() << u'\n';
    if (!diagnosis.whyNoPlan.isEmpty())
        out << u"No upgrade can be planned: "_s << diagnosis.whyNoPlan << u'\n';
    for (const QString &line : diagnosis.settled)
        out << line << u'\n';
    if (diagnosis.history.open)
        out << u'\n' << unfinishedText(diagnosis.history, diagnosis.historyName);
    if (!diagnosis.history.troubles.isEmpty())
        out << u'\n' << toText(diagnosis.history, diagnosis.historyName, context);
    out << u'\n' << toText(diagnosis.checks, context) << u"\nWhat to do:\n"_s;
    for (const QString &line : diagnosis.next())
        out << u"- "_s << line << u'\n';
    out.flush();
}

QJsonObject toJson(const Diagnosis &diagnosis)
{
    QJsonArray pending;
    for (const PlanStep &step : diagnosis.plan.steps)
        pending += step.revision.text();
    return {{u"environment"_s, diagnosis.target.id.environment},
            {u"component"_s, diagnosis.target.id.component},
            {u"database"_s, diagnosis.access.connection.displayText()},
            {u"state"_s, stateName(diagnosis.status.state)},
            {u"current"_s, cli::toJson(diagnosis.status.current)},
            {u"heads"_s, cli::toJson(diagnosis.status.heads)},
            {u"pending"_s, pending},
            {u"diagnosis"_s, diagnosis.state()},
            {u"no_plan"_s, diagnosis.whyNoPlan.isEmpty() ? QJsonValue() : QJsonValue(diagnosis.whyNoPlan)},
            {u"troubles"_s, cli::toJson(diagnosis.history, diagnosis.historyName)},
            {u"settled"_s, QJsonArray::fromStringList(diagnosis.settled)},
            {u"checks"_s, cli::toJson(diagnosis.checks)},
            {u"next"_s, QJsonArray::fromStringList(diagnosis.next())},
            {u"exit"_s, codeOf(diagnosis)}};
}

Result<CheckResult> named(const QList<CheckResult> &checks, const QString &name)
{
    const auto found = std::ranges::find(checks, name, &CheckResult::name);
    if (found != checks.end())
        return *found;
    QStringList names;
    for (const CheckName &known : checkNames())
        names += known.name;
    if (names.contains(name))
        return failure(ErrorKind::Refused, u"The check %1 could not be made here."_s.arg(name),
                       u"`stepwell doctor` without --fix tells what it found."_s);
    return failure(ErrorKind::Usage, u"There is no check named %1."_s.arg(name),
                   u"There are %1."_s.arg(names.join(u", "_s)));
}

/// Under the run lock: nobody migrates meanwhile.
Result<void> applyAll(CommandContext &context, const Diagnosis &diagnosis, const CheckResult &check)
{
    auto session = diagnosis.access.openSession(u"repair"_s, std::chrono::seconds(5));
    if (!session)
        return std::unexpected(session.error());
    const RunKeys keys = RunKeys::forTable(diagnosis.target.component.versionTable);
    if (const Result<void> locked =
            acquireRunLock(**session, keys, std::chrono::seconds(5), context.streams.interrupted);
        !locked)
        return locked;
    for (const CheckFix &fix : check.fixes) {
        if (context.streams.interrupted.stop_requested())
            return failure(ErrorKind::Cancelled, u"Cancelled before: %1."_s.arg(fix.label));
        context.progress(fix.label);
        if (const Result<void> applied = applyFix(diagnosis.access, fix); !applied)
            return applied;
    }
    return {};
}

int endOfFix(CommandContext &context, const CheckResult &check, const QJsonArray &applied)
{
    const int code = check.state == CheckState::Failed ? 7 : 0;
    if (context.options.json)
        context.print(
            {{u"applied"_s, applied}, {u"checks"_s, QJsonArray{cli::toJson(check)}}, {u"exit"_s, code}});
    else
        *context.streams.out << toText({check}, context) << Qt::flush;
    return code;
}

int fixCommand(CommandContext &context, const Diagnosis &diagnosis)
{
    const Result<CheckResult> check = named(diagnosis.checks, context.options.fix);
    if (!check)
        return context.fail(check.error());
    if (check->fixes.isEmpty()) {
        context.note(u"Nothing that Stepwell could mend by itself."_s);
        return endOfFix(context, *check, {});
    }
    if (const Result<void> clear = checkPolicyIsClear(context); !clear)
        return context.fail(clear.error());
    QJsonArray applied;
    context.note(diagnosis.target.id.text() + u"  "_s + diagnosis.access.connection.displayText());
    for (const CheckFix &fix : check->fixes) {
        context.note(toText(fix).trimmed());
        applied += cli::toJson(fix);
    }
    if (const Result<void> confirmed = confirm(context, diagnosis.target.environment); !confirmed)
        return context.fail(confirmed.error());
    if (const Result<void> done = applyAll(context, diagnosis, *check); !done)
        return context.fail(done.error());
    const Result<CheckResult> again = named(makeChecks(context, diagnosis, false), check->name);
    return again ? endOfFix(context, *again, applied) : context.fail(again.error());
}

/// Files that cannot be planned with: no check can be made, and what is wrong with them is what counts.
int brokenFiles(CommandContext &context, const Error &error)
{
    const Result<NamedHistory> named = readNamedHistory(context, GitLook::With);
    if (!named || named->look.history.scripts.problems.isEmpty())
        return context.fail(error);
    const int code = exitCode(error.kind);
    if (context.options.json)
        context.print({{u"error"_s, cli::toJson(error)},
                       {u"troubles"_s, cli::toJson(named->look, named->name)},
                       {u"exit"_s, code}});
    else
        *context.streams.out << error.message << u"\n\n"_s << toText(named->look, named->name, context)
                             << Qt::flush;
    return code;
}

} // namespace

int doctorCommand(CommandContext &context)
{
    const Result<Diagnosis> diagnosis = diagnose(context);
    if (!diagnosis)
        return brokenFiles(context, diagnosis.error());
    if (!context.options.fix.isEmpty())
        return fixCommand(context, *diagnosis);
    if (context.options.json)
        context.print(toJson(*diagnosis));
    else
        printText(context, *diagnosis);
    return codeOf(*diagnosis);
}

} // namespace stepwell::cli
