// SPDX-License-Identifier: MIT
#include "migrations/lint/rules.h"

#include "linting.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace stepwell;

/// Each rule: SQL that it finds something in, what it says, and SQL close to that where it says nothing.
class TestRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void finds_data();
    void finds();
    void saysWhatItIs();
    void everyRuleHasACase();
};

namespace {

/// Found by what is no SQL: tst_linter.cpp has their cases.
const QStringList elsewhere{u"autocommit-commits-earlier"_s,
                            u"downgrade-empty"_s,
                            u"downgrade-irreversible"_s,
                            u"dump-is-running"_s,
                            u"ignore-without-reason"_s,
                            u"needs-newer-server"_s,
                            u"uncommitted-transaction"_s,
                            u"unused-ignore"_s,
                            u"uses-connection"_s};

} // namespace

void TestRules::finds_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("nearMiss");
    QTest::newRow("index-not-concurrent")
        << uR"sql(CREATE INDEX ix ON sessions (state))sql"_s
        << uR"sql(Building the index ix reads all 41 GB (182 million rows) of sessions while INSERT, UPDATE and DELETE wait.)sql"_s
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY ix ON sessions (state); BEGIN)sql"_s;
    QTest::newRow("index-drop-not-concurrent")
        << uR"sql(DROP INDEX ix_sessions_owner)sql"_s
        << uR"sql(Dropping the index ix_sessions_owner locks sessions against reads and writes, though only for a moment.)sql"_s
        << uR"sql(COMMIT; DROP INDEX CONCURRENTLY ix_sessions_owner; BEGIN)sql"_s;
    QTest::newRow("reindex-not-concurrent")
        << uR"sql(REINDEX TABLE sessions)sql"_s
        << uR"sql(REINDEX builds sessions anew while writes wait, and queries that may use the index wait too.)sql"_s
        << uR"sql(COMMIT; REINDEX TABLE CONCURRENTLY sessions; BEGIN)sql"_s;
    QTest::newRow("unique-index-on-rows")
        << uR"sql(CREATE UNIQUE INDEX ix ON users (email, name))sql"_s
        << uR"sql(Fails if two rows of users have the same email and name.)sql"_s
        << uR"sql(CREATE UNIQUE INDEX ix ON empty (a))sql"_s;
    QTest::newRow("index-many-columns")
        << uR"sql(CREATE INDEX ix ON sessions (id, owner_id, state, code))sql"_s
        << uR"sql(ix has 4 columns; more than three rarely help a query and cost every write.)sql"_s
        << uR"sql(CREATE UNIQUE INDEX ix ON sessions (id, owner_id, state, code))sql"_s;
    QTest::newRow("index-repeats-column")
        << uR"sql(CREATE INDEX ix ON sessions (id, state, id))sql"_s
        << uR"sql(ix has the column id twice.)sql"_s << uR"sql(CREATE INDEX ix ON sessions (id, state))sql"_s;
    QTest::newRow("cannot-run-in-transaction")
        << uR"sql(CREATE INDEX CONCURRENTLY ix ON sessions (state))sql"_s
        << uR"sql(PostgreSQL refuses CREATE INDEX CONCURRENTLY inside a transaction, and this script runs in one.)sql"_s
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY ix ON sessions (state); BEGIN)sql"_s;
    QTest::newRow("concurrently-on-partitioned")
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY ix ON events (day); BEGIN)sql"_s
        << uR"sql(events is partitioned: PostgreSQL cannot build its index ix CONCURRENTLY.)sql"_s
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY ix ON events_2024 (day); BEGIN)sql"_s;
    QTest::newRow("concurrently-if-not-exists")
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON sessions (state); BEGIN)sql"_s
        << uR"sql(If a build of ix was cancelled before, an invalid index of that name is there: this statement then does nothing and reports success, and no query uses the index.)sql"_s
        << uR"sql(COMMIT; CREATE INDEX CONCURRENTLY ix ON sessions (state); BEGIN)sql"_s;
    QTest::newRow("concurrently-with-lock-timeout")
        << uR"sql(COMMIT; SET lock_timeout = '5s'; CREATE INDEX CONCURRENTLY ix ON sessions (state); BEGIN)sql"_s
        << uR"sql(CREATE INDEX CONCURRENTLY waits for every transaction that started before it, and lock_timeout ends that wait after 5000 ms, leaving an invalid index.)sql"_s
        << uR"sql(COMMIT; SET lock_timeout = 0; CREATE INDEX CONCURRENTLY ix ON sessions (state); BEGIN)sql"_s;
    QTest::newRow("if-not-exists-still-locks")
        << uR"sql(ALTER TABLE sessions ADD COLUMN IF NOT EXISTS state text)sql"_s
        << uR"sql(As state exists, this does nothing, and still locks sessions against reads and writes.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN IF NOT EXISTS fresh text)sql"_s;
    QTest::newRow("add-column-volatile-default")
        << uR"sql(ALTER TABLE sessions ADD COLUMN token uuid DEFAULT gen_random_uuid())sql"_s
        << uR"sql(The default gen_random_uuid() differs for each row, so adding token writes all 41 GB (182 million rows) of sessions anew, with all its indexes, while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN at timestamptz NOT NULL DEFAULT now())sql"_s;
    QTest::newRow("add-column-serial")
        << uR"sql(ALTER TABLE sessions ADD COLUMN number bigserial)sql"_s
        << uR"sql(Adding number numbers every row: it writes all 41 GB (182 million rows) of sessions anew, with all its indexes, while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN number bigint)sql"_s;
    QTest::newRow("add-column-generated")
        << uR"sql(ALTER TABLE sessions ADD COLUMN twice bigint GENERATED ALWAYS AS (visits * 2) STORED)sql"_s
        << uR"sql(Adding the stored generated column twice computes every row: it writes all 41 GB (182 million rows) of sessions anew, with all its indexes, while reads and writes wait.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED))sql"_s;
    QTest::newRow("add-column-constrained-type")
        << uR"sql(CREATE DOMAIN filled AS text CHECK (VALUE <> ''); ALTER TABLE sessions ADD COLUMN sent_to filled)sql"_s
        << uR"sql(The type filled has constraints that every row must meet, so adding sent_to writes all 41 GB (182 million rows) of sessions anew, with all its indexes, while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN sent_to address)sql"_s;
    QTest::newRow("add-column-not-null")
        << uR"sql(ALTER TABLE sessions ADD COLUMN kind text NOT NULL)sql"_s
        << uR"sql(kind is NOT NULL without a default: this fails as soon as sessions has a row.)sql"_s
        << uR"sql(ALTER TABLE empty ADD COLUMN kind text NOT NULL)sql"_s;
    QTest::newRow("add-column-constraint")
        << uR"sql(ALTER TABLE sessions ADD COLUMN kind text CHECK (kind <> ''))sql"_s
        << uR"sql(The CHECK of kind reads all 41 GB (182 million rows) of sessions while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN kind text)sql"_s;
    QTest::newRow("set-not-null")
        << uR"sql(ALTER TABLE sessions ALTER COLUMN state SET NOT NULL)sql"_s
        << uR"sql(SET NOT NULL of state reads all 41 GB (182 million rows) of sessions while reads and writes wait.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, a text); ALTER TABLE fresh ALTER COLUMN a SET NOT NULL)sql"_s;
    QTest::newRow("set-not-null-on-rows")
        << uR"sql(ALTER TABLE sessions ALTER COLUMN state SET NOT NULL)sql"_s
        << uR"sql(Fails if a row of sessions has NULL in state.)sql"_s
        << uR"sql(ALTER TABLE empty ALTER COLUMN a SET NOT NULL)sql"_s;
    QTest::newRow("set-not-null-on-rows")
        << uR"sql(UPDATE sessions SET state = now() WHERE state IS NULL; ALTER TABLE sessions ALTER COLUMN state SET NOT NULL)sql"_s
        << uR"sql(Fails if a row of sessions has NULL in state.)sql"_s
        << uR"sql(UPDATE sessions SET state = 'a' WHERE state IS NULL; ALTER TABLE sessions ALTER COLUMN state SET NOT NULL)sql"_s;
    QTest::newRow("drop-not-null")
        << uR"sql(ALTER TABLE users ALTER COLUMN email DROP NOT NULL)sql"_s
        << uR"sql(email of users may be NULL from now on: programs that expect a value may stumble.)sql"_s
        << uR"sql(ALTER TABLE users ALTER COLUMN email DROP DEFAULT)sql"_s;
    QTest::newRow("type-change-rewrites")
        << uR"sql(ALTER TABLE sessions ALTER COLUMN visits TYPE bigint)sql"_s
        << uR"sql(Changing visits from int4 to int8 writes all 41 GB (182 million rows) of sessions anew, with all its indexes, while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ALTER COLUMN code TYPE varchar(40))sql"_s;
    QTest::newRow("type-change-may-fail")
        << uR"sql(ALTER TABLE sessions ALTER COLUMN code TYPE varchar(10))sql"_s
        << uR"sql(Fails if a value of code does not fit varchar(10); it is varchar(20) now.)sql"_s
        << uR"sql(ALTER TABLE sessions ALTER COLUMN visits TYPE bigint)sql"_s;
    QTest::newRow("type-change-below-view")
        << uR"sql(ALTER TABLE sessions ALTER COLUMN state TYPE varchar(40))sql"_s
        << uR"sql(Fails if open_sessions uses state: PostgreSQL does not change the type of a column that a view shows.)sql"_s
        << uR"sql(ALTER TABLE users ALTER COLUMN name TYPE varchar(40))sql"_s;
    QTest::newRow("check-scans")
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT c CHECK (visits > 0))sql"_s
        << uR"sql(The constraint c is checked against all 41 GB (182 million rows) of sessions while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT c CHECK (visits > 0) NOT VALID)sql"_s;
    QTest::newRow("constraint-on-rows")
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT c CHECK (visits > 0))sql"_s
        << uR"sql(The constraint c fails if a row of sessions does not meet it.)sql"_s
        << uR"sql(ALTER TABLE empty ADD CONSTRAINT c CHECK (a <> ''))sql"_s;
    QTest::newRow("unique-in-place")
        << uR"sql(ALTER TABLE users ADD CONSTRAINT u UNIQUE (email))sql"_s
        << uR"sql(The index of the unique constraint u is built from all 3 GB (12 million rows) of users while reads and writes wait.)sql"_s
        << uR"sql(ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u)sql"_s;
    QTest::newRow("primary-key-in-place")
        << uR"sql(ALTER TABLE loose ADD PRIMARY KEY (id))sql"_s
        << uR"sql(The index of the primary key is built from all 5 GB (20 million rows) of loose while reads and writes wait.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint); ALTER TABLE fresh ADD PRIMARY KEY (id))sql"_s;
    QTest::newRow("primary-key-on-nullable")
        << uR"sql(CREATE UNIQUE INDEX pk ON loose (id); ALTER TABLE loose ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk)sql"_s
        << uR"sql(id may be NULL, so the primary key reads all 5 GB (20 million rows) of loose while reads and writes wait.)sql"_s
        << uR"sql(CREATE UNIQUE INDEX pk ON loose (day); ALTER TABLE loose ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk)sql"_s;
    QTest::newRow("exclusion-constraint")
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT x EXCLUDE USING gist (code WITH =))sql"_s
        << uR"sql(The index of the exclusion constraint x is built from all 41 GB (182 million rows) of sessions while reads and writes wait.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, EXCLUDE USING gist (id WITH =)))sql"_s;
    QTest::newRow("validate-in-same-transaction")
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT c CHECK (visits > 0) NOT VALID; ALTER TABLE sessions VALIDATE CONSTRAINT c)sql"_s
        << uR"sql(c was added in this transaction (line 1), whose lock is still held: reading all 41 GB (182 million rows) of sessions keeps reads and writes waiting.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD CONSTRAINT c CHECK (visits > 0) NOT VALID; COMMIT; BEGIN; ALTER TABLE sessions VALIDATE CONSTRAINT c)sql"_s;
    QTest::newRow("foreign-key-scans")
        << uR"sql(ALTER TABLE loose ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id))sql"_s
        << uR"sql(The foreign key is checked for all 5 GB (20 million rows) of loose while writes to loose and to users wait.)sql"_s
        << uR"sql(ALTER TABLE loose ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID)sql"_s;
    QTest::newRow("foreign-key-without-index")
        << uR"sql(ALTER TABLE loose ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID)sql"_s
        << uR"sql(No index of loose starts with id: each DELETE in users reads all of loose to find what points to the row.)sql"_s
        << uR"sql(ALTER TABLE loose ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID; CREATE INDEX ix ON loose (id))sql"_s;
    QTest::newRow("on-delete-cascade")
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE))sql"_s
        << uR"sql(Deleting a row of users deletes the rows of fresh that point to it, without a word.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY REFERENCES users (id)))sql"_s;
    QTest::newRow("drop-table")
        << uR"sql(DROP TABLE sessions)sql"_s
        << uR"sql(Drops all 41 GB (182 million rows) of sessions: programs that use it break, and no downgrade brings its rows back.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY); DROP TABLE fresh)sql"_s;
    QTest::newRow("drop-column")
        << uR"sql(ALTER TABLE sessions DROP COLUMN code)sql"_s
        << uR"sql(Drops the column code of sessions: programs that still name it break, and no downgrade brings its values back.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, a text); ALTER TABLE fresh DROP COLUMN a)sql"_s;
    QTest::newRow("drop-schema") << uR"sql(DROP SCHEMA billing CASCADE)sql"_s
                                 << uR"sql(Drops the schema billing with every table in it.)sql"_s
                                 << uR"sql(CREATE SCHEMA billing)sql"_s;
    QTest::newRow("drop-program-object")
        << uR"sql(DROP VIEW open_sessions)sql"_s
        << uR"sql(Programs that use the view open_sessions break.)sql"_s
        << uR"sql(DROP VIEW open_sessions; CREATE VIEW open_sessions AS SELECT id FROM sessions)sql"_s;
    QTest::newRow("drop-cascade")
        << uR"sql(DROP TYPE mood CASCADE)sql"_s
        << uR"sql(CASCADE drops what depends on mood, and locks letters against reads and writes. Columns of the type go with their values.)sql"_s
        << uR"sql(DROP TYPE mood)sql"_s;
    QTest::newRow("drop-still-needed")
        << uR"sql(DROP TABLE users)sql"_s << uR"sql(Fails as long as sessions needs users.)sql"_s
        << uR"sql(DROP TABLE loose)sql"_s;
    QTest::newRow("truncate")
        << uR"sql(TRUNCATE sessions)sql"_s
        << uR"sql(Removes all 41 GB (182 million rows) of sessions, for transactions that still read it as well.)sql"_s
        << uR"sql(TRUNCATE empty)sql"_s;
    QTest::newRow("truncate-cascade")
        << uR"sql(TRUNCATE users CASCADE)sql"_s << uR"sql(CASCADE empties sessions too.)sql"_s
        << uR"sql(TRUNCATE sessions)sql"_s;
    QTest::newRow("rename-column")
        << uR"sql(ALTER TABLE sessions RENAME COLUMN code TO token)sql"_s
        << uR"sql(Programs that know code of sessions by that name fail from the moment it is called token.)sql"_s
        << uR"sql(ALTER TABLE sessions RENAME CONSTRAINT fk_owner TO fk_user)sql"_s;
    QTest::newRow("rename-table")
        << uR"sql(ALTER TABLE sessions RENAME TO logins)sql"_s
        << uR"sql(Programs that know sessions by that name fail from the moment it is called logins.)sql"_s
        << uR"sql(ALTER INDEX ix_sessions_owner RENAME TO ix_o)sql"_s;
    QTest::newRow("rename-schema")
        << uR"sql(ALTER TABLE sessions SET SCHEMA auth)sql"_s
        << uR"sql(Programs find sessions only if auth is in their search_path.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY); ALTER TABLE fresh SET SCHEMA auth)sql"_s;
    QTest::newRow("rename-type")
        << uR"sql(ALTER TYPE mood RENAME TO feeling)sql"_s
        << uR"sql(Programs that name mood, in casts or calls, fail from the moment it is called feeling.)sql"_s
        << uR"sql(ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy')sql"_s;
    QTest::newRow("update-all-rows")
        << uR"sql(UPDATE sessions SET state = 'open')sql"_s
        << uR"sql(Writes all 41 GB (182 million rows) of sessions in one transaction: whoever changes one of these rows waits until it commits.)sql"_s
        << uR"sql(UPDATE sessions SET state = 'open' WHERE id = 1)sql"_s;
    QTest::newRow("delete-all-rows") << uR"sql(DELETE FROM sessions)sql"_s
                                     << uR"sql(Deletes all 41 GB (182 million rows) of sessions.)sql"_s
                                     << uR"sql(DELETE FROM sessions WHERE id = 1)sql"_s;
    QTest::newRow("duplicate-assignment")
        << uR"sql(UPDATE sessions SET state = 'a', state = 'b' WHERE id = 1)sql"_s
        << uR"sql(PostgreSQL refuses an UPDATE that sets state twice.)sql"_s
        << uR"sql(UPDATE sessions SET state = 'a', code = 'b' WHERE id = 1)sql"_s;
    QTest::newRow("insert-without-columns")
        << uR"sql(INSERT INTO loose VALUES (1, '2024-01-01'))sql"_s
        << uR"sql(The values go to the columns of loose in their order, whatever that is on the target.)sql"_s
        << uR"sql(INSERT INTO loose (id, day) VALUES (1, '2024-01-01'))sql"_s;
    QTest::newRow("full-repack")
        << uR"sql(COMMIT; VACUUM FULL sessions; BEGIN)sql"_s
        << uR"sql(VACUUM FULL writes all 41 GB (182 million rows) of sessions anew while reads and writes wait.)sql"_s
        << uR"sql(COMMIT; VACUUM sessions; BEGIN)sql"_s;
    QTest::newRow("storage-rewrites")
        << uR"sql(ALTER TABLE sessions SET UNLOGGED)sql"_s
        << uR"sql(SET UNLOGGED writes all 41 GB (182 million rows) of sessions anew while reads and writes wait. An unlogged table is emptied by a crash and not replicated.)sql"_s
        << uR"sql(ALTER TABLE sessions SET (fillfactor = 90))sql"_s;
    QTest::newRow("refresh-not-concurrent") << uR"sql(REFRESH MATERIALIZED VIEW totals)sql"_s
                                            << uR"sql(Computes totals anew while its readers wait.)sql"_s
                                            << uR"sql(REFRESH MATERIALIZED VIEW CONCURRENTLY totals)sql"_s;
    QTest::newRow("attach-partition-scans")
        << uR"sql(ALTER TABLE events ATTACH PARTITION loose FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'))sql"_s
        << uR"sql(Reads all 5 GB (20 million rows) of loose to see that its rows belong here, while reads and writes of it wait.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint, day date NOT NULL); ALTER TABLE events ATTACH PARTITION fresh FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'))sql"_s;
    QTest::newRow("detach-not-concurrent")
        << uR"sql(ALTER TABLE events DETACH PARTITION events_2024)sql"_s
        << uR"sql(Locks events, and with it every query on all its partitions, against reads and writes, though only for a moment.)sql"_s
        << uR"sql(COMMIT; ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY; BEGIN)sql"_s;
    QTest::newRow("create-partition-locks")
        << uR"sql(CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'))sql"_s
        << uR"sql(CREATE TABLE … PARTITION OF locks events, and with it every query on all its partitions, against reads and writes, though only for a moment.)sql"_s
        << uR"sql(CREATE TABLE events_2025 (id bigint PRIMARY KEY, day date))sql"_s;
    QTest::newRow("several-rewrites")
        << uR"sql(ALTER TABLE sessions ALTER visits TYPE bigint; ALTER TABLE sessions ALTER amount TYPE numeric(12,4))sql"_s
        << uR"sql(An earlier statement has written sessions anew already; in one ALTER TABLE both take one pass.)sql"_s
        << uR"sql(ALTER TABLE sessions ALTER visits TYPE bigint, ALTER amount TYPE numeric(12,4))sql"_s;
    QTest::newRow("lock-timeout-missing")
        << uR"sql(SET lock_timeout = 0; ALTER TABLE sessions ADD COLUMN a text)sql"_s
        << uR"sql(ALTER TABLE waits for ACCESS EXCLUSIVE on sessions without a limit; behind it reads and writes of sessions queue, however short its work is.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text)sql"_s;
    QTest::newRow("statement-timeout-missing")
        << uR"sql(SET statement_timeout = 0; ALTER TABLE sessions ALTER state SET NOT NULL)sql"_s
        << uR"sql(ALTER TABLE may hold ACCESS EXCLUSIVE on sessions for as long as it takes to go through all 41 GB (182 million rows) of sessions.)sql"_s
        << uR"sql(SET statement_timeout = 0; ALTER TABLE sessions ADD COLUMN a text)sql"_s;
    QTest::newRow("hidden-lock")
        << uR"sql(ALTER TABLE sessions DROP CONSTRAINT fk_owner)sql"_s
        << uR"sql(The statement does not name users, and locks it against reads and writes all the same: referenced by the foreign key fk_owner.)sql"_s
        << uR"sql(ALTER TABLE sessions DROP COLUMN code)sql"_s;
    QTest::newRow("work-under-lock")
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text; UPDATE sessions SET a = state WHERE id > 0)sql"_s
        << uR"sql(UPDATE goes through all 41 GB (182 million rows) of sessions while the transaction still holds ACCESS EXCLUSIVE on sessions, taken in line 1: reads and writes of sessions wait until all is committed.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text; COMMIT; BEGIN; UPDATE sessions SET a = state WHERE id > 0)sql"_s;
    QTest::newRow("locks-several-tables")
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text; ALTER TABLE users ADD COLUMN a text)sql"_s
        << uR"sql(From here on the transaction holds ACCESS EXCLUSIVE on sessions and users at once: a program that uses them in another order deadlocks with it.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text; COMMIT; BEGIN; ALTER TABLE users ADD COLUMN a text)sql"_s;
    QTest::newRow("explicit-lock")
        << uR"sql(LOCK TABLE sessions)sql"_s
        << uR"sql(LOCK TABLE keeps ACCESS EXCLUSIVE on sessions to the end of the transaction: reads and writes wait.)sql"_s
        << uR"sql(LOCK TABLE sessions IN ROW EXCLUSIVE MODE)sql"_s;
    QTest::newRow("advisory-lock")
        << uR"sql(SELECT pg_advisory_lock(42))sql"_s
        << uR"sql(A second run waits here for an unlimited time, with a snapshot that holds VACUUM back.)sql"_s
        << uR"sql(SELECT pg_try_advisory_lock(42))sql"_s;
    QTest::newRow("transaction-nesting")
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY); BEGIN)sql"_s
        << uR"sql(There is a transaction already: this BEGIN only gives a warning, and the next COMMIT ends both.)sql"_s
        << uR"sql(BEGIN; CREATE TABLE fresh (id bigint PRIMARY KEY); COMMIT)sql"_s;
    QTest::newRow("commit-in-revision")
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY); ROLLBACK; CREATE TABLE other (id bigint PRIMARY KEY))sql"_s
        << uR"sql(ROLLBACK ends Alembic's transaction: what came before stays if something later fails, and the revision is not recorded.)sql"_s
        << uR"sql(COMMIT; VACUUM sessions; BEGIN)sql"_s;
    QTest::newRow("autocommit-not-first")
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY); COMMIT; VACUUM sessions; BEGIN)sql"_s
        << uR"sql(What comes before this COMMIT stays if something after it fails: the revision is half done then, and not recorded.)sql"_s
        << uR"sql(COMMIT; VACUUM sessions; BEGIN; CREATE TABLE fresh (id bigint PRIMARY KEY))sql"_s;
    QTest::newRow("not-repeatable")
        << uR"sql(COMMIT; DROP INDEX CONCURRENTLY ix_sessions_owner; CREATE INDEX CONCURRENTLY ix ON sessions (code); BEGIN)sql"_s
        << uR"sql(Outside of a transaction this stays done if a later statement fails; the second try then stops here.)sql"_s
        << uR"sql(COMMIT; DROP INDEX CONCURRENTLY IF EXISTS ix_sessions_owner; CREATE INDEX CONCURRENTLY ix ON sessions (code); BEGIN)sql"_s;
    QTest::newRow("set-not-local")
        << uR"sql(SET search_path = billing)sql"_s
        << uR"sql(search_path stays set for the session, and so for the revisions that run after this one.)sql"_s
        << uR"sql(SET LOCAL search_path = billing)sql"_s;
    QTest::newRow("enum-value-used-at-once")
        << uR"sql(ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy'; UPDATE letters SET feeling = 'calm' WHERE id = 1)sql"_s
        << uR"sql(The value 'calm' of mood was added in this transaction: PostgreSQL refuses its use before the commit.)sql"_s
        << uR"sql(COMMIT; ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy'; BEGIN; UPDATE letters SET feeling = 'calm' WHERE id = 1)sql"_s;
    QTest::newRow("enum-value-order")
        << uR"sql(ALTER TYPE mood ADD VALUE 'calm')sql"_s
        << uR"sql('calm' sorts after all other values of mood, and cannot be moved later.)sql"_s
        << uR"sql(ALTER TYPE mood ADD VALUE 'calm' BEFORE 'sad')sql"_s;
    QTest::newRow("rename-enum-value")
        << uR"sql(ALTER TYPE mood RENAME VALUE 'sad' TO 'blue')sql"_s
        << uR"sql(Programs that write or compare 'sad' fail from the moment it is called 'blue'.)sql"_s
        << uR"sql(ALTER TYPE mood ADD VALUE 'blue' AFTER 'sad')sql"_s;
    QTest::newRow("new-enum") << uR"sql(CREATE TYPE state AS ENUM ('a'))sql"_s
                              << uR"sql(Values of state can be added and renamed, never removed.)sql"_s
                              << uR"sql(CREATE DOMAIN state AS text)sql"_s;
    QTest::newRow("syntax-error")
        << uR"sql(ALTER TABEL sessions ADD COLUMN a text)sql"_s
        << uR"sql(PostgreSQL's parser refuses it: syntax error at or near "TABEL".)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a text)sql"_s;
    QTest::newRow("unknown-effects")
        << uR"sql(DO $$ BEGIN EXECUTE 'SELECT 1'; END $$)sql"_s
        << uR"sql(What the block executes is decided while it runs: its locks and its effects are not known here.)sql"_s
        << uR"sql(SELECT 1)sql"_s;
    QTest::newRow("name-too-long")
        << uR"sql(CREATE TABLE a_table_with_a_name_that_goes_on_and_on_until_postgresql_has_enough_of_it (id bigint PRIMARY KEY))sql"_s
        << uR"sql(a_table_with_a_name_that_goes_on_and_on_until_postgresql_has_enough_of_it is longer than 63 bytes: PostgreSQL cuts it to a_table_with_a_name_that_goes_on_and_on_until_postgresql_has_en.)sql"_s
        << uR"sql(COMMENT ON TABLE sessions IS 'a_table_with_a_name_that_goes_on_and_on_until_postgresql_has_enough_of_it')sql"_s;
    QTest::newRow("prefer-bigint")
        << uR"sql(CREATE TABLE fresh (id integer PRIMARY KEY))sql"_s
        << uR"sql(id runs out of numbers after two thousand million rows at most, and widening it then rewrites the table.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, small integer))sql"_s;
    QTest::newRow("prefer-text")
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, a varchar(20), b varchar(30)))sql"_s
        << uR"sql(Limited in length: a and b. Lowering a limit later rewrites the table.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint PRIMARY KEY, a text))sql"_s;
    QTest::newRow("char-field") << uR"sql(ALTER TABLE sessions ADD COLUMN a char(2))sql"_s
                                << uR"sql(Padded with blanks, which do not count in comparisons: a.)sql"_s
                                << uR"sql(ALTER TABLE sessions ADD COLUMN a text)sql"_s;
    QTest::newRow("prefer-timestamptz")
        << uR"sql(ALTER TABLE sessions ADD COLUMN a timestamp)sql"_s
        << uR"sql(Without a time zone, so that the moment is left to whoever reads it: a.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a timestamptz)sql"_s;
    QTest::newRow("prefer-identity")
        << uR"sql(CREATE TABLE fresh (id bigserial PRIMARY KEY))sql"_s
        << uR"sql(id is serial: its sequence has rights and an owner of its own, and is easily set to a number that is taken.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY))sql"_s;
    QTest::newRow("json-column")
        << uR"sql(ALTER TABLE sessions ADD COLUMN a json)sql"_s
        << uR"sql(Of type json, on which SELECT DISTINCT, UNION and GROUP BY fail: a.)sql"_s
        << uR"sql(ALTER TABLE sessions ADD COLUMN a jsonb)sql"_s;
    QTest::newRow("table-without-key")
        << uR"sql(CREATE TABLE fresh (id bigint))sql"_s
        << uR"sql(fresh has no primary key: its rows have no name, and logical replication cannot update them.)sql"_s
        << uR"sql(CREATE TABLE fresh (id bigint, CONSTRAINT pk PRIMARY KEY (id)))sql"_s;
    QTest::newRow("domain-constraint")
        << uR"sql(ALTER DOMAIN address ADD CONSTRAINT c CHECK (VALUE <> ''))sql"_s
        << uR"sql(Every column of the domain address is checked: it reads all 40 kB (300 rows) of letters while writes wait, and fails if a value does not fit. letters is small.)sql"_s
        << uR"sql(ALTER DOMAIN address ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID)sql"_s;
    QTest::newRow("domain-with-constraint")
        << uR"sql(CREATE DOMAIN short AS text CHECK (length(VALUE) < 9))sql"_s
        << uR"sql(To change the constraint of short later, every table that uses it is read while writes wait.)sql"_s
        << uR"sql(CREATE DOMAIN short AS text)sql"_s;
}

void TestRules::finds()
{
    QFETCH(QString, sql);
    QFETCH(QString, message);
    QFETCH(QString, nearMiss);
    const QString rule = QString::fromUtf8(QTest::currentDataTag());

    const LintReport report = lintSql(sql, sampleOptions());
    const Finding *finding = findingOf(report, rule);
    QVERIFY2(finding, qPrintable(findingsText(report)));
    QCOMPARE(finding->message, message);
    QVERIFY(!finding->title.isEmpty());
    QVERIFY(!finding->advice.isEmpty());
    const Rule *known = findRule(rule);
    QVERIFY(known);
    QVERIFY2(finding->severity <= known->severity, qPrintable(severityName(finding->severity)));
    QCOMPARE(finding->title, known->title);

    const LintReport miss = lintSql(nearMiss, sampleOptions());
    QVERIFY2(miss.problem.isEmpty(), qPrintable(miss.problem));
    QVERIFY2(!findingOf(miss, rule), qPrintable(findingsText(miss)));
    for (const LintedStatement &statement : miss.statements)
        QCOMPARE(statement.statement.parseError, QString());
}

void TestRules::saysWhatItIs()
{
    QString last;
    for (const Rule &rule : allRules()) {
        QVERIFY2(last < rule.id, qPrintable(rule.id));
        last = rule.id;
        QVERIFY2(!rule.title.isEmpty() && !rule.explanation.isEmpty(), qPrintable(rule.id));
        QVERIFY2(rule.explanation.endsWith(u'.'), qPrintable(rule.id));
        const bool hasWay = !rule.saferAlembic.isEmpty() && !rule.saferSql.isEmpty();
        QVERIFY2(hasWay != (rule.id == "exclusion-constraint"_L1), qPrintable(rule.id));
        QCOMPARE(findRule(rule.id)->title, rule.title);
    }
    QVERIFY(!findRule(u"no-such-rule"_s));
}

void TestRules::everyRuleHasACase()
{
    const QString source = sourceText(u"tests/lint/tst_rules.cpp"_s);
    for (const Rule &rule : allRules()) {
        const bool here = source.contains(u"newRow(\"%1\")"_s.arg(rule.id));
        QVERIFY2(here != elsewhere.contains(rule.id), qPrintable(rule.id));
    }
    const QString others = sourceText(u"tests/lint/tst_linter.cpp"_s);
    for (const QString &rule : elsewhere)
        QVERIFY2(others.contains(u'"' + rule), qPrintable(rule));
}

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
