// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr qint64 shortTimeout = 60'000;

void cannotRunInTransaction(const RuleContext &context, Findings &findings)
{
    if (context.statement.effects.transactional || !context.isInTransaction())
        return;
    const RelationName relation =
        context.statement.actions.isEmpty() ? RelationName() : context.statement.actions.first().relation;
    const QString command = context.statement.command;
    Finding &finding = findings.add(
        Severity::MayFail, relation,
        u"PostgreSQL refuses %1 inside a transaction, and this script runs in one."_s.arg(command));
    const Statement &statement = context.statement.statement;
    finding.saferAlembic = autocommitBlock(executeCall(statement.text));
    finding.saferSql = u"COMMIT;\n"_s + statement.text + u";\nBEGIN;"_s;
}

void concurrentlyOnPartitioned(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Create || action.object != ObjectKind::Index || !action.concurrently)
            continue;
        const CatalogueRelation *table = context.before.find(action.other);
        if (!table || table->kind != ObjectKind::PartitionedTable)
            continue;
        Finding &finding =
            findings.add(Severity::MayFail, action.other,
                         u"%1 is partitioned: PostgreSQL cannot build its index %2 CONCURRENTLY."_s.arg(
                             action.other.text(), action.relation.name));
        finding.saferSql =
            u"CREATE INDEX %1 ON ONLY %2 (%3);\n-- for each partition, outside of a "
            "transaction:\nCREATE INDEX CONCURRENTLY %1_p1 ON … (%3);\n"
            "ALTER INDEX %1 ATTACH PARTITION %1_p1;"_s.arg(sqlName(action.relation.name),
                                                           sqlName(action.other), sqlNames(action.columns));
        finding.saferAlembic = executeCall(finding.saferSql);
    }
}

void hidesInvalidIndex(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Create || action.object != ObjectKind::Index || !action.concurrently ||
            !action.ifExists || context.isUnseen(action.other))
            continue;
        const CatalogueRelation *index = context.before.find(action.relation);
        const bool isInvalid = index && !index->isValid;
        const bool isKnown = index || context.before.isFromDatabase;
        const QString name = action.relation.name;
        Finding &finding = findings.add(
            isKnown && !isInvalid ? Severity::Advice : Severity::MayFail, action.other,
            isInvalid
                ? u"The index %1 exists and is invalid: this statement does nothing and reports success."_s
                      .arg(name)
                : u"If a build of %1 was cancelled before, an invalid index of that name is there: this "
                  "statement then does nothing and reports success, and no query uses the index."_s.arg(
                      name));
        const QString drop =
            u"DROP INDEX CONCURRENTLY IF EXISTS %1"_s.arg(sqlName(RelationName{action.other.schema, name}));
        const SaferForm create = concurrentIndex(context.statement.statement, action);
        QString alembic = create.alembic;
        finding.saferAlembic = alembic.replace(u"autocommit_block():\n"_s,
                                               u"autocommit_block():\n    "_s + executeCall(drop) + u'\n');
        finding.saferSql = drop + u";\n"_s + create.sql;
    }
}

void concurrentlyWithLockTimeout(const RuleContext &context, Findings &findings)
{
    const qint64 timeout = context.state.lockTimeout.value();
    if (!context.statement.effects.waitsForSnapshots || timeout <= 0 || timeout >= shortTimeout)
        return;
    const Action &action = context.statement.actions.first();
    const bool builds = action.kind == ActionKind::Create || action.kind == ActionKind::Reindex;
    Finding &finding = findings.add(
        Severity::MayFail, action.other.isEmpty() ? action.relation : action.other,
        u"%1 waits for every transaction that started before it, and lock_timeout ends that wait after %2 ms%3."_s
            .arg(context.statement.command, QString::number(timeout),
                 builds ? u", leaving an invalid index"_s : u" halfway"_s));
    finding.saferAlembic = u"op.execute(\"SET lock_timeout = 0\")\n"_s +
                           autocommitBlock(executeCall(context.statement.statement.text));
    finding.saferSql = u"SET lock_timeout = 0;\n"_s + context.statement.statement.text + u';';
}

void ifNotExistsStillLocks(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool index =
            action.kind == ActionKind::Create && action.object == ObjectKind::Index && !action.concurrently;
        if (!action.ifExists || (!index && action.kind != ActionKind::AddColumn))
            continue;
        const RelationName &table = index ? action.other : action.relation;
        const CatalogueRelation *known = context.before.find(table);
        if (context.isUnseen(table))
            continue;
        const QString name = index ? action.relation.name : action.column ? action.column->name : action.name;
        const bool exists =
            index ? context.before.find(action.relation) != nullptr : context.column(table, name) != nullptr;
        if (!exists && context.before.isFromDatabase && known) // it will do its work: nothing is in vain
            continue;
        findings.add(Severity::Advice, table,
                     u"%1 %2 %3, this does nothing, and still locks %4 against %5."_s.arg(
                         exists ? u"As"_s : u"If"_s, name, exists ? u"exists"_s : u"exists already"_s,
                         table.text(), index ? u"writes"_s : u"reads and writes"_s));
    }
}

} // namespace

RuleDefinitions concurrentlyRules()
{
    return {
        {.rule =
             {.id = u"cannot-run-in-transaction"_s,
              .severity = Severity::MayFail,
              .title = u"Fails inside a transaction"_s,
              .explanation =
                  u"CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, VACUUM, DETACH "
                  "PARTITION CONCURRENTLY, CREATE DATABASE and others refuse to run in a transaction block. "
                  "Alembic runs revisions in one."_s,
              .saferAlembic = u"with op.get_context().autocommit_block():\n    "
                              "op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\"], "
                              "postgresql_concurrently=True)"_s,
              .saferSql =
                  u"COMMIT;\nCREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id);\nBEGIN;"_s,
              .knownAs = {u"squawk: ban-concurrent-index-creation-in-transaction"_s, u"atlas: PG103"_s,
                          u"bytebase: non-transactional"_s}},
         .advice = u"Put it in an autocommit block, first or alone in its revision."_s,
         .check = cannotRunInTransaction},
        {.rule = {.id = u"concurrently-on-partitioned"_s,
                  .severity = Severity::MayFail,
                  .title = u"No CONCURRENTLY on a partitioned table"_s,
                  .explanation =
                      u"PostgreSQL cannot create an index on a partitioned table concurrently. It can on "
                      "each partition, and the parent's index becomes valid once all are attached."_s,
                  .saferAlembic =
                      u"op.execute(\"CREATE INDEX ix_events_day ON ONLY events (day)\")\n"
                      "with op.get_context().autocommit_block():\n    op.execute(\"CREATE INDEX "
                      "CONCURRENTLY ix_events_2024_day ON events_2024 (day)\")\n"
                      "op.execute(\"ALTER INDEX ix_events_day ATTACH PARTITION ix_events_2024_day\")"_s,
                  .saferSql =
                      u"CREATE INDEX ix_events_day ON ONLY events (day);\nCREATE INDEX CONCURRENTLY "
                      "ix_events_2024_day ON events_2024 (day);\nALTER INDEX ix_events_day ATTACH PARTITION "
                      "ix_events_2024_day;"_s,
                  .knownAs = {}},
         .advice = u"Create it ON ONLY the parent, build one CONCURRENTLY on each partition, attach each."_s,
         .check = concurrentlyOnPartitioned},
        {.rule = {.id = u"concurrently-if-not-exists"_s,
                  .severity = Severity::MayFail,
                  .title = u"IF NOT EXISTS hides an invalid index"_s,
                  .explanation = u"A concurrent build that fails or is cancelled leaves an invalid index "
                                 u"behind. A second try "
                                 "with IF NOT EXISTS finds it, does nothing and succeeds: the migration is "
                                 "recorded as done, and "
                                 "the index is used by no query and, if unique, may let duplicates in. Some "
                                 "linters advise this "
                                 "very form."_s,
                  .saferAlembic =
                      u"with op.get_context().autocommit_block():\n    op.execute(\"DROP INDEX CONCURRENTLY "
                      u"IF EXISTS "
                      "ix_sessions_owner\")\n    op.create_index(\"ix_sessions_owner\", \"sessions\", "
                      "[\"owner_id\"], postgresql_concurrently=True)"_s,
                  .saferSql =
                      u"DROP INDEX CONCURRENTLY IF EXISTS ix_sessions_owner;\nCREATE INDEX CONCURRENTLY "
                      "ix_sessions_owner ON sessions (owner_id);"_s,
                  .knownAs = {}},
         .advice = u"Drop what may be left of an earlier try, then create it without IF NOT EXISTS."_s,
         .check = hidesInvalidIndex},
        {.rule =
             {.id = u"concurrently-with-lock-timeout"_s,
              .severity = Severity::MayFail,
              .title = u"A short lock_timeout breaks CONCURRENTLY off"_s,
              .explanation =
                  u"CONCURRENTLY waits for old transactions as if for a lock, so that a lock_timeout of some "
                  "seconds cancels it under ordinary load and leaves an invalid index. Its waiting blocks "
                  "nobody "
                  "else's reads or writes: no timeout is needed."_s,
              .saferAlembic =
                  u"op.execute(\"SET lock_timeout = 0\")\nwith op.get_context().autocommit_block():\n    "
                  "op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\"], "
                  "postgresql_concurrently=True)"_s,
              .saferSql = u"SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions "
                          "(owner_id);"_s,
              .knownAs = {}},
         .advice =
             u"Switch lock_timeout off for this statement, and look for an invalid index before a second try."_s,
         .check = concurrentlyWithLockTimeout},
        {.rule =
             {.id = u"if-not-exists-still-locks"_s,
              .severity = Severity::Advice,
              .title = u"Locks even if there is nothing to do"_s,
              .explanation =
                  u"ADD COLUMN IF NOT EXISTS takes its ACCESS EXCLUSIVE lock, and CREATE INDEX IF NOT EXISTS "
                  u"its "
                  "SHARE lock, before PostgreSQL looks whether there is anything to do. Running it once more "
                  "\"to be "
                  "sure\" queues like the first time. It also hides a different column or index of the same name."_s,
              .saferAlembic = u"op.add_column(\"sessions\", sa.Column(\"note\", sa.Text()))"_s,
              .saferSql = u"ALTER TABLE sessions ADD COLUMN note text;"_s,
              .knownAs = {}},
         .advice = u"Leave IF NOT EXISTS out: Alembic knows which revisions have run."_s,
         .check = ifNotExistsStillLocks},
    };
}

} // namespace stepwell
