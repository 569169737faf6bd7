// SPDX-License-Identifier: MIT
// The answers were taken from real Alembic 1.13.2; tst_plandifferential asks it again.
#include "migrations/alembic/currentrevisions.h"
#include "migrations/alembic/historyrange.h"
#include "tests/alembic/historytext.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString linear = u"aaaa1\naaaa2 <- aaaa1\naaaa3 <- aaaa2\naaaa4 <- aaaa3\naaaa5 <- aaaa4"_s;
const QString branches = u"aaaa1\nbbbb1 (lb) <- aaaa1\nbbbb2 <- bbbb1\ncccc1 (lc) <- aaaa1\ncccc2 <- cccc1"_s;
const QString needed = u"aaaa1\naaaa2 <- aaaa1\nbbbb1\nbbbb2 <- bbbb1 [aaaa1]\nbbbb3 <- bbbb2"_s;

RevisionIds ids(const QString &text)
{
    return toRevisionIds(text.split(u' ', Qt::SkipEmptyParts));
}

QString textOf(const Result<RevisionIds> &found)
{
    return found ? toTexts(*found).join(u' ') : kindName(found.error().kind);
}

} // namespace

class TestHistoryRange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void ranges_data();
    void ranges();
    void needsRowsForCurrent();
    void current_data();
    void current();
    void shown_data();
    void shown();
    void branchPoints();
};

void TestHistoryRange::ranges_data()
{
    QTest::addColumn<QString>("history");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("range");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &history, const QString &rows, const QString &range,
                        const QString &expected) {
        QTest::newRow(name) << history << rows << range << expected;
    };
    row("all", linear, u""_s, u":"_s, u"aaaa5 aaaa4 aaaa3 aaaa2 aaaa1"_s);
    row("both ends count", linear, u""_s, u"aaaa2:aaaa4"_s, u"aaaa4 aaaa3 aaaa2"_s);
    row("up to", linear, u""_s, u" :aaaa2 "_s, u"aaaa2 aaaa1"_s);
    row("from current", linear, u"aaaa3"_s, u"current:"_s, u"aaaa5 aaaa4 aaaa3"_s);
    row("to current", linear, u"aaaa3"_s, u":current"_s, u"aaaa3 aaaa2 aaaa1"_s);
    row("to current without rows is all", linear, u""_s, u":current"_s, u"aaaa5 aaaa4 aaaa3 aaaa2 aaaa1"_s);
    row("current on both sides", linear, u"aaaa3"_s, u"current:current"_s, u"unknown-revision"_s);
    row("the wrong way round", linear, u""_s, u"aaaa4:aaaa2"_s, u"not-an-ancestor"_s);
    row("+n counts from the start", linear, u"aaaa2"_s, u"current:+1"_s, u"aaaa3 aaaa2"_s);
    row("+n ends at the tip", linear, u""_s, u"aaaa3:+9"_s, u"aaaa5 aaaa4 aaaa3"_s);
    row("id+n ends at the tip", linear, u""_s, u"aaaa1:aaaa4+9"_s, u"aaaa5 aaaa4 aaaa3 aaaa2 aaaa1"_s);
    row("-n counts from the heads, not from the end", linear, u"aaaa3"_s, u"-1:current"_s,
        u"not-an-ancestor"_s);
    row("-n from the heads, below the end", linear, u"aaaa3"_s, u"-3:current"_s, u"aaaa3 aaaa2"_s);
    row("-n past the start counts from the end", linear, u"aaaa3"_s, u"-6:current"_s, u"aaaa3 aaaa2 aaaa1"_s);
    row("-n past the start, with heads as the end", linear, u""_s, u"-6:"_s, u"unknown-revision"_s);
    row("id-n as the start", linear, u""_s, u"aaaa2-1:aaaa4"_s, u"unknown-revision"_s);
    row("id-n as the end", linear, u""_s, u"aaaa1:aaaa4-1"_s, u"aaaa3 aaaa2 aaaa1"_s);
    row("-n as the end", linear, u""_s, u"aaaa1:-1"_s, u"invalid-target"_s);
    row("down past the start as the end", linear, u""_s, u":aaaa2-5"_s, u"alembic-would-fail"_s);
    row("no range", linear, u""_s, u"aaaa1"_s, u"invalid-target"_s);
    row("two colons", linear, u""_s, u"aaaa1::aaaa2"_s, u"alembic-would-fail"_s);
    row("a branch in the start leaves out other heads", branches, u""_s, u"lb@base:"_s,
        u"bbbb2 bbbb1 aaaa1"_s);
    row("a revision as a branch", branches, u""_s, u"bbbb1@bbbb1:"_s, u"bbbb2 bbbb1"_s);
    row("a revision without a label as a branch", branches, u""_s, u"aaaa1@aaaa1:"_s,
        u"alembic-would-fail"_s);
    row("from a fork", branches, u""_s, u"bbbb1:heads"_s, u"bbbb2 bbbb1"_s);
    row("up from a fork", branches, u""_s, u"aaaa1:+1"_s, u"ambiguous-walk"_s);
    row("several heads", branches, u""_s, u":head"_s, u"multiple-heads"_s);
    row("an unknown branch", branches, u""_s, u"lx@base:"_s, u"unknown-revision"_s);
    row("an unknown branch at the end", branches, u""_s, u":lx@head"_s, u"unknown-branch"_s);
    row("needed by depends_on only", needed, u""_s, u"aaaa1:bbbb3"_s, u"alembic-would-fail"_s);
    row("what the start needs is left out", needed, u""_s, u"bbbb1:bbbb3"_s, u"bbbb3 bbbb2 bbbb1"_s);
    row("unknown rows", linear, u"zzzz9"_s, u"current:"_s, u"unknown-revision"_s);
    row("overlapping rows", linear, u"aaaa2 aaaa3"_s, u":current"_s, u"overlapping-revisions"_s);
}

void TestHistoryRange::ranges()
{
    QFETCH(QString, history);
    QFETCH(QString, rows);
    QFETCH(QString, range);
    QFETCH(QString, expected);
    const auto map = RevisionMap::build(historyFromText(history));
    QVERIFY(map);
    const auto found = historyRange(*map, range, ids(rows));
    QCOMPARE(textOf(found), expected);
    if (!found) {
        QVERIFY(!found.error().message.isEmpty());
        QVERIFY(!found.error().hint.isEmpty());
    }
}

void TestHistoryRange::needsRowsForCurrent()
{
    const auto map = RevisionMap::build(historyFromText(linear));
    QVERIFY(map);
    QCOMPARE(textOf(historyRange(*map, u"current:"_s, std::nullopt)), u"invalid-target"_s);
    QCOMPARE(textOf(historyRange(*map, u"aaaa4:"_s, std::nullopt)), u"aaaa5 aaaa4"_s);
}

void TestHistoryRange::current_data()
{
    QTest::addColumn<QString>("history");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one row") << linear << u"aaaa3"_s << u"aaaa3"_s;
    QTest::newRow("none") << linear << u""_s << u""_s;
    QTest::newRow("applied because something depends on it") << needed << u"bbbb3"_s << u"aaaa1 bbbb3"_s;
    QTest::newRow("overlapping rows") << linear << u"aaaa2 aaaa3"_s << u"aaaa3"_s;
    QTest::newRow("in load order") << branches << u"cccc2 bbbb1"_s << u"bbbb1 cccc2"_s;
    QTest::newRow("a partial row") << branches << u"lc"_s << u"cccc1"_s;
    QTest::newRow("unknown rows are left out") << branches << u"zzzz9 bbbb1"_s << u"bbbb1"_s;
}

void TestHistoryRange::current()
{
    QFETCH(QString, history);
    QFETCH(QString, rows);
    QFETCH(QString, expected);
    const auto map = RevisionMap::build(historyFromText(history));
    QVERIFY(map);
    QCOMPARE(toTexts(currentRevisions(*map, ids(rows))).join(u' '), expected);
}

void TestHistoryRange::shown_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("heads") << u"heads"_s << u"bbbb2 cccc2"_s;
    QTest::newRow("base") << u"base"_s << u""_s;
    QTest::newRow("label") << u"lb"_s << u"bbbb1"_s;
    QTest::newRow("head of a branch") << u"lb@head"_s << u"bbbb2"_s;
    QTest::newRow("below the heads") << u"-1"_s << u"bbbb1 cccc1"_s;
    QTest::newRow("past the start") << u"-4"_s << u"alembic-would-fail"_s;
    QTest::newRow("up is not known here") << u"bbbb1+1"_s << u"unknown-revision"_s;
    QTest::newRow("several heads") << u"head"_s << u"multiple-heads"_s;
}

void TestHistoryRange::shown()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto map = RevisionMap::build(historyFromText(branches));
    QVERIFY(map);
    QCOMPARE(textOf(revisionsFor(*map, text)), expected);
}

/// A revision that another depends on is no branch point to `alembic branches`.
void TestHistoryRange::branchPoints()
{
    const auto map = RevisionMap::build(historyFromText(needed + u"\nbbbb4 <- bbbb2"_s));
    QVERIFY(map);
    QCOMPARE(toTexts(map->branchPoints()), QStringList{u"bbbb2"_s});
    QVERIFY(map->isRealBranchPoint(RevisionId(u"aaaa1"_s)));
    QVERIFY(!map->isBranchPoint(RevisionId(u"aaaa1"_s)));
}

QTEST_GUILESS_MAIN(TestHistoryRange)
#include "tst_historyrange.moc"
