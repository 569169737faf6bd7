// SPDX-License-Identifier: MIT
// What git adds to a diagnosis, asked of real repositories.
#include "migrations/repair/diagnosis.h"
#include "tests/repair/gitscene.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// A project in a git repository of its own.
class Scene
{
public:
    explicit Scene(const QString &graph) : m_project(projectOf(graph))
    {
        git({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
        commit(u"Add migrations"_s);
    }

    void git(const QStringList &arguments) { runGit(m_project->directory(), arguments, ++m_minute); }
    void commit(const QString &subject)
    {
        git({u"add"_s, u"-A"_s});
        git({u"commit"_s, u"-q"_s, u"-m"_s, subject});
    }
    [[nodiscard]] ScratchProject &project() { return *m_project; }
    [[nodiscard]] QString fileOf(const QString &id) const
    {
        return historyOf(*m_project).scripts.map.find(RevisionId(id))->file;
    }
    void replace(const QString &id, const char *before, const char *after)
    {
        const QString file = fileOf(id);
        const QByteArray text = readFile(file);
        QVERIFY2(text.contains(before), text.constData());
        writeFile(file, QByteArray(text).replace(before, after));
    }
    [[nodiscard]] QList<Trouble> diagnose(const QList<RowsOf> &databases = {}) const
    {
        const History history = historyOf(*m_project, databases);
        QList<Trouble> troubles = diagnoseHistory(history);
        lookInGit(troubles, history);
        return troubles;
    }

private:
    std::unique_ptr<ScratchProject> m_project;
    int m_minute = 0;
};

const RepairOffer *advisedOf(const Trouble &trouble)
{
    const auto found = std::ranges::find_if(trouble.offers, &RepairOffer::isAdvised);
    return found == trouble.offers.cend() ? nullptr : &*found;
}

const RepairOffer *offerOf(const Trouble &trouble, RepairKind kind)
{
    const auto found = std::ranges::find_if(trouble.offers, [&](const RepairOffer &offer) {
        return offer.action == RepairOffer::Repair && offer.request.kind == kind;
    });
    return found == trouble.offers.cend() ? nullptr : &*found;
}

} // namespace

class TestDiagnosisGit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void findsALostFile();
    void saysThatAFileIsNowhere();
    void knowsTheParentsOfBefore();
    void knowsWhichLinkClosedACircle();
    void knowsTheCopyByItsCommit();
    void findsARowOnABranch();
    void findsARowThatNoBranchHas();
    void leavesALostRowToPeople();
    void knowsAMergeOfAnotherBranch();
};

void TestDiagnosisGit::findsALostFile()
{
    Scene scene(u"a b<a c<b"_s);
    QVERIFY(QFile::remove(scene.fileOf(u"b"_s)));
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.size(), 1);
    const Trouble &trouble = troubles.constFirst();
    QCOMPARE(trouble.kind, TroubleKind::MissingParent);
    QVERIFY2(trouble.text.contains(u"git has it: Ada wrote it on 1 Mar 2026"_s), qPrintable(trouble.text));
    QVERIFY(advisedOf(trouble));
    QCOMPARE(advisedOf(trouble)->request.kind, RepairKind::Restore);
}

void TestDiagnosisGit::saysThatAFileIsNowhere()
{
    Scene scene(u"a c<b"_s);
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.size(), 1);
    const Trouble &trouble = troubles.constFirst();
    QVERIFY(!offerOf(trouble, RepairKind::Restore)->whyNot.isEmpty());
    QCOMPARE(advisedOf(trouble)->request.kind, RepairKind::Relink);
    QCOMPARE(advisedOf(trouble)->request.parents, QStringList{u"a"_s});
}

void TestDiagnosisGit::knowsTheParentsOfBefore()
{
    // By itself d would be put on c, the only head.
    Scene scene(u"a b<a c<b d<b"_s);
    scene.replace(u"d"_s, "down_revision = \"b\"", "down_revision = \"zzz\"");
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.constFirst().kind, TroubleKind::MissingParent);
    const RepairOffer *advised = advisedOf(troubles.constFirst());
    QVERIFY(advised);
    QCOMPARE(advised->request.kind, RepairKind::Relink);
    QCOMPARE(advised->request.parents, QStringList{u"b"_s});
    QVERIFY2(advised->why.contains(u"git knows"_s), qPrintable(advised->why));
}

void TestDiagnosisGit::knowsWhichLinkClosedACircle()
{
    // By itself b, the first, would be put on a.
    Scene scene(u"a b<a c<a d<c"_s);
    scene.replace(u"c"_s, "down_revision = \"a\"", "down_revision = \"d\"");
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.constFirst().kind, TroubleKind::RevisionCycle);
    const RepairOffer *advised = advisedOf(troubles.constFirst());
    QVERIFY(advised);
    QCOMPARE(advised->request.revision, u"c"_s);
    QCOMPARE(advised->request.parents, QStringList{u"a"_s});
    const History history = historyOf(scene.project());
    const auto plan = planRepair(history, advised->request);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(writeRepair(history, *plan));
    scene.git({u"diff"_s, u"--exit-code"_s});
}

void TestDiagnosisGit::knowsTheCopyByItsCommit()
{
    Scene scene(u"a b<a"_s);
    const QString copy = QString(scene.project().versionsDirectory() + u"/0_new.py"_s);
    writeFile(copy, readFile(scene.fileOf(u"b"_s)));
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.constFirst().kind, TroubleKind::DuplicateRevision);
    const RepairOffer *advised = advisedOf(troubles.constFirst());
    QVERIFY(advised);
    QCOMPARE(QFileInfo(advised->request.file).fileName(), u"0_new.py"_s);
    QVERIFY2(advised->why.contains(u"not committed"_s), qPrintable(advised->why));
}

void TestDiagnosisGit::findsARowOnABranch()
{
    Scene scene(u"a b<a"_s);
    scene.git({u"checkout"_s, u"-q"_s, u"-b"_s, u"feature"_s});
    scene.project().addRevision({.id = u"feed0001"_s, .down = {u"b"_s}});
    scene.commit(u"Add feed"_s);
    scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
    const QList<Trouble> troubles = scene.diagnose({{.environment = u"staging"_s, .rows = {u"feed0001"_s}}});
    QCOMPARE(troubles.size(), 1);
    const Trouble &trouble = troubles.constFirst();
    QCOMPARE(trouble.kind, TroubleKind::RowsAhead);
    QVERIFY2(trouble.text.contains(u"feature"_s), qPrintable(trouble.text));
    const RepairOffer *advised = advisedOf(trouble);
    QVERIFY(advised);
    QCOMPARE(advised->action, RepairOffer::OtherFiles);
    QCOMPARE(advised->ref, u"feature"_s);
    QCOMPARE(advised->target.text(), u"staging/app"_s);
}

void TestDiagnosisGit::findsARowThatNoBranchHas()
{
    Scene scene(u"a b<a feed0001<a"_s);
    QVERIFY(QFile::remove(scene.fileOf(u"feed0001"_s)));
    scene.commit(u"Remove feed"_s);
    const QList<Trouble> troubles = scene.diagnose({{.environment = u"staging"_s, .rows = {u"feed0001"_s}}});
    QCOMPARE(troubles.size(), 1);
    const Trouble &trouble = troubles.constFirst();
    QCOMPARE(trouble.kind, TroubleKind::UnknownRow);
    QCOMPARE(advisedOf(trouble)->request.kind, RepairKind::Restore);
    const auto stamp = std::ranges::find(trouble.offers, RepairOffer::Stamp, &RepairOffer::action);
    QVERIFY(stamp != trouble.offers.cend());
    QCOMPARE(stamp->stampTo, QStringList{u"a"_s}); // what it followed, not the head
}

void TestDiagnosisGit::leavesALostRowToPeople()
{
    Scene scene(u"a b<a"_s);
    const QList<Trouble> troubles = scene.diagnose({{.environment = u"staging"_s, .rows = {u"feed0001"_s}}});
    QCOMPARE(troubles.size(), 1);
    QVERIFY(!advisedOf(troubles.constFirst()));
    QVERIFY(!offerOf(troubles.constFirst(), RepairKind::Restore)->whyNot.isEmpty());
}

void TestDiagnosisGit::knowsAMergeOfAnotherBranch()
{
    Scene scene(u"a b<a c<a"_s);
    scene.git({u"checkout"_s, u"-q"_s, u"-b"_s, u"feature"_s});
    scene.project().addRevision({.id = u"feed0001"_s, .down = {u"b"_s, u"c"_s}});
    scene.commit(u"Merge"_s);
    scene.git({u"checkout"_s, u"-q"_s, u"main"_s});
    const QList<Trouble> troubles = scene.diagnose();
    QCOMPARE(troubles.constFirst().kind, TroubleKind::SeveralHeads);
    QVERIFY(offerOf(troubles.constFirst(), RepairKind::Rebase)->whyNot.contains(u"feature"_s));
    QCOMPARE(advisedOf(troubles.constFirst())->request.kind, RepairKind::Merge);
    const auto plan =
        planRepair(historyOf(scene.project()), {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"feature"_s), qPrintable(plan.error().message));
}

QTEST_GUILESS_MAIN(TestDiagnosisGit)
#include "tst_diagnosisgit.moc"
