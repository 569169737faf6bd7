// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"

namespace stepwell {

/// The SQL of one revision in one direction, as the project's own env.py renders it.
struct RenderedSql {
    RevisionId revision;
    Direction direction = Direction::Upgrade;
    QString sql;         ///< empty if it could not be rendered: partial output is never shown
    QString problem;     ///< why not; "known only by rehearsal"
    int problemLine = 0; ///< line of the revision file, or 0
    int statements = 0;  ///< without transaction control and the version table
    QString renderedBy;  ///< "alembic 1.13.2, SQLAlchemy 2.0.40"
    bool fromCache = false;

    bool operator==(const RenderedSql &) const = default;
};

} // namespace stepwell
