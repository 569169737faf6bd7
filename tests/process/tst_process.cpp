// SPDX-License-Identifier: MIT
#include "migrations/process/process.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

ProcessSpec manner(const QStringList &arguments)
{
    return {.program = QStringLiteral(BADLY_BEHAVED), .arguments = arguments};
}

struct Collected {
    ProcessEnd end;
    QStringList output;
    QStringList errors;
};

Collected collect(const ProcessSpec &spec, const QByteArray &input = {}, const std::stop_token &stop = {})
{
    Collected result;
    result.end = runProcess(spec,
                            {.outputLine = [&](const QString &line) { result.output += line; },
                             .errorLine = [&](const QString &line) { result.errors += line; }},
                            input, stop);
    return result;
}

bool isAlive(qint64 pid)
{
    // A zombie that nobody reaped yet is not alive.
    QFile stat(u"/proc/%1/stat"_s.arg(pid));
    return stat.open(QIODevice::ReadOnly) && !stat.readAll().contains(") Z ");
}

} // namespace

class tst_Process : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void exitCodes_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("zero") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("255") << 255;
    }
    void exitCodes()
    {
        QFETCH(int, code);
        const Collected result = collect(manner({u"exit"_s, QString::number(code)}));
        QCOMPARE(result.end.how, ProcessEnd::Exited);
        QCOMPARE(result.end.exitCode, code);
        QCOMPARE(result.end.succeeded(), code == 0);
    }

    void aProgramThatIsNotThereEndsOnce()
    {
        const Collected result = collect({.program = u"/nowhere/at-all"_s});
        QCOMPARE(result.end.how, ProcessEnd::NotStarted);
        QVERIFY(result.end.message.contains(u"/nowhere/at-all"_s));
        Process process({.program = u"/nowhere/at-all"_s}, {});
        QVERIFY(!process.start());
        QVERIFY(!process.pump());
        QVERIFY(!process.pump());
    }

    void aFolderThatIsNotThere()
    {
        ProcessSpec spec = manner({u"exit"_s, u"0"_s});
        spec.workingDirectory = u"/nowhere/at-all"_s;
        QCOMPARE(collect(spec).end.how, ProcessEnd::NotStarted);
    }

    void aCrashIsNoExitCode()
    {
        const Collected result = collect(manner({u"crash"_s}));
        QCOMPARE(result.end.how, ProcessEnd::Crashed);
        QVERIFY(!result.end.succeeded());
    }

    void theLastLineCountsWithoutItsEnd()
    {
        QCOMPARE(collect(manner({u"no-newline"_s})).output,
                 (QStringList{u"first"_s, u"last line without end"_s}));
    }

    void aCharacterSplitOverTwoReadsStaysWhole()
    {
        QCOMPARE(collect(manner({u"half-character"_s})).output, QStringList{u"grüß"_s});
    }

    void invalidBytesBecomeReplacementCharacters()
    {
        const QStringList lines = collect(manner({u"invalid-utf8"_s})).output;
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines.first().startsWith(u'a') && lines.first().endsWith(u'z'));
        QVERIFY(lines.first().contains(QChar::ReplacementCharacter));
    }

    void aFloodOnBothChannelsArrivesWhole()
    {
        const Collected result = collect(manner({u"flood"_s}));
        QCOMPARE(result.output.size(), 10'000);
        QCOMPARE(result.errors.size(), 10'000);
        QCOMPARE(result.errors.last().size(), 1000);
    }

    void closedOutputIsNotTheEnd()
    {
        const Collected result = collect(manner({u"close-output"_s}));
        QCOMPARE(result.end.how, ProcessEnd::Exited);
        QVERIFY(result.end.duration >= 350ms);
    }

    void aDeadlineEndsIt()
    {
        ProcessSpec spec = manner({u"sleep"_s});
        spec.deadline = 200ms;
        const Collected result = collect(spec);
        QCOMPARE(result.end.how, ProcessEnd::TimedOut);
        QVERIFY(result.end.message.contains(u"did not finish"_s));
    }

    void killFollowsWhenTermIsIgnored()
    {
        ProcessSpec spec = manner({u"ignore-term"_s});
        spec.grace = 200ms;
        Process process(spec, {.outputLine = [&](const QString &) { process.terminate(); }});
        QVERIFY(process.start());
        while (process.pump()) {
        }
        QCOMPARE(process.end().how, ProcessEnd::Cancelled);
        QVERIFY(process.end().duration >= 200ms);
    }

    void theWholeGroupGoes()
    {
        ProcessSpec spec = manner({u"stubborn-family"_s});
        spec.grace = 200ms;
        QList<qint64> family;
        Process process(spec, {.outputLine = [&](const QString &line) {
                            family += line.toLongLong();
                            if (family.size() == 2)
                                process.terminate();
                        }});
        QVERIFY(process.start());
        while (process.pump()) {
        }
        QCOMPARE(family.size(), 2);
        for (const qint64 pid : std::as_const(family))
            QTRY_VERIFY(!isAlive(pid));
    }

    void theDestructorLeavesNothing()
    {
        qint64 pid = 0;
        {
            Process process(manner({u"sleep"_s}), {});
            QVERIFY(process.start());
            pid = process.processId();
            QVERIFY(isAlive(pid));
        }
        QTRY_VERIFY(!isAlive(pid));
    }

    void aStopRequestFromAnotherThread()
    {
        std::stop_source stop;
        std::jthread other([&] {
            std::this_thread::sleep_for(150ms);
            stop.request_stop();
        });
        QCOMPARE(collect(manner({u"sleep"_s}), {}, stop.get_token()).end.how, ProcessEnd::Cancelled);
    }

    void inputGoesThroughWhole()
    {
        const QByteArray input = QByteArray(2'000'000, 'i') + "\nend";
        const Collected result = collect(manner({u"cat"_s}), input);
        QCOMPARE(result.output.size(), 2);
        QCOMPARE(result.output.first().size(), 2'000'000);
        QCOMPARE(result.output.last(), u"end"_s);
    }

    void aDeafChildDoesNotKillUs()
    {
        QCOMPARE(collect(manner({u"deaf"_s}), QByteArray(5'000'000, 'i')).end.how, ProcessEnd::Exited);
    }

    void itHasASessionOfItsOwn() { QCOMPARE(collect(manner({u"session"_s})).output, QStringList{u"1 1"_s}); }

    void anOrphanDoesNotHoldTheEndBack()
    {
        const Collected result = collect(manner({u"orphan"_s}));
        QCOMPARE(result.end.how, ProcessEnd::Exited);
        QVERIFY(result.end.duration < 10s);
        QCOMPARE(result.output, QStringList{u"parent done"_s});
    }

    void outputOrError()
    {
        const Result<QByteArray> good = processOutput(manner({u"cat"_s}), "raw\n");
        QVERIFY(good);
        QCOMPARE(*good, QByteArray("raw\n"));
        const Result<QByteArray> bad = processOutput(manner({u"exit"_s, u"3"_s}));
        QVERIFY(!bad);
        QCOMPARE(bad.error().kind, ErrorKind::ProcessFailed);
        QCOMPARE(processOutput({.program = u"/nowhere"_s}).error().kind, ErrorKind::ProgramMissing);
    }
};

QTEST_GUILESS_MAIN(tst_Process)
#include "tst_process.moc"
