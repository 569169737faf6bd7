// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

bool createsIndex(const Action &action)
{
    return action.kind == ActionKind::Create && action.object == ObjectKind::Index;
}

QString indexText(const Action &action)
{
    return action.relation.isEmpty() ? u"an index"_s : QString(u"the index "_s + action.relation.name);
}

void indexNotConcurrent(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (!createsIndex(action) || action.concurrently || context.isUnseen(action.other))
            continue;
        const CatalogueRelation *known = context.before.find(action.relation);
        if (action.ifExists && known) // does nothing: if-not-exists-still-locks speaks of it
            continue;
        Finding &finding = findings.add(Severity::BlocksWrites, action.other,
                                        u"Building %1 reads %2 while INSERT, UPDATE and DELETE wait."_s.arg(
                                            indexText(action), context.wholeTable(action.other)));
        const CatalogueRelation *table = context.before.find(action.other);
        if (table && table->kind == ObjectKind::PartitionedTable) {
            finding.advice =
                u"A partitioned table takes no CONCURRENTLY. Create the index ON ONLY the parent, "
                "build one CONCURRENTLY on each partition, and attach each."_s;
            finding.saferSql =
                u"CREATE INDEX %1 ON ONLY %2 (%3);\n-- for each partition, outside of a transaction:\n"
                "CREATE INDEX CONCURRENTLY %1_p1 ON … (%3);\nALTER INDEX %1 ATTACH PARTITION %1_p1;"_s.arg(
                    sqlName(action.relation.name), sqlName(action.other), sqlNames(action.columns));
            finding.saferAlembic = executeCall(finding.saferSql);
        } else {
            concurrentIndex(context.statement.statement, action).giveTo(finding);
        }
    }
}

void indexDropNotConcurrent(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Drop || action.object != ObjectKind::Index || action.concurrently)
            continue;
        const RelationName table = context.tableOfIndex(action.relation);
        if (context.isUnseen(action.relation) || (!table.isEmpty() && context.isUnseen(table)))
            continue;
        // The drop is instant. Without a limit on the wait for its lock, all that comes later queues behind
        // it.
        const bool limited = context.lockTimeoutIsSet();
        Finding &finding = findings.add(
            limited ? Severity::Advice : Severity::BlocksReads, table.isEmpty() ? action.relation : table,
            u"Dropping the index %1 locks %2 against reads and writes%3."_s.arg(
                action.relation.text(), table.isEmpty() ? u"its table"_s : table.text(),
                limited ? u", though only for a moment"_s : u" from the moment it starts to wait"_s));
        finding.saferAlembic = autocommitBlock(u"op.drop_index(%1%2%3, postgresql_concurrently=True)"_s.arg(
            pythonString(action.relation.name),
            table.isEmpty() ? QString() : QString(u", "_s + pythonString(table.name)),
            schemaArgument(action.relation)));
        finding.saferSql = u"DROP INDEX CONCURRENTLY %1;"_s.arg(sqlName(action.relation));
    }
}

void reindexNotConcurrent(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::Reindex || action.concurrently || context.isUnseen(action.relation))
            continue;
        const RelationName table =
            action.object == ObjectKind::Index ? context.tableOfIndex(action.relation) : action.relation;
        const RelationName shown = table.isEmpty() ? action.relation : table;
        Finding &finding = findings.add(
            Severity::BlocksReads, shown,
            u"REINDEX builds %1 anew while writes wait, and queries that may use the index wait too."_s.arg(
                action.relation.isEmpty() ? u"indexes"_s : action.relation.text()));
        const QString what = action.object == ObjectKind::Index    ? u"INDEX"_s
                             : action.object == ObjectKind::Table  ? u"TABLE"_s
                             : action.object == ObjectKind::Schema ? u"SCHEMA"_s
                                                                   : u"DATABASE"_s;
        const QString sql = u"REINDEX %1 CONCURRENTLY %2"_s.arg(what, sqlName(action.relation));
        SaferForm{autocommitBlock(executeCall(sql)), sql + u';'}.giveTo(finding);
    }
}

void uniqueIndexOnRows(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (!createsIndex(action) || !action.unique || context.isEmpty(action.other))
            continue;
        const QString columns = listText(action.columns);
        Finding &finding = findings.add(
            Severity::MayFail, action.other,
            u"Fails if two rows of %1 have the same %2%3."_s.arg(
                action.other.text(), columns.isEmpty() ? u"values"_s : columns,
                action.concurrently ? u", and then leaves an invalid index behind"_s : QString()));
        finding.saferSql =
            u"-- none may come out:\nSELECT %1, count(*) FROM %2 GROUP BY %1 HAVING count(*) > 1;"_s.arg(
                sqlNames(action.columns), sqlName(action.other));
    }
}

void indexManyColumns(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (!createsIndex(action) || action.unique || action.columns.size() <= 3)
            continue;
        findings.add(Severity::Advice, action.other,
                     u"%1 has %2 columns; more than three rarely help a query and cost every write."_s
                         .arg(action.relation.isEmpty() ? u"The index"_s : action.relation.name)
                         .arg(action.columns.size()));
    }
}

void indexRepeatsColumn(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (!createsIndex(action))
            continue;
        for (qsizetype i = 1; i < action.columns.size(); ++i) {
            if (action.columns.first(i).contains(action.columns.at(i))) {
                findings.add(Severity::Advice, action.other,
                             u"%1 has the column %2 twice."_s.arg(
                                 action.relation.isEmpty() ? u"The index"_s : action.relation.name,
                                 action.columns.at(i)));
                break;
            }
        }
    }
}

} // namespace

RuleDefinitions indexRules()
{
    return {
        {.rule =
             {.id = u"index-not-concurrent"_s,
              .severity = Severity::BlocksWrites,
              .title = u"Builds an index while writes wait"_s,
              .explanation =
                  u"CREATE INDEX takes a SHARE lock for as long as it reads the table: everybody can read, "
                  "nobody can write. CREATE INDEX CONCURRENTLY takes longer and lets writes go on; it cannot "
                  "run inside a transaction, so Alembic needs an autocommit block for it."_s,
              .saferAlembic =
                  u"with op.get_context().autocommit_block():\n    op.create_index(\"ix_sessions_owner\", "
                  "\"sessions\", [\"owner_id\"], postgresql_concurrently=True)"_s,
              .saferSql = u"CREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id);"_s,
              .knownAs = {u"squawk: require-concurrent-index-creation"_s, u"strong_migrations: add_index"_s,
                          u"atlas: PG101"_s, u"bytebase: create-index-concurrently"_s, u"eugene: E6"_s}},
         .advice =
             u"Build it CONCURRENTLY in an autocommit block, as the first or only thing of a revision."_s,
         .check = indexNotConcurrent},
        {.rule =
             {.id = u"index-drop-not-concurrent"_s,
              .severity = Severity::BlocksReads,
              .title = u"Drops an index under ACCESS EXCLUSIVE"_s,
              .explanation =
                  u"DROP INDEX locks the index and its table against reads and writes. The drop itself is "
                  "instant, but it waits for every running query on the table, and all later queries queue "
                  "behind it; with a lock_timeout that wait is short, and the rule is only advice."_s,
              .saferAlembic =
                  u"with op.get_context().autocommit_block():\n    "
                  "op.drop_index(\"ix_sessions_owner\", \"sessions\", postgresql_concurrently=True)"_s,
              .saferSql = u"DROP INDEX CONCURRENTLY ix_sessions_owner;"_s,
              .knownAs = {u"squawk: require-concurrent-index-deletion"_s,
                          u"strong_migrations: remove_index"_s, u"atlas: PG102"_s}},
         .advice = u"Drop it CONCURRENTLY in an autocommit block."_s,
         .check = indexDropNotConcurrent},
        {.rule =
             {.id = u"reindex-not-concurrent"_s,
              .severity = Severity::BlocksReads,
              .title = u"Rebuilds indexes while the table waits"_s,
              .explanation =
                  u"REINDEX locks the table against writes and each index against all use. Planning a query "
                  "looks at every index of its tables, so reads wait as well."_s,
              .saferAlembic = u"with op.get_context().autocommit_block():\n    "
                              "op.execute(\"REINDEX INDEX CONCURRENTLY ix_sessions_owner\")"_s,
              .saferSql = u"REINDEX INDEX CONCURRENTLY ix_sessions_owner;"_s,
              .knownAs = {u"squawk: require-concurrent-reindex"_s}},
         .advice = u"Use REINDEX … CONCURRENTLY in an autocommit block."_s,
         .check = reindexNotConcurrent},
        {.rule =
             {.id = u"unique-index-on-rows"_s,
              .severity = Severity::MayFail,
              .title = u"Fails if rows are not unique"_s,
              .explanation =
                  u"A unique index on a table that has rows cannot be built if two of them are equal. Built "
                  "CONCURRENTLY it fails late and leaves an invalid index, which has to be dropped."_s,
              .saferAlembic =
                  u"# before the revision: look for duplicates and settle them\nop.execute(\"DELETE "
                  "FROM users a USING users b WHERE a.email = b.email AND a.id > b.id\")"_s,
              .saferSql = u"SELECT email, count(*) FROM users GROUP BY email HAVING count(*) > 1;"_s,
              .knownAs = {u"atlas: MF101"_s, u"atlas: MF102"_s}},
         .advice = u"Look for duplicates on the target first, or rehearse on a copy of its rows."_s,
         .check = uniqueIndexOnRows},
        {.rule = {.id = u"index-many-columns"_s,
                  .severity = Severity::Advice,
                  .title = u"Index with more than three columns"_s,
                  .explanation =
                      u"A wide index is large, slows every write down, and is rarely used beyond its "
                      "first columns. A unique index may need them all and is left alone."_s,
                  .saferAlembic = u"op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\", "
                                  "\"created_at\"], postgresql_concurrently=True)"_s,
                  .saferSql =
                      u"CREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id, created_at);"_s,
                  .knownAs = {u"strong_migrations: add_index (columns)"_s,
                              u"bytebase: index key number limit"_s}},
         .advice = u"Keep the columns that queries search by, the most selective first."_s,
         .check = indexManyColumns},
        {.rule = {.id = u"index-repeats-column"_s,
                  .severity = Severity::Advice,
                  .title = u"Index has a column twice"_s,
                  .explanation =
                      u"The second mention of a column adds to the size of the index and to nothing else."_s,
                  .saferAlembic = u"op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\"], "
                                  "postgresql_concurrently=True)"_s,
                  .saferSql = u"CREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id);"_s,
                  .knownAs = {u"bytebase: index no duplicate column"_s}},
         .advice = u"Name each column once."_s,
         .check = indexRepeatsColumn},
    };
}

} // namespace stepwell
