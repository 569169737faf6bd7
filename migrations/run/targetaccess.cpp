// SPDX-License-Identifier: MIT
#include "migrations/run/targetaccess.h"

namespace stepwell {

using namespace Qt::StringLiterals;

Result<TargetAccess> TargetAccess::open(const Target &target, const QString &password)
{
    TargetAccess access;
    Result<ScriptDirectory> scripts = ScriptDirectory::load(target.config, target.component.section);
    if (!scripts)
        return std::unexpected(scripts.error());
    access.scripts = *std::move(scripts);
    const AlembicConfig &config = access.scripts.config;
    const Result<ConnectionSettings> connection =
        ConnectionSettings::fromUrl(target.url.isEmpty() ? config.url : target.url);
    if (!connection)
        return std::unexpected(connection.error());
    access.connection = *connection;
    access.password = password.isEmpty() ? connection->password : password;
    access.bridge = {.python = findPython(target.component, target.config),
                     .config = config.file,
                     .section = config.section,
                     .workingDirectory = config.directory,
                     .url = connection->sqlAlchemyUrl(config.url, access.password)};
    return access;
}

Result<std::unique_ptr<DatabaseSession>>
TargetAccess::openSession(const QString &role, std::chrono::milliseconds lockTimeout) const
{
    return DatabaseSession::open(connection, password,
                                 {.applicationName = u"stepwell "_s + role, .lockTimeout = lockTimeout});
}

} // namespace stepwell
