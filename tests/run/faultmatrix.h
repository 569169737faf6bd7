// SPDX-License-Identifier: MIT
#pragma once

#include "tests/run/faultcases.h"

namespace stepwell {

/// Runs as a test program the cases of one section of docs/faults.md; with --run FILE it is the run itself.
int faultMatrix(int argc, char **argv, const QString &section, const FaultCases &cases);

} // namespace stepwell
