// SPDX-License-Identifier: MIT
#include "migrations/run/runoutcome.h"

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

void describeDone(RunReport &report, const Plan &plan)
{
    const bool up = plan.direction == Direction::Upgrade;
    report.summary =
        u"%1 to %2: %3 %4."_s.arg(up ? u"Upgraded"_s : u"Rolled back"_s, toText(report.rows),
                                  revisionCount(doneSteps(report)), up ? u"applied"_s : u"taken back"_s);
    report.next = {u"Restart the services that use this database and watch their logs."_s};
    if (!report.leftBehind.isEmpty())
        report.next.prepend(
            u"Build the invalid indexes again: drop them first, IF NOT EXISTS would keep them invalid."_s);
}

void describeFailure(RunReport &report, const Plan &plan)
{
    const QString revision = failedRevision(report);
    if (report.outcome == Outcome::FailedWithChanges) {
        report.summary = u"Revision %1 failed after part of its work was committed. %2"_s.arg(
            revision, position(report, plan));
        report.next = {
            u"Look at the statements that stay in the database, and undo them by hand or make the revision skip them."_s};
    } else {
        report.summary = u"Revision %1 failed and was rolled back; it left nothing behind. %2"_s.arg(
            revision, position(report, plan));
        report.next = {u"Mend the revision or the data, then run it again."_s};
    }
    if (doneSteps(report) > 0)
        report.next += plan.direction == Direction::Upgrade
                           ? u"Or roll back to %1, where this run started."_s.arg(toText(plan.from))
                           : u"Or upgrade to %1 again, where this run started."_s.arg(toText(plan.from));
    if (report.backup)
        report.next += u"The backup of before is %1."_s.arg(report.backup->file);
}

} // namespace

void describeOutcome(RunReport &report, const Plan &plan)
{
    switch (report.outcome) {
    case Outcome::Running:
        break;
    case Outcome::Done:
        describeDone(report, plan);
        break;
    case Outcome::Stopped:
        report.summary = u"Stopped before the end. %1"_s.arg(position(report, plan));
        report.next = {
            u"Continue with the revisions that are left, or roll back to %1."_s.arg(toText(plan.from))};
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
        report.next = {u"Look at the state, then decide whether to run it again."_s};
        break;
    case Outcome::Refused:
        report.summary =
            u"%1 Nothing was changed."_s.arg(report.error ? report.error->message : u"A check said no."_s);
        report.next = {report.error && !report.error->hint.isEmpty()
                           ? report.error->hint
                           : u"Mend what the check names, then try again."_s};
        break;
    case Outcome::Unknown:
        report.summary =
            failedRevision(report).isEmpty()
                ? u"No revision was running, but the database cannot be read now. When it was read last, it was at %1."_s
                      .arg(toText(report.rows))
                : u"The link to the database was lost while revision %1 ran, and it cannot be read now. It "
                  u"is not "
                  "known whether that revision was applied."_s.arg(failedRevision(report));
        report.next = {u"Bring the database back, then open Stepwell or run `stepwell status`: it reads the "
                       u"database and "
                       "settles this run."_s,
                       u"Do not run the revision again before that."_s};
        break;
    }
}

int exitCode(const RunReport &report)
{
    switch (report.outcome) {
    case Outcome::Done:
        return 0;
    case Outcome::Stopped:
        return report.error ? 6 : 0; // without an error it was stopped as asked
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
