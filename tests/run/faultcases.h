// SPDX-License-Identifier: MIT
#pragma once

#include "tests/run/faultscene.h"

namespace stepwell {

using FaultCases = QList<FaultCase>;

// The stages of a run in their order. A revision is "aaaa1", "bbbb1" or "cccc1".
[[nodiscard]] Stage beforeProof();
[[nodiscard]] Stage duringProof();
[[nodiscard]] Stage waitingForLock();
[[nodiscard]] Stage duringBackup();
[[nodiscard]] Stage betweenRevisions();
[[nodiscard]] Stage beforeStatements(const QString &revision);
[[nodiscard]] Stage duringStatement(const QString &revision);
[[nodiscard]] Stage betweenStatements(const QString &revision);
[[nodiscard]] Stage duringCommit(const QString &revision); ///< under All that of the whole run
[[nodiscard]] Stage afterCommit();
[[nodiscard]] Stage duringReadBack();
/// Where the project's code misbehaves by itself.
[[nodiscard]] Stage inProject(const QString &name);
/// "first revision", "middle revision", "last revision"
[[nodiscard]] QString positionOf(const QString &revision);

/// The same fault at each of several stages.
void addAt(FaultCases &cases, const FaultCase &fault, const QList<Stage> &stages,
           TransactionPolicy policy = TransactionPolicy::Revision,
           ScratchProject::Environment driver = ScratchProject::SyncPsycopg2);

[[nodiscard]] FaultCases linkCases();    ///< sessions and servers that go away
[[nodiscard]] FaultCases processCases(); ///< Python and Stepwell that die
[[nodiscard]] FaultCases orderCases();   ///< cancel, stop; the journal and the rows
[[nodiscard]] FaultCases projectCases(); ///< env.py and revisions that misbehave
[[nodiscard]] FaultCases serverCases();  ///< statements that the server refuses

} // namespace stepwell
