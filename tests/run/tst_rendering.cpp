// SPDX-License-Identifier: MIT
// What each revision renders to, compared with what it does when it is run, and the bad manners that must not
// spoil the others.
#include "migrations/run/rendering.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The steps up to the only head, and back.
QList<RenderStep> allSteps(const RevisionMap &map)
{
    QList<RenderStep> steps;
    RevisionId before;
    const RevisionIds history = map.history();
    for (auto id = history.crbegin(); id != history.crend(); ++id) {
        const RevisionIds from = before.isEmpty() ? RevisionIds() : RevisionIds{before};
        steps += {.step = {.revision = *id, .from = from, .to = {*id}}};
        before = *id;
    }
    for (qsizetype at = steps.size() - 1; at >= 0; --at) {
        const RunStep up = steps.at(at).step;
        steps += {.step = {.revision = up.revision, .from = up.to, .to = up.from},
                  .direction = Direction::Downgrade};
    }
    return steps;
}

struct Site : RunFixture {
    using RunFixture::RunFixture;

    [[nodiscard]] TargetAccess access() const
    {
        auto opened = TargetAccess::open(target(), {});
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        return *opened;
    }
    [[nodiscard]] QList<RenderedSql> render(const RenderOptions &options = {.each = 30s}) const
    {
        const TargetAccess opened = access();
        const auto rendered = renderSteps(opened, allSteps(opened.scripts.map), options);
        if (!rendered)
            qFatal("%s\n%s", qPrintable(rendered.error().message), qPrintable(rendered.error().detail));
        return *rendered;
    }
    /// One revision with this upgrade between two plain ones.
    [[nodiscard]] RenderedSql renderOne(const QString &body, const RenderOptions &options = {.each = 30s})
    {
        project.addRevision(u"a"_s, {}, u"op.execute('CREATE TABLE a (t text)')"_s, {});
        project.addRevision(u"b"_s, u"a"_s, body, {});
        project.addRevision(u"c"_s, u"b"_s, u"op.execute('CREATE TABLE c ()')"_s, {});
        const QList<RenderedSql> all = render(options);
        for (const qsizetype plain : {0, 2}) {
            if (!all.at(plain).problem.isEmpty())
                qFatal("%s", qPrintable(all.at(plain).problem));
        }
        if (all.at(1).problem.isEmpty() == all.at(1).sql.isEmpty())
            qFatal("neither whole nor refused");
        return all.at(1);
    }
    void changeEnv(const QString &before, const QString &after) const
    {
        const QString text = QString::fromUtf8(readFile(project.envFile()));
        if (!text.contains(before))
            qFatal("env.py does not contain %s", qPrintable(before));
        writeFile(project.envFile(), QString(text).replace(before, after));
    }
};

/// The schema of a database as pg_dump writes it, and all its rows.
QStringList dumpOf(const TestDatabase &database, const QStringList &options = {u"--inserts"_s})
{
    const auto dump =
        processOutput({.program = u"pg_dump"_s,
                       .arguments = options + QStringList{u"--no-owner"_s, u"--dbname"_s, database.url}});
    if (!dump)
        qFatal("%s", qPrintable(dump.error().detail));
    // Newer versions put a random key in.
    QStringList lines = QString::fromUtf8(*dump).split(u'\n');
    lines.removeIf([](const QString &line) {
        return line.startsWith(u"\\restrict") || line.startsWith(u"\\unrestrict");
    });
    return lines;
}

/// Runs what was rendered as a script: in one transaction, as its frame was.
QString runScript(const TestDatabase &database, const QString &sql)
{
    const QByteArray script = "BEGIN;\n" + sql.toUtf8() + "\nCOMMIT;\n";
    const auto done = processOutput({.program = u"psql"_s,
                                     .arguments = {u"--no-psqlrc"_s, u"--quiet"_s, u"--set=ON_ERROR_STOP=1"_s,
                                                   u"--dbname"_s, database.url, u"--file=-"_s}},
                                    script);
    return done ? QString() : QString(done.error().message + done.error().detail);
}

/// What the project's own command does; its output if it fails.
QString upgradeByAlembic(const QString &config, const QString &to)
{
    const auto done = processOutput({.program = u"python3"_s,
                                     .arguments = {u"-m"_s, u"alembic"_s, u"-c"_s, config, u"upgrade"_s, to},
                                     .workingDirectory = QFileInfo(config).absolutePath()});
    return done ? QString() : QString(done.error().message + done.error().detail);
}

/// A copy of the demo's ini beside its files, for one database.
QString demoConfig(const QString &folder, const QString &name, const QString &url)
{
    const QString source = qEnvironmentVariable("STEPWELL_SOURCE") + u"/resources/demo"_s;
    if (!QFile::exists(QString(folder + u"/alembic"_s))) {
        for (const QString &part : {u"alembic"_s, u"accountmgr"_s, u"appproxy"_s}) {
            if (!processOutput(
                    {.program = u"cp"_s, .arguments = {u"-r"_s, QString(source + u'/' + part), folder}}))
                qFatal("the demo cannot be copied");
        }
    }
    static const QRegularExpression unused(u"(sqlalchemy\\.url = postgresql\\+\\w+)://.*"_s);
    const QString path = QString(folder + u'/' + url.section(u'/', 3, 3).section(u'?', 0, 0) + name);
    QString text = QString::fromUtf8(readFile(QString(source + u'/' + name)));
    const QString written =
        QString(u"\\1://"_s + QString(url).remove(u"postgresql://"_s).replace(u'%', u"%%"_s));
    if (!text.contains(unused))
        qFatal("no URL in %s", qPrintable(name));
    writeFile(path, text.replace(unused, written));
    return path;
}

/// Revisions on a table a (t text).
QStringList bodiesToCompare()
{
    return {
        // percent; not %(x)s, which SQLAlchemy takes for a parameter of asyncpg's and fails
        u"op.execute(\"INSERT INTO a VALUES ('100%'), ('%s %%')\")"_s,
        // not ASCII
        u"op.execute(\"INSERT INTO a VALUES ('žluťoučký 🐘')\")\n"
        "op.create_table('tábor', sa.Column('ň', sa.Text, server_default='é'))"_s,
        // backslash
        u"t = sa.table('a', sa.column('t', sa.Text))\n"
        "op.bulk_insert(t, [{'t': 'a\\\\b\\'c'}])\n"
        "op.execute(t.insert().values(t='\\\\'))\n"
        "op.create_table('d', sa.Column('x', sa.Text, server_default='\\\\', comment='\\\\'))"_s,
        // tab and line ends
        u"op.execute(\"INSERT INTO a VALUES ('x\\ty\\r\\nz')\")"_s,
        // types of values
        u"import datetime, decimal, uuid\n"
        "from sqlalchemy.dialects import postgresql as pg\n"
        "t = op.create_table('v', sa.Column('i', sa.BigInteger), sa.Column('b', sa.LargeBinary),\n"
        "    sa.Column('d', sa.DateTime), sa.Column('n', sa.Numeric), sa.Column('u', "
        "pg.UUID(as_uuid=True)),\n"
        "    sa.Column('j', pg.JSONB), sa.Column('o', sa.Boolean), sa.Column('z', sa.Text),\n"
        "    sa.Column('r', pg.ARRAY(sa.Text)))\n"
        "op.bulk_insert(t, [{'i': 1 << 40, 'b': b'\\x00\\\\\\'\\xff', 'd': datetime.datetime(2026, 1, 2, 3, "
        "4, 5),\n"
        "    'n': decimal.Decimal('1.50'), 'u': uuid.UUID(int=7), 'j': {'k': [1, \"it's %\"]}, 'o': True,\n"
        "    'z': None, 'r': ['a', \"b'\"]}])"_s,
        // enum
        u"kind = sa.Enum('red', 'it\\'s', name='kind')\n"
        "op.create_table('e', sa.Column('k', kind, server_default='red'))\n"
        "op.execute(\"ALTER TYPE kind RENAME VALUE 'red' TO 'rot'\")"_s,
        // enum by hand
        u"kind = sa.dialects.postgresql.ENUM('x', 'y', name='sort', create_type=False)\n"
        "kind.create(op.get_bind(), checkfirst=True)\n"
        "op.create_table('h', sa.Column('k', kind))"_s,
        // computed and defaults
        u"op.create_table('p', sa.Column('id', sa.Integer, sa.Identity(start=5), primary_key=True),\n"
        "    sa.Column('a', sa.Integer, server_default=sa.text('7 % 4')),\n"
        "    sa.Column('g', sa.Integer, sa.Computed('a * 2')),\n"
        "    sa.CheckConstraint('a % 2 = 1', name='odd'))\n"
        "op.create_index('ip', 'p', [sa.text('lower(a::text)')], postgresql_where=sa.text('a > 1'))"_s,
        // batch
        u"op.create_table('w', sa.Column('t', sa.Text))\n"
        "with op.batch_alter_table('w') as batch:\n"
        "    batch.add_column(sa.Column('n', sa.Integer))\n"
        "    batch.alter_column('t', new_column_name='s', nullable=False)\n"
        "    batch.create_unique_constraint('u', ['n'])"_s,
        // parameters
        u"op.execute(sa.text(\"INSERT INTO a VALUES (:x)\").bindparams(x=\"it's :y %\"))\n"
        "op.get_bind().execute(sa.text('INSERT INTO a VALUES (:x)'), [{'x': '1'}, {'x': '2'}])"_s,
        // autocommit
        u"op.execute('INSERT INTO a VALUES (1)')\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute('CREATE INDEX CONCURRENTLY ix ON a (t)')\n"
        "op.execute('INSERT INTO a VALUES (2)')"_s,
        // function
        u"op.execute('''CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n"
        "\tSELECT 'a;b'::text -- c\n$$''')"_s,
        // COPY
        u"op.execute(\"COPY a FROM PROGRAM 'echo from the server'\")"_s,
        // many rows
        u"op.bulk_insert(sa.table('a', sa.column('t', sa.Text)),\n"
        "    [{'t': 'x' * 50 + str(n)} for n in range(300)])"_s};
}

} // namespace

class TestRendering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void doesWhatItSays_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }

    void doesWhatItSays()
    {
        QFETCH(int, environment);
        Site site{ScratchProject::Environment(environment)};
        site.project.addRevision(u"r0"_s, {}, u"op.execute('CREATE TABLE a (t text)')"_s, {});
        const QStringList bodies = bodiesToCompare();
        for (qsizetype at = 0; at < bodies.size(); ++at)
            site.project.addRevision(u"r%1"_s.arg(at + 1), u"r%1"_s.arg(at), bodies.at(at), {});
        const QList<RenderedSql> all = site.render().first(bodies.size() + 1);
        // Nothing was touched; now both ways to make it.
        QVERIFY(!site.hasTable(u"alembic_version"_s));
        const TestDatabase other = TestCluster::instance().newDatabase();
        for (const RenderedSql &sql : all) {
            QCOMPARE(sql.problem, QString());
            QVERIFY(sql.statements > 0);
            QVERIFY(sql.renderedBy.startsWith(u"alembic 1."));
            QCOMPARE(runScript(other, sql.sql), QString());
        }
        QCOMPARE(upgradeByAlembic(site.project.config(), u"head"_s), QString());
        QCOMPARE(dumpOf(other), dumpOf(site.database));
    }

    void rendersTheDemo_data()
    {
        QTest::addColumn<QString>("config");
        for (const char *name : {"alembic.ini", "alembic-accountmgr.ini", "alembic-appproxy.ini"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void rendersTheDemo()
    {
        QFETCH(QString, config);
        const QTemporaryDir folder;
        const TestDatabase rendered = TestCluster::instance().newDatabase();
        const TestDatabase run = TestCluster::instance().newDatabase();
        Target target;
        target.id = {.environment = u"test"_s, .component = u"demo"_s};
        target.component.config = target.config = demoConfig(folder.path(), config, rendered.url);
        target.url = rendered.url;
        const auto access = TargetAccess::open(target, {});
        QVERIFY(access);
        const auto plan = planUpgrade(access->scripts.map, {}, u"heads"_s);
        QVERIFY(plan);
        QList<RenderStep> steps;
        for (const RunStep &step : runSteps(*plan))
            steps += {.step = step};
        const auto all = renderSteps(*access, steps, {});
        QVERIFY(all);
        int whole = 0;
        for (const RenderedSql &sql : *all) {
            // The few that look into the database are run; the version table must fit.
            const QString failed = sql.problem.isEmpty()
                                       ? runScript(rendered, sql.sql)
                                       : upgradeByAlembic(target.config, sql.revision.text());
            QVERIFY2(failed.isEmpty(), qPrintable(QString(sql.revision.text() + u' ' + failed)));
            QVERIFY2(sql.problem.isEmpty() || sql.problem.startsWith(u"needs a database"),
                     qPrintable(sql.problem));
            whole += sql.problem.isEmpty();
        }
        qInfo("%d of %lld revisions", whole, static_cast<long long>(all->size()));
        QVERIFY(whole >= all->size() - 6);
        QCOMPARE(upgradeByAlembic(demoConfig(folder.path(), config, run.url), u"heads"_s), QString());
        QCOMPARE(dumpOf(rendered, {u"--schema-only"_s}), dumpOf(run, {u"--schema-only"_s}));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("problem");
        QTest::addColumn<int>("line");
        const auto row = [](const char *name, const QString &body, const QString &problem, int line) {
            QTest::newRow(name) << body << problem << line;
        };
        row("SELECT",
            u"op.execute('CREATE TABLE half ()')\nop.get_bind().execute(sa.text('SELECT 1')).scalar()"_s,
            u"needs a database: it reads the result of a statement"_s, 19);
        row("SELECT in a loop", u"for row in op.get_bind().execute(sa.text('SELECT 1')):\n    pass"_s,
            u"needs a database: it reads the result of a statement"_s, 18);
        row("scalar", u"op.get_bind().scalar(sa.text('SELECT 1'))"_s,
            u"needs a database: it uses .scalar of its connection"_s, 18);
        row("scalar that is caught",
            u"op.execute('CREATE TABLE half ()')\ntry:\n    op.get_bind().scalar(sa.text('SELECT 1'))\n"
            "except Exception:\n    pass"_s,
            u"needs a database: it uses .scalar of its connection"_s, 20);
        row("reflection", u"sa.inspect(op.get_bind()).get_table_names()"_s,
            u"needs a database: it inspects"_s, 18);
        row("autoload", u"sa.Table('a', sa.MetaData(), autoload_with=op.get_bind())"_s,
            u"needs a database: "_s, 18);
        row("session",
            u"from sqlalchemy.orm import Session\n"
            "print(Session(bind=op.get_bind()).execute(sa.text('SELECT 1')).all())"_s,
            u""_s, 19);
        row("engine of its own",
            u"with sa.create_engine('postgresql+psycopg2:///none').connect() as c:\n"
            "    print(c.execute(sa.text('SELECT 1')).scalar())"_s,
            u"needs a database: it reads the result of a statement"_s, 19);
        row("cursor of the driver",
            u"op.get_bind().connection.cursor().copy_expert('COPY a FROM STDIN', None)"_s,
            u"needs a database: it uses .connection of its connection"_s, 18);
        row("raises", u"op.execute('CREATE TABLE half ()')\nraise ValueError('not now')"_s,
            u"ValueError: not now"_s, 19);
        row("ends Python politely", u"import sys\nsys.exit(3)"_s,
            u"SystemExit: the project called sys.exit(3)"_s, 19);
        row("ends Python", u"import os\nos._exit(3)"_s, u"The project's Python is gone: "_s, 0);
        row("loops", u"op.execute('CREATE TABLE half ()')\nwhile True:\n    pass"_s,
            u"did not end within 2 s"_s, 0);
        row("loops and catches",
            u"while True:\n    try:\n        while True: pass\n    except BaseException as e:\n"
            "        if n == 3: raise\n        n = 3"_s,
            u""_s, 0);
        row("open parameter", u"op.execute('DELETE FROM a WHERE t = :x')"_s,
            u"has no value for the parameter :x"_s, 18);
        row("asks whether it is rendered",
            u"if not op.get_context().as_sql:\n    op.execute('DELETE FROM a')\nop.execute('SELECT 1')"_s,
            u"asks whether it is only rendered: a run may do something else"_s, 18);
        row("asks env.py", u"from alembic import context\nif not context.is_offline_mode():\n    1/0"_s,
            u"asks whether it is only rendered: a run may do something else"_s, 19);
        row("too long", u"op.execute(\"SELECT '\" + 'x' * 61_000_000 + \"'\")"_s, u"its SQL has 61 MB"_s, 0);
    }

    void refuses()
    {
        QFETCH(QString, body);
        QFETCH(QString, problem);
        QFETCH(int, line);
        Site site;
        const bool loops = QByteArrayView(QTest::currentDataTag()).startsWith("loops");
        const RenderedSql sql = site.renderOne(body, {.each = loops ? 2s : 60s});
        QCOMPARE(sql.sql, QString());
        QVERIFY(!sql.problem.isEmpty());
        QVERIFY2(sql.problem.startsWith(problem), qPrintable(sql.problem));
        if (line > 0)
            QCOMPARE(sql.problemLine, line);
        QCOMPARE(sql.statements, 0);
        QVERIFY(!site.hasTable(u"alembic_version"_s));
    }

    void survives()
    {
        Site site;
        site.changeEnv(u"config = context.config\n"_s,
                       u"config = context.config\nprint('noise', 'x' * 100000)\n"_s);
        const RenderedSql forked = site.renderOne(u"import os\nop.execute('CREATE TABLE b ()')\nos.fork()"_s);
        QVERIFY(forked.sql.contains(u"CREATE TABLE b ();"));
        const RenderedSql huge = site.renderOne(u"op.execute(\"SELECT '\" + 'ž' * 5_000_000 + \"'\")"_s);
        QVERIFY(huge.sql.size() > 5'000'000);
    }

    void rendersWithoutAnOfflineMode_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }

    void rendersWithoutAnOfflineMode()
    {
        QFETCH(int, environment);
        Site site{ScratchProject::Environment(environment)};
        site.changeEnv(u"if context.is_offline_mode():"_s, u"if False:"_s);
        site.project.addRevision(u"a"_s, {}, u"op.create_table('a', sa.Column('t', sa.Text))"_s, {});
        TestCluster::instance().execute(
            u"postgres"_s, u"ALTER DATABASE %1 ALLOW_CONNECTIONS false"_s.arg(site.database.name));
        const RenderedSql sql = site.renderOne(u"op.execute(\"INSERT INTO a VALUES ('100%\\\\')\")"_s);
        QCOMPARE(sql.problem, QString());
        QVERIFY2(sql.sql.contains(u"INSERT INTO a VALUES ('100%\\');"), qPrintable(sql.sql));
    }

    void refusesWhatEnvDoes()
    {
        const auto problemWith = [](const QString &before, const QString &after) {
            Site site;
            site.project.addRevision(u"a"_s, {}, u"op.execute('SELECT 1')"_s, {});
            site.changeEnv(before, after);
            const QList<RenderedSql> all = site.render();
            QDir folder(site.project.directory());
            return QString(all.first().problem + u'|' + all.first().sql +
                           folder.entryList({u"*.sql"_s}).join(u' '));
        };
        const QString run = u"    with context.begin_transaction():\n        context.run_migrations()\n\n"
                            "\ndef run_migrations_online"_s;
        QCOMPARE(
            problemWith(run, u"    for _ in range(2):\n"_s + QString(run).replace(u"    "_s, u"        "_s)),
            u"env.py runs migrations more than once|"_s);
        QVERIFY(problemWith(run, u"    open('one.sql', 'w')\n"_s + run)
                    .startsWith(u"env.py writes its SQL to "_s));
        QCOMPARE(problemWith(u"config = context.config\n"_s, u"raise RuntimeError('no settings')\n"_s),
                 u"RuntimeError: no settings|"_s);
        QVERIFY(problemWith(u"config = context.config\n"_s, u"import os\nos._exit(4)\n"_s)
                    .startsWith(u"The project's Python is gone: "_s));
    }
};

QTEST_GUILESS_MAIN(TestRendering)
#include "tst_rendering.moc"
