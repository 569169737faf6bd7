// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/targetaccess.h"

#include <stop_token>

namespace stepwell {

/// Starts the bridge and proves that env.py reaches the database that `session` is connected to: the session
/// holds an advisory lock with the key of the proof, and env.py's own connection has to see it. The lock
/// stays held on success, for the steps that prove it again with the same key.
/// Errors: Refused (a pooler, another database, another version table), Unsupported (several contexts), and
/// those of the session and the bridge.
[[nodiscard]] Result<BridgeDescription> proveSameDatabase(DatabaseSession &session, Bridge &bridge,
                                                          qint64 proofKey, const Target &target,
                                                          const std::stop_token &stop = {});

} // namespace stepwell
