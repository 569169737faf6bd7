// SPDX-License-Identifier: MIT
#include "app/cli/targetreading.h"

#include <QJsonArray>
#include <QThreadPool>
#include <QtConcurrentMap>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

const char *colourOf(TargetState state)
{
    switch (state) {
    case TargetState::AtHead:
        return "32";
    case TargetState::Pending:
        return "33";
    case TargetState::Diverged:
        return "35";
    case TargetState::Empty:
        return "2";
    default:
        return "31";
    }
}

} // namespace

QList<TargetStatus> readAll(CommandContext &context, const QList<Target> &targets)
{
    QThreadPool pool;
    pool.setMaxThreadCount(16); // they wait for servers, not for a processor
    return QtConcurrent::blockingMapped<QList<TargetStatus>>(
        &pool, targets, [&context](const Target &target) {
            TargetStatus status = readTargetStatus(target, {}, ReadDepth::Header);
            if (!status.error || !wantsPassword(status.error->kind))
                return status;
            const QString password = context.storedPassword(target);
            return password.isEmpty() ? status : readTargetStatus(target, password, ReadDepth::Header);
        });
}

QJsonObject toJson(const TargetStatus &status)
{
    return {{u"environment"_s, status.id.environment},
            {u"component"_s, status.id.component},
            {u"state"_s, stateName(status.state)},
            {u"current"_s, cli::toJson(status.current)},
            {u"heads"_s, cli::toJson(status.heads)},
            {u"pending"_s, status.pending.size()},
            {u"error"_s, status.error ? QJsonValue(cli::toJson(*status.error)) : QJsonValue()}};
}

QString stateText(const TargetStatus &status)
{
    if (status.state == TargetState::Pending)
        return u"%1 pending"_s.arg(status.pending.size());
    if (status.state == TargetState::Elsewhere)
        return u"elsewhere"_s;
    return stateName(status.state).replace(u'-', u' ');
}

void printStatuses(CommandContext &context, const QList<TargetStatus> &all)
{
    QList<QStringList> rows{{u"TARGET"_s, u"STATE"_s, u"CURRENT"_s, u"HEAD"_s}};
    for (const TargetStatus &status : all)
        rows +=
            {status.id.text(), stateText(status), status.current.isEmpty() ? u"-"_s : toText(status.current),
             status.heads.isEmpty() ? u"-"_s : toText(status.heads)};
    QStringList lines = table(rows).split(u'\n');
    for (qsizetype i = 0; i < all.size(); ++i) {
        const QString state = stateText(all.at(i));
        const qsizetype at = lines.at(i + 1).indexOf(state, all.at(i).id.text().size());
        lines[i + 1].replace(at, state.size(), context.coloured(state, colourOf(all.at(i).state)));
    }
    *context.streams.out << lines.join(u'\n');
    for (const TargetStatus &status : all) {
        if (!status.error)
            continue;
        *context.streams.out << u'\n' << status.id.text() << u": "_s << status.error->message << u'\n';
        if (!status.error->hint.isEmpty())
            *context.streams.out << u"  "_s << status.error->hint << u'\n';
    }
    context.streams.out->flush();
}

Result<QList<Target>> chosenTargets(CommandContext &context)
{
    if (context.isDirect())
        return context.target().transform([](const Target &target) { return QList<Target>{target}; });
    const Result<Workspace> workspace = context.workspace();
    if (!workspace)
        return std::unexpected(workspace.error());
    if (context.options.arguments.isEmpty())
        return workspace->targets();
    QList<Target> targets;
    for (const QString &name : context.options.arguments) {
        const Result<Target> target = workspace->target(name);
        if (!target)
            return std::unexpected(target.error());
        targets += *target;
    }
    return targets;
}

} // namespace stepwell::cli
