// SPDX-License-Identifier: MIT
#include "tests/sql/actiontext.h"

#include "migrations/sql/catalogue.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

RelationName relation(const QString &name)
{
    return {.schema = {}, .name = name};
}

void run(Catalogue &catalogue, const QString &script)
{
    const auto statements = splitStatements(script);
    if (!statements)
        qFatal("cannot be split: %s", qPrintable(script));
    for (const Statement &statement : *statements) {
        if (!statement.parseError.isEmpty())
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(statement.parseError));
        catalogue.apply(actionsOf(statement));
    }
}

QString names(const QList<RelationName> &relations)
{
    QStringList texts;
    for (const RelationName &one : relations)
        texts.append(one.text());
    return texts.join(u' ');
}

QString constraintNames(const Catalogue &catalogue, const QString &table)
{
    QStringList texts;
    for (const ConstraintDefinition &constraint : catalogue.find(relation(table))->constraints)
        texts.append(constraint.name);
    return texts.join(u' ');
}

} // namespace

class TestCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void findsAlongTheSearchPath();
    void namesWhatPostgresNames();
    void followsColumns();
    void followsConstraints();
    void followsPartitions();
    void followsRenames();
    void followsDrops();
    void knowsWhatIsNew();
    void learnsOfUnknownTables();
    void followsTheSession();
    void followsEnums();
    void copiesAreIndependent();
};

void TestCatalogue::findsAlongTheSearchPath()
{
    Catalogue catalogue;
    catalogue.isFromDatabase = true;
    catalogue.searchPath = {u"app"_s, u"public"_s};
    catalogue.add({.name = {.schema = u"public"_s, .name = u"t"_s}});
    QCOMPARE(catalogue.find(relation(u"t"_s))->name.text(), u"public.t"_s);
    catalogue.add({.name = {.schema = u"app"_s, .name = u"t"_s}});
    QCOMPARE(catalogue.find(relation(u"t"_s))->name.text(), u"app.t"_s);
    QVERIFY(catalogue.isSame(relation(u"t"_s), {.schema = u"app"_s, .name = u"t"_s}));
    QVERIFY(!catalogue.find({.schema = u"web"_s, .name = u"t"_s}));
    run(catalogue, u"CREATE TABLE made (); CREATE TEMP TABLE t ()"_s);
    QCOMPARE(catalogue.find(relation(u"made"_s))->name.text(), u"app.made"_s);
    QCOMPARE(catalogue.find(relation(u"t"_s))->name.text(), u"pg_temp.t"_s);
}

void TestCatalogue::namesWhatPostgresNames()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TABLE p (id serial PRIMARY KEY, code text UNIQUE);"
                   "CREATE TABLE t (a int REFERENCES p, b int CHECK (b > 0), UNIQUE (a, b), CHECK (a > b));"
                   "CREATE INDEX ON t (a, lower(b::text)); CREATE INDEX ON t (a, lower(b::text))"_s);
    QCOMPARE(constraintNames(catalogue, u"p"_s), u"p_pkey p_code_key"_s);
    QCOMPARE(constraintNames(catalogue, u"t"_s), u"t_a_fkey t_b_check t_a_b_key t_check"_s);
    QCOMPARE(names(catalogue.indexesOf(relation(u"t"_s))), u"t_a_b_key t_a_expr_idx t_a_expr_idx1"_s);
    QCOMPARE(names(catalogue.sequencesOf(relation(u"p"_s))), u"p_id_seq"_s);
    QCOMPARE(names(catalogue.referencing(relation(u"p"_s))), u"t"_s);
    QVERIFY(catalogue.column(relation(u"p"_s), u"id"_s)->notNull);
}

void TestCatalogue::followsColumns()
{
    Catalogue catalogue;
    run(catalogue,
        u"CREATE TABLE t (a int, b text);"
        "ALTER TABLE t ADD c int NOT NULL DEFAULT 1, ALTER a TYPE bigint, ALTER b SET NOT NULL, DROP COLUMN "
        "b;"
        "ALTER TABLE t ALTER c DROP NOT NULL, ALTER c DROP DEFAULT; ALTER TABLE t ALTER a SET DEFAULT 5"_s);
    QCOMPARE(catalogue.find(relation(u"t"_s))->columns.size(), 2);
    QCOMPARE(catalogue.column(relation(u"t"_s), u"a"_s)->type.text(), u"int8"_s);
    QCOMPARE(catalogue.column(relation(u"t"_s), u"a"_s)->defaultText, u"5"_s);
    QVERIFY(!catalogue.column(relation(u"t"_s), u"c"_s)->notNull);
    QVERIFY(!catalogue.column(relation(u"t"_s), u"c"_s)->hasDefault);
}

void TestCatalogue::followsConstraints()
{
    Catalogue catalogue;
    run(catalogue,
        u"CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID"_s);
    QVERIFY(catalogue.constraint(relation(u"t"_s), u"c"_s)->notValid);
    QCOMPARE(catalogue.constraint(relation(u"t"_s), u"c"_s)->notNullColumn, u"a"_s);
    run(catalogue, u"ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t RENAME COLUMN a TO z"_s);
    QVERIFY(!catalogue.constraint(relation(u"t"_s), u"c"_s)->notValid);
    QCOMPARE(catalogue.constraint(relation(u"t"_s), u"c"_s)->notNullColumn, u"z"_s);
    run(catalogue,
        u"CREATE UNIQUE INDEX i ON t (z); ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i;"
        "ALTER TABLE t DROP CONSTRAINT c"_s);
    QCOMPARE(constraintNames(catalogue, u"t"_s), u"k"_s);
    QCOMPARE(names(catalogue.indexesOf(relation(u"t"_s))), u"k"_s);
    QVERIFY(catalogue.column(relation(u"t"_s), u"z"_s)->notNull);
    run(catalogue, u"ALTER TABLE t DROP CONSTRAINT k"_s);
    QCOMPARE(names(catalogue.indexesOf(relation(u"t"_s))), QString());
}

void TestCatalogue::followsPartitions()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TABLE p (k int) PARTITION BY RANGE (k);"
                   "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1) PARTITION BY RANGE (k);"
                   "CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (1); CREATE TABLE p2 (k int);"
                   "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (1) TO (2); ALTER TABLE p ADD x int"_s);
    QCOMPARE(names(catalogue.partitionsOf(relation(u"p"_s))), u"p1 p2 p11"_s);
    QVERIFY(catalogue.column(relation(u"p11"_s), u"x"_s));
    run(catalogue, u"ALTER TABLE p DETACH PARTITION p2; CREATE TABLE h () INHERITS (p2)"_s);
    QCOMPARE(names(catalogue.partitionsOf(relation(u"p"_s))), u"p1 p11"_s);
    QCOMPARE(names(catalogue.partitionsOf(relation(u"p2"_s))), u"h"_s);
}

void TestCatalogue::followsRenames()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p);"
                   "CREATE VIEW v AS SELECT * FROM p; CREATE INDEX i ON p (id);"
                   "ALTER TABLE p RENAME TO q; ALTER INDEX i RENAME TO j; ALTER TABLE q SET SCHEMA s"_s);
    const RelationName moved{.schema = u"s"_s, .name = u"q"_s};
    QVERIFY(!catalogue.find(relation(u"p"_s)));
    QVERIFY(catalogue.find(moved));
    QCOMPARE(names(catalogue.referencing(moved)), u"t"_s);
    QCOMPARE(names(catalogue.dependents(moved)), u"v"_s);
    QCOMPARE(names(catalogue.indexesOf(moved)), u"j p_pkey"_s);
    run(catalogue, u"ALTER TABLE t RENAME CONSTRAINT t_a_fkey TO f"_s);
    QCOMPARE(constraintNames(catalogue, u"t"_s), u"f"_s);
}

void TestCatalogue::followsDrops()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p, b int);"
                   "CREATE VIEW v AS SELECT * FROM p; CREATE INDEX i ON t (b); DROP TABLE p CASCADE"_s);
    QVERIFY(!catalogue.find(relation(u"v"_s)));
    QVERIFY(!catalogue.find(relation(u"p_pkey"_s)));
    QCOMPARE(constraintNames(catalogue, u"t"_s), QString());
    run(catalogue, u"ALTER TABLE t DROP COLUMN b"_s);
    QVERIFY(!catalogue.find(relation(u"i"_s)));
    run(catalogue, u"CREATE TABLE s.one (); DROP SCHEMA s CASCADE"_s);
    QVERIFY(!catalogue.find({.schema = u"s"_s, .name = u"one"_s}));
}

void TestCatalogue::knowsWhatIsNew()
{
    Catalogue catalogue;
    catalogue.add({.name = relation(u"old"_s), .bytes = 100, .rows = 10});
    run(catalogue,
        u"CREATE TABLE t (a int); CREATE TABLE u AS SELECT 1 AS a; CREATE TABLE IF NOT EXISTS old ()"_s);
    QVERIFY(!catalogue.find(relation(u"old"_s))->isNew);
    QVERIFY(catalogue.find(relation(u"t"_s))->isNew);
    QVERIFY(!catalogue.find(relation(u"t"_s))->isFilled);
    QVERIFY(catalogue.find(relation(u"u"_s))->isFilled);
    run(catalogue, u"INSERT INTO t VALUES (1); INSERT INTO old VALUES (1); TRUNCATE u"_s);
    QVERIFY(catalogue.find(relation(u"t"_s))->isFilled);
    QVERIFY(!catalogue.find(relation(u"old"_s))->isFilled);
    QVERIFY(!catalogue.find(relation(u"u"_s))->isFilled);
}

void TestCatalogue::learnsOfUnknownTables()
{
    Catalogue catalogue;
    run(catalogue,
        u"ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c"_s);
    const CatalogueRelation *table = catalogue.find(relation(u"t"_s));
    QVERIFY(table);
    QVERIFY(!table->isComplete);
    QVERIFY(!table->isNew);
    QVERIFY(!table->constraints.constFirst().notValid);
}

void TestCatalogue::followsTheSession()
{
    Catalogue catalogue;
    run(catalogue,
        u"SET LOCAL search_path TO app, \"$user\"; SET LOCAL TIME ZONE 'UTC'; CREATE TABLE t ()"_s);
    QCOMPARE(catalogue.searchPath, QStringList(u"app"_s));
    QCOMPARE(catalogue.timeZone, u"UTC"_s);
    run(catalogue, u"COMMIT"_s);
    QCOMPARE(catalogue.searchPath, QStringList(u"public"_s));
    QCOMPARE(catalogue.timeZone, QString());
    QVERIFY(catalogue.find({.schema = u"app"_s, .name = u"t"_s}));
    QVERIFY(!catalogue.find(relation(u"t"_s)));
}

void TestCatalogue::followsEnums()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b'; ALTER TYPE mood RENAME "
                   u"VALUE 'a' TO 'c';"
                   "CREATE TABLE t (m mood)"_s);
    QCOMPARE(catalogue.find(relation(u"mood"_s))->enumValues, QStringList({u"c"_s, u"b"_s}));
    QCOMPARE(names(catalogue.dependents(relation(u"mood"_s))), u"t"_s);
}

void TestCatalogue::copiesAreIndependent()
{
    Catalogue catalogue;
    run(catalogue, u"CREATE TABLE t (a int)"_s);
    Catalogue copy = catalogue;
    run(copy, u"DROP TABLE t"_s);
    QVERIFY(catalogue.find(relation(u"t"_s)));
    QVERIFY(!copy.find(relation(u"t"_s)));
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
