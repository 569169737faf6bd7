// SPDX-License-Identifier: MIT
#include "migrations/status/targetscripts.h"

namespace stepwell {

ScriptSource scriptSource(const Target &target)
{
    return {.config = target.config,
            .section = target.component.section,
            .python = target.component.python,
            .elsewhere = target.component.config};
}

ScriptSource scriptSource(const Component &component)
{
    return {.config = component.config, .section = component.section, .python = component.python};
}

} // namespace stepwell
