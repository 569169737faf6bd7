// SPDX-License-Identifier: MIT
#include "migrations/demo/demoworkspace.h"
#include "migrations/process/process.h"
#include "migrations/status/targetstatus.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QString textOf(const Result<void> &result)
{
    return result ? QString() : toText(result.error());
}

TargetStatus statusOf(const Workspace &workspace, const QString &name)
{
    const auto target = workspace.target(name);
    return target ? readTargetStatus(*target, {}) : TargetStatus{};
}

/// One line a target: its state, its rows, how many revisions are pending.
QStringList states(const Workspace &workspace)
{
    QStringList lines;
    for (const Target &target : workspace.targets()) {
        const TargetStatus status = readTargetStatus(target, {});
        const QString elsewhere = status.state == TargetState::Elsewhere ? u" (elsewhere)"_s : QString();
        lines +=
            QString(target.id.text() + u": "_s + stateName(status.state) + elsewhere + u", "_s +
                    toTexts(status.current).join(u'+') + u", "_s + QString::number(status.pending.size()) +
                    u" pending, "_s + QString::number(status.heads.size()) + u" heads"_s);
    }
    return lines;
}

const QStringList allStates{
    u"production/manager: pending, 7b6a1e0c4f21, 3 pending, 1 heads"_s,
    u"production/accountmgr: at-head, 4b80c2f7d915, 0 pending, 1 heads"_s,
    u"production/appproxy: unknown-revision (elsewhere), 91aa02cc7d3e, 0 pending, 1 heads"_s,
    u"staging/manager: at-head, e41d09b7a3c8, 0 pending, 1 heads"_s,
    u"staging/accountmgr: diverged, 4b80c2f7d915, 2 pending, 2 heads"_s,
    u"staging/appproxy: pending, 6c5b4a392817, 1 pending, 1 heads"_s,
    u"development/manager: unknown-revision, f4e19c07ab52, 0 pending, 1 heads"_s,
    u"development/accountmgr: empty, , 5 pending, 1 heads"_s,
    u"development/appproxy: unreachable, , 0 pending, 1 heads"_s,
};

} // namespace

class TestDemoWorkspace : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_directory;

    Result<Workspace> workspace() const { return readWorkspace(m_directory); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        const QString deep =
            u"a folder whose name is much longer than the hundred and seven bytes of a socket"_s;
        m_directory = m_folder.filePath(QString(deep + u"/Łódź & \"demo\" $HOME/"_s + deep + u"/demo"_s));
        const auto made = DemoWorkspace(m_directory).create({});
        QVERIFY2(made, qPrintable(textOf(made)));
    }

    void init() { QTest::failOnWarning(); }

    void cleanupTestCase()
    {
        const auto stopped = DemoWorkspace(m_directory).stop();
        QVERIFY2(stopped, qPrintable(textOf(stopped)));
    }

    void everyStateShowsUp()
    {
        QVERIFY(DemoWorkspace(m_directory).exists());
        const auto demo = workspace();
        QVERIFY2(demo, demo ? "" : qPrintable(toText(demo.error())));
        QCOMPARE(demo->warnings, QStringList());
        QCOMPARE(states(*demo), allStates);
    }

    void policiesAreAsDescribed()
    {
        const auto demo = workspace();
        QVERIFY(demo);
        QCOMPARE(demo->environments.size(), 3);
        const Environment &production = demo->environments.at(0);
        QCOMPARE(production.colour, u"red"_s);
        QCOMPARE(production.protection, Protection::Protected);
        QCOMPARE(production.backup, BackupPolicy::Required);
        QCOMPARE(demo->environments.at(1).colour, u"orange"_s);
        QCOMPARE(demo->environments.at(1).backup, BackupPolicy::Offer);
        QCOMPARE(demo->environments.at(2).colour, u"green"_s);
        QCOMPARE(demo->environments.at(2).protection, Protection::Open);
        QCOMPARE(demo->environments.at(2).backup, BackupPolicy::Off);
    }

    void theManagerHasAllKindsOfRevisions()
    {
        const auto scripts = ScriptDirectory::load({.config = QString(m_directory + u"/alembic.ini"_s)});
        QVERIFY2(scripts, scripts ? "" : qPrintable(toText(scripts.error())));
        const RevisionMap &map = scripts->map;
        const QList<Revision> &all = map.revisions();
        QCOMPARE_GE(all.size(), 42);
        QCOMPARE(map.bases().size(), 1);
        QCOMPARE(map.heads().size(), 1);
        const auto count = [&](auto &&is) { return std::ranges::count_if(all, is); };
        QCOMPARE(count([&](const Revision &r) { return map.isMergePoint(r.id); }), 2);
        QCOMPARE(count([&](const Revision &r) { return map.isBranchPoint(r.id); }), 2);
        QCOMPARE_GE(count([](const Revision &r) { return !r.branchLabels.isEmpty(); }), 4);
        QCOMPARE(count([](const Revision &r) { return r.wayBack == WayBack::Irreversible; }), 1);
        QCOMPARE_GE(count([](const Revision &r) { return r.losesData; }), 5);
        QCOMPARE_GE(count([](const Revision &r) { return r.hasAutocommit; }), 3);
        QCOMPARE_GE(count([](const Revision &r) { return r.usesConnection; }), 3);
        QCOMPARE_GE(count([](const Revision &r) { return r.longMessage.count(u'\n') > 4; }), 1);
        QCOMPARE_GE(count([](const Revision &r) { return r.message.contains(u"Łódź"_s); }), 1);
        const QDateTime newest = QDateTime::fromString(u"2026-11-20T00:00:00"_s, Qt::ISODate);
        for (const Revision &revision : all) {
            QVERIFY2(revision.created.isValid() && revision.created < newest, qPrintable(revision.id.text()));
            for (const RevisionId &parent : revision.downRevisions)
                QVERIFY2(map.find(parent)->created < revision.created, qPrintable(revision.id.text()));
        }
        const auto has = [&](const QString &text) {
            return std::ranges::any_of(
                all, [&](const Revision &r) { return readFile(r.file).contains(text.toUtf8()); });
        };
        for (const QString &text :
             {u"ADD VALUE"_s, u"postgresql_concurrently=True"_s, u"CREATE TRIGGER"_s, u"CREATE FUNCTION"_s,
              u"op.bulk_insert"_s, u"MATERIALIZED VIEW"_s, u"PARTITION BY"_s, u"sa.inspect("_s})
            QVERIFY2(has(text), qPrintable(text));
    }

    void whatProductionLacks()
    {
        const auto demo = workspace();
        QVERIFY(demo);
        const TargetStatus status = statusOf(*demo, u"production/manager"_s);
        QCOMPARE(toTexts(status.pending),
                 QStringList({u"52ab7c9e8d10"_s, u"90c2fd61b5ae"_s, u"e41d09b7a3c8"_s}));
        QVERIFY(status.scripts->map.find(RevisionId(u"52ab7c9e8d10"_s))->usesConnection);
        QVERIFY(status.database->databaseSize > 10'000'000);
    }

    void theRestartCommandWorks()
    {
        const auto demo = workspace();
        QVERIFY(demo);
        const Component &manager = demo->components.at(0);
        QCOMPARE(manager.name, u"manager"_s);
        QCOMPARE(manager.logs.size(), 1);
        const QByteArray before = readFile(manager.logs.first());
        const auto output =
            processOutput({.program = QDir(m_directory).absoluteFilePath(manager.restart.first()),
                           .arguments = manager.restart.mid(1),
                           .workingDirectory = m_directory});
        QVERIFY2(output, output ? "" : qPrintable(toText(output.error())));
        QVERIFY(output->startsWith("manager restarted at "));
        const QByteArray after = readFile(manager.logs.first());
        QVERIFY(after.startsWith(before));
        QCOMPARE(after.count('\n'), before.count('\n') + 2);
    }

    void stopsAndStarts()
    {
        DemoWorkspace demo(m_directory);
        QVERIFY(demo.cluster().isRunning());
        QVERIFY(demo.stop());
        QVERIFY(!demo.cluster().isRunning());
        QVERIFY(demo.stop());
        const auto read = workspace();
        QVERIFY(read);
        QCOMPARE(statusOf(*read, u"staging/manager"_s).state, TargetState::Unreachable);
        QVERIFY(demo.start());
        QVERIFY(demo.start());
        QVERIFY(demo.create({})); // there already: only started
        QCOMPARE(states(*read), allStates);
    }

    void followsAMove()
    {
        QVERIFY(DemoWorkspace(m_directory).stop());
        const QString moved = m_folder.filePath(u"moved"_s);
        QVERIFY(QDir().rename(m_directory, moved));
        m_directory = moved;
        const auto started = DemoWorkspace(moved).start();
        QVERIFY2(started, qPrintable(textOf(started)));
        const auto demo = workspace();
        QVERIFY(demo);
        QCOMPARE(states(*demo), allStates);
    }

    void resetMakesItNew()
    {
        DemoWorkspace demo(m_directory);
        QVERIFY(demo.cluster().execute(u"postgres"_s, u"DROP DATABASE manager_production;"_s));
        writeFile(QString(m_directory + u"/backups/old.dump"_s), u"old"_s);
        QVERIFY(QFile::remove(QString(m_directory + u"/alembic/env.py"_s)));
        const QString outside = m_folder.filePath(u"outside"_s);
        writeFile(QString(outside + u"/precious"_s), u"kept"_s);
        QVERIFY(QFile::link(outside, QString(m_directory + u"/link"_s)));

        QStringList told;
        const auto made = demo.reset([&](const QString &text) { told += text; });
        QVERIFY2(made, qPrintable(textOf(made)));
        QVERIFY(told.join(u'\n').contains(u"Add scheduler fairness weights"_s));
        QVERIFY(!QFile::exists(QString(m_directory + u"/backups"_s)));
        QVERIFY(!QFile::exists(QString(m_directory + u"/link"_s)));
        QCOMPARE(readFile(QString(outside + u"/precious"_s)), QByteArray("kept"));
        const auto read = workspace();
        QVERIFY(read);
        QCOMPARE(states(*read), allStates);
    }

    void anInterruptedCreationIsMadeAnew()
    {
        // What a killed creation leaves: the mark, some files, a server that still runs.
        const QString directory = m_folder.filePath(u"interrupted"_s);
        DemoWorkspace demo(directory);
        writeFile(QString(directory + u"/.stepwell-demo"_s), u"partial"_s);
        writeFile(QString(directory + u"/alembic/versions/half.py"_s), u"\"\"\"cut"_s);
        PrivateCluster left = demo.cluster();
        QVERIFY(left.create());
        QVERIFY(left.start());
        const qint64 process = left.serverProcessId();

        QVERIFY(!demo.exists());
        const auto started = demo.start();
        QVERIFY(!started);
        QCOMPARE(started.error().kind, ErrorKind::Usage);
        const auto made = demo.create({});
        QVERIFY2(made, qPrintable(textOf(made)));
        QVERIFY(demo.exists());
        QVERIFY(demo.cluster().serverProcessId() != process);
        QVERIFY(!QFile::exists(QString(directory + u"/alembic/versions/half.py"_s)));
        const auto read = readWorkspace(directory);
        QVERIFY(read);
        QCOMPARE(states(*read), allStates);
        QVERIFY(demo.stop());
    }

    void aCancelledCreationLeavesNothing()
    {
        const QString directory = m_folder.filePath(u"cancelled"_s);
        DemoWorkspace demo(directory);
        std::stop_source stop;
        const auto made = demo.create(
            [&](const QString &text) {
                if (text.contains(u"Create keypairs"_s))
                    stop.request_stop();
            },
            stop.get_token());
        QVERIFY(!made);
        QCOMPARE(made.error().kind, ErrorKind::Cancelled);
        QVERIFY(!demo.exists());
        QVERIFY(!demo.cluster().isRunning());
        QCOMPARE(QDir(directory).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList(u".lock"_s));
    }

    void aForeignFolderIsLeftAlone()
    {
        const QString directory = m_folder.filePath(u"foreign"_s);
        writeFile(QString(directory + u"/thesis.txt"_s), u"mine"_s);
        DemoWorkspace demo(directory);
        for (const auto &refused : {demo.create({}), demo.reset({})}) {
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::Refused);
        }
        const auto stopped = demo.stop();
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Usage);
        const auto percent = DemoWorkspace(m_folder.filePath(u"100%"_s)).create({});
        QVERIFY(!percent);
        QCOMPARE(percent.error().kind, ErrorKind::Usage);
        QCOMPARE(QDir(directory).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList(u"thesis.txt"_s));
    }
};

QTEST_GUILESS_MAIN(TestDemoWorkspace)
#include "tst_demoworkspace.moc"
