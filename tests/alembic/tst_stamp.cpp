// SPDX-License-Identifier: MIT
// The answers were taken from real Alembic 1.13.2; tst_plandifferential asks it again.
#include "migrations/alembic/stamp.h"
#include "tests/alembic/historytext.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QStringList words(const QString &text)
{
    return text.split(u' ', Qt::SkipEmptyParts);
}

/// "-a" is a deleted row, "+a" an inserted one, "a>b" an updated one.
QString textOf(const Result<QList<RowChange>> &changes)
{
    if (!changes)
        return kindName(changes.error().kind);
    QStringList lines;
    for (const RowChange &change : *changes) {
        if (change.from.text().isNull())
            lines += u"+"_s + change.to.text();
        else if (change.to.text().isNull())
            lines += u"-"_s + change.from.text();
        else
            lines += change.from.text() + u">"_s + change.to.text();
    }
    return lines.join(u' ');
}

} // namespace

class TestStamp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void stamps_data();
    void stamps();
};

void TestStamp::stamps_data()
{
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("targets");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &rows, const QString &targets,
                        const QString &expected) { QTest::newRow(name) << rows << targets << expected; };
    row("from nothing", u""_s, u"bbbb1"_s, u"+bbbb1"_s);
    row("up", u"aaaa1"_s, u"bbbb1"_s, u"aaaa1>bbbb1"_s);
    row("down", u"mmmm1"_s, u"aaaa1"_s, u"mmmm1>aaaa1"_s);
    row("where it is", u"bbbb1"_s, u"bbbb1"_s, u""_s);
    row("a merge", u"bbbb1 cccc1"_s, u"mmmm1"_s, u"-bbbb1 cccc1>mmmm1"_s);
    row("below several rows", u"bbbb1 cccc1"_s, u"aaaa1"_s, u"-bbbb1 cccc1>aaaa1"_s);
    row("beside another branch", u"bbbb1"_s, u"cccc1"_s, u"+cccc1"_s);
    row("all heads", u""_s, u"heads"_s, u"+mmmm1 +dddd2"_s);
    row("base of a branch", u"bbbb1 dddd1"_s, u"ld@base"_s, u"-dddd1"_s);
    row("base", u"bbbb1 dddd1"_s, u"base"_s, u"-bbbb1 -dddd1"_s);
    row("no target is base", u"bbbb1"_s, u""_s, u"-bbbb1"_s);
    row("below what depends on it, whose row goes", u"dddd2"_s, u"bbbb1"_s, u"dddd2>bbbb1"_s);
    row("several, one below the other", u""_s, u"bbbb1 aaaa1"_s, u"overlapping-revisions"_s);
    row("two branches from one row: the second is new", u"aaaa1"_s, u"bbbb1 cccc1"_s,
        u"aaaa1>bbbb1 +cccc1"_s);
    row("two branches below one row", u"mmmm1"_s, u"bbbb1 cccc1"_s, u"alembic-would-fail"_s);
    row("the same twice", u""_s, u"bbbb1 bbbb1"_s, u"alembic-would-fail"_s);
    row("several heads", u""_s, u"head"_s, u"multiple-heads"_s);
    row("unknown target", u""_s, u"zzzz9"_s, u"unknown-revision"_s);
    row("unknown branch", u""_s, u"lx@head"_s, u"unknown-branch"_s);
    row("relative targets are not known", u"aaaa1"_s, u"aaaa1+1"_s, u"unknown-revision"_s);
    row("unknown row", u"zzzz9"_s, u"bbbb1"_s, u"unknown-revision"_s);
    row("partial row", u"aaaa"_s, u"bbbb1"_s, u"alembic-would-fail"_s);
    row("a row that is there twice", u"aaaa1 aaaa1"_s, u"bbbb1"_s, u"alembic-would-fail"_s);
    row("purge knows no row", u"zzzz9 aaaa1"_s, u"purge bbbb1"_s, u"-zzzz9 -aaaa1 +bbbb1"_s);
    row("purge to base", u"bbbb1"_s, u"purge base"_s, u"-bbbb1"_s);
}

void TestStamp::stamps()
{
    QFETCH(QString, rows);
    QFETCH(QString, targets);
    QFETCH(QString, expected);
    const auto map = RevisionMap::build(historyFromText(
        u"aaaa1\nbbbb1 <- aaaa1\ncccc1 <- aaaa1\nmmmm1 <- bbbb1 cccc1\ndddd1 (ld)\ndddd2 <- dddd1 [bbbb1]"_s));
    QVERIFY(map);
    QStringList names = words(targets);
    const bool purge = names.removeOne(u"purge"_s);
    const auto changes = planStamp(*map, toRevisionIds(words(rows)), names, purge);
    QCOMPARE(textOf(changes), expected);
    if (!changes) {
        QVERIFY(!changes.error().message.isEmpty());
        QVERIFY(!changes.error().hint.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TestStamp)
#include "tst_stamp.moc"
