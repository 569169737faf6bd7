// SPDX-License-Identifier: MIT
#include "migrations/backup/backup.h"

#include "migrations/backup/postgresprograms.h"
#include "migrations/process/process.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

template<typename T>
QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : toText(result.error()).toUtf8();
}

constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;

} // namespace

class tst_Backup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(); }
    void cleanup();

    void makesAVerifiedBackup();
    void tellsProgress();
    void overwritesNothing();
    void namesAreSafe();
    void damageIsFound_data();
    void damageIsFound();
    void aChangedFileIsNotTheRecordedOne();
    void looksAtTheFreeSpaceFirst();
    void folderThatCannotBeWritten_data();
    void folderThatCannotBeWritten();
    void diskFullHalfWay();
    void killedHalfWay();
    void cancelledHalfWay_data();
    void cancelledHalfWay();
    void serverLostHalfWay();
    void waitsForLocksOnlySoLong();
    void refusesAnIncompleteBackup();
    void passwordIsNowhereToBeSeen();
    void wrongAndMissingPassword();
    void needsAToolOfTheServersVersion();
    void listsBackups();

private:
    [[nodiscard]] BackupRequest request() const;
    [[nodiscard]] QStringList filesLeft() const;
    void useOwnPgDump(const QString &script);

    TestDatabase m_small;
    TestDatabase m_large;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Backup::initTestCase()
{
    TestCluster &cluster = TestCluster::instance();
    m_small = cluster.newDatabase();
    cluster.execute(m_small.name,
                    u"CREATE TABLE person (id int PRIMARY KEY, name text);"
                    "INSERT INTO person SELECT n, 'person ' || n FROM generate_series(1, 20000) n;"
                    "CREATE TABLE \"odd name\" (x int)"_s);
    m_large = cluster.newDatabase();
    cluster.execute(m_large.name,
                    u"CREATE TABLE noise AS SELECT n, md5(n::text) || md5((n * 7)::text) AS text "
                    "FROM generate_series(1, 400000) n"_s);
    // A role that needs its password; all others are trusted.
    cluster.execute(m_small.name, u"CREATE ROLE guarded LOGIN PASSWORD 'p:a\\ss''w''o rd%'; "
                                  "GRANT pg_read_all_data TO guarded; CREATE ROLE stranger LOGIN"_s);
    const QString hba = cluster.cluster().directory() + u"/data/pg_hba.conf"_s;
    QFile file(hba);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray rules = file.readAll();
    QVERIFY(file.resize(0));
    file.write("local all guarded scram-sha-256\n" + rules);
    file.close();
    cluster.execute(m_small.name, u"SELECT pg_reload_conf()"_s);
}

void tst_Backup::cleanup()
{
    qunsetenv("STEPWELL_PG_BIN");
    m_folder.reset();
}

BackupRequest tst_Backup::request() const
{
    return {.settings = m_small.settings,
            .directory = m_folder->filePath(u"backups"_s),
            .baseName = u"staging-manager"_s,
            .serverVersion = 170000,
            .databaseSize = 8'000'000};
}

QStringList tst_Backup::filesLeft() const
{
    QStringList names = QDir(m_folder->filePath(u"backups"_s))
                            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    names.removeAll(u".gitignore"_s);
    return names;
}

/// A pg_dump of our own. In the script, $REAL is the real one.
void tst_Backup::useOwnPgDump(const QString &script)
{
    const auto dump = newestProgram(PostgresProgram::Dump);
    const auto restore = newestProgram(PostgresProgram::Restore);
    QVERIFY(dump && restore);
    const QString bin = m_folder->filePath(u"bin"_s);
    const QString own = bin + u"/pg_dump"_s;
    writeFile(own,
              QString(u"#!/bin/sh\nREAL="_s + dump->path +
                      u"\n[ \"$1\" = --version ] && exec $REAL --version\n"_s +
                      u"while [ \"$file\" != --file ]; do file=$1; set -- \"$@\" \"$1\"; shift; done\n"_s +
                      u"file=$1\n"_s + script));
    QVERIFY(QFile::setPermissions(own, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(QFile::link(restore->path, QString(bin + u"/pg_restore"_s)));
    qputenv("STEPWELL_PG_BIN", bin.toUtf8());
}

void tst_Backup::makesAVerifiedBackup()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto made = makeBackup(request());
    QVERIFY2(made, why(made));
    QCOMPARE(filesLeft(), QStringList{QFileInfo(made->file).fileName()});
    static const QRegularExpression name(u"^staging-manager-\\d{4}-\\d\\d-\\d\\dT\\d{6}\\.dump$"_s);
    QVERIFY(name.match(filesLeft().first()).hasMatch());
    QCOMPARE(QFile::permissions(made->file), ownerOnly);
    QCOMPARE(readFile(m_folder->filePath(u"backups/.gitignore"_s)), QByteArray("*\n"));
    QCOMPARE(QFile::permissions(m_folder->filePath(u"backups"_s)),
             ownerOnly | QFile::ExeOwner | QFile::ExeUser);
    const QByteArray bytes = readFile(made->file);
    QCOMPARE(made->size, bytes.size());
    QCOMPARE(made->sha256.toLatin1(), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    QVERIFY(made->toolVersion.startsWith(u"pg_dump 1"_s));
    QVERIFY(qAbs(made->finished.secsTo(QDateTime::currentDateTimeUtc())) < 60);
    QVERIFY(made->dumpDuration > 0ms);
    QVERIFY(made->verifyDuration > 0ms);
    const auto again = verifyBackup(*made);
    QVERIFY2(again, why(again));

    // It holds what it should.
    const TestDatabase copy = TestCluster::instance().newDatabase();
    const auto restored = processOutput({.program = clientProgram(PostgresProgram::Restore, 17)->path,
                                         .arguments = {u"--exit-on-error"_s, u"-d"_s, copy.url, made->file}});
    QVERIFY2(restored, why(restored));
    QCOMPARE(TestCluster::instance().rows(copy.name, u"SELECT count(*), max(name) FROM person"_s),
             QStringList{u"20000|person 9999"_s});
}

void tst_Backup::tellsProgress()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QList<BackupProgress> told;
    BackupRequest large = request();
    large.settings = m_large.settings;
    const auto made = makeBackup(large, [&told](const BackupProgress &progress) { told += progress; });
    QVERIFY2(made, why(made));
    QCOMPARE(told.first().phase, BackupProgress::Dump);
    QCOMPARE(told.first().total, large.databaseSize);
    QCOMPARE(told.last().phase, BackupProgress::Verify);
    QCOMPARE(told.last().done, 2 * made->size);
    QCOMPARE(told.last().total, 2 * made->size);
    bool halfWay = false;
    bool object = false;
    for (qsizetype i = 0; i < told.size(); ++i) {
        halfWay = halfWay ||
                  (told[i].phase == BackupProgress::Dump && told[i].done > 0 && told[i].done < made->size);
        object = object || told[i].object.contains(u"public.noise"_s);
        if (i > 0 && told[i].phase == told[i - 1].phase)
            QVERIFY(told[i].done >= told[i - 1].done || told[i].done == 0);
    }
    QVERIFY(halfWay);
    QVERIFY(object);
}

void tst_Backup::overwritesNothing()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto first = makeBackup(request());
    const auto second = makeBackup(request());
    const auto third = makeBackup(request());
    QVERIFY2(first && second && third, why(third));
    QCOMPARE(filesLeft().size(), 3);
    QCOMPARE(QSet<QString>({first->file, second->file, third->file}).size(), 3);
}

void tst_Backup::namesAreSafe()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest odd = request();
    odd.baseName = u"../pröd/a b"_s;
    const auto made = makeBackup(odd);
    QVERIFY2(made, why(made));
    QVERIFY2(filesLeft().first().startsWith(u"backup..-pr-d-a-b-"_s), qPrintable(filesLeft().first()));
}

void tst_Backup::damageIsFound_data()
{
    QTest::addColumn<int>("damage");
    QTest::newRow("last byte missing") << 1;
    QTest::newRow("last ten bytes missing") << 10;
    QTest::newRow("60 % left") << 60;
    QTest::newRow("only a header") << 99;
    QTest::newRow("empty") << 100;
    QTest::newRow("a flipped bit in the data") << 200;
    QTest::newRow("a block of zeros in the data") << 201;
    QTest::newRow("no dump at all") << 300;
    QTest::newRow("does not exist") << 400;
    QTest::newRow("a folder") << 401;
}

void tst_Backup::damageIsFound()
{
    QFETCH(int, damage);
    m_folder = std::make_unique<QTemporaryDir>();
    const auto made = makeBackup(request());
    QVERIFY2(made, why(made));
    QByteArray bytes = readFile(made->file);
    switch (damage) {
    case 1:
    case 10:
        bytes.chop(damage);
        break;
    case 60:
        bytes.truncate(bytes.size() * 6 / 10);
        break;
    case 99:
        bytes.truncate(5);
        break;
    case 100:
        bytes.clear();
        break;
    case 200:
        bytes[bytes.size() * 8 / 10] = char(bytes[bytes.size() * 8 / 10] ^ 1);
        break;
    case 201:
        bytes.replace(bytes.size() * 8 / 10, 512, QByteArray(512, '\0'));
        break;
    case 300:
        bytes = "CREATE TABLE t ();\n";
        break;
    default:
        break;
    }
    QFile::remove(made->file);
    if (damage == 401)
        QVERIFY(QDir().mkpath(made->file));
    else if (damage != 400)
        writeFile(made->file, bytes);
    const auto verified = verifyBackup(made->file);
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::BackupFailed);
    QVERIFY(verified.error().message.contains(made->file));
    QVERIFY(!verified.error().hint.isEmpty());
}

void tst_Backup::aChangedFileIsNotTheRecordedOne()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto made = makeBackup(request());
    QVERIFY2(made, why(made));
    QByteArray bytes = readFile(made->file);
    const qsizetype at = bytes.indexOf("odd name"); // in the table of contents, which has no checksum
    QVERIFY(at > 0);
    bytes[at] = 'O';
    writeFile(made->file, bytes);
    const auto verified = verifyBackup(*made);
    QVERIFY(!verified);
    QCOMPARE(verified.error().kind, ErrorKind::BackupFailed);
    QVERIFY(verified.error().message.contains(u"checksum"_s));
}

void tst_Backup::looksAtTheFreeSpaceFirst()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest huge = request();
    huge.databaseSize = 1'000'000'000'000'000'000; // more than any disk has
    const auto made = makeBackup(huge);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().message.contains(u"1000.0 PB"_s) || made.error().message.contains(u"1.0 EB"_s),
             why(made));
    QVERIFY(made.error().hint.startsWith(u"Free "_s));
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::folderThatCannotBeWritten_data()
{
    QTest::addColumn<QString>("directory");
    QTest::newRow("below a file") << u"/etc/passwd/backups"_s;
    QTest::newRow("a file") << u"/etc/passwd"_s;
    QTest::newRow("read-only") << u"/proc/self"_s;
    QTest::newRow("cannot be made") << u"/proc/backups"_s;
}

void tst_Backup::folderThatCannotBeWritten()
{
    QFETCH(QString, directory);
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest other = request();
    other.directory = directory;
    other.databaseSize = 0;
    const auto made = makeBackup(other);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().message.contains(directory) || made.error().message.contains(u"/proc/"_s),
             why(made));
    QCOMPARE(made.error().hint, u"Choose a folder that you may write in."_s);
}

void tst_Backup::diskFullHalfWay()
{
    m_folder = std::make_unique<QTemporaryDir>();
    useOwnPgDump(
        u"echo half >\"$file\"\n"
        "echo 'pg_dump: error: could not write to output file: No space left on device' >&2\nexit 1\n"_s);
    const auto made = makeBackup(request());
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QCOMPARE(made.error().message, u"The disk of the backup folder is full."_s);
    QVERIFY2(made.error().hint.contains(m_folder->filePath(u"backups"_s)), why(made));
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::killedHalfWay()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest large = request();
    large.settings = m_large.settings;
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit limit{.rlim_cur = 300'000, .rlim_max = before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &limit), 0); // the system kills who writes more
    qint64 seen = 0;
    const auto made =
        makeBackup(large, [&seen](const BackupProgress &progress) { seen = qMax(seen, progress.done); });
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().message.startsWith(u"pg_dump did not get to its end"_s), why(made));
    QVERIFY(!made.error().hint.isEmpty());
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::cancelledHalfWay_data()
{
    QTest::addColumn<BackupProgress::Phase>("phase");
    QTest::newRow("while dumping") << BackupProgress::Dump;
    QTest::newRow("while verifying") << BackupProgress::Verify;
}

void tst_Backup::cancelledHalfWay()
{
    QFETCH(BackupProgress::Phase, phase);
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest large = request();
    large.settings = m_large.settings;
    std::stop_source source;
    const auto made = makeBackup(
        large,
        [&](const BackupProgress &progress) {
            if (progress.phase == phase && (progress.done > 0 || phase == BackupProgress::Verify))
                source.request_stop();
        },
        source.get_token());
    QVERIFY(source.stop_requested());
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::Cancelled);
    QCOMPARE(filesLeft(), QStringList());
    QTRY_COMPARE(TestCluster::instance().rows(m_small.name,
                                              u"SELECT count(*) FROM pg_stat_activity "
                                              "WHERE query LIKE 'COPY public.noise%' AND state = 'active'"_s),
                 QStringList{u"0"_s});
}

void tst_Backup::serverLostHalfWay()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest large = request();
    large.settings = m_large.settings;
    bool stopped = false;
    const auto made = makeBackup(large, [&](const BackupProgress &progress) {
        if (progress.done > 0 && !stopped) {
            stopped = true;
            TestCluster::instance().stopServer(true);
        }
    });
    TestCluster::instance().startServer();
    QVERIFY(stopped);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().message.contains(u"connection"_s), why(made));
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::waitsForLocksOnlySoLong()
{
    m_folder = std::make_unique<QTemporaryDir>();
    Process other(
        {.program = newestProgram(PostgresProgram::Psql)->path, .arguments = {u"-X"_s, u"-d"_s, m_small.url}},
        {});
    QVERIFY(other.start());
    other.write("BEGIN; LOCK TABLE person;\n");
    const auto locked = [&] {
        (void)other.pump(10ms);
        return TestCluster::instance().rows(m_small.name,
                                            u"SELECT count(*) FROM pg_locks "
                                            "WHERE mode = 'AccessExclusiveLock' AND granted "
                                            "AND relation = 'person'::regclass"_s) == QStringList{u"1"_s};
    };
    QTRY_VERIFY(locked());
    BackupRequest impatient = request();
    impatient.lockTimeout = 200ms;
    const auto made = makeBackup(impatient);
    other.kill();
    while (other.pump()) {
    }
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().message.contains(u"holds a lock"_s), why(made));
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::refusesAnIncompleteBackup()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest stranger = request();
    stranger.settings.user = u"stranger"_s;
    const auto made = makeBackup(stranger);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::BackupFailed);
    QVERIFY2(made.error().hint.contains(u"pg_read_all_data"_s), why(made));
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::passwordIsNowhereToBeSeen()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QString seen = m_folder->filePath(u"seen"_s);
    useOwnPgDump(
        u"{ tr '\\0' '\\n' </proc/$$/cmdline; env; } >%1\n"
        "while [ \"$1\" != --format=custom ]; do set -- \"$@\" \"$1\"; shift; done\nexec $REAL \"$@\"\n"_s
            .arg(seen));
    BackupRequest guarded = request();
    guarded.settings.user = u"guarded"_s;
    guarded.password = u"p:a\\ss'w'o rd%"_s;
    qputenv("PGPASSWORD", "another one");
    const auto made = makeBackup(guarded);
    qunsetenv("PGPASSWORD");
    QVERIFY2(made, why(made));
    QVERIFY(readFile(seen).contains("--dbname"));
    QVERIFY(!readFile(seen).contains("ss'w"));
    const QStringList files = QDir(m_folder->path()).entryList(QDir::Files);
    QCOMPARE(files, QStringList{u"seen"_s});
}

void tst_Backup::wrongAndMissingPassword()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest guarded = request();
    guarded.settings.user = u"guarded"_s;
    guarded.password = u"wrong"_s;
    const auto wrong = makeBackup(guarded);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().message, u"The server refused the password."_s);
    guarded.password.clear();
    const auto missing = makeBackup(guarded);
    QVERIFY(!missing);
    QCOMPARE(missing.error().message, u"The server wants a password."_s);
    guarded.password = u"two\nlines"_s;
    const auto lines = makeBackup(guarded);
    QVERIFY(!lines);
    QCOMPARE(lines.error().kind, ErrorKind::BackupFailed);
    QCOMPARE(filesLeft(), QStringList());
}

void tst_Backup::needsAToolOfTheServersVersion()
{
    m_folder = std::make_unique<QTemporaryDir>();
    BackupRequest future = request();
    future.serverVersion = 990001;
    const auto made = makeBackup(future);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::ProgramMissing);
    QVERIFY(made.error().hint.contains(u"postgresql-client-99"_s));
}

void tst_Backup::listsBackups()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QCOMPARE(listBackups(m_folder->filePath(u"none"_s)).value().size(), 0);
    writeFile(m_folder->filePath(u"prod-a-2026-03-01T120000.dump"_s), u"12345"_s);
    writeFile(m_folder->filePath(u"prod-a-2026-03-01T120000-2.dump"_s), u"1"_s);
    writeFile(m_folder->filePath(u"prod-a-2026-03-02T000000.dump.partial"_s), u""_s);
    writeFile(m_folder->filePath(u"by hand.dump"_s), u"1"_s);
    writeFile(m_folder->filePath(u"notes.txt"_s), u"1"_s);
    const auto files = listBackups(m_folder->path());
    QVERIFY2(files, why(files));
    QStringList text;
    for (const BackupFile &file : *files) {
        text += u"%1 %2%3"_s.arg(file.baseName).arg(file.size).arg(file.partial ? u" partial"_s : QString());
        QVERIFY(QFileInfo(file.file).isAbsolute());
    }
    text.sort();
    QCOMPARE(text, QStringList({u"by hand 1"_s, u"prod-a 0 partial"_s, u"prod-a 1"_s, u"prod-a 5"_s}));
    QVERIFY(files->first().made >= files->last().made);
    const auto broken = listBackups(m_folder->filePath(u"notes.txt"_s));
    QVERIFY(!broken);
    QCOMPARE(broken.error().kind, ErrorKind::FileError);
}

QTEST_GUILESS_MAIN(tst_Backup)
#include "tst_backup.moc"
