// SPDX-License-Identifier: MIT
#pragma once

#include "models/doctorrow.h"

#include <QWidget>

/// Made-up histories, troubles and repairs for tests of the views that mend them.
namespace stepwell::sample::repair {

/// A line of eight, then two sides: aaaa11110001 and aaaa11110002 (Ada's), bbbb22220001 (Ben's). Four
/// databases: Ada's side is applied in development, Ben's in production, staging cannot be read, empty has
/// nothing.
[[nodiscard]] History history();
[[nodiscard]] RevisionOrigins origins();
/// Two heads, with offers: Ada on Ben is advised, Ben on Ada is impossible.
[[nodiscard]] Trouble twoHeads();
[[nodiscard]] Trouble threeHeads();
[[nodiscard]] History threeHeaded();
/// Of a base `length` long.
[[nodiscard]] History longHistory(int length);

/// Ada's side on top of Ben's; with a detour over development if told to.
[[nodiscard]] RepairPlan rebasePlan(const History &history, bool detour);
[[nodiscard]] RepairPlan mergePlan(const History &history);
[[nodiscard]] RepairPlan restorePlan(const History &history);

[[nodiscard]] QList<DoctorRow> troubledRows();
[[nodiscard]] QList<DoctorRow> healthyRows();

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

} // namespace stepwell::sample::repair
