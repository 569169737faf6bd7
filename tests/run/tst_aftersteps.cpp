// SPDX-License-Identifier: MIT
#include "migrations/run/aftersteps.h"
#include "migrations/run/logtail.h"
#include "migrations/run/logtrouble.h"
#include "tests/support/testfiles.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

void append(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::Append) || file.write(bytes) != bytes.size())
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
}

Component withRestart(const QString &script)
{
    Component component;
    component.restart = {u"/bin/sh"_s, u"-c"_s, script};
    return component;
}

/// All that a tail has to tell now.
QStringList drain(LogTail &tail)
{
    QStringList lines;
    while (tail.read([&](const QString &line) { lines += line; })) {
    }
    return lines;
}

QStringList troubles(const QStringList &lines, const QString &pattern = {})
{
    LogTrouble trouble(pattern);
    for (const QString &line : lines)
        trouble.add(line);
    trouble.finish();
    return trouble.lines();
}

} // namespace

class tst_AfterSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void aRestartTellsItsOutput()
    {
        QTemporaryDir folder;
        QStringList lines;
        const JournalAfter after = restartServices(withRestart(u"pwd; echo '\u00fcber' >&2"_s), folder.path(),
                                                   [&](const RunEvent &event) {
                                                       QCOMPARE(event.type, RunEvent::Output);
                                                       QCOMPARE(event.phase, RunPhase::Restart);
                                                       QVERIFY(event.when.isValid());
                                                       lines += event.text;
                                                   });
        lines.sort();
        QCOMPARE(lines, QStringList({folder.path(), u"\u00fcber"_s}));
        QVERIFY(after.ok);
        QCOMPARE(after.kind, JournalAfter::Restart);
        QCOMPARE(after.what, u"/bin/sh -c pwd; echo '\u00fcber' >&2"_s);
        QCOMPARE(after.text, u"The restart command succeeded."_s);
        QVERIFY(after.lines.isEmpty());
    }

    void aRestartThatFails_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QString>("text");
        QTest::newRow("exit code") << QStringList{u"/bin/sh"_s, u"-c"_s, u"exit 3"_s} << u"exit code 3"_s;
        QTest::newRow("signal") << QStringList{u"/bin/sh"_s, u"-c"_s, u"kill -9 $$"_s} << u"signal"_s;
        QTest::newRow("signal under a shell")
            << QStringList{u"/bin/sh"_s, u"-c"_s, u"sh -c 'kill -9 $$'; exit $?"_s} << u"by signal 9"_s;
        QTest::newRow("missing in the script")
            << QStringList{u"/bin/sh"_s, u"-c"_s, u"no-such-program"_s} << u"not found"_s;
        QTest::newRow("missing") << QStringList{u"./no-such-program"_s} << u"could not be started"_s;
        QTest::newRow("none named") << QStringList() << u"no restart command"_s;
    }
    void aRestartThatFails()
    {
        QFETCH(QStringList, command);
        QFETCH(QString, text);
        QTemporaryDir folder;
        Component component;
        component.restart = command;
        const JournalAfter after = restartServices(component, folder.path(), {});
        QVERIFY(!after.ok);
        QVERIFY2(after.text.contains(text), qPrintable(after.text));
    }

    void aFailureKeepsTheLastLines()
    {
        const JournalAfter after =
            restartServices(withRestart(u"for i in $(seq 50); do echo line $i; done; exit 1"_s), {}, {});
        QCOMPARE(after.lines.size(), 20);
        QCOMPARE(after.lines.last(), u"line 50"_s);
    }

    void aRestartIsCancelled()
    {
        std::stop_source stop;
        const JournalAfter after = restartServices(
            withRestart(u"echo up; exec sleep 600"_s), {}, [&](const RunEvent &) { stop.request_stop(); },
            stop.get_token());
        QVERIFY(!after.ok);
        QVERIFY2(after.text.contains(u"cancelled"_s), qPrintable(after.text));
    }

    void aServiceOfTheRestartLivesOn()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"pid"_s);
        const JournalAfter after =
            restartServices(withRestart(u"sleep 600 & echo $! > %1"_s.arg(file)), folder.path(), {});
        QVERIFY(after.ok);
        const pid_t pid = readFile(file).trimmed().toInt();
        QVERIFY(pid > 0);
        QCOMPARE(::kill(pid, 0), 0);
        ::kill(pid, SIGKILL);
    }

    void troubleIsTold_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("trouble");
        const auto row = [](const char *line, bool trouble) {
            QTest::newRow(line) << QString::fromUtf8(line) << trouble;
        };
        row("2026-11-22 14:06:32 ERROR [app] no such column", true);
        row("[ERROR] x", true);
        row("ERROR:    Application startup failed. Exiting.", true);
        row("2026-11-22 UTC [42] FATAL:  password authentication failed", true);
        row("PANIC:  could not locate a valid checkpoint record", true);
        row("CRITICAL x", true);
        row("Exception in ASGI application", true);
        row("Traceback (most recent call last):", true);
        row("time=\"2026\" level=error msg=\"boom\"", true);
        row("time=2026 level=\"fatal\" msg=boom", true);
        row("{\"ts\":1,\"level\":\"error\",\"msg\":\"boom\"}", true);
        row("{\"severity\": \"CRITICAL\", \"message\": \"boom\"}", true);
        row("{\"level\":50,\"msg\":\"boom\"}", true);
        row("2026/11/22 14:06:32 [error] 31#31: upstream", true);
        row("0 errors", false);
        row("Finished with 0 ERROR", false);
        row("ERROR=0 WARN=3", false);
        row("ERROR: 0", false);
        row("error_count=0", false);
        row("ERROR_COUNT=7", false);
        row("no error", false);
        row("INFO all is well", false);
        row("{\"level\":\"info\",\"msg\":\"no ERROR found\"}", false);
        row("level=info msg=\"Exception handler ready\"", false);
        row("{\"level\":30,\"msg\":\"ERROR page rendered\"}", false);
        row("MIRRORED", false);
        row("TERROR", false);
        row("Fatality", false);
    }
    void troubleIsTold()
    {
        QFETCH(QString, line);
        QFETCH(bool, trouble);
        QCOMPARE(tellsOfTrouble(line), trouble);
    }

    void aPatternOfOnesOwn()
    {
        QVERIFY(tellsOfTrouble(u"kaputt"_s, u"kaputt|defekt"_s));
        QVERIFY(!tellsOfTrouble(u"ERROR"_s, u"kaputt|defekt"_s));
        QVERIFY(tellsOfTrouble(u"ERROR"_s, u"("_s)); // no regular expression: the usual words
    }

    void aTracebackIsOneTrouble()
    {
        QCOMPARE(troubles({u"INFO up"_s, u"Traceback (most recent call last):"_s,
                           u"  File \"a.py\", line 1, in <module>"_s, u"    raise ValueError(\"ERROR\")"_s,
                           u"ValueError: ERROR of a kind"_s, u"INFO going on"_s}),
                 QStringList{u"Traceback (most recent call last): … ValueError: ERROR of a kind"_s});
        // Announced by its logger, chained, and behind a prefix as containers write it.
        QCOMPARE(
            troubles({u"web | ERROR it failed"_s, u"web | Traceback (most recent call last):"_s,
                      u"web |   File \"a.py\", line 1"_s, u"web | KeyError: 'x'"_s, u"web | "_s,
                      u"web | During handling of the above exception, another exception occurred:"_s, u""_s,
                      u"web | Traceback (most recent call last):"_s, u"web |   File \"b.py\", line 2"_s,
                      u"web | RuntimeError: y"_s, u"web | INFO next"_s}),
            QStringList{u"web | ERROR it failed … RuntimeError: y"_s});
        // Two that have nothing to do with each other; the second is cut off by the end.
        QCOMPARE(troubles({u"Traceback (most recent call last):"_s, u"  File"_s, u"KeyError: 1"_s,
                           u"Traceback (most recent call last):"_s, u"  File"_s}),
                 QStringList({u"Traceback (most recent call last): … KeyError: 1"_s,
                              u"Traceback (most recent call last):"_s}));
        QCOMPARE(troubles({u"ERROR one"_s, u"ERROR two"_s}), QStringList({u"ERROR one"_s, u"ERROR two"_s}));
    }

    void onlyWhatComesLaterIsRead()
    {
        QTemporaryDir folder;
        Component component;
        component.logs = {folder.filePath(u"a.log"_s)};
        writeFile(component.logs.first(), u"ERROR of yesterday\nhalf"_s);
        LogTail tail(logPlaces(component).first());
        QCOMPARE(drain(tail), QStringList());
        append(component.logs.first(), " a line\r\nnext\nunfinished");
        QCOMPARE(drain(tail), QStringList({u" a line"_s, u"next"_s}));
        QStringList last;
        tail.finish([&](const QString &line) { last += line; });
        QCOMPARE(last, QStringList{u"unfinished"_s});
    }

    void rotationIsFollowed()
    {
        QTemporaryDir folder;
        Component component;
        const QString log = folder.filePath(u"a.log"_s);
        component.logs = {log};
        writeFile(log, u"old\n"_s);
        LogTail tail(logPlaces(component).first());
        append(log, "one\n");
        QCOMPARE(drain(tail), QStringList{u"one"_s});
        QVERIFY(QFile::rename(log, folder.filePath(u"a.log.1"_s)));
        append(folder.filePath(u"a.log.1"_s), "two\n"); // a writer that has not noticed yet
        QCOMPARE(drain(tail), QStringList{u"two"_s});
        append(folder.filePath(u"a.log.1"_s), "three\n");
        writeFile(log, u"four\n"_s);
        QCOMPARE(drain(tail), QStringList({u"three"_s, u"four"_s}));
        QFile file(log);
        QVERIFY(file.resize(0)); // copied and truncated
        QCOMPARE(drain(tail), QStringList());
        append(log, "5\n");
        QCOMPARE(drain(tail), QStringList{u"5"_s});
    }

    void rotatedBeforeTheWatch()
    {
        QTemporaryDir folder;
        Component component;
        const QString log = folder.filePath(u"a.log"_s);
        component.logs = {log};
        writeFile(log, u"old\n"_s);
        const LogPlace place = logPlaces(component).first();
        append(log, "ERROR at the end of the old one\n");
        QVERIFY(QFile::rename(log, folder.filePath(u"a.log.2026-11-22"_s)));
        writeFile(log, u"new\n"_s);
        LogTail tail(place);
        QCOMPARE(drain(tail), QStringList({u"ERROR at the end of the old one"_s, u"new"_s}));
    }

    void aFileThatComesLater()
    {
        QTemporaryDir folder;
        Component component;
        component.logs = {folder.filePath(u"later.log"_s)};
        const LogPlace place = logPlaces(component).first();
        QCOMPARE(place.inode, 0U);
        LogTail tail(place);
        QCOMPARE(drain(tail), QStringList());
        QVERIFY(!tail.found());
        writeFile(component.logs.first(), u"here\n"_s);
        QCOMPARE(drain(tail), QStringList{u"here"_s});
        QVERIFY(tail.found());
    }

    void badBytesAndLongLines()
    {
        QTemporaryDir folder;
        const QString log = folder.filePath(u"a.log"_s);
        writeFile(log, QByteArray());
        Component component;
        component.logs = {log};
        LogTail tail(logPlaces(component).first());
        append(log, "\xff\xfe caf\xc3\xa9\n\x1b[31mERROR\x1b[0m red\n" + QByteArray(3, '\0') + "zeros\n");
        const QStringList lines = drain(tail);
        QCOMPARE(lines, QStringList({u"\ufffd\ufffd caf\u00e9"_s, u"ERROR red"_s, u"zeros"_s}));
        QVERIFY(tellsOfTrouble(lines.at(1)));
        append(log, QByteArray(3 << 20, 'x') + "\nafter\n");
        const QStringList cut = drain(tail);
        QCOMPARE(cut.size(), 2);
        QVERIFY(cut.first().size() < 300'000);
        QVERIFY(cut.first().endsWith(u'…'));
        QCOMPARE(shownLine(cut.first()).size(), 4001);
        QCOMPARE(cut.last(), u"after"_s);
    }

    void whatIsNoLog()
    {
        QTemporaryDir folder;
        LogTail folderTail({.file = folder.path()});
        QCOMPARE(drain(folderTail), QStringList());
        QCOMPARE(folderTail.fault(), u"it is no regular file"_s);
    }

    void aWatchWithItsVerdicts()
    {
        QTemporaryDir folder;
        Component component;
        for (const QString &name : {u"clean.log"_s, u"bad.log"_s, u"quiet.log"_s, u"missing.log"_s})
            component.logs += folder.filePath(name);
        component.logWatch = 2s;
        for (int i = 0; i < 3; ++i)
            writeFile(component.logs.at(i), u"ERROR of before\n"_s);
        const QList<LogPlace> places = logPlaces(component);
        QStringList told;
        int progress = 0;
        const QList<JournalAfter> after = watchLogs(component, places, [&](const RunEvent &event) {
            QCOMPARE(event.phase, RunPhase::WatchLogs);
            if (event.type == RunEvent::Output) {
                told += event.text;
                return;
            }
            QCOMPARE(event.type, RunEvent::Progress);
            QCOMPARE(event.total, 2);
            if (progress++ == 0) {
                append(component.logs.at(0), "INFO started\n");
                append(component.logs.at(1), "INFO started\nERROR it fell over");
            }
        });
        QVERIFY(progress >= 2);
        QCOMPARE(told, QStringList({u"INFO started"_s, u"INFO started"_s, u"ERROR it fell over"_s}));
        QCOMPARE(after.size(), 4);
        QVERIFY(after.at(0).ok);
        QVERIFY2(after.at(0).text.startsWith(u"1 line in "_s), qPrintable(after.at(0).text));
        QVERIFY(!after.at(1).ok);
        QVERIFY2(after.at(1).text.startsWith(u"1 line tells of trouble, of 2 in "_s),
                 qPrintable(after.at(1).text));
        QCOMPARE(after.at(1).lines, QStringList{u"ERROR it fell over"_s});
        QVERIFY(after.at(2).ok);
        QVERIFY(after.at(2).text.startsWith(u"Nothing was written"_s));
        QVERIFY(!after.at(3).ok);
        QCOMPARE(after.at(3).text, u"There is no such file."_s);
        QCOMPARE(after.at(3).kind, JournalAfter::Log);
        QCOMPARE(after.at(3).what, component.logs.at(3));
    }

    void aBurstDoesNotHang()
    {
        QTemporaryDir folder;
        Component component;
        component.logs = {folder.filePath(u"a.log"_s)};
        component.logWatch = 600s;
        const QList<LogPlace> places = logPlaces(component);
        QByteArray burst;
        for (int i = 0; i < 100'000; ++i)
            burst += "2026-11-22 14:06:32 ERROR [app] line " + QByteArray::number(i) + '\n';
        writeFile(component.logs.first(), burst);
        int told = 0;
        std::stop_source stop;
        const QList<JournalAfter> after = watchLogs(
            component, places,
            [&](const RunEvent &event) {
                if (event.type == RunEvent::Output && ++told == 100'000)
                    stop.request_stop();
            },
            stop.get_token());
        QCOMPARE(told, 100'000);
        QCOMPARE(after.first().lines.size(), 20);
        QVERIFY2(after.first().text.startsWith(u"100000 lines tell of trouble"_s),
                 qPrintable(after.first().text));
        QVERIFY2(after.first().text.endsWith(u"The watch was ended early."_s),
                 qPrintable(after.first().text));
    }
};

QTEST_GUILESS_MAIN(tst_AfterSteps)
#include "tst_aftersteps.moc"
