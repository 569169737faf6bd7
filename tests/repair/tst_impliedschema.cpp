// SPDX-License-Identifier: MIT
// What revisions would make, compared with real PostgreSQL databases that real Alembic migrated.

#include "migrations/database/cataloguereader.h"
#include "migrations/process/process.h"
#include "migrations/repair/impliedschema.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// "kind what revision" of each difference, and "unreadable …".
QStringList told(const SchemaComparison &comparison)
{
    static const QStringList kinds{u"missing"_s, u"extra"_s, u"different"_s};
    QStringList lines;
    for (const SchemaDifference &one : comparison.differences)
        lines += u"%1 %2 %3"_s.arg(kinds.at(one.kind), one.what, one.revision.text());
    lines.sort();
    if (!comparison.unreadable.isEmpty())
        lines += u"unreadable %1"_s.arg(toText(comparison.unreadable));
    return lines;
}

QList<RenderedSql> rendered(const QStringList &texts, int first = 1)
{
    QList<RenderedSql> all;
    for (const QString &text : texts)
        all += {.revision = RevisionId(u"r%1"_s.arg(first++)), .sql = text};
    return all;
}

std::unique_ptr<DatabaseSession> sessionOf(const TestDatabase &database)
{
    auto session = DatabaseSession::open(database.settings, {}, {});
    if (!session)
        qFatal("%s", qPrintable(toText(session.error())));
    return *std::move(session);
}

/// The revisions r1, r2 … are applied, the ones after them are not; the database is what `made` makes of it.
QStringList differences(const QStringList &applied, const QStringList &made, const QStringList &others = {},
                        const QHash<RevisionId, QString> &sources = {}, QList<RenderedSql> more = {})
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    for (const QString &sql : made)
        TestCluster::instance().execute(database.name, sql);
    const auto session = sessionOf(database);
    const auto catalogue = readCatalogue(*session);
    if (!catalogue)
        qFatal("%s", qPrintable(toText(catalogue.error())));
    QList<RenderedSql> all = rendered(applied);
    all += more;
    return told(compareSchema(all, rendered(others, int(all.size()) + 1), *catalogue, sources));
}

/// The manager of the demo, with a database of its own.
class Manager
{
public:
    Manager() : database(TestCluster::instance().newDatabase())
    {
        const QString source = QString::fromLocal8Bit(qgetenv("STEPWELL_SOURCE")) + u"/resources/demo/"_s;
        QDirIterator files(source + u"alembic"_s, {u"*.py"_s, u"*.mako"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = files.next();
            writeFile(path(file.sliced(source.size())), readFile(file));
        }
        QString ini = QString::fromUtf8(readFile(source + u"alembic.ini"_s));
        ini.replace(u"postgresql+psycopg2://unused:unused@localhost/unused"_s,
                    QString(database.url)
                        .replace(u"postgresql://"_s, u"postgresql+psycopg2://"_s)
                        .replace(u"%"_s, u"%%"_s));
        writeFile(path(u"alembic.ini"_s), ini);
    }
    [[nodiscard]] QString path(const QString &name) const { return QString(m_folder.path() + u'/' + name); }
    void alembic(const QStringList &arguments) const
    {
        const auto done = processOutput({.program = u"python3"_s,
                                         .arguments = QStringList{u"-m"_s, u"alembic"_s} + arguments,
                                         .workingDirectory = m_folder.path()});
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
    }
    void execute(const QString &sql) const { TestCluster::instance().execute(database.name, sql); }
    [[nodiscard]] SchemaComparison compare() const
    {
        Target target;
        target.id = {.environment = u"test"_s, .component = u"manager"_s};
        target.component.config = path(u"alembic.ini"_s);
        target.config = target.component.config;
        target.url = database.url;
        const auto access = TargetAccess::open(target, {});
        if (!access)
            qFatal("%s", qPrintable(toText(access.error())));
        const QStringList rows =
            TestCluster::instance().rows(database.name, u"SELECT version_num FROM alembic_version"_s);
        const auto session = sessionOf(database);
        const auto compared = compareSchema(*access, toRevisionIds(rows), *session, {});
        if (!compared)
            qFatal("%s", qPrintable(toText(compared.error())));
        return *compared;
    }
    [[nodiscard]] QStringList differences() const
    {
        QStringList lines = told(compare());
        lines.removeIf([](const QString &line) { return line.startsWith(u"unreadable"_s); });
        return lines;
    }

    TestDatabase database;

private:
    QTemporaryDir m_folder;
};

} // namespace

class tst_ImpliedSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDemoAtItsHead()
    {
        const Manager manager;
        manager.alembic({u"upgrade"_s, u"head"_s});
        const SchemaComparison equal = manager.compare();
        QVERIFY2(equal.differences.isEmpty(), qPrintable(told(equal).join(u'\n')));
        QVERIFY2(equal.compared > 100,
                 qPrintable(u"%1, unreadable %2"_s.arg(equal.compared).arg(toText(equal.unreadable))));

        manager.execute(
            u"DROP INDEX ix_sessions_owner;"
            "ALTER TABLE scaling_groups ALTER COLUMN name TYPE text;"
            "ALTER TABLE sessions ALTER COLUMN priority DROP NOT NULL;"
            "CREATE TABLE of_somebody_else (id int); ALTER TABLE sessions ADD of_somebody_else int"_s);
        const QStringList lines = manager.differences();
        QVERIFY2(lines.contains(u"missing index ix_sessions_owner on sessions e41d09b7a3c8"_s),
                 qPrintable(lines.join(u'\n')));
        QVERIFY2(lines.contains(u"different column sessions.priority e41d09b7a3c8"_s),
                 qPrintable(lines.join(u'\n')));
        QVERIFY2(!lines.join(u'\n').contains(u"somebody"_s), qPrintable(lines.join(u'\n')));
        QVERIFY2(lines.filter(u"column scaling_groups.name"_s).size() == 1 && lines.size() == 3,
                 qPrintable(lines.join(u'\n')));
    }

    void theDemoStampedButNotRun()
    {
        const Manager manager;
        manager.alembic({u"upgrade"_s, u"90c2fd61b5ae"_s});
        QCOMPARE(manager.differences().join(u'\n'), QString());
        manager.alembic({u"stamp"_s, u"e41d09b7a3c8"_s});
        QCOMPARE(manager.differences(),
                 (QStringList{u"different column sessions.priority e41d09b7a3c8"_s,
                              u"missing foreign key fk_sessions_owner on sessions e41d09b7a3c8"_s,
                              u"missing index ix_sessions_owner on sessions e41d09b7a3c8"_s}));
    }

    void theDemoRunButNotStamped()
    {
        const Manager manager;
        manager.alembic({u"upgrade"_s, u"head"_s});
        manager.alembic({u"stamp"_s, u"90c2fd61b5ae"_s});
        const QStringList lines = manager.differences();
        QVERIFY2(lines.contains(u"extra foreign key fk_sessions_owner on sessions e41d09b7a3c8"_s) &&
                     lines.contains(u"extra index ix_sessions_owner on sessions e41d09b7a3c8"_s),
                 qPrintable(lines.join(u'\n')));
    }

    void spellingIsNoDifference_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("types")
            << u"CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE DOMAIN mail AS varchar(80) NOT NULL;"
               "CREATE TABLE t (a int, b integer, c serial, d bigserial, e smallserial, f decimal(10),"
               " g numeric(10,2), h numeric, i char, j char(3), k character varying(20), l varchar, m float,"
               " n float(24), o double precision, p timestamp(3) with time zone, q timestamptz, r time(2),"
               " s interval, u interval day to second(3), v bit(4), w bit varying, x text[], y int array,"
               " z \"char\", aa name, bb uuid, cc jsonb, dd mood, ee mail, ff public.mood[], gg date, hh "
               "boolean,"
               " ii timestamp, jj numeric(12,4)[], kk varchar(5)[], ll real, mm bytea, nn inet, oo bpchar)"_s;
        QTest::newRow("names that PostgreSQL makes up")
            << u"CREATE TABLE p (id int PRIMARY KEY, code text UNIQUE, n int CHECK (n > 0), UNIQUE (n, "
               u"code));"
               "CREATE TABLE t (id int REFERENCES p, code text REFERENCES p (code), CHECK (id > 0), CHECK "
               "(id < 9));"
               "CREATE INDEX ON t (id); CREATE INDEX ON t (id, code); CREATE UNIQUE INDEX ON t (lower(code))"_s;
        QTest::newRow("long names") << QString(
            u"CREATE TABLE %1 (%1 int CONSTRAINT %2 UNIQUE); CREATE INDEX %3 ON %1 (%1)"_s.arg(
                QString(70, u't'), QString(70, u'c'), QString(70, u'i')));
        QTest::newRow("nullability")
            << u"CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS IDENTITY, c serial, d int);"
               "ALTER TABLE t ADD PRIMARY KEY (d); ALTER TABLE t ALTER a DROP NOT NULL; ALTER TABLE t ADD e "
               "int NULL;"
               "ALTER TABLE t ALTER e SET NOT NULL; ALTER TABLE t DROP CONSTRAINT t_pkey"_s;
        QTest::newRow("renames")
            << u"CREATE TYPE old AS ENUM ('a'); CREATE TABLE t (a old, b int, CONSTRAINT c CHECK (b > 0));"
               "ALTER TYPE old RENAME TO new; ALTER TYPE new RENAME VALUE 'a' TO 'b'; ALTER TABLE t RENAME "
               "TO u;"
               "ALTER TABLE u RENAME b TO d; ALTER TABLE u RENAME CONSTRAINT c TO e; CREATE INDEX i ON u (d);"
               "ALTER INDEX i RENAME TO j; CREATE SCHEMA s; ALTER TABLE u SET SCHEMA s"_s;
        QTest::newRow("an enum made anew")
            << u"CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TABLE t (m mood NOT NULL);"
               "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok');"
               "ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE mood_old"_s;
        QTest::newRow("partitions and inheritance")
            << u"CREATE TABLE p (d date NOT NULL, n int) PARTITION BY RANGE (d);"
               "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
               "CREATE INDEX ix ON p (n); ALTER TABLE p ADD extra text; CREATE TABLE c (more int) INHERITS (p1x);"_s
                   .replace(u"CREATE TABLE c (more int) INHERITS (p1x);"_s,
                            u"CREATE TABLE b (x int NOT NULL); CREATE TABLE c (more int) INHERITS (b)"_s);
        QTest::newRow("like, as, views")
            << u"CREATE TABLE a (x int NOT NULL, y text DEFAULT 'z'); CREATE TABLE b (LIKE a INCLUDING ALL, "
               u"z int);"
               "CREATE TABLE c AS SELECT x FROM a; CREATE VIEW v AS SELECT y FROM a;"
               "CREATE MATERIALIZED VIEW m AS SELECT y FROM a; CREATE TEMPORARY TABLE gone (i int)"_s;
        QTest::newRow("built and taken away")
            << u"CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x); ALTER TABLE a DROP x; DROP TABLE IF "
               u"EXISTS n;"
               "CREATE TABLE b (x int); DROP TABLE b; ALTER TABLE a ADD CONSTRAINT k UNIQUE (y);"
               "ALTER TABLE a DROP CONSTRAINT k; SELECT set_config('a.b', 'c', false), now()"_s;
        QTest::newRow("an index becomes a constraint")
            << u"CREATE TABLE a (x int NOT NULL, y int); CREATE UNIQUE INDEX i ON a (x); CREATE UNIQUE INDEX "
               u"j ON a (y);"
               "ALTER TABLE a ADD CONSTRAINT k PRIMARY KEY USING INDEX i, ADD CONSTRAINT j UNIQUE USING INDEX j"_s;
        QTest::newRow("quotes and schemas") << u"CREATE SCHEMA \"Büro\"; CREATE TABLE \"Büro\".\"T x\" (\"A "
                                               u"b\" int, CONSTRAINT \"C d\" UNIQUE (\"A b\"));"
                                               "CREATE INDEX \"I j\" ON \"Büro\".\"T x\" (\"A b\" DESC)"_s;
    }
    void spellingIsNoDifference()
    {
        QFETCH(const QString, sql);
        QCOMPARE(differences({sql}, {sql}).join(u'\n'), QString());
    }

    void whatIsTold_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *name, const QString &change, const QStringList &lines) {
            QTest::newRow(name) << change << lines;
        };
        row("table", u"DROP TABLE two"_s, {u"missing table two r2"_s});
        row("column", u"ALTER TABLE one DROP n"_s, {u"missing column one.n r2"_s});
        row("type", u"ALTER TABLE one ALTER s TYPE varchar(30)"_s, {u"different column one.s r1"_s});
        row("array", u"ALTER TABLE one ALTER n TYPE int[] USING ARRAY[n]"_s,
            {u"different column one.n r2"_s});
        row("nullable", u"ALTER TABLE one ALTER s DROP NOT NULL"_s, {u"different column one.s r1"_s});
        row("index", u"DROP INDEX ix_one_n"_s, {u"missing index ix_one_n on one r2"_s});
        row("unique", u"ALTER TABLE one DROP CONSTRAINT uq_one_s"_s,
            {u"missing unique constraint uq_one_s on one r1"_s});
        row("key", u"ALTER TABLE two DROP CONSTRAINT fk_two"_s, {u"missing foreign key fk_two on two r2"_s});
        row("check", u"ALTER TABLE two DROP CONSTRAINT ck_two"_s,
            {u"missing check constraint ck_two on two r2"_s});
        row("primary key", u"ALTER TABLE one DROP CONSTRAINT one_pkey CASCADE"_s,
            {u"missing foreign key fk_two on two r2"_s, u"missing primary key one_pkey on one r1"_s});
        row("enum", u"DROP TYPE mood CASCADE; CREATE TYPE mood AS ENUM ('ok'); ALTER TABLE two ADD m mood"_s,
            {u"missing value 'bad' of enum mood r2"_s});
        row("extra table", u"CREATE TABLE three (id int)"_s, {u"extra table three r3"_s});
        row("extra column", u"ALTER TABLE one ADD late int"_s, {u"extra column one.late r3"_s});
        row("extra index", u"CREATE INDEX ix_late ON one (id)"_s, {u"extra index ix_late on one r3"_s});
        row("extra value", u"ALTER TYPE mood ADD VALUE 'new'"_s, {u"extra value 'new' of enum mood r3"_s});
        row("extra check", u"ALTER TABLE two ADD CONSTRAINT ck_late CHECK (id > 0)"_s,
            {u"extra check constraint ck_late on two r3"_s});
        row("of nobody",
            u"CREATE TABLE four (id int); ALTER TABLE one ADD nobody int; CREATE INDEX ON one (nobody)"_s,
            {});
    }
    void whatIsTold()
    {
        QFETCH(const QString, change);
        QFETCH(const QStringList, lines);
        const QStringList applied{
            u"CREATE TABLE one (id int PRIMARY KEY, s varchar(20) NOT NULL CONSTRAINT uq_one_s UNIQUE);"
            "CREATE TYPE mood AS ENUM ('ok')"_s,
            u"ALTER TABLE one ADD n int; CREATE INDEX ix_one_n ON one (n); ALTER TYPE mood ADD VALUE 'bad';"
            "CREATE TABLE two (id int CONSTRAINT fk_two REFERENCES one, m mood, CONSTRAINT ck_two CHECK (id < 9))"_s};
        const QStringList others{
            u"CREATE TABLE three (id int); ALTER TABLE one ADD late int; CREATE INDEX ix_late ON one (id);"
            "ALTER TYPE mood ADD VALUE 'new'; ALTER TABLE two ADD CONSTRAINT ck_late CHECK (id > 0)"_s};
        QCOMPARE(differences(applied, applied + QStringList{change}, others).join(u'\n'), lines.join(u'\n'));
    }

    void aRevisionThatTakesAway()
    {
        const QString made = u"CREATE TABLE one (id int, old int)"_s;
        const QString later = u"ALTER TABLE one DROP old"_s;
        const TestDatabase database = TestCluster::instance().newDatabase();
        TestCluster::instance().execute(database.name, made);
        TestCluster::instance().execute(database.name, later);
        const auto session = sessionOf(database);
        const SchemaComparison compared =
            compareSchema(rendered({made}), rendered({later}, 2), readCatalogue(*session).value());
        QCOMPARE(told(compared), QStringList{u"missing column one.old r1"_s});
        QCOMPARE(compared.differences.first().text, u"Column one.old is not there, though r1 makes it; r2, "
                                                    u"which is not applied by the rows, would take "
                                                    "it away."_s);
    }

    void outOfSight()
    {
        const QString two = u"CREATE TABLE one (id int, n int); CREATE TABLE two (id int)"_s;
        const QString named = u"DO $$ BEGIN ALTER TABLE one DROP n; END $$"_s;
        // What the block names is uncertain; the rest is not.
        QCOMPARE(differences({two, named}, {u"CREATE TABLE one (id int)"_s}),
                 (QStringList{u"missing table two r1"_s, u"unreadable r2"_s}));
        // One that finds names by itself may have done anything before it, and nothing after it.
        const QString loop = u"DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables LOOP"
                             " EXECUTE 'DROP TABLE ' || t; END LOOP; END $$"_s;
        QCOMPARE(differences({two, loop, u"CREATE TABLE three (id int)"_s}, {}),
                 (QStringList{u"missing table three r3"_s, u"unreadable r2"_s}));
        QCOMPARE(differences({two, u"SELECT do_it()"_s}, {}), QStringList{u"unreadable r2"_s});
        QCOMPARE(differences({two, u"SELECT now(), setval('x', 1)"_s}, {}),
                 (QStringList{u"missing table one r1"_s, u"missing table two r1"_s}));
        // It may have made what a later revision makes, too.
        QCOMPARE(differences({u"DO $$ BEGIN CREATE TABLE late (id int); END $$"_s},
                             {u"CREATE TABLE late (id int)"_s},
                             {u"CREATE TABLE IF NOT EXISTS late (id int)"_s}),
                 QStringList{u"unreadable r1"_s});
    }

    void whatCannotBeRendered()
    {
        const QString two = u"CREATE TABLE one (id int); CREATE TABLE two (id int)"_s;
        const RenderedSql unknown{.revision = RevisionId(u"u9"_s), .problem = u"needs a database"_s};
        QCOMPARE(differences({two}, {}, {}, {}, {unknown}), QStringList{u"unreadable u9"_s});
        QCOMPARE(differences({two}, {}, {},
                             {{RevisionId(u"u9"_s), u"op.drop_table('one') if rows else None"_s}}, {unknown}),
                 (QStringList{u"missing table two r1"_s, u"unreadable u9"_s}));
        QCOMPARE(differences(
                     {two}, {}, {},
                     {{RevisionId(u"u9"_s), u"for t in inspect(bind).get_table_names(): op.drop_table(t)"_s}},
                     {unknown}),
                 QStringList{u"unreadable u9"_s});
    }

    void anIndexThatIsNotValid()
    {
        const QString sql = u"CREATE TABLE one (id int); INSERT INTO one VALUES (1), (1)"_s;
        const TestDatabase database = TestCluster::instance().newDatabase();
        TestCluster::instance().execute(database.name, sql);
        TestCluster::instance().execute(database.name, u"CREATE INDEX ix ON one (id)"_s);
        TestCluster::instance().execute(
            database.name, u"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass"_s);
        const auto session = sessionOf(database);
        const auto compared = compareSchema(rendered({sql, u"CREATE INDEX ix ON one (id)"_s}), {},
                                            readCatalogue(*session).value());
        QCOMPARE(told(compared), QStringList{u"different index ix on one r2"_s});
        QVERIFY(compared.differences.first().text.contains(u"not valid"_s));
    }
};

QTEST_GUILESS_MAIN(tst_ImpliedSchema)
#include "tst_impliedschema.moc"
