// SPDX-License-Identifier: MIT
#include "migrations/backup/privatecluster.h"

#include "migrations/backup/folderlock.h"
#include "migrations/backup/postgresprograms.h"
#include "migrations/backup/serveraccount.h"
#include "migrations/backup/socketlink.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUrl>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto startTimeout = 60s;

bool isRoot()
{
    return ::geteuid() == 0;
}

Result<void> makeFolder(const QString &path, QFile::Permissions permissions)
{
    if (QFileInfo(path).isDir())
        return {};
    if (!QDir().mkpath(path) || !QFile::setPermissions(path, permissions)) {
        return failure(ErrorKind::FileError, u"The folder %1 cannot be made."_s.arg(path),
                       u"Choose a folder that you may write in, on a disk with free space."_s);
    }
    return {};
}

Result<void> writeText(const QString &path, const QString &text, QIODevice::OpenMode mode)
{
    QFile file(path);
    if (!file.open(mode) || file.write(text.toUtf8()) < 0 || !file.flush()) {
        return failure(ErrorKind::FileError, u"%1 cannot be written."_s.arg(path),
                       u"Look at the folder's permissions and at the free space."_s, file.errorString());
    }
    return ServerAccount::giveAway(path);
}

/// False for a zombie too: in a container without an init, a server that ended stays one.
bool isAlive(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (pid <= 1 || !file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray text = file.readAll(); // "pid (name) state …"; the name may hold anything
    const QByteArray state = text.mid(text.lastIndexOf(')') + 2, 1);
    return !state.isEmpty() && state != "Z" && state != "X";
}

/// A value in a libpq connection string.
QString quotedValue(QString value)
{
    value.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s);
    return QString(u'\'' + value + u'\'');
}

} // namespace

/// What postmaster.pid says of the running server.
struct PrivateCluster::Postmaster {
    qint64 pid = 0;
    QString status; ///< "starting", "ready", "stopping"
};

PrivateCluster::PrivateCluster(QString directory)
    : m_directory(QDir::cleanPath(QFileInfo(directory).absoluteFilePath()))
{
}

QString PrivateCluster::dataDirectory() const
{
    return QString(m_directory + u"/data"_s);
}

QString PrivateCluster::ownSocketDirectory() const
{
    return QString(m_directory + u"/socket"_s);
}

QString PrivateCluster::logFile() const
{
    return QString(m_directory + u"/server.log"_s);
}

QString PrivateCluster::socketDirectory() const
{
    return socketFolderFor(ownSocketDirectory());
}

bool PrivateCluster::exists() const
{
    return QFileInfo(QString(dataDirectory() + u"/PG_VERSION"_s)).isFile();
}

Result<void> PrivateCluster::prepareFolders() const
{
    // As root the server's account must get through this folder.
    QFile::Permissions own = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (const auto made = makeFolder(m_directory, isRoot() ? own | QFile::ExeGroup | QFile::ExeOther : own);
        !made)
        return made;
    if (const auto made = makeFolder(ownSocketDirectory(), own); !made)
        return made;
    if (const auto given = ServerAccount::giveAway(ownSocketDirectory()); !given)
        return given;
    return writeText(logFile(), {}, QIODevice::WriteOnly | QIODevice::Append);
}

Result<void> PrivateCluster::create()
{
    if (exists()) {
        return failure(ErrorKind::FileError,
                       u"There is a PostgreSQL cluster in %1 already."_s.arg(m_directory),
                       u"Use it, or choose an empty folder."_s);
    }
    const auto initdb = newestProgram(PostgresProgram::InitDb);
    if (!initdb)
        return std::unexpected(initdb.error());
    if (const auto prepared = prepareFolders(); !prepared)
        return prepared;
    const auto lock = FolderLock::take(m_directory, startTimeout);
    if (!lock)
        return std::unexpected(lock.error());
    if (exists()) // made by another process while this one waited
        return {};

    // Under another name until it is whole: an interrupted initdb must not pass for a cluster.
    const QString fresh = QString(m_directory + u"/data.new"_s);
    QDir(fresh).removeRecursively();
    if (const auto made = makeFolder(fresh, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner); !made)
        return made;
    if (const auto given = ServerAccount::giveAway(fresh); !given)
        return given;
    const auto account = ServerAccount::forFolders({fresh, ownSocketDirectory()});
    if (!account)
        return std::unexpected(account.error());
    const auto made = processOutput(
        account->command(initdb->path, {u"-D"_s, fresh, u"--username=stepwell"_s, u"--auth=trust"_s,
                                        u"--encoding=UTF8"_s, u"--locale=C.UTF-8"_s, u"--data-checksums"_s}));
    if (!made)
        return std::unexpected(made.error());
    if (const auto written =
            writeText(QString(fresh + u"/postgresql.conf"_s), u"\ninclude 'stepwell.conf'\n"_s,
                      QIODevice::WriteOnly | QIODevice::Append);
        !written)
        return written;
    if (const auto written = writeConfiguration(fresh); !written)
        return written;
    if (!QDir().rename(fresh, dataDirectory())) {
        return failure(ErrorKind::FileError, u"%1 cannot be renamed."_s.arg(fresh),
                       u"Look at the permissions of its folder."_s);
    }
    return {};
}

Result<void> PrivateCluster::writeConfiguration(const QString &data) const
{
    QString folder = socketDirectory(); // a list setting: each folder in double quotes
    folder.replace(u'"', u"\"\""_s).replace(u'\'', u"''"_s);
    const QString text = u"# Written by Stepwell at each start.\n"
                         "listen_addresses = ''\n"
                         "port = 5432\n"
                         "unix_socket_directories = '\"%1\"'\n"
                         "unix_socket_permissions = 0700\n"
                         "max_connections = 100\n"
                         "shared_buffers = 32MB\n"
                         "timezone = 'UTC'\n"
                         "log_timezone = 'UTC'\n"
                         "log_line_prefix = '%m [%p] %q%u@%d '\n"
                         "cluster_name = 'stepwell'\n"_s.replace(u"%1"_s, folder);
    return writeText(QString(data + u"/stepwell.conf"_s), text, QIODevice::WriteOnly | QIODevice::Truncate);
}

std::optional<PrivateCluster::Postmaster> PrivateCluster::readPostmaster() const
{
    QFile file(QString(dataDirectory() + u"/postmaster.pid"_s));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    Postmaster postmaster;
    postmaster.pid = lines.value(0).toLongLong();
    postmaster.status = lines.value(7).trimmed();
    return postmaster;
}

/// Is this process the server of this cluster? False if it ended, and if its number belongs to
/// somebody else by now.
bool PrivateCluster::isServer(qint64 pid) const
{
    QFile commandLine(u"/proc/%1/cmdline"_s.arg(pid));
    return isAlive(pid) && commandLine.open(QIODevice::ReadOnly) &&
           commandLine.readAll().split('\0').contains(QFile::encodeName(dataDirectory()));
}

qint64 PrivateCluster::serverProcessId() const
{
    const auto postmaster = readPostmaster();
    return postmaster && isServer(postmaster->pid) ? postmaster->pid : 0;
}

bool PrivateCluster::isRunning() const
{
    return serverProcessId() != 0;
}

/// postgres refuses to start while the process number in its lock files is alive, whoever that is.
void PrivateCluster::clearStaleLock() const
{
    const auto postmaster = readPostmaster();
    if (!postmaster || isServer(postmaster->pid))
        return;
    QFile::remove(QString(ownSocketDirectory() + u"/.s.PGSQL.5432.lock"_s));
    // The file also holds the key of the shared memory, by which postgres finds backends that
    // outlived a crash: so the file stays, with a process number that nobody can have.
    QFile file(QString(dataDirectory() + u"/postmaster.pid"_s));
    if (!file.open(QIODevice::ReadWrite))
        return; // gone in the meantime; if it is not, the server says why
    QByteArray text = file.readAll();
    const qsizetype end = text.indexOf('\n');
    if (end < 0) { // cut off by a full disk: nothing worth keeping
        file.remove();
        return;
    }
    text.replace(0, end, "2147483646");
    file.resize(0);
    file.seek(0);
    file.write(text);
}

QString PrivateCluster::logTail() const
{
    QFile file(logFile());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max<qint64>(0, file.size() - 2000));
    return QString::fromUtf8(file.readAll()).trimmed();
}

/// Starts the server as a daemon; its process number. Not with pg_ctl, which puts paths into a shell
/// command between double quotes, so that a dollar sign in a folder's name would be run.
Result<qint64> PrivateCluster::launch() const
{
    QFile version(QString(dataDirectory() + u"/PG_VERSION"_s));
    if (!version.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::FileError,
                       u"The PostgreSQL cluster in %1 cannot be read."_s.arg(m_directory),
                       u"Look at the folder's owner and permissions."_s, version.errorString());
    }
    const auto program = exactProgram(PostgresProgram::Server, version.readAll().trimmed().toInt());
    if (!program)
        return std::unexpected(program.error());
    const auto account = ServerAccount::forFolders({dataDirectory(), ownSocketDirectory()});
    if (!account)
        return std::unexpected(account.error());
    // In a session of its own and away from our pipes: nothing that ends us may end it.
    const QString script = u"setsid \"$1\" -D \"$2\" </dev/null >>\"$3\" 2>&1 & echo $!"_s;
    const auto output = processOutput(account->command(
        u"/bin/sh"_s, {u"-c"_s, script, u"sh"_s, program->path, dataDirectory(), logFile()}));
    if (!output)
        return std::unexpected(output.error());
    return output->trimmed().toLongLong();
}

Result<void> PrivateCluster::start()
{
    if (!exists()) {
        return failure(ErrorKind::FileError, u"There is no PostgreSQL cluster in %1."_s.arg(m_directory),
                       u"It may have been removed; make it anew."_s);
    }
    if (const auto prepared = prepareFolders(); !prepared)
        return prepared;
    const auto lock = FolderLock::take(m_directory, startTimeout);
    if (!lock)
        return std::unexpected(lock.error());
    if (const auto linked = makeSocketLink(ownSocketDirectory()); !linked)
        return linked;
    if (const qint64 pid = serverProcessId(); pid != 0)
        return waitUntilReady(pid);
    if (const auto written = writeConfiguration(dataDirectory()); !written)
        return written;
    const auto deadline = std::chrono::steady_clock::now() + startTimeout;
    for (;;) {
        clearStaleLock();
        const auto pid = launch();
        if (!pid)
            return std::unexpected(pid.error());
        const auto ready = waitUntilReady(*pid);
        // Backends of a crashed server hold its shared memory for a moment longer.
        const bool crashRemains = !ready && ready.error().detail.contains(u"shared memory block"_s);
        if (!crashRemains || std::chrono::steady_clock::now() > deadline)
            return ready;
        std::this_thread::sleep_for(300ms);
    }
}

Result<void> PrivateCluster::waitUntilReady(qint64 pid) const
{
    const auto deadline = std::chrono::steady_clock::now() + startTimeout;
    while (std::chrono::steady_clock::now() < deadline) {
        const bool alive = isAlive(pid); // before the file is read: the server may end in between
        const auto postmaster = readPostmaster();
        if (postmaster && postmaster->pid == pid && postmaster->status == u"ready"_s && alive)
            return {};
        if (!alive) {
            return failure(ErrorKind::ProcessFailed,
                           u"The PostgreSQL server in %1 does not start."_s.arg(m_directory),
                           u"The end of its log says why: %1"_s.arg(logFile()), logTail());
        }
        std::this_thread::sleep_for(20ms);
    }
    return failure(
        ErrorKind::Timeout, u"The PostgreSQL server in %1 is not ready after a minute."_s.arg(m_directory),
        u"It may be recovering after a crash: look at %1, then try again."_s.arg(logFile()), logTail());
}

Result<void> PrivateCluster::stop(bool immediate)
{
    if (!isRunning())
        return {};
    const auto lock = FolderLock::take(m_directory, startTimeout);
    if (!lock)
        return std::unexpected(lock.error());
    const qint64 pid = serverProcessId();
    if (pid == 0)
        return {};
    if (::kill(pid_t(pid), immediate ? SIGQUIT : SIGINT) != 0 && errno != ESRCH) {
        return failure(
            ErrorKind::ProcessFailed, u"The PostgreSQL server in %1 cannot be stopped."_s.arg(m_directory),
            u"Stop it as the user who started it."_s, QString::fromLocal8Bit(std::strerror(errno)));
    }
    const auto deadline = std::chrono::steady_clock::now() + startTimeout;
    while (isServer(pid)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return failure(ErrorKind::Timeout,
                           u"The PostgreSQL server in %1 does not stop."_s.arg(m_directory),
                           u"Look at %1, then try again."_s.arg(logFile()), logTail());
        }
        std::this_thread::sleep_for(20ms);
    }
    removeSocketLink(ownSocketDirectory());
    return {};
}

ConnectionSettings PrivateCluster::settings(const QString &database) const
{
    ConnectionSettings settings;
    settings.user = u"stepwell"_s;
    settings.host = socketDirectory();
    settings.port = u"5432"_s;
    settings.database = database;
    return settings;
}

QString PrivateCluster::url(const QString &database) const
{
    return u"postgresql://stepwell@/%1?host=%2"_s.arg(
        QString::fromLatin1(QUrl::toPercentEncoding(database)),
        QString::fromLatin1(QUrl::toPercentEncoding(socketDirectory(), "/")));
}

Result<void> PrivateCluster::execute(const QString &database, const QString &sql) const
{
    const auto psql = newestProgram(PostgresProgram::Psql);
    if (!psql)
        return std::unexpected(psql.error());
    const QString conninfo = u"host=%1 port=5432 user=stepwell dbname=%2 connect_timeout=10"_s.arg(
        quotedValue(socketDirectory()), quotedValue(database));
    const auto output =
        processOutput({.program = psql->path,
                       .arguments = {u"-X"_s, u"-q"_s, u"-v"_s, u"ON_ERROR_STOP=1"_s, u"-d"_s, conninfo},
                       .environment = postgresEnvironment()},
                      sql.toUtf8());
    if (!output) {
        return failure(ErrorKind::DatabaseError, u"The private PostgreSQL server refused a statement."_s,
                       u"The details are in %1."_s.arg(logFile()), output.error().detail);
    }
    return {};
}

Result<void> PrivateCluster::createDatabase(const QString &name) const
{
    QString quoted = name;
    quoted.replace(u'"', u"\"\""_s);
    // From template0, which nobody can be connected to.
    return execute(u"postgres"_s, u"CREATE DATABASE \"%1\" TEMPLATE template0"_s.arg(quoted));
}

} // namespace stepwell
