// SPDX-License-Identifier: MIT
#include "tests/sql/actiontext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

using K = ActionKind;
using O = ObjectKind;

struct Case {
    const char *sql;
    QList<Action> actions;
};

RelationName relation(const QString &name)
{
    return {.schema = {}, .name = name};
}

RelationName relation(const QString &schema, const QString &name)
{
    return {.schema = schema, .name = name};
}

const RelationName t = relation(u"t"_s);

QList<Case> tableCases()
{
    const ColumnDefinition plain{.name = u"c"_s, .type = {.name = u"int4"_s}};
    ColumnDefinition full{.name = u"c"_s,
                          .type = {.name = u"varchar"_s, .modifiers = {20}},
                          .notNull = true,
                          .hasDefault = true,
                          .defaultVolatility = Volatility::Stable,
                          .defaultText = u"now()::text"_s};
    full.constraints = {{.kind = ConstraintKind::Check, .columns = {u"c"_s}, .notNullColumn = u"c"_s},
                        {.kind = ConstraintKind::ForeignKey,
                         .columns = {u"c"_s},
                         .referenced = relation(u"p"_s),
                         .referencedColumns = {u"id"_s},
                         .onDelete = u"CASCADE"_s,
                         .deferrable = true}};
    const ConstraintDefinition notValid{.kind = ConstraintKind::ForeignKey,
                                        .name = u"fk"_s,
                                        .columns = {u"a"_s, u"b"_s},
                                        .referenced = relation(u"s"_s, u"p"_s),
                                        .referencedColumns = {u"x"_s, u"y"_s},
                                        .onDelete = u"SET NULL"_s,
                                        .notValid = true};
    const auto alter = [](K kind) { return Action{.kind = kind, .object = O::Table, .relation = t}; };
    const auto named = [&alter](K kind, const QString &name) {
        Action action = alter(kind);
        action.name = name;
        return action;
    };
    Action add = named(K::AddColumn, u"c"_s);
    add.column = plain;
    Action addFull = add;
    addFull.column = full;
    addFull.ifExists = true;
    Action dropColumn = named(K::DropColumn, u"c"_s);
    dropColumn.cascade = true;
    Action alterType = named(K::AlterType, u"c"_s);
    alterType.type = {.name = u"numeric"_s, .modifiers = {10, 2}};
    alterType.expression = u"c::int4"_s;
    Action setDefault = named(K::SetDefault, u"c"_s);
    setDefault.expression = u"NULL"_s;
    Action foreignKey = named(K::AddConstraint, u"fk"_s);
    foreignKey.constraint = notValid;
    Action usingIndex = named(K::AddConstraint, u"u"_s);
    usingIndex.constraint = {.kind = ConstraintKind::Unique, .name = u"u"_s, .index = u"i"_s};
    Action check = named(K::AddConstraint, u"ck"_s);
    check.constraint = {
        .kind = ConstraintKind::Check, .name = u"ck"_s, .notNullColumn = u"c"_s, .notValid = true};
    Action exclude = named(K::AddConstraint, {});
    exclude.constraint = {.kind = ConstraintKind::Exclude, .columns = {u"c"_s}};
    Action options = alter(K::SetRelationOptions);
    options.columns = {u"fillfactor"_s, u"toast.autovacuum_enabled"_s};
    Action attach = alter(K::AttachPartition);
    attach.other = relation(u"s"_s, u"p"_s);
    Action detach = alter(K::DetachPartition);
    detach.other = relation(u"p"_s);
    Action finalize = detach;
    finalize.finalize = true;
    detach.concurrently = true;
    Action inherit = alter(K::Inherit);
    inherit.other = relation(u"p"_s);
    Action owner = alter(K::SetOwner);
    owner.newName = u"bob"_s;
    Action only = dropColumn;
    only.cascade = false;
    only.only = true;
    Action attachIndex{.kind = K::AttachIndex, .object = O::Index, .relation = relation(u"i"_s)};
    attachIndex.other = relation(u"j"_s);
    Action attribute{.kind = K::AddAttribute, .object = O::CompositeType, .relation = relation(u"c"_s)};
    attribute.name = u"c"_s;
    attribute.column = plain;
    attribute.cascade = true;
    attribute.only = true; // composite types have no children; the parser says so

    return {
        {"ALTER TABLE t ADD c int", {add}},
        {"ALTER TABLE t ADD COLUMN IF NOT EXISTS c varchar(20) NOT NULL DEFAULT now()::text "
         "CHECK (c IS NOT NULL) REFERENCES p (id) ON DELETE CASCADE DEFERRABLE",
         {addFull}},
        {"ALTER TABLE t ADD c int, DROP c CASCADE", {add, dropColumn}},
        {"ALTER TABLE ONLY t DROP c", {only}},
        {"ALTER TABLE t ALTER c TYPE numeric(10,2) USING c::int", {alterType}},
        {"ALTER TABLE t ALTER c SET DEFAULT NULL", {setDefault}},
        {"ALTER TABLE t ALTER c DROP DEFAULT", {named(K::DropDefault, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET NOT NULL", {named(K::SetNotNull, u"c"_s)}},
        {"ALTER TABLE t ALTER c DROP NOT NULL", {named(K::DropNotNull, u"c"_s)}},
        {"ALTER TABLE t ALTER c ADD GENERATED ALWAYS AS IDENTITY", {named(K::AddIdentity, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET GENERATED ALWAYS", {named(K::SetIdentity, u"c"_s)}},
        {"ALTER TABLE t ALTER c DROP IDENTITY", {named(K::DropIdentity, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET EXPRESSION AS (a + 1)", {named(K::SetExpression, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET STATISTICS 10", {named(K::SetStatistics, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET STORAGE main", {named(K::SetStorage, u"c"_s)}},
        {"ALTER TABLE t ALTER c SET COMPRESSION lz4", {named(K::SetCompression, u"c"_s)}},
        {"ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES s.p (x, y) ON DELETE SET NULL NOT "
         "VALID",
         {foreignKey}},
        {"ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i", {usingIndex}},
        {"ALTER TABLE t ADD CONSTRAINT ck CHECK (c IS NOT NULL) NOT VALID", {check}},
        {"ALTER TABLE t ADD EXCLUDE USING gist (c WITH =)", {exclude}},
        {"ALTER TABLE t VALIDATE CONSTRAINT ck", {named(K::ValidateConstraint, u"ck"_s)}},
        {"ALTER TABLE t DROP CONSTRAINT ck", {named(K::DropConstraint, u"ck"_s)}},
        {"ALTER TABLE t SET (fillfactor = 10, toast.autovacuum_enabled = false)", {options}},
        {"ALTER TABLE t SET UNLOGGED", {alter(K::SetUnlogged)}},
        {"ALTER TABLE t SET LOGGED", {alter(K::SetLogged)}},
        {"ALTER TABLE t REPLICA IDENTITY FULL", {alter(K::ReplicaIdentity)}},
        {"ALTER TABLE t CLUSTER ON i", {named(K::ClusterOn, u"i"_s)}},
        {"ALTER TABLE t INHERIT p", {inherit}},
        {"ALTER TABLE t OWNER TO bob", {owner}},
        {"ALTER TABLE t ATTACH PARTITION s.p FOR VALUES FROM (1) TO (2)", {attach}},
        {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", {detach}},
        {"ALTER TABLE t DETACH PARTITION p FINALIZE", {finalize}},
        {"ALTER TABLE t DISABLE TRIGGER ALL", {alter(K::DisableTrigger)}},
        {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", {alter(K::EnableRowSecurity)}},
        {"ALTER INDEX i ATTACH PARTITION j", {attachIndex}},
        {"ALTER TYPE c ADD ATTRIBUTE c int CASCADE", {attribute}},
    };
}

QList<Case> creationCases()
{
    Action index{.kind = K::Create, .object = O::Index, .relation = relation(u"s"_s, u"i"_s)};
    index.other = relation(u"s"_s, u"t"_s);
    index.columns = {u"a"_s, u"(lower(b))"_s, u"(a + b)"_s};
    index.unique = index.concurrently = index.ifExists = index.hasWhere = true;
    Action partition{.kind = K::Create, .object = O::Table, .relation = relation(u"p1"_s)};
    partition.other = relation(u"p"_s);
    partition.isPartition = true;
    Action table{.kind = K::Create, .object = O::PartitionedTable, .relation = t};
    table.ifExists = table.isPartitioned = true;
    table.created = {{.name = u"id"_s,
                      .type = {.name = u"serial"_s},
                      .notNull = true,
                      .hasDefault = true,
                      .defaultVolatility = Volatility::Volatile,
                      .isSerial = true}};
    table.created.first().constraints = {{.kind = ConstraintKind::PrimaryKey, .columns = {u"id"_s}}};
    table.createdConstraints = {{.kind = ConstraintKind::Check, .name = u"z"_s},
                                {.kind = ConstraintKind::Unique, .columns = {u"x"_s}}};
    table.reads = {relation(u"foo"_s)};
    Action child{.kind = K::Create, .object = O::Table, .relation = t};
    Action inherit{.kind = K::Inherit, .object = O::Table, .relation = t, .other = relation(u"a"_s)};
    Action tableAs{.kind = K::CreateTableAs, .object = O::Table, .relation = t};
    tableAs.reads = {relation(u"s"_s, u"x"_s), relation(u"y"_s)};
    tableAs.temporary = true;
    Action into{.kind = K::CreateTableAs, .object = O::Table, .relation = relation(u"z"_s)};
    into.columns = {u"f"_s};
    into.reads = {relation(u"a"_s)};
    Action view{.kind = K::Create, .object = O::View, .relation = relation(u"v"_s)};
    view.orReplace = true;
    view.reads = {relation(u"u"_s), relation(u"w"_s), t};
    Action trigger{.kind = K::Create, .object = O::Trigger, .relation = t, .name = u"tr"_s};
    trigger.columns = {u"f"_s};
    Action policy{.kind = K::Create, .object = O::Policy, .relation = t, .name = u"po"_s};
    Action rule{.kind = K::Create, .object = O::Rule, .relation = t, .name = u"r"_s};
    Action statistics{.kind = K::Create, .object = O::Statistics, .relation = t, .name = u"s.st"_s};
    Action publication{.kind = K::Create,
                       .object = O::Publication,
                       .relation = relation(u"p"_s),
                       .name = u"p"_s,
                       .reads = {t, relation(u"s"_s, u"u"_s)}};
    Action mood{.kind = K::Create, .object = O::Enum, .relation = relation(u"mood"_s)};
    mood.columns = {u"a"_s, u"b"_s};
    Action domain{.kind = K::Create, .object = O::Domain, .relation = relation(u"d"_s)};
    domain.type = {.name = u"int4"_s};
    domain.createdConstraints = {{.kind = ConstraintKind::Check}, {.kind = ConstraintKind::NotNull}};
    const Action schema{
        .kind = K::Create, .object = O::Schema, .relation = relation(u"s"_s), .ifExists = true};
    return {
        {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a, lower(b), (a + b)) WHERE a > 1",
         {index}},
        {"CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", {partition}},
        {"CREATE TABLE IF NOT EXISTS t (id serial PRIMARY KEY, CONSTRAINT z CHECK (x > 1), UNIQUE (x), "
         "LIKE foo INCLUDING ALL) PARTITION BY RANGE (id)",
         {table}},
        {"CREATE TABLE t () INHERITS (a)", {child, inherit}},
        {"CREATE TEMP TABLE t AS SELECT * FROM s.x JOIN y USING (a)", {tableAs}},
        {"SELECT f(1) INTO z FROM a", {into}},
        {"CREATE OR REPLACE VIEW v AS WITH q AS (SELECT * FROM t) SELECT * FROM q, (SELECT * FROM u) x "
         "WHERE EXISTS (SELECT 1 FROM w)",
         {view}},
        {"CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", {trigger}},
        {"CREATE POLICY po ON t USING (a = 1)", {policy}},
        {"CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING", {rule}},
        {"CREATE STATISTICS s.st ON a, b FROM t", {statistics}},
        {"CREATE PUBLICATION p FOR TABLE t, s.u", {publication}},
        {"CREATE TYPE mood AS ENUM ('a', 'b')", {mood}},
        {"CREATE DOMAIN d AS int CHECK (VALUE > 0) NOT NULL", {domain}},
        {"CREATE SCHEMA IF NOT EXISTS s", {schema}},
    };
}

QList<Case> objectCases()
{
    Action dropFirst{.kind = K::Drop, .object = O::Table, .relation = relation(u"a"_s, u"t"_s)};
    dropFirst.ifExists = dropFirst.cascade = true;
    Action dropSecond = dropFirst;
    dropSecond.relation = relation(u"u"_s);
    Action dropIndex{.kind = K::Drop, .object = O::Index, .relation = relation(u"i"_s), .concurrently = true};
    const Action dropTrigger{
        .kind = K::Drop, .object = O::Trigger, .relation = relation(u"s"_s, u"t"_s), .name = u"tr"_s};
    const auto renamed = [](O object, const RelationName &name, const QString &part = {}) {
        return Action{.kind = K::Rename, .object = object, .relation = name, .name = part, .newName = u"b"_s};
    };
    Action addValue{
        .kind = K::AddEnumValue, .object = O::Enum, .relation = relation(u"mood"_s), .name = u"x"_s};
    addValue.ifExists = addValue.hasPosition = true;
    Action domain{
        .kind = K::AlterDomain, .object = O::Domain, .relation = relation(u"d"_s), .name = u"ADD"_s};
    domain.newName = u"c"_s;
    domain.constraint = {.kind = ConstraintKind::Check, .name = u"c"_s, .notValid = true};
    Action sequence{.kind = K::AlterSequence, .object = O::Sequence, .relation = relation(u"q"_s)};
    sequence.other = t;
    sequence.columns = {u"owned_by"_s};
    Action comment{
        .kind = K::CommentOn, .object = O::Column, .relation = relation(u"s"_s, u"t"_s), .name = u"c"_s};
    return {
        {"DROP TABLE IF EXISTS a.t, u CASCADE", {dropFirst, dropSecond}},
        {"DROP INDEX CONCURRENTLY i", {dropIndex}},
        {"DROP TRIGGER tr ON s.t", {dropTrigger}},
        {"DROP TYPE a.mood", {{.kind = K::Drop, .object = O::Type, .relation = relation(u"a"_s, u"mood"_s)}}},
        {"DROP FUNCTION f(int), s.g",
         {{.kind = K::Drop, .object = O::Function, .relation = relation(u"f"_s)},
          {.kind = K::Drop, .object = O::Function, .relation = relation(u"s"_s, u"g"_s)}}},
        {"DROP SCHEMA s CASCADE",
         {{.kind = K::Drop, .object = O::Schema, .relation = relation(u"s"_s), .cascade = true}}},
        {"ALTER TABLE s.t RENAME COLUMN a TO b", {renamed(O::Column, relation(u"s"_s, u"t"_s), u"a"_s)}},
        {"ALTER TABLE t RENAME CONSTRAINT a TO b", {renamed(O::Constraint, t, u"a"_s)}},
        {"ALTER TABLE t RENAME TO b", {renamed(O::Table, t)}},
        {"ALTER INDEX i RENAME TO b", {renamed(O::Index, relation(u"i"_s))}},
        {"ALTER TYPE s.mood RENAME TO b", {renamed(O::Type, relation(u"s"_s, u"mood"_s))}},
        {"ALTER SCHEMA s RENAME TO b", {renamed(O::Schema, relation(u"s"_s))}},
        {"ALTER TRIGGER tr ON t RENAME TO b", {renamed(O::Trigger, t, u"tr"_s)}},
        {"ALTER DOMAIN d RENAME CONSTRAINT a TO b", {renamed(O::Domain, relation(u"d"_s), u"a"_s)}},
        {"ALTER TABLE t SET SCHEMA z",
         {{.kind = K::SetSchema, .object = O::Table, .relation = t, .newName = u"z"_s}}},
        {"ALTER FUNCTION f() OWNER TO z",
         {{.kind = K::SetOwner, .object = O::Function, .relation = relation(u"f"_s), .newName = u"z"_s}}},
        {"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'", {addValue}},
        {"ALTER TYPE mood RENAME VALUE 'x' TO 'y'",
         {{.kind = K::RenameEnumValue,
           .object = O::Enum,
           .relation = relation(u"mood"_s),
           .name = u"x"_s,
           .newName = u"y"_s}}},
        {"ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID", {domain}},
        {"ALTER SEQUENCE q OWNED BY t.c", {sequence}},
        {"COMMENT ON COLUMN s.t.c IS 'x'", {comment}},
        {"GRANT SELECT ON t TO bob", {{.kind = K::Grant, .object = O::Table, .relation = t}}},
        {"REVOKE SELECT ON ALL TABLES IN SCHEMA s FROM bob",
         {{.kind = K::Revoke, .object = O::Schema, .relation = relation(u"s"_s)}}},
        {"DROP OWNED BY x CASCADE",
         {{.kind = K::Drop,
           .object = O::Role,
           .relation = relation(u"x"_s),
           .name = u"OWNED"_s,
           .cascade = true}}},
        {"ALTER DATABASE d SET a = 1",
         {{.kind = K::AlterOther, .object = O::Database, .relation = relation(u"d"_s)}}},
    };
}

QList<Case> otherCases()
{
    const Action truncate{.kind = K::Truncate, .object = O::Table, .relation = t, .cascade = true};
    const auto whole = [](K kind, bool full = false) {
        return Action{.kind = kind, .object = O::Table, .relation = t, .full = full};
    };
    Action reindex{
        .kind = K::Reindex, .object = O::Index, .relation = relation(u"i"_s), .concurrently = true};
    const Action lock{.kind = K::LockTable, .object = O::Table, .relation = t, .name = u"SHARE"_s};
    Action update{.kind = K::Update, .object = O::Table, .relation = t, .reads = {relation(u"u"_s)}};
    update.hasWhere = true;
    Action insert{.kind = K::Insert, .object = O::Table, .relation = t, .reads = {relation(u"u"_s)}};
    insert.hasWhere = true;
    const Action remove{.kind = K::Delete, .object = O::Table, .relation = t};
    Action fromWith = remove;
    Action insertFromWith = insert;
    insertFromWith.reads = {};
    Action setLocal{
        .kind = K::SetVariable, .name = u"search_path"_s, .expression = u"a, B"_s, .isLocal = true};
    Action select{.kind = K::Select, .columns = {u"pg_catalog.set_config"_s}};
    Action set{.kind = K::SetVariable, .name = u"lock_timeout"_s, .expression = u"3s"_s, .isLocal = true};
    return {
        {"TRUNCATE t CASCADE", {truncate}},
        {"VACUUM FULL t", {whole(K::Vacuum, true)}},
        {"VACUUM (FULL off) t", {whole(K::Vacuum)}},
        {"VACUUM (FULL, ANALYZE) t", {whole(K::Vacuum, true)}},
        {"ANALYZE t", {whole(K::Analyze)}},
        {"VACUUM", {{.kind = K::Vacuum, .object = O::Table}}},
        {"CLUSTER t USING i", {{.kind = K::Cluster, .object = O::Table, .relation = t, .name = u"i"_s}}},
        {"REINDEX (CONCURRENTLY) INDEX i", {reindex}},
        {"REINDEX SCHEMA s", {{.kind = K::Reindex, .object = O::Schema, .relation = relation(u"s"_s)}}},
        {"REFRESH MATERIALIZED VIEW m",
         {{.kind = K::RefreshMaterializedView, .object = O::MaterializedView, .relation = relation(u"m"_s)}}},
        {"LOCK TABLE t IN SHARE MODE NOWAIT", {lock}},
        {"UPDATE t SET a = 1 FROM u WHERE t.x = u.x", {update}},
        {"INSERT INTO t SELECT * FROM u", {insert}},
        {"DELETE FROM t", {remove}},
        {"WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO t SELECT * FROM gone",
         {fromWith, insertFromWith}},
        {"EXPLAIN ANALYZE DELETE FROM t", {remove}},
        {"COPY t FROM '/x'", {{.kind = K::Copy, .object = O::Table, .relation = t}}},
        {"SELECT * FROM t FOR UPDATE", {{.kind = K::Select, .name = u"FOR UPDATE"_s, .reads = {t}}}},
        {"SET lock_timeout = '2s'",
         {{.kind = K::SetVariable, .name = u"lock_timeout"_s, .expression = u"2s"_s}}},
        {"SET lock_timeout = 2000",
         {{.kind = K::SetVariable, .name = u"lock_timeout"_s, .expression = u"2000"_s}}},
        {"SET LOCAL search_path TO a, \"B\"", {setLocal}},
        {"RESET ALL", {{.kind = K::ResetVariable, .name = u"all"_s}}},
        {"SET TimeZone TO DEFAULT", {{.kind = K::ResetVariable, .name = u"timezone"_s}}},
        {"SELECT pg_catalog.set_config('lock_timeout', '3s', true)", {select, set}},
        {"START TRANSACTION", {{.kind = K::Begin}}},
        {"COMMIT", {{.kind = K::Commit}}},
        {"ROLLBACK TO SAVEPOINT a", {{.kind = K::Savepoint, .name = u"a"_s}}},
        {"DO $$ BEGIN END $$", {{.kind = K::DoBlock}}},
        {"CALL p(1)", {{.kind = K::DoBlock, .columns = {u"p"_s}}}},
        {"LISTEN x", {{.kind = K::Other, .name = u"LISTEN"_s}}},
        {"ALTER SYSTEM SET work_mem = 1", {{.kind = K::AlterOther, .name = u"ALTER SYSTEM"_s}}},
    };
}

} // namespace

class TestActions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void reads_data();
    void reads();
    void knowsVolatility_data();
    void knowsVolatility();
    void namesCommands_data();
    void namesCommands();
    void writesTypes();
};

void TestActions::reads_data()
{
    QTest::addColumn<QString>("expected");
    for (const Case &one : tableCases() + creationCases() + objectCases() + otherCases())
        QTest::newRow(one.sql) << actionsText(one.actions);
}

void TestActions::reads()
{
    QTEST(actionsText(actionsOfSql(QString::fromUtf8(QTest::currentDataTag()))), "expected");
}

void TestActions::knowsVolatility_data()
{
    QTest::addColumn<int>("expected");
    const auto row = [](const char *expression, Volatility volatility) {
        QTest::newRow(expression) << static_cast<int>(volatility);
    };
    row("'a'::text", Volatility::Constant);
    row("-1", Volatility::Constant);
    row("'{}'::jsonb", Volatility::Constant);
    row("ARRAY['a']", Volatility::Constant);
    row("1 + 2 * 3", Volatility::Constant);
    row("lower('A')", Volatility::Constant);
    row("now() + interval '1 day'", Volatility::Stable);
    row("CURRENT_TIMESTAMP", Volatility::Stable);
    row("timezone('utc', now())", Volatility::Stable);
    row("current_user", Volatility::Stable);
    row("pg_catalog.now()", Volatility::Stable);
    row("random()", Volatility::Volatile);
    row("clock_timestamp()", Volatility::Volatile);
    row("gen_random_uuid()", Volatility::Volatile);
    row("public.uuid_generate_v4()", Volatility::Volatile);
    row("COALESCE(1, nextval('q'))", Volatility::Volatile);
    row("CASE WHEN random() > 0 THEN 1 END", Volatility::Volatile);
    row("lower(random()::text)", Volatility::Volatile);
    row("my_function()", Volatility::Unknown);
    row("app.now()", Volatility::Unknown);
}

void TestActions::knowsVolatility()
{
    const QString sql =
        u"ALTER TABLE t ADD c int DEFAULT %1"_s.arg(QString::fromUtf8(QTest::currentDataTag()));
    const QList<Action> actions = actionsOfSql(sql);
    QVERIFY(actions.constFirst().column);
    QTEST(static_cast<int>(actions.constFirst().column->defaultVolatility), "expected");
}

void TestActions::namesCommands_data()
{
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *sql, const QString &name) { QTest::newRow(sql) << name; };
    row("ALTER TABLE t ADD c int", u"ALTER TABLE"_s);
    row("alter /* x */ table -- y\n t add c int", u"ALTER TABLE"_s);
    row("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", u"CREATE INDEX CONCURRENTLY"_s);
    row("CREATE INDEX i ON t (a)", u"CREATE INDEX"_s);
    row("DROP INDEX CONCURRENTLY i", u"DROP INDEX CONCURRENTLY"_s);
    row("CREATE OR REPLACE TEMP VIEW v AS SELECT 1", u"CREATE VIEW"_s);
    row("CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        u"CREATE TRIGGER"_s);
    row("CREATE MATERIALIZED VIEW m AS SELECT 1", u"CREATE MATERIALIZED VIEW"_s);
    row("REFRESH MATERIALIZED VIEW CONCURRENTLY m", u"REFRESH MATERIALIZED VIEW CONCURRENTLY"_s);
    row("REINDEX (VERBOSE, CONCURRENTLY) TABLE t", u"REINDEX CONCURRENTLY"_s);
    row("VACUUM (FULL) t", u"VACUUM FULL"_s);
    row("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", u"INSERT"_s);
    row("(SELECT 1)", u"SELECT"_s);
    row("COMMENT ON TABLE t IS 'x'", u"COMMENT"_s);
    row("SET lock_timeout = 1", u"SET"_s);
    row("ALTER TEXT SEARCH CONFIGURATION c RENAME TO d", u"ALTER TEXT SEARCH CONFIGURATION"_s);
    row("ALTER TABLE t ADD COLUMM c int xx", u"ALTER TABLE"_s);
    row("CREATE INDEX CONCURRENTLY i ON t a", u"CREATE INDEX CONCURRENTLY"_s);
    row("SELEC 1", u"SELEC"_s);
    row("\\d t", u""_s);
}

void TestActions::namesCommands()
{
    const auto statements = splitStatements(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY(statements);
    QCOMPARE(statements->size(), 1);
    QTEST(commandName(statements->constFirst()), "expected");
}

void TestActions::writesTypes()
{
    const QList<Action> actions =
        actionsOfSql(u"CREATE TABLE t (a varchar(20)[], b numeric(10, 2), c s.mood)"_s);
    QStringList types;
    for (const ColumnDefinition &column : actions.constFirst().created)
        types.append(column.type.text());
    QCOMPARE(types, QStringList({u"varchar(20)[]"_s, u"numeric(10,2)"_s, u"s.mood"_s}));
}

QTEST_GUILESS_MAIN(TestActions)
#include "tst_actions.moc"
