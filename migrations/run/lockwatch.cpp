// SPDX-License-Identifier: MIT
#include "migrations/run/lockwatch.h"

#include <QHash>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto interval = 500ms;
constexpr auto reconnectAfter = 2s;
constexpr auto endGrace = 500ms;
constexpr auto goneWait = 100ms;
constexpr int goneTries = 20;

struct Order {
    int pid = 0;
    BlockerSignal signal = BlockerSignal::CancelQuery;
};

QString name(const Blocker &blocker)
{
    QStringList who;
    if (!blocker.application.isEmpty())
        who += blocker.application;
    if (!blocker.user.isEmpty())
        who += blocker.user;
    const QString session = u"session %1"_s.arg(blocker.pid);
    return who.isEmpty() ? session : QString(session + u" ("_s + who.join(u", "_s) + u')');
}

} // namespace

/// Shared with the thread. It is let go rather than waited for if the server does not answer: a blocking call
/// of libpq ends neither by a request from outside (a cancel would have to reach the same server) nor by
/// statement_timeout (a stopped server counts no time), and the run must not hang on who only looks. What the
/// thread still touches then is its own: this, and its session.
class LockWatch::Private
{
public:
    explicit Private(TargetAccess targetAccess) : access(std::move(targetAccess)) {}

    void work();

    const TargetAccess access;
    std::mutex mutex;
    std::condition_variable changed;
    // Below: under the mutex.
    int pid = 0;
    steady_clock::time_point watchedSince;
    QList<Order> orders;
    QList<RunEvent> events;
    QHash<int, Blocker> told; ///< blockers of the wait that goes on
    bool waiting = false;     ///< LockWaiting was told and LockGone was not
    bool stop = false;
    bool ended = false;

    void tellGone();

private:
    // The thread's own.
    using Lock = std::unique_lock<std::mutex>;
    [[nodiscard]] bool connected();
    void look(int watched);
    void carryOut(int watched, const Order &order);
    void tell(bool ok, const QString &text);
    [[nodiscard]] RunEvent signalled(const Blocker &blocker, BlockerSignal signal);
    [[nodiscard]] Result<bool> isThere(int backendPid);
    [[nodiscard]] bool waitGone(int backendPid);

    std::unique_ptr<DatabaseSession> session;
    std::optional<Error> noSession;
    steady_clock::time_point connectAgain;
    steady_clock::time_point waitSeen;
};

void LockWatch::Private::tellGone()
{
    if (!std::exchange(waiting, false))
        return;
    told.clear();
    events += RunEvent{.type = RunEvent::LockGone, .phase = RunPhase::Step};
}

void LockWatch::Private::work()
{
    Lock lock(mutex);
    steady_clock::time_point next;
    while (!stop) {
        if (!orders.isEmpty()) {
            const Order order = orders.takeFirst();
            const int watched = pid;
            lock.unlock();
            carryOut(watched, order);
            lock.lock();
            continue;
        }
        if (pid == 0) {
            changed.wait(lock);
            continue;
        }
        const auto due = std::max(next, watchedSince + interval);
        if (steady_clock::now() < due) {
            changed.wait_until(lock, due);
            continue;
        }
        const int watched = pid;
        lock.unlock();
        look(watched);
        next = steady_clock::now() + interval;
        lock.lock();
    }
    lock.unlock();
    session.reset();
    lock.lock();
    ended = true;
    changed.notify_all();
}

/// A lost session is opened again quietly: the run itself tells of a server that is gone.
bool LockWatch::Private::connected()
{
    if (session)
        return true;
    if (steady_clock::now() < connectAgain)
        return false;
    auto opened = DatabaseSession::open(
        access.connection, access.password,
        {.applicationName = u"stepwell watch"_s, .lockTimeout = 1s, .statementTimeout = 5s});
    if (!opened) {
        noSession = opened.error();
        connectAgain = steady_clock::now() + reconnectAfter;
        return false;
    }
    session = *std::move(opened);
    return true;
}

void LockWatch::Private::look(int watched)
{
    if (!connected())
        return;
    Result<std::optional<LockWait>> seen = lookAtLocks(*session, watched);
    if (!seen) {
        if (seen.error().connectionLost)
            session.reset();
        return;
    }
    const Lock lock(mutex);
    if (stop || pid != watched) // what was seen is of a step that is over
        return;
    if (!*seen) {
        tellGone();
        return;
    }
    LockWait wait = **std::move(seen);
    if (!waiting)
        waitSeen = steady_clock::now();
    if (wait.waited.count() == 0)
        wait.waited = duration_cast<milliseconds>(steady_clock::now() - waitSeen);
    waiting = true;
    told.clear();
    for (const Blocker &blocker : std::as_const(wait.blockers)) {
        if (blocker.pid != 0)
            told.insert(blocker.pid, blocker);
    }
    const QString text = toText(wait);
    events += RunEvent{
        .type = RunEvent::LockWaiting, .phase = RunPhase::Step, .text = text, .lockWait = std::move(wait)};
}

void LockWatch::Private::tell(bool ok, const QString &text)
{
    const Lock lock(mutex);
    events += RunEvent{.type = RunEvent::Signalled, .phase = RunPhase::Step, .ok = ok, .text = text};
}

/// Looks again first: the number of a session that ended may be another's by now.
void LockWatch::Private::carryOut(int watched, const Order &order)
{
    Blocker known;
    {
        const Lock lock(mutex);
        known = told.value(order.pid);
    }
    if (watched == 0 || order.pid == 0 || known.pid == 0)
        return tell(false, u"Session %1 was not named as one that keeps this run waiting: nothing was done "
                           "to it."_s.arg(order.pid));
    connectAgain = {};
    if (!connected())
        return tell(false, u"%1 was not reached: the lock watch has no connection. %2"_s.arg(
                               name(known), noSession->message));
    const Result<std::optional<LockWait>> now = lookAtLocks(*session, watched);
    if (!now) {
        if (now.error().connectionLost)
            session.reset();
        return tell(false, u"%1 was not reached: %2"_s.arg(name(known), now.error().message));
    }
    {
        const Lock lock(mutex);
        if (stop || pid != watched) // the server answered late: nobody waits for this any more
            return;
    }
    if (*now) {
        for (const Blocker &blocker : (*now)->blockers) {
            if (blocker.pid == order.pid) {
                const RunEvent event = signalled(blocker, order.signal);
                const Lock lock(mutex);
                events += event;
                return;
            }
        }
    }
    const Result<bool> there = isThere(order.pid);
    tell(!there || !*there,
         there && *there
             ? u"%1 does not keep this run waiting any more: nothing was done to it."_s.arg(name(known))
             : u"%1 was gone already."_s.arg(name(known)));
}

RunEvent LockWatch::Private::signalled(const Blocker &blocker, BlockerSignal signal)
{
    RunEvent event{.type = RunEvent::Signalled, .phase = RunPhase::Step, .ok = false};
    const bool cancel = signal == BlockerSignal::CancelQuery;
    if (!blocker.maySignal) {
        event.text = u"This role may not %1 %2: it takes a superuser, a member of pg_signal_backend, or the "
                     "same role; a superuser's session takes a superuser."_s.arg(
                         cancel ? u"cancel"_s : u"end"_s, name(blocker));
        return event;
    }
    if (cancel && blocker.state.startsWith(u"idle"_s)) {
        event.text =
            u"%1 is %2: there is no statement to cancel, and its locks stay until it is ended."_s.arg(
                name(blocker), blocker.state);
        return event;
    }
    const QString function = cancel ? u"pg_cancel_backend"_s : u"pg_terminate_backend"_s;
    const auto sent = session->query(u"SELECT %1(%2)"_s.arg(function).arg(blocker.pid));
    if (!sent) {
        const bool rights = sent.error().sqlState == u"42501"_s;
        event.text = rights ? u"The server does not let this role %1 %2: %3"_s.arg(
                                  cancel ? u"cancel"_s : u"end"_s, name(blocker), sent.error().detail)
                            : u"%1 was not reached: %2"_s.arg(name(blocker), sent.error().message);
        if (sent.error().connectionLost)
            session.reset();
        return event;
    }
    event.ok = true;
    if (!sent->value(0).value(0).toBool())
        event.text = u"%1 was gone already."_s.arg(name(blocker));
    else if (cancel)
        event.text = u"The server was asked to cancel the statement of %1."_s.arg(name(blocker));
    else if (waitGone(blocker.pid))
        event.text = u"%1 was ended; what it had not committed is rolled back."_s.arg(name(blocker));
    else
        event.text = u"%1 was asked to end and is still there: it ends as soon as the server can."_s.arg(
            name(blocker));
    return event;
}

Result<bool> LockWatch::Private::isThere(int backendPid)
{
    return session->query(u"SELECT 1 FROM pg_stat_activity WHERE pid = %1"_s.arg(backendPid))
        .transform([](const QList<QVariantList> &rows) { return !rows.isEmpty(); });
}

bool LockWatch::Private::waitGone(int backendPid)
{
    for (int i = 0; i < goneTries; ++i) {
        const Result<bool> there = isThere(backendPid);
        if (!there || !*there)
            return there.has_value();
        Lock lock(mutex);
        if (changed.wait_for(lock, goneWait, [this] { return stop; })) {
            lock.unlock();
            return !isThere(backendPid).value_or(true);
        }
    }
    return false;
}

LockWatch::LockWatch(TargetAccess access) : d(std::make_shared<Private>(std::move(access)))
{
    std::thread([shared = d] { shared->work(); }).detach();
}

LockWatch::~LockWatch()
{
    std::ignore = end();
}

QList<RunEvent> LockWatch::end()
{
    std::unique_lock lock(d->mutex);
    d->stop = true;
    d->changed.notify_all();
    d->changed.wait_for(lock, endGrace, [this] { return d->ended; });
    return std::exchange(d->events, {});
}

void LockWatch::watch(int backendPid)
{
    const std::scoped_lock lock(d->mutex);
    if (d->pid == backendPid)
        return;
    d->tellGone();
    d->pid = backendPid;
    d->watchedSince = steady_clock::now();
    d->changed.notify_all();
}

QList<RunEvent> LockWatch::takeEvents()
{
    const std::scoped_lock lock(d->mutex);
    return std::exchange(d->events, {});
}

void LockWatch::signalBlocker(int backendPid, BlockerSignal signal)
{
    const std::scoped_lock lock(d->mutex);
    d->orders += {backendPid, signal};
    d->changed.notify_all();
}

} // namespace stepwell
