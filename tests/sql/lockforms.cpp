// SPDX-License-Identifier: MIT
#include "tests/sql/lockforms.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QString lockSchema()
{
    return u"CREATE ROLE somebody;"
           "CREATE SCHEMA other; CREATE SCHEMA doomed;"
           "CREATE TYPE mood AS ENUM ('sad', 'glad');"
           "CREATE TYPE pair AS (a int, b int);"
           "CREATE TYPE row_type AS (a int, b text);"
           "CREATE DOMAIN positive AS int CHECK (VALUE > 0);"
           "CREATE DOMAIN free_int AS int;"
           // Not in SQL: the planner would put its body in the place of the call, and see a constant.
           "CREATE FUNCTION own_volatile() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';"
           "CREATE FUNCTION own_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
           "CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE, note text);"
           "CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_parent REFERENCES parent,"
           " n int, v varchar(20), txt text, num numeric(10,2), ts timestamp, tz timestamptz, feeling mood,"
           " pos positive, nn int, plain int, bc char(10), net cidr, arr varchar(20)[], free free_int, "
           "checked int,"
           " j json, CONSTRAINT nn_set CHECK (nn IS NOT NULL), CONSTRAINT checked_high CHECK (checked >= 0));"
           "CREATE INDEX child_n ON child (n); CREATE UNIQUE INDEX child_plain ON child (plain);"
           "CREATE UNIQUE INDEX child_nn ON child (nn); CREATE INDEX child_v ON child (v);"
           "ALTER TABLE child ADD CONSTRAINT late_check CHECK (n >= 0) NOT VALID;"
           "ALTER TABLE child ADD CONSTRAINT late_fk FOREIGN KEY (plain) REFERENCES parent NOT VALID;"
           "CREATE TRIGGER child_trigger BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION own_trigger();"
           "CREATE RULE child_rule AS ON DELETE TO child WHERE false DO NOTHING;"
           "CREATE POLICY child_policy ON child USING (true);"
           "CREATE STATISTICS child_stat ON n, plain FROM child;"
           "CREATE VIEW child_view AS SELECT id, n FROM child;"
           "CREATE VIEW view_of_view AS SELECT id FROM child_view;"
           "CREATE MATERIALIZED VIEW child_mat AS SELECT id, n FROM child; CREATE UNIQUE INDEX child_mat_id "
           "ON child_mat (id);"
           "CREATE TABLE lonely (id int, n int, s text, c int DEFAULT own_volatile());"
           "CREATE TABLE ser (id serial PRIMARY KEY, n int);"
           "CREATE TABLE gen (id int GENERATED ALWAYS AS IDENTITY, a int, b int GENERATED ALWAYS AS (a + 1) "
           "STORED);"
           "CREATE TABLE typed OF row_type;"
           "CREATE TABLE part (id int NOT NULL, k int NOT NULL, parent_id int REFERENCES parent, PRIMARY KEY "
           "(id, k))"
           " PARTITION BY RANGE (k);"
           "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (500);"
           "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (500) TO (1000);"
           "CREATE TABLE part_rest PARTITION OF part DEFAULT;"
           "CREATE TABLE loose (id int NOT NULL, k int NOT NULL, parent_id int);"
           "CREATE TABLE simple_part (k int NOT NULL, n int) PARTITION BY RANGE (k);"
           "CREATE INDEX simple_part_n ON simple_part (n);"
           "CREATE TABLE simple_1 PARTITION OF simple_part FOR VALUES FROM (0) TO (500);"
           "CREATE TABLE simple_2 PARTITION OF simple_part FOR VALUES FROM (500) TO (2000);"
           "CREATE TABLE to_part (id int, part_id int, part_k int, CONSTRAINT to_part_fk FOREIGN KEY "
           "(part_id, part_k)"
           " REFERENCES part (id, k));"
           "CREATE TABLE base (a int, b int); CREATE TABLE heir () INHERITS (base);"
           "CREATE SEQUENCE counter; CREATE TABLE counted (n int DEFAULT nextval('counter'), m int);"
           "CREATE TABLE doomed.one (id int PRIMARY KEY); CREATE TABLE two (one_id int REFERENCES "
           "doomed.one);"
           "CREATE TABLE doomed.three (parent_id int REFERENCES parent);"
           "CREATE TABLE told (n int); CREATE PUBLICATION published FOR TABLE told;"
           "INSERT INTO parent SELECT g, 'c' || g, 'n' FROM generate_series(1, 1000) g;"
           "INSERT INTO child SELECT g, g, g, 'v', 't', 1.5, now(), now(), 'sad', 1, 1 + g, g, 'b', "
           "'10.0.0.0/8',"
           " '{x}', 1, g, '{}' FROM generate_series(1, 1000) g;"
           "INSERT INTO lonely SELECT g, g, 's' FROM generate_series(1, 1000) g;"
           "INSERT INTO ser (n) SELECT g FROM generate_series(1, 1000) g;"
           "INSERT INTO gen (a) SELECT g FROM generate_series(1, 1000) g;"
           "INSERT INTO typed SELECT g, 'x' FROM generate_series(1, 1000) g;"
           "INSERT INTO part SELECT g, g, g FROM generate_series(1, 999) g;"
           "INSERT INTO part SELECT g, g, 1 FROM generate_series(5000, 5100) g;"
           "INSERT INTO loose SELECT g, g, 1 FROM generate_series(2000, 2999) g;"
           "INSERT INTO simple_part SELECT g, g FROM generate_series(1, 1000) g;"
           "INSERT INTO to_part SELECT g, g, g FROM generate_series(1, 999) g;"
           "INSERT INTO base SELECT g, g FROM generate_series(1, 1000) g;"
           "INSERT INTO heir SELECT g, g FROM generate_series(1, 1000) g;"
           "INSERT INTO counted (m) SELECT g FROM generate_series(1, 1000) g;"
           "INSERT INTO doomed.one VALUES (1); INSERT INTO two VALUES (1); INSERT INTO doomed.three VALUES "
           "(1);"
           "REFRESH MATERIALIZED VIEW child_mat; ANALYZE;"_s;
}

namespace {

QList<LockForm> columnForms()
{
    return {
        {"ALTER TABLE child ADD COLUMN x int"},
        {"ALTER TABLE child ADD COLUMN x int NOT NULL DEFAULT 1"},
        {"ALTER TABLE child ADD COLUMN x timestamptz NOT NULL DEFAULT now()"},
        {"ALTER TABLE child ADD COLUMN x timestamptz DEFAULT clock_timestamp()"},
        {"ALTER TABLE child ADD COLUMN x float8 DEFAULT random()"},
        {"ALTER TABLE child ADD COLUMN x uuid DEFAULT gen_random_uuid()"},
        {"ALTER TABLE child ADD COLUMN x int DEFAULT own_volatile()"},
        {"ALTER TABLE child ADD COLUMN x serial"},
        {"ALTER TABLE child ADD COLUMN x int GENERATED BY DEFAULT AS IDENTITY"},
        {"ALTER TABLE child ADD COLUMN x int GENERATED ALWAYS AS (n + 1) STORED"},
        {"ALTER TABLE child ADD COLUMN x positive"},
        {"ALTER TABLE child ADD COLUMN x positive[]"},
        {"ALTER TABLE child ADD COLUMN x free_int"},
        {"ALTER TABLE child ADD COLUMN x mood"},
        {"ALTER TABLE child ADD COLUMN x int CHECK (x > 0)"},
        {"ALTER TABLE child ADD COLUMN x int UNIQUE"},
        {"ALTER TABLE child ADD COLUMN x int REFERENCES parent"},
        {"ALTER TABLE child ADD COLUMN x int DEFAULT 1 REFERENCES parent"},
        {"ALTER TABLE child ADD COLUMN IF NOT EXISTS n int"},
        {"ALTER TABLE part ADD COLUMN x int"},
        {"ALTER TABLE part ADD COLUMN x float8 DEFAULT random()"},
        {"ALTER TABLE base ADD COLUMN x int"},
        {"ALTER TABLE child DROP COLUMN txt"},
        {"ALTER TABLE child DROP COLUMN parent_id"},
        {"ALTER TABLE child DROP COLUMN n CASCADE"},
        {"ALTER TABLE child DROP COLUMN txt CASCADE"},
        {"ALTER TABLE child DROP COLUMN IF EXISTS nothing"},
        {"ALTER TABLE parent DROP COLUMN id CASCADE"},
        {"ALTER TABLE parent DROP COLUMN note CASCADE"},
        {"ALTER TABLE part DROP COLUMN parent_id"},
        {"ALTER TABLE ser DROP COLUMN id"},
        {"ALTER TABLE child ALTER txt SET DEFAULT 'x'"},
        {"ALTER TABLE child ALTER txt DROP DEFAULT"},
        {"ALTER TABLE part ALTER id SET DEFAULT 1"},
        {"ALTER TABLE child ALTER n SET NOT NULL"},
        {"ALTER TABLE child ALTER nn SET NOT NULL"},
        {"ALTER TABLE child ALTER id SET NOT NULL"},
        {"ALTER TABLE part ALTER parent_id SET NOT NULL"},
        {"ALTER TABLE lonely ALTER n DROP NOT NULL"},
        {"ALTER TABLE child ALTER n SET STATISTICS 10"},
        {"ALTER TABLE child ALTER n SET (n_distinct = 5)"},
        {"ALTER TABLE child SET (fillfactor = 70)"},
        {"ALTER TABLE child SET (autovacuum_enabled = false)"},
        {"ALTER TABLE child SET (user_catalog_table = true)"},
        {"ALTER TABLE child ALTER txt SET STORAGE main"},
        {"ALTER TABLE child ALTER txt SET COMPRESSION pglz", "UTC", "", 14},
        {"ALTER TABLE lonely ALTER id ADD GENERATED ALWAYS AS IDENTITY", "UTC",
         "ALTER TABLE lonely ALTER id SET NOT NULL"},
        {"ALTER TABLE gen ALTER id SET GENERATED BY DEFAULT"},
        {"ALTER TABLE gen ALTER id DROP IDENTITY"},
        {"ALTER TABLE gen ALTER b DROP EXPRESSION"},
        {"ALTER TABLE gen ALTER b SET EXPRESSION AS (a + 2)", "UTC", "", 17},
        {"ALTER TABLE lonely ADD COLUMN x int, ALTER n SET NOT NULL, SET (fillfactor = 70)"},
        {"ALTER TABLE lonely ALTER n SET STATISTICS 10, SET (fillfactor = 70)"},
    };
}

QList<LockForm> typeForms()
{
    return {
        {"ALTER TABLE lonely ALTER n TYPE bigint"},
        {"ALTER TABLE child ALTER n TYPE int", "UTC",
         "DROP VIEW child_view CASCADE; DROP MATERIALIZED VIEW child_mat"},
        {"ALTER TABLE child ALTER v TYPE varchar(10)"},
        {"ALTER TABLE child ALTER v TYPE varchar(40)"},
        {"ALTER TABLE child ALTER v TYPE varchar"},
        {"ALTER TABLE child ALTER v TYPE text"},
        {"ALTER TABLE child ALTER v TYPE text USING v::text"},
        {"ALTER TABLE child ALTER v TYPE text USING upper(v)"},
        {"ALTER TABLE child ALTER txt TYPE varchar"},
        {"ALTER TABLE child ALTER txt TYPE varchar(30)"},
        {"ALTER TABLE child ALTER num TYPE numeric(12,2)"},
        {"ALTER TABLE child ALTER num TYPE numeric"},
        {"ALTER TABLE child ALTER num TYPE numeric(12,3)"},
        {"ALTER TABLE child ALTER num TYPE numeric(8,2)"},
        {"ALTER TABLE child ALTER ts TYPE timestamptz"},
        {"ALTER TABLE child ALTER ts TYPE timestamptz", "Europe/Berlin"},
        {"ALTER TABLE child ALTER tz TYPE timestamp"},
        {"ALTER TABLE child ALTER tz TYPE timestamp", "Europe/Berlin"},
        {"ALTER TABLE child ALTER ts TYPE timestamp(3)"},
        {"ALTER TABLE child ALTER ts TYPE timestamp(6)"},
        {"ALTER TABLE child ALTER ts TYPE timestamptz(3)"},
        {"ALTER TABLE child ALTER bc TYPE char(20)"},
        {"ALTER TABLE child ALTER bc TYPE text"},
        {"ALTER TABLE child ALTER net TYPE inet"},
        {"ALTER TABLE child ALTER arr TYPE varchar(30)[]"},
        {"ALTER TABLE child ALTER arr TYPE text[]"},
        {"ALTER TABLE child ALTER feeling TYPE text"},
        {"ALTER TABLE child ALTER free TYPE int"},
        {"ALTER TABLE child ALTER pos TYPE int"},
        {"ALTER TABLE lonely ALTER n TYPE free_int"},
        {"ALTER TABLE lonely ALTER n TYPE positive"},
        {"ALTER TABLE child ALTER j TYPE jsonb"},
        {"ALTER TABLE child ALTER parent_id TYPE bigint"},
        {"ALTER TABLE parent ALTER id TYPE bigint"},
        {"ALTER TABLE parent ALTER code TYPE varchar"},
        {"ALTER TABLE child ALTER checked TYPE bigint"},
        {"ALTER TABLE child ALTER checked TYPE free_int"},
        {"ALTER TABLE part ALTER id TYPE bigint", "UTC", "DROP TABLE to_part"},
        {"ALTER TABLE base ALTER b TYPE bigint"},
    };
}

QList<LockForm> constraintForms()
{
    return {
        {"ALTER TABLE child ADD CHECK (n > 0)"},
        {"ALTER TABLE child ADD CHECK (n > 0) NOT VALID"},
        {"ALTER TABLE base ADD CHECK (a > 0)"},
        {"ALTER TABLE part ADD CHECK (k > 0)"},
        {"ALTER TABLE child VALIDATE CONSTRAINT late_check"},
        {"ALTER TABLE child VALIDATE CONSTRAINT nn_set"},
        {"ALTER TABLE lonely ADD FOREIGN KEY (n) REFERENCES parent"},
        {"ALTER TABLE lonely ADD FOREIGN KEY (n) REFERENCES parent NOT VALID"},
        {"ALTER TABLE child VALIDATE CONSTRAINT late_fk"},
        {"ALTER TABLE part ADD FOREIGN KEY (id) REFERENCES child NOT VALID", "UTC", "", 18},
        {"ALTER TABLE loose ADD FOREIGN KEY (id, k) REFERENCES part (id, k) NOT VALID"},
        {"ALTER TABLE lonely ADD CONSTRAINT u UNIQUE (n)"},
        {"ALTER TABLE lonely ADD PRIMARY KEY (id)"},
        {"ALTER TABLE loose ADD PRIMARY KEY (id)"},
        {"ALTER TABLE lonely ADD EXCLUDE (n WITH =)"},
        {"ALTER TABLE simple_part ADD UNIQUE (k, n)"},
        {"ALTER TABLE simple_part ADD PRIMARY KEY (k, n)"},
        {"ALTER TABLE simple_part ADD PRIMARY KEY (k)"},
        {"ALTER TABLE child ADD CONSTRAINT child_plain UNIQUE USING INDEX child_plain"},
        {"ALTER TABLE child ADD CONSTRAINT renamed UNIQUE USING INDEX child_plain"},
        {"ALTER TABLE lonely ADD PRIMARY KEY USING INDEX lonely_id", "UTC",
         "CREATE UNIQUE INDEX lonely_id ON lonely (id)"},
        {"ALTER TABLE child DROP CONSTRAINT nn_set"},
        {"ALTER TABLE child DROP CONSTRAINT child_parent"},
        {"ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE"},
        {"ALTER TABLE parent DROP CONSTRAINT parent_code_key CASCADE"},
        {"ALTER TABLE part DROP CONSTRAINT part_parent_id_fkey"},
        {"ALTER TABLE to_part DROP CONSTRAINT to_part_fk"},
        {"ALTER TABLE child ALTER CONSTRAINT child_parent DEFERRABLE"},
        {"ALTER TABLE child ADD CONSTRAINT x CHECK (n > 0) NOT VALID, VALIDATE CONSTRAINT late_check"},
    };
}

QList<LockForm> tableForms()
{
    return {
        {"ALTER TABLE child RENAME TO kid"},
        {"ALTER TABLE child RENAME COLUMN txt TO words"},
        {"ALTER TABLE base RENAME COLUMN a TO z"},
        {"ALTER TABLE child RENAME CONSTRAINT nn_set TO nn_is_set"},
        {"ALTER TABLE child SET SCHEMA other"},
        {"ALTER TABLE ser SET SCHEMA other"},
        {"ALTER TABLE child OWNER TO somebody"},
        {"ALTER TABLE ser OWNER TO somebody"},
        {"ALTER TABLE child REPLICA IDENTITY FULL"},
        {"ALTER TABLE lonely SET UNLOGGED"},
        {"ALTER TABLE heir NO INHERIT base"},
        {"ALTER TABLE heir INHERIT base", "UTC", "ALTER TABLE heir NO INHERIT base"},
        {"ALTER TABLE child DISABLE TRIGGER child_trigger"},
        {"ALTER TABLE child ENABLE TRIGGER ALL"},
        {"ALTER TABLE child ENABLE ROW LEVEL SECURITY"},
        {"ALTER TABLE child DISABLE RULE child_rule"},
        {"ALTER TABLE child CLUSTER ON child_n"},
        {"ALTER TABLE part ATTACH PARTITION loose FOR VALUES FROM (2000) TO (3000)"},
        {"ALTER TABLE simple_part ATTACH PARTITION lonely FOR VALUES FROM (3000) TO (4000)", "UTC",
         "DROP TABLE lonely; CREATE TABLE lonely (k int NOT NULL, n int);"
         "INSERT INTO lonely SELECT 3000 + g, 1 FROM generate_series(1, 100) g"},
        {"ALTER TABLE simple_part DETACH PARTITION simple_1"},
        {"ALTER TABLE part DETACH PARTITION part_1", "UTC", "DROP TABLE to_part"},
        {"CREATE TABLE made (id int, parent_id int REFERENCES parent)"},
        {"CREATE TABLE made (id int REFERENCES parent, FOREIGN KEY (id) REFERENCES child (id))"},
        {"CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (1000) TO (1500)"},
        {"CREATE TABLE simple_3 PARTITION OF simple_part FOR VALUES FROM (2000) TO (2500)"},
        {"CREATE TABLE made () INHERITS (base)"},
        {"CREATE TABLE made (LIKE lonely)"},
        {"CREATE TABLE IF NOT EXISTS child (id int REFERENCES parent)"},
        {"CREATE TABLE made AS SELECT * FROM lonely"},
        {"DROP TABLE child CASCADE"},
        {"DROP TABLE lonely"},
        {"DROP TABLE IF EXISTS lonely, to_part"},
        {"DROP TABLE parent CASCADE"},
        {"DROP TABLE ser"},
        {"DROP TABLE part CASCADE"},
        {"DROP TABLE simple_part"},
        {"DROP TABLE simple_1"},
        {"DROP TABLE part_1", "UTC", "DROP TABLE to_part"},
        {"DROP TABLE base CASCADE"},
        {"DROP SCHEMA doomed CASCADE"},
        {"TRUNCATE lonely"},
        {"TRUNCATE parent CASCADE"},
        {"TRUNCATE simple_part"},
    };
}

QList<LockForm> indexForms()
{
    return {
        {"CREATE INDEX made ON child (n)"},
        {"CREATE INDEX IF NOT EXISTS child_n ON child (n)"},
        {"CREATE UNIQUE INDEX made ON lonely (n)"},
        {"CREATE INDEX made ON part (parent_id)"},
        {"CREATE INDEX made ON ONLY part (parent_id)"},
        {"CREATE INDEX made ON base (a)"},
        {"CREATE INDEX made ON child_mat (n)"},
        {"DROP INDEX child_n"},
        {"DROP INDEX IF EXISTS no_such_index"},
        {"DROP INDEX simple_part_n"},
        {"REINDEX INDEX child_n"},
        {"REINDEX TABLE child"},
        {"ALTER INDEX child_n RENAME TO child_number"},
        {"ALTER INDEX child_n SET (fillfactor = 70)"},
        {"CLUSTER child USING child_n"},
        {"LOCK TABLE child IN EXCLUSIVE MODE"},
        {"LOCK TABLE simple_part"},
    };
}

QList<LockForm> otherForms()
{
    return {
        {"CREATE VIEW made AS SELECT * FROM lonely"},
        {"CREATE OR REPLACE VIEW child_view AS SELECT id, n FROM child"},
        {"CREATE OR REPLACE VIEW made AS SELECT 1 AS one FROM lonely"},
        {"CREATE MATERIALIZED VIEW made AS SELECT n FROM lonely"},
        {"DROP VIEW child_view CASCADE"},
        {"DROP VIEW view_of_view"},
        {"DROP MATERIALIZED VIEW child_mat"},
        {"ALTER VIEW view_of_view RENAME TO seen"},
        {"REFRESH MATERIALIZED VIEW child_mat"},
        {"REFRESH MATERIALIZED VIEW CONCURRENTLY child_mat"},
        {"ALTER TYPE mood ADD VALUE 'calm'"},
        {"ALTER TYPE mood RENAME VALUE 'sad' TO 'low'"},
        {"ALTER TYPE row_type ADD ATTRIBUTE c int CASCADE"},
        {"ALTER TYPE pair ADD ATTRIBUTE c int"},
        {"ALTER TYPE mood RENAME TO feeling_type"},
        {"ALTER DOMAIN positive ADD CHECK (VALUE < 1000000)"},
        {"ALTER DOMAIN positive ADD CONSTRAINT late CHECK (VALUE < 1000000) NOT VALID"},
        {"ALTER DOMAIN free_int SET NOT NULL"},
        {"ALTER DOMAIN positive DROP CONSTRAINT positive_check"},
        {"DROP TYPE mood CASCADE"},
        {"DROP DOMAIN positive CASCADE"},
        {"DROP FUNCTION own_trigger CASCADE"},
        {"DROP FUNCTION own_volatile CASCADE"},
        {"CREATE TRIGGER made BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION own_trigger()"},
        {"CREATE TRIGGER made AFTER INSERT ON part FOR EACH ROW EXECUTE FUNCTION own_trigger()"},
        {"DROP TRIGGER child_trigger ON child"},
        {"ALTER TRIGGER child_trigger ON child RENAME TO made"},
        {"CREATE RULE made AS ON DELETE TO lonely DO INSTEAD NOTHING"},
        {"DROP RULE child_rule ON child"},
        {"CREATE POLICY made ON child USING (true)"},
        {"ALTER POLICY child_policy ON child USING (false)"},
        {"DROP POLICY child_policy ON child"},
        {"CREATE STATISTICS made ON id, n FROM child"},
        {"COMMENT ON TABLE child IS 'x'"},
        {"COMMENT ON COLUMN child.n IS 'x'"},
        {"COMMENT ON INDEX child_n IS 'x'"},
        {"CREATE PUBLICATION made FOR TABLE lonely"},
        {"ALTER PUBLICATION published ADD TABLE parent"},
        {"ANALYZE child"},
        {"ANALYZE simple_part"},
        {"ALTER SEQUENCE counter INCREMENT 2"},
        {"ALTER SEQUENCE counter RENAME TO counting"},
        {"ALTER SEQUENCE counter OWNED BY counted.n"},
        {"DROP SEQUENCE counter CASCADE"},
        {"GRANT SELECT ON child TO somebody"},
        {"UPDATE lonely SET s = 'y'"},
        {"UPDATE simple_part SET n = 1"},
        {"UPDATE child SET parent_id = 1 WHERE parent_id <> 1"},
        {"UPDATE child SET txt = 'x'"},
        {"UPDATE parent SET note = 'x'"},
        {"DELETE FROM lonely"},
        {"DELETE FROM to_part"},
        {"INSERT INTO lonely (id) VALUES (1)"},
        {"INSERT INTO to_part VALUES (1, 1, 1)"},
        {"SELECT * FROM lonely"},
        {"SELECT * FROM lonely FOR UPDATE"},
        {"SELECT * FROM view_of_view"},
        {"SET LOCAL lock_timeout = '2s'"},
        {"CREATE TYPE made AS ENUM ('a')"},
        {"CREATE DOMAIN made AS int CHECK (VALUE > 0)"},
        {"CREATE SEQUENCE made"},
        {"CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'"},
        {"CREATE SCHEMA made"},
    };
}

} // namespace

QList<LockForm> transactionalForms()
{
    return columnForms() + typeForms() + constraintForms() + tableForms() + indexForms() + otherForms();
}

QList<ConcurrentForm> nonTransactionalForms()
{
    return {
        {"CREATE INDEX CONCURRENTLY made_1 ON lonely (n)", "lonely"},
        {"CREATE UNIQUE INDEX CONCURRENTLY made_2 ON child (n)", "child"},
        {"DROP INDEX CONCURRENTLY child_v", "child"},
        {"REINDEX INDEX CONCURRENTLY child_n", "child"},
        {"REINDEX TABLE CONCURRENTLY child", "child"},
        {"ALTER TABLE simple_part DETACH PARTITION simple_1 CONCURRENTLY", "simple_part", 14},
        {"VACUUM child", "child"},
        {"VACUUM FULL lonely", "lonely"},
        {"VACUUM (FULL, ANALYZE) lonely", "lonely"},
        {"CLUSTER simple_part USING simple_part_n", "simple_part", 15},
        {"REINDEX TABLE simple_part", "simple_part", 14},
    };
}

} // namespace stepwell
