// SPDX-License-Identifier: MIT
// Histories with faults: every fault is told, and the rest can be shown.
#include "tests/alembic/historytext.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QString joined(const RevisionIds &ids)
{
    return toTexts(ids).join(u' ');
}

/// "kind: revisions (files)" of each problem.
QStringList linesOf(const QList<ScriptProblem> &problems)
{
    QStringList lines;
    for (const ScriptProblem &problem : problems)
        lines += u"%1: %2 (%3)"_s.arg(kindName(problem.error.kind), joined(problem.revisions),
                                      problem.files.join(u' '));
    return lines;
}

} // namespace

class TestSoundMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void leavesOutTheFault_data();
    void leavesOutTheFault();
    void tellsAllFaults();
    void namesEachFileOfATwin();
    void takesAnEmptyIdentifier();
    void takesAColon();
    void isTheSameWithoutFaults();
    void holdsOnLongCircles();
};

void TestSoundMap::leavesOutTheFault_data()
{
    QTest::addColumn<QString>("history");
    QTest::addColumn<QString>("problems");
    QTest::addColumn<QString>("bases");
    QTest::addColumn<QString>("shown"); // newest first
    const auto row = [](const char *name, const QString &history, const QString &problems,
                        const QString &bases, const QString &shown) {
        QTest::newRow(name) << history << problems << bases << shown;
    };
    row("missing parent", u"a\nb <- a\nc <- lost\nd <- c"_s, u"missing-parent: c (c.py)"_s, u"a c"_s,
        u"b a d c"_s);
    row("one parent of a merge is missing", u"a\nm <- a lost"_s, u"missing-parent: m (m.py)"_s, u"a"_s,
        u"m a"_s);
    row("missing dependency", u"a\nb <- a [lost]"_s, u"missing-dependency: b (b.py)"_s, u"a"_s, u"b a"_s);
    row("names itself", u"a\nb <- a b"_s, u"revision-cycle: b (b.py)"_s, u"a"_s, u"b a"_s);
    row("depends on itself", u"a\nb <- a [b]"_s, u"revision-cycle: b (b.py)"_s, u"a"_s, u"b a"_s);
    row("label twice", u"a (lab)\nb (lab) <- a"_s, u"duplicate-label: b a (b.py a.py)"_s, u"a"_s, u"b a"_s);
    row("invalid identifier", u"a-1\nb <- a-1"_s, u"invalid-identifier: a-1 (a-1.py)"_s, u"a-1"_s,
        u"b a-1"_s);
    row("circle with a way in", u"a\nb <- a d\nc <- b\nd <- c\ne <- d"_s,
        u"revision-cycle: b c d (b.py c.py d.py)"_s, u"a"_s, u"e d c b a"_s);
    row("circle without a way in", u"b <- d\nc <- b\nd <- c"_s, u"revision-cycle: b c d (b.py c.py d.py)"_s,
        u"c"_s, u"b d c"_s);
    row("two circles", u"a <- b\nb <- a\nx [y]\ny [x]"_s,
        u"revision-cycle: a b (a.py b.py)\nrevision-cycle: x y (x.py y.py)"_s, u"b x y"_s, u"a b x y"_s);
    row("a base that has an empty dependency", u"a []\nb <- a"_s, u"revision-cycle: a (a.py)"_s, u"a"_s,
        u"b a"_s);
}

void TestSoundMap::leavesOutTheFault()
{
    QFETCH(QString, history);
    QFETCH(QString, problems);
    QFETCH(QString, bases);
    QFETCH(QString, shown);
    QList<ScriptProblem> found;
    const RevisionMap map = RevisionMap::buildSound(historyFromText(history), found);
    QCOMPARE(linesOf(found).join(u'\n'), problems);
    QCOMPARE(joined(map.bases()), bases);
    QCOMPARE(joined(map.history()), shown);
    for (const ScriptProblem &problem : std::as_const(found)) {
        QVERIFY(!problem.error.message.isEmpty());
        QVERIFY(!problem.error.hint.isEmpty());
    }
}

void TestSoundMap::tellsAllFaults()
{
    const QList<Revision> revisions =
        historyFromText(u"a (lab)\nb (lab) <- a\nc <- lost\nd <- c [gone]\nd <- a\ne+1 <- d"_s);
    QList<ScriptProblem> problems;
    const RevisionMap map = RevisionMap::buildSound(revisions, problems);
    const QStringList lines = linesOf(problems);
    QCOMPARE(lines, (QStringList{u"invalid-identifier: e+1 (e+1.py)"_s, u"duplicate-revision: d (d.py)"_s,
                                 u"duplicate-label: b a (b.py a.py)"_s, u"missing-dependency: d (d.py)"_s,
                                 u"missing-parent: c (c.py)"_s}));
    QCOMPARE(map.count(), 5);
    QCOMPARE(joined(map.heads()), u"b e+1"_s);

    const auto built = RevisionMap::build(revisions);
    QVERIFY(!built);
    QCOMPARE(built.error().kind, ErrorKind::InvalidIdentifier);
    QVERIFY2(built.error().message.contains("4 more"_L1), qPrintable(built.error().message));
    QCOMPARE(built.error().detail.split(u'\n').size(), 5);
}

void TestSoundMap::namesEachFileOfATwin()
{
    QList<Revision> revisions = historyFromText(u"a\nb <- a\nb <- a\nb <- a"_s);
    for (qsizetype at = 0; at < revisions.size(); ++at)
        revisions[at].file = u"/v/%1.py"_s.arg(at);
    revisions[2].message = u"the second"_s;
    QList<ScriptProblem> problems;
    const RevisionMap map = RevisionMap::buildSound(revisions, problems);
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.first().files, (QStringList{u"/v/1.py"_s, u"/v/2.py"_s, u"/v/3.py"_s}));
    QVERIFY(problems.first().error.message.contains("3 times: in /v/1.py, in /v/2.py and in /v/3.py"_L1));
    QCOMPARE(map.count(), 2);
    QCOMPARE(map.find(RevisionId(u"b"_s))->file, u"/v/1.py"_s); // the first one stays
}

void TestSoundMap::takesAnEmptyIdentifier()
{
    const auto map = RevisionMap::build(
        {Revision{}, Revision{.id = RevisionId(u"b"_s), .downRevisions = {RevisionId(u""_s)}}});
    QVERIFY(map);
    QCOMPARE(map->count(), 2);
    QVERIFY(!map->bases().first().text().isNull()); // null would be no row at all
    QCOMPARE(map->children(RevisionId(u""_s)), RevisionIds{RevisionId(u"b"_s)});
}

/// Alembic forbids it since 1.17.1; older trees have it.
void TestSoundMap::takesAColon()
{
    const auto map = RevisionMap::build(historyFromText(u"a:1\nb <- a:1"_s));
    QVERIFY(map);
    QCOMPARE(joined(map->history()), u"b a:1"_s);
}

void TestSoundMap::isTheSameWithoutFaults()
{
    const QList<Revision> revisions = historyFromText(u"a\nb (lab) <- a\nc <- a\nm <- b c\nx [m]"_s);
    QList<ScriptProblem> problems;
    const RevisionMap sound = RevisionMap::buildSound(revisions, problems);
    const auto built = RevisionMap::build(revisions);
    QVERIFY(problems.isEmpty() && built);
    QCOMPARE(sound.history(), built->history());
    QCOMPARE(sound.revisions(), revisions);
}

void TestSoundMap::holdsOnLongCircles()
{
    constexpr int count = 50'000;
    QList<Revision> revisions;
    for (int at = 0; at < count; ++at)
        revisions += Revision{.id = RevisionId(QString::number(at)),
                              .downRevisions = {RevisionId(QString::number((at + count - 1) % count))}};
    QList<ScriptProblem> problems;
    const RevisionMap map = RevisionMap::buildSound(revisions, problems);
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.first().revisions.size(), count);
    QCOMPARE(map.history().size(), count);
    QCOMPARE(map.bases().size(), 1);
}

QTEST_GUILESS_MAIN(TestSoundMap)
#include "tst_soundmap.moc"
