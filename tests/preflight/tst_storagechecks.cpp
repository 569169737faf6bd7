// SPDX-License-Identifier: MIT
// Indexes, room, replication: a real build that fails, real slots, a standby that commits really wait for.

#include "migrations/backup/backup.h"
#include "migrations/run/checkfix.h"
#include "tests/preflight/preflightfixture.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString diskName = u"disk-space"_s;
const QString replicationName = u"replication"_s;

} // namespace

class tst_StorageChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        TestCluster &cluster = TestCluster::instance();
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET wal_level = logical"_s);
        cluster.execute(u"postgres"_s, u"CREATE ROLE weak LOGIN"_s);
        cluster.stopServer();
        cluster.startServer();
    }
    void init() { QTest::failOnWarning(); }

    void invalidIndexes()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QString name = u"invalid-indexes"_s;
        const PreflightRequest request = fixture.request();
        QCOMPARE(found(request, name).state, CheckState::Passed);
        fixture.execute(u"CREATE TABLE one (id int); INSERT INTO one VALUES (1), (1)"_s);
        const auto session = fixture.session(u"op"_s);
        QVERIFY(!session->execute(u"CREATE UNIQUE INDEX CONCURRENTLY ix ON one (id)"_s));
        const CheckResult check = found(request, name);
        QVERIFY2(check.state == CheckState::Warning && check.text.contains(u"ix"_s) &&
                     check.fixes.size() == 1,
                 shown(check));
        QCOMPARE(check.details, QStringList{u"INVALID index ix on one"_s});

        // While a session works on the table, nothing is to be done.
        QVERIFY(session->execute(u"BEGIN; LOCK TABLE one IN SHARE UPDATE EXCLUSIVE MODE"_s));
        const CheckResult building = found(request, name);
        QVERIFY2(building.state == CheckState::Passed && building.fixes.isEmpty() &&
                     building.details.size() == 1,
                 shown(building));
        QVERIFY(session->execute(u"ROLLBACK; DELETE FROM one"_s));

        const auto access = TargetAccess::open(fixture.target(), {});
        QVERIFY(access && applyFix(*access, check.fixes[0]));
        QCOMPARE(found(request, name).state, CheckState::Passed);
    }

    void roomForRewrites()
    {
        PreflightFixture fixture;
        const QStringList rewrite{u"ALTER TABLE one ALTER COLUMN id TYPE bigint"_s,
                                  u"CREATE INDEX ON two (id)"_s};
        fixture.addStatements(rewrite);
        fixture.execute(u"CREATE TABLE one (id int); CREATE TABLE two (id int); "
                        "INSERT INTO one SELECT generate_series(1, 20000); "
                        "INSERT INTO two SELECT generate_series(1, 20000)"_s);
        QVERIFY(!isAmong(runPreflight(fixture.request()), diskName)); // without SQL nobody knows
        const CheckResult none = found(fixture.requestFor({u"ALTER TABLE one ADD COLUMN x int"_s}), diskName);
        QVERIFY2(none.state == CheckState::Passed && none.details.isEmpty(), shown(none));

        const PreflightRequest request = fixture.requestFor(rewrite);
        const qint64 bytes =
            TestCluster::instance()
                .rows(fixture.database.name,
                      u"SELECT pg_total_relation_size('one') + pg_total_relation_size('two')"_s)
                .first()
                .toLongLong();
        const CheckResult check = found(request, diskName);
        QVERIFY2(check.text.startsWith(u"up to %1 and as much WAL"_s.arg(sizeText(bytes))), shown(check));
        QVERIFY2(check.details.size() == 2 && !check.details.filter(u"one: "_s).isEmpty(), shown(check));
        // The server is on this machine, so what is free is known to who may read its folder.
        QVERIFY2(check.text.endsWith(u" free"_s), shown(check));
        const CheckResult weak = found(PreflightFixture::as(u"weak"_s, request), diskName);
        QVERIFY2(weak.text.endsWith(u"is not to be seen from here"_s), shown(weak));
    }

    void roomForTheBackup()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QString name = u"backup-room"_s;
        PreflightRequest request = fixture.request();
        QVERIFY(!isAmong(runPreflight(request), name));
        request.backupDirectory = fixture.folder.filePath(u"not/made/yet"_s);
        const CheckResult check = found(request, name);
        QVERIFY2(check.state == CheckState::Passed && check.text.endsWith(u" free"_s), shown(check));
        QVERIFY2(check.text.contains(u"MB"_s) && !check.text.contains(u"MiB"_s), shown(check));
        QVERIFY(!QFile::exists(request.backupDirectory));
        request.backupDirectory = u"/proc"_s; // nothing can be written there, and nothing is free
        QCOMPARE(found(request, name).state, CheckState::Failed);
    }

    void slotsThatNobodyReads()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = fixture.request();
        const CheckResult none = found(request, replicationName);
        QVERIFY2(none.state == CheckState::Passed && none.text == u"no standby and no slot"_s, shown(none));
        fixture.execute(u"SELECT pg_create_physical_replication_slot('unused')"_s);
        QCOMPARE(found(request, replicationName).state, CheckState::Passed); // it keeps nothing yet
        fixture.execute(u"SELECT pg_create_physical_replication_slot('gone', true)"_s);
        fixture.execute(u"CREATE TABLE big AS SELECT repeat('x', 500) FROM generate_series(1, 5000)"_s);
        const CheckResult check = found(request, replicationName);
        QVERIFY2(check.state == CheckState::Warning &&
                     check.text.contains(u"the slot gone, which keeps "_s) && check.text.contains(u"MB"_s),
                 shown(check));
        QVERIFY2(check.details.size() == 2 && check.fixes.size() == 1 && !check.fixes[0].warning.isEmpty(),
                 shown(check));
        QVERIFY(found(PreflightFixture::as(u"weak"_s, request), replicationName).fixes.isEmpty());
        const auto access = TargetAccess::open(fixture.target(), {});
        QVERIFY(access && applyFix(*access, check.fixes[0]));
        fixture.execute(u"SELECT pg_drop_replication_slot('unused')"_s);
        QCOMPARE(found(request, replicationName).text, u"no standby and no slot"_s);
    }

    void aSynchronousStandbyThatIsGone_data()
    {
        QTest::addColumn<QString>("names");
        QTest::addColumn<QString>("text");
        QTest::newRow("one") << u"nobody"_s << u"Commits wait for 1 standby "_s;
        QTest::newRow("any") << u"ANY 2 (a, b, c)"_s << u"Commits wait for 2 standbys "_s;
        QTest::newRow("first") << u"FIRST 1 (a, b)"_s << u"Commits wait for 1 standby "_s;
    }
    void aSynchronousStandbyThatIsGone()
    {
        QFETCH(QString, names);
        QFETCH(QString, text);
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = fixture.request();
        const auto set = [&](const QString &value) {
            fixture.execute(u"ALTER SYSTEM SET synchronous_standby_names = '%1'"_s.arg(value));
            fixture.execute(u"SELECT pg_reload_conf()"_s);
            QTRY_COMPARE(
                TestCluster::instance().rows(fixture.database.name, u"SHOW synchronous_standby_names"_s),
                value.isEmpty() ? QStringList() : QStringList{value});
        };
        set(names);
        const CheckResult check = found(request, replicationName);
        set({});
        QVERIFY2(check.state == CheckState::Failed && check.text.startsWith(text), shown(check));
        QVERIFY2(!check.hint.isEmpty(), shown(check));
        QCOMPARE(found(request, replicationName).state, CheckState::Passed);
    }
};

QTEST_GUILESS_MAIN(tst_StorageChecks)
#include "tst_storagechecks.moc"
