// SPDX-License-Identifier: MIT
#include "migrations/workspace/workspace.h"

#include "tests/support/testfiles.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Workspace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void readsEveryKey();
    void findingsFollowTheProtection();
    void defaults();
    void keepsTheOrderOfTheFile();
    void targets();
    void warnsOfUnknownKeys();
    void durations_data();
    void durations();
    void mistakes_data();
    void mistakes();
    void passwordsAreRefused_data();
    void passwordsAreRefused();
    void missingFile();
    void findsTheWorkspaceAbove();
    void proposes();
    void proposalOfNothing();

private:
    [[nodiscard]] QString file() const { return m_folder->filePath(u"stepwell.toml"_s); }
    [[nodiscard]] Result<Workspace> read(const QString &text) const
    {
        writeFile(file(), text);
        return readWorkspace(m_folder->path());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QString minimal = u"version = 1\n[component.a]\nconfig = \"alembic.ini\"\n"_s;

QByteArray why(const Result<Workspace> &result)
{
    return result ? QByteArray() : toText(result.error()).toUtf8();
}

} // namespace

void tst_Workspace::readsEveryKey()
{
    const auto workspace = read(uR"(version = 1
[workspace]
name = "Backend"
[component.manager]
config = "alembic.ini"
section = "manager"
python = ["./py", "-I"]
version_table = "admin.versions"
restart = ["systemctl", "restart", "mgr"]
logs = ["logs/manager.log", "/var/log/x.log"]
note = "Core domain models."
[environment.production]
colour = "red"
protection = "protected"
backup = "required"
approvals = 2
findings = "warn"
lock_timeout = "500ms"
statement_timeout = "2min"
[environment.production.database.manager]
url = "postgresql://migrator@db1.internal:5432/backend?sslmode=verify-full"
config = "../release/alembic.ini"
[lint]
small_bytes = 1000
small_rows = 20
ignore = [
    {rule = "index-not-concurrent", relation = "billing.invoices", reason = "read only at night"},
    {rule = "*", reason = "a prototype"},
]
)"_s);
    QVERIFY2(workspace, why(workspace));
    QCOMPARE(workspace->warnings, QStringList());
    QCOMPARE(workspace->name, u"Backend"_s);
    QCOMPARE(workspace->directory, m_folder->path());
    const Component manager{.name = u"manager"_s,
                            .config = m_folder->filePath(u"alembic.ini"_s),
                            .section = u"manager"_s,
                            .python = {m_folder->filePath(u"py"_s), u"-I"_s},
                            .versionTable = u"admin.versions"_s,
                            .restart = {u"systemctl"_s, u"restart"_s, u"mgr"_s},
                            .logs = {m_folder->filePath(u"logs/manager.log"_s), u"/var/log/x.log"_s},
                            .note = u"Core domain models."_s};
    QCOMPARE(workspace->components, QList<Component>{manager});
    const DatabaseEntry database{.component = u"manager"_s,
                                 .url =
                                     u"postgresql://migrator@db1.internal:5432/backend?sslmode=verify-full"_s,
                                 .config = QDir::cleanPath(m_folder->filePath(u"../release/alembic.ini"_s))};
    const Environment production{.name = u"production"_s,
                                 .colour = u"red"_s,
                                 .protection = Protection::Protected,
                                 .backup = BackupPolicy::Required,
                                 .approvals = 2,
                                 .lockTimeout = 500ms,
                                 .statementTimeout = 120s,
                                 .databases = {database}};
    QCOMPARE(workspace->environments, QList<Environment>{production});
    const LintSettings lint{.ignored = {{.rule = u"index-not-concurrent"_s,
                                         .relation = u"billing.invoices"_s,
                                         .reason = u"read only at night"_s},
                                        {.rule = u"*"_s, .reason = u"a prototype"_s}},
                            .smallBytes = 1000,
                            .smallRows = 20};
    QCOMPARE(workspace->lint, lint);
}

void tst_Workspace::findingsFollowTheProtection()
{
    const auto workspace = read(QString(minimal + u"[environment.a]\nprotection = \"protected\"\n"
                                                  "[environment.b]\nprotection = \"open\"\n"
                                                  "[environment.c]\nfindings = \"block\"\n"
                                                  "[environment.d]\nprotection = \"protected\"\n"
                                                  "findings = \"off\"\n"_s));
    QVERIFY2(workspace, why(workspace));
    QList<FindingsPolicy> policies;
    for (const Environment &environment : workspace->environments)
        policies += environment.findings;
    QCOMPARE(policies, (QList<FindingsPolicy>{FindingsPolicy::Block, FindingsPolicy::Warn,
                                              FindingsPolicy::Block, FindingsPolicy::Off}));
}

void tst_Workspace::defaults()
{
    const auto workspace = read(QString(minimal + u"[environment.dev.database.a]\n"_s));
    QVERIFY2(workspace, why(workspace));
    QCOMPARE(workspace->name, QFileInfo(m_folder->path()).fileName());
    const Environment dev{.name = u"dev"_s, .databases = {{.component = u"a"_s}}};
    QCOMPARE(workspace->environments, QList<Environment>{dev});
    QCOMPARE(readWorkspace(file())->components, workspace->components); // by the file's own path too
}

void tst_Workspace::keepsTheOrderOfTheFile()
{
    const auto workspace = read(u"version = 1\n"
                                "component.z.config = 'z.ini'\ncomponent.m.config = 'm.ini'\n"
                                "[component.a]\nconfig = 'a.ini'\n"
                                "[environment.staging.database.a]\n[environment.staging.database.z]\n"
                                "[environment.production.database.m]\n"
                                "[environment.development]\n"
                                "[environment.production.database.z]\n"_s);
    QVERIFY2(workspace, why(workspace));
    QStringList names;
    const auto targets = workspace->targets();
    for (const Target &target : targets)
        names += target.id.text();
    QCOMPARE(names, QStringList({u"staging/z"_s, u"staging/a"_s, u"production/z"_s, u"production/m"_s}));
    QCOMPARE(workspace->environments.last().name, u"development"_s);
}

void tst_Workspace::targets()
{
    const auto workspace =
        read(QString(minimal + u"[environment.dev.database.a]\nurl = \"postgresql:///x\"\n"
                               "[environment.prod.database.a]\nconfig = \"other/alembic.ini\"\n"_s));
    QVERIFY2(workspace, why(workspace));
    const auto dev = workspace->target(TargetId{u"dev"_s, u"a"_s});
    QVERIFY(dev.has_value());
    QCOMPARE(dev->config, m_folder->filePath(u"alembic.ini"_s));
    QCOMPARE(dev->url, u"postgresql:///x"_s);
    QCOMPARE(workspace->target(u"prod/a"_s)->config, m_folder->filePath(u"other/alembic.ini"_s));
    for (const QString &text : {u"prdo/a"_s, u"a"_s, u""_s, u"dev/"_s}) {
        const auto none = workspace->target(text);
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::Usage);
        QVERIFY(none.error().hint.contains(u"There are: dev/a, prod/a."_s));
    }
    QVERIFY(workspace->target(u"prdo/a"_s).error().hint.startsWith(u"Did you mean prod/a?"_s));
}

void tst_Workspace::warnsOfUnknownKeys()
{
    const auto workspace =
        read(u"version = 1\nzzzzzzzzz = 1\n[component.a]\nconfig = \"a.ini\"\nphyton = [\"x\"]\n"
             "[environment.dev]\ncolor = \"red\"\nlock-timeout = \"1s\"\n"
             "[environment.dev.database.a]\nuri = \"\"\n"_s);
    QVERIFY2(workspace, why(workspace));
    const QString path = file();
    QStringList expected{
        path + u":2: unknown key \"zzzzzzzzz\" in the file"_s,
        path + u":5: unknown key \"phyton\" in [component.a]; did you mean \"python\"?"_s,
        path + u":7: unknown key \"color\" in [environment.dev]; did you mean \"colour\"?"_s,
        path + u":8: unknown key \"lock-timeout\" in [environment.dev]; did you mean \"lock_timeout\"?"_s,
        path + u":10: unknown key \"uri\" in [environment.dev.database.a]; did you mean \"url\"?"_s};
    QCOMPARE(workspace->warnings, expected);
}

void tst_Workspace::durations_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<qint64>("milliseconds"); // -1: an error
    QTest::newRow("ms") << u"\"500ms\""_s << qint64(500);
    QTest::newRow("s") << u"\"5s\""_s << qint64(5000);
    QTest::newRow("min") << u"\"2min\""_s << qint64(120000);
    QTest::newRow("h") << u"\"1h\""_s << qint64(3600000);
    QTest::newRow("a space") << u"\"5 s\""_s << qint64(5000);
    QTest::newRow("text 0") << u"\"0\""_s << qint64(0);
    QTest::newRow("number 0") << u"0"_s << qint64(0);
    QTest::newRow("no unit") << u"\"5\""_s << qint64(-1);
    QTest::newRow("number") << u"5"_s << qint64(-1);
    QTest::newRow("negative") << u"\"-5s\""_s << qint64(-1);
    QTest::newRow("fraction") << u"\"1.5s\""_s << qint64(-1);
    QTest::newRow("other unit") << u"\"5m\""_s << qint64(-1);
    QTest::newRow("empty") << u"\"\""_s << qint64(-1);
    QTest::newRow("too much for the server") << u"\"999999h\""_s << qint64(-1);
    QTest::newRow("list") << u"[]"_s << qint64(-1);
}

void tst_Workspace::durations()
{
    QFETCH(QString, value);
    QFETCH(qint64, milliseconds);
    const auto workspace = read(QString(minimal + u"[environment.e]\nlock_timeout = "_s + value + u'\n'));
    if (milliseconds >= 0) {
        QVERIFY2(workspace, why(workspace));
        QCOMPARE(workspace->environments.first().lockTimeout.count(), milliseconds);
        return;
    }
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::InvalidWorkspace);
    QVERIFY2(workspace.error().message.startsWith(QString(file() + u":5: expected a duration"_s)),
             why(workspace));
}

void tst_Workspace::mistakes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message"); // after the file's name
    const QString head = minimal + u"[environment.e]\n"_s;
    QTest::newRow("empty file") << QString() << u":1: expected version = 1, found none"_s;
    QTest::newRow("no TOML") << u"version = 1\nname = what\n"_s << u":2: expected TOML, found a mistake: "_s;
    QTest::newRow("key twice") << u"version = 1\nversion = 1\n"_s << u":2: expected TOML"_s;
    QTest::newRow("invalid UTF-8") << QString() << u":2: expected TOML, found a mistake: "_s;
    QTest::newRow("newer version") << u"version = 2\n"_s << u":1: expected version = 1, found 2"_s;
    QTest::newRow("version as text")
        << u"version = \"1\"\n"_s
        << u":1: expected a whole number from 1 to 1000000 for \"version\", found \"1\""_s;
    QTest::newRow("no component") << u"version = 1\n"_s
                                  << u":1: expected at least one [component.NAME], found none"_s;
    QTest::newRow("component without config")
        << u"version = 1\n[component.a]\nnote = \"\"\n"_s
        << u":2: expected config = \"…\" in [component.a], found none"_s;
    QTest::newRow("component is no table")
        << u"version = 1\ncomponent = 3\n"_s << u":2: expected a table [component], found the number 3"_s;
    QTest::newRow("component of text") << u"version = 1\n[component]\na = \"alembic.ini\"\n"_s
                                       << u":3: expected a table [component.a], found \"alembic.ini\""_s;
    QTest::newRow("slash in a name")
        << u"version = 1\n[component.\"a/b\"]\nconfig = \"x\"\n"_s
        << u":2: expected a name without slashes for the component, found \"a/b\""_s;
    QTest::newRow("text as number") << QString(minimal + u"note = 5\n"_s)
                                    << u":4: expected a text in quotes for \"note\", found the number 5"_s;
    QTest::newRow("list as text")
        << QString(minimal + u"python = \"py\"\n"_s)
        << u":4: expected a list of texts such as [\"a\", \"b\"] for \"python\", found \"py\""_s;
    QTest::newRow("list of numbers")
        << QString(minimal + u"python = [\n\"py\",\n3]\n"_s)
        << u":6: expected a list of texts such as [\"a\", \"b\"] for \"python\", found the number 3"_s;
    QTest::newRow("colour")
        << QString(head + u"colour = \"pink\"\n"_s)
        << u":5: expected red, orange, yellow, green, blue, purple, grey or \"#rrggbb\" for "
           "\"colour\", found \"pink\""_s;
    QTest::newRow("short hex") << QString(head + u"colour = \"#fff\"\n"_s) << u":5: expected red"_s;
    QTest::newRow("protection") << QString(head + u"protection = true\n"_s)
                                << u":5: expected \"open\" or \"protected\" for \"protection\", found true"_s;
    QTest::newRow("backup")
        << QString(head + u"backup = \"always\"\n"_s)
        << u":5: expected \"off\", \"offer\" or \"required\" for \"backup\", found \"always\""_s;
    QTest::newRow("findings")
        << QString(head + u"findings = \"ignore\"\n"_s)
        << u":5: expected \"off\", \"warn\" or \"block\" for \"findings\", found \"ignore\""_s;
    QTest::newRow("ignored without a reason")
        << QString(minimal + u"[lint]\nignore = [\n{rule = \"a\", reason = \"b\"},\n{rule = \"c\"}]\n"_s)
        << u":7: expected reason = \"…\" in ignore of [lint], found none"_s;
    QTest::newRow("ignored with a blank reason")
        << QString(minimal + u"[[lint.ignore]]\nrule = \"a\"\nreason = \" \"\n"_s)
        << u":4: expected reason = \"…\" in ignore of [lint], found none"_s;
    QTest::newRow("ignored without a rule") << QString(minimal + u"[lint]\nignore = [{reason = \"b\"}]\n"_s)
                                            << u":5: expected rule = \"…\" in ignore of [lint], found none"_s;
    QTest::newRow("ignored as text")
        << QString(minimal + u"[lint]\nignore = [\"a\"]\n"_s)
        << u":5: expected a list of tables such as [{…}, {…}] for \"ignore\", found \"a\""_s;
    QTest::newRow("small_bytes")
        << QString(minimal + u"[lint]\nsmall_bytes = \"1 MB\"\n"_s)
        << u":5: expected a whole number from 0 to 1000000000000000 for \"small_bytes\", found \"1 MB\""_s;
    QTest::newRow("approvals")
        << QString(head + u"approvals = -1\n"_s)
        << u":5: expected a whole number from 0 to 100 for \"approvals\", found the number -1"_s;
    QTest::newRow("unknown component") << QString(head + u"[environment.e.database.b]\n"_s)
                                       << u":5: expected a database of a component (a), found \"b\""_s;
    QTest::newRow("database is text") << QString(head + u"database.a = \"postgresql:///\"\n"_s)
                                      << u":5: expected a table [database.a], found \"postgresql:///\""_s;
}

void tst_Workspace::mistakes()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    auto workspace = read(text);
    if (qstrcmp(QTest::currentDataTag(), "invalid UTF-8") == 0) {
        writeFile(file(), QByteArray("version = 1\nname = \"\xff\xfe\"\n"));
        workspace = readWorkspace(file());
    }
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::InvalidWorkspace);
    QVERIFY2(workspace.error().message.startsWith(QString(file() + message)), why(workspace));
    QVERIFY(!workspace.error().hint.isEmpty());
}

void tst_Workspace::passwordsAreRefused_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("refused");
    QTest::newRow("plain") << u"postgresql://u:secret1@h/d"_s << true;
    QTest::newRow("with a driver") << u"postgresql+asyncpg://u:secret1@h:5432/d"_s << true;
    QTest::newRow("with a slash") << u"postgresql://u:secret1/x@h/d"_s << true;
    QTest::newRow("no user") << u"postgresql://:secret1@h/d"_s << true;
    QTest::newRow("in the query") << u"postgresql://u@h/d?sslmode=require&password=secret1"_s << true;
    QTest::newRow("of a key file") << u"postgresql://u@h/d?sslpassword=secret1"_s << true;
    QTest::newRow("libpq keywords") << u"host=h dbname=d password = secret1"_s << true;
    QTest::newRow("none") << u"postgresql://u@h:5432/d?passfile=/x&sslmode=require"_s << false;
    QTest::newRow("socket") << u"postgresql://u@/d?host=/tmp/s"_s << false;
    QTest::newRow("service") << u"postgresql:///?service=prod"_s << false;
}

void tst_Workspace::passwordsAreRefused()
{
    QFETCH(QString, url);
    QFETCH(bool, refused);
    const auto workspace =
        read(QString(minimal + u"[environment.e.database.a]\nurl = \""_s + url + u"\"\n"_s));
    QCOMPARE(workspace.has_value(), !refused);
    if (!refused)
        return;
    QCOMPARE(workspace.error().kind, ErrorKind::InvalidWorkspace);
    QVERIFY2(workspace.error().message.endsWith(
                 u":5: expected a url without password, found one with a password"_s),
             why(workspace));
    QVERIFY(workspace.error().hint.contains(u"keychain"_s));
    QVERIFY(workspace.error().hint.contains(u".pgpass"_s));
    QVERIFY(!toText(workspace.error()).contains(u"secret1"_s));
}

void tst_Workspace::missingFile()
{
    for (const QString &path : {m_folder->path(), file(), m_folder->filePath(u"nowhere"_s)}) {
        const auto workspace = readWorkspace(path);
        QVERIFY(!workspace);
        QCOMPARE(workspace.error().kind, ErrorKind::InvalidWorkspace);
        QVERIFY(!workspace.error().hint.isEmpty());
    }
}

void tst_Workspace::findsTheWorkspaceAbove()
{
    const QString below = m_folder->filePath(u"a/b/c"_s);
    QVERIFY(QDir().mkpath(below));
    const auto none = findWorkspace(below);
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::InvalidWorkspace);
    writeFile(m_folder->filePath(u"a/stepwell.toml"_s), minimal);
    QCOMPARE(findWorkspace(below).value(), m_folder->filePath(u"a"_s));
    QCOMPARE(findWorkspace(m_folder->filePath(u"a"_s)).value(), m_folder->filePath(u"a"_s));
    QVERIFY(!findWorkspace(m_folder->path()));
}

void tst_Workspace::proposes()
{
    const QString root = m_folder->filePath(u"my \"backend\""_s);
    for (const QString &path :
         {u"alembic.ini"_s, u"alembic-accountmgr.ini"_s, u"alembic_proxy.ini"_s, u"svc/alembic.ini"_s,
          u"svc/alembic-accountmgr.ini"_s, u"x/y/svc/alembic.ini"_s, u"x/y/z/too deep/alembic.ini"_s,
          u".hidden/alembic.ini"_s, u"node_modules/alembic.ini"_s, u"env/pyvenv.cfg"_s, u"env/alembic.ini"_s,
          u"other.ini"_s})
        writeFile(QString(root + u'/' + path), QByteArray());
    QVERIFY(QFile::link(root, QString(root + u"/circle"_s)));
    const auto text = proposeWorkspace(root);
    QVERIFY2(text, text ? "" : qPrintable(toText(text.error())));
    writeFile(QString(root + u"/stepwell.toml"_s), *text);
    const auto workspace = readWorkspace(root);
    QVERIFY2(workspace, why(workspace));
    QCOMPARE(workspace->warnings, QStringList());
    QCOMPARE(workspace->name, u"my \"backend\""_s);
    QStringList lines;
    for (const Component &component : workspace->components)
        lines += u"%1 = %2"_s.arg(component.name, QDir(root).relativeFilePath(component.config));
    QCOMPARE(lines,
             QStringList({u"accountmgr = alembic-accountmgr.ini"_s, u"my-backend = alembic.ini"_s,
                          u"proxy = alembic_proxy.ini"_s, u"svc-accountmgr = svc/alembic-accountmgr.ini"_s,
                          u"svc = svc/alembic.ini"_s, u"svc-2 = x/y/svc/alembic.ini"_s}));
    const auto targets = workspace->targets();
    QCOMPARE(targets.size(), 6);
    QCOMPARE(targets.first().id.environment, u"development"_s);
    QCOMPARE(targets.first().url, QString());
}

void tst_Workspace::proposalOfNothing()
{
    const auto text = proposeWorkspace(m_folder->path());
    QVERIFY(!text);
    QCOMPARE(text.error().kind, ErrorKind::InvalidWorkspace);
}

QTEST_GUILESS_MAIN(tst_Workspace)
#include "tst_workspace.moc"
