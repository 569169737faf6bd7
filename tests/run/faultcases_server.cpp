// SPDX-License-Identifier: MIT
// Statements that the server refuses.
#include "tests/run/faultcases.h"

#include <thread>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Environment = ScratchProject::Environment;

const auto middle = u"middle revision, a statement runs"_s;

void hold(FaultScene &scene, const QString &table)
{
    DatabaseSession &other = scene.session();
    if (!other.execute(u"BEGIN"_s) || !other.execute(u"LOCK TABLE "_s + table))
        qFatal("the table is not to be locked");
}

Act holding(int retries)
{
    return [retries](FaultScene &scene) {
        scene.order.lockTimeout = 250;
        scene.order.lockRetries = retries;
        hold(scene, u"kept"_s);
    };
}

FaultCases lockTimeouts()
{
    const QString locks = u"op.execute('LOCK TABLE kept')"_s;
    const QString block =
        u"with op.get_context().autocommit_block():\n    op.execute('SELECT 1')\n"_s + locks;
    const Stage waits{u"middle revision, when it is tried again"_s, Stage::File, u"event.retry"_s};
    const Act letGo = [](FaultScene &scene) { scene.releaseSessions(); };
    FaultCases cases;
    for (const TransactionPolicy policy : {TransactionPolicy::Revision, TransactionPolicy::All}) {
        cases += {{.fault = u"lock timeout, no retries"_s,
                   .stage = inProject(middle),
                   .policy = policy,
                   .prepare = holding(0),
                   .code = {{u"bbbb1.between"_s, locks}}},
                  {.fault = u"lock timeout, and the lock is to be had later"_s,
                   .stage = waits,
                   .policy = policy,
                   .prepare = holding(3),
                   .strike = letGo,
                   .code = {{u"bbbb1.between"_s, locks}}}};
    }
    cases += {{.fault = u"lock timeout in each of two attempts"_s,
               .stage = inProject(middle),
               .prepare = holding(1),
               .code = {{u"bbbb1.between"_s, locks}}},
              {.fault = u"lock timeout after an autocommit block"_s,
               .stage = inProject(middle),
               .prepare = holding(3),
               .code = {{u"bbbb1.between"_s, block}}},
              {.fault = u"lock timeout, cancelled before it is tried again"_s,
               .stage = waits,
               .prepare = holding(3),
               .strike = [](FaultScene &scene) { scene.tell(u"cancel"_s); },
               .code = {{u"bbbb1.between"_s, locks}}},
              {.fault = u"lock timeout, stopped before it is tried again"_s,
               .stage = waits,
               .prepare = holding(3),
               .strike = [](FaultScene &scene) { scene.tell(u"stop"_s); },
               .code = {{u"bbbb1.between"_s, locks}}}};
    return cases;
}

/// The other one waits long before it looks for a deadlock, so the revision is the victim.
Act embrace()
{
    const auto thread = std::make_shared<std::jthread>();
    return [thread](FaultScene &scene) {
        *thread = std::jthread([settings = scene.database()] {
            auto other = DatabaseSession::open(
                settings, {}, {.applicationName = u"scene"_s, .lockTimeout = std::chrono::milliseconds(0)});
            if (!other)
                return;
            for (const QString &statement : {u"SET deadlock_timeout = '50s'"_s, u"BEGIN"_s,
                                             u"LOCK TABLE trail"_s, u"LOCK TABLE kept"_s, u"COMMIT"_s})
                std::ignore = (*other)->execute(statement);
        });
        scene.waitFor(
            u"SELECT 1 FROM pg_stat_activity WHERE query = 'LOCK TABLE kept' AND wait_event_type = 'Lock'"_s);
    };
}

FaultCases deadlocks()
{
    const QString code =
        u"op.execute(\"SET LOCAL deadlock_timeout = '1ms'\")\nop.execute('LOCK TABLE kept')\ngates.at('embrace')\nop.execute('LOCK TABLE trail')"_s;
    const Stage stage{middle, Stage::File, u"embrace"_s};
    const auto retries = [](int count) {
        return [count](FaultScene &scene) { scene.order.lockRetries = count; };
    };
    return {{.fault = u"deadlock, no retries"_s,
             .stage = stage,
             .prepare = retries(0),
             .strike = embrace(),
             .code = {{u"bbbb1.between"_s, code}}},
            {.fault = u"deadlock, tried again"_s,
             .stage = stage,
             .prepare = retries(2),
             .strike = embrace(),
             .code = {{u"bbbb1.between"_s, code}}}};
}

FaultCases refusedStatements()
{
    const Act limit = [](FaultScene &scene) { scene.order.statementTimeout = 300; };
    const QString sleeps = u"op.execute('SELECT pg_sleep(30)')"_s;
    const QString twice = u"op.execute('INSERT INTO kept VALUES (1)')"_s;
    const QString late = u"op.execute('CREATE TABLE shop (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)')\n"
                         "op.execute('INSERT INTO shop VALUES (1), (1)')"_s;
    FaultCases cases;
    for (const TransactionPolicy policy : {TransactionPolicy::Revision, TransactionPolicy::All}) {
        cases += {.fault = u"statement timeout"_s,
                  .stage = inProject(middle),
                  .policy = policy,
                  .prepare = limit,
                  .code = {{u"bbbb1.between"_s, sleeps}}};
        for (const QString &revision : {u"aaaa1"_s, u"bbbb1"_s, u"cccc1"_s}) {
            cases += {.fault = u"constraint violated"_s,
                      .stage = inProject(QString(positionOf(revision) + u", a statement runs"_s)),
                      .policy = policy,
                      .code = {{QString(revision + u".between"_s), twice}}};
            cases += {.fault = u"deferred constraint violated"_s,
                      .stage = inProject(QString(positionOf(revision) + u", during COMMIT"_s)),
                      .policy = policy,
                      .code = {{QString(revision + u".end"_s), late}}};
        }
    }
    for (const Environment driver : {Environment::SyncPsycopg, Environment::AsyncAsyncpg})
        cases += {.fault = u"deferred constraint violated"_s,
                  .stage = inProject(u"last revision, during COMMIT"_s),
                  .driver = driver,
                  .code = {{u"cccc1.end"_s, late}}};
    return cases;
}

} // namespace

FaultCases serverCases()
{
    return lockTimeouts() + deadlocks() + refusedStatements();
}

} // namespace stepwell
