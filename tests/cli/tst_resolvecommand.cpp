// SPDX-License-Identifier: MIT
// `resolve`, `check` of broken histories, and `rollback --files-of`, run as a user runs them.

#include "tests/cli/cliproject.h"
#include "tests/cli/programrun.h"
#include "tests/support/testcluster.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

#include <csignal>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_ResolveCommand : public QObject
{
    Q_OBJECT

private:
    ProgramRun m_program;

    Ran run(const ScratchProject &project, const QStringList &arguments) const
    {
        return m_program.run(arguments, project.directory());
    }
    static QStringList sql(const TestDatabase &database, const QString &query)
    {
        return TestCluster::instance().rows(database.name, query);
    }
    /// aaaa1, bbbb1, cccc1, and dddd1, which follows bbbb1 too.
    static void addFork(ScratchProject &project)
    {
        addThree(project);
        project.addRevision(u"dddd1"_s, u"bbbb1"_s, u"op.execute('CREATE TABLE four (id int)')"_s,
                            u"op.execute('DROP TABLE four')"_s);
    }
    static TestDatabase prepare(ScratchProject &project, const QString &policy = u"backup = \"off\""_s)
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        addFork(project);
        addWorkspace(project, database.url, policy + u"\nfindings = \"off\""_s);
        return database;
    }
    static QString contentOf(const ScratchProject &project, const QString &revision)
    {
        const QDir versions(project.versionsDirectory());
        const QStringList names = versions.entryList({revision + u"*.py"_s});
        return names.isEmpty() ? QString() : QString::fromUtf8(readFile(versions.filePath(names.first())));
    }
    static void git(const ScratchProject &project, const QStringList &arguments)
    {
        const QStringList who{u"-c"_s, u"user.name=Ada"_s, u"-c"_s, u"user.email=ada@example.com"_s};
        const auto done = processOutput(
            {.program = u"git"_s, .arguments = who + arguments, .workingDirectory = project.directory()});
        if (!done)
            qFatal("%s", qPrintable(toText(done.error())));
    }

    /// Both heads are applied, and what moves cannot be upgraded again while there is a table named stop.
    TestDatabase prepareInterrupted(ScratchProject &project) const
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        addThree(project);
        project.addRevision(u"dddd1"_s, u"bbbb1"_s,
                            u"op.execute('CREATE TABLE four (id int)')\n"
                            "op.execute(\"SELECT 1 / (to_regclass('stop') IS NULL)::int\")"_s,
                            u"op.execute('DROP TABLE four')"_s);
        addWorkspace(project, database.url, u"backup = \"off\"\nfindings = \"off\""_s);
        const Ran upgraded = run(project, {u"upgrade"_s, u"production/main"_s, u"heads"_s, u"--yes"_s});
        if (upgraded.code != 0)
            qFatal("%s", qPrintable(upgraded.out + upgraded.err));
        TestCluster::instance().execute(database.name, u"CREATE TABLE stop ()"_s);
        return database;
    }
    const QStringList m_rebase{u"resolve"_s, u"main"_s, u"--rebase"_s, u"dddd1"_s, u"--onto"_s, u"cccc1"_s};

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void tellsOfTwoHeads()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        QCOMPARE(run(project, {u"upgrade"_s, u"production/main"_s, u"cccc1"_s, u"--yes"_s}).code, 0);
        const Ran told = run(project, {u"resolve"_s, u"main"_s});
        QCOMPARE(told.code, 4);
        for (const QString &part : {u"bbbb1"_s, u"cccc1"_s, u"dddd1"_s, u"production/main"_s,
                                    u"stepwell resolve main --rebase dddd1 --onto cccc1"_s,
                                    u"stepwell resolve main cccc1 dddd1 --merge"_s})
            QVERIFY2(told.out.contains(part), qPrintable(part + u"\n"_s + told.out));
        const QJsonObject json = run(project, {u"resolve"_s, u"main"_s, u"--format"_s, u"json"_s}).json();
        const QJsonObject trouble = json["troubles"_L1][0].toObject();
        QCOMPARE(json["exit"_L1].toInt(), 4);
        QCOMPARE(trouble["kind"_L1].toString(), u"several-heads"_s);
        QCOMPARE(trouble["divergence"_L1]["parted_at"_L1].toString(), u"bbbb1"_s);
        const QJsonArray sides = trouble["divergence"_L1]["sides"_L1].toArray();
        QCOMPARE(sides.size(), 2);
        QCOMPARE(sides[0]["applied_in"_L1][0].toString(), u"production/main"_s);
        QCOMPARE(sides[1]["applied_in"_L1].toArray().size(), 0);
        QCOMPARE(run(project, {u"check"_s}).code, 4);
    }

    void previewChangesNothingAndApplyDoesIt()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        QCOMPARE(run(project, {u"upgrade"_s, u"production/main"_s, u"cccc1"_s, u"--yes"_s}).code, 0);
        const QString before = contentOf(project, u"dddd1"_s);
        const QStringList rebase{u"resolve"_s, u"main"_s, u"--rebase"_s, u"dddd1"_s, u"--onto"_s, u"cccc1"_s};
        const Ran preview = run(project, rebase);
        QVERIFY2(preview.code == 0, qPrintable(preview.out + preview.err));
        QVERIFY2(preview.out.contains("Nothing was changed"_L1), qPrintable(preview.out));
        QVERIFY2(preview.out.contains("+down_revision = \"cccc1\""_L1), qPrintable(preview.out));
        QCOMPARE(contentOf(project, u"dddd1"_s), before);
        const Ran applied = run(project, rebase + QStringList{u"--apply"_s});
        QVERIFY2(applied.code == 0, qPrintable(applied.out + applied.err));
        QCOMPARE(contentOf(project, u"dddd1"_s), QString(before).replace(u"bbbb1"_s, u"cccc1"_s));
        QCOMPARE(run(project, {u"check"_s}).code, 0);
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s}).code, 0);
        QCOMPARE(run(project, {u"upgrade"_s, u"production/main"_s, u"--yes"_s}).code, 0);
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"dddd1"_s});
    }

    void refusesWhatIsAppliedInProduction()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project, u"backup = \"off\"\nprotection = \"protected\""_s);
        QCOMPARE(
            run(project, {u"upgrade"_s, u"production/main"_s, u"dddd1"_s, u"--confirm"_s, u"production"_s})
                .code,
            0);
        const Ran refused = run(project, {u"resolve"_s, u"main"_s, u"--rebase"_s, u"dddd1"_s, u"--onto"_s,
                                          u"cccc1"_s, u"--apply"_s});
        QCOMPARE(refused.code, 7);
        QVERIFY2(refused.err.contains("production"_L1) && refused.err.contains("dddd1"_L1),
                 qPrintable(refused.err));
    }

    /// Down, rewrite, up, with a failure in between.
    void goesOverAnOpenDatabase()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepareInterrupted(project);
        const Ran preview = run(project, m_rebase);
        QVERIFY2(preview.out.contains("production/main: roll back"_L1),
                 qPrintable(preview.out + preview.err));
        // Who is not sure has begun nothing.
        QCOMPARE(run(project, m_rebase + QStringList{u"--apply"_s}).code, 7);
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s}).code, 4);
        const Ran failed = run(project, m_rebase + QStringList{u"--apply"_s, u"--yes"_s});
        QVERIFY2(failed.code == 6, qPrintable(failed.out + failed.err));
        QVERIFY2(failed.err.contains("--continue"_L1), qPrintable(failed.err));
        const Ran open = run(project, {u"resolve"_s, u"main"_s});
        QCOMPARE(open.code, 10);
        QVERIFY2(open.out.contains("A repair is not finished"_L1), qPrintable(open.out));
        QCOMPARE(run(project, m_rebase).code, 12);
        TestCluster::instance().execute(database.name, u"DROP TABLE stop"_s);
        const Ran finished = run(project, {u"resolve"_s, u"main"_s, u"--continue"_s, u"--yes"_s});
        QVERIFY2(finished.code == 0, qPrintable(finished.out + finished.err));
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"dddd1"_s});
        QCOMPARE(sql(database, u"SELECT to_regclass('four') IS NOT NULL"_s), QStringList{u"t"_s});
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s}).code, 0);
    }

    /// The file of the revision that fails is mended in between: only its links say how far the repair got.
    void goesOnAfterAFileWasMended()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepareInterrupted(project);
        QCOMPARE(run(project, m_rebase + QStringList{u"--apply"_s, u"--yes"_s}).code, 6);
        const QDir versions(project.versionsDirectory());
        const QString file = versions.filePath(versions.entryList({u"dddd1*"_s}).first());
        writeFile(file,
                  QString::fromUtf8(readFile(file)).replace(u"to_regclass('stop') IS NULL"_s, u"true"_s));
        const Ran finished = run(project, {u"resolve"_s, u"main"_s, u"--continue"_s, u"--yes"_s});
        QVERIFY2(finished.code == 0, qPrintable(finished.out + finished.err));
        QVERIFY2(!finished.out.contains("Rolled back"_L1), qPrintable(finished.out));
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"dddd1"_s});
    }

    void undoesWhatItBegan()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepareInterrupted(project);
        const QString before = contentOf(project, u"dddd1"_s);
        QCOMPARE(run(project, m_rebase + QStringList{u"--apply"_s, u"--yes"_s}).code, 6);
        QVERIFY(contentOf(project, u"dddd1"_s) != before);
        const Ran undone = run(project, {u"resolve"_s, u"main"_s, u"--undo"_s});
        QVERIFY2(undone.code == 0, qPrintable(undone.out + undone.err));
        QVERIFY2(undone.out.contains("stepwell upgrade production/main dddd1"_L1), qPrintable(undone.out));
        QCOMPARE(contentOf(project, u"dddd1"_s), before);
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s}).code, 4);
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s, u"--undo"_s}).code, 2);
    }

    /// Who looks from elsewhere takes nothing away from a repair that is being made.
    void leavesARunningRepairAlone()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepareInterrupted(project);
        int during = -1;
        const Ran failed = m_program.watch(
            m_rebase + QStringList{u"--apply"_s, u"--yes"_s, u"--progress"_s, u"text"_s}, project.directory(),
            [&](const QString &line, Process &) {
                if (during < 0 && line.startsWith("Roll production/main back"_L1))
                    during = run(project, {u"resolve"_s, u"main"_s, u"--undo"_s}).code;
            });
        QCOMPARE(failed.code, 6);
        QCOMPARE(during, 12);
        QCOMPARE(run(project, {u"resolve"_s, u"main"_s, u"--undo"_s}).code, 0);
    }

    void mergesWithTheProjectsAlembic()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        const QString mako = u"/accountmgr/alembic/script.py.mako"_s;
        QVERIFY(QFile::copy(qEnvironmentVariable("STEPWELL_SOURCE") + u"/resources/demo"_s + mako,
                            project.directory() + u"/migrations/script.py.mako"_s));
        const QStringList merge{u"resolve"_s,   u"main"_s,     u"--merge"_s, u"-m"_s,
                                u"Join both"_s, u"--rev-id"_s, u"eeee1"_s};
        const Ran preview = run(project, merge);
        QVERIFY2(preview.code == 0, qPrintable(preview.out + preview.err));
        QVERIFY2(preview.out.contains("Join both"_L1), qPrintable(preview.out));
        QVERIFY(contentOf(project, u"eeee1"_s).isEmpty());
        const Ran applied = run(project, merge + QStringList{u"--apply"_s});
        QVERIFY2(applied.code == 0, qPrintable(applied.out + applied.err));
        QVERIFY(contentOf(project, u"eeee1"_s).contains("Join both"_L1));
        QCOMPARE(run(project, {u"check"_s}).code, 0);
        QCOMPARE(run(project, {u"upgrade"_s, u"production/main"_s, u"--yes"_s}).code, 0);
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"eeee1"_s});
    }

    void worksWithoutAWorkspace()
    {
        ScratchProject project{QString()};
        addFork(project);
        QCOMPARE(run(project, {u"check"_s, u"-c"_s, u"alembic.ini"_s}).code, 4);
        const Ran told = run(project, {u"resolve"_s, u"-c"_s, u"alembic.ini"_s});
        QCOMPARE(told.code, 4);
        const Ran applied = run(project, {u"resolve"_s, u"-c"_s, u"alembic.ini"_s, u"--rebase"_s, u"dddd1"_s,
                                          u"--onto"_s, u"cccc1"_s, u"--apply"_s});
        QVERIFY2(applied.code == 0, qPrintable(applied.out + applied.err));
        QCOMPARE(run(project, {u"check"_s, u"-c"_s, u"alembic.ini"_s}).code, 0);
    }

    void takesALostRevisionFromGit()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        git(project, {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
        git(project, {u"add"_s, u"."_s});
        git(project, {u"commit"_s, u"-qm"_s, u"All"_s});
        const QString content = contentOf(project, u"bbbb1"_s);
        const QDir versions(project.versionsDirectory());
        QVERIFY(QFile::remove(versions.filePath(versions.entryList({u"bbbb1*"_s}).first())));
        QCOMPARE(run(project, {u"check"_s}).code, 10);
        const Ran told = run(project, {u"resolve"_s, u"main"_s});
        QCOMPARE(told.code, 10);
        QVERIFY2(told.out.contains("stepwell resolve main --restore bbbb1"_L1), qPrintable(told.out));
        QVERIFY2(told.out.contains("Ada"_L1), qPrintable(told.out));
        const Ran restored =
            run(project, {u"resolve"_s, u"main"_s, u"--restore"_s, u"bbbb1"_s, u"--apply"_s});
        QVERIFY2(restored.code == 0, qPrintable(restored.out + restored.err));
        QCOMPARE(contentOf(project, u"bbbb1"_s), content);
    }

    /// The application went back to its release; the database had gone on with main.
    void rollsBackWithTheFilesOfABranch()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        git(project, {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
        git(project, {u"add"_s, u"."_s});
        git(project, {u"commit"_s, u"-qm"_s, u"All"_s});
        QCOMPARE(run(project, {u"upgrade"_s, u"production/main"_s, u"cccc1"_s, u"--yes"_s}).code, 0);
        git(project, {u"checkout"_s, u"-q"_s, u"-b"_s, u"release"_s});
        git(project, {u"rm"_s, u"-q"_s, u"migrations/versions/cccc1*"_s, u"migrations/versions/dddd1*"_s});
        git(project, {u"commit"_s, u"-qm"_s, u"Release"_s});
        const Ran told = run(project, {u"resolve"_s, u"main"_s});
        QVERIFY2(told.out.contains("--files-of main"_L1), qPrintable(told.out + told.err));
        const Ran rolled = run(project, {u"rollback"_s, u"production/main"_s, u"bbbb1"_s, u"--files-of"_s,
                                         u"main"_s, u"--yes"_s});
        QVERIFY2(rolled.code == 0, qPrintable(rolled.out + rolled.err));
        QCOMPARE(sql(database, u"SELECT version_num FROM alembic_version"_s), QStringList{u"bbbb1"_s});
        QCOMPARE(sql(database, u"SELECT to_regclass('three') IS NULL"_s), QStringList{u"t"_s});
        const auto worktrees = processOutput({.program = u"git"_s,
                                              .arguments = {u"worktree"_s, u"list"_s},
                                              .workingDirectory = project.directory()});
        QCOMPARE(worktrees->trimmed().count('\n'), 0);
    }

    void refusesWhatMakesNoSense_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("two ways") << QStringList{u"--merge"_s, u"--rebase"_s, u"a"_s, u"--onto"_s, u"b"_s}
                                  << 2;
        QTest::newRow("rebase without onto") << QStringList{u"--rebase"_s, u"dddd1"_s} << 2;
        QTest::newRow("apply without a way") << QStringList{u"--apply"_s} << 2;
        QTest::newRow("relink without parent") << QStringList{u"--relink"_s, u"dddd1"_s} << 2;
        QTest::newRow("unknown head") << QStringList{u"--rebase"_s, u"zzzz"_s, u"--onto"_s, u"cccc1"_s} << 10;
        QTest::newRow("no head") << QStringList{u"--rebase"_s, u"bbbb1"_s, u"--onto"_s, u"cccc1"_s} << 7;
        QTest::newRow("onto itself") << QStringList{u"--rebase"_s, u"dddd1"_s, u"--onto"_s, u"dddd1"_s} << 2;
        QTest::newRow("nothing cut off") << QStringList{u"--continue"_s} << 2;
        QTest::newRow("nobody's option") << QStringList{u"--redate"_s} << 2;
        QTest::newRow("vouched for nobody")
            << QStringList{u"--rebase"_s, u"dddd1"_s, u"--onto"_s, u"cccc1"_s, u"--not-applied"_s, u"a/b"_s}
            << 2;
        QTest::newRow("restore what is there") << QStringList{u"--restore"_s, u"bbbb1"_s} << 7;
    }
    void refusesWhatMakesNoSense()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        const QString before = contentOf(project, u"dddd1"_s);
        const Ran ran = run(project, QStringList{u"resolve"_s, u"main"_s} + arguments);
        QVERIFY2(ran.code == code, qPrintable(QString::number(ran.code) + ran.out + ran.err));
        QVERIFY(!ran.err.isEmpty());
        QCOMPARE(contentOf(project, u"dddd1"_s), before);
    }

    void checkFindsAHeadThatCannotBeReached()
    {
        ScratchProject project{QString()};
        const TestDatabase database = prepare(project);
        // A merge of a revision with one below it: Alembic looks for a row that is not there.
        writeFile(project.versionsDirectory() + u"/eeee1.py"_s,
                  u"revision = 'eeee1'\ndown_revision = ('cccc1', 'dddd1', 'bbbb1')\n"
                  "def upgrade():\n    pass\ndef downgrade():\n    pass\n"_s);
        const Ran checked = run(project, {u"check"_s});
        QVERIFY2(checked.code == 10, qPrintable(checked.out));
        QVERIFY2(checked.out.contains("cannot be reached"_L1), qPrintable(checked.out));
    }
};

QTEST_GUILESS_MAIN(tst_ResolveCommand)
#include "tst_resolvecommand.moc"
