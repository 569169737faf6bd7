// SPDX-License-Identifier: MIT
// env.py and revisions that misbehave.
#include "tests/run/faultcases.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Environment = ScratchProject::Environment;
using Code = QHash<QString, QString>;

const auto fails = u"op.execute('SELECT 1 / 0')"_s;

FaultCase inCode(const QString &fault, const QString &stage, const Code &code,
                 TransactionPolicy policy = TransactionPolicy::Revision,
                 Environment driver = Environment::SyncPsycopg2)
{
    return {.fault = fault, .stage = inProject(stage), .policy = policy, .driver = driver, .code = code};
}

FaultCases printing()
{
    const QString noise =
        u"import os\nprint('printed')\nprint('{\"event\": \"step\", \"reply\": true, \"ok\": true}')\n"
        "os.write(1, b'on file descriptor 1\\n')\n"
        "os.write(1, b'\\x1e\\x00\\xff\\xfe{\\x1e\"ok\": true}\\n')\n"
        "os.write(2, bytes(range(256)) * 40)"_s;
    return {
        inCode(u"env.py prints, also binary rubbish"_s, u"during the proof and the run"_s,
               {{u"import"_s, noise}, {u"connected"_s, noise}, {u"inside"_s, noise}, {u"after"_s, noise}}),
        inCode(u"revision prints, also binary rubbish"_s, u"middle revision, between statements"_s,
               {{u"bbbb1.between"_s, noise}}),
        inCode(u"revision prints, also binary rubbish"_s, u"middle revision, between statements"_s,
               {{u"bbbb1.between"_s, noise}}, TransactionPolicy::All)};
}

FaultCases raising()
{
    const auto at = [](int call) {
        return u"if gates.calls == %1:\n    raise RuntimeError('no')"_s.arg(call);
    };
    const QString what = u"env.py raises"_s;
    FaultCases cases{
        inCode(what, u"during the proof, at import"_s, {{u"import"_s, at(1)}}),
        inCode(what, u"during the proof, after run_migrations"_s, {{u"inside"_s, at(1)}}),
        inCode(what, u"before the first revision, at import"_s, {{u"import"_s, at(2)}}),
        inCode(what, u"before the first revision, before run_migrations"_s, {{u"before"_s, at(2)}})};
    for (const TransactionPolicy policy :
         {TransactionPolicy::Revision, TransactionPolicy::Project, TransactionPolicy::All}) {
        cases += inCode(what, u"after run_migrations, before the transaction ends"_s, {{u"inside"_s, at(2)}},
                        policy);
        cases += inCode(what, u"after the last COMMIT"_s, {{u"after"_s, at(2)}}, policy);
    }
    return cases;
}

FaultCases forking()
{
    const QString fork = u"import os, time\nif os.fork() == 0:\n    time.sleep(50)\n    os._exit(0)"_s;
    FaultCases cases{
        inCode(u"env.py forks a child that lives on"_s, u"during the proof"_s,
               {{u"import"_s, u"if gates.calls == 1:\n    "_s + QString(fork).replace(u'\n', u"\n    "_s)}}),
        inCode(
            u"env.py forks a child that lives on"_s, u"while it is connected"_s,
            {{u"connected"_s, u"if gates.calls == 2:\n    "_s + QString(fork).replace(u'\n', u"\n    "_s)}}),
        inCode(u"revision forks a child that lives on"_s, u"middle revision, between statements"_s,
               {{u"bbbb1.between"_s, fork}})};
    FaultCase killed = cases.last();
    killed.fault = u"revision forks a child that lives on, then Python is killed"_s;
    killed.stage = duringStatement(u"bbbb1"_s);
    killed.strike = [](FaultScene &scene) { scene.killPython(false); };
    killed.serverGateStaysShut = true;
    cases += killed;
    killed.fault = u"revision forks a child that lives on, then Stepwell is killed"_s;
    killed.serverGateStaysShut = false;
    killed.strike = [](FaultScene &scene) { scene.killRun(); };
    cases += killed;
    killed.fault = u"revision forks a child that lives on, then it is cancelled"_s;
    killed.strike = [](FaultScene &scene) { scene.cancelRun(); };
    cases += killed;
    return cases;
}

FaultCases swallowing()
{
    FaultCases cases;
    const auto add = [&](const QString &place, const QString &stage, TransactionPolicy policy) {
        FaultCase one = inCode(u"env.py swallows the error of a revision"_s, stage, {{place, fails}}, policy);
        one.runMigrations =
            u"try:\n    context.run_migrations()\nexcept Exception as error:\n    print('swallowed', error)"_s;
        cases += one;
    };
    add(u"aaaa1.end"_s, u"first revision"_s, TransactionPolicy::Revision);
    add(u"bbbb1.end"_s, u"middle revision"_s, TransactionPolicy::Revision);
    add(u"cccc1.end"_s, u"last revision"_s, TransactionPolicy::Revision);
    add(u"bbbb1.end"_s, u"middle revision"_s, TransactionPolicy::All);
    add(u"cccc1.end"_s, u"last revision"_s, TransactionPolicy::All);
    add(u"bbbb1.end"_s, u"middle revision"_s, TransactionPolicy::Project);
    return cases;
}

FaultCases committing()
{
    const QString executes = u"op.execute('COMMIT')"_s;
    const QString calls = u"op.get_bind().commit()"_s;
    const QString raw = u"op.get_bind().connection.commit()"_s;
    const QString block =
        u"with op.get_context().autocommit_block():\n    op.execute('CREATE INDEX CONCURRENTLY ix ON trail (revision)')\nop.execute('CREATE TABLE lost (id int)')"_s;
    const QString executed = u"revision executes COMMIT and fails"_s;
    const QString called = u"revision calls connection.commit() and fails"_s;
    const QString blocked = u"autocommit block, then the revision fails"_s;
    FaultCases cases;
    for (const QString &revision : {u"aaaa1"_s, u"bbbb1"_s, u"cccc1"_s}) {
        const QString between = QString(revision + u".between"_s);
        const QString end = QString(revision + u".end"_s);
        cases += inCode(executed, positionOf(revision), {{between, executes}, {end, fails}});
        cases += inCode(blocked, positionOf(revision), {{between, block}, {end, fails}});
    }
    const QString middle = u"middle revision"_s;
    const Code withExecute{{u"bbbb1.between"_s, executes}, {u"bbbb1.end"_s, fails}};
    const Code withBlock{{u"bbbb1.between"_s, block}, {u"bbbb1.end"_s, fails}};
    const Code withCall{{u"bbbb1.between"_s, calls}, {u"bbbb1.end"_s, fails}};
    const Code withRaw{{u"bbbb1.between"_s, raw}, {u"bbbb1.end"_s, fails}};
    cases += inCode(called, middle, withCall);
    cases += inCode(u"revision calls the driver's commit() and fails"_s, middle, withRaw);
    cases += inCode(u"revision calls the driver's commit()"_s, middle, {{u"bbbb1.between"_s, raw}});
    cases += inCode(u"revision calls connection.commit()"_s, middle, {{u"bbbb1.between"_s, calls}});
    cases += inCode(u"revision executes COMMIT"_s, middle, {{u"bbbb1.between"_s, executes}});
    cases += inCode(u"revision executes ROLLBACK and fails"_s, middle,
                    {{u"bbbb1.between"_s, u"op.execute('ROLLBACK')"_s}, {u"bbbb1.end"_s, fails}});
    for (const Environment driver : {Environment::SyncPsycopg, Environment::AsyncAsyncpg}) {
        cases += inCode(executed, middle, withExecute, TransactionPolicy::Revision, driver);
        cases += inCode(called, middle, withCall, TransactionPolicy::Revision, driver);
        cases += inCode(blocked, middle, withBlock, TransactionPolicy::Revision, driver);
    }
    for (const TransactionPolicy policy : {TransactionPolicy::All, TransactionPolicy::Project}) {
        cases += inCode(executed, middle, withExecute, policy);
        cases += inCode(blocked, middle, withBlock, policy);
    }
    cases += inCode(blocked, u"middle revision, the last one fails"_s,
                    {{u"bbbb1.between"_s, block}, {u"cccc1.end"_s, fails}}, TransactionPolicy::All);
    for (FaultCase &one : cases)
        one.mend = [](FaultScene &scene) {
            scene.sql(u"DROP INDEX IF EXISTS ix"_s);
            scene.sql(u"DROP TABLE IF EXISTS lost"_s);
        };
    return cases;
}

FaultCases rollingBackSilently()
{
    FaultCases cases;
    for (const TransactionPolicy policy :
         {TransactionPolicy::Revision, TransactionPolicy::Project, TransactionPolicy::All})
        cases += inCode(
            u"env.py runs SQL before begin_transaction(), so nothing is committed"_s, u"first revision"_s,
            {{u"connected"_s, u"from sqlalchemy import text\nconnection.execute(text('SELECT 1'))"_s}},
            policy);
    return cases;
}

} // namespace

FaultCases projectCases()
{
    return printing() + raising() + forking() + swallowing() + committing() + rollingBackSilently();
}

} // namespace stepwell
