// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "migrations/repair/repairrecord.h"

namespace stepwell {

/// One checkout of a component, as the doctor saw it. A plain value.
struct DoctorRow {
    QString component;
    QString config;                     ///< absolute path of the ini
    QList<Target> targets;              ///< those that follow it
    QList<Trouble> troubles;            ///< the gravest first; empty: all is well
    std::optional<Error> error;         ///< nothing of it could be read
    int revisions = 0;                  ///< that were read
    QStringList unread;                 ///< targets whose rows are not known: "staging/manager"
    std::optional<RepairRecord> record; ///< a repair that is under way
    QList<RepairStage> stages;          ///< its stages by now
};

} // namespace stepwell
