// SPDX-License-Identifier: MIT
// The checks as a whole: which run, side by side, in which order, under which policy. What each looks at is
// tested in the files beside this one.

#include "tests/preflight/preflightfixture.h"
#include "tests/support/testfiles.h"

#include "migrations/workspace/checkpolicy.h"

#include <QTest>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Waits until the other side has come along; false if it does not within a minute.
class Signal
{
public:
    void give()
    {
        const std::scoped_lock lock(m_mutex);
        m_given = true;
        m_changed.notify_all();
    }
    [[nodiscard]] bool await()
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 60s, [this] { return m_given; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_given = false;
};

QStringList namesOf(const QList<CheckResult> &results)
{
    QStringList names;
    for (const CheckResult &result : results)
        names += result.name;
    return names;
}

} // namespace

class tst_Preflight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void aQuietDatabasePassesEverything()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.requestFor({u"CREATE TABLE fresh (id int)"_s});
        request.proveDatabase = true;
        request.backupDirectory = fixture.folder.filePath(u"not/made/yet"_s);
        request.journal = fixture.journal->path();
        const QList<CheckResult> results = runPreflight(request);
        QStringList all;
        for (const CheckName &name : checkNames())
            all += name.name;
        QCOMPARE(namesOf(results), all);
        for (const CheckResult &result : results) {
            QVERIFY2(result.state == CheckState::Passed, shown(result));
            QVERIFY2(result.title != result.name && !result.text.isEmpty() && result.fixes.isEmpty(),
                     shown(result));
        }
        QVERIFY(!fixture.hasTable(u"alembic_version"_s));
        QVERIFY(found(results, u"same-database"_s).text.contains(u"psycopg2"_s));
    }

    void theOrderOfNames()
    {
        QCOMPARE(checkOrder(u"files"_s), 0);
        QVERIFY(checkOrder(u"tls"_s) < checkOrder(u"approvals"_s));
        QCOMPARE(checkOrder(u"no-such-check"_s), checkNames().size());
    }

    void eachResultIsToldOnceAndAsItIs()
    {
        PreflightFixture fixture;
        fixture.addThree();
        std::mutex mutex;
        QList<CheckResult> told;
        std::atomic<int> inside = 0;
        bool alone = true;
        const QList<CheckResult> results =
            runPreflight(fixture.request(), {}, [&](const CheckResult &result) {
                alone = ++inside == 1 && alone;
                std::this_thread::yield();
                const std::scoped_lock lock(mutex);
                told += result;
                --inside;
            });
        QVERIFY(alone);
        std::ranges::sort(told, {}, [](const CheckResult &one) { return checkOrder(one.name); });
        QCOMPARE(told, results);
    }

    void theyRunSideBySide()
    {
        PreflightFixture fixture;
        fixture.addThree();
        // The reviews come only after what needs none was told, from four groups; and these come only after
        // the reviews were asked for.
        Signal asked;
        Signal told;
        QStringList before;
        PreflightRequest request = fixture.request();
        bool inTime = false;
        request.reviews = [&]() -> Result<QList<StepReview>> {
            asked.give();
            inTime = told.await();
            return QList<StepReview>();
        };
        bool askedInTime = true;
        const QStringList needed{u"way-back"_s, u"git"_s, u"connection"_s, u"current-known"_s,
                                 u"replication"_s};
        const QList<CheckResult> results = runPreflight(request, {}, [&](const CheckResult &result) {
            askedInTime = asked.await() && askedInTime;
            before += result.name;
            if (std::ranges::all_of(needed, [&](const QString &name) { return before.contains(name); }))
                told.give();
        });
        QVERIFY(askedInTime && inTime);
        for (const QString &name : {u"long-transactions"_s, u"privileges"_s, u"disk-space"_s, u"findings"_s})
            QVERIFY2(isAmong(results, name) && before.indexOf(name) > before.indexOf(u"connection"_s),
                     qPrintable(name));
    }

    void aStopEndsIt()
    {
        PreflightFixture fixture;
        fixture.addThree();
        std::stop_source source;
        PreflightRequest request = fixture.request();
        request.reviews = [&]() -> Result<QList<StepReview>> {
            source.request_stop();
            return failure(ErrorKind::Cancelled, u"Stopped."_s);
        };
        const QList<CheckResult> results = runPreflight(request, source.get_token());
        for (const QString &name : {u"findings"_s, u"long-transactions"_s, u"privileges"_s})
            QVERIFY2(!isAmong(results, name), qPrintable(name));

        std::stop_source early;
        early.request_stop();
        QVERIFY(!isAmong(runPreflight(fixture.request(), early.get_token()), u"files"_s));
    }

    void whatThrowsIsAResult()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.reviews = []() -> Result<QList<StepReview>> { throw std::runtime_error("out of luck"); };
        const QList<CheckResult> results = runPreflight(request);
        const CheckResult findings = found(results, u"findings"_s);
        QVERIFY2(findings.state == CheckState::Failed && findings.details == QStringList{u"out of luck"_s},
                 shown(findings));
        QCOMPARE(found(results, u"long-transactions"_s).state, CheckState::Passed); // it waits for nobody
    }

    void anUnreachableDatabaseLeavesFilesAndGit()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.target.url = u"postgresql://nobody@127.0.0.1:1/nothing"_s;
        const QList<CheckResult> results = runPreflight(request);
        QCOMPARE(namesOf(results),
                 (QStringList{u"files"_s, u"connection"_s, u"single-head"_s, u"way-back"_s, u"git"_s}));
        const CheckResult connection = found(results, u"connection"_s);
        QVERIFY2(connection.state == CheckState::Failed && !connection.hint.isEmpty(), shown(connection));
    }

    void aUrlThatIsNoneIsTheConnections()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.target.url = u"mysql://here"_s;
        const QList<CheckResult> results = runPreflight(request);
        QCOMPARE(found(results, u"files"_s).state, CheckState::Passed);
        QCOMPARE(found(results, u"connection"_s).state, CheckState::Failed);
    }

    void brokenFilesLeaveTheDatabase()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = fixture.request();
        writeFile(fixture.project.versionsDirectory() + u"/broken.py"_s,
                  QByteArray("revision = 'x'\ndown_revision = 'nowhere'\n"));
        const QList<CheckResult> results = runPreflight(request);
        const CheckResult files = found(results, u"files"_s);
        QVERIFY2(files.state == CheckState::Failed && files.text.contains(u"nowhere"_s), shown(files));
        QCOMPARE(found(results, u"connection"_s).state, CheckState::Passed);
        QVERIFY(isAmong(results, u"git"_s) && isAmong(results, u"run-lock"_s));
        QVERIFY(!isAmong(results, u"single-head"_s) && !isAmong(results, u"current-known"_s));
        writeFile(fixture.project.config(), QByteArray("no ini at all"));
        QCOMPARE(namesOf(runPreflight(request)), (QStringList{u"files"_s, u"git"_s}));
    }

    void policies()
    {
        PreflightFixture fixture;
        fixture.addThree();
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"pass"_s);
        PreflightRequest request{
            .target = fixture.target(), .plan = fixture.upgrade(u"heads"_s).plan, .proveDatabase = false};
        const QString name = u"single-head"_s;
        QCOMPARE(found(request, name).state, CheckState::Warning);
        QHash<QString, CheckPolicy> &checks = request.target.environment.checks;
        checks.insert(name, CheckPolicy::Block);
        QCOMPARE(found(request, name).state, CheckState::Failed);
        checks.insert(name, CheckPolicy::Off);
        QVERIFY(!isAmong(runPreflight(request), name));

        const QString files = u"way-back"_s;
        fixture.addFile(u"dddd1"_s, {}, u"op.execute('CREATE TABLE d (id int)')"_s,
                        u"raise RuntimeError('no')"_s);
        QCOMPARE(fixture.run(fixture.upgrade(u"dddd1"_s)).outcome, Outcome::Done);
        request.plan = fixture.downgrade(u"dddd1@base"_s).plan;
        QCOMPARE(found(request, files).state, CheckState::Failed);
        checks.insert(files, CheckPolicy::Warn);
        QCOMPARE(found(request, files).state, CheckState::Warning);

        // What no run is safe without stays, whatever somebody wrote.
        checks.insert(u"connection"_s, CheckPolicy::Off);
        request.target.url = u"postgresql://nobody@127.0.0.1:1/nothing"_s;
        QCOMPARE(found(request, u"connection"_s).state, CheckState::Failed);
    }

    void twoHeadsAreAWarning()
    {
        PreflightFixture fixture;
        fixture.addThree();
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"pass"_s);
        PreflightRequest request{
            .target = fixture.target(), .plan = fixture.upgrade(u"heads"_s).plan, .proveDatabase = false};
        const CheckResult check = found(request, u"single-head"_s);
        QVERIFY2(check.state == CheckState::Warning && check.details.size() == 2, shown(check));
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        request.plan = fixture.downgrade(u"base"_s).plan;
        QVERIFY(!isAmong(runPreflight(request), u"single-head"_s));
    }

    void theWayBack()
    {
        PreflightFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s,
                        u"raise RuntimeError('no way back')"_s);
        const CheckResult up = found(fixture.request(), u"way-back"_s);
        QVERIFY2(up.state == CheckState::Warning && up.text.contains(u"aaaa1"_s), shown(up));
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        const PreflightRequest request{
            .target = fixture.target(), .plan = fixture.downgrade(u"base"_s).plan, .proveDatabase = false};
        QCOMPARE(found(request, u"way-back"_s).state, CheckState::Failed);
    }

    void aMovedDatabaseIsSeen()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        QCOMPARE(found(request, u"current-known"_s).state, CheckState::Failed);
        request.plan = {}; // a diagnosis has no plan to compare with
        QCOMPARE(found(request, u"current-known"_s).text, u"aaaa1"_s);
    }

    void anotherVersionTableIsSeen()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.proveDatabase = true;
        const QByteArray env = readFile(fixture.project.envFile());
        writeFile(fixture.project.envFile(),
                  QByteArray(env).replace("context.configure(", "context.configure(version_table='other', "));
        const CheckResult check = found(request, u"same-database"_s);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"other"_s), shown(check));
    }

    void aPythonWithoutAlembicIsNamed()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.proveDatabase = true;
        request.target.component.python = {u"/usr/bin/python3"_s, u"-S"_s};
        const CheckResult check = found(request, u"same-database"_s);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"python3"_s), shown(check));
    }
};

QTEST_GUILESS_MAIN(tst_Preflight)
#include "tst_preflight.moc"
