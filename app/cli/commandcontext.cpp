// SPDX-License-Identifier: MIT
#include "app/cli/commandcontext.h"

#include "app/secretstore.h"
#include "migrations/run/targetaccess.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

CommandContext::CommandContext(Options options_, Streams streams_, SecretStore &secrets)
    : options(std::move(options_)), streams(std::move(streams_)), m_secrets(secrets)
{
}

Result<Workspace> CommandContext::workspace() const
{
    if (m_workspace)
        return *m_workspace;
    m_workspace = openWorkspace();
    if (*m_workspace) {
        for (const QString &warning : (*m_workspace)->warnings)
            *streams.err << u"warning: "_s << warning << Qt::endl;
    }
    return *m_workspace;
}

Result<Workspace> CommandContext::openWorkspace() const
{
    if (isDirect())
        return failure(ErrorKind::Usage, u"-c names one ini; this needs a workspace."_s,
                       u"Leave -c out, or use --workspace."_s);
    if (!options.workspace.isEmpty())
        return readWorkspace(options.workspace);
    return findWorkspace(QDir::currentPath()).and_then([](const QString &found) {
        return readWorkspace(found);
    });
}

Result<Target> CommandContext::directTarget() const
{
    const auto named = ConnectionSettings::fromUrl(options.database);
    if (!options.database.isEmpty() && named && !named->password.isEmpty())
        return failure(
            ErrorKind::Usage, u"--database holds a password, which everybody on this machine can see."_s,
            u"Leave it out: Stepwell asks for it, or takes it from the keyring or ~/.pgpass. Change it, as it was shown."_s);
    const QFileInfo ini(options.config);
    if (!ini.exists())
        return failure(ErrorKind::InvalidConfig, u"%1 does not exist."_s.arg(options.config),
                       u"Name the component's ini with -c."_s);
    Target target;
    target.id = {.environment = u"direct"_s, .component = ini.completeBaseName()};
    target.component = {.name = target.id.component,
                        .config = ini.absoluteFilePath(),
                        .section = options.section,
                        .versionTable = options.versionTable};
    target.environment.name = target.id.environment;
    target.config = ini.absoluteFilePath();
    target.url = options.database;
    return target;
}

Result<Target> CommandContext::target(QStringList *rest) const
{
    QStringList arguments = options.arguments;
    Result<Target> found = isDirect() ? directTarget()
                           : arguments.isEmpty()
                               ? failure(ErrorKind::Usage, u"No target is named."_s,
                                         u"Write ENVIRONMENT/COMPONENT; `stepwell status` lists them."_s)
                               : workspace().and_then([&](const Workspace &space) {
                                     return space.target(arguments.takeFirst());
                                 });
    if (rest)
        *rest = arguments;
    return found;
}

Result<ScriptDirectory> CommandContext::scripts(QStringList *rest) const
{
    if (isDirect() || options.arguments.value(0).contains(u'/'))
        return target(rest).and_then(
            [](const Target &found) { return ScriptDirectory::load(found.config, found.component.section); });
    const Result<Workspace> space = workspace();
    if (!space)
        return std::unexpected(space.error());
    QStringList arguments = options.arguments;
    const QString name = arguments.isEmpty() ? QString() : arguments.takeFirst();
    if (rest)
        *rest = arguments;
    QStringList names;
    for (const Component &component : space->components) {
        if (component.name == name || (name.isEmpty() && space->components.size() == 1))
            return ScriptDirectory::load(component.config, component.section);
        names += component.name;
    }
    return failure(ErrorKind::Usage,
                   name.isEmpty() ? u"The workspace has several components."_s
                                  : u"There is no component named %1."_s.arg(name),
                   u"Name one of %1, or a target such as ENVIRONMENT/COMPONENT."_s.arg(names.join(u", "_s)));
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

int CommandContext::print(const QJsonObject &object)
{
    QJsonObject whole{{u"version"_s, 1}};
    for (auto it = object.begin(); it != object.end(); ++it)
        whole.insert(it.key(), it.value());
    *streams.out << QJsonDocument(whole).toJson(QJsonDocument::Compact) << Qt::endl;
    return 0;
}

int CommandContext::fail(const Error &error)
{
    if (options.json) {
        print({{u"error"_s, toJson(error)}});
    } else {
        *streams.err << u"stepwell: "_s << error.message << u'\n';
        if (!error.hint.isEmpty())
            *streams.err << u"  "_s << error.hint << u'\n';
        if (!error.detail.isEmpty() && error.detail != error.message)
            *streams.err << u'\n' << error.detail << u'\n';
        streams.err->flush();
    }
    return exitCode(error.kind);
}

void CommandContext::progress(const QString &text)
{
    if (streams.errIsTerminal)
        note(text);
}

void CommandContext::note(const QString &text)
{
    *streams.err << text << Qt::endl;
}

QString CommandContext::coloured(const QString &text, const char *code) const
{
    return streams.outIsTerminal ? u"\x1b[%1m%2\x1b[0m"_s.arg(QLatin1StringView(code), text) : text;
}

QJsonObject toJson(const Error &error)
{
    QJsonObject object{
        {u"kind"_s, kindName(error.kind)}, {u"message"_s, error.message}, {u"hint"_s, error.hint}};
    if (!error.detail.isEmpty())
        object.insert(u"detail"_s, error.detail);
    if (!error.sqlState.isEmpty())
        object.insert(u"sqlstate"_s, error.sqlState);
    if (!error.statement.isEmpty())
        object.insert(u"statement"_s, error.statement);
    return object;
}

QJsonArray toJson(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

QString table(const QList<QStringList> &rows)
{
    QList<qsizetype> widths;
    for (const QStringList &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row.at(i).size());
    }
    QString text;
    for (const QStringList &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += row.at(i).leftJustified(widths.at(i) + 2);
        text += line.trimmed().isEmpty() ? QString() : line.mid(0, line.size());
        while (text.endsWith(u' '))
            text.chop(1);
        text += u'\n';
    }
    return text;
}

} // namespace stepwell::cli
