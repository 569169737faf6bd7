// SPDX-License-Identifier: MIT
#include "migrations/repair/repairplan.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

Result<RepairPlan> relink(const History &history, const QString &revision, const QStringList &parents,
                          const QStringList &dropped = {})
{
    return planRepair(history, {.kind = RepairKind::Relink,
                                .revision = revision,
                                .parents = parents,
                                .droppedDependencies = dropped});
}

RevisionIds ids(const QString &texts)
{
    return toRevisionIds(texts.split(u' ', Qt::SkipEmptyParts));
}

} // namespace

class TestRelink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void linksAnew_data();
    void linksAnew();
    void refuses_data();
    void refuses();
    void protectsWhatIsApplied();
    void letsRedundantLinksGo();
    void keepsParentsThatAreNotNamed();
    void looksAgainBeforeWriting();
    void renamesACopy();
    void refusesToRename_data();
    void refusesToRename();
    void warnsOfRowsOfACopy();
};

void TestRelink::linksAnew_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QStringList>("parents");
    QTest::addColumn<QStringList>("dropped");
    QTest::addColumn<QString>("heads");
    QTest::newRow("off a lost parent")
        << u"a c<b"_s << u"c"_s << QStringList{u"a"_s} << QStringList() << u"c"_s;
    QTest::newRow("to a base") << u"a c<b"_s << u"c"_s << QStringList() << QStringList() << u"a c"_s;
    QTest::newRow("out of a circle") << u"a b<c c<b"_s << u"b"_s << QStringList{u"a"_s} << QStringList()
                                     << u"c"_s;
    QTest::newRow("off a lost dependency")
        << u"a b<a!x"_s << u"b"_s << QStringList{u"a"_s} << QStringList{u"x"_s} << u"b"_s;
    QTest::newRow("a healthy one") << u"a b<a c<a"_s << u"c"_s << QStringList{u"b"_s} << QStringList()
                                   << u"c"_s;
    QTest::newRow("named as people do") << u"abcd bcde(x)<abcd xyzw<abcd"_s << u"xyz"_s
                                        << QStringList{u"x@head"_s} << QStringList() << u"xyzw"_s;
}

void TestRelink::linksAnew()
{
    QFETCH(const QString, graph);
    QFETCH(const QString, revision);
    QFETCH(const QStringList, parents);
    QFETCH(const QStringList, dropped);
    QFETCH(const QString, heads);
    const auto project = projectOf(graph);
    const auto plan = relink(historyOf(*project), revision, parents, dropped);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(plan->problemsAfter.isEmpty());
    QCOMPARE(plan->after.heads(), ids(heads));
    QCOMPARE(plan->changes.size(), 1);
    QVERIFY(!plan->title.isEmpty());
}

void TestRelink::refuses_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QStringList>("parents");
    QTest::addColumn<QStringList>("dropped");
    QTest::addColumn<QString>("says");
    QTest::newRow("a circle") << u"a b<a c<b"_s << QStringList{u"c"_s} << QStringList() << u"circle"_s;
    QTest::newRow("itself") << u"a b<a"_s << QStringList{u"b"_s} << QStringList() << u"itself"_s;
    QTest::newRow("unknown") << u"a b<a"_s << QStringList{u"zzz"_s} << QStringList() << u"zzz"_s;
    QTest::newRow("nothing new") << u"a b<a"_s << QStringList{u"a"_s} << QStringList() << u"already"_s;
    QTest::newRow("no such dependency")
        << u"a b<a"_s << QStringList{u"a"_s} << QStringList{u"x"_s} << u"does not depend"_s;
    QTest::newRow("no help") << u"a b<x,y"_s << QStringList{u"x"_s, u"y"_s, u"a"_s} << QStringList()
                             << u"help"_s;
}

void TestRelink::refuses()
{
    QFETCH(const QString, graph);
    QFETCH(const QStringList, parents);
    QFETCH(const QStringList, dropped);
    QFETCH(const QString, says);
    const auto project = projectOf(graph);
    const auto plan = relink(historyOf(*project), u"b"_s, parents, dropped);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(says), qPrintable(plan.error().message));
    QVERIFY(!plan.error().hint.isEmpty());
}

void TestRelink::protectsWhatIsApplied()
{
    const RowsOf production{.environment = u"production"_s, .rows = {u"c"_s}, .isProtected = true};
    const RowsOf laptop{.environment = u"laptop"_s, .rows = {u"c"_s}};
    const auto whole = projectOf(u"a b<a c<a"_s);
    const auto refused = relink(historyOf(*whole, {production}), u"c"_s, {u"b"_s});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(u"protected"_s), qPrintable(refused.error().message));
    const auto warned = relink(historyOf(*whole, {laptop}), u"c"_s, {u"b"_s});
    QVERIFY(warned);
    QVERIFY2(warned->warnings.join(u' ').contains(u"laptop/app"_s), qPrintable(warned->warnings.join(u' ')));
    // Nobody can run anything with a broken graph: then it may be mended, with a warning.
    const auto broken = projectOf(u"a c<b"_s);
    const auto mended = relink(historyOf(*broken, {production}), u"c"_s, {u"a"_s});
    QVERIFY2(mended, mended ? "" : qPrintable(toText(mended.error())));
    QVERIFY(mended->warnings.join(u' ').contains(u"production/app"_s));
}

void TestRelink::letsRedundantLinksGo()
{
    const auto project = projectOf(u"a b<a c<!a,b"_s);
    const auto plan =
        relink(historyOf(*project, {{.environment = u"production"_s, .rows = {u"c"_s}, .isProtected = true}}),
               u"c"_s, {}, {u"a"_s});
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(plan->warnings.isEmpty());
}

void TestRelink::keepsParentsThatAreNotNamed()
{
    const auto project = projectOf(u"abcd x<abcd bcde(side)<abcd!x"_s);
    for (const QString &name : {u"bcde"_s, u"bcd"_s, u"side@head"_s}) {
        const auto plan =
            planRepair(historyOf(*project),
                       {.kind = RepairKind::Relink, .revision = name, .droppedDependencies = {u"x"_s}});
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->after.find(RevisionId(u"bcde"_s))->downRevisions, ids(u"abcd"_s));
        QVERIFY(plan->after.find(RevisionId(u"bcde"_s))->dependsOn.isEmpty());
        QVERIFY2(plan->warnings.join(u' ').contains(u"No database was looked at"_s),
                 qPrintable(plan->warnings.join(u' ')));
    }
    // Two files, one identifier: those of the file that is named.
    const auto copied = projectOf(u"a b<a *c<a!z"_s);
    const QString copy = QString(copied->versionsDirectory() + u"/zz_copy_of_c.py"_s);
    writeFile(copy, readFile(copy).replace("down_revision = \"a\"", "down_revision = \"b\""));
    const QString first = historyOf(*copied).scripts.map.find(RevisionId(u"c"_s))->file;
    QVERIFY(first != copy);
    const auto plan = planRepair(
        historyOf(*copied), {.kind = RepairKind::Relink, .droppedDependencies = {u"z"_s}, .file = first});
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QCOMPARE(plan->changes.size(), 1);
    QCOMPARE(plan->changes.constFirst().file, first);
    QVERIFY(plan->changes.constFirst().after->contains("down_revision = \"a\""));
}

void TestRelink::looksAgainBeforeWriting()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const auto at = [&](const QStringList &laptop, const QStringList &lab) {
        return historyOf(*project, {{.environment = u"laptop"_s, .rows = laptop},
                                    {.environment = u"lab"_s, .rows = lab, .isProtected = true}});
    };
    const auto plan = relink(at({u"c"_s}, {u"a"_s}), u"c"_s, {u"b"_s});
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(checkStillTrue(*plan, at({u"c"_s}, {u"b"_s}))); // laptop's was known
    const auto applied = checkStillTrue(*plan, at({u"a"_s}, {u"c"_s}));
    QVERIFY(!applied);
    QVERIFY2(applied.error().message.contains(u"c is applied in lab/app by now"_s),
             qPrintable(applied.error().message));
    QVERIFY(!checkStillTrue(*plan, at({u"a"_s}, {u"zzz"_s})));
    // Where rows keep their meaning nothing has to be asked.
    const auto redundant = projectOf(u"a b<a c<!a,b"_s);
    const auto letGo = relink(historyOf(*redundant), u"c"_s, {}, {u"a"_s});
    QVERIFY(letGo);
    QVERIFY(checkStillTrue(*letGo, historyOf(*redundant, {{.environment = u"lab"_s, .rows = {u"c"_s}}})));
}

void TestRelink::renamesACopy()
{
    const auto project = projectOf(u"a *b<a c<b"_s);
    const QString copy = QString(project->versionsDirectory() + u"/zz_copy_of_b.py"_s);
    const History history = historyOf(*project);
    const auto plan = planRepair(history, {.kind = RepairKind::Rename, .file = copy});
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(plan->problemsAfter.isEmpty());
    QCOMPARE(plan->revisions.size(), 1);
    const QString made = plan->revisions.constFirst().text();
    QCOMPARE(made.size(), 12);
    QCOMPARE(plan->after.heads().size(), 2);
    QVERIFY(plan->after.isHead(RevisionId(made)));
    QCOMPARE(plan->after.find(RevisionId(u"c"_s))->downRevisions, ids(u"b"_s));
    QVERIFY(plan->warnings.isEmpty());
    QVERIFY(writeRepair(history, *plan));
    QVERIFY(historyOf(*project).scripts.problems.isEmpty());

    const auto again = planRepair(historyOf(*project), {.kind = RepairKind::Rename, .file = copy});
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Refused);
}

void TestRelink::refusesToRename_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("kind");
    QTest::newRow("taken") << u"c"_s << u"duplicate-revision"_s;
    QTest::newRow("a label") << u"line"_s << u"duplicate-revision"_s;
    QTest::newRow("a symbol") << u"head"_s << u"invalid-identifier"_s;
    QTest::newRow("another symbol") << u"current"_s << u"invalid-identifier"_s;
    QTest::newRow("a range") << u"a:b"_s << u"invalid-identifier"_s;
    QTest::newRow("a blank") << u"a b"_s << u"invalid-identifier"_s;
    QTest::newRow("a line end") << u"a\nb"_s << u"invalid-identifier"_s;
    QTest::newRow("a backslash") << u"a\\b"_s << u"invalid-identifier"_s;
    QTest::newRow("a folder") << u"a/b"_s << u"invalid-identifier"_s;
    QTest::newRow("a lost parent") << u"lost"_s << u"duplicate-revision"_s;
    QTest::newRow("forbidden") << u"a-b"_s << u"invalid-identifier"_s;
    QTest::newRow("a quote") << u"a'b"_s << u"invalid-identifier"_s;
    QTest::newRow("too long") << QString(33, u'a') << u"invalid-identifier"_s;
}

void TestRelink::refusesToRename()
{
    QFETCH(const QString, id);
    const auto project = projectOf(u"a *b<a c(line)<b d<lost"_s);
    const auto plan = planRepair(historyOf(*project),
                                 {.kind = RepairKind::Rename,
                                  .newId = id,
                                  .file = QString(project->versionsDirectory() + u"/zz_copy_of_b.py"_s)});
    QVERIFY(!plan);
    QTEST(kindName(plan.error().kind), "kind");
}

void TestRelink::warnsOfRowsOfACopy()
{
    const auto project = projectOf(u"a *b<a c<b"_s);
    const auto plan = planRepair(historyOf(*project, {{.environment = u"staging"_s, .rows = {u"c"_s}}}),
                                 {.kind = RepairKind::Rename,
                                  .newId = u"0123456789ab"_s,
                                  .file = QString(project->versionsDirectory() + u"/zz_copy_of_b.py"_s)});
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QCOMPARE(plan->revisions, ids(u"0123456789ab"_s));
    QVERIFY2(plan->warnings.join(u' ').contains(u"staging/app has b applied"_s),
             qPrintable(plan->warnings.join(u' ')));
}

QTEST_GUILESS_MAIN(TestRelink)
#include "tst_relink.moc"
