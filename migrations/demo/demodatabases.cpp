// SPDX-License-Identifier: MIT
#include "migrations/demo/demodatabases.h"

#include "migrations/backup/postgresprograms.h"
#include "migrations/process/process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// One database and the revision that Alembic brings it to.
struct Upgrade {
    QString database;
    QString config; ///< relative to the demo's folder
    QString revision;
};

/// Several upgrades in one process: starting Python and importing SQLAlchemy takes longer than most of
/// the revisions. The driver is that of the ini's own URL; env.py is the project's, unchanged.
const char *const upgradeScript = R"python(
import json, sys
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

for job in json.load(sys.stdin):
    config = Config(job["config"])
    driver = make_url(config.get_main_option("sqlalchemy.url")).drivername
    url = make_url(job["url"]).set(drivername=driver).render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, job["revision"])
)python";

/// Never the user's PGHOST and friends, and no byte code beside the revision files.
QProcessEnvironment pythonEnvironment()
{
    QProcessEnvironment environment = postgresEnvironment();
    environment.insert(u"PYTHONDONTWRITEBYTECODE"_s, u"1"_s);
    environment.insert(u"PYTHONUTF8"_s, u"1"_s);
    return environment;
}

std::unexpected<Error> upgradeFailed(const ProcessEnd &end, const QStringList &output)
{
    if (end.how == ProcessEnd::Cancelled) {
        return failure(ErrorKind::Cancelled, u"Making the demo workspace was cancelled."_s,
                       u"Nothing of it is left."_s);
    }
    return failure(ErrorKind::ProcessFailed, u"The demo's databases could not be made."_s,
                   u"The end of Alembic's output says why."_s,
                   end.message.isEmpty() ? output.join(u'\n') : end.message);
}

Result<void> upgrade(const QList<Upgrade> &upgrades, const QString &directory, const PrivateCluster &cluster,
                     const QStringList &python, const DemoProgress &progress, const std::stop_token &stop)
{
    QJsonArray jobs;
    for (const Upgrade &job : upgrades) {
        jobs += QJsonObject{
            {u"config"_s, job.config}, {u"url"_s, cluster.url(job.database)}, {u"revision"_s, job.revision}};
    }
    QStringList lastLines;
    const auto onLine = [&](const QString &line) {
        lastLines += line;
        if (lastLines.size() > 30)
            lastLines.removeFirst();
        static const QString running = u"] Running upgrade "_s;
        if (const qsizetype at = line.indexOf(running); at >= 0 && progress)
            progress(line.mid(at + running.size()));
    };
    const ProcessSpec spec{.program = python.first(),
                           .arguments = QStringList(python.mid(1))
                                        << u"-c"_s << QString::fromLatin1(upgradeScript),
                           .workingDirectory = directory,
                           .environment = pythonEnvironment(),
                           .deadline = 10min};
    const ProcessEnd end =
        runProcess(spec, {.errorLine = onLine}, QJsonDocument(jobs).toJson(QJsonDocument::Compact), stop);
    if (!end.succeeded())
        return upgradeFailed(end, lastLines);
    return {};
}

} // namespace

Result<QStringList> findDemoPython(const std::stop_token &stop)
{
    // The system's first: that is where the packages named below end up. A virtual environment that
    // happens to be active belongs to another project.
    for (const QString &candidate : {u"/usr/bin/python3"_s, QStandardPaths::findExecutable(u"python3"_s)}) {
        if (candidate.isEmpty())
            continue;
        const auto output = processOutput({.program = candidate,
                                           .arguments = {u"-c"_s, u"import alembic, asyncpg, psycopg2"_s},
                                           .environment = pythonEnvironment(),
                                           .deadline = 60s},
                                          {}, stop);
        if (output)
            return QStringList{candidate};
        if (output.error().kind == ErrorKind::Cancelled)
            return std::unexpected(output.error());
    }
    return failure(ErrorKind::PythonMissing,
                   u"The demo workspace needs Python 3 with Alembic, psycopg2 and asyncpg."_s,
                   u"On Debian and Ubuntu: apt install python3-alembic python3-psycopg2 python3-asyncpg"_s);
}

Result<void> makeDemoDatabases(const QString &directory, const PrivateCluster &cluster,
                               const QStringList &python, const DemoProgress &progress,
                               const std::stop_token &stop)
{
    const QString manager = u"alembic.ini"_s;
    const QString accounts = u"alembic-accountmgr.ini"_s;
    const QString proxy = u"alembic-appproxy.ini"_s;
    for (const QString &database :
         {u"manager_production"_s, u"accountmgr_production"_s, u"accountmgr_staging"_s,
          u"accountmgr_development"_s, u"appproxy_production"_s, u"appproxy_staging"_s}) {
        if (const auto made = cluster.createDatabase(database); !made)
            return made;
    }
    const QList<Upgrade> first{
        {u"manager_production"_s, manager, u"7b6a1e0c4f21"_s},
        {u"accountmgr_production"_s, accounts, u"4b80c2f7d915"_s},
        {u"accountmgr_staging"_s, accounts, u"4b80c2f7d915"_s},
        {u"appproxy_production"_s, proxy, u"91aa02cc7d3e"_s}, // its checkout does not know this one
        {u"appproxy_staging"_s, proxy, u"6c5b4a392817"_s},
    };
    if (const auto done = upgrade(first, directory, cluster, python, progress, stop); !done)
        return done;

    // The manager's long chain runs once; the other environments start from a copy.
    const auto copied = cluster.execute(
        u"postgres"_s, u"CREATE DATABASE manager_staging TEMPLATE manager_production;\n"
                       "CREATE DATABASE manager_development TEMPLATE manager_production;\n"_s);
    if (!copied)
        return copied;
    if (const auto done =
            upgrade({{u"manager_staging"_s, manager, u"head"_s}}, directory, cluster, python, progress, stop);
        !done)
        return done;
    // As a revision of a branch that was never pushed would leave it.
    const auto strayed = cluster.execute(u"manager_development"_s,
                                         u"ALTER TABLE sessions ADD COLUMN preempted_by uuid;\n"
                                         "UPDATE alembic_version SET version_num = 'f4e19c07ab52';\n"_s);
    if (!strayed)
        return strayed;
    // Sizes and row counts are shown by the statistics.
    for (const QString &database : {u"manager_production"_s, u"manager_staging"_s}) {
        if (const auto analyzed = cluster.execute(database, u"ANALYZE;\n"_s); !analyzed)
            return analyzed;
    }
    return {};
}

} // namespace stepwell
