// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/alembic/revisionheader.h"

namespace stepwell {

/// Sets wayBack, losesData, hasAutocommit and usesConnection from the bodies of upgrade() and
/// downgrade(). The rule of losesData stands at Revision.
void readRevisionFacts(const PythonTokens &tokens, const RevisionHeader &header, Revision &revision);

} // namespace stepwell
