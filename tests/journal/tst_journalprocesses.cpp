// SPDX-License-Identifier: MIT
// The journal among processes: several that write at once, some that are killed, a disk that is full.
#include "migrations/journal/journal.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

void say(const QString &line)
{
    const QByteArray bytes = line.toUtf8() + '\n';
    if (::write(STDOUT_FILENO, bytes.constData(), size_t(bytes.size())) != bytes.size())
        ::_exit(9);
}

/// Writes runs with a mark in each event, and says the mark when the event was acknowledged. `runs`: 0: for
/// ever. Ends with 1 at the first event that could not be written, and says why.
int writeRuns(const QString &path, int runs)
{
    const auto journal = Journal::open(path);
    if (!journal) {
        say(u"error "_s + toText(journal.error()).replace(u'\n', u' '));
        return 1;
    }
    int events = 0;
    const auto mark = [&events] { return u"m%1-%2"_s.arg(::getpid()).arg(++events); };
    const auto told = [](const auto &result, const QString &text) {
        say(result ? text : QString(u"error "_s + toText(result.error()).replace(u'\n', u' ')));
        return result.has_value();
    };
    for (int i = 0; runs == 0 || i < runs; ++i) {
        JournalEntry entry;
        entry.target = {u"production"_s, u"manager"_s};
        entry.note = mark();
        entry.steps = {JournalStep{.revision = RevisionId(u"a"_s)}};
        const auto id = (*journal)->begin(entry);
        if (!told(id, entry.note))
            return 1;
        if (const auto started = (*journal)->stepStarted(*id, 0); !started && !told(started, {}))
            return 1;
        const JournalStep step{.state = StepState::Done, .error = mark()};
        if (!told((*journal)->stepFinished(*id, 0, step), step.error))
            return 1;
        const QString message = mark();
        if (!told((*journal)->finish(*id, Outcome::Done, {}, message), message))
            return 1;
    }
    return 0;
}

/// A file may grow to a megabyte, no further.
int writeToFullDisk(const QString &path)
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1'000'000, 1'000'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 8;
    return writeRuns(path, 0);
}

/// As a user to whom permissions apply, also where the tests run as root.
int writeWithoutPrivileges(const QString &path)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    if (::syscall(SYS_capset, &header, none) != 0)
        return 8;
    return writeRuns(path, 1);
}

/// The rows of one column, with an error as the only row.
QStringList rowsOf(const QString &path, const QString &sql)
{
    QStringList rows;
    {
        QSqlDatabase raw = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"raw"_s);
        raw.setDatabaseName(path);
        raw.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=15000"_s);
        QSqlQuery query(raw.open() ? raw : QSqlDatabase());
        if (!query.exec(sql))
            rows = {query.lastError().text()};
        while (query.next())
            rows += query.value(0).toString();
    }
    QSqlDatabase::removeDatabase(u"raw"_s);
    return rows;
}

QSet<QString> marksOf(const QString &path)
{
    const QStringList rows = rowsOf(path, u"SELECT coalesce(nullif(json_extract(content, '$.note'), ''), "
                                          "nullif(json_extract(content, '$.error'), ''), "
                                          "json_extract(content, '$.message')) FROM event"_s);
    return {rows.cbegin(), rows.cend()};
}

struct Said {
    QSet<QString> marks;
    QStringList errors;
};

Said saidBy(QProcess &process)
{
    Said said;
    const QList<QByteArray> lines = process.readAllStandardOutput().split('\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) { // what follows the last line's end is cut off
        const QString line = QString::fromUtf8(lines.at(i));
        if (line.startsWith("error "_L1))
            said.errors += line;
        else
            said.marks += line;
    }
    return said;
}

void start(QProcess &process, const QString &how, const QString &path)
{
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), {how, path});
    if (!process.waitForStarted())
        qFatal("the writer did not start");
}

} // namespace

class tst_JournalProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    /// All at once, on a file that is not there yet.
    void severalWriters()
    {
        constexpr int writers = 6;
        std::vector<std::unique_ptr<QProcess>> processes;
        for (int i = 0; i < writers; ++i) {
            processes.push_back(std::make_unique<QProcess>());
            start(*processes.back(), u"--runs"_s, path());
        }
        QSet<QString> acknowledged;
        for (const auto &process : processes) {
            QVERIFY(process->waitForFinished(120'000));
            const Said said = saidBy(*process);
            QCOMPARE(said.errors, QStringList());
            QCOMPARE(process->exitCode(), 0);
            acknowledged += said.marks;
        }
        QCOMPARE(acknowledged.size(), writers * 25 * 3);
        QVERIFY(marksOf(path()).contains(acknowledged));
        QCOMPARE(rowsOf(path(), u"SELECT count(*) FROM event"_s),
                 QStringList{QString::number(writers * 25 * 4)});
        QCOMPARE(rowsOf(path(), u"PRAGMA integrity_check"_s), QStringList{u"ok"_s});
    }

    /// One that lives writes all the time beside those that are killed.
    void killedWriters()
    {
        constexpr int rounds = 40;
        QProcess living;
        QSet<QString> acknowledged;
        int cutOff = 0;
        for (int round = 0; round < rounds; ++round) {
            if (round == rounds / 4)
                start(living, u"--forever"_s, path());
            QProcess killed;
            start(killed, u"--forever"_s, path());
            if (round % 4 != 0) // the others are killed while they open, or make, the file
                QVERIFY(killed.waitForReadyRead(30'000));
            killed.waitForFinished(int(QRandomGenerator::global()->bounded(25)));
            QCOMPARE(::kill(pid_t(killed.processId()), SIGKILL), 0);
            QVERIFY(killed.waitForFinished(30'000));
            QCOMPARE(killed.exitStatus(), QProcess::CrashExit);
            const Said said = saidBy(killed);
            QCOMPARE(said.errors, QStringList());
            acknowledged += said.marks;
            cutOff += said.marks.size() % 3 == 0 ? 0 : 1;
            if (!QFile::exists(path()))
                continue; // killed before it made the file
            QCOMPARE(rowsOf(path(), u"PRAGMA integrity_check"_s), QStringList{u"ok"_s});
            if (!acknowledged.isEmpty())
                QVERIFY(marksOf(path()).contains(acknowledged));
        }
        QVERIFY(cutOff > 0);
        QCOMPARE(living.state(), QProcess::Running);
        QCOMPARE(::kill(pid_t(living.processId()), SIGKILL), 0);
        QVERIFY(living.waitForFinished(30'000));
        const Said said = saidBy(living);
        QCOMPARE(said.errors, QStringList());
        QVERIFY(said.marks.size() > 3);
        QVERIFY(marksOf(path()).contains(acknowledged + said.marks));

        const auto journal = Journal::open(path()); // and the next one goes on
        QVERIFY(journal.has_value());
        QVERIFY((*journal)->begin({}).has_value());
        const auto open = (*journal)->unfinished();
        QVERIFY(open.has_value());
        QVERIFY(!open->isEmpty()); // runs whose Stepwell was killed
    }

    void fullDisk()
    {
        QProcess writer;
        start(writer, u"--full"_s, path());
        QVERIFY(writer.waitForFinished(120'000));
        QCOMPARE(writer.exitCode(), 1);
        const Said said = saidBy(writer);
        QCOMPARE(said.errors.size(), 1);
        QVERIFY2(said.errors.first().contains(u"free space"_s), qPrintable(said.errors.first()));
        QVERIFY(said.marks.size() > 10);
        QVERIFY(marksOf(path()).contains(said.marks));
        QCOMPARE(rowsOf(path(), u"PRAGMA integrity_check"_s), QStringList{u"ok"_s});
        const auto journal = Journal::open(path()); // with room again
        QVERIFY(journal.has_value());
        QVERIFY((*journal)->begin({}).has_value());
    }

    void readOnly_data()
    {
        QTest::addColumn<int>("folder");
        QTest::addColumn<int>("file");
        QTest::newRow("the folder, no file yet") << 0555 << 0;
        QTest::newRow("the folder") << 0555 << 0600;
        QTest::newRow("the file") << 0755 << 0400;
        QTest::newRow("neither to be read") << 0000 << 0600;
    }
    void readOnly()
    {
        QFETCH(int, folder);
        QFETCH(int, file);
        if (file != 0) {
            const auto journal = Journal::open(path());
            QVERIFY(journal && (*journal)->begin({}));
        } else {
            QVERIFY(QDir().mkpath(QFileInfo(path()).path()));
        }
        if (file != 0)
            QCOMPARE(::chmod(qPrintable(path()), mode_t(file)), 0);
        QCOMPARE(::chmod(qPrintable(QFileInfo(path()).path()), mode_t(folder)), 0);
        QProcess writer;
        start(writer, u"--unprivileged"_s, path());
        QVERIFY(writer.waitForFinished(60'000));
        QCOMPARE(::chmod(qPrintable(QFileInfo(path()).path()), 0700), 0);
        QCOMPARE(writer.exitCode(), 1);
        const Said said = saidBy(writer);
        QCOMPARE(said.marks, QSet<QString>());
        QCOMPARE(said.errors.size(), 1);
        QVERIFY2(said.errors.first().contains(u"permissions"_s) && said.errors.first().contains(path()),
                 qPrintable(said.errors.first()));
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"below/journal.sqlite"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString how = arguments.value(1);
    if (how == "--runs"_L1)
        return writeRuns(arguments.value(2), 25);
    if (how == "--forever"_L1)
        return writeRuns(arguments.value(2), 0);
    if (how == "--full"_L1)
        return writeToFullDisk(arguments.value(2));
    if (how == "--unprivileged"_L1)
        return writeWithoutPrivileges(arguments.value(2));
    tst_JournalProcesses test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_journalprocesses.moc"
