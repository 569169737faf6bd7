// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"
#include "migrations/repair/repairplan.h"
#include "tests/repair/gitscene.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// `id<parent,parent!dependency …` of the map, in load order.
QString toText(const RevisionMap &map)
{
    QStringList words;
    for (const Revision &revision : map.revisions()) {
        QString word = revision.id.text();
        if (!revision.downRevisions.isEmpty())
            word += QString(u'<' + toTexts(revision.downRevisions).join(u','));
        if (!revision.dependsOn.isEmpty())
            word += QString(u'!' + revision.dependsOn.join(u','));
        words += word;
    }
    return words.join(u' ');
}

Result<RepairPlan> rebase(const History &history, const QString &moved, const QString &onto,
                          const QStringList &vouchedFor = {}, bool redate = false)
{
    return planRepair(history, {.kind = RepairKind::Rebase,
                                .moved = moved,
                                .onto = onto,
                                .redate = redate,
                                .vouchedFor = vouchedFor});
}

} // namespace

class TestRebase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void linksAnew_data();
    void linksAnew();
    void refuses_data();
    void refuses();
    void writesWhatItPlanned();
    void plansADetour();
    void refusesAnIrreversibleDetour();
    void tellsWhatADetourLoses();
    void refusesAnotherCheckoutsDatabase();
    void acceptsAVouch();
    void believesFilesMoreThanAVouch();
    void saysThatNoDatabaseWasLookedAt();
    void looksAgainBeforeWriting();
    void refusesTheSecondOfTwo();
    void refusesWhatIsMergedInAnotherFolder();
    void saysThatGitFailed();
    void datesAnew();
    void refusesFilesThatChanged();
    void tellsOfLabels();
};

void TestRebase::linksAnew_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("moved");
    QTest::addColumn<QString>("onto");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fork") << u"a b<a c<a"_s << u"b"_s << u"c"_s << u"a b<c c<a"_s;
    QTest::newRow("long side") << u"a b<a c<b d<c e<a"_s << u"d"_s << u"e"_s << u"a b<e c<b d<c e<a"_s;
    QTest::newRow("independent bases") << u"a b<a c d<c"_s << u"d"_s << u"b"_s << u"a b<a c<b d<c"_s;
    QTest::newRow("a side that forks and merges")
        << u"a b<a c<b d<b m<c,d e<a"_s << u"m"_s << u"e"_s << u"a b<e c<b d<b e<a m<c,d"_s;
    QTest::newRow("two branches from different places, merged")
        << u"a b<a c<a d<b m<c,d e<b"_s << u"m"_s << u"e"_s << u"a b<a c<e d<e e<b m<c,d"_s;
    QTest::newRow("a merge with what is below then")
        << u"a b<a c<a m<b,c d<b"_s << u"m"_s << u"d"_s << u"a b<a c<d d<b m<c"_s;
    QTest::newRow("a dependency that is below then")
        << u"a b<a c<a!b d<c!x e<b x"_s << u"d"_s << u"e"_s << u"a b<a c<e d<c!x e<b x"_s;
    QTest::newRow("a dependency on the other head") << u"a b<a c<a!b"_s << u"c"_s << u"b"_s << u"a b<a c<b"_s;
    QTest::newRow("several parents outside")
        << u"a b<a c<a m<b,c d<b,c"_s << u"m"_s << u"d"_s << u"a b<a c<a d<b,c m<d"_s;
}

void TestRebase::linksAnew()
{
    QFETCH(const QString, graph);
    QFETCH(const QString, moved);
    QFETCH(const QString, onto);
    QFETCH(const QString, expected);
    const auto project = projectOf(graph);
    const auto plan = rebase(historyOf(*project), moved, onto);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    // In load order, which is by name.
    QCOMPARE(toText(plan->after), expected);
    QCOMPARE(plan->moved.constLast().text(), moved);
    QVERIFY(plan->problemsAfter.isEmpty());
    QVERIFY(!plan->text.isEmpty());
}

void TestRebase::refuses_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QString>("moved");
    QTest::addColumn<QString>("onto");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("says");
    QTest::newRow("no head") << u"a b<a c<a d<c"_s << u"c"_s << u"b"_s << u"refused"_s << u"not a head"_s;
    QTest::newRow("itself") << u"a b<a c<a"_s << u"b"_s << u"b"_s << u"usage"_s << u"itself"_s;
    QTest::newRow("nothing named") << u"a b<a c<a"_s << QString() << u"b"_s << u"usage"_s << u"two heads"_s;
    QTest::newRow("unknown") << u"a b<a c<a"_s << u"zzz"_s << u"b"_s << u"unknown-revision"_s << u"zzz"_s;
    QTest::newRow("shared with a third head")
        << u"a b<a c<a d<c e<c"_s << u"d"_s << u"b"_s << u"refused"_s << u"e follows"_s;
    QTest::newRow("another one depends on it")
        << u"a b<a c<b d<a!b e<a"_s << u"c"_s << u"e"_s << u"refused"_s << u"d depends on"_s;
    QTest::newRow("needed by the other head")
        << u"a b<a c<a!b"_s << u"b"_s << u"c"_s << u"refused"_s << u"needs b"_s;
    QTest::newRow("a broken graph") << u"a b<a c<a d<x"_s << u"b"_s << u"c"_s << u"refused"_s << u"fault"_s;
}

void TestRebase::refuses()
{
    QFETCH(const QString, graph);
    QFETCH(const QString, moved);
    QFETCH(const QString, onto);
    const auto project = projectOf(graph);
    const auto plan = rebase(historyOf(*project), moved, onto);
    QVERIFY(!plan);
    QTEST(kindName(plan.error().kind), "kind");
    QFETCH(const QString, says);
    QVERIFY2(plan.error().message.contains(says), qPrintable(plan.error().message));
    QVERIFY(!plan.error().hint.isEmpty());
}

void TestRebase::writesWhatItPlanned()
{
    const auto project = projectOf(u"a b<a c<b d<a"_s);
    const History history = historyOf(*project);
    const auto plan = rebase(history, u"c"_s, u"d"_s);
    QVERIFY(plan);
    QCOMPARE(plan->title, u"Put 2 revisions up to c on top of d"_s);
    QCOMPARE(plan->changes.size(), 1);
    QCOMPARE(plan->revisions, RevisionIds{RevisionId(u"b"_s)});
    QCOMPARE(plan->text.constFirst(), u"b follows d instead of a."_s);
    QVERIFY(writeRepair(history, *plan));
    const History after = historyOf(*project);
    QVERIFY(after.scripts.problems.isEmpty());
    QCOMPARE(toText(after.scripts.map), toText(plan->after));
    QCOMPARE(after.scripts.map.heads(), RevisionIds{RevisionId(u"c"_s)});
}

void TestRebase::plansADetour()
{
    const auto project = projectOf(u"a b<a c<b d<a"_s);
    const History history =
        historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"b"_s, u"d"_s}},
                             {.environment = u"staging"_s, .rows = {u"c"_s}},
                             {.environment = u"empty"_s},
                             {.environment = u"production"_s, .rows = {u"d"_s}, .isProtected = true}});
    const auto plan = rebase(history, u"c"_s, u"d"_s);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QCOMPARE(plan->detours.size(), 2);
    QCOMPARE(plan->warnings.size(), 2); // one a database: its rows go
    QVERIFY(plan->warnings.first().contains("laptop/app"_L1));
    const Detour &laptop = plan->detours.first();
    QCOMPARE(laptop.target.text(), u"laptop/app"_s);
    QCOMPARE(laptop.steps, RevisionIds{RevisionId(u"b"_s)});
    QCOMPARE(laptop.down, u"b@a"_s);
    QCOMPARE(laptop.up, u"b"_s); // c was never applied there
    const auto down = planDowngrade(history.scripts.map, laptop.rows, laptop.down);
    QVERIFY(down);
    QCOMPARE(toTexts(down->to), QStringList{u"d"_s});
    const Detour &staging = plan->detours.last();
    QCOMPARE(toTexts(staging.steps), (QStringList{u"c"_s, u"b"_s}));

    const auto other = rebase(history, u"d"_s, u"c"_s);
    QVERIFY(!other);
    QVERIFY2(other.error().message.contains(u"production/app, which is protected"_s),
             qPrintable(other.error().message));
}

void TestRebase::refusesAnIrreversibleDetour()
{
    const auto project = projectOf(u"a b<a"_s);
    project->addRevision({.id = u"c"_s,
                          .down = {u"a"_s},
                          .upgrade = u"op.execute('DROP TABLE x')"_s,
                          .downgrade = u"raise NotImplementedError()"_s});
    const auto plan =
        rebase(historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"c"_s}}}), u"c"_s, u"b"_s);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"cannot be taken back"_s), qPrintable(plan.error().message));
}

void TestRebase::tellsWhatADetourLoses()
{
    const auto project = projectOf(u"a b<a"_s);
    project->addRevision({.id = u"c"_s,
                          .down = {u"a"_s},
                          .upgrade = u"op.drop_column('x', 'y')"_s,
                          .downgrade = u"op.add_column('x', sa.Column('y', sa.Integer()))"_s});
    const auto plan =
        rebase(historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"c"_s}}}), u"c"_s, u"b"_s);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY2(plan->warnings.join(u' ').contains(u"loses data"_s), qPrintable(plan->warnings.join(u' ')));
}

void TestRebase::refusesAnotherCheckoutsDatabase()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const auto release = projectOf(u"a b<a"_s);
    const auto plan = rebase(
        historyOf(*project, {{.environment = u"release"_s, .rows = {u"b"_s}, .config = release->config()}}),
        u"b"_s, u"c"_s);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"another checkout"_s), qPrintable(plan.error().message));
}

void TestRebase::acceptsAVouch()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    for (const bool isProtected : {false, true}) {
        for (const RowsOf &unknown :
             {RowsOf{.environment = u"away"_s, .isProtected = isProtected, .isRead = false},
              RowsOf{.environment = u"away"_s, .rows = {u"zzz"_s}, .isProtected = isProtected}}) {
            const History history = historyOf(*project, {unknown});
            const auto plan = rebase(history, u"b"_s, u"c"_s);
            QVERIFY(!plan);
            QVERIFY2(plan.error().hint.contains(u"--not-applied away/app"_s), qPrintable(plan.error().hint));
            const QString says = unknown.isRead ? u"has rows that no file has"_s : u"could not be read"_s;
            QVERIFY2(plan.error().message.contains(says), qPrintable(plan.error().message));
            const auto vouched = rebase(history, u"b"_s, u"c"_s, {u"away/app"_s});
            QVERIFY(vouched);
            QCOMPARE(vouched->vouchedFor, QStringList{u"away/app"_s});
        }
    }
}

/// The row's file is not here; another checkout has it, on top of what would be moved.
void TestRebase::believesFilesMoreThanAVouch()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const auto ahead = projectOf(u"a b<a d<b"_s);
    for (const bool isProtected : {false, true}) {
        const History history = historyOf(
            *project, {{.environment = u"production"_s, .rows = {u"d"_s}, .isProtected = isProtected},
                       {.environment = u"next"_s, .rows = {u"a"_s}, .config = ahead->config()}});
        const HistoryTarget &production = history.targets.constFirst();
        QCOMPARE(production.unknownRows(), RevisionIds{RevisionId(u"d"_s)});
        QVERIFY(production.applied.contains(RevisionId(u"b"_s)));
        const auto plan = rebase(history, u"b"_s, u"c"_s, {u"production/app"_s});
        QVERIFY(!plan);
        QVERIFY2(plan.error().message.contains(u"b is applied in production/app"_s),
                 qPrintable(plan.error().message));
        // The other side is applied nowhere.
        QVERIFY(rebase(history, u"c"_s, u"b"_s, {u"production/app"_s}));
    }
}

void TestRebase::saysThatNoDatabaseWasLookedAt()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const auto blind = rebase(historyOf(*project), u"b"_s, u"c"_s);
    QVERIFY(blind);
    QVERIFY2(blind->warnings.join(u' ').contains(u"No database was looked at"_s),
             qPrintable(blind->warnings.join(u' ')));
    const auto seen =
        rebase(historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"a"_s}}}), u"b"_s, u"c"_s);
    QVERIFY(seen);
    QCOMPARE(seen->warnings, QStringList());
}

/// Each would put its head on the other's: both together would be a circle.
void TestRebase::refusesTheSecondOfTwo()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const History history = historyOf(*project);
    const auto first = rebase(history, u"b"_s, u"c"_s);
    const auto second = rebase(history, u"c"_s, u"b"_s);
    QVERIFY(first && second);
    QVERIFY(writeRepair(history, *first));
    const auto refused = writeRepair(history, *second);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Refused);
    QCOMPARE(stateOf(second->changes), FilesState::Before);
    QCOMPARE(toText(historyOf(*project).scripts.map), toText(first->after));
}

void TestRebase::looksAgainBeforeWriting()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const auto at = [&](const QStringList &rows, bool isRead = true) {
        return historyOf(*project, {{.environment = u"laptop"_s, .rows = rows, .isRead = isRead}});
    };
    const auto plan = rebase(at({u"a"_s}), u"b"_s, u"c"_s);
    QVERIFY(plan);
    QVERIFY(checkStillTrue(*plan, at({u"c"_s})));
    const auto applied = checkStillTrue(*plan, at({u"b"_s}));
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind, ErrorKind::Refused);
    QVERIFY2(applied.error().message.contains(u"b is applied in laptop/app by now"_s),
             qPrintable(applied.error().message));
    QVERIFY(!checkStillTrue(*plan, at({}, false)));
    QVERIFY(!checkStillTrue(*plan, at({u"zzz"_s})));
    const auto vouched = rebase(at({}, false), u"b"_s, u"c"_s, {u"laptop/app"_s});
    QVERIFY(vouched);
    QVERIFY(checkStillTrue(*vouched, at({}, false)));
    QVERIFY(!checkStillTrue(*vouched, at({u"b"_s})));
    const auto merge = RepairPlan{.kind = RepairKind::Merge, .revisions = plan->revisions};
    QVERIFY(checkStillTrue(merge, at({u"b"_s})));
}

/// Version locations need not lie in the script location.
void TestRebase::refusesWhatIsMergedInAnotherFolder()
{
    const auto project = projectOf(u"b<a c<a"_s);
    writeFile(project->config(),
              readFile(project->config())
                  .replace("[alembic]", "[alembic]\nversion_locations = %(here)s/migrations/versions "
                                        "%(here)s/more"));
    const auto write = [&](const QString &name, const QByteArray &links) {
        writeFile(QString(project->directory() + u"/more/"_s + name),
                  QByteArray(links + "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"));
    };
    write(u"a_.py"_s, "revision = 'a'\ndown_revision = None\n");
    const auto git = [&](const QStringList &arguments) { runGit(project->directory(), arguments); };
    git({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
    git({u"add"_s, u"-A"_s});
    git({u"commit"_s, u"-qm"_s, u"one"_s});
    const auto free = rebase(historyOf(*project), u"b"_s, u"c"_s);
    QVERIFY2(free, free ? "" : qPrintable(toText(free.error())));
    git({u"checkout"_s, u"-qb"_s, u"release"_s});
    write(u"m_.py"_s, "revision = 'm'\ndown_revision = ('b', 'c')\n");
    git({u"add"_s, u"-A"_s});
    git({u"commit"_s, u"-qm"_s, u"two"_s});
    git({u"checkout"_s, u"-q"_s, u"main"_s});
    const auto plan = rebase(historyOf(*project), u"b"_s, u"c"_s);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"release has a revision m that merges"_s),
             qPrintable(plan.error().message));
}

void TestRebase::saysThatGitFailed()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    runGit(project->directory(), {u"init"_s, u"-q"_s});
    writeFile(QString(project->directory() + u"/.git/config"_s), QByteArray("[broken"));
    const auto plan = rebase(historyOf(*project), u"b"_s, u"c"_s);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY2(plan->warnings.join(u' ').contains(u"Other branches could not be asked: git refused"_s),
             qPrintable(plan->warnings.join(u' ')));
}

void TestRebase::datesAnew()
{
    const auto project = projectOf(u"a b<a d<a"_s);
    const QString file = project->addRevision({.id = u"c"_s, .down = {u"b"_s}});
    const QByteArray dated =
        "\"\"\"c\n\nRevision ID: c\nRevises: b\nCreate Date: 2024-03-01 12:30:00.123456\n\n\"\"\"\n";
    writeFile(file,
              QByteArray(dated + "revision = 'c'\ndown_revision = 'b'\n\n\ndef upgrade():\n    pass\n\n\n"
                                 "def downgrade():\n    pass\n"));
    const History history = historyOf(*project);
    const auto still = rebase(history, u"c"_s, u"d"_s);
    QVERIFY(still);
    QVERIFY(!still->revisions.contains(RevisionId(u"c"_s)));
    const auto plan = rebase(history, u"c"_s, u"d"_s, {}, true);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY(plan->revisions.contains(RevisionId(u"c"_s)));
    const QDateTime created = plan->after.find(RevisionId(u"c"_s))->created;
    QVERIFY(created.isValid());
    QVERIFY(created.date().year() >= 2025);
}

void TestRebase::refusesFilesThatChanged()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const History history = historyOf(*project);
    const QString file = history.scripts.map.find(RevisionId(u"b"_s))->file;
    writeFile(file, readFile(file).replace("down_revision = \"a\"", "down_revision = None"));
    const auto plan = rebase(history, u"b"_s, u"c"_s);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"changed since it was read"_s), qPrintable(plan.error().message));
}

void TestRebase::tellsOfLabels()
{
    const auto project = projectOf(u"a b(left)<a c<a"_s);
    const auto plan = rebase(historyOf(*project), u"left@head"_s, u"c"_s);
    QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
    QVERIFY2(plan->text.join(u' ').contains(u"'left'"_s), qPrintable(plan->text.join(u' ')));
}

QTEST_GUILESS_MAIN(TestRebase)
#include "tst_rebase.moc"
