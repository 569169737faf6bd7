// SPDX-License-Identifier: MIT
#include "app/secretstore.h"
#include "app/workspacesession.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>
#include <QThreadPool>
#include <QTimer>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

Workspace workspaceOf(const ScratchProject &project, const QString &url)
{
    Workspace workspace;
    workspace.directory = project.directory();
    workspace.components = {{.name = u"main"_s, .config = project.config()}};
    workspace.environments = {{.name = u"test"_s, .databases = {{.component = u"main"_s, .url = url}}}};
    return workspace;
}

const TargetId target{u"test"_s, u"main"_s};

} // namespace

class tst_WorkspaceSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void readsATarget()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        project.addRevision(u"aaaa1"_s, {}, {}, {});
        SecretStore secrets;
        WorkspaceSession session(workspaceOf(project, database.url), secrets);
        const QSignalSpy changed(&session, &WorkspaceSession::statusChanged);
        QVERIFY(!session.status(target));
        session.refreshAll();
        QVERIFY(session.isReading(target));
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 20000);
        QCOMPARE(session.status(target)->state, TargetState::Empty);
        QVERIFY(!session.isReading());
    }

    void aLateAnswerOfAnOlderRequestIsDropped()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        project.addRevision(u"aaaa1"_s, {}, {}, {});
        SecretStore secrets;
        WorkspaceSession session(workspaceOf(project, database.url), secrets);
        const QSignalSpy changed(&session, &WorkspaceSession::statusChanged);
        for (int i = 0; i < 5; ++i)
            session.refresh(target);
        QTRY_VERIFY_WITH_TIMEOUT(!session.isReading(), 20000);
        QTest::qWait(500);
        QCOMPARE(changed.size(), 1);
    }

    void changedFilesAreReadWithoutBeingAsked()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        const QString first = project.addRevision(u"aaaa1"_s, {}, {}, {});
        SecretStore secrets;
        WorkspaceSession session(workspaceOf(project, database.url), secrets);
        session.refreshAll();
        QTRY_VERIFY_WITH_TIMEOUT(session.status(target), 20000);
        const auto heads = [&] { return toTexts(session.status(target)->heads); };
        QCOMPARE(heads(), QStringList{u"aaaa1"_s});

        project.addRevision(u"bbbb1"_s, u"aaaa1"_s, {}, {}); // a new file
        QTRY_COMPARE_WITH_TIMEOUT(heads(), QStringList{u"bbbb1"_s}, 20000);
        QCOMPARE(session.status(target)->state, TargetState::Empty);

        QByteArray text = readFile(first); // written in place, and broken
        writeFile(first, text.replace("down_revision = None", "down_revision = 'lost'"));
        QTRY_COMPARE_WITH_TIMEOUT(session.status(target)->state, TargetState::Broken, 20000);
        QCOMPARE(session.status(target)->error->kind, ErrorKind::MissingParent);
        QCOMPARE(session.status(target)->scripts->map.count(), 2); // the rest is still there
        QVERIFY(session.status(target)->database);

        QVERIFY(QFile::remove(first)); // gone, and back again
        writeFile(first, text.replace("down_revision = 'lost'", "down_revision = None"));
        QTRY_COMPARE_WITH_TIMEOUT(session.status(target)->state, TargetState::Empty, 20000);
    }

    /// A server that accepts and never answers: the event loop goes on all the time.
    void aSilentServerNeverFreezesTheWindow()
    {
        ScratchProject project{QString()};
        project.addRevision(u"aaaa1"_s, {}, {}, {});
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        SecretStore secrets;
        WorkspaceSession session(
            workspaceOf(project, u"postgresql://u@127.0.0.1:%1/d"_s.arg(silent.serverPort())), secrets);
        int ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] { ++ticks; });
        timer.start(10);
        session.refreshAll();
        const int before = ticks;
        QTRY_VERIFY_WITH_TIMEOUT(!session.isReading(), 30000);
        QVERIFY2(ticks - before > 100, qPrintable(QString::number(ticks - before)));
        QCOMPARE(session.status(target)->state, TargetState::Unreachable);
        QCOMPARE(session.status(target)->error->kind, ErrorKind::ConnectionTimeout);
    }

    void aPasswordInMemoryIsUsed()
    {
        const TestDatabase database = TestCluster::instance().newDatabase();
        ScratchProject project{database.url};
        project.addRevision(u"aaaa1"_s, {}, {}, {});
        SecretStore secrets;
        WorkspaceSession session(workspaceOf(project, database.url), secrets);
        session.setPassword(target, u"geheim"_s, WorkspaceSession::Keep::InMemory);
        QCOMPARE(session.password(target), u"geheim"_s);
        QCOMPARE(secrets.remembered(SecretStore::keyOf(project.directory(), target)), u"geheim"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!session.isReading(), 20000);
    }
};

QTEST_GUILESS_MAIN(tst_WorkspaceSession)
#include "tst_workspacesession.moc"
