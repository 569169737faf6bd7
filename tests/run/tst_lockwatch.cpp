// SPDX-License-Identifier: MIT
#include "migrations/run/lockwatch.h"
#include "tests/run/lockscene.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::optional<LockWait> lookAt(DatabaseSession &session, int pid)
{
    const auto seen = lookAtLocks(session, pid);
    if (!seen)
        qFatal("%s", qPrintable(toText(seen.error())));
    return *seen;
}

/// Waits until a watch tells something of that kind, and returns it.
RunEvent next(LockWatch &watch, RunEvent::Type type)
{
    RunEvent found;
    const bool came = QTest::qWaitFor(
        [&] {
            for (const RunEvent &event : watch.takeEvents()) {
                if (event.type == type) {
                    found = event;
                    return true;
                }
            }
            return false;
        },
        20000);
    if (!came)
        qFatal("the watch told nothing of kind %d", int(type));
    return found;
}

const QString alter = u"ALTER TABLE sessions ALTER COLUMN owner SET NOT NULL"_s;

} // namespace

class tst_LockWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void cleanup() { TestCluster::instance().startServer(); }

    void idleInTransaction()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->query(u"SELECT count(*) FROM sessions"_s));
        Worker ours(scene.database.settings, {alter});
        QTRY_VERIFY(scene.waits(ours.backend));
        auto session = scene.open(u"look"_s);
        const auto wait = lookAt(*session, ours.backend);
        QVERIFY(wait);
        QCOMPARE(wait->mode, u"ACCESS EXCLUSIVE"_s);
        QCOMPARE(wait->relation, u"sessions"_s);
        QCOMPARE(wait->queuedBehind, 0);
        QCOMPARE(wait->blockers.size(), 1);
        const Blocker &found = wait->blockers.first();
        QCOMPARE(found.pid, blocker->backendPid());
        QCOMPARE(found.application, u"reporting"_s);
        QCOMPARE(found.state, u"idle in transaction"_s);
        QCOMPARE(found.query, u"SELECT count(*) FROM sessions"_s);
        QCOMPARE(found.mode, u"ACCESS SHARE"_s);
        QCOMPARE(found.user, scene.database.settings.user);
        QVERIFY(!found.client.isEmpty());
        QVERIFY(!found.waits);
        QVERIFY(found.maySignal);
        QVERIFY(!found.autovacuum);
        QVERIFY2(toText(*wait).startsWith(
                     u"ACCESS EXCLUSIVE on sessions is held up by session %1 (reporting, "_s.arg(found.pid)),
                 qPrintable(toText(*wait)));
        // pg_locks tells since when.
        QTRY_VERIFY(lookAt(*session, ours.backend)->waited > 1s);
        QVERIFY(blocker->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
        QVERIFY(!lookAt(*session, ours.backend));
    }

    /// A reader before us, two behind us: the last waits for the one that waits for us.
    void aQueueOfThree()
    {
        const Scene scene;
        auto holder = scene.open(u"holder"_s);
        QVERIFY(holder->execute(u"BEGIN"_s));
        QVERIFY(holder->query(u"SELECT 1 FROM sessions"_s));
        Worker first(scene.database.settings, {u"BEGIN"_s, u"LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"_s},
                     u"ahead"_s);
        QTRY_VERIFY(scene.waits(first.backend));
        Worker ours(scene.database.settings, {alter});
        QTRY_VERIFY(scene.waits(ours.backend));
        Worker reader(scene.database.settings, {u"SELECT 1 FROM sessions"_s});
        QTRY_VERIFY(scene.waits(reader.backend));
        Worker last(scene.database.settings, {u"INSERT INTO sessions VALUES (99, 1)"_s});
        QTRY_VERIFY(scene.waits(last.backend));
        auto session = scene.open(u"look"_s);
        const auto wait = lookAt(*session, ours.backend);
        QVERIFY(wait);
        QCOMPARE(wait->queuedBehind, 2);
        QCOMPARE(wait->blockers.size(), 2);
        QHash<int, Blocker> byPid;
        for (const Blocker &blocker : wait->blockers)
            byPid.insert(blocker.pid, blocker);
        QVERIFY(!byPid.value(holder->backendPid()).waits);
        QCOMPARE(byPid.value(holder->backendPid()).mode, u"ACCESS SHARE"_s);
        QVERIFY(byPid.value(first.backend).waits);
        QCOMPARE(byPid.value(first.backend).mode, u"ACCESS EXCLUSIVE"_s);
        // Seen from the reader: those who stand before it, and at the end the one that started it all.
        const auto readers = lookAt(*session, reader.backend);
        QVERIFY(readers);
        QVERIFY(std::ranges::contains(readers->blockers, holder->backendPid(), &Blocker::pid));
        QVERIFY(readers->blockers.first().waits);
        QVERIFY(holder->execute(u"COMMIT"_s));
        QTRY_VERIFY(last.ended.load());
    }

    void aRowAndATransaction()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->execute(u"UPDATE sessions SET owner = 0 WHERE id = 1"_s));
        Worker ours(scene.database.settings, {u"UPDATE sessions SET owner = 1"_s});
        QTRY_VERIFY(scene.waits(ours.backend));
        auto session = scene.open(u"look"_s);
        const auto wait = lookAt(*session, ours.backend);
        QVERIFY(wait);
        QVERIFY(wait->mode.isEmpty());
        QVERIFY2(wait->relation.startsWith(u"a row of sessions (transaction "_s), qPrintable(wait->relation));
        QCOMPARE(wait->blockers.first().pid, blocker->backendPid());
        QVERIFY(blocker->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
    }

    void anAdvisoryLock()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->query(u"SELECT pg_advisory_lock(-4711)"_s));
        Worker ours(scene.database.settings, {u"SELECT pg_advisory_lock(-4711)"_s});
        QTRY_VERIFY(scene.waits(ours.backend));
        auto session = scene.open(u"look"_s);
        QCOMPARE(lookAt(*session, ours.backend)->relation, u"advisory lock -4711"_s);
        QVERIFY(blocker->query(u"SELECT pg_advisory_unlock(-4711)"_s));
        QTRY_VERIFY(ours.ended.load());
    }

    void aPreparedTransaction()
    {
        TestCluster &cluster = TestCluster::instance();
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET max_prepared_transactions = 10"_s);
        cluster.stopServer();
        cluster.startServer();
        const Scene scene;
        auto other = scene.open();
        QVERIFY(other->execute(u"BEGIN"_s));
        QVERIFY(other->execute(u"UPDATE sessions SET owner = 3 WHERE id = 3"_s));
        QVERIFY(other->execute(u"PREPARE TRANSACTION 'it''s forgotten'"_s));
        Worker ours(scene.database.settings, {alter});
        QTRY_VERIFY(scene.waits(ours.backend));
        auto session = scene.open(u"look"_s);
        const auto wait = lookAt(*session, ours.backend);
        QVERIFY(wait);
        QCOMPARE(wait->blockers.size(), 1);
        const Blocker &found = wait->blockers.first();
        QCOMPARE(found.pid, 0);
        QVERIFY(!found.maySignal);
        QCOMPARE(found.state, u"prepared transaction"_s);
        QCOMPARE(found.query, u"PREPARE TRANSACTION 'it''s forgotten'"_s);
        QCOMPARE(found.mode, u"ROW EXCLUSIVE"_s);
        Worker row(scene.database.settings, {u"UPDATE sessions SET owner = 4 WHERE id = 3"_s});
        QTRY_VERIFY(scene.waits(row.backend));
        // After a restart it is known under another virtual id.
        session.reset();
        other.reset();
        cluster.stopServer();
        cluster.startServer();
        QTRY_VERIFY(ours.ended.load() && row.ended.load());
        Worker again(scene.database.settings, {alter});
        QTRY_VERIFY(scene.waits(again.backend));
        session = scene.open(u"look"_s);
        QCOMPARE(lookAt(*session, again.backend)->blockers.first().query, found.query);
        scene.execute(u"ROLLBACK PREPARED 'it''s forgotten'"_s);
        QTRY_VERIFY(again.ended.load());
    }

    /// CREATE INDEX CONCURRENTLY waits for whoever began before it, whatever they read.
    void concurrentlyWaitsForAnOldTransaction()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN ISOLATION LEVEL REPEATABLE READ"_s));
        QVERIFY(blocker->query(u"SELECT 1"_s));
        Worker ours(scene.database.settings, {u"CREATE INDEX CONCURRENTLY ix ON sessions (owner)"_s});
        QTRY_VERIFY(scene.waits(ours.backend));
        auto session = scene.open(u"look"_s);
        const auto wait = lookAt(*session, ours.backend);
        QVERIFY(wait);
        QVERIFY2(wait->relation.startsWith(u"the end of an older transaction ("_s),
                 qPrintable(wait->relation));
        QVERIFY(wait->mode.isEmpty());
        QCOMPARE(wait->blockers.first().pid, blocker->backendPid());
        QVERIFY(blocker->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
        QVERIFY(ours.state.isEmpty());
    }

    /// Sees that somebody blocks, not what they do; and may not touch them.
    void aRoleWithoutRights()
    {
        const Scene scene;
        TestCluster::instance().execute(u"postgres"_s,
                                        u"DROP ROLE IF EXISTS plain; DROP ROLE IF EXISTS other"_s);
        scene.execute(
            u"CREATE ROLE plain LOGIN; CREATE ROLE other LOGIN; GRANT ALL ON sessions TO plain, other"_s);
        auto super = scene.open(u"super"_s);
        QVERIFY(super->execute(u"BEGIN"_s));
        QVERIFY(super->query(u"SELECT 1 FROM sessions"_s));
        ConnectionSettings settings = scene.database.settings;
        settings.user = u"other"_s;
        auto other = openSession(settings, u"other app"_s);
        QVERIFY(other->execute(u"BEGIN"_s));
        QVERIFY(other->query(u"SELECT 1 FROM sessions"_s));
        settings.user = u"plain"_s;
        auto same = openSession(settings, u"same"_s);
        QVERIFY(same->execute(u"BEGIN"_s));
        QVERIFY(same->query(u"SELECT 1 FROM sessions"_s));
        Worker ours(settings, {u"BEGIN"_s, u"LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"_s});
        QTRY_VERIFY(scene.waits(ours.backend));

        LockWatch watch(scene.access(u"plain"_s));
        watch.watch(ours.backend);
        const RunEvent waiting = next(watch, RunEvent::LockWaiting);
        QVERIFY(waiting.lockWait);
        QCOMPARE(waiting.lockWait->blockers.size(), 3);
        for (const Blocker &blocker : waiting.lockWait->blockers) {
            QCOMPARE(blocker.maySignal, blocker.pid == same->backendPid());
            QVERIFY(!blocker.autovacuum);
            QCOMPARE(blocker.query.isEmpty(), blocker.pid != same->backendPid());
            QCOMPARE(blocker.state.isEmpty(), blocker.pid != same->backendPid());
        }
        watch.signalBlocker(other->backendPid(), BlockerSignal::EndSession);
        RunEvent answer = next(watch, RunEvent::Signalled);
        QVERIFY(!answer.ok);
        QVERIFY2(answer.text.startsWith(u"This role may not end session "_s), qPrintable(answer.text));
        QVERIFY(other->query(u"SELECT 1"_s)); // it lives

        scene.execute(u"GRANT pg_signal_backend TO plain"_s);
        watch.signalBlocker(super->backendPid(), BlockerSignal::EndSession);
        answer = next(watch, RunEvent::Signalled);
        QVERIFY(!answer.ok); // never a superuser's
        watch.signalBlocker(other->backendPid(), BlockerSignal::EndSession);
        answer = next(watch, RunEvent::Signalled);
        QVERIFY2(answer.ok, qPrintable(answer.text));
        QVERIFY(!other->query(u"SELECT 1"_s));
        QVERIFY(super->execute(u"COMMIT"_s));
        QVERIFY(same->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
    }

    void cancelAndEnd()
    {
        const Scene scene;
        Worker busy(scene.database.settings,
                    {u"BEGIN"_s, u"LOCK TABLE sessions"_s, u"SELECT pg_sleep(600)"_s}, u"busy"_s);
        QTRY_VERIFY(!scene
                         .rows(u"SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND "
                               "state = 'active' AND pid = %1"_s.arg(busy.backend))
                         .isEmpty());
        Worker ours(scene.database.settings, {alter});
        LockWatch watch(scene.access());
        watch.watch(ours.backend);
        QCOMPARE(next(watch, RunEvent::LockWaiting).lockWait->blockers.first().pid, busy.backend);
        watch.signalBlocker(busy.backend, BlockerSignal::CancelQuery);
        RunEvent answer = next(watch, RunEvent::Signalled);
        QVERIFY2(answer.ok, qPrintable(answer.text));
        QTRY_VERIFY(busy.ended.load());
        QCOMPARE(busy.state, u"57014"_s);
        std::ignore = next(watch, RunEvent::LockGone);
        QTRY_VERIFY(ours.ended.load());

        auto idle = scene.open();
        QVERIFY(idle->execute(u"BEGIN"_s));
        QVERIFY(idle->query(u"SELECT 1 FROM sessions"_s));
        Worker again(scene.database.settings, {u"ALTER TABLE sessions ADD COLUMN more int"_s});
        watch.watch(again.backend);
        std::ignore = next(watch, RunEvent::LockWaiting);
        watch.signalBlocker(idle->backendPid(), BlockerSignal::CancelQuery);
        answer = next(watch, RunEvent::Signalled);
        QVERIFY(!answer.ok);
        QVERIFY2(answer.text.contains(u"no statement to cancel"_s), qPrintable(answer.text));
        watch.signalBlocker(idle->backendPid(), BlockerSignal::EndSession);
        answer = next(watch, RunEvent::Signalled);
        QVERIFY2(answer.ok && answer.text.contains(u"was ended"_s), qPrintable(answer.text));
        QTRY_VERIFY(again.ended.load());
        QVERIFY(again.state.isEmpty());
    }

    void nobodyElseIsSignalled()
    {
        const Scene scene;
        auto blocker = scene.open();
        auto bystander = scene.open(u"bystander"_s);
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->query(u"SELECT 1 FROM sessions"_s));
        Worker ours(scene.database.settings, {alter});
        LockWatch watch(scene.access());
        watch.signalBlocker(bystander->backendPid(), BlockerSignal::EndSession);
        QVERIFY(!next(watch, RunEvent::Signalled).ok);
        watch.watch(ours.backend);
        std::ignore = next(watch, RunEvent::LockWaiting);
        watch.signalBlocker(bystander->backendPid(), BlockerSignal::EndSession);
        const RunEvent refused = next(watch, RunEvent::Signalled);
        QVERIFY(!refused.ok);
        QVERIFY2(refused.text.contains(u"nothing was done"_s), qPrintable(refused.text));
        QVERIFY(bystander->query(u"SELECT 1"_s));
        // Gone between the card and the click.
        const int pid = blocker->backendPid();
        blocker.reset();
        watch.signalBlocker(pid, BlockerSignal::EndSession);
        const RunEvent gone = next(watch, RunEvent::Signalled);
        QVERIFY2(gone.text.contains(u"gone already"_s) || gone.text.contains(u"nothing was done"_s),
                 qPrintable(gone.text));
        QTRY_VERIFY(ours.ended.load());
    }

    void aNewStepEndsTheOldWait()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->query(u"SELECT 1 FROM sessions"_s));
        Worker ours(scene.database.settings, {alter});
        LockWatch watch(scene.access());
        watch.watch(ours.backend);
        std::ignore = next(watch, RunEvent::LockWaiting);
        watch.watch(0);
        std::ignore = next(watch, RunEvent::LockGone);
        watch.signalBlocker(blocker->backendPid(), BlockerSignal::EndSession);
        QVERIFY(!next(watch, RunEvent::Signalled).ok);
        QVERIFY(blocker->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
    }

    void shortStepsCostNothing()
    {
        const Scene scene;
        LockWatch watch(scene.access());
        for (int i = 0; i < 20; ++i)
            watch.watch(1000 + i);
        watch.watch(0);
        QTest::qWait(800);
        QVERIFY(scene.rows(u"SELECT 1 FROM pg_stat_activity WHERE application_name = 'stepwell watch'"_s)
                    .isEmpty());
        QVERIFY(watch.takeEvents().isEmpty());
    }

    /// The server stops in the middle of a watch and comes back.
    void theServerStops()
    {
        const Scene scene;
        const QString watching =
            u"SELECT 1 FROM pg_stat_activity WHERE application_name = 'stepwell watch'"_s;
        LockWatch watch(scene.access());
        watch.watch(1);
        QTRY_VERIFY(!scene.rows(watching).isEmpty());
        TestCluster::instance().stopServer(true);
        QTest::qWait(1200);
        TestCluster::instance().startServer();
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->query(u"SELECT 1 FROM sessions"_s));
        Worker ours(scene.database.settings, {alter});
        watch.watch(ours.backend);
        QCOMPARE(next(watch, RunEvent::LockWaiting).lockWait->relation, u"sessions"_s);
        QVERIFY(blocker->execute(u"COMMIT"_s));
        QTRY_VERIFY(ours.ended.load());
    }

    /// A server that stands still answers nothing: the watch is let go, and the run with it goes on.
    void aServerThatHangsHoldsNothingUp()
    {
        const Scene scene;
        auto blocker = scene.open();
        QVERIFY(blocker->execute(u"BEGIN"_s));
        QVERIFY(blocker->query(u"SELECT 1 FROM sessions"_s));
        Worker ours(scene.database.settings, {alter});
        auto watch = std::make_unique<LockWatch>(scene.access());
        watch->watch(ours.backend);
        std::ignore = next(*watch, RunEvent::LockWaiting);
        const pid_t backend =
            scene.rows(u"SELECT pid FROM pg_stat_activity WHERE application_name = 'stepwell watch'"_s)
                .first()
                .toInt();
        QCOMPARE(::kill(backend, SIGSTOP), 0);
        QTest::qWait(1500); // it asks, and hangs
        std::ignore = watch->takeEvents();
        watch->signalBlocker(blocker->backendPid(), BlockerSignal::EndSession);
        std::atomic<bool> ended = false;
        const std::jthread end([&] {
            watch.reset();
            ended = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(ended.load(), 4000);
        QVERIFY(blocker->execute(u"COMMIT"_s)); // its order came too late: it lives
        ::kill(backend, SIGCONT);
        QTRY_VERIFY(ours.ended.load());
    }
};

QTEST_GUILESS_MAIN(tst_LockWatch)
#include "tst_lockwatch.moc"
