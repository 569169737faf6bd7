// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"

#include <QMetaType>
#include <QStringList>

namespace stepwell {

/// One history with one question that real Alembic is asked too.
struct PlanCase {
    const char *name = nullptr; ///< why it is here
    QString history;            ///< as historyFromText() reads it; '' is the empty identifier
    QString ask;                ///< upgrade, downgrade, history, stamp, stamp purge, current, show or one
    QStringList rows;
    QStringList texts; ///< the target, the range or the name; several for a stamp
};

/// Every case in which this code and Alembic once gave different answers, or one that is easily got wrong.
[[nodiscard]] QList<PlanCase> planCases();
[[nodiscard]] QList<Revision> historyOf(const PlanCase &planCase);

} // namespace stepwell

Q_DECLARE_METATYPE(stepwell::PlanCase)
