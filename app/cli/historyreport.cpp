// SPDX-License-Identifier: MIT
#include "app/cli/historyreport.h"

#include "app/cli/filecheck.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int codeOf(const QList<Trouble> &troubles)
{
    int code = 0;
    for (const Trouble &trouble : troubles)
        code = std::max(code, trouble.kind == TroubleKind::SeveralHeads ? 4 : 10);
    return code;
}

QString wholeText(const History &history)
{
    return history.scripts.map.count() == 0
               ? u"There are no revisions yet.\n"_s
               : u"Nothing is wrong: %1 revisions, one head (%2), and every database that could be read fits.\n"_s
                     .arg(history.scripts.map.count())
                     .arg(stepwell::toText(history.scripts.map.heads()));
}

QStringList unreadTargets(const History &history)
{
    QStringList names;
    for (const HistoryTarget &target : history.targets) {
        if (!target.isRead)
            names += target.target.id.text();
    }
    return names;
}

int codeOf(const HistoryLook &look)
{
    return look.open ? std::max(codeOf(look.troubles), 10) : codeOf(look.troubles);
}

QJsonObject told(const NamedHistory &named)
{
    const HistoryLook &look = named.look;
    return {{u"component"_s, look.history.component},
            {u"config"_s, look.history.source.config},
            {u"heads"_s, toJson(look.history.scripts.map.heads())},
            {u"not_read"_s, QJsonArray::fromStringList(unreadTargets(look.history))},
            {u"unfinished"_s, look.open ? QJsonValue(QJsonObject{{u"title"_s, look.open->title},
                                                                 {u"stages"_s, toJson(look.stages)}})
                                        : QJsonValue()},
            {u"troubles"_s, toJson(look, named.name)},
            {u"exit"_s, codeOf(look)}};
}

QString textOf(const NamedHistory &named, const FileContext &context)
{
    const HistoryLook &look = named.look;
    QString text;
    if (look.open)
        text += unfinishedText(look, named.name) + u'\n';
    text +=
        look.troubles.isEmpty() && !look.open ? wholeText(look.history) : toText(look, named.name, context);
    for (const QString &target : unreadTargets(look.history))
        text += u"not read: "_s + target + u'\n';
    return text;
}

} // namespace

int tell(CommandContext &context, const NamedHistory &named)
{
    if (context.options.json)
        context.print(told(named));
    else
        *context.streams.out << textOf(named, context) << Qt::flush;
    return codeOf(named.look);
}

int tellAll(CommandContext &context)
{
    const Result<QList<NamedHistory>> all = readAllHistories(context, GitLook::With);
    if (!all)
        return context.fail(all.error());
    int code = 0;
    QJsonArray array;
    QString text;
    for (const NamedHistory &named : *all) {
        const bool isRead = !named.look.history.scripts.config.file.isEmpty();
        code = worse(code, isRead ? codeOf(named.look) : 10);
        array += told(named);
        text += context.coloured(named.source.name, "1") + u'\n' +
                (isRead ? textOf(named, context) : named.look.errors.first().message + u'\n') + u'\n';
    }
    if (context.options.json)
        context.print({{u"histories"_s, array}, {u"exit"_s, code}});
    else
        *context.streams.out << text.trimmed() << Qt::endl;
    return code;
}

} // namespace stepwell::cli
