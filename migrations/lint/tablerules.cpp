// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

void repacks(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool vacuum = action.kind == ActionKind::Vacuum && action.full;
        if ((!vacuum && action.kind != ActionKind::Cluster) || context.isUnseen(action.relation))
            continue;
        const QString what =
            action.relation.isEmpty() ? u"every table"_s : context.wholeTable(action.relation);
        findings.add(Severity::BlocksReads, action.relation,
                     u"%1 writes %2 anew while reads and writes wait."_s.arg(
                         vacuum ? u"VACUUM FULL"_s : u"CLUSTER"_s, what));
    }
}

void storageRewrites(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        QString what;
        switch (action.kind) {
        case ActionKind::SetLogged:
            what = u"SET LOGGED"_s;
            break;
        case ActionKind::SetUnlogged:
            what = u"SET UNLOGGED"_s;
            break;
        case ActionKind::SetTablespace:
            what = u"SET TABLESPACE"_s;
            break;
        case ActionKind::SetAccessMethod:
            what = u"SET ACCESS METHOD"_s;
            break;
        default:
            continue;
        }
        if (context.isUnseen(action.relation))
            continue;
        Finding &finding = findings.add(Severity::BlocksReads, action.relation,
                                        u"%1 writes %2 anew while reads and writes wait."_s.arg(
                                            what, context.wholeTable(action.relation)));
        if (action.kind == ActionKind::SetUnlogged)
            finding.message += u" An unlogged table is emptied by a crash and not replicated."_s;
    }
}

void refreshView(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::RefreshMaterializedView || action.concurrently ||
            context.isUnseen(action.relation) || context.isEmpty(action.relation))
            continue;
        Finding &finding =
            findings.add(Severity::BlocksReads, action.relation,
                         u"Computes %1 anew while its readers wait."_s.arg(action.relation.text()));
        const QString sql = u"REFRESH MATERIALIZED VIEW CONCURRENTLY "_s + sqlName(action.relation);
        SaferForm{executeCall(sql), sql + u';'}.giveTo(finding);
    }
}

void attachPartition(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::AttachPartition || context.isUnseen(action.other) ||
            context.isEmpty(action.other))
            continue;
        if (!context.statement.effects.scans.contains(knownName(context.before, action.other)))
            continue;
        findings.add(Severity::BlocksReads, action.other,
                     u"Reads %1 to see that its rows belong here, while reads and writes of it wait."_s.arg(
                         context.wholeTable(action.other)));
    }
}

void detachPartition(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::DetachPartition || action.concurrently || action.finalize ||
            context.isUnseen(action.relation) || context.isUnseen(action.other) ||
            context.options.serverVersion < 14)
            continue;
        const bool limited = context.lockTimeoutIsSet();
        Finding &finding = findings.add(
            limited ? Severity::Advice : Severity::BlocksReads, action.relation,
            u"Locks %1, and with it every query on all its partitions, against reads and writes%2."_s.arg(
                action.relation.text(),
                limited ? u", though only for a moment"_s : u" from the moment it starts to wait"_s));
        const QString sql = u"ALTER TABLE %1 DETACH PARTITION %2 CONCURRENTLY"_s.arg(sqlName(action.relation),
                                                                                     sqlName(action.other));
        SaferForm{autocommitBlock(executeCall(sql)), sql + u';'}.giveTo(finding);
    }
}

void createPartition(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Create || !action.isPartition || context.isUnseen(action.other))
            continue;
        const bool limited = context.lockTimeoutIsSet();
        findings.add(
            limited ? Severity::Advice : Severity::BlocksReads, action.other,
            u"CREATE TABLE … PARTITION OF locks %1, and with it every query on all its partitions, against "
            u"reads "
            "and writes%2."_s.arg(action.other.text(), limited ? u", though only for a moment"_s
                                                               : u" from the moment it starts to wait"_s));
    }
}

void severalPasses(const RuleContext &context, Findings &findings)
{
    for (const RelationName &table : context.statement.effects.rewrites) {
        if (!context.isUnseen(table) && context.state.rewritten.contains(table))
            findings.add(
                Severity::Advice, table,
                u"An earlier statement has written %1 anew already; in one ALTER TABLE both take one pass."_s
                    .arg(table.text()));
    }
}

} // namespace

RuleDefinitions tableRules()
{
    return {
        {.rule = {.id = u"full-repack"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"VACUUM FULL or CLUSTER"_s,
                  .explanation = u"Both write the whole table anew under ACCESS EXCLUSIVE, and need disk "
                                 u"space for a second copy. "
                                 "Tools such as pg_repack do the same while the table is in use."_s,
                  .saferAlembic =
                      u"# outside of migrations: pg_repack --table sessions\nwith "
                      "op.get_context().autocommit_block():\n    op.execute(\"VACUUM sessions\")"_s,
                  .saferSql = u"VACUUM sessions;"_s,
                  .knownAs = {u"squawk: prefer-repack"_s}},
         .advice = u"Use VACUUM, or pg_repack if the space must be given back."_s,
         .check = repacks},
        {.rule =
             {.id = u"storage-rewrites"_s,
              .severity = Severity::BlocksReads,
              .title = u"Storage change rewrites the table"_s,
              .explanation = u"SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD write or copy "
                             u"the whole table "
                             "under ACCESS EXCLUSIVE. An unlogged table is empty after a crash."_s,
              .saferAlembic =
                  u"op.execute(\"CREATE TABLE sessions_new (LIKE sessions INCLUDING ALL)\")\n# fill it in "
                  "batches, then change the names"_s,
              .saferSql = u"CREATE TABLE sessions_new (LIKE sessions INCLUDING ALL);\n-- fill it in batches, "
                          u"then change "
                          "the names"_s,
              .knownAs = {u"eugene: E10"_s}},
         .advice =
             u"Fill a new table in batches and change the names, or do it while nobody needs the table."_s,
         .check = storageRewrites},
        {.rule = {.id = u"refresh-not-concurrent"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Refreshes a materialized view while readers wait"_s,
                  .explanation = u"REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE for as long as the query "
                                 u"runs. CONCURRENTLY "
                                 "lets readers go on; it needs a unique index on the view."_s,
                  .saferAlembic = u"op.execute(\"REFRESH MATERIALIZED VIEW CONCURRENTLY daily_totals\")"_s,
                  .saferSql = u"REFRESH MATERIALIZED VIEW CONCURRENTLY daily_totals;"_s,
                  .knownAs = {}},
         .advice = u"Refresh it CONCURRENTLY; the view needs a unique index for that."_s,
         .check = refreshView},
        {.rule =
             {.id = u"attach-partition-scans"_s,
              .severity = Severity::BlocksReads,
              .title = u"ATTACH PARTITION reads the partition"_s,
              .explanation = u"Every row of the new partition is checked against its bounds under ACCESS "
                             u"EXCLUSIVE, unless a "
                             "validated CHECK with the same condition proves it."_s,
              .saferAlembic = u"op.execute(\"ALTER TABLE events_2024 ADD CONSTRAINT bounds CHECK (day >= "
                              u"'2024-01-01' AND day < "
                              "'2025-01-01') NOT VALID\")\n# in the next revision:\nop.execute(\"ALTER TABLE "
                              "events_2024 VALIDATE "
                              "CONSTRAINT bounds\")\n# then ATTACH PARTITION, then drop the constraint"_s,
              .saferSql =
                  u"ALTER TABLE events_2024 ADD CONSTRAINT bounds CHECK (day >= '2024-01-01' AND day < "
                  "'2025-01-01') NOT VALID;\nALTER TABLE events_2024 VALIDATE CONSTRAINT bounds;\nALTER "
                  "TABLE "
                  "events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"_s,
              .knownAs = {}},
         .advice = u"Prove the bounds first with a CHECK that is added NOT VALID and validated."_s,
         .check = attachPartition},
        {.rule =
             {.id = u"detach-not-concurrent"_s,
              .severity = Severity::BlocksReads,
              .title = u"Detaches a partition under ACCESS EXCLUSIVE"_s,
              .explanation = u"DETACH PARTITION locks the partitioned table against reads and writes. "
                             u"CONCURRENTLY (14 and "
                             "later, not in a transaction) takes SHARE UPDATE EXCLUSIVE on it."_s,
              .saferAlembic =
                  u"with op.get_context().autocommit_block():\n    op.execute(\"ALTER TABLE events DETACH "
                  "PARTITION events_2020 CONCURRENTLY\")"_s,
              .saferSql = u"ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;"_s,
              .knownAs = {u"squawk: require-concurrent-partition-detach"_s}},
         .advice = u"Detach it CONCURRENTLY in an autocommit block."_s,
         .check = detachPartition},
        {.rule =
             {.id = u"create-partition-locks"_s,
              .severity = Severity::BlocksReads,
              .title = u"CREATE TABLE … PARTITION OF locks the parent"_s,
              .explanation = u"Creating a partition in place takes ACCESS EXCLUSIVE on the partitioned "
                             u"table. A table that is "
                             "created alone and attached takes SHARE UPDATE EXCLUSIVE there."_s,
              .saferAlembic =
                  u"op.execute(\"CREATE TABLE events_2025 (LIKE events INCLUDING ALL)\")\nop.execute(\"ALTER "
                  "TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO "
                  "('2026-01-01')\")"_s,
              .saferSql = u"CREATE TABLE events_2025 (LIKE events INCLUDING ALL);\nALTER TABLE events ATTACH "
                          u"PARTITION "
                          "events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');"_s,
              .knownAs = {}},
         .advice = u"Create the table LIKE the parent, then ATTACH PARTITION."_s,
         .check = createPartition},
        {.rule = {.id = u"several-rewrites"_s,
                  .severity = Severity::Advice,
                  .title = u"Rewrites a table more than once"_s,
                  .explanation = u"Each statement that rewrites a table writes all of it. Several changes in "
                                 u"one ALTER TABLE "
                                 "share one pass."_s,
                  .saferAlembic =
                      u"op.execute(\"ALTER TABLE sessions ALTER a TYPE bigint, ALTER b TYPE bigint\")"_s,
                  .saferSql = u"ALTER TABLE sessions ALTER a TYPE bigint, ALTER b TYPE bigint;"_s,
                  .knownAs = {u"eugene: W12"_s, u"bytebase: merge-alter-table"_s}},
         .advice = u"Put the changes into one ALTER TABLE."_s,
         .check = severalPasses},
    };
}

} // namespace stepwell
