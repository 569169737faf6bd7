// SPDX-License-Identifier: MIT
// The real program, run as a user runs it: exit codes, JSON, and that nothing secret shows.

#include "tests/cli/cliproject.h"
#include "tests/cli/programrun.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_CommandLine : public QObject
{
    Q_OBJECT

private:
    ProgramRun m_program;

    Ran run(const QStringList &arguments, const QString &folder = {}) const
    {
        return m_program.run(arguments, folder);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void filesOnly()
    {
        ScratchProject project{QString()};
        addThree(project);
        const QStringList ini{u"-c"_s, project.config(), u"--format"_s, u"json"_s};
        const Ran heads = run(QStringList{u"heads"_s} + ini);
        QCOMPARE(heads.code, 0);
        QCOMPARE(heads.out, u"{\"heads\":[\"cccc1\"],\"version\":1}"_s);
        const QJsonArray history =
            run(QStringList{u"history"_s} + ini).json().value(u"revisions"_s).toArray();
        QCOMPARE(history.size(), 3);
        QCOMPARE(history.first().toObject().value(u"revision"_s).toString(), u"cccc1"_s);
        QVERIFY(history.first().toObject().value(u"is_head"_s).toBool());
        QVERIFY(history.last().toObject().value(u"is_base"_s).toBool());
    }

    void plansWithoutADatabase_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("steps");
        QTest::newRow("to head") << QStringList{u"--from"_s, u"base"_s, u"head"_s}
                                 << QStringList{u"aaaa1"_s, u"bbbb1"_s, u"cccc1"_s};
        QTest::newRow("+1") << QStringList{u"--from"_s, u"aaaa1"_s, u"+1"_s} << QStringList{u"bbbb1"_s};
        QTest::newRow("partial") << QStringList{u"--from"_s, u"base"_s, u"bb"_s}
                                 << QStringList{u"aaaa1"_s, u"bbbb1"_s};
        QTest::newRow("-1") << QStringList{u"--down"_s, u"--from"_s, u"cccc1"_s, u"-1"_s}
                            << QStringList{u"cccc1"_s};
        QTest::newRow("-1 after --") << QStringList{u"--down"_s, u"--from"_s, u"cccc1"_s, u"--"_s, u"-1"_s}
                                     << QStringList{u"cccc1"_s};
        QTest::newRow("to base") << QStringList{u"--down"_s, u"--from"_s, u"bbbb1"_s, u"base"_s}
                                 << QStringList{u"bbbb1"_s, u"aaaa1"_s};
        QTest::newRow("nothing") << QStringList{u"--from"_s, u"cccc1"_s, u"head"_s} << QStringList{};
    }
    void plansWithoutADatabase()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, steps);
        ScratchProject project{QString()};
        addThree(project);
        const Ran ran =
            run(QStringList{u"plan"_s, u"-c"_s, project.config(), u"--format"_s, u"json"_s} + arguments);
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        QStringList found;
        for (const QJsonValue &step : ran.json().value(u"steps"_s).toArray())
            found += step.toObject().value(u"revision"_s).toString();
        QCOMPARE(found, steps);
    }

    void errorsInJson_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("unknown revision")
            << QStringList{u"plan"_s, u"--from"_s, u"base"_s, u"zzzz"_s} << u"unknown-revision"_s << 10;
        QTest::newRow("ambiguous") << QStringList{u"history"_s, u"--range"_s, u"current:head"_s, u"--from"_s,
                                                  u"zzzz"_s}
                                   << u"unknown-revision"_s << 10;
        QTest::newRow("too far") << QStringList{u"plan"_s, u"--from"_s, u"base"_s, u"+7"_s}
                                 << u"walked-too-far"_s << 10;
        QTest::newRow("not applied") << QStringList{u"plan"_s, u"--down"_s, u"--from"_s, u"aaaa1"_s,
                                                    u"bbbb1"_s}
                                     << u"invalid-target"_s << 10;
        QTest::newRow("unknown to show") << QStringList{u"show"_s, u"zzzz"_s} << u"unknown-revision"_s << 10;
        QTest::newRow("nothing to show") << QStringList{u"show"_s} << u"usage"_s << 2;
        QTest::newRow("no such option") << QStringList{u"heads"_s, u"--wrong"_s} << u"usage"_s << 2;
        QTest::newRow("unknown row") << QStringList{u"plan"_s, u"--from"_s, u"zzzz"_s, u"head"_s}
                                     << u"unknown-revision"_s << 10;
        QTest::newRow("password in the open")
            << QStringList{u"plan"_s, u"--database"_s, u"postgresql://x:secret@127.0.0.1:1/y"_s} << u"usage"_s
            << 2;
        QTest::newRow("refused") << QStringList{u"plan"_s, u"--database"_s, u"postgresql://x@127.0.0.1:1/y"_s}
                                 << u"connection-refused"_s << 5;
    }
    void errorsInJson()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, kind);
        QFETCH(int, code);
        ScratchProject project{QString()};
        addThree(project);
        const Ran ran = run(arguments + QStringList{u"-c"_s, project.config(), u"--format"_s, u"json"_s});
        QCOMPARE(ran.code, code);
        QCOMPARE(ran.json().value(u"version"_s).toInt(), 1);
        const QJsonObject error = ran.json().value(u"error"_s).toObject();
        QCOMPARE(error.value(u"kind"_s).toString(), kind);
        QVERIFY(!error.value(u"message"_s).toString().isEmpty());
    }

    void branchesShowAndRanges()
    {
        ScratchProject project{QString()};
        addThree(project);
        project.addRevision({.id = u"dddd1"_s,
                             .down = {u"aaaa1"_s},
                             .message = u"A side\n\nWith more to say."_s,
                             .labels = {u"side"_s}});
        const QStringList ini{u"-c"_s, project.config(), u"--format"_s, u"json"_s};
        const auto ids = [](const QJsonValue &list) {
            QStringList found;
            for (const QJsonValue &item : list.toArray())
                found += item.isObject() ? item["revision"_L1].toString() : item.toString();
            return found;
        };
        const QJsonArray branches = run(QStringList{u"branches"_s} + ini).json()["branches"_L1].toArray();
        QCOMPARE(ids(branches), QStringList{u"aaaa1"_s});
        QCOMPARE(ids(branches[0]["children"_L1]), QStringList({u"bbbb1"_s, u"dddd1"_s}));
        const QJsonArray shown =
            run(QStringList{u"show"_s, u"side"_s} + ini).json()["revisions"_L1].toArray();
        QCOMPARE(ids(shown), QStringList{u"dddd1"_s});
        QCOMPARE(ids(shown[0]["labels"_L1]), QStringList{u"side"_s});
        QVERIFY(shown[0]["text"_L1].toString().contains("With more to say."_L1));
        const auto history = [&](const QStringList &more) {
            return ids(run(QStringList{u"history"_s} + more + ini).json()["revisions"_L1]);
        };
        QCOMPARE(history({u"--range"_s, u"aaaa1:cccc1"_s}),
                 QStringList({u"cccc1"_s, u"bbbb1"_s, u"aaaa1"_s}));
        QCOMPARE(history({u"-r"_s, u"current:cccc1"_s, u"--from"_s, u"bbbb1"_s}),
                 QStringList({u"cccc1"_s, u"bbbb1"_s}));
        QCOMPARE(history({u"-r"_s, u":aaaa1"_s}), QStringList{u"aaaa1"_s});
        const QJsonObject current = run(QStringList{u"current"_s, u"--from"_s, u"bbbb1"_s} + ini).json();
        QCOMPARE(ids(current["current"_L1]), QStringList{u"bbbb1"_s});
    }

    void theGraphAsText()
    {
        ScratchProject project{QString()};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"aaaa1"_s, {}, {});
        const Ran graph = run({u"history"_s, u"-c"_s, project.config(), u"--graph"_s});
        QStringList drawn;
        for (const QString &line : graph.out.split(u'\n'))
            drawn += line.first(qMin(line.indexOf(u'1') + 1, line.size())).trimmed();
        QCOMPARE(drawn, QStringList(
                            {u"◉    cccc1"_s, u"○    bbbb1"_s, u"│ ◉  dddd1"_s, QString(), u"○    aaaa1"_s}));
        QVERIFY(graph.out.contains(u"\n├─╯\n"_s));
    }

    void aBrokenGraphIsExitTen_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("kind");
        QTest::newRow("duplicate") << u"revision = 'bbbb1'\ndown_revision = 'aaaa1'\n"_s
                                   << u"duplicate-revision"_s;
        QTest::newRow("orphan") << u"revision = 'x'\ndown_revision = 'lost'\n"_s << u"missing-parent"_s;
        QTest::newRow("circle") << u"revision = 'x'\ndown_revision = 'x'\n"_s << u"revision-cycle"_s;
        QTest::newRow("no revision") << u"print('x')\n"_s << u"invalid-revision-file"_s;
        QTest::newRow("no Python") << u"revision = 'x\n"_s << u"invalid-python"_s;
    }
    void aBrokenGraphIsExitTen()
    {
        QFETCH(QString, text);
        QFETCH(QString, kind);
        ScratchProject project{QString()};
        addThree(project);
        writeFile(project.versionsDirectory() + u"/zz.py"_s, text);
        for (const QStringList &command : {QStringList{u"heads"_s}, QStringList{u"history"_s},
                                           QStringList{u"plan"_s, u"--from"_s, u"base"_s, u"heads"_s}}) {
            const Ran ran = run(command + QStringList{u"-c"_s, project.config(), u"--format"_s, u"json"_s});
            QCOMPARE(ran.code, 10);
            QCOMPARE(ran.json()["error"_L1]["kind"_L1].toString(), kind);
            QVERIFY(ran.json()["error"_L1]["message"_L1].toString().contains("zz.py"_L1));
        }
    }

    void twoHeadsAreExitFour()
    {
        ScratchProject project{QString()};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"aaaa1"_s, {}, {});
        QCOMPARE(run({u"plan"_s, u"-c"_s, project.config(), u"--from"_s, u"base"_s, u"head"_s}).code, 4);
        QCOMPARE(run({u"plan"_s, u"-c"_s, project.config(), u"--from"_s, u"base"_s, u"heads"_s}).code, 0);
    }

    void withoutAWorkspace()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        const QStringList direct{u"-c"_s,      project.config(), u"--database"_s,
                                 database.url, u"--format"_s,    u"json"_s};
        const QJsonObject empty =
            run(QStringList{u"status"_s} + direct).json().value(u"targets"_s).toArray().first().toObject();
        QCOMPARE(empty.value(u"state"_s).toString(), u"empty"_s);
        QCOMPARE(empty.value(u"pending"_s).toInt(), 3);
        QVERIFY(empty.value(u"error"_s).isNull());

        const Ran unasked = run(QStringList{u"upgrade"_s} + direct);
        QCOMPARE(unasked.code, 7);
        const Ran up = run(
            QStringList{u"upgrade"_s, u"--yes"_s, u"--backup-dir"_s, m_program.home(u"backups"_s)} + direct);
        QVERIFY2(up.code == 0, qPrintable(up.out + up.err));
        QCOMPARE(up.json().value(u"outcome"_s).toString(), u"done"_s);
        QVERIFY(QFile::exists(up.json().value(u"backup"_s).toObject().value(u"file"_s).toString()));

        const Ran down = run(QStringList{u"rollback"_s, u"-1"_s, u"--yes"_s, u"--no-backup"_s} + direct);
        QVERIFY2(down.code == 0, qPrintable(down.out + down.err));
        QCOMPARE(down.json().value(u"current"_s).toArray().first().toString(), u"bbbb1"_s);
        const QJsonArray runs = run(QStringList{u"journal"_s} + direct).json().value(u"runs"_s).toArray();
        QCOMPARE(runs.size(), 2);
        QCOMPARE(runs.first().toObject().value(u"kind"_s).toString(), u"downgrade"_s);
        QCOMPARE(runs.last().toObject().value(u"steps"_s).toArray().size(), 3);
    }

    void aProtectedEnvironment()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        addWorkspace(project, database.url, u"protection = \"protected\"\nbackup = \"required\""_s);
        const QString folder = project.directory();
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"--yes"_s}, folder).code, 7);
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"--confirm"_s, u"prod"_s}, folder).code, 7);
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"--confirm"_s, u"production"_s, u"--no-backup"_s},
                     folder)
                     .code,
                 7);
        QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT to_regclass('one') IS NULL"_s),
                 QStringList{u"t"_s});
        const Ran up = run({u"upgrade"_s, u"production/main"_s, u"--confirm"_s, u"production"_s}, folder);
        QVERIFY2(up.code == 0, qPrintable(up.err));
        QVERIFY(up.out.contains(u"Upgraded to cccc1"_s));
        QVERIFY(QDir(folder + u"/backups/production/main"_s).entryList({u"*.dump"_s}).size() == 1);
    }

    void aMisspeltPolicyStopsChanges()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        addWorkspace(project, database.url, u"protection = \"open\"\nbackup = \"required\""_s);
        QByteArray text = readFile(project.directory() + u"/stepwell.toml"_s);
        writeFile(project.directory() + u"/stepwell.toml"_s, text.replace("backup = ", "bakcup = "));
        const Ran up = run({u"upgrade"_s, u"production/main"_s, u"--yes"_s}, project.directory());
        QCOMPARE(up.code, 7);
        QVERIFY2(up.err.contains(u"bakcup"_s), qPrintable(up.err));
        QCOMPARE(run({u"status"_s}, project.directory()).code, 0);
    }

    void oneRevisionIsExpected()
    {
        ScratchProject project{QString()};
        addThree(project);
        QCOMPARE(
            run({u"plan"_s, u"-c"_s, project.config(), u"--from"_s, u"base"_s, u"head"_s, u"junk"_s}).code,
            2);
        QCOMPARE(run({u"status"_s, u"--workspace"_s, u"/nowhere/at/all"_s}).code, 2);
    }

    void sqlOfAPlan()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addThree(project);
        project.addRevision(u"dddd1"_s, u"cccc1"_s,
                            u"import sqlalchemy\nsqlalchemy.inspect(op.get_bind()).get_table_names()"_s, {});
        const Ran text = run({u"sql"_s, u"-c"_s, project.config(), u"--database"_s, database.url});
        QVERIFY2(text.code == 0, qPrintable(text.err));
        QVERIFY(text.out.contains(u"CREATE TABLE two (id int)"_s));
        QVERIFY(text.out.contains(u"Cannot be shown without running it"_s));
        const QJsonArray all = run({u"sql"_s, u"-c"_s, project.config(), u"--database"_s, database.url,
                                    u"--format"_s, u"json"_s})
                                   .json()
                                   .value(u"revisions"_s)
                                   .toArray();
        QCOMPARE(all.size(), 4);
        QVERIFY(all.last().toObject().value(u"sql"_s).isNull());
        QVERIFY(!all.last().toObject().value(u"problem"_s).toString().isEmpty());
    }

    void badWorkspaces_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("password")
            << u"version = 1\n[component.a]\nconfig = \"alembic.ini\"\n[environment.e.database.a]\nurl = \"postgresql://u:secret@h/d\"\n"_s
            << u"stepwell.toml:5"_s;
        QTest::newRow("password key")
            << u"version = 1\n[component.a]\nconfig = \"alembic.ini\"\n[environment.e.database.a]\npassword = \"secret@\"\n"_s
            << u"stepwell.toml:5"_s;
        QTest::newRow("no toml") << u"version = \n"_s << u"stepwell.toml:1"_s;
    }
    void badWorkspaces()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QTemporaryDir folder;
        writeFile(folder.filePath(u"stepwell.toml"_s), text);
        const Ran ran = run({u"status"_s}, folder.path());
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains(expected), qPrintable(ran.err));
        QVERIFY(!ran.err.contains(u"secret@"_s));
    }

    void noDisplayIsSaid()
    {
        QTemporaryDir folder;
        ProcessSpec spec{.program = qEnvironmentVariable("STEPWELL_BINARY"),
                         .workingDirectory = folder.path()};
        for (const QString &name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s})
            spec.environment.remove(name);
        QStringList err;
        const ProcessEnd end = runProcess(spec, {.errorLine = [&](const QString &line) { err += line; }});
        QCOMPARE(end.exitCode, 1);
        QVERIFY(err.join(u'\n').contains(u"no display"_s));
    }
};

QTEST_GUILESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
