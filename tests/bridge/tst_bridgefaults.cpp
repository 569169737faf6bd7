// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_protocol.h"
#include "tests/bridge/bridgesite.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestBridgeFaults : public QObject
{
    Q_OBJECT

private:
    /// The whole input of a bridge that opens the project and upgrades a1 to b2.
    static QByteArray rawStep(const BridgeSite &site)
    {
        QJsonObject step = stepObject(upgradeStep(u"b2"_s, u"a1"_s));
        step[u"request"] = u"step"_s;
        step[u"direction"] = u"upgrade"_s;
        step[u"proof_key"] = QString::number(proofKey);
        step[u"run_key"] = u"77"_s;
        step[u"transactions"] = u"revision"_s;
        return bridgeScript() +
               requestLine({{u"request"_s, u"open"_s},
                            {u"directory"_s, site.project.directory()},
                            {u"config"_s, site.project.config()},
                            {u"url"_s, site.project.url()}}) +
               requestLine(step);
    }

    /// True while the server executes pg_sleep() for the bridge: the event of a statement comes before it.
    static bool sleeps(const BridgeSite &site)
    {
        const auto found =
            site.control->query(u"SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = ?"_s,
                                {site.bridge->backendPid()});
        return found && !found->isEmpty();
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void cancelsTheStatement()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('SELECT pg_sleep(60)')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        site.events.clear();
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved(), [&] {
            if (sleeps(site))
                QVERIFY(site.control->cancelBackend(bridge.backendPid()));
        });
        QVERIFY(!step.ok);
        QCOMPARE(step.error->sqlState, u"57014"_s);
        QVERIFY(!step.error->outcomeUnknown);
        QVERIFY(step.duration < 30s);
    }

    void losesTheConnection()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('SELECT pg_terminate_backend(pg_backend_pid())')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->kind, ErrorKind::ConnectionLost);
        QVERIFY(step.error->connectionLost);
        QCOMPARE(site.versionRows(), QStringList{u"a1"_s});
    }

    void pythonDies()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('SELECT pg_sleep(60)')"_s, {});
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        site.events.clear();
        int backend = 0;
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved(), [&] {
            if (backend == 0 && sleeps(site)) {
                backend = bridge.backendPid();
                bridge.kill();
            }
        });
        QVERIFY(!step.ok);
        QCOMPARE(step.error->kind, ErrorKind::OutcomeUnknown);
        QVERIFY(step.error->outcomeUnknown);
        // The server goes on without its client, and the run key says so.
        QVERIFY(backend > 0);
        QVERIFY(!site.control->tryAdvisoryLock(runKey).value_or(true));
        QVERIFY(site.control->cancelBackend(backend).value_or(false));
        QTRY_VERIFY(site.control->tryAdvisoryLock(runKey).value_or(false));
        // Nothing more can be asked of it, and nothing hangs.
        const auto next = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QCOMPARE(next.error->kind, ErrorKind::ProcessFailed);
        QVERIFY(!next.error->outcomeUnknown);
        QVERIFY(!bridge.describe(proofKey));
    }

    void finishesWhenTheInputEnds()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b AS SELECT 1 AS n FROM pg_sleep(0.5)')"_s, {});
        QVERIFY(site.start().runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        JsonSequence sequence;
        QList<QJsonObject> events;
        const QStringList command = bridgeCommand({u"python3"_s});
        const ProcessEnd end = runProcess(
            {.program = command.first(),
             .arguments = command.sliced(1),
             .workingDirectory = site.project.directory()},
            {.outputData = [&](const QByteArray &data) { events += sequence.feed(data); }}, rawStep(site));
        QVERIFY2(end.succeeded(), qPrintable(end.message));
        QVERIFY2(events.last()[u"ok"].toBool(), QJsonDocument(events.last()).toJson().constData());
        QCOMPARE(site.versionRows(), QStringList{u"b2"_s});
    }

    void finishesWhenStepwellDies()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s,
                                 u"op.execute('CREATE TABLE b AS SELECT 1 AS n FROM pg_sleep(1)')\n"
                                 "import subprocess, sys\n"
                                 "for n in range(2000):\n"
                                 "    print('nobody reads this', n)\n"
                                 "    print('nor this', n, file=sys.stderr)\n"
                                 "subprocess.run(['sh', '-c', 'echo and this'], check=True)\n"
                                 "op.execute('CREATE TABLE c ()')"_s,
                                 {});
        QVERIFY(site.start().runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        // A stand-in for Stepwell that is gone, with its ends of all pipes, once the statement runs.
        const QString standIn =
            u"import os, subprocess, sys\n"
            "pipe = subprocess.PIPE\n"
            "bridge = subprocess.Popen(sys.argv[1:], stdin=pipe, stdout=pipe, stderr=pipe)\n"
            "bridge.stdin.write(sys.stdin.buffer.read())\n"
            "bridge.stdin.flush()\n"
            "for line in bridge.stdout:\n"
            "    if b'\"event\": \"statement\"' in line:\n"
            "        os._exit(0)\n"
            "os._exit(1)\n"_s;
        const ProcessEnd end =
            runProcess({.program = u"python3"_s,
                        .arguments = QStringList{u"-c"_s, standIn} + bridgeCommand({u"python3"_s}),
                        .workingDirectory = site.project.directory()},
                       {}, rawStep(site));
        QVERIFY2(end.succeeded(), qPrintable(end.message));
        QCOMPARE(site.versionRows(), QStringList{u"a1"_s});
        QVERIFY(!site.control->tryAdvisoryLock(runKey).value_or(true));
        QTRY_COMPARE_WITH_TIMEOUT(site.versionRows(), QStringList{u"b2"_s}, 20000);
        QVERIFY(site.hasTable(u"c"_s));
        QTRY_VERIFY(site.control->tryAdvisoryLock(runKey).value_or(false));
    }

    void strangeEnvironments_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("described");
        QTest::addColumn<QString>("stepped");
        const QString call = u"            context.run_migrations()\n\n"_s;
        const QString start = u"config = context.config\n"_s;
        QTest::newRow("runs nothing") << u"else:\n    run_migrations_online()"_s << u"else:\n    pass"_s
                                      << u"env.py ran no migrations."_s << u"env.py ran no migrations."_s;
        QTest::newRow("exits") << start << u"import sys\nsys.exit(2)\n"_s
                               << u"env.py failed: the project called sys.exit(2)."_s
                               << u"Revision a1 failed: the project called sys.exit(2)."_s;
        QTest::newRow("exits well at the end")
            << u"else:\n    run_migrations_online()"_s
            << u"else:\n    run_migrations_online()\n    raise SystemExit(0)"_s << QString() << QString();
        QTest::newRow("forks")
            << start
            << u"import os\nconfig = context.config\nif os.fork():\n    os.wait()\nelse:\n    "
               "raise SystemExit()\n"_s
            << QString() << QString();
        QTest::newRow("prints and reads")
            << start
            << u"config = context.config\nimport sys, os\nprint('{\"event\": \"step\"}')\n"
               "os.write(1, b'\\x1e{}\\n')\nassert sys.stdin.read() == ''\n"_s
            << QString() << QString();
        QTest::newRow("twice")
            << u"else:\n    run_migrations_online()"_s
            << u"else:\n    run_migrations_online()\n    run_migrations_online()"_s << QString()
            << u"env.py runs migrations more than once (several databases or tenants), which "
               "Stepwell cannot follow; nothing was run."_s;
        QTest::newRow("lacks a module")
            << start << u"import nowhere_to_be_found\n"_s
            << u"The project's code needs the Python module nowhere_to_be_found, which "
               "this interpreter does not have."_s
            << u"The project's code needs the Python module nowhere_to_be_found, which "
               "this interpreter does not have."_s;
        QTest::newRow("retries")
            << u"        with context.begin_transaction():\n            context.run_migrations()\n\n"
               "\nif"_s
            << u"        for attempt in range(2):\n            try:\n"
               "                with context.begin_transaction():\n"
               "                    context.run_migrations()\n                break\n"
               "            except Exception:\n                pass\n\n\nif"_s
            << QString() << QString();
    }

    void strangeEnvironments()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, described);
        QFETCH(QString, stepped);
        BridgeSite site;
        site.changeEnv(before, after);
        Bridge &bridge = site.start();
        const auto description = bridge.describe(proofKey);
        QCOMPARE(description ? QString() : description.error().message, described);
        const auto step = bridge.runStep(upgradeStep(u"a1"_s, {}), proved());
        QCOMPARE(step.error ? step.error->message : QString(), stepped);
        QCOMPARE(step.ok, stepped.isEmpty());
        QCOMPARE(site.hasTable(u"a"_s), stepped.isEmpty());
    }

    void errorsThatEnvSwallows()
    {
        BridgeSite site;
        site.project.addRevision(u"b2"_s, u"a1"_s, u"op.execute('SELECT 1/0')"_s, {});
        site.changeEnv(
            u"    run_migrations_online()"_s,
            u"    try:\n        run_migrations_online()\n    except Exception:\n        print('never mind')"_s);
        Bridge &bridge = site.start();
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        const auto step = bridge.runStep(upgradeStep(u"b2"_s, u"a1"_s), proved());
        QVERIFY(!step.ok);
        QCOMPARE(step.error->sqlState, u"22012"_s);
    }

    void silentRollback()
    {
        BridgeSite site;
        site.changeEnv(
            u"        context.configure(connection="_s,
            u"        connection.exec_driver_sql('SELECT 1')\n        context.configure(connection="_s);
        Bridge &bridge = site.start();
        const auto described = bridge.describe(proofKey);
        QVERIFY(described);
        QVERIFY(described->externalTransaction);
        // Python and Alembic are content. Only the rows tell.
        QVERIFY(bridge.runStep(upgradeStep(u"a1"_s, {}), proved()).ok);
        QVERIFY(!site.hasTable(u"a"_s));
    }

    void connectionErrors_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }

    void connectionErrors()
    {
        QFETCH(int, environment);
        BridgeSite site{ScratchProject::Environment(environment)};
        BridgeSettings settings = site.settings();
        settings.url.replace(site.database.name, u"no_such_database"_s);
        Bridge bridge(settings);
        QVERIFY(bridge.start());
        const auto missing = bridge.describe(proofKey);
        QVERIFY(!missing);
        QCOMPARE(kindName(missing.error().kind), u"database-missing"_s);

        settings = site.settings();
        settings.url.replace(settings.url.indexOf(u"?host="_s), settings.url.size(), u"?host=/nonexistent"_s);
        Bridge nobody(settings);
        QVERIFY(nobody.start());
        const auto refused = nobody.describe(proofKey);
        QVERIFY(!refused);
        QCOMPARE(kindName(refused.error().kind), u"connection-refused"_s);
    }

    void missingPython()
    {
        const BridgeSite site;
        Bridge none(site.settings({u"/nonexistent/python"_s}));
        const auto started = none.start();
        QCOMPARE(started.error().kind, ErrorKind::PythonMissing);
        QVERIFY(!started.error().hint.isEmpty());

        Bridge bare(site.settings({u"python3"_s, u"-S"_s}));
        const auto noAlembic = bare.start();
        QVERIFY(!noAlembic);
        QCOMPARE(noAlembic.error().kind, ErrorKind::PythonMissing);
        QVERIFY(
            noAlembic.error().message.contains(QRegularExpression(u"The Python at /.*python3.* has no "_s)));

        Bridge noPython(site.settings({u"sh"_s, u"-c"_s, u"echo lost my way; exit 3"_s}));
        const auto ended = noPython.start();
        QCOMPARE(ended.error().kind, ErrorKind::PythonMissing);
        QCOMPARE(ended.error().detail, u"lost my way"_s);
        QVERIFY(ended.error().message.contains(u"exit code 3"));
    }

    void stops()
    {
        BridgeSite site;
        site.changeEnv(u"config = context.config\n"_s,
                       u"config = context.config\nimport time; time.sleep(60)\n"_s);
        Bridge &bridge = site.start();
        std::stop_source stop;
        stop.request_stop();
        const auto described = bridge.describe(proofKey, stop.get_token());
        QCOMPARE(described.error().kind, ErrorKind::Cancelled);
        QVERIFY(!QFileInfo::exists(u"/proc/%1"_s.arg(bridge.processId())));
    }
};

QTEST_GUILESS_MAIN(TestBridgeFaults)
#include "tst_bridgefaults.moc"
