// SPDX-License-Identifier: MIT
#include "tests/database/testsessions.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QDateTime>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <limits>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

class TestDatabaseSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_database = TestCluster::instance().newDatabase(); }
    void init() { QTest::failOnWarning(); }

    void setsItsTimeouts();
    void keepsTheSearchPathOfUrlServiceAndEnvironment();
    void bindsValues();
    void reportsTheServersError();
    void reportsAConstraint();
    void noticesALostConnection();
    void noticesAnEndedBackend();

    void readsRows_data();
    void readsRows();
    void followsTheVersionTable();
    void readsAViewAsVersionTable();
    void readsState();
    void locksAndNamesTheHolder();
    void cancelsABackend();

private:
    TestDatabase m_database;
};

void TestDatabaseSession::setsItsTimeouts()
{
    const auto session =
        openSession(m_database.settings, {},
                    {.applicationName = u"tester"_s, .lockTimeout = 1234ms, .statementTimeout = 4321ms});
    QCOMPARE(single(*session, u"SHOW lock_timeout"_s).toString(), u"1234ms"_s);
    QCOMPARE(single(*session, u"SHOW statement_timeout"_s).toString(), u"4321ms"_s);
    QCOMPARE(single(*session, u"SHOW application_name"_s).toString(), u"tester"_s);
    QVERIFY(session->backendPid() > 0);
    QVERIFY(session->serverVersion() >= 130000);
    QCOMPARE(session->tlsProtocol(), QString());
}

void TestDatabaseSession::keepsTheSearchPathOfUrlServiceAndEnvironment()
{
    const QString ask = u"SHOW search_path"_s;
    ConnectionSettings settings = m_database.settings;
    const Environment environment("PGOPTIONS", u"-c search_path=from_environment"_s);
    QCOMPARE(single(*openSession(settings), ask).toString(), u"from_environment"_s);

    QTemporaryDir folder;
    writeFile(folder.filePath(u"services"_s), u"[mine]\noptions=-c search_path=from_service\n"_s);
    const Environment services("PGSERVICEFILE", folder.filePath(u"services"_s));
    settings.options = {{u"service"_s, u"mine"_s}};
    QCOMPARE(single(*openSession(settings), ask).toString(), u"from_service"_s);

    settings.options = {{u"options"_s, u"-c search_path=from_url"_s}};
    const auto session = openSession(settings);
    QCOMPARE(single(*session, ask).toString(), u"from_url"_s);
    QCOMPARE(single(*session, u"SHOW lock_timeout"_s).toString(), u"5s"_s);
}

void TestDatabaseSession::bindsValues()
{
    const auto session = openSession(m_database.settings);
    QVERIFY(session->execute(u"CREATE TEMP TABLE t (n int, s text)"_s));
    const QString odd = u"it's ? $1 \\ ä"_s;
    QVERIFY(session->execute(u"INSERT INTO t VALUES (?, ?), (?, ?)"_s, {1, odd, 2, QVariant()}));
    const auto rows = session->query(u"SELECT n, s FROM t ORDER BY n"_s);
    QVERIFY(rows);
    QCOMPARE(rows->size(), 2);
    QCOMPARE(rows->at(0), QVariantList({1, odd}));
    QVERIFY(rows->at(1).at(1).isNull());
    // Without values nothing is a placeholder.
    QCOMPARE(single(*session, u"SELECT '{\"a\":1}'::jsonb ? 'a'"_s).toBool(), true);
}

void TestDatabaseSession::reportsTheServersError()
{
    const auto session = openSession(m_database.settings);
    const auto rows = session->query(u"SELECT * FROM nothing_here"_s);
    QVERIFY(!rows);
    QCOMPARE(rows.error().kind, ErrorKind::DatabaseError);
    QCOMPARE(rows.error().sqlState, u"42P01"_s);
    QCOMPARE(rows.error().statement, u"SELECT * FROM nothing_here"_s);
    QVERIFY2(rows.error().message.endsWith(u"relation \"nothing_here\" does not exist"_s),
             qPrintable(rows.error().message));
    QVERIFY(!rows.error().connectionLost);
    QCOMPARE(single(*session, u"SELECT 1"_s).toInt(), 1);
}

void TestDatabaseSession::reportsAConstraint()
{
    const auto session = openSession(m_database.settings);
    QVERIFY(session->execute(u"CREATE TEMP TABLE k (n int PRIMARY KEY); INSERT INTO k VALUES (1)"_s));
    const auto inserted = session->execute(u"INSERT INTO k VALUES (?)"_s, {1});
    QVERIFY(!inserted);
    QCOMPARE(inserted.error().sqlState, u"23505"_s);
    QVERIFY2(inserted.error().detail.contains(u"Key (n)=(1) already exists"_s),
             qPrintable(inserted.error().detail));
    QVERIFY(!inserted.error().detail.endsWith(u')'));
}

void TestDatabaseSession::noticesALostConnection()
{
    const auto session = openSession(m_database.settings);
    TestCluster::instance().stopServer(true);
    const auto rows = session->query(u"SELECT 1"_s);
    const auto again = session->execute(u"SELECT 1"_s);
    const Error closed = openError(m_database.settings);
    TestCluster::instance().startServer();
    QVERIFY(!rows);
    QVERIFY2(rows.error().kind == ErrorKind::ConnectionLost, qPrintable(toText(rows.error())));
    QVERIFY(rows.error().connectionLost);
    QVERIFY(!again);
    QVERIFY2(again.error().kind == ErrorKind::ConnectionLost, qPrintable(toText(again.error())));
    QVERIFY2(closed.kind == ErrorKind::ConnectionRefused, qPrintable(toText(closed)));
}

void TestDatabaseSession::noticesAnEndedBackend()
{
    const auto session = openSession(m_database.settings);
    const auto other = openSession(m_database.settings);
    QCOMPARE(single(*other, u"SELECT pg_terminate_backend(%1, 5000)"_s.arg(session->backendPid())).toBool(),
             true);
    const auto rows = session->query(u"SELECT 1"_s);
    QVERIFY(!rows);
    QCOMPARE(rows.error().kind, ErrorKind::ConnectionLost);
    QCOMPARE(rows.error().connectionLost, true);
}

void TestDatabaseSession::readsRows_data()
{
    QTest::addColumn<QString>("searchPath");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("rows");

    QTest::newRow("default") << u""_s << u""_s << u"b, c"_s;
    QTest::newRow("by search_path") << u"app,public"_s << u""_s << u"a1"_s;
    QTest::newRow("by schema") << u""_s << u"app.alembic_version"_s << u"a1"_s;
    QTest::newRow("search_path without it") << u"empty"_s << u""_s << u"base"_s;
    QTest::newRow("other name") << u""_s << u"Odd\"Name"_s.replace(u'"', u' ') << u"odd"_s;
    QTest::newRow("missing table") << u""_s << u"no_such_table"_s << u"base"_s;
    QTest::newRow("missing schema") << u""_s << u"nowhere.alembic_version"_s << u"base"_s;
    QTest::newRow("case counts") << u""_s << u"ALEMBIC_VERSION"_s << u"base"_s;
}

void TestDatabaseSession::readsRows()
{
    QFETCH(const QString, searchPath);
    QFETCH(const QString, table);
    static const TestDatabase database = [] {
        TestDatabase made = TestCluster::instance().newDatabase();
        TestCluster::instance().execute(made.name,
                                        u"CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);"
                                        "INSERT INTO alembic_version VALUES ('c'), ('b');"
                                        "CREATE SCHEMA app; CREATE SCHEMA empty;"
                                        "CREATE TABLE app.alembic_version (version_num varchar(32) NOT NULL);"
                                        "INSERT INTO app.alembic_version VALUES ('a1');"
                                        "CREATE TABLE \"Odd Name\" (version_num text, note text);"
                                        "INSERT INTO \"Odd Name\" VALUES ('odd', 'x')"_s);
        return made;
    }();
    ConnectionSettings settings = database.settings;
    if (!searchPath.isEmpty())
        settings.options = {{u"options"_s, QString(u"-csearch_path="_s + searchPath)}};
    const auto session = openSession(settings);
    const auto rows = session->readVersionRows(table);
    QVERIFY(rows);
    QTEST(toText(*rows), "rows");
    const auto state = session->readState(table);
    QVERIFY(state);
    QCOMPARE(state->rows, *rows);
    QCOMPARE(state->versionTableExists, !rows->isEmpty());
}

/// The table is looked for once; when it is gone, it is looked for again.
void TestDatabaseSession::followsTheVersionTable()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    const auto execute = [&](const QString &sql) { TestCluster::instance().execute(database.name, sql); };
    ConnectionSettings settings = database.settings;
    settings.options = {{u"options"_s, u"-csearch_path=public,app"_s}};
    const auto session = openSession(settings);
    const auto rows = [&] { return toText(session->readVersionRows({}).value()); };
    QCOMPARE(rows(), u"base"_s);
    execute(u"CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('a')"_s);
    QCOMPARE(rows(), u"a"_s);
    execute(u"UPDATE alembic_version SET version_num = 'b'"_s);
    QCOMPARE(rows(), u"b"_s);
    execute(u"CREATE SCHEMA app; ALTER TABLE alembic_version SET SCHEMA app"_s);
    QCOMPARE(rows(), u"b"_s);
    QCOMPARE(toText(session->readVersionRows(u"app.alembic_version"_s).value()), u"b"_s);
    execute(u"DROP SCHEMA app CASCADE"_s);
    QCOMPARE(rows(), u"base"_s);
    execute(u"CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('c')"_s);
    QCOMPARE(rows(), u"c"_s);
}

void TestDatabaseSession::readsAViewAsVersionTable()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(database.name,
                                    u"CREATE VIEW alembic_version AS SELECT 'v1'::text AS version_num"_s);
    const auto session = openSession(database.settings);
    const auto rows = session->readVersionRows({});
    QVERIFY(rows);
    QCOMPARE(toText(*rows), u"v1"_s);
    const auto bad = session->readVersionRows(u"pg_catalog.pg_class"_s);
    QVERIFY(!bad);
    QCOMPARE(bad.error().sqlState, u"42703"_s);
}

void TestDatabaseSession::readsState()
{
    const auto session = openSession(m_database.settings);
    const auto state = session->readState({});
    QVERIFY(state);
    QCOMPARE(state->databaseName, m_database.name);
    QCOMPARE(state->user, u"stepwell"_s);
    QCOMPARE(state->serverVersion, session->serverVersion());
    QVERIFY(state->serverVersionText.startsWith(QString::number(state->serverVersion / 10000)));
    QVERIFY(!state->serverVersionText.contains(u' '));
    QVERIFY(state->databaseSize > 1'000'000);
    QVERIFY(!state->versionTableExists);
    QCOMPARE(state->tls, QString());
    QVERIFY(state->roundTrip < 5s);
}

void TestDatabaseSession::locksAndNamesTheHolder()
{
    for (const qint64 key :
         {qint64(1), qint64(-1), qint64(0x7edcba9876543210), std::numeric_limits<qint64>::min()}) {
        const auto first = openSession(m_database.settings, {}, {.applicationName = u"first"_s});
        const auto second = openSession(m_database.settings, {}, {.applicationName = u"second"_s});
        QCOMPARE(first->advisoryLockHolder(key).value(), std::nullopt);
        QCOMPARE(first->tryAdvisoryLock(key).value(), true);
        QCOMPARE(second->tryAdvisoryLock(key).value(), false);
        const std::optional<LockHolder> holder = second->advisoryLockHolder(key).value();
        QVERIFY(holder);
        QCOMPARE(holder->backendPid, first->backendPid());
        QCOMPARE(holder->applicationName, u"first"_s);
        QCOMPARE(holder->user, u"stepwell"_s);
        QCOMPARE(holder->client, u"local socket"_s);
        QVERIFY(QDateTime::fromString(holder->since, Qt::ISODate).isValid());
        QVERIFY(!second->releaseAdvisoryLock(key));
        QVERIFY(first->releaseAdvisoryLock(key));
        QCOMPARE(second->tryAdvisoryLock(key).value(), true);
    }
}

void TestDatabaseSession::cancelsABackend()
{
    const auto control = openSession(m_database.settings);
    std::promise<int> started;
    std::future<int> pid = started.get_future();
    Error error;
    std::thread sleeping([this, &started, &error] {
        const auto session = openSession(m_database.settings);
        started.set_value(session->backendPid());
        const auto slept = session->query(u"SELECT pg_sleep(20)"_s);
        error = slept ? Error{} : slept.error();
    });
    const int victim = pid.get();
    const QString asleep =
        u"SELECT count(*) FROM pg_stat_activity WHERE pid = %1 AND wait_event = 'PgSleep'"_s.arg(victim);
    const bool sleeps = QTest::qWaitFor([&] { return single(*control, asleep).toInt() == 1; }, 10s);
    const auto cancelled = control->cancelBackend(victim);
    sleeping.join();
    QVERIFY(sleeps);
    QCOMPARE(cancelled.value(), true);
    QCOMPARE(error.kind, ErrorKind::DatabaseError);
    QCOMPARE(error.sqlState, u"57014"_s);
    QCOMPARE(control->cancelBackend(999'999).value(), false);
}

QTEST_GUILESS_MAIN(TestDatabaseSession)
#include "tst_databasesession.moc"
