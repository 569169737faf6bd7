// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/scriptdirectory.h"
#include "migrations/database/connectionsettings.h"
#include "migrations/database/databasestate.h"
#include "migrations/workspace/workspace.h"

#include <optional>

namespace stepwell {

enum class TargetState {
    AtHead,
    Pending,
    Diverged,        ///< several heads in the files
    Empty,           ///< no version row
    UnknownRevision, ///< a row that no file here has
    Elsewhere,       ///< a row that no file here has, but the component's own checkout does
    Unreachable,
    Broken, ///< the files, or some of them, cannot be read
};

/// "at-head", "pending", "diverged", "empty", "unknown-revision", "unreachable", "broken".
/// Elsewhere is "unknown-revision" in JSON; the error's hint tells where the revision is.
[[nodiscard]] QString stateName(TargetState state);

/// One target as it was at one moment. A plain value.
struct TargetStatus {
    TargetId id;
    TargetState state = TargetState::Broken;
    RevisionIds current; ///< version rows
    RevisionIds heads;
    RevisionIds pending; ///< in the order in which an upgrade to all heads runs them
    std::optional<Error> error;
    std::optional<ScriptDirectory> scripts; ///< absent if none can be read; with problems if some are broken
    std::optional<DatabaseState> database;  ///< absent if unreachable or not asked
    std::optional<Error> databaseError;     ///< why it is absent
    ConnectionSettings connection;
    QDateTime readAt;
    std::chrono::milliseconds duration{0};
};

/// Blocking: reads the files and the database of one target. Call it on a worker thread.
/// The password may be empty (.pgpass and friends still apply). Never fails: a fault is a state.
/// `cache`: what an earlier look read of the same files.
[[nodiscard]] TargetStatus readTargetStatus(const Target &target, const QString &password,
                                            ReadDepth depth = ReadDepth::Facts,
                                            RevisionCache *cache = nullptr);

/// The same with the database as it was at the last look: what a change of the files alone means.
[[nodiscard]] TargetStatus reassessTarget(const Target &target, const TargetStatus &last,
                                          RevisionCache *cache);

/// The same without a database: files only, rows given. Used by tests and `plan --from`.
[[nodiscard]] TargetStatus assessTarget(const Target &target, Result<ScriptDirectory> scripts,
                                        Result<DatabaseState> database);

} // namespace stepwell
