// SPDX-License-Identifier: MIT
#include "migrations/run/databaseproof.h"

#include "migrations/run/runlock.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Status, lock and crash recovery all go by the table that the workspace names, so it has to be env.py's.
Result<void> checkVersionTable(const BridgeDescription &description, const QString &versionTable)
{
    const QString expected = versionTable.isEmpty() ? u"alembic_version"_s : versionTable;
    if (description.versionTable == expected)
        return {};
    return failure(
        ErrorKind::Refused,
        u"env.py keeps its version rows in %1, but Stepwell looks at %2."_s.arg(description.versionTable,
                                                                                expected),
        u"Set version_table = \"%1\" for the component in stepwell.toml (or pass --version-table)."_s.arg(
            description.versionTable));
}

Result<void> judge(const BridgeDescription &description, const QString &versionTable)
{
    if (!description.sameDatabase)
        return failure(
            ErrorKind::Refused,
            u"env.py connects to another database than the one shown (%1)."_s.arg(description.databaseName),
            u"It may take its URL from somewhere else than the ini, or a pooler stands in between. "
            "Make env.py use sqlalchemy.url, and connect directly."_s);
    if (description.contexts > 1)
        return failure(
            ErrorKind::Unsupported,
            u"env.py runs migrations %1 times, for several databases or schemas."_s.arg(description.contexts),
            u"Stepwell runs components with one version table. Use alembic for this one."_s);
    return checkVersionTable(description, versionTable);
}

} // namespace

Result<BridgeDescription> proveSameDatabase(DatabaseSession &session, Bridge &bridge, qint64 proofKey,
                                            const Target &target, const std::stop_token &stop)
{
    if (const Result<void> direct = checkDirect(session); !direct)
        return std::unexpected(direct.error());
    if (const Result<bool> held = session.tryAdvisoryLock(proofKey); !held)
        return std::unexpected(held.error());
    return bridge.start(stop)
        .and_then([&] { return bridge.describe(proofKey, stop); })
        .and_then([&](const BridgeDescription &description) -> Result<BridgeDescription> {
            // With the session its key is gone: then nothing is known of env.py's database.
            if (const auto alive = session.query(u"SELECT 1"_s); !alive)
                return std::unexpected(alive.error());
            return judge(description, target.component.versionTable).transform([&] { return description; });
        });
}

} // namespace stepwell
