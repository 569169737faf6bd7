// SPDX-License-Identifier: MIT
#include "migrations/run/offendingrows.h"
#include "migrations/run/sqlslices.h"
#include "tests/support/testcluster.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

std::unique_ptr<DatabaseSession> sessionFor(const ConnectionSettings &settings)
{
    auto opened = DatabaseSession::open(settings, {});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    return std::move(*opened);
}

const QString oddTables = uR"(
CREATE EXTENSION btree_gist;
CREATE SCHEMA "app-x";
CREATE TABLE "app-x"."Customers" (id int, region text, "select" text UNIQUE, PRIMARY KEY (id, region));
INSERT INTO "app-x"."Customers" VALUES (1, 'eu', 'a'), (2, 'us', 'b');
CREATE TABLE "app-x"."Order Items" (
    "Number" int PRIMARY KEY, "select" text, customer int, region text, total numeric, note text, tag text,
    during int4range);
INSERT INTO "app-x"."Order Items" VALUES
    (1, 'x', 1, 'eu', 10, 'fine', 'One', '[1,3)'),
    (2, 'x', 9, 'eu', -5, NULL, 'one', '[2,4)'),
    (3, 'y''\', NULL, 'xx', NULL, 'f:' || repeat('long', 100), 'two', '[7,9)'),
    (4, NULL, 2, 'us', 0, NULL, 'ONE', NULL),
    (5, NULL, NULL, NULL, 7, 'fine', NULL, NULL);
CREATE TABLE "app-x".parts (d int, "select" text) PARTITION BY RANGE (d);
CREATE TABLE "app-x".parts_low PARTITION OF "app-x".parts FOR VALUES FROM (0) TO (10);
CREATE TABLE "app-x".parts_high PARTITION OF "app-x".parts FOR VALUES FROM (10) TO (20);
INSERT INTO "app-x".parts VALUES (1, NULL), (11, 'q'), (12, NULL);
CREATE TABLE plain (a text, b text);
INSERT INTO plain VALUES ('k', 'v'), ('k', 'w'), (NULL, 'n'), (NULL, 'm');
CREATE DOMAIN amount AS numeric;
CREATE TABLE prices (id int PRIMARY KEY, value int, "price" amount);
INSERT INTO prices VALUES (1, 5, 3), (2, 5, -3);
CREATE TABLE refers (id int PRIMARY KEY, plain text);
)"_s;

/// Each row on one line, values separated by '|'.
QStringList lines(const OffendingRows &found)
{
    QStringList all;
    for (const QStringList &row : found.rows)
        all += row.join(u'|');
    return all;
}

} // namespace

class TestOffendingRows : public QObject
{
    Q_OBJECT

private:
    /// Runs the statements in a transaction that is rolled back; `before` stays.
    static OffendingRows look(const QString &before, const QStringList &revision, const QString &role = {})
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        TestCluster::instance().execute(database.name, oddTables + before);
        const auto session = sessionFor(database.settings);
        std::optional<Error> error;
        const bool alone = revision.first().contains("CONCURRENTLY"_L1);
        if (!alone && !session->execute(u"BEGIN"_s))
            qFatal("no transaction");
        for (const QString &statement : revision) {
            const auto done = session->execute(statement);
            if (!done)
                error = done.error();
        }
        static_cast<void>(session->execute(u"ROLLBACK"_s));
        if (!error)
            qFatal("nothing failed");
        // Another session, as a run has it: its search_path knows nothing of the revision's.
        const auto other = sessionFor(database.settings);
        if (!role.isEmpty() && !other->execute(u"SET ROLE "_s + role))
            qFatal("no role");
        const auto found = findOffendingRows(*other, *error);
        if (!found)
            qFatal("not looked up: %s", qPrintable(toText(*error)));
        const auto after = other->query(u"SELECT now() = statement_timestamp()"_s);
        if (!after || !after->first().first().toBool())
            qFatal("a transaction is left open");
        return *found;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void finds_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QStringList>("revision");
        QTest::addColumn<QString>("columns");
        QTest::addColumn<QStringList>("rows");
        const auto add = [](const char *name, const QString &revision, const QString &columns,
                            const QStringList &rows, const QString &before = {}) {
            QTest::newRow(name) << before << revision.split(u";;"_s) << columns << rows;
        };
        const QString items = u"ALTER TABLE \"app-x\".\"Order Items\" "_s;
        const QString path = u"SET LOCAL search_path = \"app-x\", public;;"_s;
        add("unique", items + u"ADD UNIQUE (\"select\")"_s, u"Number|select"_s, {u"1|x"_s, u"2|x"_s});
        add("unique without its schema",
            path + u"ALTER TABLE \"Order Items\" ADD CONSTRAINT u UNIQUE (\"select\")"_s, u"Number|select"_s,
            {u"1|x"_s, u"2|x"_s});
        add("unique, NULLs alike", u"ALTER TABLE plain ADD UNIQUE NULLS NOT DISTINCT (a)"_s, u"ctid|a"_s,
            {u"(0,3)|NULL"_s, u"(0,4)|NULL"_s}, u"DELETE FROM plain WHERE b = 'v';"_s);
        add("unique over two", u"ALTER TABLE plain ADD UNIQUE (a, b)"_s, u"ctid|a|b"_s,
            {u"(0,1)|k|v"_s, u"(0,5)|k|v"_s}, u"INSERT INTO plain VALUES ('k', 'v'), (NULL, 'n');"_s);
        add("primary key", u"ALTER TABLE plain ADD PRIMARY KEY (a)"_s, u"ctid|a"_s,
            {u"(0,3)|NULL"_s, u"(0,4)|NULL"_s}, u"DELETE FROM plain WHERE b = 'v';"_s);
        add("primary key with duplicates", u"ALTER TABLE plain ADD PRIMARY KEY (a)"_s, u"ctid|a"_s,
            {u"(0,1)|k"_s, u"(0,2)|k"_s}, u"DELETE FROM plain WHERE a IS NULL;"_s);
        add("unique index with expression and condition",
            u"CREATE UNIQUE INDEX CONCURRENTLY i ON \"app-x\".\"Order Items\" (lower(tag), ((\"Number\" % 1) "
            u"+ 0)) "
            "INCLUDE (note) WHERE total > -1 OR note = 'a) WHERE b'"_s,
            u"Number|(lower(tag))|((\"Number\" % 1) + 0)|tag|total|note"_s,
            {u"1|one|0|One|10|fine"_s, u"4|one|0|ONE|0|NULL"_s});
        add("set not null", items + u"ALTER COLUMN note TYPE text, ALTER COLUMN \"select\" SET NOT NULL"_s,
            u"Number|select"_s, {u"4|NULL"_s, u"5|NULL"_s});
        add("set not null of partitions",
            u"ALTER TABLE \"app-x\".parts ALTER COLUMN \"select\" SET NOT NULL"_s, u"tableoid|ctid|select"_s,
            {u"\"app-x\".parts_low|(0,1)|NULL"_s, u"\"app-x\".parts_high|(0,2)|NULL"_s});
        add("partitions without their schema", path + u"ALTER TABLE parts ADD CHECK (d < 12)"_s,
            u"tableoid|ctid|d"_s, {u"\"app-x\".parts_high|(0,2)|12"_s});
        add("check",
            items +
                u"ADD CONSTRAINT \"total (ok)\" CHECK (total >= 0 AND note IS DISTINCT FROM 'a)' /* ) */)"_s,
            u"Number|total|note"_s, {u"2|-5|NULL"_s});
        add("second of two", items + u"ADD CHECK (\"Number\" > 0), ADD CHECK (\"Order Items\".total <> 7)"_s,
            u"Number|total"_s, {u"5|7"_s});
        add("values are cut", items + u"ADD CHECK (note NOT LIKE 'f:%')"_s, u"Number|note"_s,
            {QString(u"3|f:"_s + u"long"_s.repeated(49) + u"lo…"_s)});
        add("foreign key", items + u"ADD FOREIGN KEY (customer, region) REFERENCES \"app-x\".\"Customers\""_s,
            u"Number|customer|region"_s, {u"2|9|eu"_s});
        add("foreign key in full",
            items +
                u"ADD FOREIGN KEY (customer, region) REFERENCES \"app-x\".\"Customers\" (id, region) MATCH FULL"_s,
            u"Number|customer|region"_s, {u"2|9|eu"_s, u"3|NULL|xx"_s});
        add("foreign key to another column",
            items + u"ADD CONSTRAINT f FOREIGN KEY (\"select\") REFERENCES "
                    "\"app-x\".\"Customers\" (\"select\")"_s,
            u"Number|select"_s, {u"1|x"_s, u"2|x"_s, u"3|y'\\"_s});
        add("validated", items + u"VALIDATE CONSTRAINT later"_s, u"Number|customer|region"_s, {u"2|9|eu"_s},
            QString(
                items +
                u"ADD CONSTRAINT later FOREIGN KEY (customer, region) REFERENCES \"app-x\".\"Customers\" NOT VALID;"_s));
        add("check validated", items + u"VALIDATE CONSTRAINT later"_s, u"Number|total"_s, {u"2|-5"_s},
            QString(items + u"ADD CONSTRAINT later CHECK (total >= 0) NOT VALID;"_s));
        add("exclusion",
            items + u"ADD EXCLUDE USING gist (\"select\" WITH =, during WITH &&) WHERE (\"Number\" < 5)"_s,
            u"Number|select|during"_s, {u"1|x|[1,3)"_s, u"2|x|[2,4)"_s});
        add("new column", u"ALTER TABLE prices ADD COLUMN currency text NOT NULL"_s, u"id|value|price"_s,
            {u"1|5|3"_s, u"2|5|-3"_s});
        add("domain", u"ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0)"_s, u"id|price"_s,
            {u"2|-3"_s});
        add("domain validated", u"ALTER DOMAIN amount VALIDATE CONSTRAINT positive"_s, u"id|price"_s,
            {u"2|-3"_s}, u"ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;"_s);
        add("domain not null", u"ALTER DOMAIN amount SET NOT NULL"_s, u"id|price"_s, {u"3|NULL"_s},
            u"INSERT INTO prices VALUES (3, 3, NULL);"_s);
        add("row with the same key", u"INSERT INTO \"app-x\".\"Customers\" VALUES (1, 'eu', 'z')"_s,
            u"id|region"_s, {u"1|eu"_s});
        add("row with the same odd column", u"UPDATE \"app-x\".\"Customers\" SET \"select\" = 'a'"_s,
            u"id|region|select"_s, {u"1|eu|a"_s});
        add("parent of others", u"DELETE FROM \"app-x\".\"Customers\" WHERE id = 2"_s,
            u"Number|customer|region"_s, {u"4|2|us"_s},
            QString(u"UPDATE \"app-x\".\"Order Items\" SET customer = NULL WHERE customer = 9;"_s + items +
                    u"ADD FOREIGN KEY (customer, region) REFERENCES \"app-x\".\"Customers\";"_s));
        add("expression index", u"INSERT INTO plain VALUES ('K', 'V')"_s, u"ctid|lower(b)"_s, {u"(0,1)|v"_s},
            u"CREATE UNIQUE INDEX i ON plain (lower(b));"_s);
    }

    void finds()
    {
        QFETCH(QString, before);
        QFETCH(QStringList, revision);
        QFETCH(QString, columns);
        QFETCH(QStringList, rows);
        const OffendingRows found = look(before, revision);
        QVERIFY2(found.note.isEmpty(), qPrintable(found.note + u'\n' + found.sql));
        QCOMPARE(found.columns.join(u'|'), columns);
        QStringList sorted = lines(found);
        sorted.sort();
        rows.sort();
        QCOMPARE(sorted, rows);
        QVERIFY(!found.more);
    }

    void isBounded()
    {
        const OffendingRows found =
            look(u"INSERT INTO prices SELECT n, 5, n FROM generate_series(10, 100) AS n;"_s,
                 {u"ALTER TABLE prices ADD UNIQUE (value)"_s});
        QCOMPARE(found.rows.size(), 20);
        QVERIFY(found.more);
        QVERIFY(found.sql.contains(u"LIMIT 21"_s));
    }

    void saysWhyNot_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QStringList>("revision");
        QTest::addColumn<QString>("note");
        const auto add = [](const char *name, const QString &revision, const QString &note,
                            const QString &before = {}) {
            QTest::newRow(name) << before << revision.split(u";;"_s) << note;
        };
        add("new column", u"ALTER TABLE plain ADD c int DEFAULT 1;;ALTER TABLE plain ADD UNIQUE (c)"_s,
            u"The column c of plain is not in the database now: it came with the revision"_s);
        add("new column with its rule", u"ALTER TABLE plain ADD c int DEFAULT 1 CHECK (c > 1)"_s,
            u"The column c of plain is not in the database now"_s);
        add("new table",
            u"CREATE TABLE fresh AS SELECT 1 AS a FROM generate_series(1, 2);;ALTER TABLE fresh ADD UNIQUE (a)"_s,
            u"The table fresh is not in the database now"_s);
        add("new function",
            u"CREATE FUNCTION f(text) RETURNS bool LANGUAGE sql AS 'SELECT false';;"
            "ALTER TABLE plain ADD CHECK (f(a))"_s,
            u"What the rule needs came with the revision"_s);
        add("new parent",
            u"CREATE TABLE up (id text PRIMARY KEY);;ALTER TABLE plain ADD FOREIGN KEY (a) REFERENCES up"_s,
            u"The table up is not in the database now"_s);
        add("new constraint",
            u"ALTER TABLE plain ADD CONSTRAINT later CHECK (a <> 'k') NOT VALID;;"
            "ALTER TABLE plain VALIDATE CONSTRAINT later"_s,
            u"The constraint later is not in the database now"_s);
        add("rows of the revision",
            u"INSERT INTO refers VALUES (1, 'a'), (2, 'a');;ALTER TABLE refers ADD UNIQUE (plain)"_s,
            u"No such row is in public.refers now"_s);
        add("a row that was to be written", u"INSERT INTO prices VALUES (NULL, 1, 1)"_s,
            u"The row was to be written by the revision and is not in the database. The server said: Failing row contains"_s);
        add("a row without its parent", u"INSERT INTO plain VALUES ('zz')"_s,
            u"The server said: Key (a)=(zz) is not present in table \"up\"."_s,
            u"CREATE TABLE up (id text PRIMARY KEY); INSERT INTO up VALUES ('k'); "
            "ALTER TABLE plain ADD FOREIGN KEY (a) REFERENCES up;"_s);
        add("values with commas", u"INSERT INTO plain VALUES ('a, b', 'c')"_s,
            u"cannot be told apart. The server said: Key (a, b)=(a, b, c)"_s,
            u"DELETE FROM plain; INSERT INTO plain VALUES ('a, b', 'c'); CREATE UNIQUE INDEX ON plain (a, b);"_s);
        add("values of a new type", u"ALTER TABLE plain ALTER COLUMN a TYPE text USING left(a, 1)"_s,
            u"by values that the statement itself makes"_s,
            u"UPDATE plain SET a = a || b; CREATE UNIQUE INDEX ON plain (a);"_s);
        add("attached", u"ALTER TABLE \"app-x\".parts ATTACH PARTITION loose FOR VALUES FROM (20) TO (30)"_s,
            u"the bounds of a partition"_s,
            u"CREATE TABLE loose (d int, \"select\" text); INSERT INTO loose VALUES (7);"_s);
        add("code", u"DO $$ BEGIN ALTER TABLE plain ADD CHECK (a IS NULL); END $$"_s,
            u"The server does not say which row it is."_s);
        add("code with a key", u"DO $$ BEGIN ALTER TABLE plain ADD CONSTRAINT u UNIQUE (a); END $$"_s,
            u"The rule u is not in the database now"_s);
        add("too slow", u"SET statement_timeout = 0;;ALTER TABLE plain ADD CHECK (slow(a))"_s,
            u"took longer than 5 s"_s,
            u"CREATE FUNCTION slow(text) RETURNS bool LANGUAGE sql AS "
            "'SELECT false FROM pg_sleep(CASE WHEN current_setting(''transaction_read_only'')::bool THEN 30 ELSE 0 END)';"_s);
    }

    void saysWhyNot()
    {
        QFETCH(QString, before);
        QFETCH(QStringList, revision);
        QFETCH(QString, note);
        const OffendingRows found = look(before, revision);
        QVERIFY2(found.note.contains(note), qPrintable(found.note + u'\n' + lines(found).join(u'\n')));
        QVERIFY(found.rows.isEmpty());
    }

    void respectsPrivileges()
    {
        const QString role =
            u"DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"_s;
        const QStringList revision{u"ALTER TABLE plain ADD UNIQUE (a)"_s};
        const OffendingRows closed = look(role, revision, u"reader"_s);
        QVERIFY(closed.rows.isEmpty());
        QVERIFY2(closed.note.contains(u"may not read public.plain"_s), qPrintable(closed.note));
        const OffendingRows open = look(role + u"GRANT SELECT ON plain TO reader;"_s, revision, u"reader"_s);
        QCOMPARE(lines(open), (QStringList{u"(0,1)|k"_s, u"(0,2)|k"_s}));
        const OffendingRows hidden = look(
            QString(role + u"GRANT SELECT ON plain TO reader; ALTER TABLE plain ENABLE ROW LEVEL SECURITY; "
                           "CREATE POLICY few ON plain USING (b <> 'w');"_s),
            revision, u"reader"_s);
        QVERIFY(hidden.rows.isEmpty());
        QVERIFY2(hidden.note.contains(u"Row-level security may hide rows of public.plain"_s),
                 qPrintable(hidden.note));
    }

    void readsOnly()
    {
        // A rule that writes would leave its trace; a read-only transaction refuses it.
        const OffendingRows found = look(u"CREATE TABLE trace (a text); "
                                         "CREATE FUNCTION writes(text) RETURNS bool LANGUAGE sql AS "
                                         "'INSERT INTO trace VALUES ($1); SELECT false';"_s,
                                         {u"ALTER TABLE plain ADD CHECK (writes(a))"_s});
        QVERIFY(found.rows.isEmpty());
        QVERIFY2(found.note.contains(u"read-only transaction"_s), qPrintable(found.note));
    }

    void looksForNothingElse()
    {
        const auto session = sessionFor(TestCluster::instance().newDatabase().settings);
        QVERIFY(!findOffendingRows(*session, {.sqlState = u"55P03"_s}));
        QVERIFY(!findOffendingRows(*session, {}));
        const auto bare = findOffendingRows(*session, {.sqlState = u"23505"_s});
        QVERIFY(bare && !bare->note.isEmpty());
    }

    void slices()
    {
        QCOMPARE(firstGroup(u"f('(', \"(\", $x$($x$, E'\\'(' -- (\n /* ( /* ) */ ( */, (1))"_s, 1).inside,
                 u"'(', \"(\", $x$($x$, E'\\'(' -- (\n /* ( /* ) */ ( */, (1)"_s);
        QCOMPARE(firstGroup(u"no group"_s, 0).end, -1);
        QCOMPARE(splitAtCommas(u"a, f(b, c), 'd,e', ARRAY[1,2]"_s),
                 (QStringList{u"a"_s, u"f(b, c)"_s, u"'d,e'"_s, u"ARRAY[1,2]"_s}));
        QCOMPARE(afterKeyword(u"(a WHERE b) \"where\" 'where' nowhere where c"_s, 0, u"WHERE"), u"c"_s);
        QCOMPARE(afterKeyword(u"nothing"_s, 0, u"WHERE"), QString());
    }
};

QTEST_GUILESS_MAIN(TestOffendingRows)
#include "tst_offendingrows.moc"
