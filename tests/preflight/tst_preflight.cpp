// SPDX-License-Identifier: MIT
#include "migrations/preflight/preflight.h"
#include "migrations/run/runlock.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const CheckResult *find(const QList<CheckResult> &results, const QString &name)
{
    const auto found = std::ranges::find(results, name, &CheckResult::name);
    return found == results.end() ? nullptr : &*found;
}

QList<CheckResult> checks(const RunFixture &fixture, const RunRequest &request)
{
    return runPreflight({.target = fixture.target(),
                         .plan = request.plan,
                         .backupDirectory = fixture.folder.filePath(u"not/made/yet"_s)});
}

} // namespace

class tst_Preflight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void aQuietDatabasePassesEverything()
    {
        RunFixture fixture;
        fixture.addThree();
        const QList<CheckResult> results = checks(fixture, fixture.upgrade());
        for (const CheckResult &result : results)
            QVERIFY2(result.state == CheckState::Passed, qPrintable(result.title + u": "_s + result.text));
        for (const QString &name :
             {u"connection"_s, u"primary"_s, u"same-database"_s, u"single-head"_s, u"current-known"_s,
              u"way-back"_s, u"long-transactions"_s, u"run-lock"_s, u"backup-room"_s})
            QVERIFY2(find(results, name), qPrintable(name));
        QVERIFY(!fixture.hasTable(u"alembic_version"_s));
    }

    void anUnreachableDatabaseIsOneFailedCheck()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunRequest request = fixture.upgrade();
        Target target = fixture.target();
        target.url = u"postgresql://nobody@127.0.0.1:1/nothing"_s;
        const QList<CheckResult> results = runPreflight({.target = target, .plan = request.plan});
        QCOMPARE(results.size(), 1);
        QCOMPARE(results.first().state, CheckState::Failed);
        QVERIFY(!results.first().hint.isEmpty());
    }

    void anotherRunIsSeen()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunRequest request = fixture.upgrade();
        auto session = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(session && acquireRunLock(**session, RunKeys::forTable({}), std::chrono::milliseconds(0)));
        const QList<CheckResult> results = checks(fixture, request);
        QCOMPARE(find(results, u"run-lock"_s)->state, CheckState::Failed);
    }

    void twoHeadsAreAWarning()
    {
        RunFixture fixture;
        fixture.addThree();
        fixture.addFile(u"bbbb2"_s, u"aaaa1"_s, u"pass"_s);
        const QList<CheckResult> results = checks(fixture, fixture.upgrade(u"heads"_s));
        QCOMPARE(find(results, u"single-head"_s)->state, CheckState::Warning);
    }

    void anIrreversibleRevisionStopsARollback()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s,
                        u"raise RuntimeError('no way back')"_s);
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        const QList<CheckResult> results = checks(fixture, fixture.downgrade(u"base"_s));
        QCOMPARE(find(results, u"way-back"_s)->state, CheckState::Failed);
    }

    void aMovedDatabaseIsSeen()
    {
        RunFixture fixture;
        fixture.addThree();
        const RunRequest request = fixture.upgrade();
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        QCOMPARE(find(checks(fixture, request), u"current-known"_s)->state, CheckState::Failed);
    }

    void anotherVersionTableIsSeen()
    {
        RunFixture fixture;
        fixture.addThree();
        QByteArray env = readFile(fixture.project.envFile());
        writeFile(fixture.project.envFile(),
                  env.replace("context.configure(", "context.configure(version_table='other', "));
        const QList<CheckResult> results = checks(fixture, fixture.upgrade());
        const CheckResult *check = find(results, u"same-database"_s);
        QCOMPARE(check->state, CheckState::Failed);
        QVERIFY2(check->text.contains(u"other"_s), qPrintable(check->text));
    }

    void aPythonWithoutAlembicIsNamed()
    {
        RunFixture fixture;
        fixture.addThree();
        Target target = fixture.target();
        target.component.python = {u"/usr/bin/python3"_s, u"-S"_s};
        const QList<CheckResult> results = runPreflight({.target = target, .plan = fixture.upgrade().plan});
        const CheckResult *check = find(results, u"same-database"_s);
        QCOMPARE(check->state, CheckState::Failed);
        QVERIFY2(check->text.contains(u"python3"_s), qPrintable(check->text));
    }
};

QTEST_GUILESS_MAIN(tst_Preflight)
#include "tst_preflight.moc"
