// SPDX-License-Identifier: MIT
#include "models/lanelayout.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

QString kindText(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Plain:
        return u"plain"_s;
    case NodeKind::Head:
        return u"head"_s;
    case NodeKind::Base:
        return u"base"_s;
    case NodeKind::BranchPoint:
        return u"branch"_s;
    case NodeKind::MergePoint:
        return u"merge"_s;
    }
    return {};
}

/// "0 0>1 1~2": lane to lane; "~" is dashed.
QString edgesText(const QString &name, const QList<LaneEdge> &edges)
{
    QStringList texts;
    for (const LaneEdge &edge : edges)
        texts.append(QString::number(edge.from) % (edge.dashed ? u"~"_s : u">"_s) % QString::number(edge.to));
    return edges.isEmpty() ? QString() : QString(u" "_s % name % u":"_s % texts.join(u','));
}

QString rowText(const QString &name, const LaneRow &row)
{
    return name % u" @"_s % QString::number(row.lane) % u" "_s % kindText(row.kind) %
           edgesText(u"in"_s, row.in) % edgesText(u"past"_s, row.through) % edgesText(u"out"_s, row.out);
}

/// "c:b,a+x": row c has the parents b and a, and depends on x. Top row first.
QString layoutText(const QStringList &table)
{
    QStringList names;
    for (const QString &line : table)
        names.append(line.section(u':', 0, 0));
    QList<LaneNode> nodes;
    for (const QString &line : table) {
        const QString links = line.section(u':', 1);
        LaneNode node;
        for (const QString &name : links.section(u'+', 0, 0).split(u',', Qt::SkipEmptyParts))
            node.parents.append(int(names.indexOf(name)));
        for (const QString &name : links.section(u'+', 1).split(u',', Qt::SkipEmptyParts))
            node.dependencies.append(int(names.indexOf(name)));
        nodes.append(node);
    }
    const LaneLayout layout = layoutLanes(nodes);
    QStringList lines;
    for (int i = 0; i < names.size(); ++i)
        lines.append(rowText(names[i], layout.rows[i]));
    lines.append(u"lanes "_s % QString::number(layout.laneCount));
    return lines.join(u'\n');
}

/// One merge of all others, which follow the last.
QList<LaneNode> mergedFan(int count)
{
    QList<LaneNode> nodes(count);
    for (int i = 1; i + 1 < count; ++i) {
        nodes[0].parents.append(i);
        nodes[i].parents.append(count - 1);
    }
    return nodes;
}

/// Chains whose rows take turns; each row may depend on one further down.
QList<LaneNode> chains(int count, int side, int dependsOn = 0)
{
    QList<LaneNode> nodes(count);
    for (int i = 0; i < count; ++i) {
        if (i + side < count)
            nodes[i].parents.append(i + side);
        if (dependsOn > 0 && i + dependsOn < count)
            nodes[i].dependencies.append(i + dependsOn);
    }
    return nodes;
}

/// Two chains, one above the other; each row of the upper one depends on its neighbour in the lower.
QList<LaneNode> twoChains(int each)
{
    QList<LaneNode> nodes(2 * each);
    for (int i = 0; i < each; ++i) {
        if (i + 1 < each) {
            nodes[i].parents.append(i + 1);
            nodes[each + i].parents.append(each + i + 1);
        }
        nodes[i].dependencies.append(each + i);
    }
    return nodes;
}

/// Parents are at most `reach` rows down, dependencies anywhere.
QList<LaneNode> randomGraph(int seed, int reach)
{
    constexpr int count = 300;
    quint32 state = quint32(seed) * 2654435761U;
    const auto next = [&state](int below) {
        state = state * 1664525U + 1013904223U;
        return int((state >> 8) % quint32(below));
    };
    QList<LaneNode> nodes(count);
    for (int i = 0; i + 1 < count; ++i) {
        for (int k = next(12) == 0 ? 3 : next(4) == 0 ? 2 : 1; k > 0; --k) {
            const int parent = i + 1 + next(qMin(reach, count - i - 1));
            if (!nodes[i].parents.contains(parent))
                nodes[i].parents.append(parent);
        }
        if (next(6) == 0)
            nodes[i].dependencies.append(i + 1 + next(count - i - 1));
    }
    return nodes;
}

/// What is wrong between the rows; empty if nothing is.
QString breakIn(const LaneLayout &layout)
{
    QSet<int> below;
    for (const LaneRow &row : layout.rows) {
        QSet<int> above;
        QSet<int> through;
        for (const LaneEdge &edge : row.in)
            above.insert(edge.from);
        for (const LaneEdge &edge : row.through) {
            if (edge.from == row.lane)
                return u"a line runs through a node"_s;
            above.insert(edge.from);
            through.insert(edge.to);
        }
        if (above != below)
            return u"a line starts where none ended"_s;
        below = through;
        for (const LaneEdge &edge : row.out)
            below.insert(edge.to);
        if (below.contains(sidingLane))
            return u"a line goes down the siding"_s;
        if (row.lane >= sharedLane)
            return u"a node is in the shared lane"_s;
    }
    return below.isEmpty() ? QString() : u"a line leads out of the graph"_s;
}

qsizetype marked(const LaneLayout &layout, bool LaneRow::*end)
{
    return std::ranges::count(layout.rows, true, end);
}

} // namespace

class TestLaneLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void layout_data();
    void layout();
    void everyLineStartsWhereItEnded_data();
    void everyLineStartsWhereItEnded();
    void whatDoesNotFitSharesALane();
    void theSharedLaneIsDashedIfAllInItIs();
    void aNodeBesideFullLanesSitsInTheSiding();
    void aGraphThatFitsIsDrawnWhole();
    void farDependenciesOfACrowdAreMarked();
    void manyBranchesShareLanes();
    void tenThousandRows();
    void revisionsByLabelAndId();
};

void TestLaneLayout::layout_data()
{
    QTest::addColumn<QStringList>("table");
    QTest::addColumn<QString>("expected");

    QTest::newRow("empty") << QStringList{} << u"lanes 0"_s;
    QTest::newRow("single") << QStringList{u"a:"_s} << u"a @0 head\nlanes 1"_s;
    QTest::newRow("linear") << QStringList{u"c:b"_s, u"b:a"_s, u"a:"_s}
                            << u"c @0 head out:0>0\n"
                               "b @0 plain in:0>0 out:0>0\n"
                               "a @0 base in:0>0\n"
                               "lanes 1"_s;
    QTest::newRow("two heads of one branch point") << QStringList{u"c:a"_s, u"b:a"_s, u"a:"_s}
                                                   << u"c @0 head out:0>0\n"
                                                      "b @1 head past:0>0 out:1>1\n"
                                                      "a @0 branch in:0>0,1>0\n"
                                                      "lanes 2"_s;
    QTest::newRow("branch and merge") << QStringList{u"m:b,c"_s, u"c:a"_s, u"b:a"_s, u"a:"_s}
                                      << u"m @0 merge out:0>0,0>1\n"
                                         "c @1 plain in:1>1 past:0>0 out:1>1\n"
                                         "b @0 plain in:0>0 past:1>1 out:0>0\n"
                                         "a @0 branch in:0>0,1>0\n"
                                         "lanes 2"_s;
    QTest::newRow("two bases") << QStringList{u"d:b"_s, u"b:"_s, u"c:a"_s, u"a:"_s}
                               << u"d @0 head out:0>0\n"
                                  "b @0 base in:0>0\n"
                                  "c @0 head out:0>0\n"
                                  "a @0 base in:0>0\n"
                                  "lanes 1"_s;
    QTest::newRow("octopus") << QStringList{u"m:a,b,c"_s, u"c:"_s, u"b:"_s, u"a:"_s}
                             << u"m @0 merge out:0>0,0>1,0>2\n"
                                "c @2 base in:2>2 past:0>0,1>1\n"
                                "b @1 base in:1>1 past:0>0\n"
                                "a @0 base in:0>0\n"
                                "lanes 3"_s;
    QTest::newRow("merge joins a line that is there") << QStringList{u"h:a"_s, u"m:b,a"_s, u"b:"_s, u"a:"_s}
                                                      << u"h @0 head out:0>0\n"
                                                         "m @1 merge past:0>0 out:1>1,1>0\n"
                                                         "b @1 base in:1>1 past:0>0\n"
                                                         "a @0 branch in:0>0\n"
                                                         "lanes 2"_s;
    QTest::newRow("dependency is dashed and no parent") << QStringList{u"c:b+x"_s, u"b:"_s, u"x:"_s}
                                                        << u"c @0 head out:0>0,0~1\n"
                                                           "b @0 base in:0>0 past:1~1\n"
                                                           "x @1 head in:1~1\n"
                                                           "lanes 2"_s;
    QTest::newRow("dependency that is a parent too is drawn once")
        << QStringList{u"b:a+a"_s, u"a:"_s} << u"b @0 head out:0>0\na @0 base in:0>0\nlanes 1"_s;
    QTest::newRow("freed lane is taken again") << QStringList{u"z:y"_s, u"d:b"_s, u"b:"_s, u"c:y"_s, u"y:"_s}
                                               << u"z @0 head out:0>0\n"
                                                  "d @1 head past:0>0 out:1>1\n"
                                                  "b @1 base in:1>1 past:0>0\n"
                                                  "c @1 head past:0>0 out:1>1\n"
                                                  "y @0 branch in:0>0,1>0\n"
                                                  "lanes 2"_s;
    QTest::newRow("unknown and upward links are left out")
        << QStringList{u"b:q"_s, u"a:b"_s} << u"b @0 head\na @0 head\nlanes 1"_s;
}

void TestLaneLayout::layout()
{
    QFETCH(QStringList, table);
    QFETCH(QString, expected);
    QCOMPARE(layoutText(table), expected);
}

void TestLaneLayout::everyLineStartsWhereItEnded_data()
{
    QTest::addColumn<QList<LaneNode>>("nodes");
    for (int seed = 1; seed <= 20; ++seed) {
        QTest::addRow("narrow %d", seed) << randomGraph(seed, 8);
        QTest::addRow("wide %d", seed) << randomGraph(seed, 120);
    }
    QTest::addRow("merged fan") << mergedFan(300);
    QTest::addRow("fan") << mergedFan(300).sliced(1);
    QTest::addRow("chains that just fit") << chains(400, ownLanes);
    QTest::addRow("one chain too many") << chains(400, ownLanes + 1);
    QTest::addRow("hundreds of chains") << chains(900, 300);
    QTest::addRow("two chains") << twoChains(300);
    QTest::addRow("many short dependencies") << chains(400, 2, 55);
    QTest::addRow("many long dependencies") << chains(400, 2, 150);
}

void TestLaneLayout::everyLineStartsWhereItEnded()
{
    QFETCH(QList<LaneNode>, nodes);
    const LaneLayout layout = layoutLanes(nodes);
    QCOMPARE(layout.rows.size(), nodes.size());
    QCOMPARE(breakIn(layout), QString());
    QCOMPARE_LE(layout.laneCount, sharedLane + 1);
}

void TestLaneLayout::whatDoesNotFitSharesALane()
{
    // The lanes 0 to 39 get one parent each, the shared one the other 20.
    const LaneLayout layout = layoutLanes(mergedFan(62));
    QCOMPARE(layout.laneCount, sharedLane + 1);
    const LaneRow &merge = layout.rows.first();
    QCOMPARE(merge.kind, NodeKind::MergePoint);
    QCOMPARE(merge.out.size(), ownLanes + 1);
    QCOMPARE(merge.out.last(), (LaneEdge{0, sharedLane, sharedLane, false}));

    const LaneRow &firstShared = layout.rows[ownLanes + 1];
    QCOMPARE(firstShared.kind, NodeKind::Plain);
    QCOMPARE(firstShared.in, (QList{LaneEdge{sharedLane, quint8(firstShared.lane), sharedLane, false}}));
    QVERIFY2(firstShared.through.last().from == sharedLane, "the others go on");
    const LaneRow &lastShared = layout.rows[60];
    QCOMPARE(lastShared.in.last().from, sharedLane);
    QCOMPARE_NE(lastShared.through.last().from, sharedLane);
    QCOMPARE(layout.rows.last().kind, NodeKind::BranchPoint);
}

void TestLaneLayout::theSharedLaneIsDashedIfAllInItIs()
{
    QList<LaneNode> nodes = chains(ownLanes + 10, ownLanes + 9);
    // The first row has the parent 49 in lane 0, and more dependencies than there are lanes.
    for (int i = 1; i <= ownLanes + 2; ++i)
        nodes[0].dependencies.append(i);
    const LaneLayout dashed = layoutLanes(nodes);
    QCOMPARE(dashed.rows[0].out.last(), (LaneEdge{0, sharedLane, sharedLane, true}));
    QCOMPARE(dashed.rows[1].through.last(), (LaneEdge{sharedLane, sharedLane, sharedLane, true}));

    nodes[0].parents = nodes[0].dependencies;
    nodes[0].dependencies = {ownLanes + 9};
    const LaneLayout both = layoutLanes(nodes);
    QCOMPARE(both.rows[0].out.last(), (LaneEdge{0, sharedLane, sharedLane, false}));
    QVERIFY(!both.rows[1].through.last().dashed);
    // Where its solid lines have ended, the dependency is left.
    QCOMPARE(both.rows[ownLanes + 3].through, (QList{LaneEdge{sharedLane, sharedLane, sharedLane, true}}));
    QVERIFY(both.rows.last().in.contains(LaneEdge{sharedLane, 0, sharedLane, true}));
}

void TestLaneLayout::aNodeBesideFullLanesSitsInTheSiding()
{
    const LaneLayout layout = layoutLanes(chains(3 * ownLanes + 3, ownLanes + 1));
    const LaneRow &row = layout.rows[ownLanes];
    QCOMPARE(row.lane, sidingLane);
    QCOMPARE(row.through.size(), ownLanes);
    QCOMPARE(row.out, (QList{LaneEdge{sidingLane, sharedLane, sharedLane, false}}));
}

void TestLaneLayout::aGraphThatFitsIsDrawnWhole()
{
    QList<LaneNode> nodes = chains(400, 1);
    for (int i = 0; i < ownLanes - 1; ++i)
        nodes[i].dependencies.append(300 + i);
    const LaneLayout layout = layoutLanes(nodes);
    QCOMPARE(layout.laneCount, ownLanes);
    QCOMPARE(marked(layout, &LaneRow::dependsFarBelow), 0);
    QCOMPARE(marked(layout, &LaneRow::neededFarAbove), 0);
    for (const LaneEdge &edge : layout.rows[200].through)
        QVERIFY(edge.dashed);
    QCOMPARE(layout.rows[200].through.size(), ownLanes - 1);
}

void TestLaneLayout::farDependenciesOfACrowdAreMarked()
{
    const LaneLayout layout = layoutLanes(twoChains(300));
    QCOMPARE(layout.laneCount, 1);
    QCOMPARE(marked(layout, &LaneRow::dependsFarBelow), 300);
    QCOMPARE(marked(layout, &LaneRow::neededFarAbove), 300);
    QVERIFY(layout.rows.first().dependsFarBelow && !layout.rows.first().neededFarAbove);
    QVERIFY(layout.rows.last().neededFarAbove && !layout.rows.last().dependsFarBelow);

    // Near ones stay lines in a crowd, and far ones do where there is none.
    QList<LaneNode> nodes = twoChains(300) + QList<LaneNode>(200);
    for (int i = 600; i + 1 < nodes.size(); ++i)
        nodes[i].parents.append(i + 1);
    nodes[299].dependencies.append(310);
    nodes[600].dependencies.append(790);
    const LaneLayout mixed = layoutLanes(nodes);
    QCOMPARE(mixed.rows[299].out.size(), 1);
    QVERIFY(mixed.rows[299].out.first().dashed);
    QCOMPARE(mixed.rows[600].out.size(), 2);
    QVERIFY(!mixed.rows[600].dependsFarBelow && !mixed.rows[790].neededFarAbove);
}

void TestLaneLayout::manyBranchesShareLanes()
{
    QList<LaneNode> nodes(501);
    for (int i = 0; i < 500; ++i)
        nodes[i].parents.append(500);
    const LaneLayout layout = layoutLanes(nodes);
    QVERIFY2(layout.laneCount <= 14, qPrintable(QString::number(layout.laneCount)));
    QCOMPARE(layout.rows.last().kind, NodeKind::BranchPoint);
}

void TestLaneLayout::tenThousandRows()
{
    constexpr int count = 10000;
    QList<LaneNode> nodes(count);
    for (int i = 0; i + 1 < count; ++i) {
        nodes[i].parents.append(i + 1);
        if (i % 7 == 0 && i + 5 < count)
            nodes[i].parents.append(i + 5);
    }
    const LaneLayout layout = layoutLanes(nodes);
    QCOMPARE(layout.rows.size(), count);
}

void TestLaneLayout::revisionsByLabelAndId()
{
    const auto revision = [](const QString &id, const QStringList &parents, const QStringList &dependsOn = {},
                             const QStringList &labels = {}) {
        return Revision{.id = RevisionId(id),
                        .downRevisions = toRevisionIds(parents),
                        .dependsOn = dependsOn,
                        .branchLabels = labels};
    };
    const auto map =
        RevisionMap::build({revision(u"a1"_s, {}), revision(u"b1"_s, {u"a1"_s}, {u"x1"_s, u"side"_s}),
                            revision(u"x1"_s, {}, {}, {u"side"_s})});
    QVERIFY(map);
    const LaneLayout layout = layoutLanes(*map, toRevisionIds({u"b1"_s, u"a1"_s, u"x1"_s}));
    QCOMPARE(layout.rows.size(), 3);
    QCOMPARE(rowText(u"b1"_s, layout.rows[0]), u"b1 @0 head out:0>0,0~1,0~1"_s);
    QCOMPARE(rowText(u"x1"_s, layout.rows[2]), u"x1 @1 head in:1~1"_s);
}

QTEST_GUILESS_MAIN(TestLaneLayout)
#include "tst_lanelayout.moc"
