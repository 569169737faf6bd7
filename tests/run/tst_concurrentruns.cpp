// SPDX-License-Identifier: MIT
// Two hundred attempts on one target: one executes at a time, and each says what became of it.

#include "migrations/process/process.h"
#include "migrations/run/runpolicy.h"
#include "migrations/status/targetstatus.h"
#include "tests/cli/programrun.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int attempts = 200;
constexpr int atOnce = 20;
constexpr int revisions = 6;

QString revisionId(int number)
{
    return u"step%1"_s.arg(number);
}

/// Each execution is a row with its times; two that touch each other break the constraint.
QString body(int number, bool up)
{
    const QString id = revisionId(number);
    const QString change = up ? u"CREATE TABLE t%1 (id int)"_s.arg(number) : u"DROP TABLE t%1"_s.arg(number);
    return u"op.execute('%1')\n"
           "op.execute(\"INSERT INTO executions (revision, up, started) VALUES ('%2', %3, "
           "clock_timestamp())\")\n"
           "op.execute('SELECT pg_sleep(0.005)')\n"
           "op.execute(\"UPDATE executions SET ended = clock_timestamp() WHERE ended IS NULL\")"_s.arg(
               change, id, up ? u"true"_s : u"false"_s);
}

/// What one attempt said.
struct Attempt {
    Outcome outcome = Outcome::Running;
    std::optional<ErrorKind> kind; ///< of its error
    QString text;
    Direction direction = Direction::Upgrade;
    RevisionIds from;
    RevisionIds to;
    QStringList steps; ///< that are done
    qint64 journalId = 0;
};

Attempt attemptOf(const RunRequest &request, const RunReport &report)
{
    Attempt attempt{.outcome = report.outcome,
                    .text = report.summary,
                    .direction = request.plan.direction,
                    .from = request.plan.from,
                    .to = report.rows,
                    .journalId = report.journalId};
    if (report.error) {
        attempt.kind = report.error->kind;
        attempt.text += u"\n"_s + toText(*report.error);
    }
    for (const JournalStep &step : report.steps) {
        if (step.state == StepState::Done)
            attempt.steps += step.revision.text();
    }
    return attempt;
}

/// One step up, one step down, or all the way: by turns, and the other way where there is none.
RunRequest proposal(const Target &target, int number, const QString &folder)
{
    const TargetStatus status = readTargetStatus(target, {});
    if (!status.scripts || status.databaseError)
        qFatal("the state cannot be read: %s",
               qPrintable(status.databaseError ? toText(*status.databaseError) : QString()));
    const bool atBase = status.current.isEmpty();
    const bool atHead = toText(status.current) == revisionId(revisions);
    const bool down = !atBase && (atHead || number % 2 == 1);
    const QString asked = down ? u"-1"_s : number % 10 == 0 ? u"head"_s : u"+1"_s;
    const Result<Plan> plan = down ? planDowngrade(status.scripts->map, status.current, asked)
                                   : planUpgrade(status.scripts->map, status.current, asked);
    if (!plan)
        qFatal("%s", qPrintable(toText(plan.error())));
    RunRequest request = proposeRequest(target, *plan, folder);
    request.backup = BackupChoice::None;
    return request;
}

/// All attempts in threads, `atOnce` of them at any time; some are real programs.
class Crowd
{
public:
    explicit Crowd(const RunFixture &fixture) : m_fixture(fixture), m_target(fixture.target()) {}

    void run()
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < atOnce; ++i)
            threads.emplace_back([this] { work(); });
    }

    [[nodiscard]] QString journalPath(int number) const
    {
        // Half of them share one.
        return m_fixture.folder.filePath(number % 2 == 0 ? u"shared.sqlite"_s
                                                         : u"own-%1.sqlite"_s.arg(number));
    }
    /// Each of these has a journal of its own.
    [[nodiscard]] static bool isProgram(int number) { return number % 26 == 7; }

    std::array<Attempt, attempts> attempt;
    std::array<int, attempts> exitCodes{};

private:
    void work()
    {
        for (int number = m_next++; number < attempts; number = m_next++) {
            if (isProgram(number))
                runProgram(number);
            else
                runHere(number);
        }
    }

    void runHere(int number)
    {
        auto journal = Journal::open(journalPath(number));
        if (!journal)
            qFatal("%s", qPrintable(toText(journal.error())));
        const RunRequest request = proposal(m_target, number, m_fixture.folder.path());
        MigrationRun run(request, **journal);
        attempt[size_t(number)] = attemptOf(request, run.execute());
    }

    void runProgram(int number)
    {
        ProgramRun program;
        ProcessSpec spec =
            program.spec({u"upgrade"_s, u"+1"_s, u"--yes"_s, u"--no-backup"_s, u"-c"_s,
                          m_fixture.project.config(), u"--database"_s, m_fixture.database.url});
        spec.environment.insert(u"STEPWELL_JOURNAL"_s, journalPath(number));
        QStringList lines;
        const auto keep = [&lines](const QString &line) { lines += line; };
        exitCodes[size_t(number)] = runProcess(spec, {.outputLine = keep, .errorLine = keep}).exitCode;
        attempt[size_t(number)].text = lines.join(u'\n');
    }

    const RunFixture &m_fixture;
    Target m_target;
    std::atomic<int> m_next = 0;
};

} // namespace

class tst_ConcurrentRuns : public QObject
{
    Q_OBJECT

private:
    static QStringList ask(const RunFixture &fixture, const QString &sql)
    {
        return TestCluster::instance().rows(fixture.database.name, sql);
    }

    /// Programs tell by exit code and journal.
    static void addPrograms(Crowd &crowd)
    {
        for (int number = 0; number < attempts; ++number) {
            if (!Crowd::isProgram(number))
                continue;
            Attempt &attempt = crowd.attempt[size_t(number)];
            const int code = crowd.exitCodes[size_t(number)];
            QVERIFY2(code == 0 || code == 7 || code == 12 || code == 10,
                     qPrintable(QString::number(code) + attempt.text));
            auto journal = Journal::open(crowd.journalPath(number));
            const auto entries = (*journal)->entries();
            QVERIFY2(entries->size() <= 1, qPrintable(attempt.text));
            if (entries->isEmpty()) { // it found nothing to do, or a check before the run said no
                attempt.outcome = Outcome::Refused;
                attempt.kind = ErrorKind::Refused;
                continue;
            }
            const JournalEntry &entry = entries->first();
            QCOMPARE(entry.outcome == Outcome::Done, code == 0);
            attempt.outcome = entry.outcome;
            attempt.kind = code == 12 ? ErrorKind::Locked : ErrorKind::Refused;
            attempt.from = entry.from;
            attempt.to = entry.to;
            attempt.journalId = entry.id;
            if (entry.outcome == Outcome::Done) {
                for (const JournalStep &step : entry.steps)
                    attempt.steps += step.revision.text();
            }
        }
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void oneAtATime()
    {
        RunFixture fixture;
        for (int number = 1; number <= revisions; ++number)
            fixture.addFile(revisionId(number), number == 1 ? QString() : revisionId(number - 1),
                            body(number, true), body(number, false));
        TestCluster::instance().execute(
            fixture.database.name,
            u"CREATE TABLE executions (number serial, revision text, up boolean, started timestamptz, "
            "ended timestamptz, EXCLUDE USING gist (tstzrange(started, ended) WITH &&))"_s);
        Crowd crowd(fixture);
        crowd.run();
        addPrograms(crowd);
        if (QTest::currentTestFailed())
            return;

        QList<Attempt> done;
        int locked = 0;
        int refused = 0;
        for (const Attempt &attempt : crowd.attempt) {
            if (attempt.outcome == Outcome::Done) {
                done += attempt;
                continue;
            }
            QVERIFY2(attempt.outcome == Outcome::Refused, qPrintable(attempt.text));
            // Where the rows moved, the target may lead past the end of the history by now.
            QVERIFY2(attempt.kind == ErrorKind::Refused || attempt.kind == ErrorKind::WalkedTooFar ||
                         attempt.kind == ErrorKind::Locked,
                     qPrintable(attempt.text));
            QVERIFY(attempt.steps.isEmpty());
            ++(attempt.kind == ErrorKind::Locked ? locked : refused);
        }
        qInfo("%d done, %d refused, %d locked", int(done.size()), refused, locked);
        QVERIFY(!done.isEmpty());
        compareExecutions(fixture, done);
        compareJournals(crowd);
        QCOMPARE(ask(fixture, u"SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"_s), QStringList());
    }

private:
    /// In the order of their times the executions are a walk along the revisions, each step of it told by
    /// exactly one run that is done.
    static void compareExecutions(const RunFixture &fixture, const QList<Attempt> &done)
    {
        QCOMPARE(ask(fixture, u"SELECT 1 FROM executions a JOIN executions b ON a.number < b.number "
                              "AND tstzrange(a.started, a.ended) && tstzrange(b.started, b.ended)"_s),
                 QStringList());
        const QStringList executed =
            ask(fixture,
                u"SELECT revision || CASE WHEN up THEN '+' ELSE '-' END FROM executions ORDER BY started"_s);
        int at = 0;
        QStringList walked;
        for (const QString &one : executed) {
            const bool up = one.endsWith(u'+');
            at += up ? 1 : 0;
            QCOMPARE(one, QString(revisionId(at) + (up ? u'+' : u'-')));
            at -= up ? 0 : 1;
            walked += one;
        }
        const QString end = at == 0 ? QString() : revisionId(at);
        QCOMPARE(ask(fixture, u"SELECT version_num FROM alembic_version"_s).join(u' '), end);
        for (int number = 1; number <= revisions; ++number)
            QCOMPARE(fixture.hasTable(u"t%1"_s.arg(number)), number <= at);
        QStringList said;
        for (const Attempt &attempt : done) {
            for (const QString &step : attempt.steps)
                said += QString(step + (attempt.direction == Direction::Upgrade ? u'+' : u'-'));
            QVERIFY2(attempt.steps.size() >= 1, qPrintable(attempt.text));
        }
        said.sort();
        walked.sort();
        QCOMPARE(said, walked);
        compareChain(done, executed, end);
    }

    /// The runs follow one another: each starts where the one before it ended.
    static void compareChain(QList<Attempt> done, const QStringList &executed, const QString &end)
    {
        QString at = u"base"_s;
        for (qsizetype i = 0; i < executed.size();) {
            const auto next = std::ranges::find_if(done, [&](const Attempt &attempt) {
                const QString sign = attempt.direction == Direction::Upgrade ? u"+"_s : u"-"_s;
                QStringList steps = attempt.steps;
                for (QString &step : steps)
                    step += sign;
                return toText(attempt.from) == at &&
                       executed.sliced(i, std::min(steps.size(), executed.size() - i)) == steps;
            });
            QVERIFY2(next != done.end(), qPrintable(u"no run was at "_s + at));
            at = toText(next->to);
            i += next->steps.size();
            done.erase(next);
        }
        QVERIFY(done.isEmpty());
        QCOMPARE(at, end.isEmpty() ? u"base"_s : end);
    }

    static void compareJournals(const Crowd &crowd)
    {
        for (int number = 0; number < attempts; ++number) {
            const Attempt &attempt = crowd.attempt[size_t(number)];
            auto journal = Journal::open(crowd.journalPath(number));
            QVERIFY(journal);
            QVERIFY((*journal)->unfinished()->isEmpty());
            if (Crowd::isProgram(number))
                continue;
            const auto entry = (*journal)->entry(attempt.journalId);
            QVERIFY2(entry.has_value(), qPrintable(attempt.text));
            QCOMPARE(entry->outcome, attempt.outcome);
            if (attempt.outcome == Outcome::Done)
                QCOMPARE(toText(entry->to), toText(attempt.to));
        }
        auto shared = Journal::open(crowd.journalPath(0));
        QCOMPARE((*shared)->entries({.limit = 1000})->size(), attempts / 2);
    }
};

QTEST_GUILESS_MAIN(tst_ConcurrentRuns)
#include "tst_concurrentruns.moc"
