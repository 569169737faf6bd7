// SPDX-License-Identifier: MIT
// What tst_lockproof.cpp cannot show: other releases, statements without a database, what is lost.
#include "tests/sql/actiontext.h"

#include "migrations/sql/effects.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

StatementEffects effectsOfSql(const QString &sql, int version = 17, const Catalogue &catalogue = {})
{
    return effectsOf(actionsOfSql(sql), catalogue, version);
}

/// The catalogue after a script.
Catalogue after(const QString &script)
{
    Catalogue catalogue;
    const auto statements = splitStatements(script);
    if (!statements)
        qFatal("cannot be split");
    for (const Statement &statement : *statements)
        catalogue.apply(actionsOf(statement));
    return catalogue;
}

} // namespace

class TestEffects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void namesLocks();
    void knowsVersions_data();
    void knowsVersions();
    void knowsWhatNeedsNoTransaction_data();
    void knowsWhatNeedsNoTransaction();
    void knowsWhatIsLost_data();
    void knowsWhatIsLost();
    void saysWhatIsUnknown_data();
    void saysWhatIsUnknown();
    void learnsFromEarlierStatements();
    void locksNothingThatItMakes();
    void saysWhyAHiddenLock();
    void takesTheStrictestLock();
};

void TestEffects::namesLocks()
{
    for (int mode = 1; mode <= 8; ++mode) {
        const auto lock = static_cast<LockMode>(mode);
        QCOMPARE(lockModeOf(lockName(lock)), lock);
    }
    QCOMPARE(lockModeOf(u"AccessExclusiveLock"_s), LockMode::AccessExclusive);
    QCOMPARE(lockModeOf(u"share row exclusive"_s), LockMode::ShareRowExclusive);
    QCOMPARE(lockModeOf(u"SIReadLock"_s), LockMode::None);
    QCOMPARE(lockName(LockMode::None), QString());
}

void TestEffects::knowsVersions_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("problem");

    const auto row = [](const char *sql, int version, const QString &problem) {
        QTest::addRow("%d: %s", version, sql) << version << problem;
    };
    row("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", 13,
        u"DETACH PARTITION … CONCURRENTLY needs PostgreSQL 14"_s);
    row("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", 14, {});
    row("ALTER TABLE t ALTER c SET COMPRESSION lz4", 13, u"SET COMPRESSION needs PostgreSQL 14"_s);
    row("ALTER TABLE t ALTER c SET EXPRESSION AS (a)", 16, u"SET EXPRESSION needs PostgreSQL 17"_s);
    row("ALTER TABLE t SET ACCESS METHOD heap", 14, u"SET ACCESS METHOD needs PostgreSQL 15"_s);
    row("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", 14, u"MERGE needs PostgreSQL 15"_s);
    row("CREATE OR REPLACE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", 13,
        u"CREATE OR REPLACE TRIGGER needs PostgreSQL 14"_s);
    row("ALTER TABLE t ADD c int", 13, {});
}

void TestEffects::knowsVersions()
{
    QFETCH(const int, version);
    const QString sql = QString::fromUtf8(QTest::currentDataTag()).section(u": "_s, 1);
    QTEST(effectsOfSql(sql, version).versionProblem, "problem");
}

void TestEffects::knowsWhatNeedsNoTransaction_data()
{
    QTest::addColumn<bool>("transactional");
    QTest::addColumn<bool>("waits");
    const auto row = [](const char *sql, bool transactional, bool waits) {
        QTest::newRow(sql) << transactional << waits;
    };
    row("CREATE INDEX CONCURRENTLY i ON t (a)", false, true);
    row("DROP INDEX CONCURRENTLY i", false, true);
    row("REINDEX TABLE CONCURRENTLY t", false, true);
    row("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", false, true);
    row("REINDEX SCHEMA s", false, false);
    row("REINDEX DATABASE d", false, false);
    row("VACUUM t", false, false);
    row("CLUSTER", false, false);
    row("CREATE DATABASE d", false, false);
    row("DROP DATABASE d", false, false);
    row("ALTER SYSTEM SET work_mem = 1", false, false);
    row("CREATE TABLESPACE s LOCATION '/x'", false, false);
    row("CREATE INDEX i ON t (a)", true, false);
    row("REFRESH MATERIALIZED VIEW CONCURRENTLY m", true, false);
    row("ALTER TYPE mood ADD VALUE 'x'", true, false);
    row("ANALYZE t", true, false);
}

void TestEffects::knowsWhatNeedsNoTransaction()
{
    const StatementEffects effects = effectsOfSql(QString::fromUtf8(QTest::currentDataTag()));
    QTEST(effects.transactional, "transactional");
    QTEST(effects.waitsForSnapshots, "waits");
}

void TestEffects::knowsWhatIsLost_data()
{
    QTest::addColumn<bool>("loses");
    QTest::addColumn<int>("undo");
    const auto row = [](const char *sql, bool loses, Undo undo) {
        QTest::newRow(sql) << loses << static_cast<int>(undo);
    };
    row("DROP TABLE t", true, Undo::LosesData);
    row("ALTER TABLE t DROP COLUMN c", true, Undo::LosesData);
    row("ALTER TABLE t ADD a int, DROP COLUMN c", true, Undo::LosesData);
    row("TRUNCATE t", true, Undo::LosesData);
    row("DELETE FROM t", true, Undo::LosesData);
    row("DROP SCHEMA s CASCADE", true, Undo::LosesData);
    row("UPDATE t SET a = 1", false, Undo::LosesData);
    row("ALTER TABLE t ALTER c TYPE int USING length(c)", false, Undo::LosesData);
    row("ALTER TYPE mood ADD VALUE 'x'", false, Undo::Impossible);
    row("DO $$ BEGIN END $$", false, Undo::Impossible);
    row("CREATE TABLE t ()", false, Undo::Whole);
    row("ALTER TABLE t ADD c int", false, Undo::Whole);
    row("DROP VIEW v", false, Undo::Whole);
    row("DROP INDEX i", false, Undo::Whole);
    row("SELECT 1", false, Undo::Nothing);
    row("SET lock_timeout = 1", false, Undo::Nothing);
    row("ANALYZE t", false, Undo::Nothing);
}

void TestEffects::knowsWhatIsLost()
{
    const StatementEffects effects = effectsOfSql(QString::fromUtf8(QTest::currentDataTag()));
    QTEST(effects.losesData, "loses");
    QTEST(static_cast<int>(effects.undo), "undo");
}

void TestEffects::saysWhatIsUnknown_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("rewrites"); // the worse is assumed

    QTest::newRow("ALTER TABLE t ALTER c TYPE text") << u"type"_s << true;
    QTest::newRow("ALTER TABLE t ADD c int DEFAULT own()") << u"volatile"_s << true;
    QTest::newRow("ALTER TABLE t ADD c s.mood") << u"domain"_s << false;
    QTest::newRow("ALTER TABLE t DROP CONSTRAINT c") << u"foreign key"_s << false;
    QTest::newRow("DROP INDEX i") << u"table"_s << false;
    QTest::newRow("DROP TABLE t") << u"foreign keys"_s << false;
    QTest::newRow("DROP TYPE mood CASCADE") << u"use mood"_s << false;
    QTest::newRow("ALTER DOMAIN d ADD CHECK (VALUE > 0)") << u"domain d"_s << false;
    QTest::newRow("DO $$ BEGIN END $$") << u"block"_s << false;
    QTest::newRow("SELECT own()") << u"own"_s << false;
}

void TestEffects::saysWhatIsUnknown()
{
    QFETCH(const QString, word);
    const StatementEffects effects = effectsOfSql(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY2(effects.unknowns.join(u' ').contains(word), qPrintable(effects.unknowns.join(u'\n')));
    QTEST(!effects.rewrites.isEmpty(), "rewrites");
}

void TestEffects::learnsFromEarlierStatements()
{
    const QString sql = u"ALTER TABLE t ALTER a SET NOT NULL"_s;
    QCOMPARE(effectsOfSql(sql).scans.size(), 1);
    const QString checked = u"ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;"_s;
    QCOMPARE(effectsOfSql(sql, 17, after(checked)).scans.size(), 1);
    QCOMPARE(effectsOfSql(sql, 17, after(QString(checked + u"ALTER TABLE t VALIDATE CONSTRAINT c"_s)))
                 .scans.size(),
             0);

    const Catalogue known = after(u"CREATE TABLE t (a int, b varchar(10) REFERENCES p)"_s);
    QCOMPARE(effectsOfSql(u"ALTER TABLE t ALTER b TYPE text"_s, 17, known).rewrites.size(), 0);
    const StatementEffects dropped = effectsOfSql(u"ALTER TABLE t DROP CONSTRAINT t_b_fkey"_s, 17, known);
    QCOMPARE(dropped.lockOn({.schema = {}, .name = u"p"_s})->mode, LockMode::AccessExclusive);

    Catalogue zoned = after(u"CREATE TABLE t (a timestamp)"_s);
    const QString change = u"ALTER TABLE t ALTER a TYPE timestamptz"_s;
    QCOMPARE(effectsOfSql(change, 17, zoned).rewrites.size(), 1);
    QVERIFY(!effectsOfSql(change, 17, zoned).unknowns.isEmpty());
    zoned.timeZone = u"Etc/UTC"_s;
    QCOMPARE(effectsOfSql(change, 17, zoned).rewrites.size(), 0);
}

void TestEffects::locksNothingThatItMakes()
{
    QVERIFY(effectsOfSql(u"CREATE TABLE t (id int PRIMARY KEY, self int REFERENCES t)"_s).locks.isEmpty());
    const StatementEffects made = effectsOfSql(u"CREATE TABLE t (a int REFERENCES p) INHERITS (b)"_s);
    QCOMPARE(made.locks.size(), 2);
    QCOMPARE(made.strongest(), LockMode::ShareRowExclusive);
}

void TestEffects::saysWhyAHiddenLock()
{
    const Catalogue known = after(u"CREATE TABLE p (id int PRIMARY KEY);"
                                  "CREATE TABLE t (a int CONSTRAINT fk_a REFERENCES p)"_s);
    const StatementEffects effects = effectsOfSql(u"DROP TABLE t"_s, 17, known);
    QCOMPARE(effects.locks.size(), 2);
    const RelationLock *lock = effects.lockOn({.schema = {}, .name = u"p"_s});
    QVERIFY(lock);
    QVERIFY(lock->isHidden);
    QCOMPARE(lock->reason, u"referenced by the foreign key fk_a"_s);
    QVERIFY(effects.unknowns.isEmpty());
}

void TestEffects::takesTheStrictestLock()
{
    const StatementEffects effects = effectsOfSql(u"ALTER TABLE t SET (fillfactor = 70), ADD c int"_s);
    QCOMPARE(effects.locks.size(), 1);
    QCOMPARE(effects.strongest(), LockMode::AccessExclusive);
    QCOMPARE(effectsOfSql(u"GRANT SELECT ON t TO bob"_s, 17).strongest(), LockMode::None);
    QCOMPARE(effectsOfSql(u"GRANT SELECT ON t TO bob"_s, 18).strongest(), LockMode::AccessShare);
}

QTEST_GUILESS_MAIN(TestEffects)
#include "tst_effects.moc"
