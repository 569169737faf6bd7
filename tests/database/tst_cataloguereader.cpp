// SPDX-License-Identifier: MIT
#include "migrations/database/cataloguereader.h"
#include "tests/database/testsessions.h"
#include "tests/support/testcluster.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

namespace {

RelationName relation(const QString &name)
{
    return {.schema = {}, .name = name};
}

QString names(const QList<RelationName> &relations)
{
    QStringList texts;
    for (const RelationName &one : relations)
        texts.append(one.text());
    return texts.join(u' ');
}

} // namespace

class TestCatalogueReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(); }
    void readsColumns();
    void readsConstraints();
    void readsIndexesAndPartitions();
    void readsWhatDependsOnWhat();
    void readsTypesAndSession();
    void needsNoRights();
    void doesNotWaitForATable();
    void stops();
    void saysWhyItFails();

private:
    TestDatabase m_database;
    Catalogue m_catalogue;
};

void TestCatalogueReader::initTestCase()
{
    m_database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(
        m_database.name,
        u"CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN positive AS numeric(6,2) NOT NULL CHECK "
        u"(VALUE > 0);"
        "CREATE FUNCTION own() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';"
        "CREATE FUNCTION hook() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TABLE parent (id serial PRIMARY KEY, code varchar(20) UNIQUE);"
        "CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY, parent_id int REFERENCES parent ON DELETE "
        "CASCADE,"
        " price numeric(10,2) DEFAULT 1, seen timestamptz(3) DEFAULT now(), tags text[], feeling mood, high "
        "positive,"
        " twice int GENERATED ALWAYS AS (1 + 1) STORED, own int DEFAULT own(), token uuid DEFAULT "
        "gen_random_uuid(),"
        " \"Odd \"\"name\" int CONSTRAINT odd_set CHECK (\"Odd \"\"name\" IS NOT NULL), plain int);"
        "ALTER TABLE child ADD CONSTRAINT late CHECK (plain > 0) NOT VALID;"
        "CREATE UNIQUE INDEX child_partial ON child (plain) WHERE plain > 5;"
        "CREATE INDEX child_expression ON child (plain, abs(id)) INCLUDE (price);"
        "CREATE TRIGGER child_hook BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION hook();"
        "CREATE VIEW seen AS SELECT id FROM child; CREATE MATERIALIZED VIEW mat AS SELECT * FROM seen;"
        "CREATE TABLE part (k int NOT NULL) PARTITION BY LIST (k);"
        "CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1); CREATE TABLE part_rest PARTITION OF part "
        "DEFAULT;"
        "CREATE SCHEMA hidden; CREATE TABLE hidden.secret (a int);"
        "CREATE ROLE nobody_much LOGIN; REVOKE ALL ON SCHEMA hidden FROM PUBLIC;"
        "INSERT INTO parent (code) SELECT g::text FROM generate_series(1, 500) g; ANALYZE parent"_s);
    const auto session = openSession(m_database.settings);
    const auto catalogue = readCatalogue(*session);
    QVERIFY2(catalogue, catalogue ? "" : qPrintable(toText(catalogue.error())));
    m_catalogue = *catalogue;
}

void TestCatalogueReader::readsColumns()
{
    const RelationName child = relation(u"child"_s);
    const auto column = [&](const QString &name) { return *m_catalogue.column(child, name); };
    QCOMPARE(m_catalogue.find(child)->name.text(), u"public.child"_s);
    QVERIFY(column(u"id"_s).isIdentity);
    QVERIFY(column(u"id"_s).notNull);
    QCOMPARE(column(u"price"_s).type.text(), u"numeric(10,2)"_s);
    QCOMPARE(column(u"price"_s).defaultVolatility, Volatility::Constant);
    QCOMPARE(column(u"seen"_s).type.text(), u"timestamptz(3)"_s);
    QCOMPARE(column(u"seen"_s).defaultVolatility, Volatility::Stable);
    QCOMPARE(column(u"tags"_s).type.text(), u"text[]"_s);
    QCOMPARE(column(u"feeling"_s).type.text(), u"public.mood"_s);
    QVERIFY(column(u"twice"_s).isGeneratedStored);
    QVERIFY(!column(u"twice"_s).hasDefault);
    QCOMPARE(column(u"own"_s).defaultVolatility, Volatility::Volatile);
    QCOMPARE(column(u"token"_s).defaultVolatility, Volatility::Volatile);
    QCOMPARE(column(u"token"_s).defaultText, u"gen_random_uuid()"_s);
    QCOMPARE(m_catalogue.column(relation(u"parent"_s), u"code"_s)->type.text(), u"varchar(20)"_s);
}

void TestCatalogueReader::readsConstraints()
{
    const RelationName child = relation(u"child"_s);
    const ConstraintDefinition *key = m_catalogue.constraint(child, u"child_parent_id_fkey"_s);
    QVERIFY(key);
    QCOMPARE(key->referenced.text(), u"public.parent"_s);
    QCOMPARE(key->columns, QStringList(u"parent_id"_s));
    QCOMPARE(key->referencedColumns, QStringList(u"id"_s));
    QCOMPARE(key->onDelete, u"CASCADE"_s);
    QVERIFY(m_catalogue.constraint(child, u"late"_s)->notValid);
    QCOMPARE(m_catalogue.constraint(child, u"late"_s)->columns, QStringList(u"plain"_s));
    QCOMPARE(m_catalogue.constraint(child, u"odd_set"_s)->notNullColumn, u"Odd \"name"_s);
    QCOMPARE(m_catalogue.constraint(relation(u"parent"_s), u"parent_pkey"_s)->kind,
             ConstraintKind::PrimaryKey);
    QCOMPARE(names(m_catalogue.referencing(relation(u"parent"_s))), u"public.child"_s);
}

void TestCatalogueReader::readsIndexesAndPartitions()
{
    QCOMPARE(names(m_catalogue.indexesOf(relation(u"child"_s))),
             u"public.child_expression public.child_partial"_s);
    QVERIFY(!m_catalogue.find(relation(u"child_partial"_s))->isUnique); // not of the whole table
    QVERIFY(m_catalogue.find(relation(u"parent_pkey"_s))->isUnique);
    QCOMPARE(m_catalogue.find(relation(u"child_expression"_s))->indexColumns,
             QStringList({u"plain"_s, u"(…)"_s}));
    QCOMPARE(names(m_catalogue.partitionsOf(relation(u"part"_s))), u"public.part_1 public.part_rest"_s);
    QCOMPARE(m_catalogue.find(relation(u"part"_s))->kind, ObjectKind::PartitionedTable);
    QVERIFY(m_catalogue.find(relation(u"part_rest"_s))->isDefaultPartition);
    QCOMPARE(names(m_catalogue.sequencesOf(relation(u"parent"_s))), u"public.parent_id_seq"_s);
    QCOMPARE(m_catalogue.find(relation(u"parent"_s))->rows, 500);
    QVERIFY(m_catalogue.find(relation(u"parent"_s))->bytes >= 16384);
    QVERIFY(m_catalogue.hasSizes);
    QCOMPARE(m_catalogue.find(relation(u"child"_s))->rows < 1, true); // never analysed
}

void TestCatalogueReader::readsWhatDependsOnWhat()
{
    QCOMPARE(names(m_catalogue.dependents(relation(u"child"_s))), u"public.seen"_s);
    QCOMPARE(names(m_catalogue.dependents(relation(u"seen"_s))), u"public.mat"_s);
    QCOMPARE(names(m_catalogue.dependents(relation(u"mood"_s))), u"public.child"_s);
    QCOMPARE(names(m_catalogue.dependents(relation(u"hook"_s))), u"public.child"_s);
    QCOMPARE(names(m_catalogue.dependents(relation(u"own"_s))), u"public.child"_s);
    const QList<ColumnUse> uses = m_catalogue.find(relation(u"seen"_s))->usedColumns;
    QCOMPARE(uses.size(), 1);
    QCOMPARE(uses.constFirst().column, u"id"_s);
}

void TestCatalogueReader::readsTypesAndSession()
{
    QCOMPARE(m_catalogue.find(relation(u"mood"_s))->enumValues, QStringList({u"sad"_s, u"glad"_s}));
    const CatalogueRelation *domain = m_catalogue.find(relation(u"positive"_s));
    QCOMPARE(domain->kind, ObjectKind::Domain);
    QCOMPARE(domain->columns.constFirst().type.text(), u"numeric(6,2)"_s);
    QVERIFY(domain->constraints.size() >= 2);
    QCOMPARE(m_catalogue.searchPath, QStringList(u"public"_s));
    QCOMPARE(m_catalogue.timeZone, u"UTC"_s);
    QVERIFY(m_catalogue.isFromDatabase);
    QVERIFY(!m_catalogue.find({.schema = u"pg_catalog"_s, .name = u"pg_class"_s}));
}

void TestCatalogueReader::needsNoRights()
{
    ConnectionSettings settings = m_database.settings;
    settings.user = u"nobody_much"_s;
    const auto session = openSession(settings);
    const auto catalogue = readCatalogue(*session);
    QVERIFY2(catalogue, catalogue ? "" : qPrintable(toText(catalogue.error())));
    const CatalogueRelation *secret = catalogue->find({.schema = u"hidden"_s, .name = u"secret"_s});
    QVERIFY(secret);
    QCOMPARE(secret->columns.size(), 1);
}

void TestCatalogueReader::doesNotWaitForATable()
{
    const auto holder = openSession(m_database.settings);
    QVERIFY(holder->execute(u"BEGIN; LOCK TABLE parent IN ACCESS EXCLUSIVE MODE"_s));
    const auto session = openSession(m_database.settings, {}, {.lockTimeout = 200ms});
    const auto catalogue = readCatalogue(*session);
    QVERIFY2(catalogue, catalogue ? "" : qPrintable(toText(catalogue.error())));
    QVERIFY(catalogue->find(relation(u"parent"_s))->bytes > 0); // as ANALYZE counted
    QVERIFY(holder->execute(u"ROLLBACK"_s));
}

void TestCatalogueReader::stops()
{
    std::stop_source source;
    source.request_stop();
    const auto session = openSession(m_database.settings);
    const auto catalogue = readCatalogue(*session, source.get_token());
    QVERIFY(!catalogue);
    QCOMPARE(catalogue.error().kind, ErrorKind::Cancelled);
}

void TestCatalogueReader::saysWhyItFails()
{
    const auto session = openSession(m_database.settings);
    TestCluster::instance().execute(m_database.name,
                                    u"SELECT pg_terminate_backend(%1)"_s.arg(session->backendPid()));
    const auto catalogue = readCatalogue(*session);
    QVERIFY(!catalogue);
    QCOMPARE(catalogue.error().kind, ErrorKind::ConnectionLost);
}

QTEST_GUILESS_MAIN(TestCatalogueReader)
#include "tst_cataloguereader.moc"
