// SPDX-License-Identifier: MIT
#include "migrations/journal/journal.h"

#include "tests/support/testfiles.h"

#include <QDir>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Journal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void names();
    void tellsARun();
    void survivesTheProcess();
    void laterEndCounts();
    void filters();
    void guardsOlderFiles();
    void unfinishedRuns();
    void neverChangesWhatWasWritten_data();
    void neverChangesWhatWasWritten();
    void severalAtOnce();
    void fileIsPrivate();
    void unusableFiles_data();
    void unusableFiles();
    void missingRuns();
    void defaultPath();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"below/journal.sqlite"_s); }
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
    entry.kind = RunKind::Downgrade;
    entry.target = {u"production"_s, u"manager"_s};
    entry.workspace = u"/srv/backend"_s;
    entry.databaseText = u"migrator@db1:5432/backend"_s;
    entry.asked = u"-2"_s;
    entry.from = {RevisionId(u"c"_s), RevisionId(u"x"_s)};
    entry.planned = {RevisionId(u"a"_s), RevisionId(u"x"_s)};
    entry.note = u"relies on last night's backup"_s;
    entry.emergency = true;
    entry.transactions = TransactionPolicy::All;
    entry.steps = {JournalStep{.revision = RevisionId(u"c"_s),
                               .message = u"Drop «it»\nnow"_s,
                               .fileHash = u"cafe"_s,
                               .from = {RevisionId(u"c"_s)},
                               .to = {RevisionId(u"b"_s)}},
                   JournalStep{.revision = RevisionId(u"b"_s),
                               .message = u"second"_s,
                               .from = {RevisionId(u"b"_s)},
                               .to = {RevisionId(u"a"_s)}}};
    return entry;
}

QByteArray why(const Result<void> &result)
{
    return result ? QByteArray() : toText(result.error()).toUtf8();
}

} // namespace

void tst_Journal::names()
{
    QStringList outcomes;
    for (int i = 0; i <= int(Outcome::Unknown); ++i)
        outcomes += outcomeName(Outcome(i));
    QCOMPARE(outcomes, QStringList({u"running"_s, u"done"_s, u"stopped"_s, u"failed-rolled-back"_s,
                                    u"failed-with-changes"_s, u"cancelled"_s, u"refused"_s, u"unknown"_s}));
    QStringList kinds;
    for (int i = 0; i <= int(RunKind::Stamp); ++i)
        kinds += runKindName(RunKind(i));
    QCOMPARE(kinds, QStringList({u"upgrade"_s, u"downgrade"_s, u"backup"_s, u"stamp"_s}));
    QStringList states;
    for (int i = 0; i <= int(StepState::Unknown); ++i)
        states += stepStateName(StepState(i));
    QCOMPARE(states, QStringList({u"waiting"_s, u"running"_s, u"done"_s, u"failed"_s, u"rolled-back"_s,
                                  u"unknown"_s}));
}

void tst_Journal::tellsARun()
{
    const auto journal = open();
    const auto id = journal->begin(sample());
    QVERIFY(id.has_value());

    auto entry = journal->entry(*id);
    QVERIFY(entry.has_value());
    JournalEntry expected = sample();
    expected.id = *id;
    expected.who = currentOperator();
    expected.processId = ::getpid();
    QVERIFY(qAbs(entry->started.secsTo(QDateTime::currentDateTimeUtc())) < 30);
    expected.started = entry->started;
    QCOMPARE(entry->uid.size(), 36);
    expected.uid = entry->uid;
    QCOMPARE(*entry, expected);

    const BackupRecord backup{.file = u"/backups/x.dump"_s,
                              .size = 5'000'000'000,
                              .sha256 = u"beef"_s,
                              .toolVersion = u"pg_dump 17.6"_s,
                              .finished =
                                  QDateTime::fromString(u"2026-03-01T10:00:00.123Z"_s, Qt::ISODateWithMs),
                              .dumpDuration = 1500ms,
                              .verifyDuration = 250ms};
    const QList<JournalSignOff> signOffs{
        {.approvedBy = {u"Ada <ada@example.org>"_s, u"Grace <grace@example.org>"_s},
         .accepted = {{.finding = u"drops-table@old"_s,
                       .reason = u"nobody reads it"_s,
                       .by = u"Ada <ada@example.org>"_s}},
         .sqlHash = u"f00d"_s},
        {}};
    QVERIFY(journal->reviewed(*id, {JournalSignOff{.approvedBy = {u"too early"_s}}, {}}).has_value());
    QVERIFY(journal->reviewed(*id, signOffs).has_value());
    QVERIFY(journal->backupMade(*id, backup).has_value());
    QVERIFY(journal->stepStarted(*id, 0).has_value());
    QCOMPARE(journal->entry(*id)->steps[0].state, StepState::Running);
    QVERIFY(journal->stepFinished(*id, 0, {.state = StepState::Done, .duration = 1234ms}).has_value());
    QVERIFY(journal->stepStarted(*id, 1).has_value());
    QVERIFY(
        journal
            ->stepFinished(*id, 1, {.state = StepState::Failed, .duration = 5ms, .error = u"no such table"_s})
            .has_value());
    const auto finished =
        journal->finish(*id, Outcome::FailedRolledBack, {RevisionId(u"b"_s)}, u"It failed."_s);
    QVERIFY2(finished, why(finished));

    entry = journal->entry(*id);
    expected.backup = backup;
    expected.steps[0].signOff = signOffs[0];
    expected.steps[0].state = StepState::Done;
    expected.steps[0].duration = 1234ms;
    expected.steps[1].state = StepState::Failed;
    expected.steps[1].duration = 5ms;
    expected.steps[1].error = u"no such table"_s;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(entry->steps[i].started.isValid());
        expected.steps[i].started = entry->steps[i].started;
    }
    QVERIFY(entry->finished.isValid());
    expected.finished = entry->finished;
    expected.outcome = Outcome::FailedRolledBack;
    expected.to = {RevisionId(u"b"_s)};
    expected.message = u"It failed."_s;
    QCOMPARE(*entry, expected);
}

void tst_Journal::survivesTheProcess()
{
    const pid_t child = ::fork();
    if (child == 0) { // a Stepwell that is killed in the middle of a step
        const auto journal = open();
        const auto id = journal->begin(sample());
        const bool written = id && journal->stepStarted(*id, 0);
        ::_exit(written ? 7 : 1);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(WEXITSTATUS(status), 7);
    const auto entries = open()->unfinished();
    QVERIFY(entries.has_value());
    QCOMPARE(entries->size(), 1);
    QCOMPARE(entries->first().processId, child);
    QCOMPARE(entries->first().outcome, Outcome::Running);
    QCOMPARE(entries->first().steps[0].state, StepState::Running);
    QCOMPARE(entries->first().steps[1].state, StepState::Waiting);
}

void tst_Journal::laterEndCounts()
{
    const auto journal = open();
    const qint64 id = journal->begin(sample()).value();
    QVERIFY(journal->finish(id, Outcome::Unknown, {}, u"link lost"_s).has_value());
    QCOMPARE(journal->unfinished()->size(), 1);
    QVERIFY(journal->finish(id, Outcome::Done, {RevisionId(u"a"_s)}, u"found done"_s).has_value());
    QCOMPARE(journal->unfinished()->size(), 0);
    QCOMPARE(journal->entry(id)->outcome, Outcome::Done);
    QCOMPARE(journal->entry(id)->to, RevisionIds{RevisionId(u"a"_s)});
}

void tst_Journal::filters()
{
    const auto journal = open();
    JournalEntry other = sample();
    other.target.component = u"proxy"_s;
    JournalEntry elsewhere = sample();
    elsewhere.workspace = u"/srv/other"_s;
    const QList<qint64> ids{journal->begin(sample()).value(), journal->begin(other).value(),
                            journal->begin(elsewhere).value(), journal->begin(sample()).value()};
    const auto found = [&journal](const JournalFilter &filter) {
        QList<qint64> numbers;
        const auto entries = journal->entries(filter).value();
        for (const JournalEntry &entry : entries)
            numbers += entry.id;
        return numbers;
    };
    QCOMPARE(found({}), QList<qint64>({ids[3], ids[2], ids[1], ids[0]}));
    QCOMPARE(found({.limit = 2}), QList<qint64>({ids[3], ids[2]}));
    QCOMPARE(found({.target = other.target}), QList<qint64>{ids[1]});
    QCOMPARE(found({.target = sample().target, .workspace = u"/srv/backend"_s}),
             QList<qint64>({ids[3], ids[0]}));
    QCOMPARE(found({.workspace = u"/srv/other"_s}), QList<qint64>{ids[2]});
    QCOMPARE(found({.workspace = u"/srv"_s}), QList<qint64>());
}

/// A file from before a guard was invented gets it at the next opening.
void tst_Journal::guardsOlderFiles()
{
    QVERIFY(open()->begin(sample()).has_value());
    {
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
        raw.setDatabaseName(path());
        QVERIFY(raw.open());
        QVERIFY(QSqlQuery(raw).exec(u"DROP TRIGGER event_never_replaced"_s));
    }
    QSqlDatabase::removeDatabase(u"raw"_s);
    const auto journal = open();
    {
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
        raw.setDatabaseName(path());
        QVERIFY(raw.open());
        QVERIFY(!QSqlQuery(raw).exec(
            u"REPLACE INTO event (id, time, kind, content) VALUES (1, '', 'begin', '{}')"_s));
    }
    QSqlDatabase::removeDatabase(u"raw"_s);
    QCOMPARE(journal->entry(1)->asked, u"-2"_s);
}

void tst_Journal::unfinishedRuns()
{
    const auto journal = open();
    JournalEntry entry = sample();
    const qint64 ours = journal->begin(entry).value(); // this process lives
    entry.processId = 1'999'999'999;
    const qint64 dead = journal->begin(entry).value();
    entry.processId = ::getpid();
    entry.started = QDateTime::currentDateTimeUtc().addDays(-400); // before this process was born
    const qint64 reused = journal->begin(entry).value();
    entry.started = {};
    entry.who = u"ann@another-machine"_s;
    const qint64 remote = journal->begin(entry).value();
    QVERIFY(journal->finish(journal->begin(sample()).value(), Outcome::Cancelled, {}, {}).has_value());
    QList<qint64> found;
    const auto entries = journal->unfinished().value();
    for (const JournalEntry &each : entries)
        found += each.id;
    QCOMPARE(found, QList<qint64>({remote, reused, dead}));
    QVERIFY(!found.contains(ours));
}

void tst_Journal::neverChangesWhatWasWritten_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("update") << u"UPDATE event SET content = '{}'"_s;
    QTest::newRow("delete") << u"DELETE FROM event"_s;
    const QString row = u" INTO event (id, time, kind, content) VALUES (1, '', 'begin', '{}')"_s;
    QTest::newRow("replace") << QString(u"REPLACE"_s + row);
    QTest::newRow("insert or replace") << QString(u"INSERT OR REPLACE"_s + row);
    QTest::newRow("upsert") << QString(u"INSERT"_s + row +
                                       u" ON CONFLICT (id) DO UPDATE SET content = '{}'"_s);
    QTest::newRow("update or replace") << u"UPDATE OR REPLACE event SET content = '{}'"_s;
}

void tst_Journal::neverChangesWhatWasWritten()
{
    QFETCH(QString, sql);
    const auto journal = open();
    const qint64 id = journal->begin(sample()).value();
    {
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
        raw.setDatabaseName(path());
        QVERIFY(raw.open());
        QSqlQuery query(raw);
        QVERIFY(!query.exec(sql));
        QVERIFY(query.lastError().text().contains(u"append-only"_s));
    }
    QSqlDatabase::removeDatabase(u"raw"_s);
    QCOMPARE(journal->entry(id)->asked, u"-2"_s);
}

void tst_Journal::severalAtOnce()
{
    constexpr int writers = 4;
    constexpr int runs = 10;
    QList<int> written(writers, 0);
    {
        QList<std::shared_ptr<std::jthread>> threads;
        for (int writer = 0; writer < writers; ++writer) {
            threads += std::make_shared<std::jthread>([this, &count = written[writer]] {
                const auto journal = Journal::open(path()); // all at once, on a file that is not there yet
                for (int i = 0; journal && i < runs; ++i) {
                    const auto id = (*journal)->begin(sample());
                    if (id && (*journal)->stepStarted(*id, 0) &&
                        (*journal)->finish(*id, Outcome::Done, {}, {}))
                        ++count;
                }
            });
        }
    }
    QCOMPARE(written, QList<int>(writers, runs));
    const auto entries = open()->entries({.limit = 1000}).value();
    QCOMPARE(entries.size(), writers * runs);
    for (const JournalEntry &entry : entries) {
        QCOMPARE(entry.outcome, Outcome::Done);
        QCOMPARE(entry.steps[0].state, StepState::Running);
    }
}

void tst_Journal::fileIsPrivate()
{
    const auto journal = open();
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                            QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFile::permissions(path()) & others, QFile::Permissions());
    QCOMPARE(QFile::permissions(QFileInfo(path()).path()) & others, QFile::Permissions());
}

void tst_Journal::unusableFiles_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("hint");
    QTest::newRow("no SQLite") << u"text"_s << u"damaged"_s;
    QTest::newRow("a folder") << u"folder"_s << u"permissions"_s;
    QTest::newRow("below a file") << u"text/journal.sqlite"_s << u"STEPWELL_JOURNAL"_s;
    QTest::newRow("cut off") << u"cut"_s << u"damaged"_s;
    QTest::newRow("newer") << u"newer"_s << u"Update Stepwell"_s;
}

void tst_Journal::unusableFiles()
{
    QFETCH(QString, file);
    QFETCH(QString, hint);
    writeFile(m_folder->filePath(u"text"_s), QByteArray(5000, 'x'));
    QVERIFY(QDir().mkpath(m_folder->filePath(u"folder"_s)));
    const auto id = open()->begin(sample()); // closed again, so all is in the one file
    QVERIFY(id.has_value());
    writeFile(m_folder->filePath(u"cut"_s), readFile(path()).first(6000));
    QByteArray newer = readFile(path());
    newer[63] = 99; // user_version
    writeFile(m_folder->filePath(u"newer"_s), newer);
    const auto journal = Journal::open(m_folder->filePath(file));
    QVERIFY(!journal);
    QCOMPARE(journal.error().kind, ErrorKind::FileError);
    QVERIFY2(journal.error().hint.contains(hint), qPrintable(toText(journal.error())));
}

void tst_Journal::missingRuns()
{
    const auto journal = open();
    QCOMPARE(journal->entry(5).error().kind, ErrorKind::Usage);
    QVERIFY(!journal->finish(5, Outcome::Done, {}, {}));
    QVERIFY(!journal->stepStarted(0, 0));
    const qint64 id = journal->begin(sample()).value();
    QVERIFY(journal->stepStarted(id, 99).has_value()); // told, but about no step
    QCOMPARE(journal->entry(id)->steps.size(), 2);
}

void tst_Journal::defaultPath()
{
    qputenv("STEPWELL_JOURNAL", "/x/y.sqlite");
    QCOMPARE(defaultJournalPath(), u"/x/y.sqlite"_s);
    qunsetenv("STEPWELL_JOURNAL");
    QVERIFY(defaultJournalPath().endsWith(u"/stepwell/journal.sqlite"_s));
    QVERIFY(QFileInfo(defaultJournalPath()).isAbsolute());
    QVERIFY(currentOperator().contains(u'@'));
}

QTEST_GUILESS_MAIN(tst_Journal)
#include "tst_journal.moc"
