// SPDX-License-Identifier: MIT
#include "migrations/alembic/onestepback.h"
#include "migrations/alembic/revisionmap.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// "a b:a c:a m:b,c": ids with their parents.
RevisionMap mapOf(const QString &history)
{
    QList<Revision> revisions;
    for (const QString &part : history.split(u' ')) {
        const QStringList sides = part.split(u':');
        revisions += Revision{.id = RevisionId(sides.first()),
                              .downRevisions =
                                  sides.size() > 1 ? toRevisionIds(sides.at(1).split(u',')) : RevisionIds()};
    }
    return RevisionMap::build(revisions).value();
}

} // namespace

class tst_OneStepBack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesBackExactlyOne_data()
    {
        QTest::addColumn<QString>("history");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("after");
        QTest::newRow("linear") << u"a b:a c:b"_s << u"c"_s << u"-1"_s << u"b"_s;
        QTest::newRow("the base") << u"a b:a"_s << u"a"_s << u"-1"_s << u"base"_s;
        QTest::newRow("a merge point, where -1 fails")
            << u"a b:a c:a m:b,c"_s << u"m"_s << u"b"_s << u"b, c"_s;
    }
    void takesBackExactlyOne()
    {
        QFETCH(QString, history);
        QFETCH(QString, rows);
        QFETCH(QString, target);
        QFETCH(QString, after);
        const Result<Plan> plan = planOneStepBack(mapOf(history), toRevisionIds(rows.split(u", "_s)));
        QVERIFY2(plan.has_value(), plan ? "" : qPrintable(plan.error().message));
        QCOMPARE(plan->steps.size(), 1);
        QCOMPARE(plan->target, target);
        QCOMPARE(toText(plan->to), after);
    }

    void refusesWhatIsNoSingleStep_data()
    {
        QTest::addColumn<QString>("history");
        QTest::addColumn<QStringList>("rows");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("nothing applied") << u"a b:a"_s << QStringList{} << ErrorKind::InvalidTarget;
        QTest::newRow("two rows") << u"a b:a c:a"_s << QStringList{u"b"_s, u"c"_s}
                                  << ErrorKind::InvalidTarget;
        QTest::newRow("unknown row") << u"a b:a"_s << QStringList{u"z"_s} << ErrorKind::UnknownRevision;
    }
    void refusesWhatIsNoSingleStep()
    {
        QFETCH(QString, history);
        QFETCH(QStringList, rows);
        QFETCH(ErrorKind, kind);
        const Result<Plan> plan = planOneStepBack(mapOf(history), toRevisionIds(rows));
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, kind);
        QVERIFY(!plan.error().message.isEmpty());
    }

    void oneOfTwoRowsIsNamed()
    {
        const Result<Plan> plan =
            planOneStepBack(mapOf(u"a b:a x y:x"_s), toRevisionIds({u"b"_s, u"y"_s}), RevisionId(u"y"_s));
        QVERIFY(plan);
        QCOMPARE(plan->steps.first().revision.text(), u"y"_s);
        QCOMPARE(plan->steps.size(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_OneStepBack)
#include "tst_onestepback.moc"
