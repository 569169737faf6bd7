// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/alembic/revisionheader.h"

namespace stepwell {

/// Sets what ReadDepth::Facts promises, from the bodies of upgrade() and downgrade() and of the file's
/// functions they call. The rule of losesData stands at Revision.
void readRevisionFacts(const PythonTokens &tokens, const RevisionHeader &header, Revision &revision);

} // namespace stepwell
