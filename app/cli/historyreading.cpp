// SPDX-License-Identifier: MIT
#include "app/cli/historyreading.h"

#include "app/cli/targetreading.h"
#include "migrations/config/configreader.h"
#include "migrations/repair/readnow.h"
#include "migrations/status/targetscripts.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// The databases of a workspace that follow the ini: -c does not make them safe to forget.
QList<Target> targetsAround(const QString &config)
{
    const Result<QString> folder = findWorkspace(QFileInfo(config).absolutePath());
    const Result<Workspace> workspace =
        folder ? readWorkspace(*folder) : Result<Workspace>(std::unexpected(folder.error()));
    if (!workspace)
        return {};
    for (const HistorySource &source : historySources(*workspace)) {
        if (QFileInfo(source.source.config) == QFileInfo(config))
            return source.targets;
    }
    return {};
}

/// The database that the ini names is the one that `alembic upgrade` would change.
bool namesDatabase(const Target &target)
{
    if (!target.url.isEmpty())
        return true;
    const auto config = readAlembicConfig(target.config, target.component.section);
    return config && !config->url.isEmpty();
}

Result<HistorySource> chooseDirectly(const CommandContext &context)
{
    return context.target().transform([&](const Target &target) {
        QList<Target> targets = target.url.isEmpty() ? targetsAround(target.config) : QList<Target>();
        if (!targets.isEmpty())
            context.note(u"The workspace around this ini says which databases there are."_s);
        else if (namesDatabase(target))
            targets += target;
        return HistorySource{.name = u"-c "_s + context.options.config,
                             .component = targets.isEmpty() ? target.component : targets.first().component,
                             .source = scriptSource(target.component),
                             .targets = targets};
    });
}

Result<HistorySource> choose(const Workspace &workspace, QStringList &arguments)
{
    if (arguments.isEmpty() && workspace.components.size() != 1)
        return failure(ErrorKind::Usage, u"The workspace has several components."_s,
                       u"Name a component, or a target such as ENVIRONMENT/COMPONENT."_s);
    const QString name = arguments.isEmpty() ? workspace.components.first().name : arguments.takeFirst();
    HistorySource chosen{.name = name};
    if (name.contains(u'/')) {
        const Result<Target> target = workspace.target(name);
        if (!target)
            return std::unexpected(target.error());
        chosen.component = target->component;
        chosen.source = scriptSource(*target);
    } else {
        const auto found = std::ranges::find(workspace.components, name, &Component::name);
        if (found == workspace.components.end())
            return failure(ErrorKind::Usage, u"There is no component named %1."_s.arg(name),
                           u"Name a component, or a target such as ENVIRONMENT/COMPONENT."_s);
        chosen.component = *found;
        chosen.source = scriptSource(*found);
    }
    for (const Target &target : workspace.targets()) {
        if (target.id.component == chosen.component.name)
            chosen.targets += target;
    }
    return chosen;
}

CommandName commandName(const Options &options, const HistorySource &source)
{
    const auto option = [](const QString &name, const QString &value) {
        return value.isEmpty() ? QString() : QString(u' ' + name + u' ' + quotedWord(value));
    };
    if (!options.config.isEmpty())
        return {.text = u"-c "_s + quotedWord(options.config) + option(u"--section"_s, options.section) +
                        option(u"--database"_s, options.database) +
                        option(u"--version-table"_s, options.versionTable),
                .isDirect = true};
    const QString workspace =
        options.workspace.isEmpty() ? QString() : QString(u"-w "_s + quotedWord(options.workspace) + u' ');
    return {.text = workspace + source.name, .workspace = workspace};
}

NamedHistory lookAt(CommandContext &context, const HistorySource &source, const QList<TargetStatus> &statuses,
                    GitLook git)
{
    NamedHistory named{.source = source, .name = commandName(context.options, source)};
    named.look = lookAtHistory(source, statuses, git, nullptr, context.streams.interrupted);
    for (const Error &error : named.look.errors)
        context.note(u"warning: "_s + error.message);
    return named;
}

} // namespace

Result<NamedHistory> readNamedHistory(CommandContext &context, GitLook git)
{
    QStringList arguments = context.options.arguments;
    const Result<HistorySource> chosen = context.isDirect()
                                             ? chooseDirectly(context)
                                             : context.workspace().and_then([&](const Workspace &workspace) {
                                                   return choose(workspace, arguments);
                                               });
    if (!chosen)
        return std::unexpected(chosen.error());
    NamedHistory named = lookAt(context, *chosen, readAll(context, chosen->targets), git);
    // Without a single file there is nothing to look at; git's refusals are only told.
    if (named.look.history.scripts.config.file.isEmpty())
        return std::unexpected(named.look.errors.first());
    named.rest = arguments;
    return named;
}

Result<QList<NamedHistory>> readAllHistories(CommandContext &context, GitLook git)
{
    const Result<Workspace> workspace = context.workspace();
    if (!workspace)
        return std::unexpected(workspace.error());
    const QList<TargetStatus> statuses = readAll(context, workspace->targets());
    QList<NamedHistory> all;
    for (const HistorySource &source : historySources(*workspace))
        all += lookAt(context, source, statuses, git);
    return all;
}

Result<History> readAgain(CommandContext &context, const History &history)
{
    // Passwords are asked for one after the other, before the reading.
    QHash<TargetId, QString> passwords;
    for (const HistoryTarget &known : history.targets)
        passwords.insert(known.target.id, context.password(known.target).value_or(QString()));
    return readNow(history, [&](const Target &target) { return passwords.value(target.id); });
}

} // namespace stepwell::cli
