// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_errors.h"

#include "migrations/run/errortranslation.h"
#include "tests/bridge/bridgesite.h"

#include <QJsonArray>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// A revision that fails, and what is told of it.
struct Failing {
    const char *id;
    QString body;
    QString state;
    QString place; ///< schema.table.column.constraint.type
    QString what;  ///< a part of the meaning
};

QList<Failing> failingRevisions()
{
    return {
        {"b01", u"op.create_unique_constraint('one_email', 'Order Items', ['select'], schema='app-x')"_s,
         u"23505"_s, u"app-x.Order Items..one_email."_s,
         u"app-x.Order Items holds rows with the same key, so one_email cannot be built."_s},
        {"b02",
         u"op.create_foreign_key('to_up', 'Order Items', 'up', ['up'], ['id'], source_schema='app-x')"_s,
         u"23503"_s, u"app-x.Order Items..to_up."_s, u"so the foreign key to_up cannot be added"_s},
        {"b03", u"op.execute('DELETE FROM up')"_s, u"23503"_s, u"public.down..down_up_fkey."_s,
         u"Rows of down still refer to the rows that are deleted or changed (foreign key down_up_fkey)."_s},
        {"b04", u"op.alter_column('Order Items', 'up', nullable=False, schema='app-x')"_s, u"23502"_s,
         u"app-x.Order Items.up.."_s, u"Column up of app-x.Order Items is empty"_s},
        {"b05",
         u"op.create_check_constraint('no_percent', 'Order Items', \"\\\"select\\\" NOT LIKE 'x%'\", schema='app-x')"_s,
         u"23514"_s, u"app-x.Order Items..no_percent."_s,
         u"break the check no_percent, so it cannot be added."_s},
        {"b06", u"op.execute(\"SELECT (-1)::positive\")"_s, u"23514"_s, u"public...is_positive.positive"_s,
         u"breaks the check is_positive of the domain positive."_s},
        {"b07", u"op.execute(\"INSERT INTO up VALUES (1)\")"_s, u"23505"_s, u"public.up..up_pkey."_s,
         u"A row with this key is in up already (up_pkey)."_s},
        {"b08", u"op.drop_column('up', 'name')"_s, u"2BP01"_s, u"...."_s,
         u"Other objects depend on column name of table up: view names."_s},
        {"b09", u"op.execute('CREATE INDEX CONCURRENTLY i ON up (name)')"_s, u"25001"_s, u"...."_s,
         u"CREATE INDEX CONCURRENTLY cannot run inside a transaction."_s},
        {"b10", u"try:\n    op.execute('SELECT 1/0')\nexcept Exception:\n    pass\nop.execute('SELECT 1')"_s,
         u"25P02"_s, u"...."_s, u"An earlier statement of the transaction had failed already."_s},
        {"b11", u"op.execute(\"SELECT refuse()\")"_s, u"P0001"_s, u"...."_s,
         u"The function refuse() line 1 refused."_s},
        {"b12", u"op.execute(\"SELECT 'secret'::int\")"_s, u"22P02"_s, u"...."_s, u"A text cannot be read"_s},
        {"b13", u"op.create_table('up')"_s, u"42P07"_s, u"...."_s, u"The relation up is there already."_s},
        {"b14", u"op.add_column('nowhere', sa.Column('x', sa.Integer))"_s, u"42P01"_s, u"...."_s,
         u"The relation nowhere does not exist."_s},
        {"b15", u"op.execute(\"SET LOCAL statement_timeout = '20ms'\")\nop.execute('SELECT pg_sleep(20)')"_s,
         u"57014"_s, u"...."_s, u"longer than statement_timeout allows"_s},
        {"b16", u"op.execute('SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(20)')"_s, u"57014"_s,
         u"...."_s, u"Somebody cancelled"_s},
        {"b17", u"op.execute('ALTER TABLE up ALTER COLUMN name TYPE int')"_s, u"42804"_s, u"...."_s,
         u"The column name cannot take the new type by itself."_s},
        {"b18", u"op.execute('SET LOCAL ROLE clerk')\nop.execute('ALTER TABLE up ADD x int')"_s, u"42501"_s,
         u"...."_s, u"Only the owner of up"_s},
        {"b19", u"op.execute('SET TRANSACTION READ ONLY')\nop.execute('DELETE FROM down')"_s, u"25006"_s,
         u"...."_s, u"may only read"_s},
        {"b20", u"op.execute(\"ALTER TYPE mood ADD VALUE 'bad'\")\nop.execute(\"SELECT 'bad'::mood\")"_s,
         u"55P04"_s, u"...."_s, u"A new value of an enum"_s},
        {"b21", u"op.execute('INSERT INTO late VALUES (1, 77)')"_s, u"23503"_s,
         u"public.late..late_up_fkey."_s,
         u"A row that was written to late refers to a row that does not exist (foreign key late_up_fkey)."_s},
    };
}

const auto failingSchema = uR"(
CREATE SCHEMA "app-x";
CREATE TABLE up (id int PRIMARY KEY, name text);
INSERT INTO up VALUES (1, 'one');
CREATE VIEW names AS SELECT name FROM up;
CREATE TABLE down (up int REFERENCES up);
INSERT INTO down VALUES (1);
CREATE TABLE late (id int, up int REFERENCES up DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "app-x"."Order Items" (id int PRIMARY KEY, "select" text, up int);
INSERT INTO "app-x"."Order Items" VALUES (1, 'x', 7), (2, 'x', NULL);
CREATE DOMAIN positive AS int CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE TYPE mood AS ENUM ('good');
CREATE FUNCTION refuse() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
DO $$ BEGIN CREATE ROLE clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT ALL ON up TO clerk;
)"_s;

QString placeText(const ErrorPlace &place)
{
    return QStringList{place.schema, place.table, place.column, place.constraint, place.type}.join(u'.');
}

} // namespace

class TestBridgeErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void tellsKindsApart_data()
    {
        QTest::addColumn<QJsonObject>("told");
        QTest::addColumn<QString>("kind");
        const auto sqlState = [](const char *state) {
            return QJsonObject{{u"sqlstate"_s, QLatin1String(state)}};
        };
        const auto connecting = [](const char *message) {
            return QJsonObject{{u"connecting"_s, true}, {u"message"_s, QLatin1String(message)}};
        };
        const auto check = [](const char *name) { return QJsonObject{{u"kind"_s, QLatin1String(name)}}; };
        QTest::newRow("unique") << sqlState("23505") << u"migration-failed"_s;
        QTest::newRow("python") << QJsonObject{{u"message"_s, u"boom"_s}} << u"migration-failed"_s;
        QTest::newRow("password") << sqlState("28P01") << u"authentication-failed"_s;
        QTest::newRow("no role") << sqlState("28000") << u"authentication-failed"_s;
        QTest::newRow("no database") << sqlState("3D000") << u"database-missing"_s;
        QTest::newRow("lost") << sqlState("08006") << u"connection-lost"_s;
        QTest::newRow("ended by an administrator") << sqlState("57P01") << u"connection-lost"_s;
        QTest::newRow("starting up") << sqlState("57P03") << u"connection-failed"_s;
        QTest::newRow("disconnected") << QJsonObject{{u"disconnected"_s, true}} << u"connection-lost"_s;
        QTest::newRow("refused") << connecting("connection to server failed: Connection refused")
                                 << u"connection-refused"_s;
        QTest::newRow("no socket") << connecting("… failed: No such file or directory")
                                   << u"connection-refused"_s;
        QTest::newRow("host") << connecting("could not translate host name \"x\"") << u"host-unknown"_s;
        QTest::newRow("timeout") << connecting("timeout expired") << u"connection-timeout"_s;
        QTest::newRow("password by text")
            << connecting("FATAL:  password authentication failed for user \"a\"")
            << u"authentication-failed"_s;
        QTest::newRow("role by text")
            << connecting("FATAL:  role \"a\" does not exist") << u"authentication-failed"_s;
        QTest::newRow("database by text")
            << connecting("FATAL:  database \"a\" does not exist") << u"database-missing"_s;
        QTest::newRow("other") << connecting("something else") << u"connection-failed"_s;
        QTest::newRow("proof") << check("other-database") << u"refused"_s;
        QTest::newRow("rows") << check("rows-changed") << u"refused"_s;
        QTest::newRow("lock") << check("locked") << u"locked"_s;
        QTest::newRow("tenants") << check("several-contexts") << u"unsupported"_s;
        QTest::newRow("module") << QJsonObject{{u"missing_module"_s, u"app"_s}} << u"python-missing"_s;
        QTest::newRow("module in a revision")
            << QJsonObject{{u"missing_module"_s, u"app"_s}, {u"file"_s, u"/v/a.py"_s}}
            << u"migration-failed"_s;
    }

    void tellsKindsApart()
    {
        QFETCH(QJsonObject, told);
        QFETCH(QString, kind);
        const Error error = bridgeError(told, u"Revision a failed"_s);
        QCOMPARE(kindName(error.kind), kind);
        QVERIFY(!error.message.isEmpty());
        QVERIFY(!error.hint.isEmpty());
        QCOMPARE(error.connectionLost, error.kind == ErrorKind::ConnectionLost);
        QVERIFY(!error.outcomeUnknown);
    }

    void doesNotKnowACommitThatGotLost()
    {
        const Error error =
            bridgeError({{u"disconnected"_s, true}, {u"commit_unknown"_s, true}}, u"Revision a"_s);
        QVERIFY(error.connectionLost);
        QVERIFY(error.outcomeUnknown);
    }

    void keepsWhatTheServerSaid()
    {
        const Error error = bridgeError({{u"sqlstate"_s, u"55P03"_s},
                                         {u"message"_s, u"canceling statement due to lock timeout"_s},
                                         {u"statement"_s, u"ALTER TABLE a"_s},
                                         {u"file"_s, u"/v/a.py"_s},
                                         {u"line"_s, 12},
                                         {u"traceback"_s, u"Traceback"_s}},
                                        u"Revision a failed"_s);
        QCOMPARE(error.message, u"Revision a failed: canceling statement due to lock timeout."_s);
        QCOMPARE(error.sqlState, u"55P03"_s);
        QCOMPARE(error.statement, u"ALTER TABLE a"_s);
        QCOMPARE(error.detail, u"/v/a.py, line 12\nTraceback"_s);
        QVERIFY2(error.hint.contains(u"Wait for the session that holds it"_s), qPrintable(error.hint));
    }

    void keepsRowsOutOfTheMessage()
    {
        const Error error =
            bridgeError({{u"sqlstate"_s, u"22P02"_s},
                         {u"message"_s, u"invalid input syntax for type integer: \"secret\""_s},
                         {u"detail"_s, u"A detail."_s},
                         {u"hint"_s, u"A hint."_s},
                         {u"context"_s, u"PL/pgSQL function f() line 3 at RAISE"_s},
                         {u"schema"_s, u"s"_s},
                         {u"table"_s, u"t"_s},
                         {u"column"_s, u"c"_s},
                         {u"constraint"_s, u"k"_s},
                         {u"data_type"_s, u"d"_s}},
                        u"Revision a failed"_s);
        QCOMPARE(error.message, u"Revision a failed: invalid input syntax for type integer: \"…\"."_s);
        QCOMPARE(error.detail,
                 u"ERROR:  invalid input syntax for type integer: \"secret\"\nDETAIL:  A detail.\n"
                 "HINT:  A hint.\nCONTEXT:  PL/pgSQL function f() line 3 at RAISE"_s);
        QCOMPARE(error.serverDetail, u"A detail."_s);
        QCOMPARE(placeText(error.place), u"s.t.c.k.d"_s);
    }

    void tellsWhereOfEachDriver_data()
    {
        QTest::addColumn<int>("driver");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }

    void tellsWhereOfEachDriver()
    {
        QFETCH(int, driver);
        BridgeSite site{ScratchProject::Environment(driver)};
        TestCluster::instance().execute(site.database.name, failingSchema);
        for (const Failing &failing : failingRevisions())
            site.project.addRevision(QLatin1String(failing.id), u"a1"_s, failing.body, {});
        Bridge &bridge = site.start();
        const auto first = bridge.runStep(upgradeStep(u"a1"_s, {}), proved());
        QVERIFY2(first.ok, qPrintable(textOf(first)));
        for (const Failing &failing : failingRevisions()) {
            const auto step = bridge.runStep(upgradeStep(QLatin1String(failing.id), u"a1"_s), proved());
            const QByteArray shown = failing.id + QByteArray(": ") + textOf(step).toUtf8();
            QVERIFY2(!step.ok, failing.id);
            QVERIFY2(step.error->sqlState == failing.state, shown.constData());
            QVERIFY2(placeText(step.error->place) == failing.place,
                     qPrintable(QString(placeText(step.error->place) + u' ' + textOf(step))));
            const ErrorMeaning meaning = meaningOf(*step.error);
            QVERIFY2(meaning.what.contains(failing.what),
                     qPrintable(QString(meaning.what + u' ' + textOf(step))));
            QVERIFY2(step.error->hint.endsWith(meaning.todo), shown.constData());
            // What the server says beside its message may hold rows, and the journal keeps the message.
            QVERIFY2(!step.error->message.contains(u"secret"_s) && !step.error->message.contains(u"Key ("_s),
                     shown.constData());
            QVERIFY2(step.error->serverDetail.isEmpty() ||
                         step.error->detail.contains(step.error->serverDetail),
                     shown.constData());
        }
    }

    void tellsTheStatementAsTheServerSawIt()
    {
        BridgeSite site;
        site.project.addRevision(u"b1"_s, u"a1"_s, u"op.execute(\"SELECT 5 % 3 / 0, '%'\")"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        const auto step = bridge.runStep(upgradeStep(u"b1"_s, u"a1"_s), proved());
        QCOMPARE(step.error->sqlState, u"22012"_s);
        QCOMPARE(step.error->statement, u"SELECT 5 % 3 / 0, '%'"_s);
    }

    void leavesOutTheParameterThatCannotBeSent()
    {
        BridgeSite site{ScratchProject::AsyncAsyncpg};
        site.project.addRevision(
            u"b1"_s, u"a1"_s,
            u"op.get_bind().execute(sa.text('SELECT CAST(:n AS integer) + 1'), {'n': 'secret (value)'})"_s,
            {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        const auto step = bridge.runStep(upgradeStep(u"b1"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QVERIFY2(step.error->message.contains(u"invalid input for query argument $1"_s),
                 qPrintable(textOf(step)));
        QVERIFY2(!step.error->message.contains(u"secret"_s), qPrintable(step.error->message));
    }

    void namesTheRowsFound()
    {
        const Error error = bridgeError({{u"kind"_s, u"rows-changed"_s},
                                         {u"facts"_s, QJsonObject{{u"rows"_s, QJsonArray{u"a"_s, u"b"_s}}}}},
                                        {});
        QCOMPARE(error.detail, u"Found: a, b"_s);
    }
};

QTEST_GUILESS_MAIN(TestBridgeErrors)
#include "tst_bridgeerrors.moc"
