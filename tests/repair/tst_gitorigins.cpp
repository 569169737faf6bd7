// SPDX-License-Identifier: MIT
// Who brought which revision, and what other branches and older commits have, from real git repositories.

#include "migrations/alembic/revisionfile.h"
#include "migrations/repair/gitorigins.h"
#include "tests/repair/gitscene.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_GitOrigins : public QObject
{
    Q_OBJECT

private:
    static Revision at(const QString &file)
    {
        const auto revision = readRevisionFile(file, ReadDepth::Header);
        if (!revision)
            qFatal("%s", qPrintable(toText(revision.error())));
        return *revision;
    }
    static RevisionOrigins originsOf(const QList<Revision> &revisions)
    {
        const auto origins = revisionOrigins(revisions);
        if (!origins)
            qFatal("%s", qPrintable(toText(origins.error())));
        return *origins;
    }
    static RevisionId id(const QString &text) { return RevisionId(text); }

private Q_SLOTS:
    void whoBroughtARevision()
    {
        GitScene scene;
        scene.revision(u"app/versions/a1_.py"_s, u"a1"_s, {});
        const QString first = scene.commit(u"Sessions: a colon"_s, u"Ada \"L\" Ö"_s);
        scene.revision(u"app/versions/b2 ä'\"x.py"_s, u"b2"_s, u"a1"_s);
        const QString second = scene.commit(u"Second"_s, u"Bob"_s);
        // Changed and renamed by somebody else: it still is Ada's and Bob's.
        scene.revision(u"app/versions/a1_.py"_s, u"a1"_s, {}, u"# more\n"_s);
        scene.git({u"mv"_s, u"app/versions/b2 ä'\"x.py"_s, u"app/versions/renamed.py"_s});
        scene.commit(u"Tidy"_s, u"Carol"_s);
        scene.revision(u"app/versions/c3_.py"_s, u"c3"_s, u"b2"_s); // never committed
        scene.revision(u"app/versions/d4_.py"_s, u"d4"_s, u"c3"_s); // known to the index only
        scene.git({u"add"_s, u"app/versions/d4_.py"_s});

        const QByteArray before = scene.fingerprint();
        const RevisionOrigins origins =
            originsOf({at(scene.path(u"app/versions/a1_.py"_s)), at(scene.path(u"app/versions/renamed.py"_s)),
                       at(scene.path(u"app/versions/c3_.py"_s)), at(scene.path(u"app/versions/d4_.py"_s))});
        QCOMPARE(scene.fingerprint(), before);
        QCOMPARE(origins.size(), 4);
        QCOMPARE(origins[id(u"a1"_s)].author, u"Ada \"L\" Ö"_s);
        QCOMPARE(origins[id(u"a1"_s)].commit, first);
        QCOMPARE(origins[id(u"a1"_s)].subject, u"Sessions: a colon"_s);
        QCOMPARE(origins[id(u"a1"_s)].when.toUTC().date(), QDate(2026, 3, 1));
        QCOMPARE(origins[id(u"a1"_s)].branches, QStringList{u"main"_s});
        QCOMPARE(origins[id(u"b2"_s)].author, u"Bob"_s);
        QCOMPARE(origins[id(u"b2"_s)].commit, second);
        QCOMPARE(origins[id(u"b2"_s)].branches, QStringList{u"main"_s});
        QCOMPARE(origins[id(u"c3"_s)], RevisionOrigin());
        QCOMPARE(origins[id(u"d4"_s)], RevisionOrigin());
    }

    void branchesThatHaveIt()
    {
        GitScene scene;
        scene.revision(u"versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature/x"_s});
        scene.revision(u"versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Feature"_s, u"Bob"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        scene.git({u"merge"_s, u"-q"_s, u"--no-ff"_s, u"-m"_s, u"Merge feature"_s, u"feature/x"_s});
        scene.git({u"checkout"_s, u"-q"_s, u"--detach"_s}); // a detached HEAD changes nothing
        const RevisionOrigins origins =
            originsOf({at(scene.path(u"versions/a1_.py"_s)), at(scene.path(u"versions/b2_.py"_s))});
        QCOMPARE(origins[id(u"b2"_s)].author, u"Bob"_s);
        QCOMPARE(origins[id(u"b2"_s)].branches, (QStringList{u"main"_s, u"feature/x"_s}));

        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        scene.revision(u"versions/c3_.py"_s, u"c3"_s, u"b2"_s);
        scene.commit(u"Third"_s);
        QCOMPARE(originsOf({at(scene.path(u"versions/c3_.py"_s))})[id(u"c3"_s)].branches,
                 QStringList{u"main"_s});
    }

    void aFileThatAMergeAdded()
    {
        GitScene scene;
        scene.revision(u"versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"other"_s});
        scene.commit(u"Nothing"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        scene.git({u"merge"_s, u"-q"_s, u"--no-ff"_s, u"--no-commit"_s, u"other"_s});
        scene.revision(u"versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        const QString merge = scene.commit(u"Merge with more in it"_s, u"Eve"_s);
        const RevisionOrigin origin = originsOf({at(scene.path(u"versions/b2_.py"_s))})[id(u"b2"_s)];
        QCOMPARE(origin.author, u"Eve"_s);
        QCOMPARE(origin.commit, merge);
    }

    void noRepositoryAndNoCommit()
    {
        const QTemporaryDir folder;
        writeFile(folder.filePath(u"a.py"_s), u"revision = 'a'\ndown_revision = None\n"_s);
        const QList<Revision> revisions{at(folder.filePath(u"a.py"_s))};
        QVERIFY(originsOf(revisions).isEmpty());
        QVERIFY(childrenElsewhere({folder.path()}, {id(u"a"_s)})->isEmpty());
        QVERIFY(!revisionFileInGit(folder.path(), id(u"a"_s)).value());
        QVERIFY(formerParents(folder.filePath(u"a.py"_s))->isEmpty());

        GitScene empty;
        empty.revision(u"a.py"_s, u"a"_s, {});
        QCOMPARE(originsOf({at(empty.path(u"a.py"_s))})[id(u"a"_s)], RevisionOrigin());
        QVERIFY(childrenElsewhere({empty.top()}, {id(u"a"_s)})->isEmpty());
        QVERIFY(!revisionFileInGit(empty.top(), id(u"b"_s)).value());
        QVERIFY(formerParents(empty.path(u"a.py"_s))->isEmpty());
    }

    void aShallowCloneDoesNotAccuse()
    {
        GitScene scene;
        scene.revision(u"versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s, u"Ada"_s);
        writeFile(scene.path(u"other"_s), u"x"_s);
        const QString boundary = scene.commit(u"Something else"_s, u"Bob"_s);
        scene.revision(u"versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Second"_s, u"Carol"_s);
        const QTemporaryDir folder;
        runGit(folder.path(),
               {u"clone"_s, u"-q"_s, u"--depth=2"_s, QString(u"file://"_s + scene.top()), u"c"_s});
        const RevisionOrigins origins = originsOf(
            {at(folder.filePath(u"c/versions/a1_.py"_s)), at(folder.filePath(u"c/versions/b2_.py"_s))});
        QCOMPARE(origins[id(u"a1"_s)].commit, boundary);
        QVERIFY(origins[id(u"a1"_s)].author.isEmpty());
        QVERIFY(!origins[id(u"a1"_s)].when.isValid());
        QCOMPARE(origins[id(u"b2"_s)].author, u"Carol"_s);
        QCOMPARE(origins[id(u"b2"_s)].branches, (QStringList{u"main"_s, u"origin/main"_s}));
    }

    void childrenOnOtherBranches()
    {
        GitScene scene;
        scene.revision(u"app/versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"old"_s});
        scene.revision(u"app/versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Old"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"newer"_s});
        scene.revision(u"app/versions/2026/c 3ü.py"_s, u"c3"_s, u"b2"_s);
        writeFile(scene.path(u"app/versions/m4_.py"_s),
                  u"revision = 'm4'\ndown_revision = (\n    'a1',\n    'c3',\n)\n"_s);
        writeFile(scene.path(u"app/versions/words_.py"_s),
                  u"revision = 'z9'\n# after a1\ndown_revision = 'zz'\n"_s);
        scene.commit(u"Newer"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});

        const QByteArray before = scene.fingerprint();
        const auto found = childrenElsewhere({scene.path(u"app/versions"_s)}, {id(u"a1"_s)});
        QVERIFY(found);
        QStringList told;
        for (const RevisionElsewhere &one : *found)
            told += u"%1 %2 %3 %4"_s.arg(one.id.text(), toText(one.downRevisions), one.branch, one.path);
        told.sort();
        QCOMPARE(told, (QStringList{u"b2 a1 newer app/versions/b2_.py"_s,
                                    u"m4 a1, c3 newer app/versions/m4_.py"_s}));
        QCOMPARE(childrenElsewhere({scene.top()}, {id(u"b2"_s)})->size(), 1);
        QCOMPARE(childrenElsewhere({scene.top()}, {id(u"b2"_s)})->first().path,
                 u"app/versions/2026/c 3ü.py"_s);
        QCOMPARE(scene.fingerprint(), before);
        // What is here, under whatever name and committed or not, is not elsewhere.
        scene.revision(u"app/versions/copied.py"_s, u"b2"_s, u"a1"_s);
        const auto left = childrenElsewhere({scene.path(u"app/versions"_s)}, {id(u"a1"_s)});
        QCOMPARE(left->size(), 1);
        QCOMPARE(left->first().id, id(u"m4"_s));
        // Several folders, one inside another: each revision once, and what one of them has is here.
        const auto several = childrenElsewhere(
            {scene.path(u"app/versions"_s), scene.path(u"gone"_s), scene.path(u"app"_s)}, {id(u"a1"_s)});
        QVERIFY(several);
        QCOMPARE(several->size(), 1);
    }

    void aMissingFileFromABranch()
    {
        GitScene scene;
        scene.revision(u"versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature"_s});
        scene.revision(u"versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Second"_s, u"Bob"_s);
        scene.git({u"mv"_s, u"versions/b2_.py"_s, u"versions/b2 nåme.py"_s});
        scene.commit(u"Rename"_s, u"Carol"_s);
        scene.revision(u"versions/b2 nåme.py"_s, u"b2"_s, u"a1"_s, u"# the newest\r\n"_s);
        const QString newest = scene.commit(u"Change"_s, u"Dora"_s);
        const QByteArray content = readFile(scene.path(u"versions/b2 nåme.py"_s));
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});

        const auto found = revisionFileInGit(scene.path(u"versions"_s), id(u"b2"_s));
        QVERIFY(found && *found);
        QCOMPARE((*found)->content, content);
        QCOMPARE((*found)->version.commit, newest);
        QCOMPARE((*found)->version.author, u"Dora"_s);
        QCOMPARE((*found)->branches, QStringList{u"feature"_s});
        QCOMPARE((*found)->path, scene.path(u"versions/b2 nåme.py"_s));
    }

    void aFileThatWasDeletedOrLost()
    {
        GitScene scene;
        scene.revision(u"versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
        scene.revision(u"versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        const QString added = scene.commit(u"Second"_s, u"Bob"_s);
        scene.git({u"rm"_s, u"-q"_s, u"versions/b2_.py"_s});
        scene.commit(u"Away with it"_s);
        const auto deleted = revisionFileInGit(scene.top(), id(u"b2"_s));
        QVERIFY(deleted && *deleted);
        QCOMPARE((*deleted)->version.commit, added);
        QVERIFY((*deleted)->branches.isEmpty());

        scene.revision(u"versions/c3_.py"_s, u"c3"_s, u"a1"_s);
        const QString lost = scene.commit(u"Third"_s, u"Carol"_s);
        scene.git({u"reset"_s, u"-q"_s, u"--hard"_s, u"HEAD~1"_s});
        const auto inReflog = revisionFileInGit(scene.top(), id(u"c3"_s));
        QVERIFY(inReflog && *inReflog);
        QCOMPARE((*inReflog)->version.commit, lost);
        QVERIFY(!revisionFileInGit(scene.top(), id(u"never"_s)).value());
    }

    void parentsThatAFileHad()
    {
        GitScene scene;
        for (const QString &down : {u"a1"_s, u"b2"_s, u"a1"_s}) {
            scene.revision(u"v/x ü.py"_s, u"x"_s, down);
            scene.commit(u"On top of %1"_s.arg(down));
        }
        const QString file = scene.path(u"v/x ü.py"_s);
        QCOMPARE(formerParents(file).value(), QList<RevisionIds>{{id(u"b2"_s)}});
        scene.revision(u"v/x ü.py"_s, u"x"_s, u"c3"_s); // by hand, not committed
        QCOMPARE(formerParents(file).value(), (QList<RevisionIds>{{id(u"a1"_s)}, {id(u"b2"_s)}}));
        writeFile(file, u"revision = \n"_s); // broken by hand
        QCOMPARE(formerParents(file).value(), (QList<RevisionIds>{{id(u"a1"_s)}, {id(u"b2"_s)}}));
        QVERIFY(formerParents(scene.path(u"v/never.py"_s))->isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_GitOrigins)
#include "tst_gitorigins.moc"
