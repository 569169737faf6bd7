// SPDX-License-Identifier: MIT
#include "migrations/database/cataloguereader.h"
#include "migrations/run/planreview.h"

namespace stepwell {

Result<LintOptions> lintOptions(const Target &target, const Workspace *workspace, DatabaseSession &session)
{
    return readCatalogue(session).transform([&](const Catalogue &catalogue) {
        LintOptions options = lintOptions(target, workspace);
        options.serverVersion = session.serverVersion() / 10000;
        options.catalogue = catalogue;
        return options;
    });
}

} // namespace stepwell
