// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QString>

namespace stepwell {

/// Makes git repositories of the demo's checkouts, with a commit for each revision by whoever "wrote" it, so
/// that histories tell who and when: accountmgr-main on `main`; appproxy-release-26.3 on `release-26.3`, with
/// a `main` that has gone on. Where git is not installed there are none. Errors: ProcessFailed, Timeout.
[[nodiscard]] Result<void> makeDemoRepositories(const QString &directory);

} // namespace stepwell
