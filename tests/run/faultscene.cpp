// SPDX-License-Identifier: MIT
#include "tests/run/faultscene.h"

#include "migrations/run/runlock.h"
#include "tests/support/testfiles.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <csignal>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto patience = 60s;

const char *const envText = R"(import asyncio

from alembic import context
from sqlalchemy import create_engine, pool
from sqlalchemy.ext.asyncio import create_async_engine

import gates

gates.calls += 1
gates.at("env%d.import" % gates.calls)
CODE:import


def migrate(connection):
CODE:    connected
    gates.at("env%d.connected" % gates.calls)
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
CODE:        before
RUN
CODE:        inside
CODE:    after
    gates.at("env%d.after" % gates.calls)


async def migrate_asynchronously(url):
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


url = context.config.get_main_option("sqlalchemy.url")
if "asyncpg" in url:
    asyncio.run(migrate_asynchronously(url))
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        migrate(connection)
)";

/// `code` in each line behind `indent`, as long as the project is faulty.
QString faultyCode(const QString &code, const QString &indent)
{
    if (code.isEmpty())
        return {};
    QString text = indent + u"if gates.faulty():\n"_s;
    const QStringList lines = code.split(u'\n');
    for (const QString &line : lines)
        text += indent + u"    "_s + line + u'\n';
    return text;
}

QString envFileText(const FaultCase &given)
{
    QString text;
    const QStringList lines = QString::fromLatin1(envText).split(u'\n');
    for (const QString &line : lines) {
        if (line == "RUN"_L1) {
            const QStringList calls = given.runMigrations.split(u'\n');
            for (const QString &call : calls)
                text += u"        "_s + call + u'\n';
        } else if (line.startsWith("CODE:"_L1)) {
            const QString place = line.sliced(5);
            const QString indent(place.size() - place.trimmed().size(), u' ');
            text += faultyCode(given.code.value(place.trimmed()), indent);
        } else {
            text += line + u'\n';
        }
    }
    return text;
}

QString upgradeBody(const FaultCase &given, const QString &id, const QString &table)
{
    const auto code = [&](const QString &place) {
        return faultyCode(given.code.value(QString(id + u'.' + place)), {});
    };
    return QString(
        u"import gates\ngates.at('%1.start')\n"_s.arg(id) + code(u"start"_s) +
        u"op.execute('CREATE TABLE %1 (id int)')\n"_s.arg(table) + u"gates.at('%1.between')\n"_s.arg(id) +
        code(u"between"_s) + u"op.execute(\"SELECT gates.server_gate('%1.statement')\")\n"_s.arg(id) +
        u"op.execute(\"INSERT INTO trail (revision) VALUES ('%1')\")\n"_s.arg(id) + code(u"end"_s));
}

} // namespace

QString environmentName(ScratchProject::Environment driver)
{
    return driver == ScratchProject::AsyncAsyncpg  ? u"asyncpg"_s
           : driver == ScratchProject::SyncPsycopg ? u"psycopg"_s
                                                   : u"psycopg2"_s;
}

QString FaultCase::name() const
{
    return u"%1 @ %2 (%3, %4)"_s.arg(fault, stage.name, transactionPolicyName(policy),
                                     environmentName(driver));
}

FaultScene::FaultScene(FaultCase given)
    : m_case(std::move(given))
    , m_database(TestCluster::instance().newDatabase())
    , m_project(m_database.url, m_case.driver)
{
    openSessions();
    addProject();
    order = {.config = m_project.config(),
             .url = m_database.url,
             .journal = folder(u"journal.sqlite"_s),
             .gates = folder(u"gates"_s),
             .policy = transactionPolicyName(m_case.policy)};
    gates().setFaulty(true);
}

FaultScene::~FaultScene()
{
    for (const pid_t pid : processes())
        ::kill(pid, SIGKILL);
}

Gates FaultScene::gates() const
{
    return Gates(folder(u"gates"_s));
}

void FaultScene::addProject()
{
    for (const QString &statement : Gates::serverSql())
        sql(statement);
    sql(u"CREATE TABLE kept (id int PRIMARY KEY)"_s);
    sql(u"INSERT INTO kept VALUES (1), (2), (3)"_s);
    sql(u"CREATE TABLE trail (revision text)"_s);
    sql(u"CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON trail DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION gates.commit_gate()"_s);
    sql(u"CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"_s);
    sql(u"INSERT INTO alembic_version VALUES ('base0')"_s);
    m_project.addRevision(u"base0"_s, {}, {}, {});
    QString below = u"base0"_s;
    for (const auto &[id, table] : {std::pair(u"aaaa1"_s, u"one"_s), std::pair(u"bbbb1"_s, u"two"_s),
                                    std::pair(u"cccc1"_s, u"three"_s)}) {
        m_project.addRevision(
            id, below, upgradeBody(m_case, id, table),
            u"op.execute('DROP TABLE %1')\nop.execute(\"DELETE FROM trail WHERE revision = '%2'\")"_s.arg(
                table, id));
        below = id;
    }
    writeFile(m_project.envFile(), envFileText(m_case));
    writeFile(QString(m_project.directory() + u"/gates.py"_s), gates().pythonModule());
}

void FaultScene::openSessions()
{
    auto opened = DatabaseSession::open(m_database.settings, {}, {.applicationName = u"scene"_s});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    m_observer = *std::move(opened);
}

void FaultScene::sql(const QString &statement)
{
    if (const Result<void> done = m_observer->execute(statement); !done)
        qFatal("%s: %s", qPrintable(statement), qPrintable(toText(done.error())));
}

QStringList FaultScene::column(const QString &query)
{
    const auto rows = m_observer->query(query);
    if (!rows)
        qFatal("%s: %s", qPrintable(query), qPrintable(toText(rows.error())));
    QStringList texts;
    for (const QVariantList &row : *rows)
        texts += row.value(0).toString();
    return texts;
}

DatabaseSession &FaultScene::session()
{
    auto opened = DatabaseSession::open(m_database.settings, {}, {.applicationName = u"scene"_s});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    m_sessions.push_back(*std::move(opened));
    return *m_sessions.back();
}

void FaultScene::releaseSessions()
{
    m_sessions.clear();
}

bool FaultScene::soon(const std::function<bool()> &condition, seconds limit)
{
    const auto until = steady_clock::now() + limit;
    while (!condition()) {
        if (steady_clock::now() > until)
            return false;
        if (!m_process || !m_process->pump(20ms))
            ::usleep(20000);
    }
    return true;
}

void FaultScene::endSessions(const QString &condition)
{
    const QStringList ended = column(
        u"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name <> 'scene' AND backend_type = 'client backend' AND %1"_s.arg(condition));
    if (ended.isEmpty())
        complain(u"there was no session to end"_s);
}

void FaultScene::waitForSession(const QString &condition)
{
    waitFor(
        u"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'scene' AND "_s +
        condition);
}

void FaultScene::waitFor(const QString &query)
{
    if (!soon([&] { return !column(query).isEmpty(); }, patience))
        complain(u"this never came: "_s + query);
}

void FaultScene::tell(const QString &word)
{
    m_process->write(QByteArray(word.toUtf8() + '\n'));
    const QString heard = folder(u"gates/%1.open"_s.arg(word));
    if (!soon([&] { return QFile::exists(heard); }, patience))
        complain(u"the run did not hear: "_s + word);
}

QList<pid_t> FaultScene::processes(const QString &program) const
{
    const QByteArray mark = QFile::encodeName(QString(u"STEPWELL_FAULT_SCENE="_s + m_folder.path()));
    QList<pid_t> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile environment(u"/proc/%1/environ"_s.arg(name));
        if (name.toInt() > 0 && environment.open(QIODevice::ReadOnly) &&
            environment.readAll().split('\0').contains(mark) &&
            QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(name)).contains(program))
            found += name.toInt();
    }
    return found;
}

void FaultScene::killRun() const
{
    ::kill(pid_t(m_process->processId()), SIGKILL);
}

void FaultScene::killPython(bool group) const
{
    for (const pid_t pid : processes(u"python"_s)) {
        if (::getpgid(pid) == pid)
            ::kill(group ? -pid : pid, SIGKILL);
    }
}

void FaultScene::stopServer(bool startAgain)
{
    m_sessions.clear();
    m_observer.reset();
    TestCluster::instance().stopServer(true);
    m_serverStopped = !startAgain;
    if (!startAgain)
        return;
    TestCluster::instance().startServer();
    openSessions();
}

/// The control session has nothing else to ask for while a step runs.
void FaultScene::cancelRun()
{
    const QString begun =
        column(u"SELECT query_start::text FROM pg_stat_activity WHERE datname = current_database() "
               "AND application_name = 'stepwell run'"_s)
            .value(0);
    tell(u"cancel"_s);
    waitForSession(
        u"application_name = 'stepwell run' AND state = 'idle' AND query_start > '%1'"_s.arg(begun));
}

/// A session that is being refused takes a place for a moment, so one refusal is not the last word.
void FaultScene::takeAllConnections()
{
    for (int refused = 0; refused < 20;) {
        auto opened = DatabaseSession::open(m_database.settings, {}, {.applicationName = u"scene"_s});
        if (opened) {
            m_sessions.push_back(*std::move(opened));
            refused = 0;
        } else {
            ++refused;
            std::ignore = m_process->pump(10ms);
        }
    }
}

/// Whoever is in the way of the run at some stages.
void FaultScene::takePlaceOfOthers()
{
    if (m_case.stage.kind == Stage::Lock) {
        if (!session().tryAdvisoryLock(RunKeys::forTable({}).run).value_or(false))
            qFatal("the run lock is taken");
    } else if (m_case.stage.kind == Stage::Backup) {
        order.backups = folder(u"backups"_s);
        order.lockTimeout = 30000;
        DatabaseSession &other = session();
        if (!other.execute(u"BEGIN"_s) || !other.execute(u"LOCK TABLE kept"_s))
            qFatal("the table is not to be locked");
    }
}

void FaultScene::startRun()
{
    if (m_case.stage.kind == Stage::File || m_case.stage.kind == Stage::Lock)
        gates().arm(m_case.stage.gate);
    else if (m_case.stage.kind == Stage::Server)
        sql(u"INSERT INTO gates.armed VALUES ('%1')"_s.arg(m_case.stage.gate));
    const QString file = folder(u"run.json"_s);
    writeFile(file, QJsonDocument(toJson(order)).toJson());
    ProcessSpec spec{.program = QCoreApplication::applicationFilePath(), .arguments = {u"--run"_s, file}};
    spec.environment.insert(u"STEPWELL_FAULT_SCENE"_s, m_folder.path());
    m_process = std::make_unique<Process>(
        spec, Process::Handlers{.errorLine = [this](const QString &line) { m_errors += line; },
                                .outputData = [this](const QByteArray &data) { m_output += data; }});
    if (!m_process->start())
        qFatal("%s", qPrintable(m_process->end().message));
}

bool FaultScene::stageReached()
{
    switch (m_case.stage.kind) {
    case Stage::Project:
        return true;
    case Stage::File:
    case Stage::Lock:
        return gates().isReached(m_case.stage.gate);
    case Stage::Server:
        return !column(u"SELECT 1 FROM pg_stat_activity WHERE application_name = 'stepwell bridge' "
                       "AND wait_event = 'PgSleep'"_s)
                    .isEmpty();
    case Stage::Backup:
        return !column(u"SELECT 1 FROM pg_stat_activity WHERE application_name <> 'scene' "
                       "AND query LIKE 'LOCK TABLE%' AND wait_event_type = 'Lock'"_s)
                    .isEmpty();
    }
    return false;
}

void FaultScene::openGates()
{
    if (!m_case.stage.gate.isEmpty())
        gates().open(m_case.stage.gate);
    if (!m_serverStopped && !m_case.serverGateStaysShut)
        sql(u"DELETE FROM gates.armed"_s);
    if (m_case.stage.kind == Stage::Lock || m_case.stage.kind == Stage::Backup)
        releaseSessions();
}

void FaultScene::finishRun()
{
    if (!soon([this] { return !m_process->pump(20ms); }, 90s)) {
        complain(u"the run did not end"_s);
        killRun();
        killPython(true);
    }
    releaseSessions();
    if (std::exchange(m_serverStopped, false)) {
        TestCluster::instance().startServer();
        openSessions();
    }
    sql(u"DELETE FROM gates.armed"_s);
    m_told = toldFrom(QJsonDocument::fromJson(m_output).object());
}

} // namespace stepwell
