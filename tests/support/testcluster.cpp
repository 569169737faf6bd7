// SPDX-License-Identifier: MIT
#include "tests/support/testcluster.h"

#include "migrations/backup/postgresprograms.h"
#include "migrations/process/process.h"

#include <QDir>
#include <QTemporaryDir>

#include <sys/stat.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void require(const Result<void> &result, const char *what)
{
    if (!result)
        qFatal("%s: %s", what, qPrintable(toText(result.error())));
}

QString newFolder()
{
    QTemporaryDir folder(QString(QDir::tempPath() + u"/stepwell-test-XXXXXX"_s));
    if (!folder.isValid())
        qFatal("no temporary folder: %s", qPrintable(folder.errorString()));
    folder.setAutoRemove(false);
    // As root the server runs as somebody else, who must get in.
    ::chmod(QFile::encodeName(folder.path()).constData(), 0711);
    return folder.path();
}

} // namespace

TestCluster &TestCluster::instance()
{
    static TestCluster cluster;
    return cluster;
}

TestCluster::TestCluster() : m_cluster(newFolder())
{
    // Ends the server when this program is gone, however it went: its end of the pipe closes then.
    qputenv("STEPWELL_TEST_CLUSTER", QFile::encodeName(m_cluster.directory()));
    m_watcher =
        ::popen("exec setsid sh -c 'd=$STEPWELL_TEST_CLUSTER; cat; "
                "[ -d \"$d\" ] || exit 0; kill -QUIT $(head -n1 \"$d/data/postmaster.pid\"); sleep 1; "
                "rm -rf \"$d\"' >/dev/null 2>&1",
                "we");
    qunsetenv("STEPWELL_TEST_CLUSTER");
    if (!m_watcher)
        qFatal("no shell to watch the test cluster");
    require(m_cluster.create(), "the test cluster cannot be made");
    startServer();
    // Its data needs to survive no power cut.
    execute(u"postgres"_s, u"ALTER SYSTEM SET fsync = off"_s);
    execute(u"postgres"_s, u"SELECT pg_reload_conf()"_s);
}

TestCluster::~TestCluster()
{
    const auto stopped = m_cluster.stop(true);
    QDir(m_cluster.directory()).removeRecursively();
    ::pclose(m_watcher);
    require(stopped, "the test cluster cannot be stopped");
}

TestDatabase TestCluster::newDatabase()
{
    TestDatabase database;
    database.name = u"test_%1"_s.arg(++m_count);
    require(m_cluster.createDatabase(database.name), "no new database");
    database.settings = m_cluster.settings(database.name);
    database.url = m_cluster.url(database.name);
    return database;
}

void TestCluster::execute(const QString &database, const QString &sql)
{
    require(m_cluster.execute(database, sql), qPrintable(sql));
}

QStringList TestCluster::rows(const QString &database, const QString &sql)
{
    const auto psql = newestProgram(PostgresProgram::Psql);
    if (!psql)
        qFatal("%s", qPrintable(toText(psql.error())));
    const auto output = processOutput(
        {.program = psql->path,
         .arguments = {u"-XAtq"_s, u"-v"_s, u"ON_ERROR_STOP=1"_s, u"-d"_s, m_cluster.url(database)},
         .environment = postgresEnvironment()},
        sql.toUtf8());
    if (!output)
        qFatal("%s: %s", qPrintable(sql), qPrintable(toText(output.error())));
    return QString::fromUtf8(*output).split(u'\n', Qt::SkipEmptyParts);
}

void TestCluster::stopServer(bool immediate)
{
    require(m_cluster.stop(immediate), "the test cluster cannot be stopped");
}

void TestCluster::startServer()
{
    require(m_cluster.start(), "the test cluster cannot be started");
}

} // namespace stepwell
