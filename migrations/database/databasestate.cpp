// SPDX-License-Identifier: MIT
// What a session reads: version rows, facts of the database, advisory locks.
#include "migrations/database/databasesession.h"
#include "migrations/database/versiontable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// "schema"."name" of the version table, or empty if there is none. The same question that Alembic asks:
/// views and foreign tables count, pg_catalog does not, search_path decides if there is no schema.
Result<QString> findVersionTable(DatabaseSession &session, const VersionTableName &table)
{
    const QString base = u"SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c "
                         "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                         "WHERE c.relname::text = ? AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND "_s;
    const Result<QList<QVariantList>> found =
        table.schema.isEmpty()
            ? session.query(base + u"pg_catalog.pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'"_s,
                            {table.name})
            : session.query(base + u"n.nspname::text = ?"_s, {table.name, table.schema});
    if (!found)
        return std::unexpected(found.error());
    if (found->isEmpty())
        return QString();
    const QVariantList &row = found->constFirst();
    return QString(quotedIdentifier(row.at(0).toString()) + u'.' + quotedIdentifier(row.at(1).toString()));
}

struct VersionRows {
    bool tableExists = false;
    RevisionIds rows;
};

/// `known`: the table as it was asked for, and as it was found before.
Result<VersionRows> readVersionTable(DatabaseSession &session, const QString &versionTable,
                                     std::optional<std::pair<QString, QString>> &known)
{
    const bool wasKnown = known && known->first == versionTable;
    if (!wasKnown) {
        const Result<VersionTableName> name = VersionTableName::parse(versionTable);
        if (!name)
            return std::unexpected(name.error());
        const Result<QString> table = findVersionTable(session, *name);
        if (!table)
            return std::unexpected(table.error());
        if (table->isEmpty())
            return VersionRows{};
        known = {versionTable, *table};
    }
    const auto read = session.query(u"SELECT version_num FROM "_s + known->second);
    if (!read) {
        known.reset();
        if (read.error().sqlState != u"42P01"_s)
            return std::unexpected(read.error());
        // Dropped or moved since it was found.
        return wasKnown ? readVersionTable(session, versionTable, known) : VersionRows{};
    }
    VersionRows found{.tableExists = true, .rows = {}};
    for (const QVariantList &row : *read) {
        if (!row.constFirst().isNull())
            found.rows.append(RevisionId(row.constFirst().toString()));
    }
    std::ranges::sort(found.rows);
    return found;
}

/// The two halves of a one-key advisory lock, as pg_locks shows them.
QVariantList lockHalves(qint64 key)
{
    const auto bits = static_cast<quint64>(key);
    return {static_cast<qint64>(bits >> 32), static_cast<qint64>(bits & 0xffffffffU)};
}

Result<bool> firstBool(const Result<QList<QVariantList>> &rows)
{
    if (!rows)
        return std::unexpected(rows.error());
    return !rows->isEmpty() && rows->constFirst().constFirst().toBool();
}

} // namespace

Result<RevisionIds> DatabaseSession::readVersionRows(const QString &versionTable)
{
    Result<VersionRows> found = readVersionTable(*this, versionTable, m_versionTable);
    if (!found)
        return std::unexpected(found.error());
    return std::move(found->rows);
}

Result<DatabaseState> DatabaseSession::readState(const QString &versionTable)
{
    const auto started = std::chrono::steady_clock::now();
    const auto facts =
        query(u"SELECT current_user::text, current_database()::text, "
              "current_setting('server_version'), current_setting('server_version_num')::int"_s);
    if (!facts)
        return std::unexpected(facts.error());
    DatabaseState state;
    state.roundTrip =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    const QVariantList &row = facts->constFirst();
    state.user = row.at(0).toString();
    state.databaseName = row.at(1).toString();
    state.serverVersionText = row.at(2).toString().section(u' ', 0, 0); // "17.6 (Debian 17.6-1)"
    state.serverVersion = row.at(3).toInt();
    state.tls = tlsProtocol();

    const Result<VersionRows> versions = readVersionTable(*this, versionTable, m_versionTable);
    if (!versions)
        return std::unexpected(versions.error());
    state.versionTableExists = versions->tableExists;
    state.rows = versions->rows;

    const auto size = query(u"SELECT pg_catalog.pg_database_size(current_database())"_s);
    if (size)
        state.databaseSize = size->constFirst().constFirst().toLongLong();
    else if (size.error().connectionLost)
        return std::unexpected(size.error());
    return state;
}

Result<bool> DatabaseSession::tryAdvisoryLock(qint64 key)
{
    return firstBool(query(u"SELECT pg_catalog.pg_try_advisory_lock(?)"_s, {key}));
}

Result<void> DatabaseSession::releaseAdvisoryLock(qint64 key)
{
    const Result<bool> released = firstBool(query(u"SELECT pg_catalog.pg_advisory_unlock(?)"_s, {key}));
    if (!released)
        return std::unexpected(released.error());
    if (!*released) {
        return failure(
            ErrorKind::Internal, u"An advisory lock was released that this session does not hold."_s,
            u"A connection pooler in between can cause this: use the address of the database itself."_s);
    }
    return {};
}

Result<std::optional<LockHolder>> DatabaseSession::advisoryLockHolder(qint64 key)
{
    const auto found = query(
        u"SELECT l.pid, a.usename::text, "
        "CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) "
        "WHEN a.client_port = -1 THEN 'local socket' ELSE '' END, "
        "a.application_name, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
        "FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
        "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
        "AND l.classid::bigint = ? AND l.objid::bigint = ? LIMIT 1"_s,
        lockHalves(key));
    if (!found)
        return std::unexpected(found.error());
    if (found->isEmpty())
        return std::optional<LockHolder>();
    const QVariantList &row = found->constFirst();
    return LockHolder{.backendPid = row.at(0).toInt(),
                      .user = row.at(1).toString(),
                      .client = row.at(2).toString(),
                      .applicationName = row.at(3).toString(),
                      .since = row.at(4).toString()};
}

Result<bool> DatabaseSession::cancelBackend(int backendPid)
{
    return firstBool(query(u"SELECT pg_catalog.pg_cancel_backend(?)"_s, {backendPid}));
}

} // namespace stepwell
