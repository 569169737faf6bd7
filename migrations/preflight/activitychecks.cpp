// SPDX-License-Identifier: MIT
#include "migrations/database/versiontable.h"
#include "migrations/preflight/checks.h"
#include "migrations/preflight/othersessions.h"
#include "migrations/run/reviewchecks.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostShown = 10;

/// The sessions and what they hold of the tables that the SQL needs.
struct Activity {
    QList<OtherSession> sessions;
    QList<HeldTableLock> locks;
};

Result<Activity> readActivity(const CheckContext &context, DatabaseSession &session)
{
    const auto tables = concernedTables(context, session);
    if (!tables)
        return std::unexpected(tables.error());
    const auto sessions = otherSessions(session);
    if (!sessions)
        return std::unexpected(sessions.error());
    return heldLocks(session, *tables).transform([&](const QList<HeldTableLock> &locks) {
        return Activity{.sessions = *sessions, .locks = locks};
    });
}

const HeldTableLock *inTheWay(const QList<HeldTableLock> &locks)
{
    const auto found = std::ranges::find(locks, true, &HeldTableLock::inTheWay);
    return found == locks.end() ? nullptr : &*found;
}

bool waitsForSnapshots(const CheckContext &context)
{
    const QList<StepReview> *reviews = context.reviews();
    return reviews && std::ranges::any_of(*reviews, [](const StepReview &review) {
               return std::ranges::any_of(review.lint.statements, [](const LintedStatement &statement) {
                   return statement.effects.waitsForSnapshots;
               });
           });
}

void show(CheckResult &result, const OtherSession &other, const QList<HeldTableLock> &locks)
{
    if (result.details.size() >= mostShown)
        return;
    result.details += other.line(locks);
    result.fixes += signalFixes(other);
}

} // namespace

Told longTransactionsCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"long-transactions"_s;
    const auto activity = readActivity(context, session);
    if (!activity)
        return errorOf(name, activity.error());
    QList<const OtherSession *> blocking; // for long, and the SQL would wait for them
    QList<const OtherSession *> unseen;   // the same, but their age is not to be seen
    QList<const OtherSession *> open;
    qsizetype hidden = 0;
    for (const OtherSession &other : activity->sessions) {
        if (other.isDump) // they have a check of their own
            continue;
        hidden += other.isHidden ? 1 : 0;
        const bool holds = inTheWay(locksOf(other.pid, activity->locks));
        const bool isOld = other.inTransaction && *other.inTransaction >= context.request.longTransaction;
        if (holds && isOld)
            blocking += &other;
        else if (holds && other.isHidden)
            unseen += &other;
        else if (isOld)
            open += &other;
    }
    CheckResult result = checkOf(name, u"none is open for long"_s);
    for (const OtherSession *other : blocking + unseen + open)
        show(result, *other, locksOf(other->pid, activity->locks));
    if (!blocking.isEmpty()) {
        const OtherSession &oldest = *blocking.first();
        result.state = CheckState::Failed;
        result.text = u"%1 has held %2 for %3, and the SQL would wait for it"_s.arg(
            oldest.text(), inTheWay(locksOf(oldest.pid, activity->locks))->text(),
            ageText(*oldest.inTransaction));
        result.hint = u"Have it finish or end it: while the SQL waits, everybody else queues behind it."_s;
    } else if (!unseen.isEmpty()) {
        const OtherSession &first = *unseen.first();
        result.state = CheckState::Warning;
        result.text = u"%1 holds %2, and the SQL would wait for it; since when, this role may not see"_s.arg(
            first.text(), inTheWay(locksOf(first.pid, activity->locks))->text());
        result.hint = u"Ask its owner, or look again as a role with pg_read_all_stats."_s;
    } else if (!open.isEmpty()) {
        const OtherSession &oldest = *open.first();
        result.state = CheckState::Warning;
        result.text = u"%1 open; the oldest is %2 for %3"_s.arg(QString::number(open.size()), oldest.text(),
                                                                ageText(*oldest.inTransaction));
        result.hint =
            waitsForSnapshots(context)
                ? u"What is built CONCURRENTLY waits for every one of them. End them, or wait."_s
            : context.reviews()
                ? u"They hold nothing that the SQL needs now, but may come to it. End them, or wait."_s
                : u"Their locks may hold the migration up, and everything else queues behind. End them, or wait."_s;
    }
    if (hidden > 0)
        result.details += u"of %1 this role may not see what they do: GRANT pg_read_all_stats lets it"_s.arg(
            countText(hidden, u"other session"_s, u"other sessions"_s));
    return result;
}

Told preparedTransactionsCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"prepared-transactions"_s;
    // Their locks belong to no backend; the lock that each has on its own number tells which are whose.
    const auto rows = session.query(
        u"SELECT coalesce(own.virtualtransaction, ''), p.gid, p.owner::text, extract(epoch FROM now() - "
        u"p.prepared)::bigint, "
        "p.owner = current_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) "
        "FROM pg_catalog.pg_prepared_xacts p LEFT JOIN pg_catalog.pg_locks own ON own.pid IS NULL "
        "AND own.locktype = 'transactionid' AND own.transactionid = p.transaction "
        "WHERE p.database = current_database() ORDER BY p.prepared"_s);
    if (!rows)
        return errorOf(name, rows.error());
    if (rows->isEmpty())
        return checkOf(name, u"none"_s);
    const auto locks = concernedTables(context, session).and_then([&](const QList<ConcernedTable> &tables) {
        return heldLocks(session, tables);
    });
    if (!locks)
        return errorOf(name, locks.error());
    CheckResult result = warningOf(
        name,
        u"%1 open since %2 at most"_s.arg(
            countText(rows->size(), u"prepared transaction"_s, u"prepared transactions"_s),
            ageText(std::chrono::seconds(rows->first().at(3).toLongLong()))),
        u"They keep their locks until somebody commits or rolls them back, over restarts too. Ask who "
        "prepared them."_s);
    for (const QVariantList &row : *rows) {
        const QString gid = row.at(1).toString();
        QStringList held;
        for (const HeldTableLock &lock : *locks) {
            if (lock.pid != 0 || lock.transaction != row.at(0).toString())
                continue;
            held += lock.text();
            if (!lock.inTheWay || result.state == CheckState::Failed)
                continue;
            result.state = CheckState::Failed;
            result.text =
                u"The prepared transaction %1 of %2 has held %3 for %4, and the SQL would wait for it"_s.arg(
                    gid, row.at(2).toString(), lock.text(),
                    ageText(std::chrono::seconds(row.at(3).toLongLong())));
        }
        result.details += u"%1 of %2, prepared %3 ago%4"_s.arg(
            gid, row.at(2).toString(), ageText(std::chrono::seconds(row.at(3).toLongLong())),
            held.isEmpty() ? QString() : u", holds %1"_s.arg(held.join(u", "_s)));
        if (row.at(4).toBool())
            result.fixes += CheckFix{
                .label = u"Roll back %1"_s.arg(gid),
                .statements = {u"ROLLBACK PREPARED %1"_s.arg(quotedLiteral(gid))},
                .warning =
                    u"What it did is lost for good, and its other databases may have committed their part."_s};
    }
    return result;
}

Told dumpsCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"dumps"_s;
    const auto activity = readActivity(context, session);
    if (!activity)
        return errorOf(name, activity.error());
    CheckResult result = checkOf(name, u"none is running"_s);
    QList<const OtherSession *> running;
    for (const OtherSession &other : activity->sessions) {
        if (!other.isDump)
            continue;
        running += &other;
        const QList<HeldTableLock> locks = locksOf(other.pid, activity->locks);
        show(result, other, locks);
        const HeldTableLock *lock = inTheWay(locks);
        if (!lock || result.state == CheckState::Failed)
            continue;
        result.state = CheckState::Failed;
        result.text = u"%1 holds %2, and the SQL would wait for it"_s.arg(other.text(), lock->text());
        result.hint = u"Wait until it has ended: a dump keeps all its locks to its end."_s;
    }
    if (running.isEmpty() || result.state == CheckState::Failed)
        return result;
    const bool isBaseBackup = std::ranges::all_of(
        running, [](const OtherSession *other) { return other->application == u"pg_basebackup"_s; });
    result.text = u"%1 is running"_s.arg(running.first()->text());
    if (isBaseBackup) {
        result.text += u"; it holds no locks, but a rewrite makes it longer"_s;
    } else if (context.reviews()) {
        result.text += u", and holds nothing that the SQL needs"_s;
    } else {
        result.state = CheckState::Warning;
        result.hint = u"It has locks on every table that it reads, to its end. Wait for it."_s;
    }
    return result;
}

Told autovacuumCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"autovacuum"_s;
    // Its workers belong to no user. Where their words are hidden, the table's age tells.
    const auto tables = concernedTables(context, session);
    if (!tables)
        return errorOf(name, tables.error());
    const auto rows = session.query(
        u"SELECT l.pid, c.oid::bigint, c.oid::regclass::text, age(c.relfrozenxid)::bigint, "
        "(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) "
        "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
        "JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'm', 't') "
        "WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'ShareUpdateExclusiveLock' "
        "AND a.datname = current_database() AND a.usename IS NULL AND CASE WHEN a.backend_type IS NULL "
        "THEN age(c.relfrozenxid) > current_setting('autovacuum_freeze_max_age')::bigint "
        "ELSE a.query LIKE '%(to prevent wraparound)' END ORDER BY 3"_s);
    if (!rows)
        return errorOf(name, rows.error());
    CheckResult result = checkOf(name, u"none that would not give way"_s);
    for (const QVariantList &row : *rows) {
        const QString table = row.at(2).toString();
        const QString pid = row.at(0).toString();
        const auto ours = std::ranges::find(*tables, row.at(1).toLongLong(), &ConcernedTable::oid);
        const bool waits = ours != tables->end() && std::ranges::any_of(ours->modes, [](LockMode wanted) {
                               return conflict(LockMode::ShareUpdateExclusive, wanted);
                           });
        result.details += u"backend %1 vacuums %2, whose oldest row is %3 transactions old"_s.arg(
            pid, table, row.at(3).toString());
        if (waits && row.at(4).toBool())
            result.fixes +=
                CheckFix{.label = u"Cancel the vacuum of %1"_s.arg(table),
                         .statements = {u"SELECT pg_cancel_backend(%1)"_s.arg(pid)},
                         .warning = u"It starts anew within a minute and reads all of the table again."_s};
        const CheckState state = waits               ? CheckState::Failed
                                 : context.reviews() ? CheckState::Passed
                                                     : CheckState::Warning;
        if (state <= result.state)
            continue;
        result.state = state;
        result.text =
            waits
                ? u"Autovacuum works on %1 to prevent wraparound, and the SQL would wait for it"_s.arg(table)
                : u"Autovacuum works on %1 to prevent wraparound"_s.arg(table);
        result.hint =
            u"This one does not give way. Wait for it, or run VACUUM (FREEZE) on %1 beforehand."_s.arg(table);
    }
    return result;
}

} // namespace stepwell
