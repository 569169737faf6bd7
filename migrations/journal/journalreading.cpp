// SPDX-License-Identifier: MIT
// What the journal tells: runs assembled from their events.

#include "migrations/journal/journal.h"
#include "migrations/journal/journaldatabase.h"
#include "migrations/journal/journaljson.h"
#include "migrations/journal/journalmatch.h"

#include <QFile>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTimeZone>

#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// How a run ended, by its last end.
constexpr auto outcomeOfRun =
    "coalesce((SELECT json_extract(content, '$.outcome') FROM event WHERE run = first.id AND kind = 'finish' "
    "ORDER BY id DESC LIMIT 1), 'running')"_L1;

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

struct Condition {
    QString sql;
    QVariantList values;

    void add(const QString &more, const QVariantList &moreValues)
    {
        sql += u" AND "_s + more;
        values += moreValues;
    }
};

QString comparable(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs); // as beginToJson() writes it: sorts as text
}

Condition conditionOf(const JournalFilter &filter)
{
    Condition where{.sql = u"run IS NULL"_s};
    if (filter.target)
        where.add(u"environment = ? AND component = ?"_s,
                  {filter.target->environment, filter.target->component});
    if (!filter.workspace.isEmpty())
        where.add(u"workspace = ?"_s, {filter.workspace});
    if (filter.kind)
        where.add(u"json_extract(content, '$.kind') = ?"_s, {runKindName(*filter.kind)});
    if (filter.since.isValid())
        where.add(u"json_extract(content, '$.started') >= ?"_s, {comparable(filter.since)});
    if (filter.until.isValid())
        where.add(u"json_extract(content, '$.started') <= ?"_s, {comparable(filter.until)});
    if (filter.outcome)
        where.add(outcomeOfRun + u" = ?"_s, {outcomeName(*filter.outcome)});
    // SQL can only rule runs out: letters beyond ASCII, escapes in JSON and keys are told apart afterwards.
    if (const QString text = filter.text.trimmed(); isPlainWord(text))
        where.add(
            u"EXISTS (SELECT 1 FROM event WHERE (id = first.id OR run = first.id) AND content LIKE ?)"_s,
            {QString(u'%' + text + u'%')});
    return where;
}

} // namespace

Result<QList<JournalEntry>> Journal::assemble(const QList<qint64> &runs) const
{
    QList<JournalEntry> entries;
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    if (!query.prepare(u"SELECT kind, time, content FROM event WHERE id = ? OR run = ? ORDER BY id"_s))
        return journalFailure(m_path, query.lastError());
    for (const qint64 id : runs) {
        query.bindValue(0, id);
        query.bindValue(1, id);
        if (!query.exec())
            return journalFailure(m_path, query.lastError());
        JournalEntry entry{.id = id};
        while (query.next()) {
            applyEvent(entry, query.value(0).toString(),
                       QDateTime::fromString(query.value(1).toString(), Qt::ISODateWithMs).toUTC(),
                       QJsonDocument::fromJson(query.value(2).toString().toUtf8()).object());
        }
        if (query.lastError().isValid())
            return journalFailure(m_path, query.lastError());
        entries += entry;
    }
    return entries;
}

Result<QList<JournalEntry>> Journal::entries(const JournalFilter &filter) const
{
    const bool readsText = !filter.text.trimmed().isEmpty();
    const Condition where = conditionOf(filter);
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    if (!run(query, u"SELECT id FROM event AS first WHERE "_s + where.sql + u" ORDER BY id DESC LIMIT ?"_s,
             where.values + QVariantList{readsText ? -1 : filter.limit}))
        return journalFailure(m_path, query.lastError());
    QList<JournalEntry> found;
    while ((!readsText || found.size() < filter.limit) && query.next()) {
        const auto entries = assemble({query.value(0).toLongLong()});
        if (!entries)
            return std::unexpected(entries.error());
        if (matchesText(entries->first(), filter.text))
            found += entries->first();
    }
    if (query.lastError().isValid())
        return journalFailure(m_path, query.lastError());
    return found;
}

Result<JournalEntry> Journal::entry(qint64 id) const
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!run(query, u"SELECT id FROM event WHERE id = ? AND run IS NULL"_s, {id}))
        return journalFailure(m_path, query.lastError());
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
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!run(query, u"SELECT id FROM event AS first WHERE run IS NULL AND "_s + outcomeOfRun +
                        u" IN ('running', 'unknown') ORDER BY id DESC"_s))
        return journalFailure(m_path, query.lastError());
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

} // namespace stepwell
