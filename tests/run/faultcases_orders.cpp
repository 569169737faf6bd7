// SPDX-License-Identifier: MIT
// What the user asks for on the way, and who else meddles: with the journal, with the rows.
#include "tests/run/faultcases.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Environment = ScratchProject::Environment;

const auto first = u"aaaa1"_s;
const auto middle = u"bbbb1"_s;
const auto last = u"cccc1"_s;

FaultCases cancelled()
{
    const FaultCase fault{.fault = u"cancelled"_s,
                          .strike = [](FaultScene &scene) { scene.tell(u"cancel"_s); }};
    FaultCase waits = fault; // until the server was told: the gate opens after that
    waits.strike = [](FaultScene &scene) { scene.cancelRun(); };
    FaultCases cases;
    addAt(cases, fault, {beforeProof(), duringProof(), waitingForLock(), duringBackup()});
    addAt(cases, waits, {duringStatement(first), duringCommit(first)});
    addAt(cases, fault, {betweenRevisions()});
    addAt(cases, waits, {duringStatement(middle), duringStatement(last), duringCommit(last), afterCommit()});
    addAt(cases, fault, {duringReadBack()});
    addAt(cases, waits, {duringStatement(middle), duringCommit(last), afterCommit()}, TransactionPolicy::All);
    addAt(cases, fault, {betweenRevisions()}, TransactionPolicy::All);
    addAt(cases, waits, {duringStatement(middle)}, TransactionPolicy::Project);
    for (const Environment driver : {Environment::SyncPsycopg, Environment::AsyncAsyncpg})
        addAt(cases, waits, {duringStatement(middle), duringCommit(last)}, TransactionPolicy::Revision,
              driver);
    return cases;
}

FaultCases hanging()
{
    const auto cancel = [](FaultScene &scene) { scene.tell(u"cancel"_s); };
    const auto fault = [&](const QString &place, int call, const QString &stage) {
        return FaultCase{.fault = u"env.py hangs, cancelled"_s,
                         .stage = {stage, Stage::File, u"hang"_s},
                         .strike = cancel,
                         .code = {{place, u"if gates.calls == %1:\n    gates.hang()"_s.arg(call)}}};
    };
    return {fault(u"import"_s, 1, u"during the proof"_s),
            fault(u"before"_s, 2, u"before the first revision"_s),
            fault(u"after"_s, 2, u"after the last COMMIT"_s)};
}

FaultCases stopped()
{
    const FaultCase fault{.fault = u"stop after this revision"_s,
                          .strike = [](FaultScene &scene) { scene.tell(u"stop"_s); }};
    FaultCases cases;
    addAt(cases, fault,
          {beforeProof(), waitingForLock(), duringBackup(), duringStatement(first), betweenRevisions(),
           betweenStatements(middle), duringCommit(middle), duringStatement(last), afterCommit(),
           duringReadBack()});
    addAt(cases, fault, {duringStatement(middle), betweenRevisions(), duringStatement(last)},
          TransactionPolicy::All);
    return cases;
}

FaultCases journalFull()
{
    const FaultCase fault{.fault = u"journal cannot be written any more"_s,
                          .strike = [](FaultScene &scene) { scene.tell(u"full"_s); }};
    FaultCases cases;
    addAt(cases, fault,
          {beforeProof(), waitingForLock(), duringBackup(), duringStatement(first), betweenRevisions(),
           duringStatement(middle), duringStatement(last), duringCommit(last), duringReadBack()});
    addAt(cases, fault, {duringStatement(middle), duringStatement(last)}, TransactionPolicy::All);
    return cases;
}

FaultCases rowsMoved()
{
    const auto to = [](const QString &revision) {
        return [revision](FaultScene &scene) {
            scene.sql(u"UPDATE alembic_version SET version_num = '%1'"_s.arg(revision));
        };
    };
    // Where the tables are.
    const auto back = [](FaultScene &scene) {
        const QStringList trail = scene.column(u"SELECT coalesce(max(revision), 'base0') FROM trail"_s);
        scene.sql(u"UPDATE alembic_version SET version_num = '%1'"_s.arg(trail.value(0)));
    };
    FaultCases cases;
    for (const auto &[what, revision] :
         {std::pair(u"version rows moved to the next revision by somebody else"_s, 1),
          std::pair(u"version rows moved further by somebody else"_s, 2)}) {
        const auto target = [&](const QString &running) {
            const QStringList all{u"base0"_s, first, middle, last, u"base0"_s};
            return to(all.at(all.indexOf(running) + revision));
        };
        const auto add = [&](const QList<Stage> &stages, const QString &from,
                             TransactionPolicy policy = TransactionPolicy::Revision) {
            addAt(cases, {.fault = what, .strike = target(from), .mend = back}, stages, policy);
        };
        add({beforeProof(), waitingForLock(), duringBackup(), beforeStatements(first)}, u"base0"_s);
        add({betweenRevisions(), beforeStatements(middle), duringStatement(middle)}, first);
        add({beforeStatements(first)}, u"base0"_s, TransactionPolicy::All);
    }
    addAt(cases, {.fault = u"version rows moved by somebody else"_s, .strike = to(middle), .mend = back},
          {afterCommit(), duringReadBack()});
    return cases;
}

} // namespace

FaultCases orderCases()
{
    return cancelled() + hanging() + stopped() + journalFull() + rowsMoved();
}

} // namespace stepwell
