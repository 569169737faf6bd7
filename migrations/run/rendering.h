// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/rendercache.h"
#include "migrations/run/targetaccess.h"

#include <functional>
#include <stop_token>

namespace stepwell {

struct RenderOptions {
    const RenderCache *cache = nullptr; ///< null: nothing is looked up or remembered
    std::stop_token stop;
    /// As each comes, in the calling thread: first what is remembered, then the rest, each in the order
    /// asked.
    std::function<void(int done, int total, const RenderedSql &sql)> progress;
    /// Render anew, and remember that: for what cannot be known to have changed, such as environment
    /// variables that env.py reads.
    bool refresh = false;
    std::chrono::seconds each{60}; ///< what one revision may take
};

/// The SQL of steps, in the order asked for; directions may be mixed. A step that cannot be rendered is no
/// error: it says why, with the line of its file, and has no SQL. What the cache has costs no Python; the
/// rest is rendered in one Python process, by the project's own env.py and without a database. Blocking.
///
/// Remembered are renderings, and failures that lie in the revision itself. They count as long as nothing
/// changes of what RenderKeys names, nor of the project's files that were read while rendering, nor of the
/// names in folders that the revision listed. A revision that starts programs or opens network connections
/// is not remembered. A revision that makes SQL from the time, chance or the environment is shown as it was
/// rendered.
///
/// A revision that ends Python, or hangs, gets that as its problem, and the others a new process.
/// Errors: PythonMissing, BrokenScripts and other failures to load the project, Cancelled. A stop request
/// kills the process group at once; what was complete is remembered.
[[nodiscard]] Result<QList<RenderedSql>>
renderSteps(const TargetAccess &access, const QList<RenderStep> &steps, const RenderOptions &options);

} // namespace stepwell
