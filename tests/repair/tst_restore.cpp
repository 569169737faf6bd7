// SPDX-License-Identifier: MIT
// Lost revision files, brought back from real git repositories.

#include "migrations/repair/repairplan.h"
#include "tests/repair/gitscene.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_Restore : public QObject
{
    Q_OBJECT

private:
    static void makeProject(GitScene &scene, const QString &more = {})
    {
        writeFile(scene.path(u"app/alembic.ini"_s),
                  QString(u"[alembic]\nscript_location = %(here)s/migrations\n"_s + more));
        writeFile(scene.path(u"app/migrations/env.py"_s), QByteArray());
        scene.revision(u"app/migrations/versions/a1_.py"_s, u"a1"_s, {});
        scene.commit(u"First"_s);
    }
    static History historyOf(const GitScene &scene)
    {
        const ScriptSource source{.config = scene.path(u"app/alembic.ini"_s)};
        const auto scripts = ScriptDirectory::survey(source);
        if (!scripts)
            qFatal("%s", qPrintable(toText(scripts.error())));
        return makeHistory({}, source, *scripts, {}, {});
    }
    static Result<RepairPlan> restore(const GitScene &scene, const QString &id)
    {
        return planRepair(historyOf(scene), {.kind = RepairKind::Restore, .revision = id});
    }
    static QString version(const GitScene &scene, const QString &name)
    {
        return scene.path(u"app/migrations/versions/%1"_s.arg(name));
    }

private Q_SLOTS:
    void aChainFromAnotherBranch()
    {
        GitScene scene;
        makeProject(scene);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature"_s});
        scene.revision(u"app/migrations/versions/b2_.py"_s, u"b2"_s, u"a1"_s, u"# bytes\xe4\r\n"_s);
        scene.commit(u"Second"_s, u"Bob"_s);
        scene.revision(u"app/migrations/versions/c3_.py"_s, u"c3"_s, u"b2"_s);
        scene.commit(u"Third"_s, u"Carol"_s);
        scene.revision(u"app/migrations/versions/d4_.py"_s, u"d4"_s, u"c3"_s);
        scene.commit(u"Fourth"_s, u"Dora"_s);
        const QByteArray b2 = readFile(version(scene, u"b2_.py"_s));
        const QByteArray c3 = readFile(version(scene, u"c3_.py"_s));
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});

        const QByteArray before = scene.fingerprint();
        const auto plan = restore(scene, u"c3"_s);
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(scene.fingerprint(), before);
        QCOMPARE(plan->title, u"Bring c3 and one below it back from git"_s);
        QCOMPARE(plan->changes.size(), 2);
        QCOMPARE(plan->changes.at(0), (FileChange{version(scene, u"c3_.py"_s), {}, c3}));
        QCOMPARE(plan->changes.at(1), (FileChange{version(scene, u"b2_.py"_s), {}, b2}));
        QCOMPARE(plan->after.heads(), RevisionIds{RevisionId(u"c3"_s)});
        QVERIFY(plan->problemsAfter.isEmpty());
        const QString warnings = plan->warnings.join(u'\n');
        QVERIFY2(warnings.contains(u"by Carol"_s) && warnings.contains(u"on feature"_s),
                 qPrintable(warnings));
        QVERIFY(warnings.contains(u"git status will show the files as new"_s));
        QVERIFY(!warnings.contains(u"on purpose"_s));

        const auto written = writeRepair(historyOf(scene), *plan);
        QVERIFY2(written, written ? "" : qPrintable(toText(written.error())));
        QCOMPARE(readFile(version(scene, u"b2_.py"_s)), b2);
        const auto again = restore(scene, u"c3"_s);
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::Refused);
        QVERIFY(again.error().message.contains(u"c3 is there already"_s));
    }

    void aFileThatWasDeleted()
    {
        GitScene scene;
        makeProject(scene);
        scene.revision(u"app/migrations/versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Second"_s, u"Bob"_s);
        scene.git({u"rm"_s, u"-q"_s, u"app/migrations/versions/b2_.py"_s});
        scene.commit(u"Away"_s);
        const auto plan = restore(scene, u"b2"_s);
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->title, u"Bring b2 back from git"_s);
        const QString warnings = plan->warnings.join(u'\n');
        QVERIFY2(warnings.contains(u"no branch has it any more"_s) && warnings.contains(u"ask Bob"_s),
                 qPrintable(warnings));
    }

    void aFolderThatIsNoVersionLocationAnyMore()
    {
        GitScene scene;
        makeProject(scene);
        scene.git({u"checkout"_s, u"-qb"_s, u"old"_s});
        scene.revision(u"legacy/versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Second"_s, u"Bob"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        const auto plan = restore(scene, u"b2"_s);
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->changes.first().file, version(scene, u"b2_.py"_s));
        QVERIFY(plan->warnings.join(u'\n').contains(u"b2 was legacy/versions/b2_.py"_s));
    }

    void severalVersionLocations()
    {
        GitScene scene;
        makeProject(scene, u"version_locations = %(here)s/migrations/versions %(here)s/other\n"_s);
        scene.revision(u"app/other/k1_.py"_s, u"k1"_s, {});
        scene.commit(u"Other"_s);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature"_s});
        scene.revision(u"app/other/k2_.py"_s, u"k2"_s, u"k1"_s);
        scene.commit(u"More"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        const auto plan = restore(scene, u"k2"_s);
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->changes.first().file, scene.path(u"app/other/k2_.py"_s));
    }

    void aMissingParentInTheFiles()
    {
        GitScene scene;
        makeProject(scene);
        scene.revision(u"app/migrations/versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.revision(u"app/migrations/versions/c3_.py"_s, u"c3"_s, u"b2"_s);
        scene.commit(u"Both"_s);
        QVERIFY(QFile::remove(version(scene, u"b2_.py"_s)));
        QCOMPARE(historyOf(scene).scripts.problems.size(), 1);
        const auto plan = restore(scene, u"b2"_s);
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QVERIFY(plan->problemsAfter.isEmpty());
        QCOMPARE(plan->after.heads(), RevisionIds{RevisionId(u"c3"_s)});
    }

    void whatGitHasNot()
    {
        GitScene scene;
        makeProject(scene);
        const auto none = restore(scene, u"zz99"_s);
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::UnknownRevision);
        QVERIFY2(none.error().hint.contains(u"on main"_s) && none.error().hint.contains(u"no remote"_s),
                 qPrintable(none.error().hint));
        scene.git({u"remote"_s, u"add"_s, u"upstream"_s, u"/nowhere"_s});
        QVERIFY(restore(scene, u"zz99"_s).error().hint.contains(u"git fetch --all (upstream)"_s));
        QVERIFY(QDir(scene.path(u".git"_s)).removeRecursively());
        const auto nowhere = restore(scene, u"zz99"_s);
        QCOMPARE(nowhere.error().kind, ErrorKind::UnknownRevision);
        QVERIFY(nowhere.error().hint.contains(u"in no git repository"_s));
        QCOMPARE(restore(scene, u" "_s).error().kind, ErrorKind::Usage);
    }

    void aParentThatIsLostForGood()
    {
        GitScene scene;
        makeProject(scene);
        scene.git({u"checkout"_s, u"-qb"_s, u"feature"_s});
        scene.revision(u"app/migrations/versions/c3_.py"_s, u"c3"_s, u"never"_s);
        scene.commit(u"Broken"_s);
        scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
        // Files that Alembic can use would become files that it cannot.
        const auto plan = restore(scene, u"c3"_s);
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::Refused);
        QVERIFY2(plan.error().message.contains(u"never"_s), qPrintable(plan.error().message));
    }

    void aFileInItsPlaceIsNotOverwritten()
    {
        GitScene scene;
        makeProject(scene);
        scene.revision(u"app/migrations/versions/b2_.py"_s, u"b2"_s, u"a1"_s);
        scene.commit(u"Second"_s);
        scene.revision(u"app/migrations/versions/b2_.py"_s, u"x9"_s, u"a1"_s); // another identifier, by hand
        const auto plan = restore(scene, u"b2"_s);
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::Refused);
        QVERIFY(plan.error().message.contains(u"would be written over"_s));
    }
};

QTEST_GUILESS_MAIN(tst_Restore)
#include "tst_restore.moc"
