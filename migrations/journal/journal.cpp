// SPDX-License-Identifier: MIT
#include "migrations/journal/journal.h"

#include "migrations/journal/journaljson.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QSysInfo>
#include <QTimeZone>
#include <QUuid>

#include <pwd.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int schemaVersion = 1;

/// `run` is the number of the run's first event; NULL in that event itself.
const char *const schema[] = {
    "CREATE TABLE IF NOT EXISTS event ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " run INTEGER REFERENCES event (id),"
    " time TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " environment TEXT NOT NULL DEFAULT '',"
    " component TEXT NOT NULL DEFAULT '',"
    " workspace TEXT NOT NULL DEFAULT '',"
    " content TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS event_run ON event (run)",
    "CREATE INDEX IF NOT EXISTS event_target ON event (environment, component) WHERE run IS NULL",
    "CREATE TRIGGER IF NOT EXISTS event_never_updated BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS event_never_deleted BEFORE DELETE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
};

std::unexpected<Error> failed(const QString &path, const QSqlError &error)
{
    const QString detail = error.text().trimmed();
    QString hint = u"Look at the file's permissions and at the free space."_s;
    const QString code = error.nativeErrorCode();
    if (code == u"26"_s || code == u"11"_s) // SQLITE_NOTADB, SQLITE_CORRUPT
        hint = u"The file is damaged or is no journal: move it away, and Stepwell makes a new one."_s;
    else if (code == u"13"_s) // SQLITE_FULL
        hint = u"The disk is full: free some space, then try again."_s;
    else if (code == u"5"_s) // SQLITE_BUSY
        hint = u"Another program holds the file for too long: close it, then try again."_s;
    return failure(ErrorKind::FileError, u"The journal %1 cannot be used."_s.arg(path), hint, detail);
}

bool run(QSqlQuery &query, const QString &sql, const QVariantList &values = {})
{
    if (!query.prepare(sql))
        return false;
    for (const QVariant &value : values)
        query.addBindValue(value);
    return query.exec();
}

QString machineOf(const QString &who)
{
    return who.section(u'@', -1);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// When a process of this machine was started, to the second; invalid if there is none.
QDateTime startOfProcess(qint64 pid)
{
    const QByteArray stat = contentOf(u"/proc/%1/stat"_s.arg(pid)); // "pid (any name) state …"
    const QByteArray ticks = stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(19);
    const QByteArray system = contentOf(u"/proc/stat"_s);
    const qsizetype boot = system.indexOf("\nbtime ");
    if (ticks.isEmpty() || boot < 0)
        return {};
    const qint64 bootTime = system.sliced(boot + 7).split('\n').first().trimmed().toLongLong();
    return QDateTime::fromSecsSinceEpoch(bootTime + ticks.toLongLong() / ::sysconf(_SC_CLK_TCK),
                                         QTimeZone::UTC);
}

/// Does the Stepwell that runs this still live? Only known on its own machine. A process that is
/// younger than the run only got its number.
bool isAlive(const JournalEntry &entry)
{
    if (entry.processId <= 0 || machineOf(entry.who) != machineOf(currentOperator()))
        return false;
    const QDateTime start = startOfProcess(entry.processId);
    return start.isValid() && start <= entry.started.addSecs(2);
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::open(const QString &path)
{
    const QString folder = QFileInfo(path).absolutePath();
    if (!QFileInfo(folder).isDir() &&
        (!QDir().mkpath(folder) ||
         !QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))) {
        return failure(ErrorKind::FileError, u"The folder %1 of the journal cannot be made."_s.arg(folder),
                       u"Look at its permissions, or name another file in STEPWELL_JOURNAL."_s);
    }
    std::unique_ptr<Journal> journal(
        new Journal(path, u"journal-%1"_s.arg(QUuid::createUuid().toString(QUuid::WithoutBraces))));
    if (const auto prepared = journal->prepare(); !prepared)
        return std::unexpected(prepared.error());
    return journal;
}

Result<void> Journal::prepare()
{
    QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    database.setDatabaseName(m_path);
    database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=15000"_s);
    if (!database.open())
        return failed(m_path, database.lastError());
    QSqlQuery query(database);
    for (const auto &pragma : {u"PRAGMA journal_mode = WAL"_s, u"PRAGMA synchronous = FULL"_s,
                               u"PRAGMA foreign_keys = ON"_s, u"PRAGMA user_version"_s}) {
        if (!query.exec(pragma))
            return failed(m_path, query.lastError());
    }
    const int version = query.next() ? query.value(0).toInt() : 0;
    query.finish();
    if (version > schemaVersion) {
        return failure(ErrorKind::FileError, u"The journal %1 was made by a newer Stepwell."_s.arg(m_path),
                       u"Update Stepwell, or name another file in STEPWELL_JOURNAL."_s);
    }
    if (version == schemaVersion) {
        // A file that can be read and not written to must be known before a run, not in its middle.
        if (!query.exec(u"BEGIN IMMEDIATE"_s) || !query.exec(u"ROLLBACK"_s))
            return failed(m_path, query.lastError());
        return {};
    }
    if (!query.exec(u"BEGIN IMMEDIATE"_s))
        return failed(m_path, query.lastError());
    for (const char *statement : schema) {
        if (!query.exec(QString::fromLatin1(statement)))
            return failed(m_path, query.lastError());
    }
    if (!query.exec(u"PRAGMA user_version = %1"_s.arg(schemaVersion)) || !query.exec(u"COMMIT"_s))
        return failed(m_path, query.lastError());
    // It tells of databases and errors: for its owner only.
    QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner);
    return {};
}

Journal::~Journal()
{
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<qint64> Journal::add(qint64 runId, const QString &event, const QJsonObject &content)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    const QVariantList values{runId > 0 ? QVariant(runId) : QVariant(QMetaType::fromType<qint64>()),
                              QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs),
                              event,
                              content.value("environment"_L1).toString(u""_s),
                              content.value("component"_L1).toString(u""_s),
                              content.value("workspace"_L1).toString(u""_s),
                              QString::fromUtf8(QJsonDocument(content).toJson(QJsonDocument::Compact))};
    if (!run(query,
             u"INSERT INTO event (run, time, kind, environment, component, workspace, content) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
             values))
        return failed(m_path, query.lastError());
    return query.lastInsertId().toLongLong();
}

Result<void> Journal::addTo(qint64 runId, const QString &event, const QJsonObject &content)
{
    if (runId <= 0)
        return failure(ErrorKind::Internal, u"There is no run %1 in the journal."_s.arg(runId));
    const auto added = add(runId, event, content);
    if (!added)
        return std::unexpected(added.error());
    return {};
}

Result<qint64> Journal::begin(const JournalEntry &entry)
{
    JournalEntry whole = entry;
    if (!whole.started.isValid())
        whole.started = QDateTime::currentDateTimeUtc();
    if (whole.who.isEmpty())
        whole.who = currentOperator();
    if (whole.processId == 0)
        whole.processId = ::getpid();
    if (whole.uid.isEmpty())
        whole.uid = QUuid::createUuid().toString(QUuid::WithoutBraces);
    return add(0, u"begin"_s, beginToJson(whole));
}

Result<void> Journal::stepStarted(qint64 id, int index)
{
    return addTo(id, u"step"_s, stepToJson(index, {.state = StepState::Running}));
}

Result<void> Journal::stepFinished(qint64 id, int index, const JournalStep &step)
{
    return addTo(id, u"step"_s, stepToJson(index, step));
}

Result<void> Journal::reviewed(qint64 id, const QList<JournalSignOff> &steps)
{
    return addTo(id, u"review"_s, reviewToJson(steps));
}

Result<void> Journal::backupMade(qint64 id, const BackupRecord &backup)
{
    return addTo(id, u"backup"_s, backupToJson(backup));
}

Result<void> Journal::finish(qint64 id, Outcome outcome, const RevisionIds &rows, const QString &message,
                             const QStringList &leftBehind)
{
    return addTo(id, u"finish"_s, finishToJson(outcome, rows, message, leftBehind));
}

Result<void> Journal::afterwards(qint64 id, const QList<JournalAfter> &after)
{
    return addTo(id, u"after"_s, afterToJson(after));
}

Result<QList<JournalEntry>> Journal::assemble(const QList<qint64> &runs) const
{
    QList<JournalEntry> entries;
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    if (!query.prepare(u"SELECT kind, time, content FROM event WHERE id = ? OR run = ? ORDER BY id"_s))
        return failed(m_path, query.lastError());
    for (const qint64 id : runs) {
        query.bindValue(0, id);
        query.bindValue(1, id);
        if (!query.exec())
            return failed(m_path, query.lastError());
        JournalEntry entry{.id = id};
        while (query.next()) {
            applyEvent(entry, query.value(0).toString(),
                       QDateTime::fromString(query.value(1).toString(), Qt::ISODateWithMs).toUTC(),
                       QJsonDocument::fromJson(query.value(2).toString().toUtf8()).object());
        }
        if (query.lastError().isValid())
            return failed(m_path, query.lastError());
        entries += entry;
    }
    return entries;
}

Result<QList<JournalEntry>> Journal::entries(const JournalFilter &filter) const
{
    QString sql = u"SELECT id FROM event WHERE run IS NULL"_s;
    QVariantList values;
    if (filter.target) {
        sql += u" AND environment = ? AND component = ?"_s;
        values << filter.target->environment << filter.target->component;
    }
    if (!filter.workspace.isEmpty()) {
        sql += u" AND workspace = ?"_s;
        values << filter.workspace;
    }
    sql += u" ORDER BY id DESC LIMIT ?"_s;
    values << filter.limit;
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!run(query, sql, values))
        return failed(m_path, query.lastError());
    QList<qint64> ids;
    while (query.next())
        ids += query.value(0).toLongLong();
    if (query.lastError().isValid())
        return failed(m_path, query.lastError());
    query.finish();
    return assemble(ids);
}

Result<JournalEntry> Journal::entry(qint64 id) const
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!run(query, u"SELECT id FROM event WHERE id = ? AND run IS NULL"_s, {id}))
        return failed(m_path, query.lastError());
    if (!query.next()) {
        return failure(ErrorKind::Usage, u"There is no run %1 in the journal."_s.arg(id),
                       u"Look at the list of runs for the right number."_s);
    }
    query.finish();
    const auto found = assemble({id});
    if (!found)
        return std::unexpected(found.error());
    return found->first();
}

Result<QList<JournalEntry>> Journal::unfinished() const
{
    // The last end counts, if there is one.
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!run(query,
             u"SELECT id FROM event AS first WHERE run IS NULL AND coalesce("
             "(SELECT json_extract(content, '$.outcome') FROM event WHERE run = first.id AND kind = 'finish' "
             "ORDER BY id DESC LIMIT 1), 'running') IN ('running', 'unknown') ORDER BY id DESC"_s))
        return failed(m_path, query.lastError());
    QList<qint64> ids;
    while (query.next())
        ids += query.value(0).toLongLong();
    query.finish();
    auto found = assemble(ids);
    if (found) {
        found->removeIf(
            [](const JournalEntry &entry) { return entry.outcome == Outcome::Running && isAlive(entry); });
    }
    return found;
}

QString defaultJournalPath()
{
    const QString chosen = qEnvironmentVariable("STEPWELL_JOURNAL");
    if (!chosen.isEmpty())
        return QFileInfo(chosen).absoluteFilePath();
    return QString(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                   u"/stepwell/journal.sqlite"_s);
}

QString currentOperator()
{
    const passwd *account = ::getpwuid(::geteuid());
    const QString user = account ? QString::fromLocal8Bit(account->pw_name) : QString::number(::geteuid());
    return QString(user + u'@' + QSysInfo::machineHostName());
}

} // namespace stepwell
