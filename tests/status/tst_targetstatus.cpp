// SPDX-License-Identifier: MIT
#include "migrations/status/targetstatus.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// A project from "id<parent,parent" words; a word "id<parent!dependency" depends on another one.
std::unique_ptr<ScratchProject> project(const QString &graph, const QString &url = {})
{
    auto made = std::make_unique<ScratchProject>(url);
    for (const QString &word : graph.split(u' ', Qt::SkipEmptyParts)) {
        const QString links = word.section(u'<', 1);
        made->addRevision(
            ScratchRevision{.id = word.section(u'<', 0, 0),
                            .down = links.section(u'!', 0, 0).split(u',', Qt::SkipEmptyParts),
                            .dependsOn = links.section(u'!', 1).split(u',', Qt::SkipEmptyParts)});
    }
    return made;
}

Target targetOf(const ScratchProject &files, const QString &url = {})
{
    Target target;
    target.id = {.environment = u"staging"_s, .component = u"manager"_s};
    target.component.name = u"manager"_s;
    target.component.config = files.config();
    target.config = files.config();
    target.url = url;
    return target;
}

DatabaseState stateWith(const QString &rows)
{
    DatabaseState state;
    state.rows = toRevisionIds(rows.split(u' ', Qt::SkipEmptyParts));
    state.versionTableExists = !state.rows.isEmpty();
    return state;
}

TargetStatus assess(const Target &target, const QString &rows)
{
    return assessTarget(target, ScriptDirectory::survey({.config = target.config}), stateWith(rows));
}

} // namespace

class TestTargetStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void assesses_data();
    void assesses();
    void saysWhereTheHeadsPart();
    void findsARevisionInTheComponentsOwnCheckout();
    void keepsRowsWhenTheFilesAreBroken();
    void keepsHeadsWhenTheDatabaseIsAway();
    void readsTheWorkspacesDatabase();
    void asksWhichOfSeveralDatabases();
    void readsTheInisDatabase();
    void readsBehindBrokenScripts();
    void saysWhenThereIsNoUrl();
};

void TestTargetStatus::assesses_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("pending");
    QTest::addColumn<QString>("error");

    const auto row = [](const char *name, const QString &graph, const QString &rows, const QString &state,
                        const QString &pending, const QString &error) {
        QTest::newRow(name) << graph << rows << state << pending << error;
    };
    const QString linear = u"a b<a c<b"_s;
    const QString forked = u"a b<a c<a"_s;
    const QString merged = u"a b<a c<a m<b,c"_s;
    row("at head", linear, u"c"_s, u"at-head"_s, u""_s, u""_s);
    row("one pending", linear, u"b"_s, u"pending"_s, u"c"_s, u""_s);
    row("two pending", linear, u"a"_s, u"pending"_s, u"b c"_s, u""_s);
    row("empty", linear, u""_s, u"empty"_s, u"a b c"_s, u""_s);
    // `alembic upgrade` stops at that, also where nothing is left to run.
    row("redundant row", linear, u"b c"_s, u"broken"_s, u""_s, u"overlapping-revisions"_s);
    row("no revisions", u""_s, u""_s, u"empty"_s, u""_s, u""_s);
    row("unknown", linear, u"zzz"_s, u"unknown-revision"_s, u""_s, u"unknown-revision"_s);
    row("unknown beside known", linear, u"b zzz"_s, u"unknown-revision"_s, u""_s, u"unknown-revision"_s);
    row("unknown, forked", forked, u"zzz"_s, u"unknown-revision"_s, u""_s, u"unknown-revision"_s);
    row("forked, at the fork", forked, u"a"_s, u"diverged"_s, u"b c"_s, u"multiple-heads"_s);
    row("forked, one side", forked, u"b"_s, u"diverged"_s, u"c"_s, u"multiple-heads"_s);
    row("forked, empty", forked, u""_s, u"diverged"_s, u"a b c"_s, u"multiple-heads"_s);
    row("forked, both sides", forked, u"b c"_s, u"at-head"_s, u""_s, u""_s);
    row("two bases", u"a b"_s, u"a"_s, u"diverged"_s, u"b"_s, u"multiple-heads"_s);
    row("merge pending", merged, u"b c"_s, u"pending"_s, u"m"_s, u""_s);
    row("merged", merged, u"m"_s, u"at-head"_s, u""_s, u""_s);
    row("head implied by a dependency", u"a x<!a"_s, u"x"_s, u"at-head"_s, u""_s, u""_s);
}

void TestTargetStatus::assesses()
{
    QFETCH(const QString, graph);
    QFETCH(const QString, rows);
    const auto files = project(graph);
    const TargetStatus status = assess(targetOf(*files), rows);
    QTEST(stateName(status.state), "state");
    QStringList pending = toTexts(status.pending);
    if (status.state == TargetState::Diverged) // sides of a fork have no order between them
        pending.sort();
    QTEST(pending.join(u' '), "pending");
    QTEST(status.error ? kindName(status.error->kind) : QString(), "error");
    QCOMPARE(status.id.text(), u"staging/manager"_s);
    QVERIFY(status.scripts);
    QVERIFY(status.database);
    QVERIFY(status.readAt.isValid());
    QVERIFY(!status.error || !status.error->hint.isEmpty());
}

void TestTargetStatus::saysWhereTheHeadsPart()
{
    const auto files = project(u"a b<a c<b d<b"_s);
    const TargetStatus forked = assess(targetOf(*files), u"a"_s);
    QVERIFY(forked.error);
    for (const QString &word :
         {u"2 heads"_s, u"c (\"c\")"_s, u"d (\"d\")"_s, u"They part after b (\"b\")."_s})
        QVERIFY2(forked.error->message.contains(word), qPrintable(forked.error->message));

    const auto strangers = project(u"a b"_s);
    const TargetStatus apart = assess(targetOf(*strangers), u""_s);
    QVERIFY2(apart.error->message.endsWith(u"They share no revision."_s), qPrintable(apart.error->message));
}

void TestTargetStatus::findsARevisionInTheComponentsOwnCheckout()
{
    const auto own = project(u"a b<a"_s);
    const auto release = project(u"a"_s);
    Target target = targetOf(*release);
    target.component.config = own->config();
    const TargetStatus found = assess(target, u"b"_s);
    QCOMPARE(found.state, TargetState::Elsewhere);
    QCOMPARE(stateName(found.state), u"unknown-revision"_s);
    QCOMPARE(found.error->kind, ErrorKind::UnknownRevision);
    QVERIFY(found.error->hint.contains(own->config()));
    QVERIFY(found.error->hint.contains(release->config()));

    QCOMPARE(assess(target, u"b zzz"_s).state, TargetState::UnknownRevision);
}

void TestTargetStatus::keepsRowsWhenTheFilesAreBroken()
{
    const auto files = project(u"a b<missing"_s);
    const TargetStatus status = assess(targetOf(*files), u"a"_s);
    QCOMPARE(status.state, TargetState::Broken);
    QCOMPARE(status.error->kind, ErrorKind::MissingParent);
    QCOMPARE(toText(status.current), u"a"_s);
    QVERIFY(status.scripts);
    QCOMPARE(status.scripts->map.count(), 2); // what is sound can still be looked at
    QCOMPARE(status.scripts->problems.size(), 1);
    QVERIFY(status.pending.isEmpty());
}

void TestTargetStatus::keepsHeadsWhenTheDatabaseIsAway()
{
    const auto files = project(u"a b<a"_s);
    const Target target = targetOf(*files);
    const TargetStatus status = assessTarget(target, ScriptDirectory::survey({.config = target.config}),
                                             failure(ErrorKind::ConnectionRefused, u"away"_s, u"start it"_s));
    QCOMPARE(status.state, TargetState::Unreachable);
    QCOMPARE(status.error->kind, ErrorKind::ConnectionRefused);
    QCOMPARE(toText(status.heads), u"b"_s);
    QVERIFY(!status.database);
    QVERIFY(status.pending.isEmpty());
}

void TestTargetStatus::readsTheWorkspacesDatabase()
{
    TestCluster &cluster = TestCluster::instance();
    const TestDatabase database = cluster.newDatabase();
    const auto files = project(u"a b<a"_s, u"postgresql://nobody@no-such-host.invalid/x"_s);
    const Target target = targetOf(*files, database.url);
    const TargetStatus empty = readTargetStatus(target, {});
    QVERIFY2(empty.state == TargetState::Empty, empty.error ? qPrintable(toText(*empty.error)) : "");
    QVERIFY(!empty.database->versionTableExists);

    cluster.execute(database.name, u"CREATE SCHEMA app; CREATE TABLE app.versions (version_num text);"
                                   "INSERT INTO app.versions VALUES ('a')"_s);
    Target named = target;
    named.component.versionTable = u"app.versions"_s;
    const TargetStatus pending = readTargetStatus(named, {});
    QCOMPARE(pending.state, TargetState::Pending);
    QCOMPARE(toText(pending.pending), u"b"_s);
    QCOMPARE(pending.database->databaseName, database.name);
    QCOMPARE(pending.connection.database, database.name);
    QVERIFY(pending.duration.count() >= 0);
}

void TestTargetStatus::asksWhichOfSeveralDatabases()
{
    const auto files = project(u"a"_s);
    QByteArray ini = readFile(files->config());
    ini.replace("sqlalchemy.url", "databases = users, orders\nunused");
    ini += "\n[users]\nsqlalchemy.url = postgresql:///u\n[orders]\nsqlalchemy.url = postgresql:///o\n";
    writeFile(files->config(), ini);
    Target target = targetOf(*files);
    target.url.clear();
    const TargetStatus status = readTargetStatus(target, {});
    QCOMPARE(status.state, TargetState::Unreachable);
    QCOMPARE(status.error->kind, ErrorKind::InvalidConfig);
    QVERIFY(status.error->message.contains("users, orders"_L1));
    QCOMPARE(toTexts(status.heads), QStringList{u"a"_s});
}

void TestTargetStatus::readsTheInisDatabase()
{
    TestCluster &cluster = TestCluster::instance();
    const TestDatabase database = cluster.newDatabase();
    cluster.execute(database.name, u"CREATE TABLE alembic_version (version_num text);"
                                   "INSERT INTO alembic_version VALUES ('b')"_s);
    ConnectionSettings settings = database.settings;
    settings.password = u"per%cent"_s;
    const auto files = project(u"a b<a"_s, settings.sqlAlchemyUrl({}, {}));
    const TargetStatus status = readTargetStatus(targetOf(*files), {});
    QVERIFY2(status.state == TargetState::AtHead, status.error ? qPrintable(toText(*status.error)) : "");
    QCOMPARE(status.connection.driver, u"psycopg2"_s);
    QCOMPARE(status.connection.password, QString()); // not kept
}

void TestTargetStatus::readsBehindBrokenScripts()
{
    TestCluster &cluster = TestCluster::instance();
    const TestDatabase database = cluster.newDatabase();
    cluster.execute(database.name, u"CREATE TABLE alembic_version (version_num text);"
                                   "INSERT INTO alembic_version VALUES ('b')"_s);
    const auto files = project(u"a b<missing"_s, database.url);
    const TargetStatus status = readTargetStatus(targetOf(*files), {});
    QCOMPARE(status.state, TargetState::Broken);
    QCOMPARE(toText(status.current), u"b"_s);
}

void TestTargetStatus::saysWhenThereIsNoUrl()
{
    const auto files = project(u"a"_s);
    const TargetStatus status = readTargetStatus(targetOf(*files), {});
    QCOMPARE(status.state, TargetState::Unreachable);
    QCOMPARE(status.error->kind, ErrorKind::InvalidConfig);

    Target nowhere = targetOf(*files);
    nowhere.config = QDir(files->directory()).filePath(u"absent.ini"_s);
    const TargetStatus broken = readTargetStatus(nowhere, {});
    QCOMPARE(broken.state, TargetState::Broken);
    QVERIFY(broken.error);
}

QTEST_GUILESS_MAIN(TestTargetStatus)
#include "tst_targetstatus.moc"
