// SPDX-License-Identifier: MIT
#include "migrations/backup/privatecluster.h"

#include "migrations/backup/postgresprograms.h"
#include "migrations/backup/socketlink.h"
#include "migrations/process/process.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QByteArray why(const Result<void> &result)
{
    return result ? QByteArray() : toText(result.error()).toUtf8();
}

/// Ends the server when a test is left early.
struct Ending {
    PrivateCluster &cluster;
    ~Ending() { (void)cluster.stop(true); }
};

} // namespace

class tst_PrivateCluster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void testClusterServes();
    void projectsOfEachDriverReachIt_data();
    void projectsOfEachDriverReachIt();
    void lifeOfACluster_data();
    void lifeOfACluster();
    void startsAfterAPowerCut_data();
    void startsAfterAPowerCut();
    void linkIsMadeAgain();
    void refusesALinkFolderOfOthers();
    void namesTheMissingPackage();
    void prefersTheServersRelease();
    void missingClusterIsAnError();
    void saysWhyTheServerDoesNotStart();
    void statementsThatFailAreErrors();
};

void tst_PrivateCluster::testClusterServes()
{
    TestCluster &cluster = TestCluster::instance();
    const TestDatabase first = cluster.newDatabase();
    const TestDatabase second = cluster.newDatabase();
    QVERIFY(first.name != second.name);
    cluster.execute(first.name, u"CREATE TABLE t AS SELECT generate_series(1, 3) AS n"_s);
    QCOMPARE(cluster.rows(first.name, u"SELECT n, n * 2 FROM t ORDER BY n"_s),
             QStringList({u"1|2"_s, u"2|4"_s, u"3|6"_s}));
    QCOMPARE(cluster.rows(second.name, u"SELECT to_regclass('t') IS NULL"_s), QStringList{u"t"_s});
    QCOMPARE(cluster.rows(first.name, u"SHOW timezone"_s), QStringList{u"UTC"_s});
    QCOMPARE(cluster.rows(first.name, u"SHOW server_encoding"_s), QStringList{u"UTF8"_s});
    QCOMPARE(cluster.rows(first.name, u"SHOW listen_addresses"_s), QStringList());
    cluster.stopServer(true);
    QVERIFY(!cluster.cluster().isRunning());
    cluster.startServer();
    QCOMPARE(cluster.rows(first.name, u"SELECT count(*) FROM t"_s), QStringList{u"3"_s});
}

void tst_PrivateCluster::projectsOfEachDriverReachIt_data()
{
    QTest::addColumn<ScratchProject::Environment>("environment");
    QTest::newRow("psycopg2") << ScratchProject::SyncPsycopg2;
    QTest::newRow("psycopg") << ScratchProject::SyncPsycopg;
    QTest::newRow("asyncpg") << ScratchProject::AsyncAsyncpg;
}

void tst_PrivateCluster::projectsOfEachDriverReachIt()
{
    QFETCH(ScratchProject::Environment, environment);
    const TestDatabase database = TestCluster::instance().newDatabase();
    ScratchProject project(database.url, environment);
    project.addRevision(u"aa01"_s, {}, u"op.create_table('t', sa.Column('id', sa.Integer))"_s,
                        u"op.drop_table('t')"_s);
    project.addRevision(u"bb01"_s, u"aa01"_s, {}, {});
    project.addRevision({.id = u"bb02"_s, .down = {u"aa01"_s}, .labels = {u"side"_s}});
    project.addRevision({.id = u"cc01"_s, .down = {u"bb01"_s, u"bb02"_s}, .message = u"Say \"merged\""_s});
    const auto output = processOutput(
        {.program = u"python3"_s,
         .arguments = {u"-m"_s, u"alembic"_s, u"-c"_s, project.config(), u"upgrade"_s, u"head"_s},
         .workingDirectory = project.directory()});
    QVERIFY2(output.has_value(), output ? "" : qPrintable(toText(output.error())));
    QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT version_num FROM alembic_version"_s),
             QStringList{u"cc01"_s});
}

void tst_PrivateCluster::lifeOfACluster_data()
{
    QTest::addColumn<QString>("below");
    QTest::addColumn<bool>("linked");
    QTest::newRow("short path") << u"c"_s << false;
    QTest::newRow("path of more than 107 bytes") << QString(u"long/"_s.repeated(30) + u"c"_s) << true;
    QTest::newRow("spaces, quotes, commas, umlauts") << u"it's \"a\", clüster $(id) %41=b"_s << true;
}

void tst_PrivateCluster::lifeOfACluster()
{
    QFETCH(QString, below);
    QFETCH(bool, linked);
    // 0700: as root, the server's account cannot enter it without help.
    const QTemporaryDir folder;
    PrivateCluster cluster(folder.filePath(below));
    const Ending ending{cluster};
    QVERIFY(!cluster.exists());
    const auto created = cluster.create();
    QVERIFY2(created, why(created));
    QVERIFY(cluster.exists());
    QVERIFY(!cluster.isRunning());
    QVERIFY(!cluster.create()); // nothing is overwritten

    auto started = cluster.start();
    QVERIFY2(started, why(started));
    QVERIFY(cluster.isRunning());
    QCOMPARE(cluster.socketDirectory().startsWith(folder.path()), !linked);
    QVERIFY(cluster.socketDirectory().toUtf8().size() <= 93);
    const qint64 server = cluster.serverProcessId();
    started = cluster.start();
    QVERIFY2(started, why(started));
    QCOMPARE(cluster.serverProcessId(), server);

    const auto made = cluster.createDatabase(u"my \"odd\" name"_s);
    QVERIFY2(made, why(made));
    const auto table = cluster.execute(u"my \"odd\" name"_s, u"CREATE TABLE t (); CREATE TABLE u ();"_s);
    QVERIFY2(table, why(table));

    // Another object, as another process would have, finds and stops it.
    PrivateCluster same(folder.filePath(below));
    QCOMPARE(same.serverProcessId(), server);
    QCOMPARE(same.url(u"d"_s), cluster.url(u"d"_s));
    const auto stopped = same.stop();
    QVERIFY2(stopped, why(stopped));
    QVERIFY(!cluster.isRunning());
    QVERIFY(cluster.stop().has_value());
}

void tst_PrivateCluster::startsAfterAPowerCut_data()
{
    QTest::addColumn<bool>("reused");
    QTest::newRow("killed") << false;
    QTest::newRow("killed, and its process number belongs to somebody else") << true;
}

void tst_PrivateCluster::startsAfterAPowerCut()
{
    QFETCH(bool, reused);
    PrivateCluster &cluster = TestCluster::instance().cluster();
    QVERIFY(::kill(pid_t(cluster.serverProcessId()), SIGKILL) == 0);
    QTRY_VERIFY(!cluster.isRunning());
    const QString lockFile = cluster.directory() + u"/data/postmaster.pid"_s;
    if (reused) {
        QByteArray text = readFile(lockFile);
        text.replace(0, text.indexOf('\n'), QByteArray::number(::getpid()));
        writeFile(lockFile, text);
        QVERIFY(!cluster.isRunning());
    }
    const auto started = cluster.start();
    QVERIFY2(started, why(started));
    QCOMPARE(TestCluster::instance().rows(u"postgres"_s, u"SELECT 1"_s), QStringList{u"1"_s});
}

void tst_PrivateCluster::linkIsMadeAgain()
{
    const QTemporaryDir folder;
    PrivateCluster cluster(folder.filePath(u"a b"_s));
    const Ending ending{cluster};
    auto result = cluster.create();
    QVERIFY2(result, why(result));
    result = cluster.start();
    QVERIFY2(result, why(result));
    QVERIFY(QFile::remove(cluster.socketDirectory())); // as a cleaned /tmp does
    QVERIFY(!cluster.execute(u"postgres"_s, u"SELECT 1"_s));
    result = cluster.start();
    QVERIFY2(result, why(result));
    result = cluster.execute(u"postgres"_s, u"SELECT 1"_s);
    QVERIFY2(result, why(result));

    QFile::remove(cluster.socketDirectory());
    QVERIFY(QFile::link(u"/nowhere"_s, cluster.socketDirectory()));
    result = cluster.start();
    QVERIFY2(result, why(result));
    result = cluster.execute(u"postgres"_s, u"SELECT 1"_s);
    QVERIFY2(result, why(result));
}

void tst_PrivateCluster::refusesALinkFolderOfOthers()
{
    const QTemporaryDir folder;
    const QString links = folder.filePath(u"links"_s);
    const QString socket = folder.filePath(u"a b"_s);
    auto made = makeSocketLink(socket, links);
    QVERIFY2(made, why(made));
    QCOMPARE(QFile::symLinkTarget(socketFolderFor(socket, links)), socket);

    QVERIFY(::chmod(links.toUtf8().constData(), 0777) == 0); // anybody could change the link
    made = makeSocketLink(socket, links);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::FileError);
    QVERIFY2(made.error().message.contains(links), why(made));
    QVERIFY(!made.error().hint.isEmpty());

    QVERIFY(::chmod(links.toUtf8().constData(), 0711) == 0);
    removeSocketLink(socket, links);
    QVERIFY(!QFileInfo(socketFolderFor(socket, links)).isSymLink());
    QVERIFY(QDir().rmdir(links));
    QVERIFY(QFile::link(folder.path(), links)); // a link to a folder of ours, put there by somebody
    QVERIFY(!makeSocketLink(socket, links));
}

void tst_PrivateCluster::namesTheMissingPackage()
{
    const auto newer = clientProgram(PostgresProgram::Dump, 99);
    QVERIFY(!newer);
    QCOMPARE(newer.error().kind, ErrorKind::ProgramMissing);
    QVERIFY(newer.error().message.contains(u"pg_dump 99 or newer"_s));
    QVERIFY(newer.error().hint.contains(u"postgresql-client-99"_s));

    const QTemporaryDir empty;
    qputenv("STEPWELL_PG_BIN", empty.path().toUtf8());
    const auto none = newestProgram(PostgresProgram::InitDb);
    PrivateCluster cluster(empty.filePath(u"c"_s));
    const auto created = cluster.create();
    qunsetenv("STEPWELL_PG_BIN");
    QVERIFY(!none);
    QVERIFY(none.error().message.contains(u"initdb is not installed"_s));
    QVERIFY(none.error().hint.contains(u"the package postgresql "_s));
    QVERIFY(!created);
    QCOMPARE(created.error().kind, ErrorKind::ProgramMissing);
}

void tst_PrivateCluster::prefersTheServersRelease()
{
    const QTemporaryDir folder;
    QStringList folders;
    for (const QString &version : {u"14.2"_s, u"18beta1"_s, u"16.10"_s}) {
        const QString path = folder.filePath(QString(version + u"/pg_dump"_s));
        writeFile(path, u"#!/bin/sh\necho 'pg_dump (PostgreSQL) %1 (Debian)'\n"_s.arg(version));
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        folders += folder.filePath(version);
    }
    qputenv("STEPWELL_PG_BIN", folders.join(u':').toUtf8());
    const auto all = findPostgresPrograms(PostgresProgram::Dump);
    const auto exact = clientProgram(PostgresProgram::Dump, 16);
    const auto nearest = clientProgram(PostgresProgram::Dump, 15);
    const auto old = clientProgram(PostgresProgram::Dump, 9);
    qunsetenv("STEPWELL_PG_BIN");
    QCOMPARE(all.size(), 3);
    QCOMPARE(all.first().version, u"18beta1"_s);
    QCOMPARE(exact->version, u"16.10"_s);
    QCOMPARE(nearest->major, 16);
    QCOMPARE(old->major, 14);
}

void tst_PrivateCluster::missingClusterIsAnError()
{
    const QTemporaryDir folder;
    PrivateCluster cluster(folder.filePath(u"none"_s));
    QVERIFY(!cluster.exists());
    QVERIFY(!cluster.isRunning());
    QVERIFY(cluster.stop().has_value());
    const auto started = cluster.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::FileError);
    QVERIFY(!started.error().hint.isEmpty());
}

void tst_PrivateCluster::saysWhyTheServerDoesNotStart()
{
    const QTemporaryDir folder;
    PrivateCluster cluster(folder.filePath(u"c"_s));
    const Ending ending{cluster};
    const auto created = cluster.create();
    QVERIFY2(created, why(created));
    writeFile(folder.filePath(u"c/data/postgresql.conf"_s), u"nonsense_setting = 1\n"_s);
    const auto started = cluster.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::ProcessFailed);
    QVERIFY2(started.error().detail.contains(u"nonsense_setting"_s), why(started));
    QVERIFY(started.error().hint.contains(cluster.logFile()));
}

void tst_PrivateCluster::statementsThatFailAreErrors()
{
    PrivateCluster &cluster = TestCluster::instance().cluster();
    const auto failed =
        cluster.execute(u"postgres"_s, u"SELECT 1; SELECT nothing_here; CREATE TABLE after ();"_s);
    QVERIFY(!failed);
    QCOMPARE(failed.error().kind, ErrorKind::DatabaseError);
    QVERIFY2(failed.error().detail.contains(u"nothing_here"_s), why(failed));
    QCOMPARE(TestCluster::instance().rows(u"postgres"_s, u"SELECT to_regclass('after') IS NULL"_s),
             QStringList{u"t"_s});
}

QTEST_GUILESS_MAIN(tst_PrivateCluster)
#include "tst_privatecluster.moc"
