// SPDX-License-Identifier: MIT
// `upgrade` and `rollback` as a person or a script meets them: the checks before the question, Ctrl-C by real
// signals, and the progress that machines read.

#include "migrations/run/runlock.h"
#include "tests/cli/cliproject.h"
#include "tests/cli/programrun.h"
#include "tests/support/testcluster.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTest>

#include <csignal>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// Lines of standard error; each has to be an object.
QList<QJsonObject> events(const QString &text)
{
    QList<QJsonObject> found;
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts)) {
        const QJsonDocument document = QJsonDocument::fromJson(line.toUtf8());
        if (!document.isObject())
            qFatal("not JSON: %s", qPrintable(line));
        found += document.object();
    }
    return found;
}

QStringList names(const QList<QJsonObject> &events)
{
    QStringList names;
    for (const QJsonObject &event : events)
        names += event["event"_L1].toString();
    return names;
}

QList<QJsonObject> only(const QList<QJsonObject> &events, const QString &name)
{
    QList<QJsonObject> found;
    for (const QJsonObject &event : events) {
        if (event["event"_L1].toString() == name)
            found += event;
    }
    return found;
}

} // namespace

class tst_RunCommand : public QObject
{
    Q_OBJECT

private:
    ProgramRun m_program;

    static QStringList arguments(const ScratchProject &project, const TestDatabase &database,
                                 const QStringList &first)
    {
        return first + QStringList{u"-c"_s, project.config(), u"--database"_s, database.url};
    }
    static QStringList upgrade(const ScratchProject &project, const TestDatabase &database,
                               const QStringList &more = {})
    {
        return arguments(project, database, QStringList{u"upgrade"_s, u"--yes"_s, u"--no-backup"_s} + more);
    }
    static QStringList rows(const TestDatabase &database)
    {
        return TestCluster::instance().rows(
            database.name,
            u"SELECT version_num FROM alembic_version WHERE to_regclass('alembic_version') IS NOT NULL"_s);
    }
    /// The second of three revisions says when it is at work, and works for a while.
    static void addSlow(ScratchProject &project, const QString &seconds)
    {
        project.addRevision(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s, {});
        project.addRevision(u"bbbb1"_s, u"aaaa1"_s,
                            u"op.execute('CREATE TABLE two (id int)')\nprint('at work', flush=True)\n"
                            "op.execute('SELECT pg_sleep(%1)')"_s.arg(seconds),
                            {});
        project.addRevision(u"cccc1"_s, u"bbbb1"_s, u"op.execute('CREATE TABLE three (id int)')"_s, {});
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void aFailedCheckComesBeforeTheQuestion_data()
    {
        QTest::addColumn<bool>("json");
        QTest::newRow("text") << false;
        QTest::newRow("json") << true;
    }
    /// A folder that cannot be written: known before anybody is asked.
    void aFailedCheckComesBeforeTheQuestion()
    {
        QFETCH(bool, json);
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        QStringList asked =
            arguments(project, database, {u"upgrade"_s, u"--backup-dir"_s, u"/proc/nowhere"_s});
        if (json)
            asked += {u"--format"_s, u"json"_s};
        const Ran ran = m_program.run(asked);
        QCOMPARE(ran.code, 7);
        if (json) {
            QCOMPARE(ran.json()["error"_L1]["kind"_L1].toString(), u"refused"_s);
            QCOMPARE(ran.json()["checks"_L1][0]["check"_L1].toString(), u"backup-room"_s);
            QCOMPARE(ran.json()["checks"_L1][0]["state"_L1].toString(), u"failed"_s);
        } else {
            QVERIFY2(ran.err.contains("Nothing was changed."_L1), qPrintable(ran.err));
            QVERIFY2(!ran.err.contains("Not confirmed"_L1), qPrintable(ran.err));
        }
        QCOMPARE(m_program.run(arguments(project, database, {u"current"_s})).code, 0);
    }

    void allFailedChecksAndWarningsAreTold()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"aaaa1"_s, {}, {});
        TestCluster::instance().execute(
            database.name, u"ALTER DATABASE %1 SET default_transaction_read_only = on"_s.arg(database.name));
        const Ran ran = m_program.run(
            arguments(project, database, {u"upgrade"_s, u"heads"_s, u"--backup-dir"_s, u"/proc/nowhere"_s}));
        QCOMPARE(ran.code, 7);
        QVERIFY2(ran.err.contains("warning: Single head: 2 heads"_L1), qPrintable(ran.err));
        QVERIFY2(ran.err.count("FAILED"_L1) >= 2, qPrintable(ran.err));
        QVERIFY2(ran.err.contains("default_transaction_read_only"_L1), qPrintable(ran.err));
        QVERIFY2(ran.err.contains("choose a folder on another disk"_L1), qPrintable(ran.err));
    }

    void anotherRunIsExitTwelve()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        auto other = DatabaseSession::open(database.settings, {});
        QVERIFY(other);
        const Result<bool> held = (*other)->tryAdvisoryLock(RunKeys::forTable({}).run);
        QVERIFY(held && *held);
        const Ran ran = m_program.run(upgrade(project, database));
        QVERIFY2(ran.code == 12, qPrintable(ran.err));
        QVERIFY2(ran.err.contains("Another migration is running"_L1), qPrintable(ran.err));
    }

    void limitsAndTransactionsAreTaken()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        project.addRevision(u"aaaa1"_s, {},
                            u"op.execute(\"CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l, "
                            "current_setting('statement_timeout') AS s\")"_s,
                            {});
        const Ran ran = m_program.run(upgrade(project, database,
                                              {u"--lock-timeout"_s, u"1234ms"_s, u"--statement-timeout"_s,
                                               u"77s"_s, u"--lock-retries"_s, u"0"_s, u"--transactions"_s,
                                               u"revision"_s, u"--concurrent-timeout"_s, u"1h"_s}));
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT l, s FROM seen"_s),
                 QStringList{u"1234ms|77s"_s});
        QCOMPARE(m_program.run(upgrade(project, database, {u"--concurrent-timeout"_s, u"soon"_s})).code, 2);
        QCOMPARE(m_program.run(upgrade(project, database, {u"--transactions"_s, u"some"_s})).code, 2);
    }

    void progressForMachines()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        const Ran ran = m_program.run(upgrade(project, database, {u"--progress"_s, u"json"_s}));
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        QVERIFY2(ran.out.contains("Upgraded to cccc1"_L1), qPrintable(ran.out));
        const QList<QJsonObject> all = events(ran.err);
        for (const QJsonObject &event : all) {
            QCOMPARE(event["version"_L1].toInt(), 1);
            const QString time = event["time"_L1].toString();
            QVERIFY2(time.endsWith(u'Z') && QDateTime::fromString(time, Qt::ISODateWithMs).isValid(),
                     qPrintable(time));
        }
        QStringList revisions;
        for (const QJsonObject &event : only(all, u"phase-finished"_s)) {
            QVERIFY(event["ok"_L1].toBool());
            if (event["phase"_L1].toString() == "revision"_L1)
                revisions += event["revision"_L1].toString();
        }
        QCOMPARE(revisions, QStringList({u"aaaa1"_s, u"bbbb1"_s, u"cccc1"_s}));
        QVERIFY(names(all).contains(u"statement-started"_s));
        QVERIFY(names(all).contains(u"check"_s));
        QStringList statements;
        for (const QJsonObject &event : only(all, u"statement-started"_s))
            statements += event["revision"_L1].toString() + u' ' + event["text"_L1].toString();
        QVERIFY2(statements.contains(u"bbbb1 CREATE TABLE two (id int)"_s),
                 qPrintable(statements.join(u'\n')));
    }

    void errorsAreEventsToo()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        const Ran ran = m_program.run(
            arguments(project, database, {u"upgrade"_s, u"--no-backup"_s, u"--progress"_s, u"json"_s}));
        QCOMPARE(ran.code, 7);
        const QList<QJsonObject> all = events(ran.err);
        QCOMPARE(all.last()["event"_L1].toString(), u"error"_s);
        QCOMPARE(all.last()["error"_L1]["kind"_L1].toString(), u"refused"_s);
    }

    void progressOff()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        const Ran none = m_program.run(upgrade(project, database, {u"aaaa1"_s}));
        QVERIFY2(none.err.isEmpty(), qPrintable(none.err));
        const Ran text = m_program.run(upgrade(project, database, {u"--progress"_s, u"text"_s}));
        QVERIFY2(text.err.contains("cccc1 (2 of 2)"_L1), qPrintable(text.err));
        QVERIFY2(!text.err.contains(u'\x1b'), "no moving line without a terminal");
    }

    void aLockWaitTellsWhoBlocks()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"cccc1"_s, u"op.execute('ALTER TABLE one ADD COLUMN a int')"_s, {});
        QCOMPARE(m_program.run(upgrade(project, database, {u"cccc1"_s})).code, 0);
        auto other = DatabaseSession::open(database.settings, {}, {.applicationName = u"billing"_s});
        QVERIFY(other);
        QVERIFY((*other)->execute(u"BEGIN"_s));
        QVERIFY((*other)->execute(u"LOCK TABLE one IN ACCESS SHARE MODE"_s));
        const int pid = (*other)->backendPid();
        const QStringList asked =
            upgrade(project, database,
                    {u"--progress"_s, u"json"_s, u"--lock-timeout"_s, u"60s"_s, u"--lock-retries"_s, u"0"_s});
        bool released = false;
        const Ran ran = m_program.watch(asked, {}, [&](const QString &line, Process &) {
            if (line.contains("\"lock-waiting\""_L1) && !std::exchange(released, true))
                std::ignore = (*other)->execute(u"COMMIT"_s);
        });
        QVERIFY2(released, qPrintable(ran.err));
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        const QJsonObject wait = only(events(ran.err), u"lock-waiting"_s).first();
        QCOMPARE(wait["revision"_L1].toString(), u"dddd1"_s);
        QCOMPARE(wait["mode"_L1].toString(), u"ACCESS EXCLUSIVE"_s);
        QCOMPARE(wait["relation"_L1].toString(), u"one"_s);
        QCOMPARE(wait["blockers"_L1][0]["pid"_L1].toInt(), pid);
        QCOMPARE(wait["blockers"_L1][0]["application"_L1].toString(), u"billing"_s);
        QVERIFY(!wait["blockers"_L1][0].toObject().contains(u"query"_s));
        QVERIFY(names(events(ran.err)).contains(u"lock-gone"_s));
    }

    void aLockWaitInWords()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"cccc1"_s, u"op.execute('ALTER TABLE one ADD COLUMN a int')"_s, {});
        QCOMPARE(m_program.run(upgrade(project, database, {u"cccc1"_s})).code, 0);
        auto other = DatabaseSession::open(database.settings, {}, {.applicationName = u"billing"_s});
        QVERIFY(other);
        QVERIFY((*other)->execute(u"BEGIN"_s));
        QVERIFY((*other)->execute(u"LOCK TABLE one IN ACCESS SHARE MODE"_s));
        const int pid = (*other)->backendPid();
        const Ran ran = m_program.run(
            upgrade(project, database,
                    {u"--progress"_s, u"text"_s, u"--lock-timeout"_s, u"4s"_s, u"--lock-retries"_s, u"0"_s}));
        QCOMPARE(ran.code, 6);
        const QString expected = u"held up by backend %1 (billing, idle in transaction"_s.arg(pid);
        QVERIFY2(ran.err.contains(expected), qPrintable(ran.err));
        QCOMPARE(ran.err.count(u"held up by"_s), 1);
        QCOMPARE(rows(database), QStringList{u"cccc1"_s});
    }

    void controlCOnceStopsAfterTheRevision()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addSlow(project, u"1.5"_s);
        const QStringList asked = upgrade(project, database, {u"--progress"_s, u"text"_s});
        const Ran ran = m_program.watch(asked, {}, [](const QString &line, Process &process) {
            if (line.contains("at work"_L1))
                ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        });
        QVERIFY2(ran.code == 130, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.err.contains("Stops after this revision, bbbb1 (2 of 3). Ctrl-C again cancels"_L1),
                 qPrintable(ran.err));
        QVERIFY2(ran.err.contains("Stopped before the end"_L1), qPrintable(ran.err));
        QCOMPARE(rows(database), QStringList{u"bbbb1"_s});
    }

    /// One transaction for all of them: what is not committed cannot stay.
    void controlCInOneTransaction()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addSlow(project, u"1.5"_s);
        const QStringList asked =
            upgrade(project, database, {u"--progress"_s, u"text"_s, u"--transactions"_s, u"all"_s});
        const Ran ran = m_program.watch(asked, {}, [](const QString &line, Process &process) {
            if (line.contains("at work"_L1))
                ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        });
        QVERIFY2(ran.code == 130, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.err.contains("takes back what this run has not committed yet"_L1), qPrintable(ran.err));
        QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT to_regclass('one') IS NULL"_s),
                 QStringList{u"t"_s});
    }

    void controlCTwiceCancels()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addSlow(project, u"300"_s);
        const QStringList asked = upgrade(project, database, {u"--progress"_s, u"json"_s});
        const Ran ran = m_program.watch(asked, {}, [](const QString &line, Process &process) {
            if (line.contains("at work"_L1) || line.contains("stop-requested"_L1))
                ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        });
        QVERIFY2(ran.code == 130, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.out.contains("Cancelled; what was running was rolled back"_L1), qPrintable(ran.out));
        const QStringList told = names(events(ran.err));
        QVERIFY(told.indexOf(u"stop-requested"_s) < told.indexOf(u"cancel-requested"_s));
        QCOMPARE(rows(database), QStringList{u"aaaa1"_s});
    }

    void terminationCancelsAtOnce()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addSlow(project, u"300"_s);
        const QStringList asked =
            upgrade(project, database, {u"--progress"_s, u"text"_s, u"--format"_s, u"json"_s});
        const Ran ran = m_program.watch(asked, {}, [](const QString &line, Process &process) {
            if (line.contains("at work"_L1))
                ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
        });
        QVERIFY2(ran.code == 130, qPrintable(ran.out + ran.err));
        QCOMPARE(ran.json()["outcome"_L1].toString(), u"cancelled"_s);
        QCOMPARE(ran.json()["current"_L1][0].toString(), u"aaaa1"_s);
        QVERIFY2(ran.err.contains("Cancels bbbb1 now."_L1), qPrintable(ran.err));
    }

    /// Before the first revision there is nothing to finish: the first Ctrl-C cancels.
    void controlCBeforeTheFirstRevision()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        QByteArray env = readFile(project.envFile());
        writeFile(project.envFile(), "import time\nprint('slow', flush=True)\ntime.sleep(20)\n" + env);
        const QStringList asked = upgrade(project, database, {u"--progress"_s, u"text"_s});
        const Ran ran = m_program.watch(asked, {}, [](const QString &line, Process &process) {
            if (line.contains("slow"_L1))
                ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        });
        QVERIFY2(ran.code == 130, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.err.contains("Nothing was changed"_L1), qPrintable(ran.err));
        QVERIFY2(!ran.err.contains("Stops after"_L1), qPrintable(ran.err));
    }

    /// What stands in the way is shown to people, and only counted for machines.
    void offendingRows()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"cccc1"_s,
                            u"op.execute('ALTER TABLE one ADD CONSTRAINT one_positive CHECK (id > 0)')"_s,
                            {});
        QCOMPARE(m_program.run(upgrade(project, database, {u"cccc1"_s})).code, 0);
        TestCluster::instance().execute(database.name, u"INSERT INTO one VALUES (-4711), (1)"_s);
        const Ran text = m_program.run(upgrade(project, database));
        QCOMPARE(text.code, 6);
        QVERIFY2(text.err.contains("-4711"_L1), qPrintable(text.err));
        QVERIFY2(text.err.contains("SQLSTATE 23514"_L1), qPrintable(text.err));
        const Ran json = m_program.run(upgrade(project, database, {u"--format"_s, u"json"_s}));
        QCOMPARE(json.code, 6);
        QCOMPARE(json.json()["offending"_L1]["rows"_L1].toInt(), 1);
        QVERIFY2(!json.out.contains("-4711"_L1), qPrintable(json.out));
        QVERIFY(json.json()["next_actions"_L1].toArray().contains(u"fix-and-retry"_s));
    }

    void restartAndLogsAreTold()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        addWorkspace(project, database.url, u"backup = \"off\"\nfindings = \"off\""_s,
                     u"restart = [\"true\"]"_s);
        const Ran ran = m_program.run(
            {u"upgrade"_s, u"production/main"_s, u"--yes"_s, u"--restart"_s, u"--format"_s, u"json"_s},
            project.directory());
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        const QJsonObject after = ran.json()["after"_L1][0].toObject();
        QCOMPARE(after["kind"_L1].toString(), u"restart"_s);
        QVERIFY(after["ok"_L1].toBool());
    }
};

QTEST_GUILESS_MAIN(tst_RunCommand)
#include "tst_runcommand.moc"
