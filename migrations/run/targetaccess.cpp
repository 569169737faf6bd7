// SPDX-License-Identifier: MIT
#include "migrations/run/targetaccess.h"

#include "migrations/alembic/findpython.h"
#include "migrations/status/targetconnection.h"
#include "migrations/status/targetscripts.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

Result<TargetAccess> withScripts(const Target &target, const QString &password, ScriptDirectory scripts)
{
    TargetAccess access;
    access.scripts = std::move(scripts);
    const AlembicConfig &config = access.scripts.config;
    const Result<ConnectionSettings> connection = targetConnection(target, config);
    if (!connection)
        return std::unexpected(connection.error());
    access.connection = *connection;
    access.password = password.isEmpty() ? connection->password : password;
    access.bridge = {.python = findPython(target.component.python, target.config, target.component.config),
                     .config = config.iniFile,
                     .toml = config.tomlFile,
                     .section = config.section,
                     .workingDirectory = config.directory,
                     .url = connection->sqlAlchemyUrl(config.url, access.password)};
    return access;
}

} // namespace

Result<TargetAccess> TargetAccess::open(const Target &target, const QString &password)
{
    return ScriptDirectory::load(scriptSource(target)).and_then([&](ScriptDirectory scripts) {
        return withScripts(target, password, std::move(scripts));
    });
}

Result<TargetAccess> TargetAccess::openFiles(const Target &target)
{
    return ScriptDirectory::load(scriptSource(target)).and_then([&](ScriptDirectory scripts) {
        Target offline = target;
        if (target.url.isEmpty() && scripts.config.url.isEmpty())
            offline.url = u"postgresql://nobody@127.0.0.1:1/none"_s;
        return withScripts(offline, {}, std::move(scripts));
    });
}

Result<std::unique_ptr<DatabaseSession>>
TargetAccess::openSession(const QString &role, std::chrono::milliseconds lockTimeout) const
{
    return DatabaseSession::open(connection, password,
                                 {.applicationName = u"stepwell "_s + role, .lockTimeout = lockTimeout});
}

} // namespace stepwell
