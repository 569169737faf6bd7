// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/scriptdirectory.h"
#include "migrations/workspace/workspace.h"

namespace stepwell {

/// The files of a target: its environment's checkout, with the component's section and Python.
[[nodiscard]] ScriptSource scriptSource(const Target &target);
/// The files of a component itself.
[[nodiscard]] ScriptSource scriptSource(const Component &component);

} // namespace stepwell
