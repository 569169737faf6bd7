// SPDX-License-Identifier: MIT
#include "migrations/journal/journaldatabase.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int schemaVersion = 1;

/// `run` is the number of the run's first event; NULL in that event itself. Made at each opening where it is
/// missing, so that a file of an older Stepwell gets the guards that came later.
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
    // INSERT OR REPLACE deletes the old row without asking the trigger above (see recursive_triggers).
    "CREATE TRIGGER IF NOT EXISTS event_never_replaced BEFORE INSERT ON event "
    "WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
};

} // namespace

std::unexpected<Error> journalFailure(const QString &path, const QSqlError &error)
{
    QString hint = u"Look at the file's permissions and at the free space."_s;
    switch (error.nativeErrorCode().toInt() & 0xff) { // the rest is the extended code
    case 5:                                           // SQLITE_BUSY
        hint = u"Another program holds the file for too long: close it, then try again."_s;
        break;
    case 8:  // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
        hint =
            u"The file and its folder must be yours to write to: look at their permissions, or name another file in STEPWELL_JOURNAL."_s;
        break;
    case 10: // SQLITE_IOERR: a quota and a file size limit end here too
        hint =
            u"The disk did not take or give the data: look at the free space, at quotas and at the disk itself, then try again."_s;
        break;
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
        hint = u"The file is damaged or is no journal: move it away, and Stepwell makes a new one."_s;
        break;
    case 13: // SQLITE_FULL
        hint = u"The disk is full: free some space, then try again."_s;
        break;
    default:
        break;
    }
    return failure(ErrorKind::FileError, u"The journal %1 cannot be used."_s.arg(path), hint,
                   error.text().trimmed());
}

Result<void> openJournalDatabase(const QString &path, const QString &connection, bool *usesWal)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection);
    database.setDatabaseName(path);
    database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=15000"_s);
    if (!database.open())
        return journalFailure(path, database.lastError());
    QSqlQuery query(database);
    if (!query.exec(u"PRAGMA journal_mode = WAL"_s))
        return journalFailure(path, query.lastError());
    *usesWal = query.next() && query.value(0).toString() == "wal"_L1; // some network file systems cannot
    for (const auto &pragma : {u"PRAGMA synchronous = FULL"_s, u"PRAGMA foreign_keys = ON"_s}) {
        if (!query.exec(pragma))
            return journalFailure(path, query.lastError());
    }
    // A file that can be read and not written to must be known before a run, not in its middle.
    if (!query.exec(u"BEGIN IMMEDIATE"_s) || !query.exec(u"PRAGMA user_version"_s))
        return journalFailure(path, query.lastError());
    const int version = query.next() ? query.value(0).toInt() : 0;
    query.finish();
    if (version > schemaVersion) {
        return failure(ErrorKind::FileError, u"The journal %1 was made by a newer Stepwell."_s.arg(path),
                       u"Update Stepwell, or name another file in STEPWELL_JOURNAL."_s);
    }
    for (const char *statement : schema) {
        if (!query.exec(QString::fromLatin1(statement)))
            return journalFailure(path, query.lastError());
    }
    if (version < schemaVersion && !query.exec(u"PRAGMA user_version = %1"_s.arg(schemaVersion)))
        return journalFailure(path, query.lastError());
    if (!query.exec(u"COMMIT"_s))
        return journalFailure(path, query.lastError());
    if (version < schemaVersion) // it tells of databases and errors: for its owner only
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    return {};
}

} // namespace stepwell
