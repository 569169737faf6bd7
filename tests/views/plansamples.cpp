// SPDX-License-Identifier: MIT
#include "tests/views/plansamples.h"

#include "tests/models/sampletargets.h"

using namespace Qt::StringLiterals;

namespace stepwell::sample::plan {

Target target(BackupPolicy backup, Protection protection)
{
    Target target;
    target.id = {u"production"_s, u"manager"_s};
    target.environment = sample::workspace().environments.constFirst();
    target.environment.backup = backup;
    target.environment.protection = protection;
    target.component = sample::workspace().components.constFirst();
    target.component.restart = {u"./dev"_s, u"restart"_s, u"mgr"_s};
    return target;
}

TargetStatus status(const QStringList &rows)
{
    return sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), rows);
}

Plan upgrade()
{
    const TargetStatus now = status({u"7b6a1e0c4f21"_s});
    return planUpgrade(now.scripts->map, now.current, u"head"_s).value_or(Plan());
}

Plan downgrade(const QString &from, const QString &to)
{
    const TargetStatus now = status({from});
    return planDowngrade(now.scripts->map, now.current, to).value_or(Plan());
}

QList<CheckResult> goodChecks()
{
    return {
        {u"connection"_s, u"Connection"_s, CheckState::Passed, u"PostgreSQL 17.11, TLSv1.3, 11 ms"_s, {}},
        {u"same-database"_s,
         u"Same database"_s,
         CheckState::Passed,
         u"env.py and Stepwell reach the same database (alembic 1.13.2, psycopg2)"_s,
         {}},
        {u"single-head"_s, u"Single head"_s, CheckState::Passed, u"e41d09b7a3c8"_s, {}},
        {u"current-known"_s, u"Current revision known"_s, CheckState::Passed, u"7b6a1e0c4f21"_s, {}},
        {u"long-transactions"_s, u"Long transactions"_s, CheckState::Warning,
         u"1 open; the oldest is backend 48213 (reporting) for 14 min"_s,
         u"Its locks may hold the migration up, and everything else queues behind. End it, or wait."_s},
        {u"run-lock"_s, u"Nobody else migrating"_s, CheckState::Passed, u"the lock is free"_s, {}},
        {u"backup-room"_s,
         u"Room for the backup"_s,
         CheckState::Passed,
         u"the database has 3.2 GiB, 212 GiB free"_s,
         {}},
    };
}

namespace {

StepReview step(const QString &id, const QString &sql, int statements, const QString &problem = {},
                Direction direction = Direction::Upgrade)
{
    const RevisionId revision(id);
    return {.revision = revision,
            .direction = direction,
            .sql = {.revision = revision,
                    .direction = direction,
                    .sql = sql,
                    .problem = problem,
                    .statements = statements}};
}

} // namespace

QList<StepReview> reviews()
{
    return {
        step(u"52ab7c9e8d10"_s, {}, 0,
             u"upgrade() reads rows with op.get_bind(); what it does is known only by rehearsal."_s),
        step(u"90c2fd61b5ae"_s, u"-- Running upgrade 7b6a1e0c4f21, 52ab7c9e8d10 -> 90c2fd61b5ae\n"_s, 0),
        step(
            u"e41d09b7a3c8"_s,
            u"-- Running upgrade 90c2fd61b5ae -> e41d09b7a3c8\n\n"
            "CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at);\n\n"
            "ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL;\n\n"
            "UPDATE alembic_version SET version_num='e41d09b7a3c8' WHERE alembic_version.version_num = '90c2fd61b5ae';\n"_s,
            2),
    };
}

QList<StepReview> reviewsDown(const Plan &plan)
{
    QList<StepReview> list;
    for (const PlanStep &one : plan.steps)
        list += step(one.revision.text(), u"DROP TABLE sessions;\n"_s, 1, {}, Direction::Downgrade);
    return list;
}

CheckResult invalidIndexes()
{
    return {.name = u"invalid-indexes"_s,
            .title = u"Invalid indexes"_s,
            .state = CheckState::Warning,
            .text = u"2 indexes are not used by the server"_s,
            .hint = u"They cost on every write. Build them again, or drop what is left over."_s,
            .details = {u"INVALID index ix_sessions_owner on sessions"_s,
                        u"INVALID index ix_users_mail_ccnew on users"_s},
            .fixes = {{.label = u"Build ix_sessions_owner again"_s,
                       .statements = {u"DROP INDEX CONCURRENTLY ix_sessions_owner"_s,
                                      u"CREATE INDEX CONCURRENTLY ix_sessions_owner ON public.sessions USING "
                                      "btree (owner_id, created_at)"_s},
                       .warning = u"Reads all of sessions; nobody waits for it meanwhile."_s},
                      {.label = u"Drop ix_users_mail_ccnew"_s,
                       .statements = {u"DROP INDEX CONCURRENTLY ix_users_mail_ccnew"_s},
                       .warning = u"What REINDEX CONCURRENTLY left behind; the index itself stays."_s}}};
}

CheckResult editedAfterApplied()
{
    return {.name = u"edited-after-applied"_s,
            .title = u"Edited after it was applied"_s,
            .state = CheckState::Failed,
            .text = u"d03f7a66c1e9 is not what ran here on 12 May: its file was changed since"_s,
            .hint = u"Write a new revision instead, or accept that databases differ."_s,
            .details = {u"--- d03f7a66c1e9 as it was applied"_s, u"+++ d03f7a66c1e9 as it is now"_s,
                        u"@@ -9,7 +9,7 @@"_s, u" def upgrade() -> None:"_s,
                        u"-    op.add_column(\"users\", sa.Column(\"mail\", sa.Text()))"_s,
                        u"+    op.add_column(\"users\", sa.Column(\"mail\", sa.String(200)))"_s}};
}

/// A long transaction to look at, an index to mend, a revision that was edited; the rest passed.
QList<CheckResult> mixedChecks()
{
    QList<CheckResult> checks = goodChecks();
    checks[4].details = {u"48213  reporting  idle in transaction  14 min  SELECT count(*) FROM sessions"_s};
    return checks + QList{invalidIndexes(), editedAfterApplied()};
}

} // namespace stepwell::sample::plan
