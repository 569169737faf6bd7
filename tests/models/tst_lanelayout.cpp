// SPDX-License-Identifier: MIT
#include "models/lanelayout.h"

#include <QTest>

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
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 20; ++seed)
        QTest::addRow("%d", seed) << seed;
}

void TestLaneLayout::everyLineStartsWhereItEnded()
{
    QFETCH(int, seed);
    constexpr int count = 300;
    quint32 state = quint32(seed) * 2654435761U;
    const auto next = [&state](int below) {
        state = state * 1664525U + 1013904223U;
        return int((state >> 8) % quint32(below));
    };
    QList<LaneNode> nodes(count);
    for (int i = 0; i + 1 < count; ++i) {
        for (int k = next(12) == 0 ? 3 : next(4) == 0 ? 2 : 1; k > 0; --k) {
            const int parent = i + 1 + next(qMin(8, count - i - 1));
            if (!nodes[i].parents.contains(parent))
                nodes[i].parents.append(parent);
        }
        if (next(6) == 0)
            nodes[i].dependencies.append(i + 1 + next(count - i - 1));
    }
    const LaneLayout layout = layoutLanes(nodes);
    QSet<int> below;
    for (int i = 0; i < count; ++i) {
        const LaneRow &row = layout.rows[i];
        QSet<int> above;
        QSet<int> through;
        for (const LaneEdge &edge : row.in)
            above.insert(edge.from);
        for (const LaneEdge &edge : row.through) {
            QVERIFY2(edge.from != row.lane, "a line runs through a node");
            above.insert(edge.from);
            through.insert(edge.to);
        }
        QCOMPARE(above, below);
        below = through;
        for (const LaneEdge &edge : row.out)
            below.insert(edge.to);
    }
    QVERIFY(below.isEmpty());
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
