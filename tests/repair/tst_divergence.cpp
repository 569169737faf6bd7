// SPDX-License-Identifier: MIT
#include "migrations/repair/diagnosis.h"
#include "tests/repair/historyfixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// `parted: head[revisions](labels){applied}?unknown^mergedBy …`
QString toText(const Divergence &divergence)
{
    QStringList sides;
    for (const HeadSide &side : divergence.sides) {
        QString text = QString(side.head.text() + u'[' + toTexts(side.revisions).join(u' ') + u']');
        if (!side.labels.isEmpty())
            text += QString(u'(' + side.labels.join(u' ') + u')');
        if (!side.appliedIn.isEmpty())
            text += QString(u'{' + side.appliedIn.join(u' ') + u'}');
        if (!side.unknownIn.isEmpty())
            text += QString(u'?' + side.unknownIn.join(u' '));
        if (!side.mergedBy.isEmpty())
            text += QString(u'^' + toTexts(side.mergedBy).join(u' '));
        sides += text;
    }
    sides.sort();
    return QString(divergence.partedAt.text() + u": "_s + sides.join(u", "_s));
}

} // namespace

class TestDivergence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void tellsTheSides_data();
    void tellsTheSides();
    void tellsWhereSidesAreApplied();
    void knowsRowsOfAnotherCheckout();
};

void TestDivergence::tellsTheSides_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one head") << u"a b<a"_s << QString();
    QTest::newRow("no revision") << QString() << QString();
    QTest::newRow("fork") << u"a b<a c<a"_s << u"a: b[b], c[c]"_s;
    QTest::newRow("longer sides") << u"a b<a c<b d<b e<d"_s << u"b: c[c], e[d e]"_s;
    QTest::newRow("bases of their own") << u"a b"_s << u": a[a], b[b]"_s;
    QTest::newRow("three heads, two share more") << u"a b<a c<a d<c e<c"_s << u"a: b[b], d[d], e[e]"_s;
    QTest::newRow("a side that merges within itself") << u"a b<a c<a d<a m<c,d"_s << u"a: b[b], m[d c m]"_s;
    QTest::newRow("a merge that takes from the other side")
        << u"a b<a c<b d<a m<b,d"_s << u"b: c[c], m[d m]"_s;
    QTest::newRow("labels") << u"a b(left)<a c(right)<a"_s << u"a: b[b](left), c[c](right)"_s;
    QTest::newRow("a dependency") << u"a b<a c<b d<a!b"_s << u"a: c[b c]^d, d[d]"_s;
}

void TestDivergence::tellsTheSides()
{
    QFETCH(const QString, graph);
    const auto project = projectOf(graph);
    const auto divergence = divergenceOf(historyOf(*project));
    QTEST(divergence ? toText(*divergence) : QString(), "expected");
}

void TestDivergence::tellsWhereSidesAreApplied()
{
    const auto project = projectOf(u"a b<a c<b d<a"_s);
    const auto divergence =
        divergenceOf(historyOf(*project, {{.environment = u"development"_s, .rows = {u"b"_s}},
                                          {.environment = u"staging"_s, .rows = {u"c"_s, u"d"_s}},
                                          {.environment = u"lab"_s, .isRead = false},
                                          {.environment = u"lost"_s, .rows = {u"zzz"_s}},
                                          {.environment = u"new"_s}}));
    QVERIFY(divergence);
    QCOMPARE(
        toText(*divergence),
        u"a: c[b c]{development/app staging/app}?lab/app lost/app, d[d]{staging/app}?lab/app lost/app"_s);
}

void TestDivergence::knowsRowsOfAnotherCheckout()
{
    const auto project = projectOf(u"a b<a"_s);
    const auto release = projectOf(u"a b<a c<b"_s);
    const History history =
        historyOf(*project, {{.environment = u"release"_s, .rows = {u"c"_s}, .config = release->config()},
                             {.environment = u"staging"_s, .rows = {u"c"_s}}});
    QCOMPARE(history.targets.size(), 2);
    QVERIFY(!history.targets.first().followsFiles);
    QVERIFY(history.targets.first().applied.contains(RevisionId(u"b"_s)));
    QVERIFY(history.targets.first().isUnderstood());
    const HistoryTarget &staging = history.targets.last();
    QVERIFY(staging.followsFiles);
    QCOMPARE(staging.unknownRows(), RevisionIds{RevisionId(u"c"_s)});
    // The row is lost here; what the other checkout has below it is applied all the same.
    QCOMPARE(staging.applied, (QSet<RevisionId>{RevisionId(u"a"_s), RevisionId(u"b"_s)}));
    QVERIFY(!staging.isUnderstood());
    QCOMPARE(staging.elsewhere.value(RevisionId(u"c"_s)), release->config());
}

QTEST_GUILESS_MAIN(TestDivergence)
#include "tst_divergence.moc"
