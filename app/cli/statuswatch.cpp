// SPDX-License-Identifier: MIT
#include "app/cli/targetreading.h"

#include <QDateTime>
#include <QHash>

#include <condition_variable>
#include <mutex>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// False once Ctrl-C came.
bool waitFor(std::chrono::seconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

QString changeLine(const TargetStatus &status)
{
    QString line = u"%1  %2  %3  %4"_s.arg(status.readAt.toString(u"yyyy-MM-dd HH:mm:ss"_s), status.id.text(),
                                           stateText(status),
                                           status.database ? stepwell::toText(status.current) : u"-"_s);
    if (status.error)
        line += u"  "_s + status.error->message.simplified();
    return line;
}

void tellChange(CommandContext &context, const TargetStatus &status)
{
    if (!context.options.json) {
        *context.streams.out << changeLine(status) << Qt::endl;
        return;
    }
    QJsonObject object = toJson(status);
    object.insert(u"time"_s, isoTime(status.readAt));
    context.print(object);
}

} // namespace

int watchStatus(CommandContext &context, const QList<Target> &targets)
{
    const std::chrono::seconds pause(context.options.watchSeconds);
    const bool redraws = context.streams.outIsTerminal && !context.options.json;
    QHash<TargetId, QJsonObject> last;
    do {
        const QList<TargetStatus> all = readAll(context, targets);
        if (context.streams.interrupted.stop_requested())
            break;
        if (redraws) {
            *context.streams.out << u"\x1b[H\x1b[2J"_s
                                 << QDateTime::currentDateTime().toString(u"yyyy-MM-dd HH:mm:ss"_s)
                                 << u"   every %1 s, Ctrl-C ends\n\n"_s.arg(pause.count());
            printStatuses(context, all);
            continue;
        }
        for (const TargetStatus &status : all) {
            const QJsonObject now = toJson(status);
            if (std::exchange(last[status.id], now) != now)
                tellChange(context, status);
        }
    } while (waitFor(pause, context.streams.interrupted));
    return 0;
}

} // namespace stepwell::cli
