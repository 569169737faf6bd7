// SPDX-License-Identifier: MIT
// `stamp`, `check`, `doctor` and `status --watch`, run as a user runs them.

#include "migrations/database/databasesession.h"
#include "migrations/journal/journal.h"
#include "tests/cli/cliproject.h"
#include "tests/cli/programrun.h"
#include "tests/support/testcluster.h"

#include <QJsonArray>
#include <QTest>

#include <csignal>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_TargetCommands : public QObject
{
    Q_OBJECT

private:
    ProgramRun m_program;

    /// Three revisions, and the workspace with an open environment.
    static TestDatabase prepare(ScratchProject &project, const QString &policy = u"findings = \"off\""_s)
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        addThree(project);
        addWorkspace(project, database.url, u"backup = \"off\"\n"_s + policy);
        return database;
    }
    static QStringList sql(const TestDatabase &database, const QString &query)
    {
        return TestCluster::instance().rows(database.name, query);
    }
    Ran run(const ScratchProject &project, const QStringList &arguments) const
    {
        return m_program.run(arguments, project.directory());
    }
    void upgrade(const ScratchProject &project, const QString &to) const
    {
        const Ran ran = run(project, {u"upgrade"_s, u"production/main"_s, to, u"--yes"_s});
        if (ran.code != 0)
            qFatal("%s", qPrintable(ran.out + ran.err));
    }
    static QStringList checks(const QJsonObject &object, const QString &state)
    {
        QStringList found;
        for (const QJsonValue &check : object["checks"_L1].toArray()) {
            if (check["state"_L1].toString() == state)
                found += check["check"_L1].toString();
        }
        return found;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void stampChangesOnlyRows()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        const Ran unasked = run(project, {u"stamp"_s, u"production/main"_s, u"bbbb1"_s});
        QCOMPARE(unasked.code, 7);
        QCOMPARE(sql(database, u"SELECT to_regclass('alembic_version') IS NULL"_s), QStringList{u"t"_s});
        const Ran ran = run(
            project, {u"stamp"_s, u"production/main"_s, u"bbbb1"_s, u"--yes"_s, u"--progress"_s, u"text"_s});
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.err.contains("insert bbbb1"_L1), qPrintable(ran.err));
        QVERIFY2(ran.err.contains("Changes only the rows of alembic_version: no table is touched"_L1),
                 qPrintable(ran.err));
        QVERIFY2(ran.out.contains("Stamped: the database is at bbbb1 now."_L1), qPrintable(ran.out));
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"bbbb1"_s});
        QCOMPARE(sql(database, u"SELECT to_regclass('one') IS NULL"_s), QStringList{u"t"_s});
        const QJsonObject entry =
            run(project, {u"journal"_s, u"--format"_s, u"json"_s}).json()["runs"_L1][0].toObject();
        QCOMPARE(entry["kind"_L1].toString(), u"stamp"_s);
        QCOMPARE(entry["outcome"_L1].toString(), u"done"_s);
        QCOMPARE(entry["to"_L1][0].toString(), u"bbbb1"_s);
    }

    void stampInJson()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        upgrade(project, u"cccc1"_s);
        const QStringList json{u"--yes"_s, u"--format"_s, u"json"_s};
        const QJsonObject down =
            run(project, QStringList{u"stamp"_s, u"production/main"_s, u"aaaa1"_s} + json).json();
        QCOMPARE(down["outcome"_L1].toString(), u"done"_s);
        QCOMPARE(down["from"_L1][0].toString(), u"cccc1"_s);
        QCOMPARE(down["current"_L1][0].toString(), u"aaaa1"_s);
        QCOMPARE(down["changes"_L1].toArray(),
                 QJsonArray({QJsonObject{{u"from"_s, u"cccc1"_s}, {u"to"_s, u"aaaa1"_s}}}));
        const QJsonObject again =
            run(project, QStringList{u"stamp"_s, u"production/main"_s, u"aaaa1"_s} + json).json();
        QVERIFY(again["summary"_L1].toString().startsWith("Nothing to do"_L1));
        const QJsonObject base =
            run(project, QStringList{u"stamp"_s, u"production/main"_s, u"base"_s} + json).json();
        QCOMPARE(base["current"_L1].toArray().size(), 0);
        QVERIFY(base["changes"_L1][0]["to"_L1].isNull());
        QCOMPARE(sql(database, u"SELECT count(*) FROM alembic_version"_s), QStringList{u"0"_s});
    }

    void stampThatMakesNoSense()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        upgrade(project, u"cccc1"_s);
        QCOMPARE(run(project, {u"stamp"_s, u"production/main"_s, u"--yes"_s}).code, 2);
        QCOMPARE(run(project, {u"stamp"_s, u"production/main"_s, u"zzzz"_s, u"--yes"_s}).code, 10);
        QCOMPARE(run(project, {u"stamp"_s, u"--yes"_s}).code, 2);
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"cccc1"_s});
    }

    /// A row that no file has: only a purge gets rid of it.
    void stampPurgesAPhantom()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        upgrade(project, u"cccc1"_s);
        TestCluster::instance().execute(database.name, u"UPDATE alembic_version SET version_num = 'gone1'"_s);
        QCOMPARE(run(project, {u"stamp"_s, u"production/main"_s, u"cccc1"_s, u"--yes"_s}).code, 10);
        const Ran ran =
            run(project, {u"stamp"_s, u"production/main"_s, u"cccc1"_s, u"--purge"_s, u"--yes"_s});
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"cccc1"_s});
    }

    void stampOfAProtectedEnvironment()
    {
        ScratchProject project{QString()};
        prepare(project, u"protection = \"protected\""_s);
        QCOMPARE(run(project, {u"stamp"_s, u"production/main"_s, u"aaaa1"_s, u"--yes"_s}).code, 7);
        QCOMPARE(run(project, {u"stamp"_s, u"production/main"_s, u"aaaa1"_s, u"--confirm"_s, u"production"_s})
                     .code,
                 0);
    }

    void checkOfFiles()
    {
        ScratchProject project{QString()};
        addThree(project);
        addWorkspace(project, u"postgresql://nobody@127.0.0.1:1/none"_s, u"backup = \"off\""_s);
        const Ran sound = run(project, {u"check"_s});
        QVERIFY2(sound.code == 0, qPrintable(sound.out + sound.err));
        QVERIFY2(sound.out.contains("3 revisions"_L1), qPrintable(sound.out));
        const QJsonObject json = run(project, {u"check"_s, u"main"_s, u"--format"_s, u"json"_s}).json();
        QCOMPARE(json["exit"_L1].toInt(-1), 0);
        QCOMPARE(json["components"_L1][0]["heads"_L1][0].toString(), u"cccc1"_s);
        QVERIFY(json["components"_L1][0]["error"_L1].isNull());
        QCOMPARE(run(project, {u"check"_s, u"other"_s}).code, 2);

        project.addRevision(u"dddd1"_s, u"aaaa1"_s, {}, {});
        const Ran heads = run(project, {u"check"_s});
        QCOMPARE(heads.code, 4);
        QVERIFY2(heads.out.contains("There are 2 heads"_L1), qPrintable(heads.out));
        QCOMPARE(m_program.run({u"check"_s, u"-c"_s, project.config()}).code, 4);

        writeFile(project.versionsDirectory() + u"/zz.py"_s, u"revision = 'x'\ndown_revision = 'lost'\n"_s);
        const Ran broken = run(project, {u"check"_s, u"--format"_s, u"json"_s});
        QCOMPARE(broken.code, 10);
        QCOMPARE(broken.json()["components"_L1][0]["error"_L1]["kind"_L1].toString(), u"missing-parent"_s);
    }

    void checkOfDatabases()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        const auto code = [&] { return run(project, {u"check"_s, u"production/main"_s}).code; };
        QCOMPARE(code(), 3);
        upgrade(project, u"bbbb1"_s);
        QCOMPARE(code(), 3);
        upgrade(project, u"cccc1"_s);
        const Ran sound = run(project, {u"check"_s, u"production/main"_s, u"--format"_s, u"json"_s});
        QCOMPARE(sound.code, 0);
        QCOMPARE(sound.json()["targets"_L1][0]["state"_L1].toString(), u"at-head"_s);
        QCOMPARE(sound.json()["targets"_L1][0]["exit"_L1].toInt(-1), 0);
        project.addRevision(u"dddd1"_s, u"aaaa1"_s, {}, {});
        QCOMPARE(code(), 4);
        TestCluster::instance().execute(database.name, u"UPDATE alembic_version SET version_num = 'gone1'"_s);
        QCOMPARE(code(), 10);
        addWorkspace(project, u"postgresql://nobody@127.0.0.1:1/none"_s, u"backup = \"off\""_s);
        QCOMPARE(code(), 5);
    }

    void doctorOfASoundTarget()
    {
        ScratchProject project{QString()};
        prepare(project);
        upgrade(project, u"bbbb1"_s);
        const Ran ran = run(project, {u"doctor"_s, u"production/main"_s});
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        QVERIFY2(ran.out.contains("The database is at bbbb1; 1 revision is pending up to cccc1."_L1),
                 qPrintable(ran.out));
        QVERIFY2(ran.out.contains("`stepwell upgrade production/main` may run."_L1), qPrintable(ran.out));
        const QJsonObject json =
            run(project, {u"doctor"_s, u"production/main"_s, u"--format"_s, u"json"_s}).json();
        QCOMPARE(json["state"_L1].toString(), u"pending"_s);
        QCOMPARE(json["pending"_L1].toArray(), QJsonArray{u"cccc1"_s});
        QCOMPARE(json["exit"_L1].toInt(-1), 0);
        QVERIFY(checks(json, u"passed"_s).contains(u"same-database"_s));
        QVERIFY(checks(json, u"failed"_s).isEmpty());
    }

    void doctorOfAPhantom()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        upgrade(project, u"cccc1"_s);
        TestCluster::instance().execute(database.name, u"UPDATE alembic_version SET version_num = 'gone1'"_s);
        const Ran ran = run(project, {u"doctor"_s, u"production/main"_s});
        QCOMPARE(ran.code, 7);
        QVERIFY2(ran.out.contains("no file here has such a revision: a phantom"_L1), qPrintable(ran.out));
        QVERIFY2(ran.out.contains("No upgrade can be planned"_L1), qPrintable(ran.out));
        QVERIFY2(ran.out.contains("FAILED"_L1), qPrintable(ran.out));
    }

    void doctorSettlesWhatACrashCutOff()
    {
        ScratchProject project{QString()};
        prepare(project);
        upgrade(project, u"aaaa1"_s);
        const auto journal = Journal::open(m_program.home(u"data/stepwell/journal.sqlite"_s));
        QVERIFY(journal);
        const auto entries = (*journal)->entries();
        QVERIFY(entries);
        JournalEntry cutOff = entries->first();
        cutOff.uid.clear();
        cutOff.who.clear();
        cutOff.processId = std::numeric_limits<int>::max(); // nobody has it
        QVERIFY((*journal)->begin(cutOff));
        const QStringList doctor{u"doctor"_s, u"production/main"_s, u"--format"_s, u"json"_s};
        const QJsonArray settled = run(project, doctor).json()["settled"_L1].toArray();
        QCOMPARE(settled.size(), 1);
        QVERIFY2(settled[0].toString().contains("was cut off, but all its revisions are applied"_L1),
                 qPrintable(settled[0].toString()));
        QCOMPARE(run(project, doctor).json()["settled"_L1].toArray().size(), 0);
    }

    void doctorOfNothing()
    {
        ScratchProject project{QString()};
        addThree(project);
        addWorkspace(project, u"postgresql://nobody@127.0.0.1:1/none"_s, u"backup = \"off\""_s);
        QCOMPARE(run(project, {u"doctor"_s, u"production/main"_s}).code, 5);
        QCOMPARE(run(project, {u"doctor"_s}).code, 2);
        QCOMPARE(run(project, {u"doctor"_s, u"production/main"_s, u"more"_s}).code, 2);
    }

    void doctorMendsAnIndex()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        upgrade(project, u"cccc1"_s);
        TestCluster &cluster = TestCluster::instance();
        cluster.execute(database.name, u"INSERT INTO one VALUES (1), (1)"_s);
        auto session = DatabaseSession::open(database.settings, {});
        QVERIFY(session);
        QVERIFY(!(*session)->execute(u"CREATE UNIQUE INDEX CONCURRENTLY ix ON one (id)"_s));
        const QString valid = u"SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"_s;
        QCOMPARE(sql(database, valid), QStringList{u"f"_s});
        const QStringList fix{u"doctor"_s, u"production/main"_s, u"--fix"_s, u"invalid-indexes"_s};
        const QJsonObject seen =
            run(project, {u"doctor"_s, u"production/main"_s, u"--format"_s, u"json"_s}).json();
        QVERIFY(!checks(seen, u"passed"_s).contains(u"invalid-indexes"_s));
        QVERIFY(seen["next"_L1].toVariant().toStringList().join(u'\n').contains("--fix invalid-indexes"_L1));

        const Ran unasked = run(project, fix);
        QCOMPARE(unasked.code, 7);
        QVERIFY2(unasked.err.contains("DROP INDEX CONCURRENTLY ix;"_L1), qPrintable(unasked.err));
        QCOMPARE(sql(database, valid), QStringList{u"f"_s});
        // The rows still forbid it: dropped, but not built again, and said.
        QCOMPARE(run(project, fix + QStringList{u"--yes"_s}).code, 1);
        cluster.execute(database.name, u"DELETE FROM one"_s);
        const Ran mended = run(project, fix + QStringList{u"--yes"_s, u"--format"_s, u"json"_s});
        QVERIFY2(mended.code == 0, qPrintable(mended.out + mended.err));
        QCOMPARE(checks(mended.json(), u"passed"_s), QStringList{u"invalid-indexes"_s});
        QVERIFY(!mended.json()["applied"_L1].toArray().isEmpty());
        QCOMPARE(sql(database, valid), QStringList{u"t"_s});
        QCOMPARE(run(project, fix).code, 0);
        QCOMPARE(run(project, {u"doctor"_s, u"production/main"_s, u"--fix"_s, u"magic"_s}).code, 2);
    }

    void statusWatchTellsChanges()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        TestCluster::instance().execute(database.name,
                                        u"CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)"_s);
        const QStringList asked{u"status"_s, u"--watch"_s, u"1"_s, u"--format"_s, u"json"_s};
        const Ran ran =
            m_program.watch(asked, project.directory(), [&](const QString &line, Process &process) {
                if (line.contains("\"empty\""_L1))
                    TestCluster::instance().execute(database.name,
                                                    u"INSERT INTO alembic_version VALUES ('bbbb1')"_s);
                else
                    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
            });
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        const QStringList lines = ran.out.split(u'\n');
        QCOMPARE(lines.size(), 2);
        const QJsonObject last = QJsonDocument::fromJson(lines.at(1).toUtf8()).object();
        QCOMPARE(last["state"_L1].toString(), u"pending"_s);
        QCOMPARE(last["current"_L1][0].toString(), u"bbbb1"_s);
        QCOMPARE(last["version"_L1].toInt(), 1);
        QVERIFY(last["time"_L1].toString().endsWith(u'Z'));
    }

    void statusWatchAsLines()
    {
        ScratchProject project{QString()};
        prepare(project);
        const Ran ran = m_program.watch({u"status"_s, u"--watch"_s, u"production/main"_s},
                                        project.directory(), [](const QString &, Process &process) {
                                            ::kill(static_cast<pid_t>(process.processId()), SIGINT);
                                        });
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        QVERIFY2(ran.out.contains("production/main  empty"_L1), qPrintable(ran.out));
        QCOMPARE(run(project, {u"status"_s, u"--watch"_s, u"0"_s}).code, 2);
    }
};

QTEST_GUILESS_MAIN(tst_TargetCommands)
#include "tst_targetcommands.moc"
