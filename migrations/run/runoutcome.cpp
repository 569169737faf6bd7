// SPDX-License-Identifier: MIT
#include "migrations/run/runoutcome.h"

#include "migrations/run/errortranslation.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString revisionCount(qsizetype count)
{
    return count == 1 ? u"1 revision"_s : u"%1 revisions"_s.arg(count);
}

qsizetype doneSteps(const RunReport &report)
{
    return std::ranges::count(report.steps, StepState::Done, &JournalStep::state);
}

QString position(const RunReport &report, const Plan &plan)
{
    return u"The database is at %1 (%2 of %3 done)."_s.arg(toText(report.rows))
        .arg(doneSteps(report))
        .arg(revisionCount(plan.steps.size()));
}

QString failedRevision(const RunReport &report)
{
    const auto failed = std::ranges::find_if(report.steps, [](const JournalStep &step) {
        return step.state == StepState::Failed || step.state == StepState::Unknown;
    });
    return failed == report.steps.end() ? QString() : failed->revision.text();
}

/// As StepRunner names rows that are no stage of the run.
bool onlyRowsMoved(const RunReport &report)
{
    return std::ranges::all_of(report.leftBehind,
                               [](const QString &left) { return left.startsWith(versionRowsLeft()); });
}

QString unknownRevision(const RunReport &report)
{
    for (qsizetype i = report.steps.size(); i > 0; --i) {
        if (report.steps.at(i - 1).state == StepState::Unknown)
            return report.steps.at(i - 1).revision.text();
    }
    return {};
}

NextStep wayToStart(const Plan &plan, const QString &before)
{
    const QString from = toText(plan.from);
    return plan.direction == Direction::Upgrade
               ? NextStep{NextStep::RollBack,
                          before + u"roll back to %1, where this run started."_s.arg(from)}
               : NextStep{NextStep::UpgradeAgain,
                          before + u"upgrade to %1 again, where this run started."_s.arg(from)};
}

void describeDone(RunReport &report, const Plan &plan)
{
    const bool up = plan.direction == Direction::Upgrade;
    report.summary =
        u"%1 to %2: %3 %4."_s.arg(up ? u"Upgraded"_s : u"Rolled back"_s, toText(report.rows),
                                  revisionCount(doneSteps(report)), up ? u"applied"_s : u"taken back"_s);
    report.next = {
        {NextStep::RestartServices, u"Restart the services that use this database and watch their logs."_s}};
    if (report.error && report.error->connectionLost)
        report.next.prepend({NextStep::None, report.error->hint});
    else if (report.error)
        report.next.prepend(
            {NextStep::None,
             u"env.py failed after the last revision was committed: see what it had left to do."_s});
}

void describeFailure(RunReport &report, const Plan &plan)
{
    const QString revision = failedRevision(report);
    if (report.outcome == Outcome::FailedWithChanges && onlyRowsMoved(report)) {
        report.summary =
            u"Somebody else changed the version rows while revision %1 ran; nothing else of it stays. %2"_s
                .arg(revision, position(report, plan));
        report.next = {{NextStep::ReadState,
                        u"Find out who changed the version table and whether they also ran revisions."_s}};
    } else if (report.outcome == Outcome::FailedWithChanges && revision.isEmpty()) {
        report.summary =
            u"Stopped as asked, and the open transaction was taken back; part of its work had been committed "
            "before. %1"_s.arg(position(report, plan));
        report.next = {{NextStep::FixAndRetry,
                        u"Look at the statements that stay in the database, and undo them by hand."_s}};
    } else if (report.outcome == Outcome::FailedWithChanges) {
        report.summary = u"Revision %1 failed after part of its work was committed. %2"_s.arg(
            revision, position(report, plan));
        report.next = {
            {NextStep::FixAndRetry,
             u"Look at the statements that stay in the database, and undo them by hand or make the revision skip them."_s}};
    } else {
        report.summary = u"Revision %1 failed and was rolled back; it left nothing behind. %2"_s.arg(
            revision, position(report, plan));
        if (report.error && meaningOf(*report.error).passing)
            report.next = {{NextStep::Retry, u"Run it again: what was in the way may pass."_s}};
        else
            report.next = {{NextStep::FixAndRetry, u"Mend the revision or the data, then run it again."_s}};
    }
    if (doneSteps(report) > 0)
        report.next += wayToStart(plan, u"Or "_s);
    if (report.backup)
        report.next += {NextStep::RestoreBackup, u"The backup of before is %1."_s.arg(report.backup->file)};
}

void describeStopped(RunReport &report, const Plan &plan)
{
    report.summary = u"Stopped before the end. %1"_s.arg(position(report, plan));
    report.next = {{NextStep::Continue, u"Continue with the revisions that are left."_s}};
    if (doneSteps(report) > 0)
        report.next += wayToStart(plan, u"Or "_s);
}

void describeRefused(RunReport &report)
{
    report.summary =
        u"%1 Nothing was changed."_s.arg(report.error ? report.error->message : u"A check said no."_s);
    const ErrorKind kind = report.error ? report.error->kind : ErrorKind::Refused;
    const QString hint = report.error && !report.error->hint.isEmpty()
                             ? report.error->hint
                             : u"Mend what the check names, then try again."_s;
    const NextStep::Action action =
        kind == ErrorKind::MultipleHeads                                         ? NextStep::ResolveHeads
        : kind == ErrorKind::UnknownRevision || kind == ErrorKind::MissingParent ? NextStep::PullCode
        : kind == ErrorKind::Locked || kind == ErrorKind::ConnectionRefused      ? NextStep::Retry
                                                                                 : NextStep::FixAndRetry;
    report.next = {{action, hint}};
}

void describeUnknown(RunReport &report)
{
    // Of several in one transaction the last one was running.
    const QString revision = unknownRevision(report);
    report.summary =
        revision.isEmpty()
            ? u"No revision was running, but the database cannot be read now. When it was read last, it was at %1."_s
                  .arg(toText(report.rows))
            : u"The link to the database was lost while revision %1 ran, and it cannot be read now. It is "
              u"not "
              "known whether that revision was applied."_s.arg(revision);
    report.next = {
        {NextStep::ReadState,
         u"Bring the database back, then open Stepwell or run `stepwell status`: it reads the database and "
         "settles this run."_s},
        {NextStep::None, u"Do not run the revision again before that."_s}};
}

} // namespace

QString nextStepName(NextStep::Action action)
{
    switch (action) {
    case NextStep::ReadState:
        return u"read-state"_s;
    case NextStep::Retry:
        return u"retry"_s;
    case NextStep::FixAndRetry:
        return u"fix-and-retry"_s;
    case NextStep::Continue:
        return u"continue"_s;
    case NextStep::RollBack:
        return u"roll-back"_s;
    case NextStep::UpgradeAgain:
        return u"upgrade-again"_s;
    case NextStep::RestoreBackup:
        return u"restore-backup"_s;
    case NextStep::RepairIndexes:
        return u"repair-indexes"_s;
    case NextStep::ResolveHeads:
        return u"resolve-heads"_s;
    case NextStep::PullCode:
        return u"pull-code"_s;
    case NextStep::RestartServices:
        return u"restart-services"_s;
    case NextStep::None:
        break;
    }
    return u"none"_s;
}

void describeOutcome(RunReport &report, const Plan &plan)
{
    switch (report.outcome) {
    case Outcome::Running:
        break;
    case Outcome::Done:
        describeDone(report, plan);
        break;
    case Outcome::Stopped:
        describeStopped(report, plan);
        break;
    case Outcome::FailedRolledBack:
    case Outcome::FailedWithChanges:
        describeFailure(report, plan);
        break;
    case Outcome::Cancelled:
        report.summary =
            report.rowsKnown
                ? u"Cancelled; what was running was rolled back. %1"_s.arg(position(report, plan))
                : u"Cancelled before the first statement. Nothing was changed."_s;
        report.next = {{NextStep::ReadState, u"Look at the state, then decide whether to run it again."_s}};
        if (doneSteps(report) > 0)
            report.next += wayToStart(plan, u"Or "_s);
        break;
    case Outcome::Refused:
        describeRefused(report);
        break;
    case Outcome::Unknown:
        describeUnknown(report);
        break;
    }
    if (!report.repairs.isEmpty())
        report.next.prepend(
            {NextStep::RepairIndexes,
             u"Build the invalid indexes again: drop them first, IF NOT EXISTS would keep them invalid."_s});
}

int exitCode(const RunReport &report)
{
    switch (report.outcome) {
    case Outcome::Done:
        return 0;
    case Outcome::Stopped:
        return report.error ? 6 : 130; // without an error it was stopped as asked, before its end
    case Outcome::FailedRolledBack:
    case Outcome::FailedWithChanges:
        return 6;
    case Outcome::Cancelled:
        return 130;
    case Outcome::Unknown:
        return 9;
    case Outcome::Running:
    case Outcome::Refused:
        break;
    }
    const int code = report.error ? exitCode(report.error->kind) : 7;
    return code == 1 ? 7 : code;
}

} // namespace stepwell
