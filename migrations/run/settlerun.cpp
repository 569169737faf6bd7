// SPDX-License-Identifier: MIT
#include "migrations/run/migrationrun.h"
#include "migrations/run/runlock.h"
#include "migrations/run/runoutcome.h"
#include "migrations/run/stage.h"
#include "migrations/run/targetaccess.h"
#include "migrations/run/teammirror.h"

#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

/// A revision that writes COMMIT in its SQL, or calls commit(), ends its transaction by itself.
bool mayCommit(const Revision &revision)
{
    static const QRegularExpression word(u"\\bcommit\\b"_s, QRegularExpression::CaseInsensitiveOption);
    QFile file(revision.file);
    return revision.hasAutocommit ||
           (file.open(QIODevice::ReadOnly) && QString::fromUtf8(file.readAll()).contains(word));
}

bool mayHaveLeftChanges(const JournalEntry &entry, int done, const RevisionMap &map)
{
    if (done < 0)
        return false;
    // Several steps may have been in one transaction. What was told before the link was lost counts, too.
    return std::ranges::any_of(entry.steps.sliced(done), [&](const JournalStep &step) {
        const Revision *revision = map.find(step.revision);
        return step.state != StepState::Waiting &&
               (!entry.leftBehind.isEmpty() || (revision && mayCommit(*revision)));
    });
}

void judge(RunReport &report, const JournalEntry &entry, const RevisionMap &map)
{
    const auto done = int(stageOf(entry.steps, report.rows)); // a run has steps: see settleRun()
    const QString at = toText(report.rows);
    for (int i = 0; i < report.steps.size(); ++i) {
        StepState &state = report.steps[i].state;
        if (i < done)
            state = StepState::Done;
        else if (state == StepState::Running || (state == StepState::Unknown && done >= 0))
            state = StepState::Failed;
    }
    if (done < 0) {
        report.outcome = Outcome::Stopped;
        report.summary =
            u"This run was cut off. The database is at %1, which is no stage of it: somebody changed it since."_s
                .arg(at);
    } else if (done == entry.steps.size()) {
        report.outcome = Outcome::Done;
        report.summary =
            u"This run was cut off, but all its revisions are applied. The database is at %1."_s.arg(at);
    } else if (mayHaveLeftChanges(entry, done, map)) {
        report.outcome = Outcome::FailedWithChanges;
        report.leftBehind = entry.leftBehind;
        report.summary = u"This run was cut off in %1, which may commit part of its work on the way. The "
                         u"database is at %2 (%3 of %4 done); "
                         "look whether that part is there."_s.arg(entry.steps.at(done).revision.text(), at)
                             .arg(done)
                             .arg(entry.steps.size());
    } else {
        const bool between = entry.steps.at(done).state == StepState::Waiting;
        const StepState before = done > 0 ? entry.steps.at(done - 1).state : StepState::Done;
        const bool finishedAlone = before == StepState::Running || before == StepState::Unknown;
        const QString where = !between        ? u"the revision that was running was rolled back"_s
                              : done == 0     ? u"it was cut off before its first revision"_s
                              : finishedAlone ? u"the revision that was running was finished"_s
                                              : u"no revision was running"_s;
        report.outcome = Outcome::Stopped;
        report.summary = u"This run was cut off. The database is at %1 (%2 of %3 done); %4."_s.arg(at)
                             .arg(done)
                             .arg(entry.steps.size())
                             .arg(where);
    }
    report.next = {{NextStep::ReadState, u"Look at the state, then continue or roll back."_s}};
}

/// A stamp has no steps: its rows are there or they are not.
void judgeStamp(RunReport &report, const JournalEntry &entry)
{
    const QString at = toText(report.rows);
    const bool done = sameSet(report.rows, entry.planned);
    report.outcome = done ? Outcome::Done : Outcome::Stopped;
    report.summary =
        done ? u"This stamp was cut off, but it is done. The database is at %1."_s.arg(at)
        : sameSet(report.rows, entry.from)
            ? u"This stamp was cut off. The database is still at %1."_s.arg(at)
            : u"This stamp was cut off. The database is at %1, which is neither what it was nor what it was to be: somebody changed it since."_s
                  .arg(at);
    report.next = {{NextStep::ReadState, u"Look at the state, then stamp again if that is not right."_s}};
}

} // namespace

Result<RunReport> settleRun(const JournalEntry &entry, const Target &target, const QString &password,
                            Journal &journal)
{
    RunReport report{.journalId = entry.id, .backup = entry.backup, .steps = entry.steps};
    const bool isStamp = entry.kind == RunKind::Stamp;
    if (!isStamp && (entry.kind == RunKind::Backup || entry.steps.isEmpty())) {
        report.outcome = Outcome::Cancelled;
        report.summary = u"Cut off before it was done. Nothing was changed in the database."_s;
        return journal.finish(entry.id, report.outcome, entry.from, report.summary).transform([&] {
            return report;
        });
    }
    const Result<TargetAccess> access = TargetAccess::open(target, password);
    if (!access)
        return std::unexpected(access.error());
    const TeamMirror mirror(target, *access, journal);
    const QString versionTable = target.component.versionTable;
    // A target may name another database by now, whose rows say nothing about this run.
    if (const QString now = access->connection.displayText(); now != entry.databaseText)
        return failure(ErrorKind::Refused,
                       u"This run was on %1, but the target is %2 now."_s.arg(entry.databaseText, now),
                       u"Point the target at that database again, then read its state."_s);
    auto session = access->openSession(u"settle"_s, 5s);
    if (!session)
        return std::unexpected(session.error());
    // Held by a living Stepwell or by a bridge that still finishes its revision: then it is not over.
    if (const Result<void> locked = acquireRunLock(**session, RunKeys::forTable(versionTable), 0s); !locked)
        return std::unexpected(locked.error());
    const Result<RevisionIds> rows = (*session)->readVersionRows(versionTable);
    if (!rows)
        return std::unexpected(rows.error());
    report.rows = *rows;
    report.rowsKnown = true;
    if (isStamp)
        judgeStamp(report, entry);
    else
        judge(report, entry, access->scripts.map);
    for (int i = 0; i < report.steps.size(); ++i) {
        const StepState before = entry.steps.at(i).state;
        if (before == report.steps.at(i).state)
            continue;
        if (const Result<void> written = journal.stepFinished(entry.id, i, report.steps.at(i)); !written)
            return std::unexpected(written.error());
    }
    return journal.finish(entry.id, report.outcome, report.rows, report.summary, report.leftBehind)
        .transform([&] { return report; });
}

} // namespace stepwell
