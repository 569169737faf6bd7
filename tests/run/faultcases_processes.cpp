// SPDX-License-Identifier: MIT
// Python and Stepwell that die.
#include "tests/run/faultcases.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Environment = ScratchProject::Environment;

const auto first = u"aaaa1"_s;
const auto middle = u"bbbb1"_s;
const auto last = u"cccc1"_s;

FaultCases pythonKilled()
{
    const FaultCase fault{.fault = u"bridge killed"_s,
                          .strike = [](FaultScene &scene) { scene.killPython(true); },
                          .serverGateStaysShut = true};
    FaultCases cases;
    addAt(cases, fault,
          {duringProof(), waitingForLock(), duringBackup(), beforeStatements(first), duringStatement(first),
           duringCommit(first), betweenRevisions(), duringStatement(middle), betweenStatements(middle),
           duringCommit(middle), duringStatement(last), duringCommit(last), afterCommit(), duringReadBack()});
    addAt(cases, fault, {duringStatement(middle), betweenRevisions(), duringCommit(last)},
          TransactionPolicy::All);
    addAt(cases, fault, {duringStatement(middle)}, TransactionPolicy::Project);
    for (const Environment driver : {Environment::SyncPsycopg, Environment::AsyncAsyncpg})
        addAt(cases, fault, {duringCommit(last)}, TransactionPolicy::Revision, driver);
    return cases;
}

FaultCases stepwellKilled()
{
    const FaultCase fault{.fault = u"Stepwell killed"_s,
                          .strike = [](FaultScene &scene) { scene.killRun(); }};
    FaultCases cases;
    addAt(cases, fault,
          {beforeProof(), duringProof(), waitingForLock(), duringBackup(), beforeStatements(first),
           duringStatement(first), duringCommit(first), betweenRevisions(), duringStatement(middle),
           betweenStatements(middle), duringStatement(last), duringCommit(last), afterCommit(),
           duringReadBack()});
    addAt(cases, fault,
          {duringStatement(middle), betweenRevisions(), duringStatement(last), duringCommit(last)},
          TransactionPolicy::All);
    addAt(cases, fault, {duringStatement(middle)}, TransactionPolicy::Project);
    FaultCase committed = fault;
    committed.fault = u"Stepwell killed in a revision that commits by itself and fails"_s;
    committed.code = {{u"bbbb1.between"_s, u"op.execute('COMMIT')"_s},
                      {u"bbbb1.end"_s, u"op.execute('SELECT 1 / 0')"_s}};
    addAt(cases, committed, {duringStatement(middle)});
    return cases;
}

FaultCases pythonExits()
{
    FaultCases cases;
    for (const auto &[what, code] :
         {std::pair(u"revision calls os._exit(0)"_s, u"import os\nos._exit(0)"_s),
          std::pair(u"revision calls os.abort()"_s, u"import os\nos.abort()"_s),
          std::pair(u"revision calls sys.exit(0)"_s, u"import sys\nsys.exit(0)"_s)}) {
        const auto add = [&](const QString &place, const QString &stage, TransactionPolicy policy) {
            addAt(cases, {.fault = what, .code = {{place, code}}}, {inProject(stage)}, policy);
        };
        add(u"aaaa1.start"_s, u"first revision, before its first statement"_s, TransactionPolicy::Revision);
        add(u"bbbb1.between"_s, u"middle revision, between statements"_s, TransactionPolicy::Revision);
        add(u"cccc1.end"_s, u"last revision, after its statements"_s, TransactionPolicy::Revision);
        add(u"cccc1.end"_s, u"last revision, after its statements"_s, TransactionPolicy::All);
    }
    addAt(cases,
          {.fault = u"env.py calls os._exit(0)"_s, .code = {{u"import"_s, u"import os\nos._exit(0)"_s}}},
          {inProject(u"during the proof"_s)});
    addAt(cases,
          {.fault = u"env.py calls os._exit(0)"_s,
           .code = {{u"after"_s, u"if gates.calls == 2:\n    import os\n    os._exit(0)"_s}}},
          {inProject(u"after the last COMMIT"_s)});
    return cases;
}

FaultCases noPython()
{
    const auto with = [](const QStringList &python) {
        return [python](FaultScene &scene) { scene.order.python = python; };
    };
    return {{.fault = u"Python missing"_s,
             .stage = inProject(u"before the proof"_s),
             .prepare = with({u"/nowhere/python3"_s})},
            {.fault = u"Python without Alembic"_s,
             .stage = inProject(u"before the proof"_s),
             .prepare = with({u"python3"_s, u"-I"_s, u"-S"_s})},
            {.fault = u"a program that is no Python"_s,
             .stage = inProject(u"before the proof"_s),
             .prepare = with({u"cat"_s})}};
}

} // namespace

FaultCases processCases()
{
    return pythonKilled() + stepwellKilled() + pythonExits() + noPython();
}

} // namespace stepwell
