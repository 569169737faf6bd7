// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// Tables and views; locks on an index or a sequence alone are no news.
bool holdsRows(const RuleContext &context, const RelationLock &lock)
{
    const CatalogueRelation *known = context.before.find(lock.relation);
    return !known || (known->kind != ObjectKind::Index && known->kind != ObjectKind::Sequence);
}

const RelationLock *strongestSeen(const RuleContext &context)
{
    const RelationLock *strongest = nullptr;
    for (const RelationLock &lock : context.statement.effects.locks) {
        if (!context.isUnseen(lock.relation) && (!strongest || lock.mode > strongest->mode))
            strongest = &lock;
    }
    return strongest;
}

QString waiting(LockMode mode)
{
    return blocksReads(mode) ? u"reads and writes"_s : u"writes"_s;
}

void lockTimeoutMissing(const RuleContext &context, Findings &findings)
{
    if (context.lockTimeoutIsSet() || findings.hasCurrent() || context.statement.effects.waitsForSnapshots)
        return;
    const RelationLock *lock = strongestSeen(context);
    if (!lock || !blocksWrites(lock->mode))
        return;
    findings.add(
        blocksReads(lock->mode) ? Severity::BlocksReads : Severity::BlocksWrites, lock->relation,
        u"%1 waits for %2 on %3 without a limit; behind it %4 of %3 queue, however short its work is."_s.arg(
            context.statement.command, lockName(lock->mode), lock->relation.text(), waiting(lock->mode)),
        {}, Findings::Regardless);
}

void statementTimeoutMissing(const RuleContext &context, Findings &findings)
{
    if (context.statementTimeoutIsSet() || findings.hasCurrent() ||
        context.statement.effects.waitsForSnapshots)
        return;
    const QList<RelationName> worked = context.workedTables();
    const RelationLock *lock = strongestSeen(context);
    if (worked.isEmpty() || !lock || !blocksWrites(lock->mode) ||
        std::ranges::all_of(worked, [&](const RelationName &table) { return context.isSmall(table); }))
        return;
    findings.add(Severity::Advice, worked.first(),
                 u"%1 may hold %2 on %3 for as long as it takes to go through %4."_s.arg(
                     context.statement.command, lockName(lock->mode), lock->relation.text(),
                     context.wholeTable(worked.first())));
}

void hiddenLock(const RuleContext &context, Findings &findings)
{
    if (!context.statement.actions.isEmpty() && context.statement.actions.first().cascade)
        return; // drop-cascade and truncate-cascade name these tables
    QList<RelationName> named;
    for (const Action &action : context.statement.actions)
        named.append(knownName(context.before, action.relation));
    for (const RelationLock &lock : context.statement.effects.locks) {
        if (!lock.isHidden || !blocksReads(lock.mode) || context.isUnseen(lock.relation) ||
            !holdsRows(context, lock))
            continue;
        const bool isPartition = std::ranges::any_of(named, [&](const RelationName &name) {
            return context.before.partitionsOf(name).contains(lock.relation);
        });
        if (isPartition || named.contains(lock.relation))
            continue;
        Finding &finding = findings.add(
            Severity::BlocksReads, lock.relation,
            u"The statement does not name %1, and locks it against reads and writes all the same: %2."_s.arg(
                lock.relation.text(), lock.reason.isEmpty() ? u"it is concerned, too"_s : lock.reason));
        finding.saferSql = u"SET lock_timeout = '2s';\n"_s + context.statement.statement.text + u';';
        finding.saferAlembic =
            u"op.execute(\"SET lock_timeout = '2s'\")\n"_s + executeCall(context.statement.statement.text);
    }
}

void workUnderLock(const RuleContext &context, Findings &findings)
{
    const QList<RelationName> worked = context.workedTables();
    if (worked.isEmpty() || context.statement.effects.waitsForSnapshots)
        return;
    for (const HeldLock &held : context.state.transaction.held) {
        const RelationLock *own = context.statement.effects.lockOn(held.relation);
        const bool saysItself = own && blocksReads(own->mode) && !own->isHidden;
        if (!blocksReads(held.mode) || saysItself ||
            findings.has("validate-in-same-transaction"_L1, context.index))
            continue;
        const Statement &taker = context.all.at(held.statement);
        Finding &finding = findings.add(Severity::BlocksReads, held.relation,
                                        u"%1 goes through %2 while the transaction still holds ACCESS "
                                        u"EXCLUSIVE on %3, taken in line %4: reads and "
                                        "writes of %3 wait until all is committed."_s.arg(
                                            context.statement.command, context.wholeTable(worked.first()),
                                            held.relation.text(), QString::number(taker.line)),
                                        worked);
        finding.saferSql = u"COMMIT;\nBEGIN;\n"_s + context.statement.statement.text + u';';
        finding.saferAlembic = u"# in the next revision, with transaction_per_migration=True in env.py:\n"_s +
                               executeCall(context.statement.statement.text);
        return; // one finding says it
    }
}

void locksSeveralTables(const RuleContext &context, Findings &findings)
{
    if (!context.isInTransaction() || findings.hasCurrent())
        return;
    // Only what the catalogue or an ALTER TABLE says is a table: the index of a DROP INDEX comes with its
    // table.
    QList<RelationName> tables;
    for (const HeldLock &held : context.state.transaction.held) {
        const CatalogueRelation *known = context.before.find(held.relation);
        if (blocksReads(held.mode) && known && known->parent.isEmpty() && known->kind != ObjectKind::Index)
            tables.append(held.relation);
    }
    const RelationLock *next = nullptr;
    for (const RelationLock &lock : context.statement.effects.locks) {
        const CatalogueRelation *known = context.before.find(lock.relation);
        const bool isAltered = std::ranges::any_of(context.statement.actions, [&](const Action &action) {
            return action.kind >= ActionKind::AddColumn && action.kind <= ActionKind::EnableRule &&
                   knownName(context.before, action.relation) == lock.relation;
        });
        const bool isTable = known ? known->parent.isEmpty() && known->kind != ObjectKind::Index : isAltered;
        if (blocksReads(lock.mode) && isTable && !tables.contains(lock.relation) &&
            !context.isUnseen(lock.relation))
            next = &lock;
    }
    if (tables.isEmpty() || !next)
        return;
    tables.append(next->relation);
    findings.add(Severity::Advice, next->relation,
                 u"From here on the transaction holds ACCESS EXCLUSIVE on %1 at once: a program that uses "
                 u"them in another "
                 "order deadlocks with it."_s.arg(namesText(tables)));
}

void dumpRuns(const RuleContext &context, Findings &findings)
{
    if (!context.options.dumpIsRunning || findings.hasCurrent())
        return;
    for (const RelationLock &lock : context.statement.effects.locks) {
        if (!blocksReads(lock.mode) || context.isUnseen(lock.relation))
            continue;
        findings.add(
            context.lockTimeoutIsSet() ? Severity::MayFail : Severity::BlocksReads, lock.relation,
            context.lockTimeoutIsSet()
                ? u"A pg_dump runs now and keeps its lock on %1 to its end: %2 gives up after lock_timeout."_s
                      .arg(lock.relation.text(), context.statement.command)
                : u"A pg_dump runs now: %2 waits for its end, and every query on %1 behind it."_s.arg(
                      lock.relation.text(), context.statement.command),
            {}, Findings::Regardless);
        return;
    }
}

void explicitLock(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const LockMode mode = action.kind == ActionKind::LockTable ? lockModeOf(action.name) : LockMode::None;
        if (!blocksWrites(mode) || context.isUnseen(action.relation))
            continue;
        findings.add(blocksReads(mode) ? Severity::BlocksReads : Severity::BlocksWrites, action.relation,
                     u"LOCK TABLE keeps %1 on %2 to the end of the transaction: %3 wait."_s.arg(
                         lockName(mode), action.relation.text(), waiting(mode)));
    }
}

void advisoryLock(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Select || (!action.columns.contains(u"pg_advisory_lock"_s) &&
                                                  !action.columns.contains(u"pg_advisory_xact_lock"_s)))
            continue;
        const bool concurrently = std::ranges::any_of(context.all, [](const Statement &statement) {
            return statement.text.contains("CONCURRENTLY"_L1, Qt::CaseInsensitive);
        });
        findings.add(
            concurrently ? Severity::MayFail : Severity::Advice, {},
            concurrently
                ? u"A second run waits here with a snapshot that CONCURRENTLY of the first waits for: a "
                  u"deadlock, and "
                  "one of them is killed."_s
                : u"A second run waits here for an unlimited time, with a snapshot that holds VACUUM back."_s);
    }
}

} // namespace

RuleDefinitions lockRules()
{
    return {
        {.rule = {.id = u"lock-timeout-missing"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Waits for its lock without a limit"_s,
                  .explanation = u"A statement that waits for ACCESS EXCLUSIVE makes every later query on "
                                 u"the table wait behind it, so that "
                                 "one long SELECT and one instant ALTER TABLE are an outage. lock_timeout "
                                 "ends the wait; the run can be "
                                 "tried again. Stepwell's own runs set it."_s,
                  .saferAlembic = u"op.execute(\"SET LOCAL lock_timeout = '2s'\")"_s,
                  .saferSql = u"SET LOCAL lock_timeout = '2s';"_s,
                  .knownAs = {u"squawk: require-lock-timeout"_s, u"squawk: require-timeout-settings"_s,
                              u"eugene: E9"_s}},
         .advice = u"Set lock_timeout to a few seconds before, and try again if it strikes."_s,
         .check = lockTimeoutMissing},
        {.rule =
             {.id = u"statement-timeout-missing"_s,
              .severity = Severity::Advice,
              .title = u"Long work under a lock without a limit"_s,
              .explanation =
                  u"statement_timeout ends a statement that takes longer than expected, and with it the lock."_s,
              .saferAlembic = u"op.execute(\"SET LOCAL statement_timeout = '30s'\")"_s,
              .saferSql = u"SET LOCAL statement_timeout = '30s';"_s,
              .knownAs = {u"squawk: require-statement-timeout"_s, u"squawk: require-timeout-settings"_s}},
         .advice = u"Set statement_timeout to what the table can be without."_s,
         .check = statementTimeoutMissing},
        {.rule = {.id = u"hidden-lock"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Locks a table that the statement does not name"_s,
                  .explanation = u"Dropping a foreign key, a column that carries one, or a table that has "
                                 u"one takes ACCESS EXCLUSIVE on the "
                                 "referenced table as well: PostgreSQL removes its triggers there. A small "
                                 "table's change so stops the "
                                 "largest one. It lasts for a moment, but waits like any other."_s,
                  .saferAlembic = u"op.execute(\"SET LOCAL lock_timeout = '2s'\")\nop.drop_constraint("
                                  "\"sessions_owner_id_fkey\", \"sessions\", type_=\"foreignkey\")"_s,
                  .saferSql = u"SET LOCAL lock_timeout = '2s';\nALTER TABLE sessions DROP CONSTRAINT "
                              "sessions_owner_id_fkey;"_s,
                  .knownAs = {u"atlas: CD101"_s}},
         .advice =
             u"Run it with a short lock_timeout, first in its transaction, when the hidden table is quiet."_s,
         .check = hiddenLock},
        {.rule = {.id = u"work-under-lock"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Long work while an earlier lock is held"_s,
                  .explanation = u"Locks last to the end of the transaction. An instant ALTER TABLE followed "
                                 u"by an UPDATE, an index "
                                 "or a check in the same transaction blocks the table for all of it."_s,
                  .saferAlembic = u"# in the next revision, with transaction_per_migration=True in "
                                  u"env.py:\nop.execute(\"UPDATE "
                                  "sessions SET state = 'open' WHERE state IS NULL\")"_s,
                  .saferSql = u"COMMIT;\nBEGIN;\nUPDATE sessions SET state = 'open' WHERE state IS NULL;"_s,
                  .knownAs = {u"eugene: E4"_s, u"eugene: E10"_s, u"strong_migrations: backfilling data"_s}},
         .advice = u"Do it in a revision of its own that runs in its own transaction."_s,
         .check = workUnderLock},
        {.rule = {.id = u"locks-several-tables"_s,
                  .severity = Severity::Advice,
                  .title = u"Holds several tables at once"_s,
                  .explanation = u"A transaction that takes ACCESS EXCLUSIVE on one table after another can "
                                 u"meet a program that "
                                 "goes the other way round: PostgreSQL ends one of the two."_s,
                  .saferAlembic =
                      u"# one revision for each table, with transaction_per_migration=True in env.py"_s,
                  .saferSql = u"BEGIN;\nALTER TABLE sessions ADD COLUMN note text;\nCOMMIT;\nBEGIN;\nALTER "
                              u"TABLE users ADD "
                              "COLUMN note text;\nCOMMIT;"_s,
                  .knownAs = {u"eugene: E4"_s}},
         .advice = u"Give each table a revision of its own, and a transaction."_s,
         .check = locksSeveralTables},
        {.rule = {.id = u"dump-is-running"_s,
                  .severity = Severity::BlocksReads,
                  .title = u"Queues behind a running pg_dump"_s,
                  .explanation = u"pg_dump holds ACCESS SHARE on every table it dumps, to its end. ACCESS "
                                 u"EXCLUSIVE waits for "
                                 "that, and every query behind it."_s,
                  .saferAlembic = u"# wait until the dump has ended"_s,
                  .saferSql =
                      u"SELECT pid, query_start FROM pg_stat_activity WHERE application_name = 'pg_dump';"_s,
                  .knownAs = {}},
         .advice = u"Wait until the dump has ended."_s,
         .check = dumpRuns},
        {.rule =
             {.id = u"explicit-lock"_s,
              .severity = Severity::BlocksReads,
              .title = u"LOCK TABLE"_s,
              .explanation =
                  u"LOCK TABLE without a mode is ACCESS EXCLUSIVE, and every lock is kept to the end of the "
                  "transaction."_s,
              .saferAlembic = u"op.execute(\"LOCK TABLE sessions IN SHARE UPDATE EXCLUSIVE MODE\")"_s,
              .saferSql = u"LOCK TABLE sessions IN SHARE UPDATE EXCLUSIVE MODE;"_s,
              .knownAs = {}},
         .advice = u"Take the weakest mode that does it, as late as possible."_s,
         .check = explicitLock},
        {.rule =
             {.id = u"advisory-lock"_s,
              .severity = Severity::MayFail,
              .title = u"Waits for an advisory lock"_s,
              .explanation =
                  u"A session that waits in pg_advisory_lock() has a snapshot. CREATE INDEX CONCURRENTLY in "
                  u"the "
                  "session that holds the lock waits for that snapshot: a deadlock. Stepwell lets one run go "
                  "at a time by itself, and asks without waiting."_s,
              .saferAlembic = u"# leave it out: Stepwell lets one run go at a time"_s,
              .saferSql = u"SELECT pg_try_advisory_lock(42);"_s,
              .knownAs = {}},
         .advice = u"Leave it out, or ask with pg_try_advisory_lock()."_s,
         .check = advisoryLock},
    };
}

} // namespace stepwell
