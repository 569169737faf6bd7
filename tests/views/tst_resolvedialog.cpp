// SPDX-License-Identifier: MIT
#include "tests/views/repairsamples.h"
#include "tests/views/runpictures.h"
#include "views/codeview.h"
#include "views/environmentchip.h"
#include "views/repairgraph.h"
#include "views/resolvedialog.h"

#include <KSyntaxHighlighting/Repository>

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;
using namespace stepwell::sample::repair;

namespace {

const QString folder = QStringLiteral("/project/migrations");

QStringList marked(const RepairGraph &graph)
{
    QStringList texts;
    for (const int row : graph.graph().markedRows())
        texts += QString(graph.graph().rows().at(row).id.text() + u' ' +
                         graph.graph().rows().at(row).chips.constFirst().text);
    return texts;
}

RepairRequest asked(const QSignalSpy &spy)
{
    return spy.constLast().constFirst().value<RepairRequest>();
}

} // namespace

class TestResolveDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void sidesSayWhoAndWhere()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), {});
        auto *side = child<QWidget>(dialog, u"side-aaaa11110002"_s);
        QCOMPARE(child<QLabel>(*side, u"sideFacts"_s)->text(), u"2 revisions since they parted"_s);
        QVERIFY(!side->findChild<QLabel *>(u"sideBranches"_s));
        dialog.setOrigins(origins());
        QCOMPARE(dialog.findChildren<QWidget *>(u"side-aaaa11110002"_s).size(), 1);
        side = child<QWidget>(dialog, u"side-aaaa11110002"_s);
        QCOMPARE(child<QLabel>(*side, u"sideFacts"_s)->text(),
                 u"2 revisions since they parted · Ada Lovelace, 12 Nov 2026"_s);
        QStringList chips;
        for (const EnvironmentChip *chip : side->findChildren<EnvironmentChip *>())
            chips += chip->text();
        QCOMPARE(chips, (QStringList{u"development/manager"_s, u"staging/manager: not known"_s}));
        side = child<QWidget>(dialog, u"side-bbbb22220001"_s);
        QString branches = child<QLabel>(*side, u"sideBranches"_s)->text();
        QCOMPARE(branches.remove(QChar(0x200b)), u"on main, origin/main, origin/release-26.4 and 2 more"_s);
    }

    void advisedIsChosenAndImpossibleSaysWhy()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        QSignalSpy needed(&dialog, &ResolveDialog::planNeeded);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QCOMPARE(needed.count(), 1);
        QCOMPARE(asked(needed).moved, u"aaaa11110002"_s);
        QCOMPARE(asked(needed).onto, u"bbbb22220001"_s);
        QVERIFY(child<QRadioButton>(dialog, u"rebase-0"_s)->isChecked());
        auto *impossible = child<QRadioButton>(dialog, u"rebase-1"_s);
        QVERIFY(!impossible->isEnabled());
        auto *reason = child<QLabel>(dialog, u"rebase-1-reason"_s);
        QVERIFY(reason->isVisible());
        QVERIFY(reason->text().contains(u"protected"_s));
        QVERIFY(!child<QLabel>(dialog, u"rebase-0-reason"_s)->isVisible());
        auto *apply = child<QPushButton>(dialog, u"applyButton"_s);
        QVERIFY(!apply->isEnabled());
        QVERIFY(child<QPushButton>(dialog, u"cancelButton"_s)->isDefault());
        sample::picture(dialog, u"resolve-planning"_s);
    }

    /// What rests on a database that nobody could read falls when somebody vouches for it.
    void vouching()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QSignalSpy needed(&dialog, &ResolveDialog::planNeeded);
        auto *vouch = child<QCheckBox>(dialog, u"vouch-staging/manager"_s);
        QVERIFY(vouch->accessibleName().contains(u"Nothing of it is applied in staging/manager"_s));
        vouch->setChecked(true);
        QCOMPARE(needed.count(), 1);
        QCOMPARE(asked(needed).vouchedFor, QStringList{u"staging/manager"_s});
        QVERIFY(child<QRadioButton>(dialog, u"rebase-1"_s)->isEnabled());
        child<QRadioButton>(dialog, u"rebase-1"_s)->click();
        QCOMPARE(asked(needed).moved, u"bbbb22220001"_s);
        child<QCheckBox>(dialog, u"redateBox"_s)->setChecked(true);
        QVERIFY(asked(needed).redate);
        // Without the word, the reason stands again, and nothing is asked for.
        const auto count = needed.count();
        vouch->setChecked(false);
        QCOMPARE(needed.count(), count);
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
        QVERIFY(child<QWidget>(dialog, u"refusalCard"_s)->isVisible());
    }

    void rebaseIsShown()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.setPlan(rebasePlan(history(), false), folder);
        auto *apply = child<QPushButton>(dialog, u"applyButton"_s);
        QVERIFY(apply->isEnabled());
        QCOMPARE(apply->text(), u"Rewrite 1 file"_s);
        QCOMPARE(marked(*child<RepairGraph>(dialog, u"graphBefore"_s)),
                 (QStringList{u"aaaa11110002 moves"_s, u"aaaa11110001 moves"_s}));
        QCOMPARE(marked(*child<RepairGraph>(dialog, u"graphAfter"_s)),
                 (QStringList{u"aaaa11110002 moved"_s, u"aaaa11110001 moved"_s}));
        QCOMPARE(child<RepairGraph>(dialog, u"graphBefore"_s)->graph().laneCount(), 2);
        QCOMPARE(child<RepairGraph>(dialog, u"graphAfter"_s)->graph().laneCount(), 1);
        sample::picture(dialog, u"resolve-rebase"_s);
        sample::picture(dialog, u"resolve-rebase-small"_s, {900, 600});
        auto *tabs = child<QTabWidget>(dialog, u"previewTabs"_s);
        tabs->setCurrentIndex(1);
        const QString diff = child<CodeView>(dialog, u"fileCode"_s)->toPlainText();
        QVERIFY2(diff.contains(u"-down_revision = \"c00000000007\"\n+down_revision = \"bbbb22220001\""_s),
                 qPrintable(diff));
        QVERIFY(diff.startsWith(u"--- a/versions/aaaa11110001_add_sessions_priority.py"_s));
        sample::picture(dialog, u"resolve-files"_s);
        tabs->setCurrentIndex(2);
        QCOMPARE(child<QLabel>(dialog, u"databasesNote"_s)->text(), u"No database is touched."_s);
        QSignalSpy applied(&dialog, &ResolveDialog::applyRequested);
        apply->click();
        QCOMPARE(applied.count(), 1);
        QCOMPARE(applied.constFirst().constFirst().value<RepairPlan>().moved.size(), 2);
    }

    void detoursAreShownInOrder()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.setPlan(rebasePlan(history(), true), folder);
        QCOMPARE(child<QPushButton>(dialog, u"applyButton"_s)->text(), u"Begin with 1 database…"_s);
        QVERIFY(child<QLabel>(dialog, u"planWarning"_s)->isVisible());
        child<QTabWidget>(dialog, u"previewTabs"_s)->setCurrentIndex(2);
        QStringList stages;
        for (QLabel *stage : dialog.findChildren<QLabel *>(u"stageText"_s))
            stages += stage->text().remove(QChar(0x200b));
        QCOMPARE(
            stages,
            (QStringList{
                u"Roll back development/manager to c00000000007, which takes back aaaa11110002, aaaa11110001."_s,
                u"Write 1 file."_s, u"Upgrade development/manager to aaaa11110002."_s}));
        QVERIFY(!dialog.findChild<QPushButton *>(u"stageButton"_s));
        sample::picture(dialog, u"resolve-databases"_s);
        sample::picture(dialog, u"resolve-databases-small"_s, {900, 600});
    }

    void mergeAsksForAMessage()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QSignalSpy needed(&dialog, &ResolveDialog::planNeeded);
        auto *message = child<QLineEdit>(dialog, u"mergeMessage"_s);
        QVERIFY(!message->isEnabled());
        child<QRadioButton>(dialog, u"merge"_s)->click();
        QCOMPARE(needed.count(), 1);
        QCOMPARE(asked(needed).message, u"Merge aaaa11110002 and bbbb22220001"_s);
        dialog.setPlan(mergePlan(history()), folder);
        QCOMPARE(child<QPushButton>(dialog, u"applyButton"_s)->text(), u"Write the merge revision"_s);
        QCOMPARE(marked(*child<RepairGraph>(dialog, u"graphAfter"_s)), QStringList{u"d4e5f6a7b8c9 new"_s});
        child<QTabWidget>(dialog, u"previewTabs"_s)->setCurrentIndex(1);
        QVERIFY(
            child<CodeView>(dialog, u"fileCode"_s)->toPlainText().startsWith(u"\"\"\"Merge priorities"_s));
        sample::picture(dialog, u"resolve-merge"_s);

        // While somebody types, an answer to what stood there before is not shown.
        message->setText(u"Both of them"_s);
        QCOMPARE(needed.count(), 1);
        dialog.setPlan(mergePlan(history()), folder);
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
        QTRY_COMPARE(needed.count(), 2);
        QCOMPARE(asked(needed).message, u"Both of them"_s);
        child<QLineEdit>(dialog, u"mergeLabels"_s)->setText(u"billing, ,core "_s);
        QTRY_COMPARE(needed.count(), 3);
        QCOMPARE(asked(needed).labels, (QStringList{u"billing"_s, u"core"_s}));
        // Return does not press Cancel.
        message->setFocus();
        message->setText({});
        QTest::keyClick(message, Qt::Key_Return);
        QVERIFY(dialog.isVisible());
        QCOMPARE(needed.count(), 3); // without a message there is no merge
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
    }

    void threeHeadsAreChosenFromBoxes()
    {
        ResolveDialog dialog(m_repository, threeHeaded(), threeHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QSignalSpy needed(&dialog, &ResolveDialog::planNeeded);
        QVERIFY(child<QRadioButton>(dialog, u"merge"_s)->isChecked());
        auto *moved = child<QComboBox>(dialog, u"movedBox"_s);
        auto *onto = child<QComboBox>(dialog, u"ontoBox"_s);
        child<QRadioButton>(dialog, u"rebase"_s)->click();
        QCOMPARE(asked(needed).moved, moved->itemText(0));
        QCOMPARE(asked(needed).onto, moved->itemText(1));
        onto->setCurrentIndex(0); // on top of itself: the other gives way
        QCOMPARE(moved->currentIndex(), 1);
        const auto count = needed.count(); // of that pair it is known that it cannot be
        QVERIFY(child<QWidget>(dialog, u"refusalCard"_s)->isVisible());
        moved->setCurrentIndex(2);
        QCOMPARE(needed.count(), count + 1);
        QVERIFY(asked(needed).moved.startsWith(u"a_revision_id"_s));
        dialog.setPlan(rebasePlan(threeHeaded(), false), folder);
        sample::picture(dialog, u"resolve-three"_s);
        sample::picture(dialog, u"resolve-three-small"_s, {900, 600});
    }

    void refusalAndFailure()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.setRefusal({.kind = ErrorKind::Refused,
                           .message =
                               u"staging/manager cannot be read, so nobody knows whether aaaa11110001 is "
                               "applied there."_s,
                           .hint = u"Make it reachable, or say that nothing of it is applied there."_s});
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
        sample::picture(dialog, u"resolve-refused"_s);
        dialog.setPlanning();
        dialog.setPlan(rebasePlan(history(), false), folder);
        dialog.setApplying();
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(dialog.isVisible()); // it is being written
        dialog.setFailed({.kind = ErrorKind::FileError,
                          .message = u"/project/migrations/versions/aaaa11110001.py cannot be written."_s,
                          .hint = u"Nothing was changed."_s,
                          .detail = u"No space left on device"_s});
        QVERIFY(child<QPushButton>(dialog, u"applyButton"_s)->isEnabled());
        sample::picture(dialog, u"resolve-failed"_s);
        dialog.setApplying();
        dialog.setDone(u"Commit the changed file, and tell those who have the old one."_s);
        QVERIFY(!child<QPushButton>(dialog, u"applyButton"_s)->isVisible());
        QCOMPARE(child<QPushButton>(dialog, u"cancelButton"_s)->text(), u"Close"_s);
        sample::picture(dialog, u"resolve-done"_s);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void otherRepairsAreAPreview()
    {
        RepairRequest request;
        request.kind = RepairKind::Restore;
        request.revision = u"d4e5f6a7b8c9"_s;
        ResolveDialog dialog(m_repository, history(), request);
        QSignalSpy needed(&dialog, &ResolveDialog::planNeeded);
        QCOMPARE(dialog.windowTitle(), u"Restore d4e5f6a7b8c9 from git"_s);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QCOMPARE(needed.count(), 1);
        QCOMPARE(asked(needed).revision, request.revision);
        dialog.setPlan(restorePlan(history()), folder);
        QCOMPARE(dialog.windowTitle(), u"Restore d4e5f6a7b8c9 from commit 9f2c41a of origin/main"_s);
        QCOMPARE(child<QPushButton>(dialog, u"applyButton"_s)->text(), u"Restore the file"_s);
        QVERIFY(!dialog.findChild<QWidget *>(u"resolveChoice"_s));
        QVERIFY(child<QLabel>(dialog, u"planWarning"_s)->text().startsWith(u"Still wrong afterwards"_s));
        sample::picture(dialog, u"resolve-restore"_s);
    }

    /// A view that opens at the top of thousands of rows would show nothing of what it is about.
    void longHistoriesOpenAtTheParting()
    {
        const History many = longHistory(3000);
        Trouble trouble = twoHeads();
        trouble.divergence->partedAt = RevisionId(u"c00000002999"_s);
        ResolveDialog dialog(m_repository, many, trouble, origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        RepairPlan plan = rebasePlan(many, false);
        dialog.setPlan(plan, folder);
        auto *graph = child<RepairGraph>(dialog, u"graphBefore"_s);
        QCOMPARE(graph->graph().rows().size(), 3003);
        for (const int row : graph->graph().markedRows())
            QVERIFY(graph->viewport()->rect().intersects(graph->visualRect(graph->model()->index(row, 1))));
        // Far down, too.
        RevisionMarks marks;
        marks.insert(RevisionId(u"c00000001000"_s), {{u"moved"_s, Tone::Attention}});
        graph->setGraph(many.scripts.map, marks);
        const int row = graph->graph().rowOf(RevisionId(u"c00000001000"_s));
        QVERIFY(graph->viewport()->rect().intersects(graph->visualRect(graph->model()->index(row, 1))));
    }

    void graphModel()
    {
        HistoryGraphModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RevisionMarks marks;
        marks.insert(RevisionId(u"aaaa11110001"_s), {{u"moves"_s, Tone::Attention}});
        model.setGraph(history().scripts.map, marks, toRevisionIds({u"bbbb22220001"_s}));
        QCOMPARE(model.rowCount(), 11);
        QCOMPARE(model.markedRows(), QList<int>{model.rowOf(RevisionId(u"aaaa11110001"_s))});
        const RevisionRow &here = model.rows().at(model.rowOf(RevisionId(u"bbbb22220001"_s)));
        QVERIFY(here.current && here.head);
        QCOMPARE(here.chips.constFirst().tone, Tone::Accent);
        model.setGraph({}, {});
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.rowOf(RevisionId(u"aaaa11110001"_s)), -1);
    }

    /// Every control can be reached with the Tab key.
    void tabReachesAll()
    {
        ResolveDialog dialog(m_repository, history(), twoHeads(), origins());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        dialog.setPlan(rebasePlan(history(), false), folder);
        QStringList seen;
        for (int i = 0; i < 40; ++i) {
            QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
            seen += dialog.focusWidget()->objectName();
        }
        for (const QString &name : {u"rebase-0"_s, u"redateBox"_s, u"vouch-staging/manager"_s,
                                    u"graphBefore"_s, u"graphAfter"_s, u"cancelButton"_s, u"applyButton"_s})
            QVERIFY2(seen.contains(name), qPrintable(name + u" is not in " + seen.join(u' ')));
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestResolveDialog)
#include "tst_resolvedialog.moc"
