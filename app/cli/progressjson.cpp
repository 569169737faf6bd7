// SPDX-License-Identifier: MIT
#include "app/cli/progressjson.h"

#include "app/cli/filecontext.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonObject toJson(const Blocker &blocker)
{
    return {{u"pid"_s, blocker.pid},
            {u"user"_s, blocker.user},
            {u"application"_s, blocker.application},
            {u"client"_s, blocker.client},
            {u"state"_s, blocker.state},
            {u"in_transaction_s"_s, static_cast<qint64>(blocker.inTransaction.count())},
            {u"mode"_s, blocker.mode},
            {u"waits"_s, blocker.waits},
            {u"may_signal"_s, blocker.maySignal},
            {u"autovacuum"_s, blocker.autovacuum}};
}

void addLockWait(QJsonObject &object, const LockWait &wait)
{
    QJsonArray blockers;
    for (const Blocker &blocker : wait.blockers)
        blockers += toJson(blocker);
    object.insert(u"waited_ms"_s, static_cast<qint64>(wait.waited.count()));
    object.insert(u"mode"_s, wait.mode);
    object.insert(u"relation"_s, wait.relation);
    object.insert(u"blockers"_s, blockers);
    object.insert(u"queued_behind"_s, wait.queuedBehind);
}

void addResult(QJsonObject &object, const RunEvent &event)
{
    object.insert(u"ok"_s, event.ok);
    object.insert(u"duration_ms"_s, static_cast<qint64>(event.duration.count()));
}

} // namespace

QString eventName(RunEvent::Type type)
{
    switch (type) {
    case RunEvent::PhaseStarted:
        return u"phase-started"_s;
    case RunEvent::PhaseFinished:
        return u"phase-finished"_s;
    case RunEvent::Progress:
        return u"progress"_s;
    case RunEvent::StatementStarted:
        return u"statement-started"_s;
    case RunEvent::StatementFinished:
        return u"statement-finished"_s;
    case RunEvent::Output:
        return u"output"_s;
    case RunEvent::Retry:
        return u"retry"_s;
    case RunEvent::LockWaiting:
        return u"lock-waiting"_s;
    case RunEvent::LockGone:
        return u"lock-gone"_s;
    case RunEvent::Signalled:
        break;
    }
    return u"signalled"_s;
}

QString phaseName(RunPhase phase)
{
    switch (phase) {
    case RunPhase::Checks:
        return u"checks"_s;
    case RunPhase::Lock:
        return u"run-lock"_s;
    case RunPhase::Backup:
        return u"backup"_s;
    case RunPhase::Verify:
        return u"verify"_s;
    case RunPhase::Step:
        return u"revision"_s;
    case RunPhase::Commit:
        return u"commit"_s;
    case RunPhase::ReadBack:
        return u"read-back"_s;
    case RunPhase::Restart:
        return u"restart"_s;
    case RunPhase::WatchLogs:
        break;
    }
    return u"watch-logs"_s;
}

QJsonObject toJson(const RunEvent &event, const QString &revision)
{
    QJsonObject object{
        {u"time"_s, isoTime(event.when.isValid() ? event.when : QDateTime::currentDateTimeUtc())}};
    if (!revision.isEmpty())
        object.insert(u"revision"_s, revision);
    if (event.type != RunEvent::LockWaiting && event.type != RunEvent::LockGone)
        object.insert(u"text"_s, event.text);
    switch (event.type) {
    case RunEvent::PhaseFinished:
        addResult(object, event);
        [[fallthrough]];
    case RunEvent::PhaseStarted:
    case RunEvent::Output:
        object.insert(u"phase"_s, phaseName(event.phase));
        break;
    case RunEvent::Progress:
        object.insert(u"phase"_s, phaseName(event.phase));
        object.insert(u"done"_s, event.done);
        object.insert(u"total"_s, event.total > 0 ? QJsonValue(event.total) : QJsonValue());
        break;
    case RunEvent::StatementFinished:
        addResult(object, event);
        object.insert(u"rows"_s, event.rows >= 0 ? QJsonValue(event.rows) : QJsonValue());
        [[fallthrough]];
    case RunEvent::StatementStarted:
        object.insert(u"number"_s, event.number);
        break;
    case RunEvent::LockWaiting:
        if (event.lockWait)
            addLockWait(object, *event.lockWait);
        break;
    case RunEvent::Signalled:
        object.insert(u"ok"_s, event.ok);
        break;
    case RunEvent::Retry:
    case RunEvent::LockGone:
        break;
    }
    return object;
}

} // namespace stepwell::cli
