// SPDX-License-Identifier: MIT
#include "migrations/journal/sharedjournal.h"

#include "migrations/journal/journaljson.h"
#include "tests/support/testcluster.h"

#include <QTemporaryDir>
#include <QTest>

#include <latch>
#include <thread>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<DatabaseSession> session(ConnectionSettings settings, const QString &user = {})
{
    if (!user.isEmpty())
        settings.user = user;
    auto opened = DatabaseSession::open(settings, {});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    return std::move(*opened);
}

JournalEntry sample()
{
    JournalEntry entry;
    entry.target = {u"production"_s, u"manager"_s};
    entry.databaseText = u"migrator@db1:5432/backend"_s;
    entry.steps = {JournalStep{.revision = RevisionId(u"b"_s), .message = u"Drop «it»\nnow"_s}};
    return entry;
}

QByteArray why(const Error &error)
{
    return toText(error).toUtf8();
}

} // namespace

class tst_SharedJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
        m_database = TestCluster::instance().newDatabase();
    }

    void mirrorsARun()
    {
        const std::unique_ptr<Journal> local = openLocal();
        const auto shared = open(true);
        QStringList failures;
        local->setMirror([&](const QString &uid, const QString &event, const QJsonObject &content) {
            if (const auto added = shared->add(uid, event, content); !added)
                failures += toText(added.error());
        });
        const qint64 id = local->begin(sample()).value();
        QVERIFY(local->stepStarted(id, 0).has_value());
        QVERIFY(local
                    ->stepFinished(id, 0,
                                   {.state = StepState::Done,
                                    .duration = 12ms,
                                    .statements = {{.text = u"DROP TABLE it"_s}}})
                    .has_value());
        QVERIFY(local->reviewed(id, {JournalSignOff{.approvedBy = {u"Grace"_s}}}).has_value());
        QVERIFY(local->backupMade(id, {.file = u"/b/x.dump"_s, .size = 5}).has_value());
        QVERIFY(local
                    ->finish(id, Outcome::FailedWithChanges, {RevisionId(u"b"_s)}, u"It failed."_s,
                             {u"an index"_s})
                    .has_value());
        QVERIFY(local->afterwards(id, {{.what = u"restart"_s, .lines = {u"one"_s}}}).has_value());
        QCOMPARE(failures, QStringList());

        auto entries = open(false)->entries();
        QVERIFY2(entries, entries ? "" : why(entries.error()));
        QCOMPARE(entries->size(), 1);
        JournalEntry expected = local->entry(id).value();
        QCOMPARE(expected.steps.first().statements.size(), 1);
        expected.id = 0;
        // These stay with the one who ran them.
        expected.steps.first().statements.clear();
        expected.leftBehind = {u"1 statements or indexes; the journal of who ran it names them"_s};
        QCOMPARE(expected.after.first().lines.size(), 1);
        expected.after.first().lines.clear();
        JournalEntry found = entries->first();
        QVERIFY(qAbs(found.finished.secsTo(expected.finished)) < 30);
        QVERIFY(qAbs(found.steps[0].started.secsTo(expected.steps[0].started)) < 30);
        found.finished = expected.finished; // by the clock of the server
        found.steps[0].started = expected.steps[0].started;
        QCOMPARE(found, expected);
        QCOMPARE(
            TestCluster::instance().rows(
                m_database.name,
                u"SELECT count(*), count(DISTINCT uid), min(role), count(*) FILTER (WHERE content::text LIKE "
                "'%DROP TABLE%') FROM stepwell.journal"_s),
            QStringList{u"7|1|stepwell|0"_s});
    }

    /// A run that was begun by an instance that is gone is told with its uid all the same.
    void mirrorsARunOfBefore()
    {
        const qint64 id = openLocal()->begin(sample()).value();
        const std::unique_ptr<Journal> local = openLocal();
        QStringList told;
        local->setMirror([&told](const QString &uid, const QString &event, const QJsonObject &) {
            told += QString(uid + u' ' + event);
        });
        QVERIFY(local->finish(id, Outcome::Done, {}, {}).has_value());
        const QString uid = local->entry(id)->uid;
        QVERIFY(!uid.isEmpty());
        QVERIFY(!local->finish(999, Outcome::Done, {}, {})); // not written, not told
        QVERIFY(!local->stepStarted(0, 0));
        QCOMPARE(told, QStringList{QString(uid + u" finish"_s)});
    }

    void filters()
    {
        const auto shared = open(true);
        const QDateTime start = QDateTime::fromString(u"2026-11-01T00:00:00.000Z"_s, Qt::ISODateWithMs);
        const auto add = [&](int number, const QString &component, RunKind kind, Outcome outcome) {
            JournalEntry entry = sample();
            entry.uid = u"00000000-0000-0000-0000-%1"_s.arg(number, 12, 10, QChar(u'0'));
            entry.target.component = component;
            entry.kind = kind;
            entry.who = u"who%1@desk"_s.arg(number);
            entry.started = start.addDays(number);
            QVERIFY(shared->add(entry.uid, u"begin"_s, beginToJson(entry)).has_value());
            if (outcome != Outcome::Running)
                QVERIFY(shared->add(entry.uid, u"finish"_s, finishToJson(outcome, {}, u"Ended."_s, {}))
                            .has_value());
        };
        add(1, u"manager"_s, RunKind::Upgrade, Outcome::Done);
        add(2, u"proxy"_s, RunKind::Upgrade, Outcome::Done);
        add(3, u"manager"_s, RunKind::Downgrade, Outcome::Cancelled);
        add(4, u"manager"_s, RunKind::Upgrade, Outcome::Running);
        const auto found = [&shared](const JournalFilter &filter) {
            QStringList numbers;
            const auto entries = shared->entries(filter);
            if (!entries)
                return QStringList{toText(entries.error())};
            for (const JournalEntry &entry : *entries)
                numbers += entry.uid.last(1);
            return numbers;
        };
        using List = QStringList;
        QCOMPARE(found({}), List({u"4"_s, u"3"_s, u"2"_s, u"1"_s}));
        QCOMPARE(found({.limit = 2}), List({u"4"_s, u"3"_s}));
        QCOMPARE(found({.target = TargetId{u"production"_s, u"manager"_s}}), List({u"4"_s, u"3"_s, u"1"_s}));
        QCOMPARE(found({.kind = RunKind::Downgrade}), List{u"3"_s});
        QCOMPARE(found({.outcome = Outcome::Done}), List({u"2"_s, u"1"_s}));
        QCOMPARE(found({.limit = 1, .outcome = Outcome::Done}), List{u"2"_s}); // of what matches
        QCOMPARE(found({.outcome = Outcome::Running}), List{u"4"_s});
        QCOMPARE(found({.since = start.addDays(2), .until = start.addDays(3)}), List({u"3"_s, u"2"_s}));
        QCOMPARE(found({.text = u"WHO1"_s}), List{u"1"_s});
        QCOMPARE(found({.text = u"no such thing"_s}), List());
    }

    void pagesOfRuns()
    {
        const auto shared = open(true);
        TestCluster::instance().execute(
            m_database.name,
            u"INSERT INTO stepwell.journal (uid, kind, content) SELECT ('00000000-0000-0000-0000-' || "
            u"lpad(n::text, "
            "12, '0'))::uuid, 'begin', jsonb_build_object('who', 'n' || n, 'kind', 'upgrade') "
            "FROM generate_series(1, 450) n"_s);
        QCOMPARE(shared->entries({.limit = 1000})->size(), 450);
        QCOMPARE(shared->entries({.limit = 201})->size(), 201);
        const auto oldest = shared->entries({.limit = 1, .text = u"n1"_s});
        QCOMPARE(oldest->first().who, u"n199"_s); // the newest of those that match
        const auto first = shared->entries({.limit = 1000, .text = u"n1"_s});
        QCOMPARE(first->last().who, u"n1"_s);
    }

    void appendOnly_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("update") << u"UPDATE stepwell.journal SET content = '{}'"_s;
        QTest::newRow("update of nothing") << u"UPDATE stepwell.journal SET content = '{}' WHERE false"_s;
        QTest::newRow("delete") << u"DELETE FROM stepwell.journal"_s;
        QTest::newRow("truncate") << u"TRUNCATE stepwell.journal"_s;
        QTest::newRow("truncate from above") << u"TRUNCATE stepwell.journal CASCADE"_s;
        QTest::newRow("upsert")
            << u"INSERT INTO stepwell.journal (number, uid, kind, content) OVERRIDING SYSTEM VALUE VALUES "
               u"(1, "
               "gen_random_uuid(), 'begin', '{}') ON CONFLICT (number) DO UPDATE SET content = '{}'"_s;
        QTest::newRow("merge")
            << u"MERGE INTO stepwell.journal USING (SELECT 1 AS n) AS s ON number = n WHEN MATCHED THEN DELETE"_s;
        QTest::newRow("as a replica")
            << u"SET session_replication_role = replica; DELETE FROM stepwell.journal"_s;
    }
    void appendOnly()
    {
        QFETCH(QString, sql);
        const auto shared = open(true);
        QVERIFY(shared->add(u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s, u"begin"_s, beginToJson(sample()))
                    .has_value());
        const auto raw = session(m_database.settings);
        const auto done = raw->execute(sql);
        QVERIFY(!done);
        QVERIFY2(done.error().detail.contains(u"append-only"_s), why(done.error()));
        QCOMPARE(shared->entries()->first().target.component, u"manager"_s);
    }

    void nobodyWritesInAnothersName()
    {
        const auto shared = open(true);
        TestCluster::instance().execute(m_database.name,
                                        u"INSERT INTO stepwell.journal (uid, kind, content, role, time) "
                                        u"VALUES (gen_random_uuid(), 'begin', '{}', "
                                        "'postgres', '2001-01-01')"_s);
        QCOMPARE(TestCluster::instance().rows(m_database.name,
                                              u"SELECT role, time > '2020-01-01' FROM stepwell.journal"_s),
                 QStringList{u"stepwell|t"_s});
    }

    void noTable()
    {
        const auto shared = SharedJournal::open(session(m_database.settings), false);
        QVERIFY(!shared);
        QCOMPARE(shared.error().kind, ErrorKind::Refused);
        QVERIFY(shared.error().hint.contains(u"journal = \"shared\""_s));
        QCOMPARE(TestCluster::instance().rows(
                     m_database.name, u"SELECT count(*) FROM pg_namespace WHERE nspname = 'stepwell'"_s),
                 QStringList{u"0"_s});
    }

    void anotherTable()
    {
        TestCluster::instance().execute(
            m_database.name, u"CREATE SCHEMA stepwell; CREATE TABLE stepwell.journal (entry text)"_s);
        const auto shared = SharedJournal::open(session(m_database.settings), true);
        QVERIFY(!shared);
        QCOMPARE(shared.error().kind, ErrorKind::Refused);
        QVERIFY(shared.error().message.contains(u"not the journal"_s));
    }

    /// Another role of the team: told what to ask for, and with that it works.
    void anotherRole()
    {
        const QString role = u"Team %1"_s.arg(m_database.name); // needs quotes
        const QString quoted = u"\"%1\""_s.arg(role);
        TestCluster::instance().execute(m_database.name, u"CREATE ROLE %1 LOGIN"_s.arg(quoted));
        const auto refused = [&](bool create) {
            const auto shared = SharedJournal::open(session(m_database.settings, role), create);
            return shared ? Error{} : shared.error();
        };
        const auto grant = [&](const Error &error) {
            QCOMPARE(error.kind, ErrorKind::DatabaseError);
            QVERIFY2(error.message.contains(quoted), why(error));
            const qsizetype start = error.hint.indexOf(u"GRANT"_s);
            QVERIFY2(start >= 0, why(error));
            // What the hint says, word for word, up to what it offers instead.
            TestCluster::instance().execute(m_database.name,
                                            error.hint.sliced(start).section(u" or for: "_s, 0, 0));
        };
        grant(refused(true)); // CREATE on the database
        {
            const auto shared = SharedJournal::open(session(m_database.settings, role), true);
            QVERIFY2(shared, shared ? "" : why(shared.error()));
            QVERIFY((*shared)
                        ->add(u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s, u"begin"_s, beginToJson(sample()))
                        .has_value());
        }
        const QString other = u"reader_%1"_s.arg(m_database.name);
        TestCluster::instance().execute(m_database.name, u"CREATE ROLE %1 LOGIN"_s.arg(other));
        const auto reader = SharedJournal::open(session(m_database.settings, other), false);
        QVERIFY(!reader);
        QVERIFY2(reader.error().hint.contains(role), why(reader.error())); // whom to ask: the owner
        TestCluster::instance().execute(m_database.name,
                                        reader.error().hint.sliced(reader.error().hint.indexOf(u"GRANT"_s)));
        const auto allowed = SharedJournal::open(session(m_database.settings, other), true);
        QVERIFY2(allowed, allowed ? "" : why(allowed.error()));
        QVERIFY((*allowed)
                    ->add(u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s, u"finish"_s,
                          finishToJson(Outcome::Done, {}, {}, {}))
                    .has_value());
        QCOMPARE((*allowed)->entries()->first().outcome, Outcome::Done);
        QCOMPARE(TestCluster::instance().rows(m_database.name,
                                              u"SELECT role FROM stepwell.journal ORDER BY number"_s),
                 QStringList({role, other}));
        TestCluster::instance().execute(m_database.name,
                                        u"REVOKE INSERT ON stepwell.journal FROM %1"_s.arg(other));
        QVERIFY(SharedJournal::open(session(m_database.settings, other), false).has_value());
        const auto readOnly = SharedJournal::open(session(m_database.settings, other), true);
        QVERIFY(!readOnly);
        QVERIFY2(readOnly.error().message.contains(u"write"_s), why(readOnly.error()));
    }

    /// A schema that the owner of the database made for the team is enough.
    void schemaThatIsThere()
    {
        const QString role = u"migrator_%1"_s.arg(m_database.name);
        TestCluster::instance().execute(
            m_database.name, u"CREATE ROLE %1 LOGIN; CREATE SCHEMA stepwell AUTHORIZATION %1"_s.arg(role));
        const auto shared = SharedJournal::open(session(m_database.settings, role), true);
        QVERIFY2(shared, shared ? "" : why(shared.error()));
        TestCluster::instance().execute(
            m_database.name, u"DROP TABLE stepwell.journal; ALTER SCHEMA stepwell OWNER TO stepwell"_s);
        const auto refused = SharedJournal::open(session(m_database.settings, role), true);
        QVERIFY(!refused);
        QVERIFY2(refused.error().hint.contains(u"ON SCHEMA stepwell TO "_s + role), why(refused.error()));
    }

    void severalAtOnce()
    {
        constexpr int sessions = 8;
        for (int round = 0; round < 5; ++round) {
            const TestDatabase database = TestCluster::instance().newDatabase();
            std::latch ready(sessions);
            QStringList errors(sessions);
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i < sessions; ++i)
                    threads.emplace_back([&ready, &database, &error = errors[i]] {
                        auto own = session(database.settings);
                        ready.arrive_and_wait();
                        const auto shared = SharedJournal::open(std::move(own), true);
                        if (!shared)
                            error = toText(shared.error());
                        else if (const auto added = (*shared)->add(u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s,
                                                                   u"begin"_s, beginToJson(sample()));
                                 !added)
                            error = toText(added.error());
                    });
            }
            QCOMPARE(errors, QStringList(sessions));
            QCOMPARE(TestCluster::instance().rows(database.name, u"SELECT count(*) FROM stepwell.journal"_s),
                     QStringList{QString::number(sessions)});
        }
    }

private:
    [[nodiscard]] std::unique_ptr<Journal> openLocal() const
    {
        auto journal = Journal::open(m_folder->filePath(u"journal.sqlite"_s));
        if (!journal)
            qFatal("%s", qPrintable(toText(journal.error())));
        return std::move(*journal);
    }
    [[nodiscard]] std::unique_ptr<SharedJournal> open(bool create) const
    {
        auto shared = SharedJournal::open(session(m_database.settings), create);
        if (!shared)
            qFatal("%s", qPrintable(toText(shared.error())));
        return std::move(*shared);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    TestDatabase m_database;
};

QTEST_GUILESS_MAIN(tst_SharedJournal)
#include "tst_sharedjournal.moc"
