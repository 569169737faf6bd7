// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/history.h"
#include "tests/support/scratchproject.h"

#include <memory>

namespace stepwell {

/// A project from words: `id`, `id<parent,parent`, `id<parent!dependency`, each with `(label)` behind the id.
/// A word that begins with '*' writes two files for the identifier.
[[nodiscard]] std::unique_ptr<ScratchProject> projectOf(const QString &graph, const QString &url = {});

/// A database of the component `app`, as it is told: `staging: b c`, `production! b` (protected),
/// `lab?` (not read). Rows are as given.
struct RowsOf {
    QString environment;
    QStringList rows;
    bool isProtected = false;
    bool isRead = true;
    QString config; ///< another checkout's; empty: the project's own
};

/// The history of the project with these databases.
[[nodiscard]] History historyOf(const ScratchProject &project, const QList<RowsOf> &databases = {});

} // namespace stepwell
