// SPDX-License-Identifier: MIT
#include "migrations/journal/journal.h"

#include "migrations/journal/journaldatabase.h"
#include "migrations/journal/journaljson.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QSysInfo>
#include <QUuid>

#include <pwd.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

Journal::Journal(QString path, QString connection)
    : m_path(std::move(path)), m_connection(std::move(connection))
{
}

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
    if (const auto opened = openJournalDatabase(m_path, m_connection, &m_usesWal); !opened)
        return opened;
    m_insert = std::make_unique<QSqlQuery>(QSqlDatabase::database(m_connection, false));
    if (!m_insert->prepare(u"INSERT INTO event (run, time, kind, environment, component, workspace, content) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?)"_s))
        return journalFailure(m_path, m_insert->lastError());
    return {};
}

Journal::~Journal()
{
    m_insert.reset();
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

/// A step is told twice, and there may be hundreds of them: a sync for each would make a run wait for the
/// disk. Without it WAL keeps the order of the events, and a killed process loses none, as the kernel has
/// them; only a power cut may lose the last ones. The run they belong to is cut off then as well and is
/// settled by reading its database. Its begin and its end are synced, and so is the start of a step that may
/// commit a part of its work, which the version rows do not tell. A sync covers all events before it. Without
/// WAL every event is synced, as only then the file stays whole.
Result<void> Journal::syncFully(bool fully)
{
    fully = fully || !m_usesWal;
    if (fully == m_syncsFully)
        return {};
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!query.exec(u"PRAGMA synchronous = %1"_s.arg(fully ? u"FULL"_s : u"NORMAL"_s)))
        return journalFailure(m_path, query.lastError());
    m_syncsFully = fully;
    return {};
}

Result<qint64> Journal::add(qint64 runId, const QString &event, const QJsonObject &content, bool synced)
{
    if (const auto set = syncFully(synced); !set)
        return std::unexpected(set.error());
    const QVariantList values{runId > 0 ? QVariant(runId) : QVariant(QMetaType::fromType<qint64>()),
                              QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs),
                              event,
                              content.value("environment"_L1).toString(u""_s),
                              content.value("component"_L1).toString(u""_s),
                              content.value("workspace"_L1).toString(u""_s),
                              QString::fromUtf8(QJsonDocument(content).toJson(QJsonDocument::Compact))};
    for (qsizetype i = 0; i < values.size(); ++i)
        m_insert->bindValue(int(i), values.at(i));
    if (!m_insert->exec())
        return journalFailure(m_path, m_insert->lastError());
    const qint64 id = m_insert->lastInsertId().toLongLong();
    m_insert->finish();
    if (runId == 0)
        m_uids.insert(id, content.value("uid"_L1).toString());
    tellMirror(runId == 0 ? id : runId, event, content);
    return id;
}

void Journal::tellMirror(qint64 runId, const QString &event, const QJsonObject &content)
{
    if (!m_mirror)
        return;
    if (!m_uids.contains(runId)) { // another instance began it
        QSqlQuery query(QSqlDatabase::database(m_connection, false));
        query.prepare(u"SELECT json_extract(content, '$.uid') FROM event WHERE id = ?"_s);
        query.addBindValue(runId);
        if (!query.exec() || !query.next())
            return;
        m_uids.insert(runId, query.value(0).toString());
    }
    if (const QString uid = m_uids.value(runId); !uid.isEmpty())
        m_mirror(uid, event, content);
}

Result<void> Journal::addTo(qint64 runId, const QString &event, const QJsonObject &content, bool synced)
{
    if (runId <= 0)
        return failure(ErrorKind::Internal, u"There is no run %1 in the journal."_s.arg(runId));
    const auto added = add(runId, event, content, synced);
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

Result<void> Journal::stepStarted(qint64 id, int index, bool synced)
{
    return addTo(id, u"step"_s, stepToJson(index, {.state = StepState::Running}), synced);
}

Result<void> Journal::stepFinished(qint64 id, int index, const JournalStep &step)
{
    return addTo(id, u"step"_s, stepToJson(index, step), false);
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
