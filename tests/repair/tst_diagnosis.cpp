// SPDX-License-Identifier: MIT
#include "migrations/repair/diagnosis.h"

#include "migrations/alembic/changerecord.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QFileInfo>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

QString toText(const RepairOffer &offer)
{
    QString text;
    switch (offer.action) {
    case RepairOffer::Repair: {
        const RepairRequest &request = offer.request;
        text = repairKindName(request.kind);
        for (const QString &word : {request.moved, request.onto, request.heads.join(u'+'), request.revision,
                                    QFileInfo(request.file).fileName()}) {
            if (!word.isEmpty())
                text += QString(u' ' + word);
        }
        if (request.kind == RepairKind::Relink && request.parents)
            text += QString(u'<' + request.parents->join(u','));
        if (!request.droppedDependencies.isEmpty())
            text += QString(u" -"_s + request.droppedDependencies.join(u','));
        break;
    }
    case RepairOffer::Stamp:
        text = QString(u"stamp "_s + offer.target.text() + u' ' + offer.stampTo.join(u' '));
        break;
    case RepairOffer::OtherFiles:
        text = QString(u"files "_s + offer.target.text());
        break;
    case RepairOffer::FinishChange:
        text = u"finish"_s;
        break;
    case RepairOffer::UndoChange:
        text = u"undo"_s;
        break;
    case RepairOffer::OpenFile:
        text = QString(u"open "_s + QFileInfo(offer.request.file).fileName());
        break;
    }
    return QString((offer.isAdvised ? u"*"_s : QString()) + (offer.whyNot.isEmpty() ? QString() : u"!"_s) +
                   text);
}

/// `kind: offer; offer`, the advised one with '*', those that cannot be done with '!'.
QString toText(const QList<Trouble> &troubles)
{
    QStringList lines;
    for (const Trouble &trouble : troubles) {
        QStringList offers;
        for (const RepairOffer &offer : trouble.offers)
            offers += toText(offer);
        lines += QString(troubleName(trouble.kind) + u": "_s + offers.join(u"; "_s));
    }
    return lines.join(u'\n');
}

/// What holds for every diagnosis.
void check(const QList<Trouble> &troubles)
{
    for (const Trouble &trouble : troubles) {
        QVERIFY(!trouble.title.isEmpty());
        QVERIFY(!trouble.text.isEmpty());
        const auto advised = std::ranges::count_if(trouble.offers, &RepairOffer::isAdvised);
        QVERIFY(advised <= 1);
        QVERIFY(advised == 0 || trouble.offers.constFirst().isAdvised);
        for (const RepairOffer &offer : trouble.offers) {
            QVERIFY(!offer.label.isEmpty());
            QVERIFY(!offer.why.isEmpty() || !offer.whyNot.isEmpty());
            QVERIFY(!offer.isAdvised || offer.whyNot.isEmpty());
        }
    }
    QVERIFY(std::ranges::is_sorted(troubles, std::ranges::less(), &Trouble::kind));
}

} // namespace

class TestDiagnosis : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void offersForFiles_data();
    void offersForFiles();
    void advisesByDatabases_data();
    void advisesByDatabases();
    void tellsOfRows_data();
    void tellsOfRows();
    void namesPeopleAndDays();
    void saysThatLabelsMayBeMeant();
    void pointsToAnotherCheckout();
    void leavesRowsToTheirOwnFiles();
    void opensBrokenFiles();
    void tellsOfAnUnfinishedChange();
};

void TestDiagnosis::offersForFiles_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("expected");
    QTest::newRow("well") << u"a b<a"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("fork") << u"a b<a c<a"_s << u"several-heads: *rebase c b; rebase b c; merge b+c"_s;
    QTest::newRow("the shorter one moves")
        << u"a b<a c<a d<c"_s << u"several-heads: *rebase b d; rebase d b; merge b+d"_s;
    QTest::newRow("a side that is needed")
        << u"a b<a c<b d<a!b"_s << u"several-heads: *merge c+d; rebase d c; rebase c d"_s;
    QTest::newRow("a head that needs the other")
        << u"a b<a c<a!b"_s << u"several-heads: *merge b+c; rebase c b; !rebase b c"_s;
    QTest::newRow("on purpose") << u"a b(left)<a c(right)<a"_s
                                << u"several-heads: rebase c b; rebase b c; merge b+c"_s;
    QTest::newRow("missing parent") << u"a c<b"_s << u"missing-parent: *restore b; relink c<a"_s;
    QTest::newRow("missing base") << u"c<b d<c"_s << u"missing-parent: *restore b; relink c<"_s;
    QTest::newRow("one of two parents") << u"a m<a,b"_s << u"missing-parent: *restore b; relink m<a"_s;
    QTest::newRow("a partial parent")
        << u"abcdef b<abcd"_s << u"missing-parent: *relink b<abcdef; restore abcd"_s;
    QTest::newRow("a label as parent")
        << u"a(line) b<line"_s << u"missing-parent: *relink b<a; restore line"_s;
    QTest::newRow("missing dependency") << u"a b<a!x"_s << u"missing-dependency: *restore x; relink b -x"_s;
    QTest::newRow("circle") << u"a b<d c<b d<c"_s << u"revision-cycle: *relink b<a; relink c<a; relink d<a"_s;
    QTest::newRow("circle of all") << u"a<c b<a c<b"_s
                                   << u"revision-cycle: *relink a<; relink b<; relink c<"_s;
    QTest::newRow("its own parent") << u"a b<b"_s << u"revision-cycle: *relink b<a"_s;
    QTest::newRow("its own dependency") << u"a b<a!b"_s << u"revision-cycle: *relink b -b"_s;
    QTest::newRow("circle by a dependency")
        << u"a<!c b<a c<b"_s << u"revision-cycle: *relink a -c; relink b<; relink c<"_s;
    QTest::newRow("two files") << u"a *b<a"_s
                               << u"duplicate-revision: *rename zz_copy_of_b.py; rename b_.py"_s;
    QTest::newRow("labels twice") << u"a(x) b(x)<a"_s << u"bad-label: *open b_.py; open a_.py"_s;
    QTest::newRow("unreachable")
        << u"a b<a c d<c!a,b"_s
        << u"unreachable-head: *relink d -a\nseveral-heads: *merge b+d; rebase d b; !rebase b d"_s;
}

void TestDiagnosis::offersForFiles()
{
    QFETCH(const QString, graph);
    const auto project = projectOf(graph);
    const QList<Trouble> troubles = diagnoseHistory(historyOf(*project));
    check(troubles);
    QTEST(toText(troubles), "expected");
}

void TestDiagnosis::advisesByDatabases_data()
{
    QTest::addColumn<QStringList>("production");
    QTest::addColumn<QStringList>("laptop");
    QTest::addColumn<QString>("expected");
    // a - b - c and a - d
    QTest::newRow("nowhere") << QStringList() << QStringList() << u"*rebase d c"_s;
    QTest::newRow("the shorter one is applied") << QStringList{u"d"_s} << QStringList() << u"*rebase c d"_s;
    QTest::newRow("both where nothing goes back")
        << QStringList{u"c"_s, u"d"_s} << QStringList() << u"*merge c+d"_s;
    QTest::newRow("the other one on a laptop")
        << QStringList{u"c"_s} << QStringList{u"d"_s} << u"*merge c+d"_s; // a merge takes nothing back
    QTest::newRow("a row that no file has") << QStringList() << QStringList{u"x"_s} << u"*merge c+d"_s;
}

void TestDiagnosis::advisesByDatabases()
{
    QFETCH(const QStringList, production);
    QFETCH(const QStringList, laptop);
    const auto project = projectOf(u"a b<a c<b d<a"_s);
    const QList<Trouble> troubles = diagnoseHistory(
        historyOf(*project, {{.environment = u"production"_s, .rows = production, .isProtected = true},
                             {.environment = u"laptop"_s, .rows = laptop}}));
    check(troubles);
    QVERIFY(!troubles.isEmpty());
    QTEST(toText(troubles.constFirst().offers.constFirst()), "expected");
}

void TestDiagnosis::tellsOfRows_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QStringList>("rows");
    QTest::addColumn<QString>("expected");
    const QString linear = u"a b<a c<b"_s;
    QTest::newRow("well") << linear << QStringList{u"b"_s} << QString();
    QTest::newRow("empty") << linear << QStringList() << QString();
    QTest::newRow("overlap") << linear << QStringList{u"a"_s, u"c"_s}
                             << u"overlapping-rows: *stamp staging/app c"_s;
    QTest::newRow("twice") << linear << QStringList{u"c"_s, u"c"_s}
                           << u"overlapping-rows: *stamp staging/app c"_s;
    QTest::newRow("by a dependency") << u"a x<!a"_s << QStringList{u"a"_s, u"x"_s}
                                     << u"several-heads: *merge a+x; rebase x a; !rebase a x\n"
                                        "overlapping-rows: *stamp staging/app x"_s;
    QTest::newRow("unknown") << linear << QStringList{u"zzz"_s}
                             << u"unknown-row: *restore zzz; stamp staging/app c"_s;
    QTest::newRow("unknown beside known")
        << linear << QStringList{u"b"_s, u"zzz"_s} << u"unknown-row: *restore zzz; stamp staging/app b"_s;
    QTest::newRow("unknown, and overlap")
        << linear << QStringList{u"a"_s, u"b"_s, u"zzz"_s}
        << u"unknown-row: *restore zzz; stamp staging/app b\noverlapping-rows: !stamp staging/app b"_s;
}

void TestDiagnosis::tellsOfRows()
{
    QFETCH(const QString, graph);
    QFETCH(const QStringList, rows);
    const auto project = projectOf(graph);
    const QList<Trouble> troubles =
        diagnoseHistory(historyOf(*project, {{.environment = u"staging"_s, .rows = rows}}));
    check(troubles);
    QTEST(toText(troubles), "expected");
    for (const Trouble &trouble : troubles) {
        if (trouble.kind == TroubleKind::UnknownRow)
            QCOMPARE(trouble.targets.size(), 1);
    }
}

void TestDiagnosis::namesPeopleAndDays()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    RevisionOrigins origins;
    origins.insert(RevisionId(u"b"_s),
                   {.author = u"Ada"_s, .when = QDateTime(QDate(2024, 5, 3), QTime(12, 0))});
    origins.insert(RevisionId(u"c"_s),
                   {.author = u"Bob"_s, .when = QDateTime(QDate(2024, 5, 4), QTime(12, 0))});
    const QList<Trouble> troubles = diagnoseHistory(historyOf(*project), origins);
    QCOMPARE(troubles.size(), 1);
    QCOMPARE(troubles.constFirst().title, u"Two heads"_s);
    QCOMPARE(troubles.constFirst().text,
             u"Two revisions follow a: b by Ada on 3 May 2024 (\"b\"), c by Bob on 4 May 2024 (\"c\"). "
             "`alembic upgrade head` stops at that."_s);
    QVERIFY(troubles.constFirst().divergence);
    QCOMPARE(troubles.constFirst().divergence->partedAt.text(), u"a"_s);
}

void TestDiagnosis::saysThatLabelsMayBeMeant()
{
    const auto project = projectOf(u"a b(left)<a c(right)<a"_s);
    const QList<Trouble> troubles = diagnoseHistory(historyOf(*project));
    QCOMPARE(troubles.size(), 1);
    QVERIFY2(troubles.constFirst().text.contains(u"meant to stay apart"_s),
             qPrintable(troubles.constFirst().text));
}

void TestDiagnosis::pointsToAnotherCheckout()
{
    const auto project = projectOf(u"a b<a"_s);
    const auto release = projectOf(u"a b<a c<b"_s);
    const QList<Trouble> troubles = diagnoseHistory(
        historyOf(*project, {{.environment = u"release"_s, .rows = {u"c"_s}, .config = release->config()},
                             {.environment = u"staging"_s, .rows = {u"c"_s}}}));
    check(troubles);
    QCOMPARE(toText(troubles), u"rows-ahead: *files staging/app; restore c; stamp staging/app b"_s);
    QCOMPARE(troubles.constFirst().offers.constFirst().config, release->config());
    QCOMPARE(troubles.constFirst().offers.constFirst().stampTo, QStringList{u"b"_s});
    QCOMPARE(troubles.constFirst().targets.constFirst().text(), u"staging/app"_s);
}

/// They are told with the files that count there.
void TestDiagnosis::leavesRowsToTheirOwnFiles()
{
    const auto project = projectOf(u"a b<a"_s);
    const auto release = projectOf(u"a b<a"_s);
    const QStringList wrong{u"a"_s, u"b"_s, u"zzz"_s};
    const auto tell = [&](const QString &config) {
        return toText(diagnoseHistory(
            historyOf(*project, {{.environment = u"release"_s, .rows = wrong, .config = config}})));
    };
    QCOMPARE(tell(release->config()), QString());
    QVERIFY(!tell(project->config()).isEmpty());
}

void TestDiagnosis::opensBrokenFiles()
{
    const auto project = projectOf(u"a"_s);
    writeFile(QString(project->versionsDirectory() + u"/broken.py"_s), u"revision = 'b'\n(("_s);
    const QList<Trouble> troubles =
        diagnoseHistory(historyOf(*project, {{.environment = u"staging"_s, .rows = {u"b"_s}}}));
    check(troubles);
    // The row may well be that of the file.
    QCOMPARE(toText(troubles), u"broken-file: *open broken.py"_s);
}

void TestDiagnosis::tellsOfAnUnfinishedChange()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const History history = historyOf(*project);
    const auto plan = planRepair(history, {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(plan);
    const QString folder = history.scripts.config.scriptLocation;
    for (const bool isWritten : {false, true}) {
        {
            const auto lock = ChangeLock::create(folder, {.record = changeRecordFile(folder),
                                                          .what = plan->title,
                                                          .begun = QDateTime::currentDateTimeUtc(),
                                                          .changes = plan->changes});
            QVERIFY(lock);
            const QList<Trouble> working = diagnoseHistory(history);
            QCOMPARE(working.constFirst().kind, TroubleKind::UnfinishedChange);
            if (isWritten)
                writeFile(plan->changes.constFirst().file, *plan->changes.constFirst().after);
        }
        const QList<Trouble> troubles = diagnoseHistory(history);
        check(troubles);
        QVERIFY2(toText(troubles).startsWith(isWritten ? u"unfinished-change: *finish; undo"_s
                                                       : u"unfinished-change: *undo; finish"_s),
                 qPrintable(toText(troubles)));
        const auto change = findUnfinishedChange(folder);
        QVERIFY(change && *change);
        QVERIFY(undoChange(**change));
    }
}

QTEST_GUILESS_MAIN(TestDiagnosis)
#include "tst_diagnosis.moc"
