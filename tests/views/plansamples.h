// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"
#include "migrations/status/targetstatus.h"

#include <QWidget>

/// Made-up plans, reviews and checks of sample::managerRevisions() for tests of the plan dialog.
namespace stepwell::sample::plan {

[[nodiscard]] Target target(BackupPolicy backup = BackupPolicy::Required,
                            Protection protection = Protection::Protected);
[[nodiscard]] TargetStatus status(const QStringList &rows);
[[nodiscard]] Plan upgrade();
[[nodiscard]] Plan downgrade(const QString &from, const QString &to);
[[nodiscard]] QList<CheckResult> goodChecks();
[[nodiscard]] QList<StepReview> reviews();
[[nodiscard]] QList<StepReview> reviewsDown(const Plan &plan);
[[nodiscard]] CheckResult invalidIndexes();
[[nodiscard]] CheckResult editedAfterApplied();
[[nodiscard]] QList<CheckResult> mixedChecks();

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

} // namespace stepwell::sample::plan
