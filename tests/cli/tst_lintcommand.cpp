// SPDX-License-Identifier: MIT
// `lint` and `review`, run as a user runs them: SQL from a file and from standard input, revisions with and
// without a database, approvals that go stale.

#include "tests/cli/programrun.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QStringList rules(const QJsonValue &report)
{
    QStringList found;
    for (const QJsonValue &finding : report["findings"_L1].toArray())
        found += finding["rule"_L1].toString();
    return found;
}

} // namespace

class tst_LintCommand : public QObject
{
    Q_OBJECT

private:
    ProgramRun m_program;

    Ran run(const QStringList &arguments, const QString &folder = {}, const QByteArray &input = {}) const
    {
        return m_program.run(arguments, folder, input);
    }

    /// Two components of habit: a table, and an index on it that blocks writes.
    static void addTwo(ScratchProject &project)
    {
        project.addRevision(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int, name text)')"_s,
                            u"op.execute('DROP TABLE one')"_s);
        project.addRevision(u"bbbb1"_s, u"aaaa1"_s, u"op.create_index('ix_one', 'one', ['name'])"_s,
                            u"op.drop_index('ix_one', table_name='one')"_s);
    }

    static void addWorkspace(const ScratchProject &project, const QString &url, int approvals)
    {
        writeFile(project.directory() + u"/stepwell.toml"_s,
                  u"version = 1\n[workspace]\nname = \"Test\"\n[component.main]\nconfig = \"alembic.ini\"\n"
                  "[environment.production]\nbackup = \"off\"\napprovals = %1\n"
                  "[environment.production.database.main]\nurl = \"%2\"\n"_s.arg(approvals)
                      .arg(url));
    }

    static QJsonObject revision(const Ran &ran, int at) { return ran.json()["revisions"_L1][at].toObject(); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void sqlFromStandardInput()
    {
        const QByteArray sql = "-- what we do\nALTER TABLE sessions ADD COLUMN a text;\n\n"
                               "CREATE INDEX i ON sessions (a);\n";
        const Ran ran =
            run({u"lint"_s, u"--sql"_s, u"-"_s, u"--pg"_s, u"15"_s, u"--format"_s, u"json"_s}, {}, sql);
        QVERIFY2(ran.code == 11, qPrintable(ran.out + ran.err));
        const QJsonObject report = ran.json();
        QCOMPARE(report["version"_L1].toInt(), 1);
        QCOMPARE(report["server_version"_L1].toInt(), 15);
        const QJsonArray statements = report["statements"_L1].toArray();
        QCOMPARE(statements.size(), 2);
        QCOMPARE(statements[0]["kind"_L1].toString(), u"ALTER TABLE"_s);
        QCOMPARE(statements[0]["line"_L1].toInt(), 2);
        QCOMPARE(statements[0]["locks"_L1][0]["relation"_L1].toString(), u"sessions"_s);
        QCOMPARE(statements[0]["locks"_L1][0]["mode"_L1].toString(), u"ACCESS EXCLUSIVE"_s);
        QCOMPARE(statements[1]["line"_L1].toInt(), 4);
        QVERIFY(statements[1]["builds_index"_L1].toBool());
        QVERIFY(rules(report).contains(u"index-not-concurrent"_s));
    }

    void failOn_data()
    {
        QTest::addColumn<QString>("level");
        QTest::addColumn<int>("code");
        QTest::newRow("none") << u"none"_s << 0;
        QTest::newRow("advice") << u"advice"_s << 11;
        QTest::newRow("blocks-writes") << u"blocks-writes"_s << 11;
        QTest::newRow("blocks-reads") << u"blocks-reads"_s << 0;
    }
    void failOn()
    {
        QFETCH(QString, level);
        QFETCH(int, code);
        const Ran ran = run({u"lint"_s, u"--sql"_s, u"-"_s, u"--fail-on"_s, level}, {},
                            "SET lock_timeout = '2s'; SET statement_timeout = '1h';\n"
                            "CREATE INDEX i ON sessions (a);\n");
        QVERIFY2(ran.code == code, qPrintable(ran.out + ran.err));
    }

    void badInput_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("text");
        QTest::newRow("no file") << QStringList{u"--sql"_s, u"/nowhere/x.sql"_s} << 2 << u"/nowhere/x.sql"_s;
        QTest::newRow("a version nobody has")
            << QStringList{u"--sql"_s, u"-"_s, u"--pg"_s, u"9"_s} << 2 << u"--pg"_s;
        QTest::newRow("a level nobody knows")
            << QStringList{u"--sql"_s, u"-"_s, u"--fail-on"_s, u"x"_s} << 2 << u"--fail-on"_s;
        QTest::newRow("two files") << QStringList{u"--sql"_s, u"-"_s, u"b.sql"_s} << 2 << u"b.sql"_s;
        QTest::newRow("no workspace") << QStringList{} << 2 << u"workspace"_s;
        QTest::newRow("a lost revision") << QStringList{u"/nowhere/a.py"_s} << 2 << u"/nowhere/a.py"_s;
    }
    void badInput()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, text);
        const QTemporaryDir nowhere;
        const Ran ran = run(QStringList{u"lint"_s} + arguments, nowhere.path());
        QVERIFY2(ran.code == code, qPrintable(u"%1 %2 %3"_s.arg(ran.code).arg(ran.out, ran.err)));
        QVERIFY2(ran.err.contains(text), qPrintable(ran.err));
    }

    void aPipeIsReadToItsEnd()
    {
        QByteArray sql;
        for (int i = 0; i < 60'000; ++i)
            sql += "SELECT 1;\n";
        const Ran ran = run({u"lint"_s, u"--sql"_s, u"-"_s}, {}, sql + "DROP TABLE t;\n");
        QCOMPARE(ran.code, 11);
        QVERIFY(ran.out.contains(u"60001 statements"_s));
    }

    void aRevisionThatRaisesFails()
    {
        ScratchProject project{QString()};
        addTwo(project);
        project.addRevision(u"cccc1"_s, u"bbbb1"_s, u"raise RuntimeError('boom')"_s, {});
        const QStringList lint{u"lint"_s, u"-c"_s, project.config(), u"--range"_s, u"bbbb1:head"_s};
        QCOMPARE(run(lint).code, 11);
        const Ran github = run(lint + QStringList{u"--format"_s, u"github"_s});
        QCOMPARE(github.code, 11);
        QVERIFY2(github.out.contains(u"::error file="_s) && github.out.contains(u"boom"_s),
                 qPrintable(github.out));
        QCOMPARE(run({u"lint"_s, u"-c"_s, project.config(), u"--range"_s, u"head:aaaa1"_s}).code, 10);
    }

    void syntaxErrorsAreShown()
    {
        const Ran ran = run({u"lint"_s, u"--sql"_s, u"-"_s, u"--format"_s, u"json"_s}, {},
                            "SELECT 1;\nALTER TABEL x ADD y int;\nDROP TABLE z;\n");
        QCOMPARE(ran.code, 11);
        const QJsonArray statements = ran.json()["statements"_L1].toArray();
        QCOMPARE(statements.size(), 3);
        QCOMPARE(statements[1]["error"_L1]["line"_L1].toInt(), 2);
        QVERIFY(statements[1]["error"_L1]["message"_L1].toString().contains("TABEL"_L1));
        QVERIFY(statements[2]["loses_data"_L1].toBool());
    }

    void withoutWorkspaceOrDatabase()
    {
        ScratchProject project{QString()};
        addTwo(project);
        const QStringList ini{u"lint"_s, u"-c"_s, project.config(), u"--format"_s, u"json"_s};
        // From nothing: the table is new, so the index hurts nobody.
        const Ran all = run(ini);
        QVERIFY2(all.code == 0, qPrintable(all.out + all.err));
        QCOMPARE(all.json()["revisions"_L1].toArray().size(), 2);
        QVERIFY(!rules(revision(all, 1)).contains(u"index-not-concurrent"_s));
        // Alone: it is not.
        const Ran last = run(ini + QStringList{u"--range"_s, u"aaaa1:head"_s});
        QVERIFY2(last.code == 11, qPrintable(last.out + last.err));
        QCOMPARE(last.json()["revisions"_L1].toArray().size(), 1);
        QVERIFY(rules(revision(last, 0)).contains(u"index-not-concurrent"_s));
        QCOMPARE(run(ini + QStringList{u"--from"_s, u"aaaa1"_s}).out, last.out);
        const QString file =
            QDir(project.versionsDirectory())
                .absoluteFilePath(QDir(project.versionsDirectory()).entryList({u"bbbb1*"_s}).first());
        QCOMPARE(run(ini + QStringList{file}).out, last.out);
        QCOMPARE(run(ini + QStringList{u"--range"_s, u"zzzz:head"_s}).code, 10);
    }

    void pendingInADatabase()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addTwo(project);
        addWorkspace(project, database.url, 0);
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"aaaa1"_s, u"--yes"_s}, project.directory()).code,
                 0);
        const QStringList lint{u"lint"_s, u"production/main"_s, u"--format"_s, u"json"_s};
        const Ran small = run(lint, project.directory());
        QVERIFY2(small.code == 0, qPrintable(small.out + small.err));
        QCOMPARE(small.json()["revisions"_L1].toArray().size(), 1);
        QVERIFY(revision(small, 0)["sizes_known"_L1].toBool());

        TestCluster::instance().execute(
            database.name,
            u"INSERT INTO one SELECT i, repeat('x', 500) FROM generate_series(1, 300000) i; ANALYZE one"_s);
        const Ran large = run(lint, project.directory());
        QVERIFY2(large.code == 11, qPrintable(large.out + large.err));
        QVERIFY(rules(revision(large, 0)).contains(u"index-not-concurrent"_s));
        const QString message = revision(large, 0)["findings"_L1][0]["message"_L1].toString();
        QVERIFY2(message.contains(u"MB"_s) || message.contains(u"MiB"_s), qPrintable(message));
        QCOMPARE(run({u"lint"_s, u"-c"_s, project.config(), u"--database"_s, database.url, u"--range"_s,
                      u"current:heads"_s, u"--format"_s, u"json"_s})
                     .code,
                 11);
    }

    void approveChangeStale()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addTwo(project);
        addWorkspace(project, database.url, 1);
        const QString folder = project.directory();
        const auto review = [&](const QStringList &more) {
            return run(QStringList{u"review"_s} + more + QStringList{u"--format"_s, u"json"_s}, folder);
        };
        const auto state = [&](int at) {
            return revision(review({u"status"_s, u"production/main"_s}), at)["sign_off"_L1]["state"_L1]
                .toString();
        };
        QCOMPARE(state(0), u"not-reviewed"_s);
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"--yes"_s}, folder).code, 7);

        const Ran approved =
            review({u"approve"_s, u"production/main"_s, u"--reviewer"_s, u"Ada <ada@example.org>"_s});
        QVERIFY2(approved.code == 0, qPrintable(approved.out + approved.err));
        QCOMPARE(state(0), u"approved"_s);
        QCOMPARE(state(1), u"approved"_s);
        QCOMPARE(approved.json()["reviews"_L1].toArray().size(), 2);

        const QString file = QDir(project.versionsDirectory()).entryList({u"bbbb1*"_s}).first();
        const QString path = project.versionsDirectory() + u'/' + file;
        const QByteArray before = readFile(path);
        writeFile(path, QByteArray(before).replace("['name']", "['id']"));
        QCOMPARE(state(0), u"approved"_s);
        QCOMPARE(state(1), u"stale"_s);
        const Ran shown = run({u"review"_s, u"show"_s, u"production/main"_s, u"bbbb1"_s}, folder);
        QVERIFY2(shown.out.contains(u"-CREATE INDEX ix_one ON one (name)"_s), qPrintable(shown.out));
        QVERIFY2(shown.out.contains(u"+CREATE INDEX ix_one ON one (id)"_s), qPrintable(shown.out));
        const Ran refused = run({u"upgrade"_s, u"production/main"_s, u"--yes"_s}, folder);
        QCOMPARE(refused.code, 7);
        QVERIFY2(QString(refused.out + refused.err).contains(u"bbbb1"_s),
                 qPrintable(refused.out + refused.err));
        QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT to_regclass('one') IS NULL"_s),
                 QStringList{u"t"_s});

        writeFile(path, before);
        QCOMPARE(state(1), u"approved"_s);
        const Ran done = run({u"upgrade"_s, u"production/main"_s, u"--yes"_s}, folder);
        QVERIFY2(done.code == 0, qPrintable(done.out + done.err));
    }

    void blockingFindingsNeedAReason()
    {
        ScratchProject project{QString()};
        addTwo(project);
        addWorkspace(project, u"postgresql://nobody@127.0.0.1:1/none"_s, 1);
        const QString folder = project.directory();
        const QStringList approve{u"review"_s, u"approve"_s, u"main"_s,       u"bbbb1"_s,
                                  u"--from"_s, u"aaaa1"_s,   u"--reviewer"_s, u"Ada"_s};
        const Ran refused = run(approve, folder);
        QCOMPARE(refused.code, 7);
        QVERIFY2(refused.err.contains(u"index-not-concurrent"_s), qPrintable(refused.err));
        QVERIFY(!QDir(folder + u"/.stepwell/reviews"_s).exists());
        QCOMPARE(run(approve + QStringList{u"--accept"_s, u"index-not-concurrent="_s}, folder).code, 2);
        const Ran accepted =
            run(approve + QStringList{u"--accept"_s, u"index-not-concurrent=the table is small, at night"_s},
                folder);
        QVERIFY2(accepted.code == 0, qPrintable(accepted.out + accepted.err));
        const Ran rejected =
            run({u"review"_s, u"reject"_s, u"main"_s, u"bbbb1"_s, u"--from"_s, u"aaaa1"_s}, folder);
        QCOMPARE(rejected.code, 2);
        const Ran status = run({u"review"_s, u"status"_s, u"main"_s, u"--from"_s, u"aaaa1"_s}, folder);
        QVERIFY2(status.out.contains(u"approved by Ada"_s), qPrintable(status.out + status.err));
    }

    void blockingFindingsStopARun()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        addTwo(project);
        project.addRevision(u"cccc1"_s, u"bbbb1"_s, u"op.drop_column('one', 'name')"_s, {});
        addWorkspace(project, database.url, 0);
        const QString folder = project.directory();
        const QString toml = folder + u"/stepwell.toml"_s;
        writeFile(toml, readFile(toml).replace("approvals = 0", "findings = \"block\""));
        QCOMPARE(run({u"upgrade"_s, u"production/main"_s, u"bbbb1"_s, u"--yes"_s}, folder).code, 0);
        const QStringList upgrade{u"upgrade"_s, u"production/main"_s, u"--yes"_s};
        const Ran refused = run(upgrade, folder);
        QCOMPARE(refused.code, 7);
        QVERIFY2(refused.err.contains(u"drop-column on one (cccc1)"_s), qPrintable(refused.err));
        QCOMPARE(run(upgrade + QStringList{u"--accept"_s, u"drop-column"_s}, folder).code, 2);
        const Ran done = run(upgrade + QStringList{u"--accept"_s, u"drop-column@one=nobody reads it"_s,
                                                   u"--accept"_s, u"*=the rest is known"_s},
                             folder);
        QVERIFY2(done.code == 0, qPrintable(done.out + done.err));
        const Ran journal = run({u"journal"_s, u"--format"_s, u"json"_s}, folder);
        const QJsonValue accepted = journal.json()["runs"_L1][0]["steps"_L1][0]["accepted"_L1];
        QCOMPARE(accepted[0]["reason"_L1].toString(), u"nobody reads it"_s);
        QVERIFY(!accepted[0]["by"_L1].toString().isEmpty());
    }

    void reviewAsHtml()
    {
        ScratchProject project{QString()};
        project.addRevision(u"aaaa1"_s, {},
                            u"op.execute(\"COMMENT ON SCHEMA public IS '<script>alert(1)</script>'\")"_s, {});
        const QString page = m_program.home(u"review.html"_s);
        const Ran ran = run({u"review"_s, u"show"_s, u"-c"_s, project.config(), u"--html"_s, page});
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        const QByteArray html = readFile(page);
        QVERIFY(html.contains("aaaa1"));
        QVERIFY(html.contains("&lt;script&gt;"));
        QVERIFY(!html.contains("<script>alert"));
    }
};

QTEST_GUILESS_MAIN(tst_LintCommand)
#include "tst_lintcommand.moc"
