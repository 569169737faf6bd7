// SPDX-License-Identifier: MIT
#include "tests/bridge/bridgesite.h"
#include "tests/support/testfiles.h"

#include <QTest>

#include <algorithm>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestBridge : public QObject
{
    Q_OBJECT

private:
    static Result<QList<RenderedSql>> rendered(Bridge &bridge, const QList<RunStep> &steps,
                                               Direction direction)
    {
        QList<RenderStep> wanted;
        for (const RunStep &step : steps)
            wanted += {step, direction};
        QList<RenderedSql> all;
        return bridge.render(wanted, 60s, {.rendered = [&](const BridgeRendering &one) { all += one.sql; }})
            .transform([&] { return all; });
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void drivers_data()
    {
        QTest::addColumn<int>("environment");
        QTest::addColumn<QString>("driver");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2) << u"psycopg2"_s;
        QTest::newRow("psycopg") << int(ScratchProject::SyncPsycopg) << u"psycopg"_s;
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg) << u"asyncpg"_s;
    }

    void drivers()
    {
        QFETCH(int, environment);
        QFETCH(QString, driver);
        BridgeSite site{ScratchProject::Environment(environment)};
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b (id int)')\n"
                                 "with op.get_context().autocommit_block():\n"
                                 "    op.execute('CREATE INDEX CONCURRENTLY ix ON a (t)')\n"
                                 "op.execute('SELECT 1/0')"_s,
                                 {});
        Bridge &bridge = site.start();

        const auto described = bridge.describe(proofKey);
        QVERIFY2(described, qPrintable(described ? QString() : toText(described.error())));
        QCOMPARE(described->driver, driver);
        QCOMPARE(described->databaseName, site.database.name);
        QCOMPARE(described->versionTable, u"alembic_version"_s);
        QCOMPARE(described->rows, RevisionIds());
        QCOMPARE(described->contexts, 1);
        QVERIFY(described->sameDatabase);
        QVERIFY(!described->externalTransaction);
        QVERIFY(described->backendPid > 0);
        QVERIFY(described->alembicVersion.startsWith(u"1."));
        QVERIFY(described->pythonVersion.startsWith(u"3."));
        QVERIFY(!described->sqlAlchemyVersion.isEmpty());
        // Nothing was made by looking.
        QCOMPARE(site.tables(), QStringList());

        int backend = 0;
        const auto up = bridge.runStep(upgradeStep(u"a1"_s, {}), proved(),
                                       [&] { backend = qMax(backend, bridge.backendPid()); });
        QVERIFY2(up.ok, qPrintable(textOf(up)));
        QVERIFY(!up.error);
        QCOMPARE(bridge.backendPid(), 0);
        QCOMPARE(site.versionRows(), QStringList{u"a1"_s});
        QCOMPARE(site.rows(u"SELECT t FROM a"_s), QStringList{u"100%"_s});
        QVERIFY(site.output().contains(u"made a"));
        const QStringList expected{u"CREATE TABLE a ( id INTEGER, t TEXT )"_s,
                                   u"INSERT INTO a VALUES (1, '100%')"_s,
                                   u"INSERT INTO alembic_version (version_num) VALUES ('a1') RETURNING "
                                   "alembic_version.version_num"_s};
        QCOMPARE(site.statements(), expected);

        site.events.clear();
        const auto failed = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!failed.ok);
        QCOMPARE(failed.error->kind, ErrorKind::MigrationFailed);
        QCOMPARE(failed.error->sqlState, u"22012"_s);
        QCOMPARE(failed.error->message, u"Revision b2 failed: division by zero."_s);
        QCOMPARE(failed.error->statement, u"SELECT 1/0"_s);
        QVERIFY2(failed.error->detail.contains(u"b2_.py, line 21"), qPrintable(failed.error->detail));
        QVERIFY(!failed.error->outcomeUnknown);
        const QStringList left{u"CREATE TABLE b (id int)"_s, u"CREATE INDEX CONCURRENTLY ix ON a (t)"_s};
        QCOMPARE(failed.committedStatements, left);
        QVERIFY(site.hasTable(u"b"_s));
        QCOMPARE(site.versionRows(), QStringList{u"a1"_s});
        const auto last = std::ranges::find_if(site.events, [](const RunEvent &event) {
            return event.type == RunEvent::StatementFinished && !event.ok;
        });
        QVERIFY(last != site.events.cend());
        QCOMPARE(last->number, 3);
        QCOMPARE(last->text, u"division by zero"_s);

        const auto down = bridge.runStep(downgradeStep(u"a1"_s, {}), proved(Direction::Downgrade));
        QVERIFY2(down.ok, qPrintable(textOf(down)));
        QCOMPARE(site.versionRows(), QStringList());
        QVERIFY(!site.hasTable(u"a"_s));
    }

    void anotherDatabase()
    {
        BridgeSite site;
        const TestDatabase other = TestCluster::instance().newDatabase();
        Bridge &bridge = site.start();
        const auto described = bridge.describe(proofKey + 1);
        QVERIFY(described);
        QVERIFY(!described->sameDatabase);

        // env.py goes its own way: the lock is held in the database next door.
        site.changeEnv(
            u"config = context.config\n"_s,
            u"config = context.config\nconfig.set_main_option('sqlalchemy.url', \"%1\".replace('%', '%%'))\n"_s
                .arg(QString(other.url).replace(u"postgresql:"_s, u"postgresql+psycopg2:"_s)));
        const auto elsewhere = bridge.describe(proofKey);
        QVERIFY(elsewhere);
        QCOMPARE(elsewhere->databaseName, other.name);
        QVERIFY(!elsewhere->sameDatabase);
        site.events.clear();
        const auto step = bridge.runStep(upgradeStep(u"a1"_s, {}), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->kind, ErrorKind::Refused);
        QVERIFY(step.error->detail.contains(other.name));
        QCOMPARE(site.statements(), QStringList());
        QCOMPARE(TestCluster::instance().rows(other.name,
                                              u"SELECT count(*) FROM pg_tables WHERE schemaname='public'"_s),
                 QStringList{u"0"_s});
    }

    void changedRows()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('CREATE TABLE b ()')"_s, {});
        Bridge &bridge = site.start();
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->kind, ErrorKind::Refused);
        QCOMPARE(step.error->detail, u"Found: base"_s);
        QCOMPARE(site.statements(), QStringList());
        // Not even the version table was made.
        QCOMPARE(site.tables(), QStringList());
    }

    void lockedByAnotherRun()
    {
        BridgeSite site;
        QVERIFY(site.control->tryAdvisoryLock(runKey).value_or(false));
        const auto step = site.start().runStep(upgradeStep(u"a1"_s, {}), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->kind, ErrorKind::Locked);
        QCOMPARE(site.statements(), QStringList());
    }

    void holdsTheRunKeyAndTheLimits()
    {
        BridgeSite site(ScratchProject::AsyncAsyncpg);
        site.project.addRevision(
            u"b2"_s, u"a1"_s,
            u"with op.get_context().autocommit_block():\n"
            "    op.execute(\"CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l, \"\n"
            "               \"current_setting('statement_timeout') AS s, \"\n"
            "               \"current_setting('application_name') AS n\")\n"
            "op.execute(\"INSERT INTO seen SELECT current_setting('lock_timeout'), "
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 "
            "AND mode = 'ShareLock' AND pid = pg_backend_pid()), 'after'\")"_s,
            {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        Bridge::StepOptions options = proved();
        options.lockTimeout = 1500ms;
        options.statementTimeout = 90000ms;
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), options);
        QVERIFY2(step.ok, qPrintable(textOf(step)));
        const QStringList expected{u"1500ms|90s|stepwell bridge"_s, u"1500ms|1|after"_s};
        QCOMPARE(site.rows(u"SELECT l, s, n FROM seen ORDER BY n DESC"_s), expected);
    }

    void perMigrationTransactions()
    {
        BridgeSite site;
        site.changeEnv(u"context.configure(connection=connection,"_s,
                       u"context.configure(connection=connection, transaction_per_migration=True,"_s);
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b ()')\nraise ValueError('no')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->message, u"Revision b2 failed: no."_s);
        QCOMPARE(step.committedStatements, QStringList());
        QVERIFY(!site.hasTable(u"b"_s));
        QCOMPARE(site.versionRows(), QStringList{u"a1"_s});
    }

    void autocommitConnection()
    {
        BridgeSite site;
        site.changeEnv(u"poolclass=pool.NullPool"_s,
                       u"poolclass=pool.NullPool, isolation_level='AUTOCOMMIT'"_s);
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b ()')\nraise ValueError('no')"_s, {});
        Bridge &bridge = site.start();
        const auto first = bridge.runStep(upgradeStep(u"a1"_s, {}), proved());
        QVERIFY2(first.ok, qPrintable(textOf(first)));
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.committedStatements, QStringList{u"CREATE TABLE b ()"_s});
    }

    void waitsForALockNoLonger()
    {
        BridgeSite site;
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        QVERIFY(site.control->execute(u"BEGIN"_s));
        QVERIFY(site.control->execute(u"LOCK TABLE a"_s));
        Bridge::StepOptions options = proved(Direction::Downgrade);
        options.lockTimeout = 200ms;
        const auto step = bridge.runStep(downgradeStep(u"a1"_s, {}), options);
        QVERIFY(!step.ok);
        QCOMPARE(step.error->sqlState, u"55P03"_s);
        QCOMPARE(step.committedStatements, QStringList());
        QVERIFY(site.control->execute(u"ROLLBACK"_s));
        const auto again = bridge.runStep(downgradeStep(u"a1"_s, {}), options);
        QVERIFY2(again.ok, qPrintable(textOf(again)));
    }

    void rendersEachByItself()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"rows = op.get_bind().execute(sa.text('SELECT id FROM a')).fetchall()\n"
                                 "op.execute('CREATE TABLE b ()')"_s,
                                 u"pass"_s);
        site.project.addRevision(u"c3"_s, u"b2"_s,
                                 u"op.execute('CREATE TABLE c ()')\n"
                                 "with op.get_context().autocommit_block():\n"
                                 "    op.execute('CREATE INDEX CONCURRENTLY ix ON c ((1))')"_s,
                                 u"raise RuntimeError('there is no way back')"_s);
        site.project.addRevision(u"d4"_s, u"c3"_s, u"sa.inspect(op.get_bind()).get_table_names()"_s, {});
        site.project.addRevision(
            u"e5"_s, u"d4"_s,
            u"if op.get_bind().execute(sa.text('SELECT 1')):\n    op.execute('CREATE TABLE e ()')"_s, {});
        site.project.addRevision(u"f6"_s, u"e5"_s, u"import sys\nprint('noise')\nsys.exit(3)"_s, {});
        site.project.addRevision(u"g7"_s, u"f6"_s,
                                 u"t = sa.table('a', sa.column('t', sa.Text))\n"
                                 "op.get_bind().execute(t.insert().values(t=\"it's 5%\"))\n"
                                 "op.bulk_insert(t, [{'t': '%s'}])"_s,
                                 {});
        site.project.addRevision(
            u"h8"_s, u"g7"_s,
            u"op.get_bind().execute(sa.text('DELETE FROM a WHERE t = :x'), {'x': 'y'})\n"
            "op.get_bind().execute(sa.table('a', sa.column('t', sa.Text)).insert(), [{'t': 'z'}])"_s,
            {});
        site.project.addRevision(u"i9"_s, u"h8"_s, u"op.execute('DELETE FROM a WHERE t = :x')"_s, {});
        // Without the standard env.py's paramstyle psycopg2 doubles percent signs.
        site.changeEnv(u"dialect_opts={\"paramstyle\": \"named\"},"_s, {});
        Bridge &bridge = site.start();
        const auto sql = rendered(
            bridge,
            {upgradeStep(u"a1"_s, {}), upgradeStep(u"b2"_s, u"a1"_s), upgradeStep(u"c3"_s, u"b2"_s),
             upgradeStep(u"d4"_s, u"c3"_s), upgradeStep(u"e5"_s, u"d4"_s), upgradeStep(u"f6"_s, u"e5"_s),
             upgradeStep(u"g7"_s, u"f6"_s), upgradeStep(u"h8"_s, u"g7"_s), upgradeStep(u"i9"_s, u"h8"_s)},
            Direction::Upgrade);
        QVERIFY2(sql, qPrintable(sql ? QString() : toText(sql.error())));
        QCOMPARE(sql->size(), 9);
        QCOMPARE(sql->at(0).problem, QString());
        QVERIFY(sql->at(0).sql.startsWith(u"CREATE TABLE alembic_version ("));
        QVERIFY(sql->at(0).sql.contains(u"INSERT INTO a VALUES (1, '100%');"));
        QVERIFY(!sql->at(0).sql.contains(u"BEGIN") && !sql->at(0).sql.contains(u"COMMIT"));
        QCOMPARE(sql->at(0).statements, 2);
        QCOMPARE(sql->at(1).sql, QString());
        QVERIFY2(sql->at(1).problem.startsWith(u"needs a database"), qPrintable(sql->at(1).problem));
        QCOMPARE(sql->at(1).problemLine, 18);
        QCOMPARE(sql->at(2).sql, u"-- Running upgrade b2 -> c3\n\nCREATE TABLE c ();\n\nCOMMIT;\n\n"
                                 "CREATE INDEX CONCURRENTLY ix ON c ((1));\n\nBEGIN;\n\n"
                                 "UPDATE alembic_version SET version_num='c3' WHERE "
                                 "alembic_version.version_num = 'b2';\n"_s);
        QCOMPARE(sql->at(2).statements, 2);
        for (const int unknowable : {3, 4}) {
            QCOMPARE(sql->at(unknowable).sql, QString());
            QVERIFY2(sql->at(unknowable).problem.startsWith(u"needs a database"),
                     qPrintable(sql->at(unknowable).problem));
        }
        QCOMPARE(sql->at(5).sql, QString());
        QVERIFY2(sql->at(5).problem.contains(u"sys.exit(3)"), qPrintable(sql->at(5).problem));
        QVERIFY2(sql->at(6).sql.contains(u"VALUES ('it''s 5%')"), qPrintable(sql->at(6).sql));
        QVERIFY2(sql->at(6).sql.contains(u"VALUES ('%s')"), qPrintable(sql->at(6).sql));
        QCOMPARE(sql->at(7).problem, QString());
        QVERIFY2(sql->at(7).sql.contains(u"DELETE FROM a WHERE t = 'y';"), qPrintable(sql->at(7).sql));
        QVERIFY2(sql->at(7).sql.contains(u"INSERT INTO a (t) VALUES ('z');"), qPrintable(sql->at(7).sql));
        QCOMPARE(sql->at(8).sql, QString());
        QCOMPARE(sql->at(8).problem, u"has no value for the parameter :x"_s);

        const auto down = rendered(bridge, {downgradeStep(u"c3"_s, u"b2"_s), downgradeStep(u"a1"_s, {})},
                                   Direction::Downgrade);
        QVERIFY(down);
        QCOMPARE(down->at(0).problem, u"RuntimeError: there is no way back"_s);
        QVERIFY(down->at(0).problemLine > 0);
        QCOMPARE(down->at(1).direction, Direction::Downgrade);
        QVERIFY(down->at(1).sql.contains(u"DROP TABLE a;"));
        QVERIFY(!down->at(1).sql.contains(u"DROP TABLE alembic_version"));
        // Rendering touched nothing, and left the driver as it was.
        QCOMPARE(site.tables(), QStringList());
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        QCOMPARE(site.rows(u"SELECT t FROM a"_s), QStringList{u"100%"_s});
    }

    void keepsSecrets()
    {
        BridgeSite site;
        site.project.addRevision(
            u"b2"_s, u"a1"_s,
            u"from alembic import context\n"
            "print('url', context.config.get_main_option('sqlalchemy.url'))\n"
            "op.get_bind().execute(sa.text('SELECT 1/0, CAST(:v AS text)'), {'v': 'parameter' + 'value'})"_s,
            {});
        BridgeSettings settings = site.settings();
        settings.url.replace(u"//stepwell@"_s, u"//stepwell:hush%25hush@"_s);
        QVERIFY(settings.url.contains(u"hush"));
        QStringList told;
        Bridge bridge(settings, [&](const RunEvent &event) { told += event.text; });
        QVERIFY(bridge.start());
        QVERIFY(bridge.describe(proofKey));
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        for (const QString &file : {u"cmdline"_s, u"environ"_s}) {
            const QByteArray text = readFile(u"/proc/%1/%2"_s.arg(bridge.processId()).arg(file));
            QVERIFY(!text.isEmpty());
            QVERIFY(!text.contains("hush"));
        }
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QCOMPARE(step.error->sqlState, u"22012"_s);
        const QString all = told.join(u'\n') + toText(*step.error) + step.error->detail;
        QVERIFY(all.contains(u"url postgresql"));
        QVERIFY2(!all.contains(u"hush"), qPrintable(all));
        QVERIFY2(!all.contains(u"parametervalue"), qPrintable(all));
    }
};

QTEST_GUILESS_MAIN(TestBridge)
#include "tst_bridge.moc"
