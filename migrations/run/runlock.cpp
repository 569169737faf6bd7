// SPDX-License-Identifier: MIT
#include "migrations/run/runlock.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QThread>
#include <QtEndian>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

qint64 keyOf(const QString &text)
{
    const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
    return qFromBigEndian<qint64>(hash.constData());
}

std::unexpected<Error> lockedBy(const std::optional<LockHolder> &holder, bool byBridge)
{
    QString message = u"Another migration is running on this database."_s;
    if (holder) {
        message =
            u"Another migration is running on this database: %1 (%2), backend %3, connected since %4."_s.arg(
                holder->user, holder->client, QString::number(holder->backendPid), holder->since);
    }
    return failure(
        ErrorKind::Locked, message,
        byBridge
            ? u"Its Stepwell has ended, but the revision it was in is still executing. Wait for it to finish."_s
            : u"Wait until it has finished, then look at the state again. Nothing was changed."_s,
        holder ? holder->applicationName : QString());
}

/// Takes both keys for a moment and keeps the run key. Holding means: somebody else has one of them.
Result<bool> tryBoth(DatabaseSession &session, const RunKeys &keys, bool &bridgeBusy)
{
    bridgeBusy = false;
    const Result<bool> run = session.tryAdvisoryLock(keys.run);
    if (!run || !*run)
        return run;
    const Result<bool> bridge = session.tryAdvisoryLock(keys.bridge);
    if (bridge && *bridge) {
        if (const Result<void> released = session.releaseAdvisoryLock(keys.bridge); !released)
            return std::unexpected(released.error());
        return true;
    }
    bridgeBusy = true;
    if (const Result<void> released = session.releaseAdvisoryLock(keys.run); !released)
        return std::unexpected(released.error());
    return bridge;
}

} // namespace

RunKeys RunKeys::forTable(const QString &versionTable)
{
    const QString table = versionTable.isEmpty() ? u"alembic_version"_s : versionTable;
    return {.run = keyOf(u"stepwell run "_s + table), .bridge = keyOf(u"stepwell bridge "_s + table)};
}

Result<void> acquireRunLock(DatabaseSession &session, const RunKeys &keys, milliseconds wait,
                            const std::stop_token &stop,
                            const std::function<void(const QString &)> &onWaiting)
{
    const auto until = steady_clock::now() + wait;
    bool told = false;
    for (;;) {
        bool bridgeBusy = false;
        const Result<bool> taken = tryBoth(session, keys, bridgeBusy);
        if (!taken)
            return std::unexpected(taken.error());
        if (*taken)
            return {};
        const Result<std::optional<LockHolder>> holder =
            session.advisoryLockHolder(bridgeBusy ? keys.bridge : keys.run);
        const std::unexpected<Error> locked = lockedBy(holder.value_or(std::nullopt), bridgeBusy);
        if (stop.stop_requested())
            return failure(ErrorKind::Cancelled,
                           u"Cancelled while waiting for another migration to finish."_s);
        if (steady_clock::now() >= until)
            return locked;
        if (!std::exchange(told, true) && onWaiting)
            onWaiting(locked.error().message);
        QThread::msleep(200);
    }
}

Result<void> checkDirect(DatabaseSession &session)
{
    // A pooler gives its clients process ids of its own.
    const Result<QList<QVariantList>> rows = session.query(u"SELECT pg_backend_pid()"_s);
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->first().first().toInt() == session.backendPid())
        return {};
    return failure(ErrorKind::Refused, u"A connection pooler stands between Stepwell and the server."_s,
                   u"Its sessions keep no locks. Name the server's own host and port in the database URL."_s);
}

qint64 newProofKey()
{
    return static_cast<qint64>(QRandomGenerator::system()->generate64());
}

} // namespace stepwell
