// SPDX-License-Identifier: MIT
#include "app/cli/commandcontext.h"

#include "app/secretstore.h"
#include "migrations/run/targetaccess.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

CommandContext::CommandContext(Options options_, Streams streams_, SecretStore &secrets)
    : FileContext(std::move(options_), std::move(streams_)), m_secrets(secrets)
{
}

QString CommandContext::workspaceDirectory(const Target &target) const
{
    if (isDirect())
        return QFileInfo(target.config).absolutePath();
    const Result<Workspace> space = workspace();
    return space ? space->directory : QDir::currentPath();
}

QString CommandContext::storedPassword(const Target &target)
{
    return m_secrets.readOnWorker(SecretStore::keyOf(workspaceDirectory(target), target.id),
                                  streams.interrupted);
}

Result<QString> CommandContext::password(const Target &target)
{
    const auto attempt = [&](const QString &password) -> Result<QString> {
        return TargetAccess::open(target, password)
            .and_then([](const TargetAccess &access) {
                return access.openSession(u"login"_s, std::chrono::seconds(5));
            })
            .transform([&](const std::unique_ptr<DatabaseSession> &) { return password; });
    };
    Result<QString> result = attempt({});
    const auto refused = [&] { return !result && wantsPassword(result.error().kind); };
    if (!refused())
        return result;
    if (const QString stored = storedPassword(target); !stored.isEmpty())
        result = attempt(stored);
    for (int tries = 0; refused() && tries < 3 && streams.ask; ++tries) {
        const std::optional<QString> typed = streams.ask(u"Password for %1: "_s.arg(target.id.text()), true);
        if (!typed)
            break;
        result = attempt(*typed);
        if (result)
            m_secrets.remember(SecretStore::keyOf(workspaceDirectory(target), target.id), *typed);
    }
    return result;
}

Result<QString> CommandContext::chosenConfig(const QString &config) const
{
    if (options.filesOf.isEmpty())
        return config;
    if (const QFileInfo ini(options.filesOf); ini.isFile())
        return ini.absoluteFilePath();
    if (!m_checkout) {
        auto made =
            TemporaryCheckout::make(QFileInfo(config).absolutePath(), options.filesOf, streams.interrupted);
        if (!made) {
            Error error = made.error();
            if (error.kind == ErrorKind::ProcessFailed) // git does not know the name
                error.kind = ErrorKind::Usage;
            return std::unexpected(error);
        }
        m_checkout = *std::move(made);
        note(u"Files of %1 (%2)"_s.arg(options.filesOf, m_checkout->commit().first(12)));
    }
    const QString there = m_checkout->pathOf(config);
    if (!QFileInfo::exists(there))
        return failure(ErrorKind::InvalidConfig,
                       u"%1 has no %2."_s.arg(options.filesOf, QFileInfo(config).fileName()),
                       u"Name a branch or commit that has it, or another checkout's ini."_s);
    return there;
}

Result<RevisionIds> CommandContext::readRows()
{
    const Result<Target> named = target();
    if (!named)
        return std::unexpected(named.error());
    const Result<QString> secret = password(*named);
    if (!secret)
        return std::unexpected(secret.error());
    return TargetAccess::open(*named, *secret)
        .and_then(
            [](const TargetAccess &access) { return access.openSession(u"read"_s, std::chrono::seconds(5)); })
        .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
            return session->readVersionRows(named->component.versionTable);
        });
}

Result<void> checkDatabaseOption(const Options &options)
{
    const auto named = ConnectionSettings::fromUrl(options.database);
    if (!options.database.isEmpty() && named && !named->password.isEmpty())
        return failure(
            ErrorKind::Usage, u"--database holds a password, which everybody on this machine can see."_s,
            u"Leave it out: Stepwell asks for it, or takes it from the keyring or ~/.pgpass. Change it, as it was shown."_s);
    return {};
}

} // namespace stepwell::cli
