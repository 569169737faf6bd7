// SPDX-License-Identifier: MIT
#include "migrations/preflight/othersessions.h"

#include "migrations/database/versiontable.h"
namespace stepwell {

using namespace Qt::StringLiterals;

QString OtherSession::text() const
{
    QStringList who;
    for (const QString &part : {application, user, client}) {
        if (!part.isEmpty())
            who += part;
    }
    return u"backend %1 (%2)"_s.arg(QString::number(pid), who.join(u", "_s));
}

QString OtherSession::line(const QList<HeldTableLock> &locks) const
{
    QStringList parts;
    if (!state.isEmpty())
        parts += state;
    if (inTransaction)
        parts += u"in a transaction for %1"_s.arg(ageText(*inTransaction));
    QStringList held;
    for (const HeldTableLock &lock : locks)
        held += lock.text();
    held.sort();
    held.removeDuplicates();
    if (!held.isEmpty())
        parts += u"holds %1"_s.arg(held.join(u", "_s));
    if (!query.isEmpty())
        parts += query;
    return u"%1: %2"_s.arg(text(), parts.isEmpty() ? u"not to be seen"_s : parts.join(u"; "_s));
}

Result<QList<OtherSession>> otherSessions(DatabaseSession &session)
{
    // Who may signal whom: pg_signal_backend() of the server. What a role may not see is null.
    const auto rows = session.query(
        u"SELECT a.pid, a.usename::text, coalesce(a.application_name, ''), "
        "CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) "
        "WHEN a.client_port = -1 THEN 'local socket' ELSE '' END, coalesce(a.state, ''), "
        "extract(epoch FROM clock_timestamp() - a.xact_start)::bigint, "
        "CASE WHEN a.backend_type IS NULL THEN '' "
        "ELSE left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 160) END, "
        "me.rolsuper OR (NOT r.rolsuper AND (pg_has_role(a.usesysid, 'USAGE') "
        "OR pg_has_role('pg_signal_backend', 'USAGE'))), coalesce(a.backend_start::text, ''), "
        "a.application_name IN ('pg_dump', 'pg_dumpall', 'pg_restore', 'pg_basebackup') "
        "OR coalesce(a.state = 'active' AND a.query ~* '^\\s*COPY\\s', false), a.backend_type IS NULL "
        "FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid "
        "JOIN pg_catalog.pg_roles me ON me.rolname = current_user "
        "WHERE a.pid <> pg_backend_pid() "
        "AND (a.datname = current_database() OR a.application_name = 'pg_basebackup') "
        "ORDER BY a.xact_start NULLS LAST, a.pid"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QList<OtherSession> sessions;
    for (const QVariantList &row : *rows) {
        OtherSession other{.pid = row.at(0).toInt(),
                           .user = row.at(1).toString(),
                           .application = row.at(2).toString(),
                           .client = row.at(3).toString(),
                           .state = row.at(4).toString(),
                           .inTransaction = {},
                           .query = row.at(6).toString(),
                           .maySignal = row.at(7).toBool(),
                           .started = row.at(8).toString(),
                           .isDump = row.at(9).toBool(),
                           .isHidden = row.at(10).toBool()};
        if (!row.at(5).isNull())
            other.inTransaction = std::chrono::seconds(row.at(5).toLongLong());
        sessions += other;
    }
    return sessions;
}

QList<HeldTableLock> locksOf(int pid, const QList<HeldTableLock> &locks)
{
    QList<HeldTableLock> own;
    for (const HeldTableLock &lock : locks) {
        if (lock.pid == pid)
            own += lock;
    }
    return own;
}

QList<CheckFix> signalFixes(const OtherSession &session)
{
    QList<CheckFix> fixes;
    if (!session.maySignal || session.started.isEmpty())
        return fixes;
    // By its start too: the number may belong to somebody else by the time this is run.
    const auto statement = [&](const QString &function) {
        return u"SELECT %1(pid) FROM pg_stat_activity WHERE pid = %2 AND backend_start = %3"_s.arg(
            function, QString::number(session.pid), quotedLiteral(session.started));
    };
    if (session.state == u"active"_s)
        fixes += CheckFix{.label = u"Cancel the query of backend %1"_s.arg(session.pid),
                          .statements = {statement(u"pg_cancel_backend"_s)},
                          .warning = u"What %1 executes is rolled back."_s.arg(session.text())};
    fixes +=
        CheckFix{.label = u"End backend %1"_s.arg(session.pid),
                 .statements = {statement(u"pg_terminate_backend"_s)},
                 .warning = u"%1 loses its connection, and what it has not committed is rolled back."_s.arg(
                     session.text())};
    return fixes;
}

} // namespace stepwell
