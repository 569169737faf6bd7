// SPDX-License-Identifier: MIT
// The answers were taken from real Alembic 1.13.2; tst_plandifferential asks it again.
#include "migrations/alembic/plan.h"
#include "tests/alembic/historytext.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString linear = u"aaaa1\naaaa2 <- aaaa1\naaaa3 <- aaaa2\naaaa4 <- aaaa3\nbbbb5 <- aaaa4"_s;
const QString branches = u"aaaa1\nbbbb1 (lb) <- aaaa1\nbbbb2 <- bbbb1\ncccc1 (lc) <- aaaa1\ncccc2 <- cccc1"_s;
const QString merged = u"aaaa1\nbbbb1 <- aaaa1\ncccc1 <- aaaa1\nmmmm1 <- bbbb1 cccc1\nnnnn1 <- mmmm1"_s;
const QString twoBases = u"xxxx1 (xl)\nxxxx2 <- xxxx1\nxxxx3 <- xxxx2\n"
                         "yyyy1 (yl)\nyyyy2 <- yyyy1 [xxxx2]\nyyyy3 <- yyyy2"_s;

RevisionIds ids(const QString &text)
{
    return toRevisionIds(text.split(u' ', Qt::SkipEmptyParts));
}

/// "a b -> rows", or the kind of the error.
QString textOf(const Result<Plan> &plan)
{
    if (!plan)
        return kindName(plan.error().kind);
    QStringList steps;
    for (const RunStep &step : runSteps(*plan))
        steps += step.revision.text();
    return QString(steps.join(u' ') + u" -> "_s + toTexts(plan->to).join(u' ')).trimmed();
}

} // namespace

class TestPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void plans_data();
    void plans();
    void rowsOfEachStep();
    void tellsOfRedundantParents();
    void tellsOfUnusableRows();
    void holdsOnLongChains();
    void holdsOnWideAndMergedHistories();
    void holdsOnDependentChains();
};

void TestPlan::plans_data()
{
    QTest::addColumn<QString>("history");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QString &history, const char *rows, const char *command, const char *expected) {
        const QString name = QString::number(qHash(history) % 1000) + u": "_s + QString::fromLatin1(rows) +
                             u": "_s + QString::fromLatin1(command);
        QTest::newRow(qPrintable(name)) << history << QString::fromLatin1(rows)
                                        << QString::fromLatin1(command) << QString::fromLatin1(expected);
    };
    const QString all = u"aaaa1 aaaa2 aaaa3 aaaa4 bbbb5 -> bbbb5"_s;
    const QString toFour = u"aaaa1 aaaa2 aaaa3 aaaa4 -> aaaa4"_s;
    row(linear, "", "upgrade +5", qPrintable(all));
    row(linear, "", "upgrade head", qPrintable(all));
    row(linear, "", "upgrade @head", qPrintable(all));
    row(linear, "", "upgrade b", qPrintable(all));
    row(linear, "", "upgrade +6", "walked-too-far");
    row(linear, "", "upgrade +1x", "aaaa1 -> aaaa1");
    row(linear, "", "upgrade head-1", qPrintable(toFour));
    row(linear, "", "upgrade heads-1", qPrintable(toFour));
    row(linear, "", "upgrade aaaa2+2", qPrintable(toFour));
    row(linear, "", "upgrade head-5", "alembic-would-fail");
    row(linear, "", "upgrade head+1", "alembic-would-fail");
    row(linear, "", "upgrade aaaa2+9", "alembic-would-fail");
    row(linear, "", "upgrade ", "alembic-would-fail");
    row(linear, "", "upgrade aaaa", "ambiguous-revision");
    row(linear, "", "upgrade HEAD", "unknown-revision");
    row(linear, "", "upgrade current", "unknown-revision");
    row(linear, "", "upgrade aaaa1:aaaa2", "invalid-target");
    row(linear, "aaaa3", "upgrade aaaa1", "-> aaaa3");
    row(linear, "aaaa3", "upgrade aaaa3", "-> aaaa3");
    row(linear, "aaaa3", "upgrade base", "-> aaaa3");
    row(linear, "aaaa3", "downgrade -3", "aaaa3 aaaa2 aaaa1 ->");
    row(linear, "aaaa3", "downgrade -4", "walked-too-far");
    row(linear, "aaaa3", "downgrade -0", "invalid-target");
    row(linear, "aaaa3", "downgrade aaaa1+1", "aaaa3 -> aaaa2");
    row(linear, "aaaa3", "downgrade base+1", "aaaa3 aaaa2 -> aaaa1");
    row(linear, "aaaa3", "downgrade head-3", "aaaa3 -> aaaa2");
    row(linear, "aaaa3", "downgrade aaaa4", "invalid-target");
    row(linear, "aaaa3", "downgrade head", "invalid-target");
    row(linear, "aaaa3", "downgrade heads", "invalid-target");
    row(linear, "aaaa3", "downgrade aaaa3", "-> aaaa3");
    row(linear, "", "downgrade base", "->");
    row(linear, "", "downgrade aaaa1", "invalid-target");
    row(linear, "", "downgrade -1", "walked-too-far");
    row(linear, "zzzz9", "upgrade head", "unknown-revision");
    row(linear, "zzzz9", "downgrade base", "unknown-revision");
    row(linear, "aaaa2 aaaa3", "upgrade head", "overlapping-revisions");
    row(linear, "aaaa2 aaaa3", "downgrade base", "aaaa3 aaaa2 aaaa1 ->");
    row(linear, "aaaa3 aaaa3", "upgrade head", "alembic-would-fail");

    row(branches, "", "upgrade heads", "aaaa1 cccc1 cccc2 bbbb1 bbbb2 -> bbbb2 cccc2");
    row(branches, "", "upgrade head", "multiple-heads");
    row(branches, "", "upgrade +2", "ambiguous-walk");
    row(branches, "", "upgrade lb@+1", "aaaa1 -> aaaa1");
    row(branches, "", "upgrade lb@+3", "aaaa1 bbbb1 bbbb2 -> bbbb2");
    row(branches, "bbbb1", "upgrade lc@+1", "cccc1 -> bbbb1 cccc1");
    row(branches, "bbbb1", "upgrade heads", "cccc1 cccc2 bbbb2 -> bbbb2 cccc2");
    row(branches, "bbbb1 cccc1", "upgrade +1", "ambiguous-walk");
    row(branches, "", "upgrade lb@cccc1", "not-on-branch");
    row(branches, "", "upgrade nolabel@head", "unknown-branch");
    row(branches, "bbbb2 cccc2", "downgrade -1", "bbbb2 -> bbbb1 cccc2");
    row(branches, "bbbb2 cccc2", "downgrade lb@-2", "bbbb2 bbbb1 -> cccc2");
    row(branches, "bbbb2 cccc2", "downgrade lb@aaaa1", "bbbb2 bbbb1 -> cccc2");
    for (const char *target : {"downgrade lb@-3", "downgrade lb@base", "downgrade nolabel@base"})
        row(branches, "bbbb2 cccc2", target, "bbbb2 bbbb1 cccc2 cccc1 aaaa1 ->");
    row(branches, "bbbb2 cccc2", "downgrade aaaa1", "bbbb2 bbbb1 cccc2 cccc1 -> aaaa1");
    row(branches, "bbbb2 cccc2", "downgrade cccc2-2", "bbbb2 bbbb1 cccc2 cccc1 -> aaaa1");
    row(branches, "bbbb2 cccc2", "downgrade lc@bbbb1", "bbbb2 -> bbbb1 cccc2");
    row(branches, "bbbb2", "downgrade lc@-1", "alembic-would-fail");
    row(branches, "bbbb2", "downgrade lc@aaaa1", "invalid-target");
    row(branches, "bbbb2", "downgrade cccc1", "invalid-target");

    row(merged, "cccc1", "upgrade head", "bbbb1 mmmm1 nnnn1 -> nnnn1");
    row(merged, "bbbb1", "upgrade +1", "cccc1 mmmm1 -> mmmm1");
    row(merged, "nnnn1", "downgrade -2", "ambiguous-walk");
    row(merged, "nnnn1", "downgrade bbbb1", "nnnn1 mmmm1 -> bbbb1 cccc1");
    row(merged, "nnnn1", "downgrade bbbb1@aaaa1", "nnnn1 mmmm1 bbbb1 -> cccc1");
    row(merged, "mmmm1", "downgrade -1", "ambiguous-walk");

    row(twoBases, "", "upgrade heads", "xxxx1 xxxx2 yyyy1 yyyy2 yyyy3 xxxx3 -> xxxx3 yyyy3");
    row(twoBases, "", "upgrade yl@+2", "xxxx1 xxxx2 yyyy1 yyyy2 -> yyyy2");
    row(twoBases, "", "upgrade +1", "ambiguous-walk");
    row(twoBases, "yyyy2", "upgrade xl@+1", "xxxx3 -> xxxx3 yyyy2");
    row(twoBases, "xxxx3 yyyy1", "upgrade xl@+1", "walked-too-far");
    row(twoBases, "yyyy3", "downgrade xl@-1", "yyyy3 yyyy2 xxxx2 -> xxxx1 yyyy1");
    row(twoBases, "yyyy3", "downgrade xxxx2", "invalid-target");
    row(twoBases, "yyyy3", "downgrade yyyy1", "yyyy3 yyyy2 -> xxxx2 yyyy1");
    row(twoBases, "yyyy3 xxxx3", "downgrade xxxx1", "xxxx3 yyyy3 yyyy2 xxxx2 -> xxxx1 yyyy1");
    row(twoBases, "yyyy3", "downgrade yl@base", "yyyy3 yyyy2 yyyy1 -> xxxx2");

    row(linear, "aaaa2", "downgrade aaaa1:aaaa2", "invalid-target");
    row(linear, "aaaa2", "upgrade aaaa1:", "invalid-target");
    row(linear, "aaaa3", "downgrade +1", "invalid-target");
    row(linear, "aaaa3", "upgrade -1", "invalid-target");
    // A row that is a partial identifier: the step above it would be inserted beside it.
    row(u"aaaa1\nbbbbb5 <- aaaa1\ncccc1 <- bbbbb5"_s, "bbbbb", "upgrade head", "alembic-would-fail");
    // Where another branch alone moves, such a row does not matter, nor does one that is there twice.
    row(branches, "lb cccc1", "upgrade lc@head", "cccc2 -> cccc2 lb");
    row(branches, "bbbb1 bbbb1 cccc1", "upgrade lc@head", "cccc2 -> bbbb1 bbbb1 cccc2");
    row(branches, "bbbb2 bbbb2", "downgrade bbbb1", "alembic-would-fail");
    row(branches, "bbbb cccc1", "upgrade lc@head", "ambiguous-revision");
    row(branches, "bbbb1 head", "upgrade lb@head", "multiple-heads");
    row(branches, "bbbb2 aaaa1", "upgrade lb@head", "overlapping-revisions");

    // A label with a dash and a digit reads as a relative target: the parent of the labelled revision.
    row(u"aaaa1\naaaa2 (rel-1.0) <- aaaa1\naaaa3 <- aaaa2\naaaa4 <- aaaa3 [aaaa2]"_s, "",
        "upgrade rel-1.0@head", "aaaa1 -> aaaa1");
}

void TestPlan::plans()
{
    QFETCH(QString, history);
    QFETCH(QString, rows);
    QFETCH(QString, command);
    QFETCH(QString, expected);
    const auto map = RevisionMap::build(historyFromText(history));
    QVERIFY(map);
    const QString target = command.section(u' ', 1);
    const auto plan = command.startsWith("up"_L1) ? planUpgrade(*map, ids(rows), target)
                                                  : planDowngrade(*map, ids(rows), target);
    QCOMPARE(textOf(plan), expected);
    if (!plan) {
        QVERIFY(!plan.error().message.isEmpty());
        QVERIFY(!plan.error().hint.isEmpty());
        QCOMPARE(plan.error().kind == ErrorKind::WouldFail,
                 plan.error().message.startsWith("Alembic would fail here: "_L1));
    }
}

/// INSERT, UPDATE, merge and unmerge.
void TestPlan::rowsOfEachStep()
{
    const auto map =
        RevisionMap::build(historyFromText(u"a1\nb1 <- a1\nc1 <- a1\nm1 <- c1 b1\nd1\nd2 <- d1 [b1]"_s));
    QVERIFY(map);
    const auto rowsOf = [](const Result<Plan> &plan) {
        QStringList lines;
        for (const RunStep &step : runSteps(*plan))
            lines += step.revision.text() + u": "_s + toText(step.from) + u" => "_s + toText(step.to);
        return lines.join(u'\n');
    };
    const auto first = planUpgrade(*map, {}, u"m1"_s);
    QVERIFY(first);
    QCOMPARE(rowsOf(first), u"a1: base => a1\nb1: a1 => b1\nc1: b1 => b1, c1\nm1: b1, c1 => m1"_s);
    const auto up = planUpgrade(*map, first->to, u"d2"_s);
    QVERIFY(up);
    QCOMPARE(rowsOf(up), u"d1: m1 => d1, m1\nd2: d1, m1 => d2, m1"_s);
    const auto down = planDowngrade(*map, up->to, u"a1"_s);
    QVERIFY(down);
    QCOMPARE(down->to, ids(u"a1 d1"_s));
    QCOMPARE(down->direction, Direction::Downgrade);
    QCOMPARE(down->target, u"a1"_s);
    QCOMPARE(down->from, ids(u"d2 m1"_s));
}

void TestPlan::tellsOfRedundantParents()
{
    const auto map = RevisionMap::build(historyFromText(u"a1\nb1 <- a1\nc1\nd1 <- c1 [a1] [b1]"_s));
    QVERIFY(map);
    const auto plan = planUpgrade(*map, {}, u"heads"_s);
    QVERIFY(!plan);
    QCOMPARE(plan.error().kind, ErrorKind::WouldFail);
    QVERIFY(plan.error().message.contains("'d1'"_L1));
    QVERIFY(plan.error().message.contains("'a1'"_L1));
}

void TestPlan::tellsOfUnusableRows()
{
    const auto map = RevisionMap::build(historyFromText(linear));
    QVERIFY(map);
    const auto partial = planUpgrade(*map, ids(u"bbbb"_s), u"head"_s);
    QVERIFY(partial && partial->steps.isEmpty());
    const auto back = planDowngrade(*map, ids(u"bbbb"_s), u"base"_s);
    QVERIFY(!back);
    QCOMPARE(back.error().kind, ErrorKind::WouldFail);
    QVERIFY(back.error().message.contains("'bbbb'"_L1));
    const auto unknown = planUpgrade(*map, ids(u"zzzz9"_s), u"head"_s);
    QVERIFY(!unknown && unknown.error().message.contains("zzzz9"_L1));
}

void TestPlan::holdsOnLongChains()
{
    constexpr int count = 10'000;
    QString text = u"r0\n"_s;
    for (int at = 1; at < count; ++at)
        text += u"r%1 <- r%2\n"_s.arg(at).arg(at - 1);
    const QList<Revision> revisions = historyFromText(text);
    const auto map = RevisionMap::build(revisions);
    QVERIFY(map);
    const auto up = planUpgrade(*map, {}, u"head"_s);
    QVERIFY(up);
    QCOMPARE(up->steps.size(), count);
    const auto down = planDowngrade(*map, up->to, u"base"_s);
    QVERIFY(down);
    QCOMPARE(down->steps.size(), count);
    QCOMPARE(map->history().size(), count);
}

/// A fan of 500 branches, and a ladder in which two branches part and meet 3,000 times.
void TestPlan::holdsOnWideAndMergedHistories()
{
    QString text = u"r0\n"_s;
    for (int at = 1; at <= 500; ++at)
        text += u"f%1 <- r0\ng%1 <- f%1\n"_s.arg(at);
    QString bottom = u"r0"_s;
    for (int at = 0; at < 3'000; ++at) {
        text += u"x%1 <- %2\ny%1 <- %2\nz%1 <- x%1 y%1\n"_s.arg(at).arg(bottom);
        bottom = u"z%1"_s.arg(at);
    }
    const QList<Revision> revisions = historyFromText(text);
    const auto map = RevisionMap::build(revisions);
    QVERIFY(map);
    const auto up = planUpgrade(*map, {}, u"heads"_s);
    QVERIFY(up);
    QCOMPARE(up->steps.size(), revisions.size());
    QCOMPARE(up->to.size(), 501);
    const auto down = planDowngrade(*map, up->to, u"base"_s);
    QVERIFY(down && down->to.isEmpty());
}

/// One branch for each dependency waits while the other chain is walked.
void TestPlan::holdsOnDependentChains()
{
    constexpr int count = 4'000;
    QString text = u"x0\ny0 [x0]\n"_s;
    for (int at = 1; at < count; ++at)
        text += u"x%1 <- x%2\ny%1 <- y%2%3\n"_s.arg(QString::number(at), QString::number(at - 1),
                                                    at % 10 == 0 ? u" [x%1]"_s.arg(at) : QString());
    const auto map = RevisionMap::build(historyFromText(text));
    QVERIFY(map);
    const auto up = planUpgrade(*map, {}, u"heads"_s);
    QVERIFY(up);
    QCOMPARE(up->steps.size(), 2 * count);
    QCOMPARE(up->to, ids(u"x3999 y3999"_s));
    const auto down = planDowngrade(*map, up->to, u"base"_s);
    QVERIFY(down && down->to.isEmpty());
    QCOMPARE(down->steps.size(), 2 * count);
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
