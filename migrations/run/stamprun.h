// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/stamp.h"
#include "migrations/journal/journal.h"
#include "migrations/run/runtypes.h"

#include <functional>
#include <stop_token>

namespace stepwell {

/// Changing the version rows without running a revision.
struct StampRequest {
    Target target;
    RevisionIds from;      ///< the rows that were shown; changed meanwhile: refused
    QStringList revisions; ///< as `alembic stamp` takes them
    bool purge = false;
    QString password;
    QString workspaceDirectory;
};

/// Under the run lock, through the project's own Alembic, written into the journal, and read back. No backup:
/// the rows of before stand in the journal. Blocking; one worker thread.
[[nodiscard]] RunReport stampTarget(const StampRequest &request, Journal &journal,
                                    const std::function<void(const RunEvent &)> &onEvent = {},
                                    const std::stop_token &stop = {});

} // namespace stepwell
