// SPDX-License-Identifier: MIT
#include "migrations/status/targetconnection.h"

namespace stepwell {

using namespace Qt::StringLiterals;

Result<ConnectionSettings> targetConnection(const Target &target, const AlembicConfig &config)
{
    if (!target.url.isEmpty() || !config.url.isEmpty() || config.databases.isEmpty())
        return ConnectionSettings::fromUrl(target.url.isEmpty() ? config.url : target.url);
    QStringList names;
    for (const NamedDatabase &database : config.databases)
        names += database.name;
    return failure(
        ErrorKind::InvalidConfig, u"%1 names several databases: %2."_s.arg(config.file, names.join(u", "_s)),
        u"Choose one: with 'url' of the environment's database in stepwell.toml, or with --database. "
        "All have the same revisions, and each its own version table."_s);
}

} // namespace stepwell
