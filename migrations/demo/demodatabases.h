// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/backup/privatecluster.h"

#include <QStringList>

#include <functional>
#include <stop_token>

namespace stepwell {

/// What is being done, in one short sentence. May be empty.
using DemoProgress = std::function<void(const QString &)>;

/// An interpreter on this machine that has Alembic and the demo's two drivers, as argv.
/// Errors: PythonMissing, naming what to install; Cancelled.
[[nodiscard]] Result<QStringList> findDemoPython(const std::stop_token &stop = {});

/// Makes the demo's databases on a running cluster and brings each into its state, with Alembic and the files
/// in `directory`. Takes some seconds. Errors: those of PrivateCluster, ProcessFailed, Cancelled.
[[nodiscard]] Result<void> makeDemoDatabases(const QString &directory, const PrivateCluster &cluster,
                                             const QStringList &python, const DemoProgress &progress,
                                             const std::stop_token &stop = {});

} // namespace stepwell
