// SPDX-License-Identifier: MIT
#pragma once

// The table of errors lies below the runs: sessions translate their errors by it too.
#include "migrations/database/errortranslation.h" // IWYU pragma: export
