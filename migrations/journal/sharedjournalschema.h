// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"

namespace stepwell {

/// See SharedJournal::open().
[[nodiscard]] Result<void> prepareSharedJournal(DatabaseSession &session, bool create);

} // namespace stepwell
