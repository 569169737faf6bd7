// SPDX-License-Identifier: MIT
#include "tests/run/faultcases.h"

namespace stepwell {

using namespace Qt::StringLiterals;

void addAt(FaultCases &cases, const FaultCase &fault, const QList<Stage> &stages, TransactionPolicy policy,
           ScratchProject::Environment driver)
{
    for (const Stage &stage : stages) {
        FaultCase one = fault;
        one.stage = stage;
        one.policy = policy;
        one.driver = driver;
        cases += one;
    }
}

QString positionOf(const QString &revision)
{
    return revision == "aaaa1"_L1   ? u"first revision"_s
           : revision == "bbbb1"_L1 ? u"middle revision"_s
                                    : u"last revision"_s;
}

Stage beforeProof()
{
    return {u"before the proof"_s, Stage::File, u"phase.checks"_s};
}

Stage duringProof()
{
    return {u"during the proof"_s, Stage::File, u"env1.connected"_s};
}

Stage waitingForLock()
{
    return {u"waiting for the run lock"_s, Stage::Lock, u"phase.lock"_s};
}

Stage duringBackup()
{
    return {u"during the backup"_s, Stage::Backup, {}};
}

Stage betweenRevisions()
{
    return {u"between two revisions"_s, Stage::File, u"phase.step1"_s};
}

Stage beforeStatements(const QString &revision)
{
    return {QString(positionOf(revision) + u", before its first statement"_s), Stage::File,
            QString(revision + u".start"_s)};
}

Stage duringStatement(const QString &revision)
{
    return {QString(positionOf(revision) + u", a statement runs"_s), Stage::Server,
            QString(revision + u".statement"_s)};
}

Stage betweenStatements(const QString &revision)
{
    return {QString(positionOf(revision) + u", between statements"_s), Stage::File,
            QString(revision + u".between"_s)};
}

Stage duringCommit(const QString &revision)
{
    return {QString(positionOf(revision) + u", during COMMIT"_s), Stage::Server,
            QString(revision + u".commit"_s)};
}

Stage afterCommit()
{
    return {u"after the last COMMIT, not read back"_s, Stage::File, u"env2.after"_s};
}

Stage duringReadBack()
{
    return {u"while it is read back"_s, Stage::File, u"phase.readback"_s};
}

Stage inProject(const QString &name)
{
    return {name, Stage::Project, {}};
}

} // namespace stepwell
