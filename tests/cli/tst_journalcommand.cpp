// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/moment.h"
#include "app/secretstore.h"
#include "migrations/journal/journaljson.h"
#include "migrations/journal/sharedjournal.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace stepwell;
using namespace stepwell::cli;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct Ran {
    int code = -1;
    QString out;
    QString err;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

JournalEntry sample(const QString &workspace)
{
    JournalEntry entry;
    entry.target = {u"production"_s, u"main"_s};
    entry.workspace = workspace;
    entry.databaseText = u"migrator@db1:5432/backend"_s;
    entry.who = u"ada@desk"_s;
    entry.steps = {JournalStep{.revision = RevisionId(u"aaaa1"_s), .message = u"Create one"_s}};
    return entry;
}

} // namespace

class tst_JournalCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_project = std::make_unique<ScratchProject>(QString());
        m_database = TestCluster::instance().newDatabase();
        writeFile(m_project->directory() + u"/stepwell.toml"_s,
                  u"version = 1\n[workspace]\nname = \"Test\"\n[component.main]\nconfig = \"alembic.ini\"\n"
                  "[environment.production]\n[environment.production.database.main]\nurl = \"%1\"\n"_s.arg(
                      m_database.url));
        qputenv("STEPWELL_JOURNAL", QString(m_project->directory() + u"/journal.sqlite"_s).toLocal8Bit());
    }

    void cleanup() { qunsetenv("STEPWELL_JOURNAL"); }

    void lists()
    {
        QCOMPARE(run({}).out, u"Nothing was run yet.\n"_s);
        fill();
        const Ran all = run({});
        QCOMPARE(all.code, 0);
        QCOMPARE(all.out.count(u'\n'), 4);
        QVERIFY(all.out.contains(u"failed-with-changes"_s));
        const QJsonArray runs = run({u"--format"_s, u"json"_s}).json()["runs"_L1].toArray();
        QCOMPARE(runs.size(), 3);
        QVERIFY(runs[2]["steps"_L1][0]["statements"_L1].isUndefined());
        QCOMPARE(runs[2]["steps"_L1][0]["statement_count"_L1].toInteger(), 2);
        const QString csv = run({u"--format"_s, u"csv"_s}).out;
        QCOMPARE(csv.count(u"\r\n"_s), 4);
        QVERIFY(csv.startsWith(u"\"id\",\"uid\","_s));
    }

    void filters_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("target") << QStringList{u"production/main"_s} << QStringList({u"3"_s, u"2"_s, u"1"_s});
        QTest::newRow("limit") << QStringList{u"--limit"_s, u"1"_s} << QStringList{u"3"_s};
        QTest::newRow("outcome") << QStringList{u"--outcome"_s, u"done"_s} << QStringList{u"2"_s};
        QTest::newRow("rollbacks") << QStringList{u"--kind"_s, u"rollback"_s} << QStringList{u"2"_s};
        QTest::newRow("downgrades") << QStringList{u"--kind"_s, u"downgrade"_s} << QStringList{u"2"_s};
        QTest::newRow("since") << QStringList{u"--since"_s, u"7d"_s} << QStringList({u"3"_s, u"2"_s});
        QTest::newRow("until") << QStringList{u"--until"_s, u"7d"_s} << QStringList{u"1"_s};
        QTest::newRow("both") << QStringList{u"--since"_s, u"7d"_s, u"--until"_s, u"1d"_s}
                              << QStringList{u"2"_s};
        QTest::newRow("a statement") << QStringList{u"--search"_s, u"create table ONE"_s}
                                     << QStringList{u"1"_s};
        QTest::newRow("the oldest that matches")
            << QStringList{u"--search"_s, u"ONE"_s,       u"--limit"_s,
                           u"1"_s,        u"--outcome"_s, u"failed-with-changes"_s}
            << QStringList{u"1"_s};
        QTest::newRow("nothing") << QStringList{u"--search"_s, u"no such text"_s} << QStringList();
    }
    void filters()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, expected);
        fill();
        const Ran ran = run(arguments + QStringList{u"--format"_s, u"json"_s});
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        QStringList ids;
        const QJsonArray runs = ran.json()["runs"_L1].toArray();
        for (const QJsonValue &each : runs)
            ids += each["note"_L1].toString();
        QCOMPARE(ids, expected);
        if (expected.isEmpty())
            QCOMPARE(run(arguments).out, u"No run fits.\n"_s);
    }

    void oneRun()
    {
        fill();
        const QString text = run({u"--entry"_s, u"1"_s}).out;
        for (const QString &part :
             {u"failed-with-changes: It failed."_s, u"left behind: an index"_s, u"CREATE TABLE one"_s,
              u"1.500 s"_s, u"7 rows"_s, u"FAILED"_s, u"approved by Grace"_s,
              u"restart systemctl restart x"_s, u"NOT OK"_s, u"It does not run."_s, u"| \ufffd[31mERROR"_s})
            QVERIFY2(text.contains(part), qPrintable(part + u'\n' + text));
        QVERIFY(!text.contains(QChar(0x1b))); // a log does not steer the terminal
        const QJsonObject json =
            run({u"--id"_s, u"1"_s, u"--format"_s, u"json"_s}).json()["run"_L1].toObject();
        QCOMPARE(json["steps"_L1][0]["statements"_L1][0]["sql"_L1].toString(),
                 u"CREATE TABLE one (\n  id int)"_s);
        QCOMPARE(json["left_behind"_L1][0].toString(), u"an index"_s);
        QCOMPARE(json["after"_L1][0]["ok"_L1].toBool(true), false);
        const QString file = m_project->directory() + u"/run.html"_s;
        QCOMPARE(run({u"--entry"_s, u"1"_s, u"--html"_s, file}).code, 0);
        QVERIFY(readFile(file).contains("<!DOCTYPE html>"));
        QCOMPARE(run({u"--entry"_s, u"99"_s}).code, 2);
        QVERIFY(run({u"--entry"_s, u"1"_s, u"--html"_s, u"/nowhere/at/all.html"_s}).code != 0);
    }

    void wrongWords_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("text");
        QTest::newRow("outcome") << QStringList{u"--outcome"_s, u"good"_s} << u"failed-rolled-back"_s;
        QTest::newRow("kind") << QStringList{u"--kind"_s, u"up"_s} << u"upgrade"_s;
        QTest::newRow("since") << QStringList{u"--since"_s, u"yesterday"_s} << u"--since cannot be"_s;
        QTest::newRow("until") << QStringList{u"--until"_s, u"2026-13-01"_s} << u"--until cannot be"_s;
        QTest::newRow("report of what") << QStringList{u"--html"_s, u"x.html"_s} << u"--entry"_s;
        QTest::newRow("shared number") << QStringList{u"--shared"_s, u"--entry"_s, u"1"_s} << u"no number"_s;
        QTest::newRow("one run as CSV")
            << QStringList{u"--entry"_s, u"1"_s, u"--format"_s, u"csv"_s} << u"CSV"_s;
        QTest::newRow("shared, where") << QStringList{u"--shared"_s} << u"Name the target"_s;
    }
    void wrongWords()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, text);
        const Ran ran = run(arguments);
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains(text), qPrintable(ran.err));
    }

    void csvIsOfTheJournalOnly()
    {
        QVERIFY(!parseOptions({u"status"_s, u"--format"_s, u"csv"_s}));
        QVERIFY(!parseOptions({u"lint"_s, u"--format"_s, u"csv"_s}));
        QVERIFY(!parseOptions({u"journal"_s, u"--format"_s, u"sarif"_s}));
        QVERIFY(parseOptions({u"journal"_s, u"--format"_s, u"csv"_s}));
    }

    void sharedRuns()
    {
        const Ran none = run({u"--shared"_s, u"production/main"_s});
        QCOMPARE(none.code, 7);
        QVERIFY2(none.err.contains(u"no journal of the team"_s), qPrintable(none.err));
        {
            auto session = DatabaseSession::open(m_database.settings, {});
            QVERIFY(session.has_value());
            const auto shared = SharedJournal::open(std::move(*session), true);
            QVERIFY(shared.has_value());
            JournalEntry other = sample(u"/elsewhere"_s);
            other.uid = u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s;
            other.who = u"grace@laptop"_s;
            other.started = QDateTime::currentDateTimeUtc();
            QVERIFY((*shared)->add(other.uid, u"begin"_s, beginToJson(other)).has_value());
            QVERIFY((*shared)
                        ->add(other.uid, u"finish"_s, finishToJson(Outcome::Done, {}, u"Upgraded."_s, {}))
                        .has_value());
        }
        const Ran text = run({u"--shared"_s, u"production/main"_s});
        QVERIFY2(text.code == 0, qPrintable(text.err));
        QVERIFY(text.out.contains(u"grace@laptop"_s));
        const QJsonValue json = run({u"--shared"_s, u"production/main"_s, u"--format"_s, u"json"_s,
                                     u"--outcome"_s, u"done"_s, u"--search"_s, u"GRACE"_s})
                                    .json()["runs"_L1];
        QCOMPARE(json[0]["uid"_L1].toString(), u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s);
        QVERIFY(json[0]["id"_L1].isNull());
    }

    void moments_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("last");
        const auto row = [](const QString &text, const QString &first, const QString &last = {}) {
            QTest::addRow("%s", qPrintable(text)) << text << first << (last.isNull() ? first : last);
        };
        row(u"2026-11-20"_s, u"2026-11-20T00:00:00.000"_s, u"2026-11-20T23:59:59.999"_s);
        row(u"2026-11-20 14:06"_s, u"2026-11-20T14:06:00.000"_s);
        row(u"2026-11-20T14:06:32"_s, u"2026-11-20T14:06:32.000"_s);
        row(u"90min"_s, u"2026-11-22T10:30:00.000"_s);
        row(u"36h"_s, u"2026-11-21T00:00:00.000"_s);
        row(u"7d"_s, u"2026-11-15T12:00:00.000"_s);
        row(u"2 w"_s, u"2026-11-08T12:00:00.000"_s);
        for (const QString &text : {u"7"_s, u"7y"_s, u"-7d"_s, u"20.11.2026"_s, u"2026-11-31"_s,
                                    u"2026-11-20 25:00"_s, u"999999999w"_s, u"2026-11"_s, u"now"_s})
            row(text, u""_s);
    }
    void moments()
    {
        QFETCH(QString, text);
        QFETCH(QString, first);
        QFETCH(QString, last);
        const QDateTime now(QDate(2026, 11, 22), QTime(12, 0));
        const auto told = [&](DayEnd end) {
            const auto moment = parseMoment(u"--since"_s, text, end, now);
            return moment ? moment->toString(Qt::ISODateWithMs) : u""_s;
        };
        QCOMPARE(told(DayEnd::First), first);
        QCOMPARE(told(DayEnd::Last), last);
    }

private:
    Ran run(const QStringList &arguments)
    {
        const auto options =
            parseOptions(QStringList{u"journal"_s, u"--workspace"_s, m_project->directory()} + arguments);
        if (!options)
            return {.code = 2, .err = toText(options.error())};
        Ran ran;
        QTextStream out(&ran.out);
        QTextStream err(&ran.err);
        CommandContext context(*options, {.out = &out, .err = &err}, m_secrets);
        ran.code = journalCommand(context);
        return ran;
    }

    /// By their notes, 1: ten days ago, failed; 2: three days ago, a rollback; 3: now, still open.
    void fill()
    {
        const auto journal = Journal::open(defaultJournalPath());
        QVERIFY(journal.has_value());
        JournalEntry entry = sample(m_project->directory());
        const QDateTime now = QDateTime::currentDateTimeUtc();
        entry.started = now.addDays(-10);
        entry.note = u"1"_s;
        const qint64 failed = (*journal)->begin(entry).value();
        QVERIFY((*journal)->reviewed(failed, {JournalSignOff{.approvedBy = {u"Grace"_s}}}).has_value());
        QVERIFY((*journal)
                    ->stepFinished(failed, 0,
                                   {.state = StepState::Failed,
                                    .duration = 1600ms,
                                    .error = u"no such table"_s,
                                    .statements = {{.text = u"CREATE TABLE one (\n  id int)"_s,
                                                    .duration = 1500ms,
                                                    .rows = 7},
                                                   {.text = u"SELECT 1"_s, .ok = false}}})
                    .has_value());
        QVERIFY((*journal)
                    ->finish(failed, Outcome::FailedWithChanges, {}, u"It failed."_s, {u"an index"_s})
                    .has_value());
        QVERIFY((*journal)
                    ->afterwards(failed, {{.what = u"systemctl restart x"_s,
                                           .ok = false,
                                           .text = u"It does not run."_s,
                                           .lines = {u"\x1b[31mERROR"_s}}})
                    .has_value());
        entry.started = now.addDays(-3);
        entry.note = u"2"_s;
        entry.kind = RunKind::Downgrade;
        QVERIFY(
            (*journal)->finish((*journal)->begin(entry).value(), Outcome::Done, {}, u"Back."_s).has_value());
        entry.started = now;
        entry.note = u"3"_s;
        entry.kind = RunKind::Upgrade;
        QVERIFY((*journal)->begin(entry).has_value());
    }

    SecretStore m_secrets;
    std::unique_ptr<ScratchProject> m_project;
    TestDatabase m_database;
};

QTEST_GUILESS_MAIN(tst_JournalCommand)
#include "tst_journalcommand.moc"
