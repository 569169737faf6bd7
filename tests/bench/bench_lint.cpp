// SPDX-License-Identifier: MIT
// From the text of a migration to its findings, and how that grows. The parser alone is measured beside it:
// the ratio says what Stepwell adds. Nothing here is a test: ctest runs the smallest size once.
#include "migrations/lint/linter.h"

#include <benchmark/benchmark.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// What migrations are made of; %1 is a number, so that no two statements are alike.
const QStringList &forms()
{
    static const QStringList all{
        u"CREATE TABLE t%1 (id bigserial PRIMARY KEY, name varchar(200) NOT NULL, made timestamptz DEFAULT now());"_s,
        u"ALTER TABLE invoices ADD COLUMN c%1 varchar(200);"_s,
        u"ALTER TABLE invoices ADD COLUMN d%1 integer DEFAULT 0 NOT NULL;"_s,
        u"CREATE INDEX ix_invoices_c%1 ON invoices (c%1);"_s,
        u"UPDATE invoices SET c%1 = '' WHERE c%1 IS NULL;"_s,
        u"ALTER TABLE invoices ALTER COLUMN c%1 SET NOT NULL;"_s,
        u"ALTER TABLE sessions ADD CONSTRAINT fk_%1 FOREIGN KEY (owner_%1) REFERENCES users (id);"_s,
        u"ALTER TABLE sessions ADD CONSTRAINT ck_%1 CHECK (cpu_%1 > 0) NOT VALID;"_s,
        u"ALTER TABLE sessions VALIDATE CONSTRAINT ck_%1;"_s,
        u"DROP INDEX ix_old_%1;"_s,
        u"ALTER TABLE sessions ALTER COLUMN e%1 TYPE bigint;"_s,
        u"ALTER TABLE sessions DROP COLUMN f%1;"_s,
        u"COMMENT ON COLUMN invoices.c%1 IS 'the %1st; with a ''quote''';"_s,
        u"CREATE FUNCTION f%1() RETURNS trigger AS $$ BEGIN NEW.x := 1; RETURN NEW; END $$ LANGUAGE plpgsql;"_s,
        u"INSERT INTO domains (id, name) VALUES (%1, 'a name');"_s,
        u"DROP TABLE IF EXISTS old_%1 CASCADE;"_s,
    };
    return all;
}

QString scriptOf(qint64 statements)
{
    QString sql;
    for (qint64 number = 0; number < statements; ++number)
        sql += forms().at(number % forms().size()).arg(number) + u'\n';
    return sql;
}

void parse(benchmark::State &state)
{
    const QString sql = scriptOf(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(splitStatements(sql)->size());
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetComplexityN(state.range(0));
}

void lint(benchmark::State &state)
{
    const QString sql = scriptOf(state.range(0));
    for (auto _ : state) {
        Linter linter({});
        benchmark::DoNotOptimize(linter.lint({.sql = sql}).findings.size());
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetComplexityN(state.range(0));
}

} // namespace

BENCHMARK(parse)
    ->Name("lint_parse/script")
    ->Arg(500)
    ->Arg(2'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();
BENCHMARK(lint)
    ->Name("lint_whole/script")
    ->Arg(500)
    ->Arg(2'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();

BENCHMARK_MAIN();
