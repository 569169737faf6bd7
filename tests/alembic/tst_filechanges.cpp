// SPDX-License-Identifier: MIT
#include "migrations/alembic/changerecord.h"
#include "migrations/alembic/filechanges.h"
#include "migrations/alembic/scriptdirectory.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestFileChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void changesCreatesAndRemoves();
    void keepsModesAndLinks();
    void removesCompiledCopies();
    void showsTheNewFileToPython();
    void refusesWhatSomebodyChanged();
    void refusesWrongLists();
    void tellsTheState();
    void leavesNothingWithoutRoom();
    void failsWhole();
    void survivesBeingKilled_data();
    void survivesBeingKilled();
    void survivesBeingKilledAgain();
    void waitsForTheOther();
    void letsOneOfManyChange();
    void keepsWhatSomebodyWroteSince();
    void explainsDamagedRecords();
    void stopsTheSurvey();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &content) const;
    QByteArray read(const QString &name) const;
    /// All files with their content: what has to be as before, or as after.
    QString shown() const;
    QString error(const Result<void> &result) const
    {
        return result ? u"ok"_s : kindName(result.error().kind);
    }
    QList<FileChange> makeFiles() const;
    QStringList arguments(const QString &mode, const QString &how = u"none"_s, int step = 0) const;
    /// What it printed; empty if it was killed.
    QString change(const QStringList &arguments) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_plan;
};

void TestFileChanges::init()
{
    QTest::failOnWarning();
    m_folder = std::make_unique<QTemporaryDir>();
    m_plan = std::make_unique<QTemporaryDir>();
}

void TestFileChanges::write(const QString &name, const QByteArray &content) const
{
    QFile file(path(name));
    QVERIFY(QDir().mkpath(QFileInfo(file).path()) && file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray TestFileChanges::read(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString TestFileChanges::shown() const
{
    QString all;
    const QDir folder(m_folder->path());
    for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden, QDir::Name))
        if (!name.startsWith(u".stepwell-change.json."_s)) // a record that was never begun
            all += name + u'=' + QString::fromUtf8(read(name)) + u'\n';
    return all;
}

QList<FileChange> TestFileChanges::makeFiles() const
{
    for (const QString &name : QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden))
        QFile::remove(path(name));
    write(u"a.py"_s, "a before");
    write(u"b.py"_s, "b before");
    write(u"gone.py"_s, "to be removed");
    write(u"other.py"_s, "other");
    const QList<FileChange> changes{{path(u"a.py"_s), "a before", "a after, longer"},
                                    {path(u"new.py"_s), std::nullopt, "new"},
                                    {path(u"gone.py"_s), "to be removed", std::nullopt},
                                    {path(u"b.py"_s), "b before", "b after"}};
    QFile plan(m_plan->filePath(u"plan"_s));
    const UnfinishedChange change{
        .what = u"Put b on top of a"_s, .begun = QDateTime::currentDateTimeUtc(), .changes = changes};
    if (plan.open(QIODevice::WriteOnly))
        plan.write(writeChangeRecord(change));
    return changes;
}

namespace {

const QString before = u"a.py=a before\nb.py=b before\ngone.py=to be removed\nother.py=other\n"_s;
const QString after = u"a.py=a after, longer\nb.py=b after\nnew.py=new\nother.py=other\n"_s;

constexpr int tooMany = 300; // calls that one change makes

} // namespace

QStringList TestFileChanges::arguments(const QString &mode, const QString &how, int step) const
{
    return {mode, m_folder->path(), m_plan->filePath(u"plan"_s), how, QString::number(step)};
}

QString TestFileChanges::change(const QStringList &arguments) const
{
    QProcess process;
    process.start(QStringLiteral(FILE_CHANGER), arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return {};
    return QString::fromUtf8(process.readAll()).trimmed();
}

void TestFileChanges::changesCreatesAndRemoves()
{
    const auto changes = makeFiles();
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, changes)), u"ok"_s);
    QCOMPARE(shown(), after);
    QVERIFY(!findUnfinishedChange(m_folder->path()).value());
    // The way back is a change, too.
    QList<FileChange> back = changes;
    for (FileChange &one : back)
        std::swap(one.before, one.after);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, back)), u"ok"_s);
    QCOMPARE(shown(), before);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {})), u"ok"_s);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"a.py"_s), "a before", "a before"}})),
             u"ok"_s);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"deep/er/n.py"_s), std::nullopt, "n"}})),
             u"ok"_s);
    QCOMPARE(read(u"deep/er/n.py"_s), "n");
    QCOMPARE(shown(), before);
    QCOMPARE(
        error(writeTogether(m_folder->path(), u"x"_s, {{path(u"e.py"_s), std::nullopt, QByteArray("")}})),
        u"ok"_s);
    QVERIFY(QFile::exists(path(u"e.py"_s)));
}

void TestFileChanges::keepsModesAndLinks()
{
    write(u"real/a.py"_s, "one");
    const auto mode = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadGroup;
    QVERIFY(QFile::setPermissions(path(u"real/a.py"_s), mode));
    QVERIFY(QFile::link(u"real/a.py"_s, path(u"a.py"_s)));
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"a.py"_s), "one", "two"}})), u"ok"_s);
    QVERIFY(QFileInfo(path(u"a.py"_s)).isSymLink());
    QCOMPARE(read(u"real/a.py"_s), "two");
    QCOMPARE(QFile::permissions(path(u"real/a.py"_s)) &
                 ~(QFile::ReadUser | QFile::WriteUser | QFile::ExeUser),
             mode);
    QCOMPARE(QDir(path(u"real"_s)).entryList(QDir::Files | QDir::Hidden), QStringList{u"a.py"_s});
    // A link is not removed, nor is one that leads nowhere written through.
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"a.py"_s), "two", std::nullopt}})),
             u"refused"_s);
    QVERIFY(QFile::remove(path(u"real/a.py"_s)));
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"a.py"_s), std::nullopt, "x"}})),
             u"file-error"_s);
    QVERIFY(!findUnfinishedChange(m_folder->path()).value());
}

void TestFileChanges::removesCompiledCopies()
{
    const auto changes = makeFiles();
    for (const QString &name : {u"a.cpython-313.pyc"_s, u"a.cpython-313.opt-1.pyc"_s, u"ab.cpython-313.pyc"_s,
                                u"gone.cpython-313.pyc"_s, u"other.cpython-313.pyc"_s})
        write(u"__pycache__/"_s + name, "compiled");
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, changes)), u"ok"_s);
    QCOMPARE(QDir(path(u"__pycache__"_s)).entryList(QDir::Files),
             (QStringList{u"ab.cpython-313.pyc"_s, u"other.cpython-313.pyc"_s}));
}

/// Also where compiled copies are kept elsewhere: they are told from others by the second and the size.
void TestFileChanges::showsTheNewFileToPython()
{
    write(u"m.py"_s, "x = 0");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PYTHONPYCACHEPREFIX"_s, m_plan->path());
    environment.insert(u"PYTHONPATH"_s, m_folder->path());
    for (int round = 0; round < 4; ++round) {
        QProcess python;
        python.setProcessEnvironment(environment);
        python.start(u"python3"_s, {u"-c"_s, u"import m; print(m.x)"_s});
        QVERIFY(python.waitForFinished());
        QCOMPARE(python.readAll().trimmed(), QByteArray::number(round));
        const QByteArray from = "x = " + QByteArray::number(round);
        const QByteArray to = "x = " + QByteArray::number(round + 1);
        QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"m.py"_s), from, to}})), u"ok"_s);
    }
}

void TestFileChanges::refusesWhatSomebodyChanged()
{
    const auto changes = makeFiles();
    write(u"b.py"_s, "b otherwise");
    auto result = writeTogether(m_folder->path(), u"x"_s, changes);
    QCOMPARE(error(result), u"refused"_s);
    QVERIFY(result.error().message.contains(path(u"b.py"_s)));
    QCOMPARE(read(u"a.py"_s), "a before");
    QCOMPARE(read(u"b.py"_s), "b otherwise");

    makeFiles();
    write(u"new.py"_s, "mine");
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, changes)), u"refused"_s);
    QCOMPARE(read(u"new.py"_s), "mine");
    QCOMPARE(read(u"a.py"_s), "a before");

    makeFiles();
    QVERIFY(QFile::remove(path(u"gone.py"_s)));
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, changes)), u"refused"_s);
    QVERIFY(!findUnfinishedChange(m_folder->path()).value());
}

void TestFileChanges::refusesWrongLists()
{
    makeFiles();
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{u"a.py"_s, "a before", "x"}})), u"usage"_s);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s,
                                 {{path(u"a.py"_s), "a before", "x"}, {path(u"a.py"_s), "a before", "y"}})),
             u"usage"_s);
    QCOMPARE(error(writeTogether(path(u"nowhere"_s), u"x"_s, {{path(u"a.py"_s), "a before", "x"}})),
             u"file-error"_s);
    QVERIFY(QDir().mkpath(path(u"folder.py"_s)));
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, {{path(u"folder.py"_s), std::nullopt, "x"}})),
             u"file-error"_s);
    QCOMPARE(shown(), before);
}

void TestFileChanges::tellsTheState()
{
    const auto changes = makeFiles();
    QCOMPARE(stateOf(changes), FilesState::Before);
    write(u"new.py"_s, "new");
    QCOMPARE(stateOf(changes), FilesState::Between);
    QVERIFY(QFile::remove(path(u"gone.py"_s)));
    write(u"a.py"_s, "a after, longer");
    write(u"b.py"_s, "b after");
    QCOMPARE(stateOf(changes), FilesState::After);
    write(u"b.py"_s, "b otherwise");
    QCOMPARE(stateOf(changes), FilesState::Changed);
}

void TestFileChanges::leavesNothingWithoutRoom()
{
    makeFiles();
    for (const QString &size : {u"0"_s, u"5"_s, u"100"_s, u"600"_s}) {
        QVERIFY(change(arguments(u"write"_s) << size).startsWith(u"file-error"_s));
        QCOMPARE(shown(), before);
    }
}

/// Every single call fails once.
void TestFileChanges::failsWhole()
{
    int failures = 0;
    for (int step = 1;; ++step) {
        QVERIFY(step < tooMany);
        const auto changes = makeFiles();
        const QString output = change(arguments(u"write"_s, u"fail"_s, step));
        const QString result = output.section(u' ', 0, 0);
        const auto left = findUnfinishedChange(m_folder->path());
        QVERIFY(left);
        if (*left) { // only if the record is what could not be removed
            QCOMPARE(result, u"file-error"_s);
            QCOMPARE(stateOf(changes), FilesState::After);
            QCOMPARE(error(finishChange(**left)), u"ok"_s);
            QCOMPARE(shown(), after);
        } else if (result == "ok"_L1) {
            QCOMPARE(shown(), after);
            if (output.section(u' ', 1).toInt() < step)
                break;
        } else {
            ++failures;
            QCOMPARE(shown(), before);
        }
    }
    QVERIFY(failures > 10);
}

void TestFileChanges::survivesBeingKilled_data()
{
    QTest::addColumn<bool>("finishes");
    QTest::newRow("finished") << true;
    QTest::newRow("undone") << false;
}

/// Killed at every step, the change is whole, or not begun, or there is a record by which it becomes either.
void TestFileChanges::survivesBeingKilled()
{
    QFETCH(const bool, finishes);
    int cutOff = 0;
    for (int step = 1;; ++step) {
        QVERIFY(step < tooMany);
        const auto changes = makeFiles();
        if (change(arguments(u"write"_s, u"kill"_s, step)).startsWith("ok"_L1))
            break;
        const auto left = findUnfinishedChange(m_folder->path());
        QVERIFY(left);
        if (!*left) {
            QVERIFY(stateOf(changes) != FilesState::Between && stateOf(changes) != FilesState::Changed);
            continue;
        }
        ++cutOff;
        QVERIFY(!(*left)->isAtWork);
        QCOMPARE((*left)->changes, changes);
        QCOMPARE((*left)->what, u"Put b on top of a"_s);
        QVERIFY(stateOf(changes) != FilesState::Changed);
        QCOMPARE(error(writeTogether(m_folder->path(), u"y"_s, {{path(u"other.py"_s), "other", "y"}})),
                 u"locked"_s);
        QCOMPARE(error(finishes ? finishChange(**left) : undoChange(**left)), u"ok"_s);
        QCOMPARE(shown(), finishes ? after : before);
        QVERIFY(!findUnfinishedChange(m_folder->path()).value());
    }
    QVERIFY(cutOff > 20);
    // Nor is anything of earlier crashes left behind.
    QCOMPARE(shown(), after);
    QCOMPARE(QDir(m_folder->path()).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden), QStringList());
}

void TestFileChanges::survivesBeingKilledAgain()
{
    for (const QString &mode : {u"finish"_s, u"undo"_s}) {
        int killed = 0;
        for (int step = 1;; ++step) {
            QVERIFY(step < tooMany);
            const auto changes = makeFiles();
            QFile::copy(m_plan->filePath(u"plan"_s), changeRecordFile(m_folder->path()));
            write(u"a.py"_s, "a after, longer");
            QVERIFY(QFile::remove(path(u"gone.py"_s)));
            if (change(arguments(mode, u"kill"_s, step)).startsWith("ok"_L1))
                break;
            ++killed;
            const auto left = findUnfinishedChange(m_folder->path()).value();
            if (!left) {
                QCOMPARE(shown(), mode == "finish"_L1 ? after : before);
                continue;
            }
            QVERIFY(stateOf(changes) != FilesState::Changed);
            const bool finishes = step % 2 == 0;
            QCOMPARE(error(finishes ? finishChange(*left) : undoChange(*left)), u"ok"_s);
            QCOMPARE(shown(), finishes ? after : before);
        }
        QVERIFY(killed > 10);
    }
}

void TestFileChanges::waitsForTheOther()
{
    const auto changes = makeFiles();
    constexpr int inTheMiddle = 45;
    QProcess other;
    other.start(QStringLiteral(FILE_CHANGER), arguments(u"write"_s, u"stop"_s, inTheMiddle));
    QVERIFY(other.waitForStarted());
    const auto state = [&] {
        QFile file(u"/proc/%1/stat"_s.arg(other.processId()));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(2) : QByteArray();
    };
    QTRY_COMPARE(state(), "T");
    const auto found = findUnfinishedChange(m_folder->path()).value();
    QVERIFY(found);
    QVERIFY(found->isAtWork);
    QCOMPARE(error(writeTogether(m_folder->path(), u"x"_s, changes)), u"locked"_s);
    QCOMPARE(error(finishChange(*found)), u"locked"_s);
    QCOMPARE(error(undoChange(*found)), u"locked"_s);
    ::kill(static_cast<pid_t>(other.processId()), SIGCONT);
    QVERIFY(other.waitForFinished());
    QVERIFY(other.readAll().startsWith("ok"));
    QCOMPARE(shown(), after);
    QCOMPARE(error(undoChange(*found)), u"refused"_s); // it is over
    QCOMPARE(shown(), after);
}

void TestFileChanges::letsOneOfManyChange()
{
    for (int round = 0; round < 10; ++round) {
        makeFiles();
        std::vector<std::unique_ptr<QProcess>> all;
        for (int count = 0; count < 6; ++count) {
            all.push_back(std::make_unique<QProcess>());
            all.back()->start(QStringLiteral(FILE_CHANGER), arguments(u"write"_s));
        }
        QStringList results;
        for (const auto &process : all) {
            QVERIFY(process->waitForFinished());
            results += QString::fromUtf8(process->readAll()).section(u' ', 0, 0);
        }
        QCOMPARE(results.count(u"ok"_s), 1);
        QCOMPARE(results.count(u"locked"_s) + results.count(u"refused"_s), 5);
        QCOMPARE(shown(), after);
    }
}

void TestFileChanges::keepsWhatSomebodyWroteSince()
{
    const auto changes = makeFiles();
    QVERIFY(QFile::copy(m_plan->filePath(u"plan"_s), changeRecordFile(m_folder->path())));
    write(u"a.py"_s, "a after, longer");
    write(u"b.py"_s, "b otherwise");
    const QString shownBefore = shown();
    const auto found = findUnfinishedChange(m_folder->path()).value();
    QVERIFY(found);
    QCOMPARE(stateOf(found->changes), FilesState::Changed);
    for (const auto &result : {finishChange(*found), undoChange(*found)}) {
        QCOMPARE(error(result), u"refused"_s);
        QVERIFY(result.error().message.contains(path(u"b.py"_s)));
        QCOMPARE(shown(), shownBefore);
    }
    // Another change by now.
    UnfinishedChange another = *found;
    another.changes.removeLast();
    QCOMPARE(error(finishChange(another)), u"refused"_s);
    // Once the file is in order it goes on.
    write(u"b.py"_s, "b before");
    QCOMPARE(error(finishChange(*found)), u"ok"_s);
    QCOMPARE(shown(), after);
}

void TestFileChanges::explainsDamagedRecords()
{
    makeFiles();
    QFile plan(m_plan->filePath(u"plan"_s));
    QVERIFY(plan.open(QIODevice::ReadOnly));
    const QByteArray whole = plan.readAll();
    QByteArray other = whole;
    other.replace(QByteArray("b after").toBase64(), QByteArray("b wrong").toBase64());
    for (const QByteArray &content : {QByteArray(), QByteArray("{}"), whole.first(whole.size() / 2), other}) {
        write(u".stepwell-change.json"_s, content);
        const auto found = findUnfinishedChange(m_folder->path());
        QVERIFY(!found);
        QCOMPARE(kindName(found.error().kind), u"file-error"_s);
        QVERIFY(found.error().message.contains(changeRecordFile(m_folder->path())));
    }
}

void TestFileChanges::stopsTheSurvey()
{
    write(u"alembic.ini"_s, "[alembic]\nscript_location = .\n");
    const QByteArray first = "revision = 'a'\ndown_revision = None\n";
    const QByteArray second = "revision = 'b'\ndown_revision = 'a'\n";
    write(u"versions/a.py"_s, first);
    const ScriptSource source{.config = path(u"alembic.ini"_s)};
    UnfinishedChange change{.what = u"Put b on top of a"_s,
                            .begun = QDateTime(QDate(2024, 2, 3), QTime(4, 5, 6)),
                            .changes = {{path(u"versions/a.py"_s), first, first + "# x\n"},
                                        {path(u"versions/b.py"_s), std::nullopt, second}}};
    write(u".stepwell-change.json"_s, writeChangeRecord(change));
    QVERIFY(ScriptDirectory::survey(source)->problems.isEmpty()); // nothing is half

    write(u"versions/b.py"_s, second);
    const auto half = ScriptDirectory::survey(source).value();
    QCOMPARE(half.problems.size(), 1);
    QCOMPARE(kindName(half.problems.constFirst().error.kind), u"broken-scripts"_s);
    QCOMPARE(
        half.problems.constFirst().error.message,
        u"A change of 2 revision files was cut off at 2024-02-03 04:05:06: some are changed, some are not."_s);
    QVERIFY(half.problems.constFirst().error.hint.contains(u"--undo"_s));
    QCOMPARE(half.problems.constFirst().files.size(), 2);
    QCOMPARE(half.map.revisions().size(), 2);
    QVERIFY(!ScriptDirectory::load(source));

    write(u"versions/a.py"_s, "revision = 'a'\ndown_revision = None # y\n");
    QVERIFY(
        ScriptDirectory::survey(source)->problems.constFirst().error.message.contains(u"changed since"_s));
    write(u".stepwell-change.json"_s, "damaged");
    QCOMPARE(kindName(ScriptDirectory::survey(source)->problems.constFirst().error.kind), u"file-error"_s);
    write(u"versions/a.py"_s, first);
    write(u".stepwell-change.json"_s, writeChangeRecord(change));
    QCOMPARE(error(finishChange(*findUnfinishedChange(m_folder->path()).value())), u"ok"_s);
    QVERIFY(ScriptDirectory::load(source));
}

QTEST_GUILESS_MAIN(TestFileChanges)
#include "tst_filechanges.moc"
