// SPDX-License-Identifier: MIT
// Sessions and servers that go away.
#include "tests/run/faultcases.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Environment = ScratchProject::Environment;

const auto first = u"aaaa1"_s;
const auto middle = u"bbbb1"_s;
const auto last = u"cccc1"_s;

FaultCases migratingSessionLost()
{
    const FaultCase fault{.fault = u"link of the migrating session lost"_s, .strike = [](FaultScene &scene) {
                              scene.endSessions(
                                  u"application_name NOT IN ('stepwell run', 'stepwell watch')"_s);
                          }};
    FaultCases cases;
    addAt(cases, fault,
          {duringProof(), beforeStatements(first), duringStatement(first), duringCommit(first),
           betweenRevisions(), duringStatement(middle), betweenStatements(middle), duringCommit(middle),
           duringStatement(last), duringCommit(last), afterCommit()});
    addAt(cases, fault,
          {duringStatement(first), betweenRevisions(), duringStatement(last), duringCommit(last),
           afterCommit()},
          TransactionPolicy::All);
    addAt(cases, fault, {duringStatement(middle)}, TransactionPolicy::Project);
    for (const Environment driver : {Environment::SyncPsycopg, Environment::AsyncAsyncpg})
        addAt(cases, fault, {duringStatement(middle), duringCommit(last)}, TransactionPolicy::Revision,
              driver);
    return cases;
}

FaultCases controlSessionLost()
{
    const FaultCase fault{
        .fault = u"link of Stepwell's control session lost"_s,
        .strike = [](FaultScene &scene) { scene.endSessions(u"application_name = 'stepwell run'"_s); }};
    FaultCases cases;
    addAt(cases, fault,
          {duringProof(), waitingForLock(), duringBackup(), beforeStatements(first), duringStatement(middle),
           duringCommit(middle), betweenRevisions(), duringStatement(last), duringCommit(last), afterCommit(),
           duringReadBack()});
    addAt(cases, fault, {duringStatement(middle), betweenRevisions(), duringCommit(last)},
          TransactionPolicy::All);
    return cases;
}

FaultCases serverRestarted()
{
    const FaultCase fault{.fault = u"server restarted"_s,
                          .strike = [](FaultScene &scene) { scene.stopServer(true); }};
    FaultCases cases;
    addAt(cases, fault,
          {beforeProof(), duringProof(), waitingForLock(), duringBackup(), betweenRevisions(),
           duringStatement(middle), betweenStatements(middle), duringCommit(middle), duringCommit(last),
           afterCommit(), duringReadBack()});
    addAt(cases, fault, {duringStatement(middle), betweenRevisions(), duringCommit(last)},
          TransactionPolicy::All);
    return cases;
}

FaultCases serverDown()
{
    const FaultCase fault{.fault = u"server down until later"_s,
                          .prepare = [](FaultScene &scene) { scene.order.recoveryTime = 1500; },
                          .strike = [](FaultScene &scene) { scene.stopServer(false); }};
    FaultCases cases;
    addAt(cases, fault,
          {beforeProof(), duringProof(), waitingForLock(), duringBackup(), betweenRevisions(),
           duringStatement(middle), duringCommit(middle), betweenStatements(last), duringCommit(last),
           afterCommit(), duringReadBack()});
    FaultCase committed = fault;
    committed.fault = u"server down until later, part of the revision is committed"_s;
    committed.code = {{u"bbbb1.between"_s, u"op.execute('COMMIT')"_s}};
    addAt(cases, committed, {duringStatement(middle)});
    addAt(cases, fault, {duringStatement(last), betweenRevisions(), duringCommit(last), afterCommit()},
          TransactionPolicy::All);
    return cases;
}

/// Sessions until no more are to be had, for anybody.
FaultCases noConnectionLeft()
{
    const auto takeAll = [](FaultScene &scene) { scene.takeAllConnections(); };
    FaultCases cases;
    addAt(cases, {.fault = u"max_connections reached"_s, .strike = takeAll},
          {beforeProof(), beforeStatements(first), duringStatement(middle)});
    addAt(cases,
          {.fault = u"max_connections reached, control session lost"_s,
           .prepare = [](FaultScene &scene) { scene.order.recoveryTime = 1500; },
           .strike =
               [takeAll](FaultScene &scene) {
                   scene.endSessions(u"application_name = 'stepwell run'"_s);
                   takeAll(scene);
               }},
          {betweenRevisions(), duringStatement(middle), duringReadBack()});
    return cases;
}

} // namespace

FaultCases linkCases()
{
    return migratingSessionLost() + controlSessionLost() + serverRestarted() + serverDown() +
           noConnectionLeft();
}

} // namespace stepwell
