// SPDX-License-Identifier: MIT
// One look at pg_locks: what a backend waits for, who keeps it waiting, who waits behind it.

#include "migrations/run/lockwatch.h"

#include "migrations/sql/lockmode.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr int waitersLooked = 500; // each costs a call that stops all locking for a moment
constexpr qsizetype blockersTold = 20;
constexpr qsizetype queryLength = 2000;

/// What is waited for, as people call it. A row is waited for through the transaction that changed it: then
/// the waiter holds the row's own lock.
const QString lockedThing =
    u"CASE l.locktype "
    "WHEN 'relation' THEN l.relation::regclass::text "
    "WHEN 'extend' THEN 'the extension of ' || l.relation::regclass "
    "WHEN 'page' THEN 'a page of ' || l.relation::regclass "
    "WHEN 'tuple' THEN 'a row of ' || l.relation::regclass "
    "WHEN 'transactionid' THEN coalesce((SELECT 'a row of ' || r.relation::regclass || ' (transaction ' || "
    "  l.transactionid || ')' FROM pg_locks r WHERE r.pid = l.pid AND r.locktype = 'tuple' AND r.granted "
    "  LIMIT 1), 'transaction ' || l.transactionid) "
    "WHEN 'virtualxid' THEN 'the end of an older transaction (' || l.virtualxid || ')' "
    "WHEN 'spectoken' THEN 'the insertion of transaction ' || l.transactionid "
    "WHEN 'object' THEN 'an object of ' || l.classid::regclass "
    "WHEN 'advisory' THEN 'advisory lock ' || CASE l.objsubid "
    "  WHEN 1 THEN ((l.classid::bigint << 32) | l.objid::bigint)::text "
    "  ELSE '(' || l.classid || ', ' || l.objid || ')' END "
    "ELSE l.locktype END"_s;

/// The same lock: pg_locks names it by all of these.
const QString sameLock =
    u"(b.locktype, b.database, b.relation, b.page, b.tuple, b.virtualxid, b.transactionid, b.classid, "
    "b.objid, b.objsubid) IS NOT DISTINCT FROM (l.locktype, l.database, l.relation, l.page, l.tuple, "
    "l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid)"_s;

/// pg_locks tells since when from 14 on, and even there not in the first moment.
QString waitedMilliseconds(int serverVersion)
{
    return serverVersion >= 140000 ? u"l.waitstart"_s : u"greatest(a.query_start, a.state_change)"_s;
}

QString waitQuery(int serverVersion, int backendPid)
{
    return u"SELECT l.pid, l.locktype, l.mode, %1, "
           "coalesce((extract(epoch FROM clock_timestamp() - %2) * 1000)::bigint, 0) "
           "FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid "
           "WHERE NOT l.granted AND (l.pid = %3 OR a.leader_pid = %3) LIMIT 1"_s.arg(
               lockedThing, waitedMilliseconds(serverVersion), QString::number(backendPid));
}

/// What pg_signal_backend() itself goes by. No role, as with autovacuum: as if it were a superuser's.
QString maySignal(int serverVersion)
{
    const QString autovacuum = serverVersion >= 180000
                                   ? u" OR (a.usesysid IS NULL AND "
                                     "pg_has_role('pg_signal_autovacuum_worker', 'USAGE'))"_s
                                   : QString();
    return u"a.pid IS NOT NULL AND (me.rolsuper OR (NOT coalesce(r.rolsuper, true) AND "
           "(pg_has_role(a.usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE')))%1)"_s.arg(
               autovacuum);
}

/// Rows: depth, pid, user, application, client, state, seconds in transaction, query, may be signalled,
/// autovacuum. `waiter`: our backend or its parallel worker.
QString blockersQuery(int serverVersion, int backendPid, int waiter)
{
    return u"WITH RECURSIVE waiting AS MATERIALIZED ("
           "  SELECT w.pid, pg_blocking_pids(w.pid) AS by FROM (SELECT DISTINCT pid FROM pg_locks "
           "  WHERE NOT granted AND pid IS NOT NULL LIMIT %1) w), "
           "chain(pid, depth) AS (SELECT unnest(pg_blocking_pids(%3)), 1 "
           "  UNION SELECT unnest(w.by), c.depth + 1 FROM chain c JOIN waiting w ON w.pid = c.pid "
           "  WHERE c.depth < 5 AND c.pid NOT IN (0, %2)), "
           "behind(pid) AS (SELECT w.pid FROM waiting w WHERE %2 = ANY (w.by) "
           "  UNION SELECT w.pid FROM behind b JOIN waiting w ON b.pid = ANY (w.by)), "
           "nearest AS (SELECT pid, min(depth) AS depth FROM chain "
           "  WHERE pid NOT IN (%2, %3, pg_backend_pid()) GROUP BY pid) "
           "SELECT n.depth, n.pid, a.usename::text, a.application_name, "
           "CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) "
           "WHEN a.client_port = -1 THEN 'local socket' END, a.state, "
           "coalesce(extract(epoch FROM clock_timestamp() - a.xact_start)::bigint, 0), "
           "left(nullif(a.query, '<insufficient privilege>'), %4), "
           "%5, coalesce(a.backend_type = 'autovacuum worker', a.usesysid IS NULL AND a.datid IS NOT NULL), "
           "(SELECT count(*) FROM behind WHERE pid NOT IN (%2, %3)) "
           "FROM nearest n LEFT JOIN pg_stat_activity a ON a.pid = n.pid "
           "LEFT JOIN pg_roles r ON r.oid = a.usesysid "
           "CROSS JOIN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) me "
           "ORDER BY n.depth, n.pid"_s.arg(QString::number(waitersLooked), QString::number(backendPid),
                                           QString::number(waiter), QString::number(queryLength),
                                           maySignal(serverVersion));
}

/// Who holds or asks for the very lock that is waited for: pid (0: a prepared transaction), mode, granted,
/// and of a prepared one its name, owner and age.
QString holdersQuery(int waiter)
{
    return u"WITH locks AS MATERIALIZED (SELECT * FROM pg_locks) "
           "SELECT coalesce(g.leader_pid, b.pid, 0), b.mode, b.granted, p.gid, p.owner::text, "
           "coalesce(extract(epoch FROM clock_timestamp() - p.prepared)::bigint, 0) "
           "FROM locks l JOIN locks b ON %1 AND b.pid IS DISTINCT FROM l.pid "
           "LEFT JOIN pg_stat_activity g ON g.pid = b.pid "
           // A prepared transaction has no session. Its virtual id is the one that its session had (-1 and
           // its number after a restart), and under the same it holds the lock of its number.
           "LEFT JOIN locks t ON b.pid IS NULL AND t.pid IS NULL AND t.locktype = 'transactionid' "
           "AND t.virtualtransaction = b.virtualtransaction "
           "LEFT JOIN pg_prepared_xacts p ON p.transaction = t.transactionid "
           "WHERE l.pid = %2 AND NOT l.granted AND (b.pid IS NOT NULL OR p.gid IS NOT NULL)"_s.arg(
               sameLock, QString::number(waiter));
}

struct Holder {
    int pid = 0;
    LockMode mode = LockMode::None;
    QString modeText;
    bool granted = true;
    QString gid;
    QString owner;
    seconds age{0};
};

/// "ACCESS EXCLUSIVE"; of locks that have other modes than tables, what the server says.
QString modeText(const QString &mode)
{
    const QString known = lockName(lockModeOf(mode));
    return known.isEmpty() ? mode : known;
}

Result<QList<Holder>> holdersOf(DatabaseSession &session, int waiter)
{
    return session.query(holdersQuery(waiter)).transform([](const QList<QVariantList> &rows) {
        QList<Holder> holders;
        for (const QVariantList &row : rows)
            holders += {.pid = row.at(0).toInt(),
                        .mode = lockModeOf(row.at(1).toString()),
                        .modeText = modeText(row.at(1).toString()),
                        .granted = row.at(2).toBool(),
                        .gid = row.at(3).toString(),
                        .owner = row.at(4).toString(),
                        .age = seconds(row.at(5).toLongLong())};
        return holders;
    });
}

/// What a blocker holds counts more than what it also asks for.
void addMode(Blocker &blocker, const QList<Holder> &holders)
{
    LockMode strongest = LockMode::None;
    bool holds = false;
    for (const Holder &holder : holders) {
        if (holder.pid != blocker.pid || (holds && !holder.granted))
            continue;
        if (holder.granted && !holds) {
            holds = true;
            strongest = LockMode::None;
            blocker.mode.clear();
        }
        if (blocker.mode.isEmpty() || holder.mode > strongest) {
            strongest = holder.mode;
            blocker.mode = holder.modeText;
        }
        blocker.waits = !holds;
    }
}

QList<Blocker> preparedTransactions(const QList<Holder> &holders)
{
    QList<Blocker> found;
    for (const Holder &holder : holders) {
        const QString command =
            u"PREPARE TRANSACTION '%1'"_s.arg(QString(holder.gid).replace(u'\'', u"''"_s));
        if (holder.gid.isEmpty() || std::ranges::contains(found, command, &Blocker::query))
            continue;
        found += {.user = holder.owner,
                  .state = u"prepared transaction"_s,
                  .inTransaction = holder.age,
                  .query = command,
                  .mode = holder.modeText};
    }
    if (found.isEmpty()) // it holds what one of the others waits for, or was just ended
        found += {.state = u"prepared transaction"_s};
    return found;
}

QString spanText(seconds span)
{
    if (span < 60s)
        return u"%1 s"_s.arg(span.count());
    if (span < 60min)
        return u"%1 min"_s.arg(duration_cast<minutes>(span).count());
    return u"%1 h %2 min"_s.arg(duration_cast<hours>(span).count()).arg(span.count() / 60 % 60);
}

QString blockerText(const Blocker &blocker)
{
    const QString age =
        blocker.inTransaction.count() > 0 ? QString(u" for "_s + spanText(blocker.inTransaction)) : QString();
    if (blocker.pid == 0)
        return QString(u"a transaction that was prepared and never ended: "_s + blocker.query);
    QStringList who;
    if (blocker.autovacuum)
        who += u"autovacuum"_s;
    if (!blocker.application.isEmpty())
        who += blocker.application;
    if (!blocker.user.isEmpty())
        who += blocker.user;
    QString text = u"session %1"_s.arg(blocker.pid);
    if (!who.isEmpty())
        text += u" (%1)"_s.arg(who.join(u", "_s));
    if (blocker.waits)
        text += u", which waits itself"_s;
    else if (!blocker.state.isEmpty())
        text += QString(u", "_s + blocker.state + age);
    return text;
}

} // namespace

Result<std::optional<LockWait>> lookAtLocks(DatabaseSession &session, int backendPid)
{
    const int version = session.serverVersion();
    const auto waits = session.query(waitQuery(version, backendPid));
    if (!waits)
        return std::unexpected(waits.error());
    if (waits->isEmpty())
        return std::nullopt;
    const QVariantList &lock = waits->first();
    const int waiter = lock.at(0).toInt();
    const QString type = lock.at(1).toString();
    const bool hasMode = type != u"transactionid"_s && type != u"virtualxid"_s && type != u"spectoken"_s;
    LockWait wait{.waited = milliseconds(qMax<qint64>(0, lock.at(4).toLongLong())),
                  .mode = hasMode ? modeText(lock.at(2).toString()) : QString(),
                  .relation = lock.at(3).toString()};
    const auto blockers = session.query(blockersQuery(version, backendPid, waiter));
    if (!blockers)
        return std::unexpected(blockers.error());
    const auto holders = holdersOf(session, waiter);
    if (!holders)
        return std::unexpected(holders.error());
    for (const QVariantList &row : *blockers) {
        wait.queuedBehind = row.at(10).toInt();
        if (wait.blockers.size() >= blockersTold)
            break;
        Blocker blocker{.pid = row.at(1).toInt(),
                        .user = row.at(2).toString(),
                        .application = row.at(3).toString(),
                        .client = row.at(4).toString(),
                        .state = row.at(5).toString(),
                        .inTransaction = seconds(row.at(6).toLongLong()),
                        .query = row.at(7).toString(),
                        .maySignal = row.at(8).toBool(),
                        .autovacuum = row.at(9).toBool()};
        if (blocker.pid == 0) {
            wait.blockers += preparedTransactions(*holders);
            continue;
        }
        addMode(blocker, *holders);
        if (!hasMode)
            blocker.mode.clear();
        wait.blockers += blocker;
    }
    // Nobody: the lock was had between the two questions, or it is this very session that is waited for.
    if (wait.blockers.isEmpty())
        return std::nullopt;
    return wait;
}

QString toText(const LockWait &wait)
{
    const QString what = wait.mode.isEmpty() ? wait.relation : QString(wait.mode + u" on "_s + wait.relation);
    QStringList blockers;
    for (const Blocker &blocker : wait.blockers)
        blockers += blockerText(blocker);
    QString text = u"%1 is held up by %2."_s.arg(what, blockers.join(u"; "_s));
    if (wait.queuedBehind > 0)
        text += wait.queuedBehind == 1 ? u" 1 session waits behind this one."_s
                                       : u" %1 sessions wait behind this one."_s.arg(wait.queuedBehind);
    return text;
}

} // namespace stepwell
