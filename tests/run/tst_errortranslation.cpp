// SPDX-License-Identifier: MIT
#include "migrations/database/databasesession.h"
#include "migrations/database/servererrors.h"
#include "migrations/run/errortranslation.h"
#include "tests/lint/linting.h"
#include "tests/run/errorsamples.h"
#include "tests/support/testcluster.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <thread>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

std::unique_ptr<DatabaseSession> sessionFor(const TestDatabase &database)
{
    auto opened = DatabaseSession::open(database.settings, {});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    return std::move(*opened);
}

/// The error of the last statement.
std::optional<Error> failureOf(DatabaseSession &session, const QStringList &statements)
{
    for (qsizetype i = 0; i < statements.size(); ++i) {
        const bool mayFail = statements.at(i).startsWith("- "_L1);
        const auto done = session.execute(mayFail ? statements.at(i).sliced(2) : statements.at(i));
        if (!done && i + 1 == statements.size())
            return done.error();
        if (!done && !mayFail)
            qFatal("%s: %s", qPrintable(statements.at(i)), qPrintable(toText(done.error())));
    }
    return {};
}

QString placeText(const ErrorPlace &place)
{
    return QStringList{place.schema, place.table, place.column, place.constraint, place.type}.join(u'.');
}

/// What cannot be made to happen on a test machine, or ends the session before its state is told: the disk or
/// the memory full, damage, a server that goes down or starts, an authentication that the test cluster does
/// not ask for, timeouts that end a session. These are tested on the error value alone.
const QStringList &statesByValue()
{
    static const QStringList states{u"08004"_s, u"08P01"_s, u"57P02"_s, u"57P03"_s, u"57P04"_s, u"57P05"_s,
                                    u"28P01"_s, u"40003"_s, u"25P03"_s, u"25P04"_s, u"22032"_s, u"23001"_s,
                                    u"42622"_s, u"42611"_s, u"53100"_s, u"53300"_s, u"58030"_s, u"XX002"_s};
    return states;
}

QString docsText()
{
    QString text =
        u"# Errors of the server\n\nWhat Stepwell says to PostgreSQL's errors, by SQLSTATE. Two characters "
        u"stand for "
        "all other states of a class. With the server's own message, which is always shown too, names of "
        "tables, "
        "columns and constraints are put in where the server tells them. \"May pass\" marks what can succeed "
        "later "
        "without anybody changing anything.\n\n| state | when | what happened |\n| --- | --- | --- |\n"_s;
    const auto unnamed = [](QLatin1StringView of) {
        return filledText(of, [](const QString &) { return QString(); });
    };
    QString sections;
    for (const ServerError &row : serverErrors()) {
        const QString state = row.state.isEmpty() ? u"other"_s : QString(row.state);
        const QString title =
            row.when == ErrorCase::Any ? state : QString(state + u": "_s + caseText(row.when));
        text += u"| %1 | %2 | %3 |\n"_s.arg(state, QString(caseText(row.when)), unnamed(row.what));
        sections += u"## %1\n\n%2%3\n\n%4%5\n\n"_s.arg(
            title, unnamed(row.what), row.why.isEmpty() ? QString() : QString(u' ' + unnamed(row.why)),
            unnamed(row.todo), row.passing ? u" May pass."_s : QString());
    }
    return text + u'\n' + sections.trimmed() + u'\n';
}

} // namespace

class TestErrorTranslation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void happens_data();
    void happens();
    void isAskedOfTheServerOrByValue();
    void textsAreComplete_data();
    void textsAreComplete();
    void docsAreUpToDate();
    void lockTimeout();
    void deadlock();
    void serialization();
    void usedByOthers();
    void pendingInAnyLanguage();
    void damagedPage();
    void refusedConnections();
    void leavesValuesOut_data();
    void leavesValuesOut();
    void otherErrorsStayAsTheyAre();
};

void TestErrorTranslation::happens_data()
{
    QTest::addColumn<int>("index");
    const QList<ErrorSample> samples = errorSamples();
    for (int i = 0; i < samples.size(); ++i)
        QTest::newRow(samples.at(i).name) << i;
}

void TestErrorTranslation::happens()
{
    QFETCH(int, index);
    const ErrorSample sample = errorSamples().at(index);
    const TestDatabase database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(database.name, sampleTables());
    const auto session = sessionFor(database);
    const auto error = failureOf(*session, sample.statements);
    QVERIFY2(error.has_value(), "nothing failed");
    QVERIFY2(error->sqlState == sample.state, qPrintable(error->sqlState + u' ' + toText(*error)));
    const ErrorMeaning meaning = meaningOf(*error);
    QVERIFY2(meaning.what.contains(sample.what),
             qPrintable(QStringList({meaning.what, error->detail, placeText(error->place)}).join(u'\n')));
    QCOMPARE(meaning.passing, sample.passing);
    if (!sample.place.isEmpty())
        QCOMPARE(placeText(error->place), sample.place);
    QVERIFY2(translated(*error).hint.endsWith(meaning.todo), qPrintable(translated(*error).hint));
    QVERIFY(!meaning.todo.isEmpty());
    // The message is kept in the journal: no row of the table in it.
    if (!error->connectionLost)
        QVERIFY2(error->serverDetail.isEmpty() || !error->message.contains(error->serverDetail),
                 qPrintable(error->message));
}

void TestErrorTranslation::isAskedOfTheServerOrByValue()
{
    QStringList happening{u"55P03"_s, u"40P01"_s, u"40001"_s, u"XX001"_s, u"3D000"_s};
    for (const ErrorSample &sample : errorSamples())
        happening += sample.state;
    for (const ServerError &row : serverErrors()) {
        if (row.state.size() != 5)
            continue;
        const bool happens = happening.contains(row.state);
        const bool valued = statesByValue().contains(row.state);
        QVERIFY2(happens != valued, qPrintable(row.state + (happens ? u" is in both"_s : u" is in none"_s)));
        if (valued)
            QCOMPARE(meaningOf({.sqlState = row.state}).passing, row.passing);
    }
}

void TestErrorTranslation::textsAreComplete_data()
{
    QTest::addColumn<int>("index");
    const QList<ServerError> &rows = serverErrors();
    for (int i = 0; i < rows.size(); ++i)
        QTest::addRow("%s %s", qPrintable(QString(rows.at(i).state)),
                      rows.at(i).when == ErrorCase::Any ? "" : qPrintable(QString(caseText(rows.at(i).when))))
            << i;
}

void TestErrorTranslation::textsAreComplete()
{
    QFETCH(int, index);
    const QList<ServerError> &rows = serverErrors();
    const ServerError &row = rows.at(index);
    static const QStringList names{u"table"_s, u"column"_s,  u"constraint"_s, u"type"_s,
                                   u"name"_s,  u"command"_s, u"dependents"_s, u"function"_s};
    for (const QLatin1StringView of : {row.what, row.why, row.todo}) {
        for (const bool known : {false, true}) {
            QStringList asked;
            const QString text = filledText(of, [&](const QString &name) {
                asked += name;
                return known ? u"NAME"_s : QString();
            });
            QVERIFY2(!text.contains(u'[') && !text.contains(u']') && !text.contains(u'|') &&
                         !text.contains(u"  "_s),
                     qPrintable(text));
            QVERIFY2(text.isEmpty() || text.endsWith(u'.'), qPrintable(text));
            QVERIFY2(std::ranges::all_of(asked, [&](const QString &name) { return names.contains(name); }),
                     qPrintable(asked.join(u' ')));
        }
    }
    QVERIFY(!row.what.isEmpty());
    QVERIFY(!row.todo.isEmpty());
    // A case behind Any would never be found, nor would a second one of its kind.
    for (int i = 0; i < index; ++i)
        QVERIFY(rows.at(i).state != row.state ||
                (rows.at(i).when != ErrorCase::Any && rows.at(i).when != row.when));
}

void TestErrorTranslation::docsAreUpToDate()
{
    QVERIFY2(isUpToDate(u"docs/errors.md"_s, docsText()),
             "STEPWELL_WRITE_DOCS=1 tst_errortranslation docsAreUpToDate writes docs/errors.md");
}

void TestErrorTranslation::lockTimeout()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(database.name, u"CREATE TABLE t (id int)"_s);
    const auto holder = sessionFor(database);
    QVERIFY(holder->execute(u"BEGIN"_s) && holder->execute(u"SELECT * FROM t"_s));
    const auto error =
        failureOf(*sessionFor(database), {u"SET lock_timeout = '30ms'"_s, u"ALTER TABLE t ADD x int"_s});
    QCOMPARE(error->sqlState, u"55P03"_s);
    QVERIFY(meaningOf(*error).passing);
    QVERIFY2(error->hint.contains(u"Wait for the session that holds it"_s), qPrintable(error->hint));
    const auto nowait =
        failureOf(*sessionFor(database), {u"BEGIN"_s, u"LOCK TABLE t IN ACCESS EXCLUSIVE MODE NOWAIT"_s});
    QCOMPARE(nowait->sqlState, u"55P03"_s);
}

void TestErrorTranslation::deadlock()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(database.name, u"CREATE TABLE a (); CREATE TABLE b ()"_s);
    const auto session = sessionFor(database);
    QVERIFY(session->execute(u"BEGIN; LOCK TABLE a"_s));
    // The other one never looks for a deadlock itself, so it is ours that is ended.
    std::jthread other([&] {
        TestCluster::instance().execute(
            database.name, u"SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE b; LOCK TABLE a; COMMIT"_s);
    });
    const QString waiting = u"SELECT 1 FROM pg_locks WHERE relation = 'a'::regclass AND NOT granted"_s;
    QTRY_VERIFY_WITH_TIMEOUT(!session->query(waiting).value_or(QList<QVariantList>()).isEmpty(), 20000);
    const auto error = failureOf(*session, {u"SET deadlock_timeout = '10ms'"_s, u"LOCK TABLE b"_s});
    QVERIFY(session->execute(u"ROLLBACK"_s));
    QVERIFY(error.has_value());
    QCOMPARE(error->sqlState, u"40P01"_s);
    QVERIFY(meaningOf(*error).passing);
    QVERIFY(meaningOf(*error).what.contains(u"waited for each other"_s));
}

void TestErrorTranslation::serialization()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(database.name, u"CREATE TABLE t AS SELECT 1 AS id"_s);
    const auto session = sessionFor(database);
    QVERIFY(session->execute(u"BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t"_s));
    TestCluster::instance().execute(database.name, u"UPDATE t SET id = 2"_s);
    const auto error = failureOf(*session, {u"UPDATE t SET id = 3"_s});
    QCOMPARE(error->sqlState, u"40001"_s);
    QVERIFY(meaningOf(*error).passing);
}

void TestErrorTranslation::usedByOthers()
{
    const TestDatabase used = TestCluster::instance().newDatabase();
    const TestDatabase database = TestCluster::instance().newDatabase();
    const auto user = sessionFor(used);
    const auto error = failureOf(*sessionFor(database), {u"DROP DATABASE %1"_s.arg(used.name)});
    QCOMPARE(error->sqlState, u"55006"_s);
    QCOMPARE(meaningOf(*error).what, u"%1 is in use by other sessions."_s.arg(used.name));
    QVERIFY(meaningOf(*error).passing);
}

void TestErrorTranslation::pendingInAnyLanguage()
{
    // A server that speaks another language: names come from the place, cases from names of settings.
    const Error german{.message = u"Revision a failed: Shared Memory erschöpft."_s,
                       .detail = u"TIPP:  Sie müssen vielleicht »max_locks_per_transaction« erhöhen."_s,
                       .sqlState = u"53200"_s};
    QCOMPARE(meaningOf(german).what, u"The server's table of locks is full."_s);
    const Error unique{.message = u"konnte Unique Index »i« nicht erstellen"_s,
                       .sqlState = u"23505"_s,
                       .statement = u"CREATE UNIQUE INDEX i ON \"app-x\".\"Order Items\" (a)"_s,
                       .place = {.schema = u"app-x"_s, .table = u"Order Items"_s, .constraint = u"i"_s}};
    QCOMPARE(meaningOf(unique).what,
             u"app-x.Order Items holds rows with the same key, so i cannot be built."_s);
}

void TestErrorTranslation::damagedPage()
{
    TestCluster &cluster = TestCluster::instance();
    const TestDatabase database = cluster.newDatabase();
    cluster.execute(database.name, u"CREATE TABLE t AS SELECT 1 AS id"_s);
    cluster.execute(database.name, u"CHECKPOINT"_s);
    const QString path =
        cluster
            .rows(database.name,
                  u"SELECT current_setting('data_directory') || '/' || pg_relation_filepath('t')"_s)
            .first();
    cluster.stopServer();
    QFile file(path);
    QVERIFY2(file.open(QIODevice::ReadWrite), qPrintable(path));
    QVERIFY(file.write(QByteArray(200, 'x')) == 200);
    file.close();
    cluster.startServer();
    const auto error = failureOf(*sessionFor(database), {u"SELECT * FROM t"_s});
    QVERIFY(error.has_value());
    QCOMPARE(error->sqlState, u"XX001"_s);
    QVERIFY2(error->hint.contains(u"Stop."_s), qPrintable(error->hint));
    QVERIFY(!meaningOf(*error).passing);
}

void TestErrorTranslation::refusedConnections()
{
    const TestDatabase database = TestCluster::instance().newDatabase();
    ConnectionSettings nobody = database.settings;
    nobody.user = u"nobody_at_all"_s;
    const auto role = DatabaseSession::open(nobody, {});
    QCOMPARE(role.error().sqlState, u"28000"_s);
    QVERIFY(meaningOf(role.error()).what.contains(u"does not let this role in"_s));
    ConnectionSettings nowhere = database.settings;
    nowhere.database = u"nowhere"_s;
    const auto missing = DatabaseSession::open(nowhere, {});
    QCOMPARE(missing.error().sqlState, u"3D000"_s);
    QVERIFY(meaningOf(missing.error()).what.contains(u"no such database"_s));
}

void TestErrorTranslation::leavesValuesOut_data()
{
    QTest::addColumn<QString>("statement");
    QTest::addColumn<QString>("message");
    QTest::newRow("text") << u"SELECT 'secret \"x\"'::int"_s
                          << u"invalid input syntax for type integer: \"…\""_s;
    QTest::newRow("enum") << u"CREATE TYPE m AS ENUM ('a'); SELECT 'secret'::m"_s
                          << u"invalid input value for enum m: \"…\""_s;
    QTest::newRow("number") << u"SELECT '99999999999'::int"_s
                            << u"value \"…\" is out of range for type integer"_s;
    QTest::newRow("date") << u"SELECT 'secret'::date"_s << u"invalid input syntax for type date: \"…\""_s;
    QTest::newRow("array") << u"SELECT '{secret'::int[]"_s << u"malformed array literal: \"…\""_s;
    QTest::newRow("names stay") << u"SELECT 1 FROM \"secret: \"\"x\"\"\""_s
                                << u"relation \"secret: \"x\"\" does not exist"_s;
}

void TestErrorTranslation::leavesValuesOut()
{
    QFETCH(QString, statement);
    QFETCH(QString, message);
    const TestDatabase database = TestCluster::instance().newDatabase();
    const auto error = failureOf(*sessionFor(database), {statement});
    QCOMPARE(error->message, u"The database refused a statement: "_s + message);
    QVERIFY2(error->detail.contains(u"secret"_s) || error->detail.contains(u"9999"_s),
             qPrintable(error->detail));
}

void TestErrorTranslation::otherErrorsStayAsTheyAre()
{
    const Error error{.kind = ErrorKind::FileError, .message = u"No file."_s, .hint = u"Look."_s};
    QCOMPARE(meaningOf(error), ErrorMeaning());
    QCOMPARE(translated(error), error);
}

QTEST_GUILESS_MAIN(TestErrorTranslation)
#include "tst_errortranslation.moc"
