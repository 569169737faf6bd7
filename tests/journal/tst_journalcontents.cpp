// SPDX-License-Identifier: MIT
// What the journal keeps of a run, and what of it is found again.
#include "migrations/journal/journal.h"

#include "tests/support/testfiles.h"

#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_JournalContents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void findsByKindOutcomeAndTime();
    void findsText_data();
    void findsText();
    void keepsStatements();
    void keepsNoPasswords();
    void tellsWhatWasDoneAfterwards();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"journal.sqlite"_s); }
    [[nodiscard]] std::unique_ptr<Journal> open() const
    {
        auto journal = Journal::open(path());
        if (!journal)
            qFatal("%s", qPrintable(toText(journal.error())));
        return std::move(*journal);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

JournalEntry sample()
{
    JournalEntry entry;
    entry.target = {u"production"_s, u"manager"_s};
    entry.workspace = u"/srv/backend"_s;
    entry.steps = {JournalStep{.revision = RevisionId(u"c"_s), .message = u"first"_s},
                   JournalStep{.revision = RevisionId(u"b"_s), .message = u"second"_s}};
    return entry;
}

QList<qint64> numbers(const Journal &journal, const JournalFilter &filter)
{
    QList<qint64> found;
    const auto entries = journal.entries(filter).value();
    for (const JournalEntry &entry : entries)
        found += entry.id;
    return found;
}

} // namespace

void tst_JournalContents::findsByKindOutcomeAndTime()
{
    const auto journal = open();
    const QDateTime start = QDateTime::fromString(u"2026-11-01T00:00:00.000Z"_s, Qt::ISODateWithMs);
    QList<qint64> ids;
    for (const RunKind kind : {RunKind::Upgrade, RunKind::Downgrade, RunKind::Stamp, RunKind::Upgrade}) {
        JournalEntry entry = sample();
        entry.kind = kind;
        entry.started = start.addDays(ids.size());
        ids += journal->begin(entry).value();
    }
    QVERIFY(journal->finish(ids[0], Outcome::Unknown, {}, {}).has_value());
    QVERIFY(journal->finish(ids[0], Outcome::Done, {}, {}).has_value()); // the later end counts
    QVERIFY(journal->finish(ids[2], Outcome::Done, {}, {}).has_value());
    using List = QList<qint64>;
    QCOMPARE(numbers(*journal, {.kind = RunKind::Upgrade}), List({ids[3], ids[0]}));
    QCOMPARE(numbers(*journal, {.kind = RunKind::Stamp}), List{ids[2]});
    QCOMPARE(numbers(*journal, {.outcome = Outcome::Done}), List({ids[2], ids[0]}));
    QCOMPARE(numbers(*journal, {.outcome = Outcome::Unknown}), List());
    QCOMPARE(numbers(*journal, {.outcome = Outcome::Running}), List({ids[3], ids[1]}));
    QCOMPARE(numbers(*journal, {.since = start.addDays(1)}), List({ids[3], ids[2], ids[1]}));
    QCOMPARE(numbers(*journal, {.until = start.addDays(1)}), List({ids[1], ids[0]}));
    QCOMPARE(numbers(*journal, {.since = start.addMSecs(1), .until = start.addDays(3).addMSecs(-1)}),
             List({ids[2], ids[1]}));
    // Another zone, the same moment.
    QCOMPARE(numbers(*journal, {.until = start.toOffsetFromUtc(7200)}), List{ids[0]});
    QCOMPARE(numbers(*journal, {.limit = 1, .outcome = Outcome::Done, .kind = RunKind::Upgrade}),
             List{ids[0]});
}

void tst_JournalContents::findsText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("expected");
    QTest::newRow("revision") << u"C0FFEE"_s << QList<int>{1};
    QTest::newRow("message of a revision") << u"gebäude"_s << QList<int>{1};
    QTest::newRow("who") << u"ADA@"_s << QList<int>({3, 1});
    QTest::newRow("the outcome's sentence") << u"upgraded to"_s << QList<int>{2};
    QTest::newRow("error") << u"no \"such\" table"_s << QList<int>{2};
    QTest::newRow("statement") << u"alter TABLE"_s << QList<int>{3};
    QTest::newRow("one word") << u"ALTER"_s << QList<int>{3};
    QTest::newRow("white space around") << u" alter "_s << QList<int>{3};
    QTest::newRow("a key of the content is no text") << u"approved_by"_s << QList<int>();
    QTest::newRow("a word that only keys have") << u"transactions"_s << QList<int>();
    QTest::newRow("a pattern is no pattern") << u"%"_s << QList<int>();
    QTest::newRow("nothing") << u"  "_s << QList<int>({3, 2, 1});
}

void tst_JournalContents::findsText()
{
    QFETCH(QString, text);
    QFETCH(QList<int>, expected);
    const auto journal = open();
    JournalEntry first = sample();
    first.who = u"ada@desk"_s;
    first.steps[0].revision = RevisionId(u"c0ffee"_s);
    first.steps[0].message = u"Das Gebäude"_s;
    JournalEntry second = sample();
    second.who = u"grace@desk"_s;
    JournalEntry third = sample();
    third.who = u"Ada@elsewhere"_s;
    QList<qint64> ids{0};
    for (const JournalEntry &entry : {first, second, third})
        ids += journal->begin(entry).value();
    QVERIFY(journal->stepFinished(ids[2], 0, {.state = StepState::Failed, .error = u"no \"such\" table"_s})
                .has_value());
    QVERIFY(journal->finish(ids[2], Outcome::Done, {}, u"Upgraded to c."_s).has_value());
    QVERIFY(journal->stepFinished(ids[3], 0, {.statements = {{.text = u"ALTER TABLE x\n ADD y int"_s}}})
                .has_value());
    QList<qint64> found;
    for (const int index : expected)
        found += ids[index];
    QCOMPARE(numbers(*journal, {.text = text}), found);
    // The limit applies to what matches, however old that is.
    QCOMPARE(numbers(*journal, {.limit = 1, .text = text}), found.first(qMin<qsizetype>(1, found.size())));
}

void tst_JournalContents::keepsStatements()
{
    const auto journal = open();
    const qint64 id = journal->begin(sample()).value();
    JournalStep step{.state = StepState::Done};
    QVERIFY(journal
                ->stepFinished(
                    id, 0, {.state = StepState::Failed, .statements = {{.text = u"of the first attempt"_s}}})
                .has_value());
    step.statements = {{.text = u"SELECT 'ä\n😀'"_s, .duration = 17ms, .rows = 3'000'000'000},
                       {.text = QString(1999, u'x') + u"😀 and more"_s, .ok = false},
                       {.text = QString(2000, u'y')}};
    step.statementCount = 900;
    QVERIFY(journal->stepFinished(id, 0, step).has_value());
    const JournalStep kept = journal->entry(id)->steps[0];
    QCOMPARE(kept.statements.size(), 3);
    QCOMPARE(kept.statements[0], step.statements[0]);
    QCOMPARE(kept.statements[1].text, QString(QString(1999, u'x') + u'…')); // no half of a character
    QVERIFY(!kept.statements[1].ok);
    QCOMPARE(kept.statements[1].rows, -1);
    QCOMPARE(kept.statements[2].text, QString(2000, u'y'));
    QCOMPARE(kept.statementCount, 900);

    step = {.statements = QList<JournalStatement>(501, {.text = u"SELECT 1"_s})};
    QVERIFY(journal->stepFinished(id, 1, step).has_value());
    QCOMPARE(journal->entry(id)->steps[1].statements.size(), 500);
    QCOMPARE(journal->entry(id)->steps[1].statementCount, 501);
}

void tst_JournalContents::keepsNoPasswords()
{
    const auto journal = open();
    const qint64 id = journal->begin(sample()).value();
    // Behind what is kept of a long statement, it is still known to be there.
    const QString secret = u"ALTER ROLE app /* "_s + QString(3000, u'-') + u" */ PASSWORD 'hunter2'"_s;
    QVERIFY(journal
                ->stepFinished(id, 0,
                               {.state = StepState::Failed,
                                .error = u"syntax error\nLINE 1: ALTER ROLE app PASWORD PASSWORD 'hunter2'"_s,
                                .statements = {{.text = secret, .duration = 4ms}, {.text = u"SELECT 1"_s}}})
                .has_value());
    QVERIFY(
        journal->finish(id, Outcome::FailedRolledBack, {}, u"LINE 1: … PASSWORD 'hunter2'"_s).has_value());
    const JournalEntry entry = journal->entry(id).value();
    QCOMPARE(entry.steps[0].statements[0].text, u"(statement with a password, not kept)"_s);
    QCOMPARE(entry.steps[0].statements[0].duration, 4ms);
    QCOMPARE(entry.steps[0].statements[1].text, u"SELECT 1"_s);
    const QString files = QString::fromLatin1(readFile(path()) + readFile(path() + u"-wal"_s));
    QVERIFY(files.contains(u"not kept"_s));
    QVERIFY(!files.contains(u"hunter2"_s));
}

void tst_JournalContents::tellsWhatWasDoneAfterwards()
{
    const auto journal = open();
    const qint64 id = journal->begin(sample()).value();
    QVERIFY(
        journal->finish(id, Outcome::FailedWithChanges, {}, {}, {u"an index"_s, u"a table"_s}).has_value());
    QList<JournalAfter> after{{.kind = JournalAfter::Restart,
                               .what = u"systemctl restart x"_s,
                               .text = u"It runs."_s,
                               .duration = 2s},
                              {.kind = JournalAfter::Log,
                               .what = u"/var/log/x"_s,
                               .ok = false,
                               .lines = QStringList(25, u"ERROR"_s)}};
    QVERIFY(journal->afterwards(id, after.mid(0, 1)).has_value());
    QVERIFY(journal->afterwards(id, after).has_value());
    const JournalEntry entry = journal->entry(id).value();
    QCOMPARE(entry.leftBehind, QStringList({u"an index"_s, u"a table"_s}));
    after[1].lines = QStringList(20, u"ERROR"_s);
    QCOMPARE(entry.after, after);
    QCOMPARE(entry.outcome, Outcome::FailedWithChanges);
}

QTEST_GUILESS_MAIN(tst_JournalContents)
#include "tst_journalcontents.moc"
