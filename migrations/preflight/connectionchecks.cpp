// SPDX-License-Identifier: MIT
#include "migrations/database/libpqkeywords.h"
#include "migrations/database/versiontable.h"
#include "migrations/preflight/checks.h"
#include "migrations/run/databaseproof.h"
#include "migrations/run/runlock.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

CheckResult connectionCheck(const DatabaseState &state)
{
    const QString name = u"connection"_s;
    const QString text = u"PostgreSQL %1, %2, %3 ms"_s
                             .arg(state.serverVersionText, state.tls.isEmpty() ? u"no TLS"_s : state.tls)
                             .arg(state.roundTrip.count());
    if (state.serverVersion < 130000)
        return warningOf(name, text, u"Stepwell knows the locks of PostgreSQL 13 and later only."_s);
    return checkOf(name, text);
}

CheckResult tlsVerdict(const QString &host, const QString &protocol, const QString &sslmode)
{
    const QString name = u"tls"_s;
    const bool isSocket = host.isEmpty() || host.startsWith(u'/') || host.startsWith(u'@');
    const bool isLocal = isSocket || host == u"localhost"_s || host == u"::1"_s || host.startsWith(u"127."_s);
    if (isLocal) {
        return checkOf(name, isSocket             ? u"a local socket"_s
                             : protocol.isEmpty() ? u"on this machine, without TLS"_s
                                                  : u"%1, on this machine"_s.arg(protocol));
    }
    if (protocol.isEmpty())
        return warningOf(
            name,
            u"The connection to %1 is not encrypted: passwords and rows can be read on the way."_s.arg(host),
            u"Add sslmode=verify-full to the database URL, and switch ssl on at the server."_s);
    if (sslmode == u"verify-full"_s)
        return checkOf(name, u"%1; the server's certificate and name were verified"_s.arg(protocol));
    CheckResult result = warningOf(
        name,
        sslmode == u"verify-ca"_s
            ? u"%1 was negotiated; the certificate was verified, but not that it belongs to %2."_s.arg(
                  protocol, host)
            : u"%1 was negotiated, but nobody verified that %2 is the server it says it is."_s.arg(protocol,
                                                                                                   host),
        u"Add sslmode=verify-full to the database URL, with sslrootcert=system or the file of the CA."_s);
    result.details = {u"negotiated: %1"_s.arg(protocol), u"sslmode: %1"_s.arg(sslmode)};
    return result;
}

Told tlsCheck(const CheckContext &context, DatabaseSession &session)
{
    const auto values = effectiveConnectionValues(context.access.connection.conninfo());
    const QString host =
        values.contains(u"hostaddr"_s) ? values.value(u"hostaddr"_s) : values.value(u"host"_s);
    return tlsVerdict(host, session.tlsProtocol(), values.value(u"sslmode"_s, u"prefer"_s));
}

Told directCheck(const CheckContext &, DatabaseSession &session)
{
    if (const Result<void> direct = checkDirect(session); !direct)
        return errorOf(u"direct"_s, direct.error());
    return checkOf(u"direct"_s, u"the server itself answers"_s);
}

Told primaryCheck(const CheckContext &, DatabaseSession &session)
{
    const QString name = u"primary"_s;
    const auto rows = session.query(
        u"SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on'"_s);
    if (!rows)
        return errorOf(name, rows.error());
    if (rows->first().at(0).toBool())
        return failureOf(name, u"The server is a standby in recovery."_s, u"Connect to the primary."_s);
    if (rows->first().at(1).toBool())
        return failureOf(
            name, u"Transactions are read-only by default here."_s,
            u"Look at default_transaction_read_only of the role, the database and the server."_s);
    return checkOf(name, u"a primary that accepts writes"_s);
}

Told sameDatabaseCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"same-database"_s;
    if (!context.request.proveDatabase || context.filesError)
        return std::nullopt;
    const qint64 proofKey = newProofKey();
    Bridge bridge(context.access.bridge);
    const Result<BridgeDescription> description =
        proveSameDatabase(session, bridge, proofKey, context.request.target, context.stop);
    std::ignore = session.releaseAdvisoryLock(proofKey);
    if (!description)
        return errorOf(name, description.error());
    if (description->externalTransaction)
        return warningOf(
            name, u"the same database, but env.py runs SQL before Alembic's transaction begins"_s,
            u"Alembic then commits nothing itself: what env.py does not commit is rolled back silently."_s);
    return checkOf(name, u"env.py and Stepwell reach the same database (alembic %1, %2)"_s.arg(
                             description->alembicVersion, description->driver));
}

Told environmentMarkCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"environment-mark"_s;
    const Environment &environment = context.request.target.environment;
    const auto table = VersionTableName::parse(context.request.target.component.versionTable);
    if (!table)
        return errorOf(name, table.error());
    const QString quoted =
        table->schema.isEmpty()
            ? quotedIdentifier(table->name)
            : QString(quotedIdentifier(table->schema) + u'.' + quotedIdentifier(table->name));
    const auto rows = session.query(
        u"SELECT to_regclass(t) IS NOT NULL, coalesce(obj_description(to_regclass(t), 'pg_class'), '') "
        "FROM (VALUES (?::text)) AS v(t)"_s,
        {quoted});
    if (!rows)
        return errorOf(name, rows.error());
    if (!rows->first().at(0).toBool())
        return checkOf(name, u"no version table yet, so no mark"_s);
    const QString comment = rows->first().at(1).toString();
    static const QRegularExpression line(u"^[ \\t]*stepwell environment:[ \\t]*(.*?)[ \\t]*$"_s,
                                         QRegularExpression::MultilineOption |
                                             QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch mark = line.match(comment);
    if (mark.hasMatch() && mark.captured(1) == environment.name)
        return checkOf(name, u"the database is marked as %1"_s.arg(environment.name));
    if (mark.hasMatch()) {
        CheckResult result = failureOf(
            name,
            u"The database is marked as %1, but this is the environment %2."_s.arg(mark.captured(1),
                                                                                   environment.name),
            u"Check the database URL of %1. If the mark is old, as in a restored copy, write the comment of "
            "the version table anew."_s.arg(environment.name));
        result.details = comment.split(u'\n');
        return result;
    }
    if (environment.protection != Protection::Protected)
        return checkOf(name, u"not marked"_s);
    CheckResult result = warningOf(
        name, u"not marked: nothing in the database itself says that it is %1"_s.arg(environment.name),
        u"Mark it once; a run that reaches it under another name then stops."_s);
    const QString text = u"stepwell environment: %1"_s.arg(environment.name);
    result.fixes +=
        CheckFix{.label = u"Mark it as %1"_s.arg(environment.name),
                 .statements = {u"COMMENT ON TABLE %1 IS %2"_s.arg(
                     quoted, quotedLiteral(comment.isEmpty() ? text : QString(comment + u'\n' + text)))},
                 .warning = {}};
    return result;
}

Told runLockCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"run-lock"_s;
    // Looked at, never taken: two who look at once must not see each other.
    const RunKeys keys = RunKeys::forTable(context.request.target.component.versionTable);
    for (const qint64 key : {keys.run, keys.bridge}) {
        const auto holder = session.advisoryLockHolder(key);
        if (!holder)
            return errorOf(name, holder.error());
        if (!*holder)
            continue;
        const LockHolder &other = **holder;
        CheckResult result = failureOf(
            name,
            u"Another migration is running on this database: %1%2, backend %3%4."_s.arg(
                other.user.isEmpty() ? u"a role that is not to be seen"_s : other.user,
                other.client.isEmpty() ? QString() : u" (%1)"_s.arg(other.client),
                QString::number(other.backendPid),
                other.since.isEmpty() ? QString() : u", connected since %1"_s.arg(other.since)),
            key == keys.run
                ? u"Wait until it has finished, then look at the state again."_s
                : u"Its Stepwell has ended, but the revision it was in is still executing. Wait for it to finish."_s);
        result.details += u"application: %1"_s.arg(other.applicationName);
        return result;
    }
    return checkOf(name, u"the lock is free"_s);
}

} // namespace stepwell
