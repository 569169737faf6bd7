// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/preflight/checkcontext.h"

namespace stepwell {

// The checks as plain functions, by subject. Each names itself as checkpolicy.h does, looks, and says what it
// found; nothing if it has nothing to say here. The session is the one of their group and thread. They
// change nothing.

using Told = std::optional<CheckResult>;

// revisionchecks.cpp: the files alone
[[nodiscard]] Told filesCheck(const CheckContext &context);
[[nodiscard]] Told singleHeadCheck(const CheckContext &context);
[[nodiscard]] Told wayBackCheck(const CheckContext &context);
// … and what the database has of them
[[nodiscard]] Told currentKnownCheck(const CheckContext &context, DatabaseSession &session);

// gitchecks.cpp
[[nodiscard]] Told gitCheck(const CheckContext &context);

// journalchecks.cpp
[[nodiscard]] Told unfinishedRunsCheck(const CheckContext &context);
/// Waits for the first session: what is applied, the database says.
[[nodiscard]] Told editedAfterAppliedCheck(const CheckContext &context);

// connectionchecks.cpp
[[nodiscard]] CheckResult connectionCheck(const DatabaseState &state);
[[nodiscard]] Told tlsCheck(const CheckContext &context, DatabaseSession &session);
/// `host`: as libpq uses it, hostaddr if one is given; `protocol`: "TLSv1.3", empty for none.
[[nodiscard]] CheckResult tlsVerdict(const QString &host, const QString &protocol, const QString &sslmode);
[[nodiscard]] Told directCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told primaryCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told sameDatabaseCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told environmentMarkCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told runLockCheck(const CheckContext &context, DatabaseSession &session);

// activitychecks.cpp: what others do now; wait for the reviews
[[nodiscard]] Told longTransactionsCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told preparedTransactionsCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told dumpsCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told autovacuumCheck(const CheckContext &context, DatabaseSession &session);

// privilegechecks.cpp: waits for the reviews
[[nodiscard]] Told privilegesCheck(const CheckContext &context, DatabaseSession &session);

// storagechecks.cpp
[[nodiscard]] Told invalidIndexesCheck(const CheckContext &context, DatabaseSession &session);
[[nodiscard]] Told backupRoomCheck(const CheckContext &context, DatabaseSession &session);
/// Waits for the reviews.
[[nodiscard]] Told diskSpaceCheck(const CheckContext &context, DatabaseSession &session);

// replicationchecks.cpp
[[nodiscard]] Told replicationCheck(const CheckContext &context, DatabaseSession &session);

} // namespace stepwell
