// SPDX-License-Identifier: MIT
#include "migrations/run/aftersteps.h"

#include "migrations/process/process.h"
#include "migrations/run/logtail.h"
#include "migrations/run/logtrouble.h"

#include <QFile>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <sys/stat.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto restartLimit = 5min;
constexpr auto pollInterval = 200ms;
constexpr auto tellInterval = 1s;
constexpr qsizetype linesKept = 20;

RunEvent output(RunPhase phase, const QString &line)
{
    return {.type = RunEvent::Output,
            .phase = phase,
            .text = shownLine(line),
            .when = QDateTime::currentDateTimeUtc()};
}

milliseconds since(steady_clock::time_point start)
{
    return duration_cast<milliseconds>(steady_clock::now() - start);
}

/// Shells end with 128 + n when what they ran was ended by signal n.
QString exitText(int code)
{
    if (code > 128 && code < 128 + 65)
        return u"It ended with exit code %1, as if by signal %2."_s.arg(code).arg(code - 128);
    if (code == 127)
        return u"It ended with exit code 127: a program that it starts was not found."_s;
    if (code == 126)
        return u"It ended with exit code 126: a program that it starts may not be executed."_s;
    return u"It ended with exit code %1."_s.arg(code);
}

QString verdict(const ProcessEnd &end)
{
    switch (end.how) {
    case ProcessEnd::Exited:
        return end.exitCode == 0 ? u"The restart command succeeded."_s : exitText(end.exitCode);
    case ProcessEnd::NotStarted:
    case ProcessEnd::Crashed:
        return QString(end.message + u'.');
    case ProcessEnd::TimedOut:
        return u"It did not end within %1 min and was ended: whether the services run is not known."_s.arg(
            duration_cast<minutes>(restartLimit).count());
    case ProcessEnd::Cancelled:
        return u"It was cancelled: whether the services run is not known."_s;
    }
    return {};
}

/// Sleeps, unless a stop is asked for.
void pause(const std::stop_token &stop, milliseconds span)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, span, [] { return false; });
}

struct WatchedLog {
    explicit WatchedLog(const LogPlace &place, const QString &pattern)
        : file(place.file), tail(place), trouble(pattern)
    {
    }

    QString file;
    LogTail tail;
    LogTrouble trouble;
    qsizetype lines = 0;
};

QString lineCount(qsizetype count)
{
    return count == 1 ? u"1 line"_s : u"%1 lines"_s.arg(count);
}

JournalAfter verdictOf(const WatchedLog &log, milliseconds watched, bool cutShort)
{
    const QString span = u"%1 s"_s.arg(duration_cast<seconds>(watched + 500ms).count());
    const QString until = cutShort ? QString(u" The watch was ended early."_s) : QString();
    JournalAfter after{.kind = JournalAfter::Log, .what = log.file, .duration = watched};
    const qsizetype troubles = log.trouble.count();
    if (troubles > 0) {
        after.ok = false;
        after.lines = log.trouble.lines();
        after.text = troubles == 1
                         ? u"1 line tells of trouble, of %1 in %2."_s.arg(log.lines).arg(span)
                         : u"%1 lines tell of trouble, of %2 in %3."_s.arg(troubles).arg(log.lines).arg(span);
    } else if (!log.tail.fault().isEmpty()) {
        after.ok = false;
        after.text = u"It cannot be read: %1."_s.arg(log.tail.fault());
    } else if (!log.tail.found()) {
        after.ok = false;
        after.text = u"There is no such file."_s;
    } else if (log.lines == 0) {
        // Not a fault: a log of errors alone stays empty. But no proof of life either.
        after.text =
            u"Nothing was written in %1: whether the service runs cannot be told from it."_s.arg(span);
    } else {
        after.text = u"%1 in %2, and none tells of trouble."_s.arg(lineCount(log.lines), span);
    }
    after.text += until;
    return after;
}

/// True if there is more to read at once.
bool readLogs(std::vector<std::unique_ptr<WatchedLog>> &logs,
              const std::function<void(const RunEvent &)> &onEvent)
{
    bool more = false;
    for (const auto &log : logs) {
        const bool again = log->tail.read([&](const QString &line) {
            ++log->lines;
            log->trouble.add(line);
            onEvent(output(RunPhase::WatchLogs, line));
        });
        more = more || again;
    }
    return more;
}

} // namespace

QList<LogPlace> logPlaces(const Component &component)
{
    QList<LogPlace> places;
    for (const QString &file : component.logs) {
        struct stat now{};
        LogPlace place{.file = file};
        if (::stat(QFile::encodeName(file).constData(), &now) == 0) {
            place.size = now.st_size;
            place.inode = now.st_ino;
        }
        places += place;
    }
    return places;
}

JournalAfter restartServices(const Component &component, const QString &directory,
                             const std::function<void(const RunEvent &)> &onEvent,
                             const std::stop_token &stop)
{
    JournalAfter after{.kind = JournalAfter::Restart, .what = component.restart.join(u' ')};
    if (component.restart.isEmpty()) {
        after.ok = false;
        after.text = u"The component names no restart command."_s;
        return after;
    }
    QStringList last;
    const auto tell = [&](const QString &line) {
        const RunEvent event = output(RunPhase::Restart, line);
        if (last.size() == linesKept)
            last.removeFirst();
        last += event.text;
        if (onEvent)
            onEvent(event);
    };
    const auto started = steady_clock::now();
    const ProcessEnd end = runProcess({.program = component.restart.first(),
                                       .arguments = component.restart.mid(1),
                                       .workingDirectory = directory,
                                       .deadline = restartLimit},
                                      {.outputLine = tell, .errorLine = tell}, {}, stop);
    after.ok = end.succeeded();
    after.text = verdict(end);
    if (!after.ok)
        after.lines = last;
    after.duration = since(started);
    return after;
}

QList<JournalAfter> watchLogs(const Component &component, const QList<LogPlace> &places,
                              const std::function<void(const RunEvent &)> &onEvent,
                              const std::stop_token &stop)
{
    const auto tell = [&](const RunEvent &event) {
        if (onEvent)
            onEvent(event);
    };
    std::vector<std::unique_ptr<WatchedLog>> logs;
    for (const LogPlace &place : places)
        logs.push_back(std::make_unique<WatchedLog>(place, component.logErrors));
    const auto started = steady_clock::now();
    const auto total = component.logWatch;
    auto tellAgain = started;
    while (!stop.stop_requested()) {
        const auto now = steady_clock::now();
        if (now >= tellAgain) {
            const auto gone = duration_cast<seconds>(now - started);
            tell({.type = RunEvent::Progress,
                  .phase = RunPhase::WatchLogs,
                  .done = std::min(gone, total).count(),
                  .total = total.count(),
                  .text = u"%1 s left"_s.arg(std::max(total - gone, 0s).count()),
                  .when = QDateTime::currentDateTimeUtc()});
            tellAgain = now + tellInterval;
        }
        const bool more = readLogs(logs, tell);
        if (now - started >= total) // after a last look
            break;
        if (!more)
            pause(stop, std::min<milliseconds>(pollInterval, total - since(started)));
    }
    QList<JournalAfter> verdicts;
    const milliseconds watched = since(started);
    for (const auto &log : logs) {
        log->tail.finish([&](const QString &line) {
            ++log->lines;
            log->trouble.add(line);
            tell(output(RunPhase::WatchLogs, line));
        });
        log->trouble.finish();
        verdicts += verdictOf(*log, watched, watched < total);
    }
    return verdicts;
}

} // namespace stepwell
