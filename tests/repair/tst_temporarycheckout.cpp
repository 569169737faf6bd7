// SPDX-License-Identifier: MIT
// The files of another branch, beside the work tree of a real git repository.

#include "migrations/alembic/replacefile.h"
#include "migrations/repair/temporarycheckout.h"
#include "tests/repair/gitscene.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_TemporaryCheckout : public QObject
{
    Q_OBJECT

private:
    static void makeHistory(GitScene &scene)
    {
        writeFile(scene.path(u"my app/alembic.ini"_s), u"main"_s);
        writeFile(scene.path(u"my app/versions/a ä.py"_s), u"a"_s);
        scene.commit(u"First"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature/x"_s});
        writeFile(scene.path(u"my app/alembic.ini"_s), u"feature"_s);
        writeFile(scene.path(u"my app/versions/b.py"_s), u"b"_s);
        scene.commit(u"Second"_s);
        scene.git({u"tag"_s, u"v1"_s});
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
    }
    static qsizetype worktrees(GitScene &scene)
    {
        return scene.git({u"worktree"_s, u"list"_s}).split(u'\n').size();
    }
    static QStringList hereOf(GitScene &scene)
    {
        return {scene.git({u"rev-parse"_s, u"HEAD"_s}), scene.git({u"symbolic-ref"_s, u"HEAD"_s}),
                scene.git({u"status"_s, u"--porcelain"_s}),
                QString::fromLatin1(readFile(scene.path(u".git/index"_s)).toHex())};
    }

private Q_SLOTS:
    /// A file system without locks refuses nobody: whether somebody is there is not known then.
    void tellsLocksApart()
    {
        const QTemporaryDir folder;
        const QByteArray path = QFile::encodeName(folder.filePath(u"lock"_s));
        const int mine = ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        const int other = ::open(path.constData(), O_RDWR | O_CLOEXEC);
        QCOMPARE(lockNow(mine, LOCK_EX), LockState::Held);
        QCOMPARE(lockNow(other, LOCK_EX), LockState::Taken);
        ::close(mine);
        QCOMPARE(lockNow(other, LOCK_EX), LockState::Held);
        ::close(other);
        QCOMPARE(lockNow(other, LOCK_EX), LockState::Unknown);
    }

    void madeUsedAndGone()
    {
        GitScene scene;
        makeHistory(scene);
        writeFile(scene.path(u"my app/staged.txt"_s), u"x"_s);
        scene.git({u"add"_s, u"my app/staged.txt"_s});
        writeFile(scene.path(u"my app/alembic.ini"_s), u"changed by hand"_s);
        const QStringList before = hereOf(scene);
        QString folder;
        {
            auto checkout = TemporaryCheckout::make(scene.path(u"my app"_s), u"feature/x"_s);
            QVERIFY2(checkout, checkout ? "" : qPrintable(toText(checkout.error())));
            folder = checkout->folder();
            QCOMPARE(checkout->commit(), scene.git({u"rev-parse"_s, u"feature/x"_s}));
            const QString ini = checkout->pathOf(scene.path(u"my app/alembic.ini"_s));
            QCOMPARE(ini, QString(folder + u"/my app/alembic.ini"_s));
            QCOMPARE(readFile(ini), QByteArray("feature"));
            // A file and a folder that only the other branch has.
            QCOMPARE(readFile(checkout->pathOf(scene.path(u"my app/versions/b.py"_s))), QByteArray("b"));
            QCOMPARE(checkout->pathOf(scene.path(u"never/there.py"_s)),
                     QString(folder + u"/never/there.py"_s));
            QCOMPARE(checkout->pathOf(scene.top()), folder);
            QVERIFY(checkout->pathOf(QDir::tempPath()).isNull());
            QVERIFY(checkout->pathOf(QString(scene.top() + u"-other/file"_s)).isNull());
            QCOMPARE(worktrees(scene), 2);

            // It may be moved from place to place, and what it replaces goes.
            auto other = TemporaryCheckout::make(scene.top(), u"v1"_s);
            QVERIFY(other);
            const QString otherFolder = other->folder();
            *other = std::move(*checkout);
            QVERIFY(!QFileInfo::exists(otherFolder));
            QVERIFY(QFileInfo::exists(folder));
            QCOMPARE(other->folder(), folder);
            QCOMPARE(worktrees(scene), 2);
        }
        QVERIFY(!QFileInfo::exists(QFileInfo(folder).path()));
        QCOMPARE(worktrees(scene), 1);
        QCOMPARE(hereOf(scene), before);
        QCOMPARE(readFile(scene.path(u"my app/alembic.ini"_s)), QByteArray("changed by hand"));
    }

    void commitsTagsAndTheCurrentBranch()
    {
        GitScene scene;
        makeHistory(scene);
        const QString commit = scene.git({u"rev-parse"_s, u"feature/x"_s});
        for (const QString &ref : {commit, commit.first(9), u"v1"_s, u"main"_s}) {
            const auto checkout = TemporaryCheckout::make(scene.top(), ref);
            QVERIFY2(checkout, qPrintable(ref));
            QCOMPARE(checkout->commit(), scene.git({u"rev-parse"_s, ref}));
        }
        QCOMPARE(worktrees(scene), 1);
    }

    void whatIsNotThere_data()
    {
        QTest::addColumn<QString>("ref");
        QTest::newRow("no branch") << u"nothing"_s;
        QTest::newRow("an option") << u"--force"_s;
        QTest::newRow("empty") << QString();
        QTest::newRow("a file") << u"main:my app/alembic.ini"_s;
    }
    void whatIsNotThere()
    {
        QFETCH(const QString, ref);
        GitScene scene;
        makeHistory(scene);
        const auto checkout = TemporaryCheckout::make(scene.top(), ref);
        QVERIFY(!checkout);
        QCOMPARE(checkout.error().kind, ErrorKind::ProcessFailed);
        QVERIFY2(checkout.error().message.contains(u"git knows no branch, tag or commit '%1'"_s.arg(ref)),
                 qPrintable(checkout.error().message));
        QVERIFY(checkout.error().hint.contains(u"git fetch"_s));
        QCOMPARE(worktrees(scene), 1);
    }

    void noCommitsAndNoRepository()
    {
        GitScene empty;
        const auto nothing = TemporaryCheckout::make(empty.top(), u"main"_s);
        QVERIFY(!nothing && nothing.error().message.contains(u"no commit yet"_s));
        const QTemporaryDir folder;
        const auto nowhere = TemporaryCheckout::make(folder.path(), u"main"_s);
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().kind, ErrorKind::ProcessFailed);
        QVERIFY(nowhere.error().message.contains(u"in no git repository"_s));
        const auto gone = TemporaryCheckout::make(folder.filePath(u"gone"_s), u"main"_s);
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, ErrorKind::FileError);
    }

    void projectHooksDoNotRun()
    {
        GitScene scene;
        makeHistory(scene);
        const QString hook = scene.path(u".git/hooks/post-checkout"_s);
        writeFile(hook, u"#!/bin/sh\ntouch '%1/ran'\nexit 1\n"_s.arg(scene.top()));
        QVERIFY(QFile::setPermissions(hook, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QVERIFY(TemporaryCheckout::make(scene.top(), u"feature/x"_s));
        QVERIFY(!QFileInfo::exists(scene.path(u"ran"_s)));
    }

    void leftoversOfACrashArePruned()
    {
        GitScene scene;
        makeHistory(scene);
        // Somebody's own worktree, on a disk that is away now, is nobody's leftover.
        const QTemporaryDir away;
        scene.git({u"worktree"_s, u"add"_s, u"-q"_s, u"--detach"_s, away.filePath(u"own"_s), u"v1"_s});
        QVERIFY(QDir(away.filePath(u"own"_s)).removeRecursively());

        int paths[2];
        QCOMPARE(::pipe(paths), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const auto checkout = TemporaryCheckout::make(scene.top(), u"feature/x"_s);
            const QByteArray folder = checkout ? checkout->folder().toUtf8() : QByteArray();
            (void)!::write(paths[1], folder.constData(), size_t(folder.size()));
            ::_exit(0); // no destructor runs
        }
        ::close(paths[1]);
        QByteArray told(4096, '\0');
        told.resize(qMax<qsizetype>(0, ::read(paths[0], told.data(), size_t(told.size()))));
        ::close(paths[0]);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        const QString left = QString::fromUtf8(told);
        // By a file in it: the names of both may be the same, as both processes have the same random numbers.
        const QString marker = QString(left + u"/marker"_s);
        QVERIFY(QFileInfo::exists(left));
        writeFile(marker, u"x"_s);
        QCOMPARE(worktrees(scene), 3);
        {
            const auto living = TemporaryCheckout::make(scene.top(), u"main"_s);
            QVERIFY(living);
            QVERIFY(!QFileInfo::exists(marker));
            QCOMPARE(worktrees(scene), 3);
            // One that is in use is no leftover.
            const auto second = TemporaryCheckout::make(scene.top(), u"main"_s);
            QVERIFY(second);
            QVERIFY(QFileInfo::exists(living->folder()));
            QCOMPARE(worktrees(scene), 4);
        }
        QCOMPARE(worktrees(scene), 2);
    }

    void aStopLeavesNothing()
    {
        GitScene scene;
        makeHistory(scene);
        std::stop_source stop;
        stop.request_stop();
        const auto checkout = TemporaryCheckout::make(scene.top(), u"main"_s, stop.get_token());
        QVERIFY(!checkout);
        QCOMPARE(checkout.error().kind, ErrorKind::Cancelled);
        QCOMPARE(worktrees(scene), 1);
    }
};

QTEST_GUILESS_MAIN(tst_TemporaryCheckout)
#include "tst_temporarycheckout.moc"
