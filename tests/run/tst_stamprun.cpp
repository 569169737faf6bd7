// SPDX-License-Identifier: MIT
// Version rows set without running a revision, by the project's own Alembic, read back and written down.

#include "migrations/run/runlock.h"
#include "migrations/run/stamprun.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_StampRun : public QObject
{
    Q_OBJECT

private:
    static StampRequest request(const RunFixture &fixture, const QStringList &revisions, bool purge = false)
    {
        return {.target = fixture.target(),
                .from = fixture.rows(),
                .revisions = revisions,
                .purge = purge,
                .workspaceDirectory = fixture.folder.path()};
    }
    static RunReport stamp(RunFixture &fixture, const QStringList &revisions, bool purge = false)
    {
        return stampTarget(request(fixture, revisions, purge), *fixture.journal);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void rowsAndNothingElse_data()
    {
        QTest::addColumn<ScratchProject::Environment>("environment");
        QTest::newRow("psycopg2") << ScratchProject::SyncPsycopg2;
        QTest::newRow("asyncpg") << ScratchProject::AsyncAsyncpg;
    }
    void rowsAndNothingElse()
    {
        QFETCH(ScratchProject::Environment, environment);
        RunFixture fixture(environment);
        fixture.addThree();
        QList<RunPhase> phases;
        const RunReport report =
            stampTarget(request(fixture, {u"bb"_s}), *fixture.journal, [&](const RunEvent &event) {
                if (event.type == RunEvent::PhaseFinished && event.ok)
                    phases += event.phase;
            });
        QVERIFY2(report.outcome == Outcome::Done, qPrintable(report.summary));
        QCOMPARE(report.rows, toRevisionIds({u"bbbb1"_s}));
        QCOMPARE(fixture.rows(), toRevisionIds({u"bbbb1"_s}));
        QVERIFY(!fixture.hasTable(u"one"_s));
        QVERIFY(phases.contains(RunPhase::Checks) && phases.contains(RunPhase::Lock) &&
                phases.contains(RunPhase::Step));
        const JournalEntry entry = fixture.entry(report.journalId);
        QCOMPARE(entry.kind, RunKind::Stamp);
        QCOMPARE(entry.from, RevisionIds());
        QCOMPARE(entry.planned, toRevisionIds({u"bbbb1"_s}));
        QCOMPARE(entry.to, toRevisionIds({u"bbbb1"_s}));
        QCOMPARE(entry.outcome, Outcome::Done);
        QCOMPARE(entry.asked, u"bb"_s);
    }

    void severalRowsAndBase()
    {
        RunFixture fixture;
        fixture.addThree();
        fixture.addFile(u"dddd1"_s, u"aaaa1"_s, {});
        QCOMPARE(stamp(fixture, {u"heads"_s}).rows, toRevisionIds({u"cccc1"_s, u"dddd1"_s}));
        const RunReport base = stamp(fixture, {u"base"_s});
        QCOMPARE(base.outcome, Outcome::Done);
        QVERIFY(fixture.rows().isEmpty());
    }

    void purgeTakesWhatNoFileHas()
    {
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(stamp(fixture, {u"aaaa1"_s}).outcome, Outcome::Done);
        TestCluster::instance().execute(fixture.database.name,
                                        u"UPDATE alembic_version SET version_num = 'gone1'"_s);
        const RunReport refused = stamp(fixture, {u"bbbb1"_s});
        QCOMPARE(refused.outcome, Outcome::Refused);
        QCOMPARE(refused.journalId, 0); // nothing was begun
        const RunReport purged = stamp(fixture, {u"bbbb1"_s}, true);
        QVERIFY2(purged.outcome == Outcome::Done, qPrintable(purged.summary));
        QCOMPARE(fixture.rows(), toRevisionIds({u"bbbb1"_s}));
        QCOMPARE(fixture.entry(purged.journalId).asked, u"bbbb1 --purge"_s);
    }

    void whatWasShownMustStillBeSo()
    {
        RunFixture fixture;
        fixture.addThree();
        const StampRequest shown = request(fixture, {u"cccc1"_s});
        QCOMPARE(stamp(fixture, {u"aaaa1"_s}).outcome, Outcome::Done);
        const RunReport report = stampTarget(shown, *fixture.journal);
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY2(report.summary.contains("moved from base to aaaa1"_L1), qPrintable(report.summary));
        QCOMPARE(fixture.rows(), toRevisionIds({u"aaaa1"_s}));
        QCOMPARE(fixture.entry(report.journalId).outcome, Outcome::Refused);
    }

    void notWhileAnotherRunWorks()
    {
        RunFixture fixture;
        fixture.addThree();
        auto other = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(other);
        const Result<bool> held = (*other)->tryAdvisoryLock(RunKeys::forTable({}).run);
        QVERIFY(held && *held);
        const RunReport report = stamp(fixture, {u"aaaa1"_s});
        QCOMPARE(report.outcome, Outcome::Refused);
        QCOMPARE(report.error->kind, ErrorKind::Locked);
        QVERIFY(fixture.rows().isEmpty());
    }

    void anotherDatabaseIsRefused()
    {
        RunFixture fixture;
        fixture.addThree();
        const TestDatabase elsewhere = TestCluster::instance().newDatabase();
        QByteArray env = readFile(fixture.project.envFile());
        const QByteArray other = elsewhere.url.toUtf8().replace("%", "%%");
        env.replace("target_metadata = None", QByteArray("config.set_main_option('sqlalchemy.url', '" +
                                                         other + "')\ntarget_metadata = None"));
        QVERIFY(env.contains("set_main_option"));
        writeFile(fixture.project.envFile(), env);
        const RunReport report = stamp(fixture, {u"aaaa1"_s});
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY2(report.summary.contains("another database"_L1), qPrintable(report.summary));
        QVERIFY(fixture.rows().isEmpty());
    }

    /// Exit 0 says nothing: the rows were rolled back.
    void aSilentRollbackIsSeen()
    {
        RunFixture fixture;
        fixture.addThree();
        QByteArray env = readFile(fixture.project.envFile());
        env.replace("        context.configure(",
                    "        connection.exec_driver_sql('SELECT 1')\n        context.configure(");
        QVERIFY(env.contains("exec_driver_sql"));
        writeFile(fixture.project.envFile(), env);
        const RunReport report = stamp(fixture, {u"aaaa1"_s});
        QVERIFY2(report.outcome == Outcome::FailedRolledBack, qPrintable(report.summary));
        QVERIFY(fixture.rows().isEmpty());
    }

    void cancelledBeforeItBegins()
    {
        RunFixture fixture;
        fixture.addThree();
        std::stop_source stop;
        stop.request_stop();
        const RunReport report =
            stampTarget(request(fixture, {u"aaaa1"_s}), *fixture.journal, {}, stop.get_token());
        QCOMPARE(report.outcome, Outcome::Cancelled);
        QVERIFY(fixture.rows().isEmpty());
    }

    /// The journal says a stamp began, and no end: its rows tell.
    void aStampThatWasCutOffIsSettled()
    {
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(stamp(fixture, {u"aaaa1"_s}).outcome, Outcome::Done);
        const RunReport stamped = stamp(fixture, {u"base"_s});
        const auto begun = [&](const RevisionIds &from, const RevisionIds &planned) {
            const Result<qint64> id =
                fixture.journal->begin({.kind = RunKind::Stamp,
                                        .target = fixture.target().id,
                                        .databaseText = fixture.entry(stamped.journalId).databaseText,
                                        .from = from,
                                        .planned = planned});
            const Result<RunReport> report =
                settleRun(fixture.entry(id.value()), fixture.target(), {}, *fixture.journal);
            return report ? report->summary : report.error().message;
        };
        const RevisionIds a = toRevisionIds({u"aaaa1"_s});
        QCOMPARE(begun({}, a), u"This stamp was cut off. The database is still at base."_s);
        QCOMPARE(stamp(fixture, {u"aaaa1"_s}).outcome, Outcome::Done);
        QCOMPARE(begun({}, a), u"This stamp was cut off, but it is done. The database is at aaaa1."_s);
    }
};

QTEST_GUILESS_MAIN(tst_StampRun)
#include "tst_stamprun.moc"
