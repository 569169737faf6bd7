// SPDX-License-Identifier: MIT
#include "tests/views/runsamples.h"

#include "tests/models/sampletargets.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace stepwell::sample {

RunRequest request()
{
    RunRequest request;
    request.target.id = {u"production"_s, u"manager"_s};
    request.target.environment = sample::workspace().environments.constFirst();
    request.target.component.name = u"manager"_s;
    request.target.component.restart = {u"./dev"_s, u"restart"_s, u"mgr"_s};
    request.target.component.logs = {u"/srv/app/logs/manager.log"_s};
    request.restartAfterwards = true;
    request.watchLogsAfterwards = true;
    const RevisionMap map = RevisionMap::build(sample::managerRevisions()).value_or(RevisionMap());
    request.plan = planUpgrade(map, toRevisionIds({u"7b6a1e0c4f21"_s}), u"head"_s).value_or(Plan());
    request.backupDirectory = u"/srv/backups"_s;
    return request;
}

QHash<RevisionId, QString> messages()
{
    QHash<RevisionId, QString> messages;
    for (const Revision &revision : sample::managerRevisions())
        messages.insert(revision.id, revision.message);
    return messages;
}

RunEvent happening(RunEvent::Type type, RunPhase phase, int step, std::chrono::milliseconds took)
{
    return {.type = type,
            .phase = phase,
            .step = step,
            .duration = took,
            .when = QDateTime::currentDateTimeUtc()};
}

void sendPhase(RunView &view, RunPhase phase, int step, std::chrono::milliseconds took)
{
    view.handleEvent(happening(RunEvent::PhaseStarted, phase, step));
    view.handleEvent(happening(RunEvent::PhaseFinished, phase, step, took));
}

void sendStatement(RunView &view, int number, const QString &sql, std::chrono::milliseconds took, qint64 rows)
{
    RunEvent started = happening(RunEvent::StatementStarted, RunPhase::Step);
    started.number = number;
    started.text = sql;
    view.handleEvent(started);
    RunEvent finished = happening(RunEvent::StatementFinished, RunPhase::Step, -1, took);
    finished.number = number;
    finished.rows = rows;
    view.handleEvent(finished);
}

void sendOutput(RunView &view, const QString &line)
{
    RunEvent output = happening(RunEvent::Output, RunPhase::Step);
    output.text = line;
    view.handleEvent(output);
}

/// Up to the middle of the third revision.
void sendSome(RunView &view)
{
    sendPhase(view, RunPhase::Checks, -1, 1100ms);
    sendPhase(view, RunPhase::Lock, -1, 12ms);
    sendPhase(view, RunPhase::Backup, -1, 48200ms);
    view.handleEvent(happening(RunEvent::PhaseStarted, RunPhase::Step, 0));
    sendOutput(view, u"INFO  [alembic.runtime.migration] Running upgrade d03f7a66c1e9 -> 52ab7c9e8d10"_s);
    sendStatement(
        view, 1,
        u"UPDATE invoices SET currency = d.currency FROM domains d\n WHERE d.id = invoices.domain_id"_s,
        12300ms, 1204551);
    sendStatement(
        view, 2,
        u"UPDATE alembic_version SET version_num='52ab7c9e8d10' WHERE version_num = 'd03f7a66c1e9'"_s, 1ms,
        1);
    view.handleEvent(happening(RunEvent::PhaseFinished, RunPhase::Step, 0, 12400ms));
    sendPhase(view, RunPhase::Step, 1, 20ms);
    view.handleEvent(happening(RunEvent::PhaseStarted, RunPhase::Step, 2));
    sendStatement(view, 3, u"CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at)"_s, 37200ms,
                  -1);
    RunEvent running = happening(RunEvent::StatementStarted, RunPhase::Step);
    running.number = 4;
    running.text = u"ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL"_s;
    view.handleEvent(running);
}

LockWait lockWait()
{
    return {.waited = 4100ms,
            .mode = u"ACCESS EXCLUSIVE"_s,
            .relation = u"sessions"_s,
            .blockers = {{.pid = 48213,
                          .user = u"report"_s,
                          .application = u"reporting"_s,
                          .client = u"10.0.0.7"_s,
                          .state = u"idle in transaction"_s,
                          .inTransaction = 14min,
                          .query = u"SELECT id, owner_id\n  FROM sessions"_s,
                          .mode = u"ACCESS SHARE"_s,
                          .maySignal = true}},
            .queuedBehind = 17};
}

void sendWait(RunView &view, const LockWait &wait)
{
    RunEvent waiting = happening(RunEvent::LockWaiting, RunPhase::Step, 2);
    waiting.lockWait = wait;
    view.handleEvent(waiting);
}

OffendingRows offending()
{
    OffendingRows rows{
        .sql =
            u"SELECT ctid, id, owner_id, created_at, priority\n  FROM sessions\n WHERE priority IS NULL\n LIMIT 20"_s,
        .columns = {u"ctid"_s, u"id"_s, u"owner_id"_s, u"created_at"_s, u"priority"_s},
        .more = true};
    for (int i = 0; i < 20; ++i)
        rows.rows += {u"(0,%1)"_s.arg(i + 1), QString::number(4711 + i), u"17"_s, u"2026-11-22 14:06:32+00"_s,
                      u"NULL"_s};
    return rows;
}

RunReport withAfterSteps()
{
    return {.journalId = 5,
            .outcome = Outcome::Done,
            .rows = toRevisionIds({u"e41d09b7a3c8"_s}),
            .rowsKnown = true,
            .summary = u"Upgraded to e41d09b7a3c8: 3 revisions applied."_s,
            .after = {{.kind = JournalAfter::Restart,
                       .what = u"./dev restart mgr"_s,
                       .text = u"The restart command succeeded."_s,
                       .duration = 2300ms},
                      {.kind = JournalAfter::Log,
                       .what = u"/srv/app/logs/manager.log"_s,
                       .ok = false,
                       .text = u"2 lines tell of trouble, of 412 in 60 s."_s,
                       .lines = {u"2026-11-22 14:09:01 ERROR [app.pool] too many connections"_s,
                                 u"Traceback (most recent call last): … KeyError: 'priority'"_s},
                       .duration = 60s},
                      {.kind = JournalAfter::Log,
                       .what = u"/srv/app/logs/access.log"_s,
                       .text = u"1,204 lines in 60 s, and none tells of trouble."_s,
                       .duration = 60s}}};
}

RunReport failure()
{
    RunReport report{
        .journalId = 14,
        .outcome = Outcome::FailedWithChanges,
        .rows = toRevisionIds({u"90c2fd61b5ae"_s}),
        .rowsKnown = true,
        .summary =
            u"e41d09b7a3c8 failed after part of its work was committed; the two revisions before it are in place."_s,
        .next = {{NextStep::RepairIndexes,
                  u"Drop the invalid index ix_sessions_owner, then plan the upgrade again."_s},
                 {NextStep::FixAndRetry, u"Mend the data, then run it again."_s},
                 {NextStep::RollBack, u"Or roll back to 7b6a1e0c4f21."_s}}};
    report.error = Error{
        .kind = ErrorKind::MigrationFailed,
        .message = u"Column \"priority\" of table \"sessions\" contains null values."_s,
        .hint = u"Fill the column in a revision of its own before it becomes mandatory."_s,
        .detail =
            u"psycopg2.errors.NotNullViolation: column \"priority\" of relation \"sessions\" contains null values\n  File \"versions/e41d09b7a3c8.py\", line 31"_s,
        .sqlState = u"23502"_s,
        .statement = u"ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL"_s,
        .place = {.table = u"sessions"_s, .column = u"priority"_s}};
    report.offending = offending();
    report.repairs = {
        {.label = u"Build ix_sessions_owner again"_s,
         .statements = {u"DROP INDEX CONCURRENTLY ix_sessions_owner"_s,
                        u"CREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id)"_s},
         .warning = u"Reads all of sessions."_s}};
    report.backup =
        BackupRecord{.file = u"/srv/backups/manager-2026-11-22T140633.dump"_s, .size = 3328599654};
    report.leftBehind = {u"INVALID index ix_sessions_owner on sessions"_s};
    const QList<PlanStep> steps = request().plan.steps;
    for (int i = 0; i < steps.size(); ++i)
        report.steps += JournalStep{.revision = steps.at(i).revision,
                                    .state = i < 2 ? StepState::Done : StepState::Failed,
                                    .duration = 12400ms,
                                    .error = i < 2 ? QString() : report.error->message};
    return report;
}

} // namespace stepwell::sample
