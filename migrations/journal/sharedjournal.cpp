// SPDX-License-Identifier: MIT
#include "migrations/journal/sharedjournal.h"

#include "migrations/journal/journaljson.h"
#include "migrations/journal/journalmatch.h"
#include "migrations/journal/sharedjournalschema.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The team learns what was run and how it ended; the statements stay with the one who ran them.
/// What was left behind are statements too, and the lines of logs may hold anything: the team is told how
/// many.
QJsonObject withoutStatements(QJsonObject content)
{
    content.remove("statements"_L1);
    QJsonArray after = content["after"_L1].toArray();
    for (QJsonValueRef one : after) {
        QJsonObject result = one.toObject();
        result.remove("lines"_L1);
        one = result;
    }
    if (!after.isEmpty())
        content["after"_L1] = after;
    const qsizetype left = content["left_behind"_L1].toArray().size();
    if (left > 0)
        content["left_behind"_L1] =
            QJsonArray{u"%1 statements or indexes; the journal of who ran it names them"_s.arg(left)};
    return content;
}

struct Condition {
    QString sql = u"kind = 'begin'"_s;
    QVariantList values;

    void add(const QString &more, const QVariant &value)
    {
        sql += u" AND "_s + more;
        values += value;
    }
};

QString comparable(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

/// `number`: only runs that began before this event; 0: all.
Condition conditionOf(const JournalFilter &filter, qint64 number)
{
    Condition where;
    if (number > 0)
        where.add(u"number < ?"_s, number);
    if (filter.target) {
        where.add(u"content ->> 'environment' = ?"_s, filter.target->environment);
        where.add(u"content ->> 'component' = ?"_s, filter.target->component);
    }
    if (filter.kind)
        where.add(u"content ->> 'kind' = ?"_s, runKindName(*filter.kind));
    // As beginToJson() writes times they sort as text, byte for byte.
    if (filter.since.isValid())
        where.add(u"content ->> 'started' COLLATE \"C\" >= ?"_s, comparable(filter.since));
    if (filter.until.isValid())
        where.add(u"content ->> 'started' COLLATE \"C\" <= ?"_s, comparable(filter.until));
    return where;
}

bool matches(const JournalEntry &entry, const JournalFilter &filter)
{
    return (!filter.outcome || entry.outcome == *filter.outcome) && matchesText(entry, filter.text);
}

} // namespace

Result<std::unique_ptr<SharedJournal>> SharedJournal::open(std::unique_ptr<DatabaseSession> session,
                                                           bool create)
{
    if (const auto prepared = prepareSharedJournal(*session, create); !prepared)
        return std::unexpected(prepared.error());
    return std::unique_ptr<SharedJournal>(new SharedJournal(std::move(session)));
}

Result<void> SharedJournal::add(const QString &uid, const QString &event, const QJsonObject &content)
{
    return m_session->execute(
        u"INSERT INTO stepwell.journal (uid, kind, content) VALUES (CAST(? AS uuid), ?, CAST(? AS jsonb))"_s,
        {uid, event,
         QString::fromUtf8(QJsonDocument(withoutStatements(content)).toJson(QJsonDocument::Compact))});
}

Result<QList<JournalEntry>> SharedJournal::entries(const JournalFilter &filter)
{
    constexpr int page = 200;
    QList<JournalEntry> found;
    qint64 number = 0;
    while (found.size() < filter.limit) {
        Condition where = conditionOf(filter, number);
        where.values += page;
        const auto runs =
            m_session->query(u"SELECT number, CAST(uid AS text) FROM stepwell.journal WHERE "_s + where.sql +
                                 u" ORDER BY number DESC LIMIT ?"_s,
                             where.values);
        if (!runs)
            return std::unexpected(runs.error());
        QStringList uids;
        for (const QVariantList &run : *runs) {
            number = run.at(0).toLongLong();
            uids += run.at(1).toString();
        }
        const auto entries = assemble(uids);
        if (!entries)
            return std::unexpected(entries.error());
        for (const JournalEntry &entry : *entries) {
            if (found.size() < filter.limit && matches(entry, filter))
                found += entry;
        }
        if (runs->size() < page)
            break;
    }
    return found;
}

Result<QList<JournalEntry>> SharedJournal::assemble(const QStringList &uids)
{
    if (uids.isEmpty())
        return QList<JournalEntry>();
    const auto events = m_session->query(
        u"SELECT CAST(uid AS text), kind, "
        "to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), CAST(content AS text) "
        "FROM stepwell.journal WHERE uid = ANY (CAST(? AS uuid[])) ORDER BY number"_s,
        {QString(u'{' + uids.join(u',') + u'}')});
    if (!events)
        return std::unexpected(events.error());
    QHash<QString, JournalEntry> byUid;
    for (const QVariantList &event : *events)
        applyEvent(byUid[event.at(0).toString()], event.at(1).toString(),
                   QDateTime::fromString(event.at(2).toString(), Qt::ISODateWithMs).toUTC(),
                   QJsonDocument::fromJson(event.at(3).toString().toUtf8()).object());
    QList<JournalEntry> entries;
    for (const QString &uid : uids)
        entries += byUid.value(uid);
    return entries;
}

} // namespace stepwell
