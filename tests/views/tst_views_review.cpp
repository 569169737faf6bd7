// SPDX-License-Identifier: MIT
#include "tests/models/samplereviews.h"
#include "tests/models/sampletargets.h"
#include "tests/views/runpictures.h"
#include "views/chiplabel.h"
#include "views/codeview.h"
#include "views/findingcard.h"
#include "views/findingslist.h"
#include "views/reviewdialog.h"
#include "views/reviewpane.h"
#include "views/sqlpane.h"

#include <KSyntaxHighlighting/Repository>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

const RevisionId headId{QStringLiteral("e41d09b7a3c8")};
const RevisionId backfillId{QStringLiteral("52ab7c9e8d10")};
const QString ada = QStringLiteral("Ada Lovelace <ada@example.org>");

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

TargetStatus pendingStatus()
{
    return sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {u"7b6a1e0c4f21"_s});
}

/// A pane that shows one of the sample's revisions.
void show(ReviewPane &pane, const RevisionId &id)
{
    RevisionListModel model;
    model.setStatus(pendingStatus());
    const QList<Revision> revisions = sample::managerRevisions();
    for (const Revision &revision : revisions) {
        if (revision.id == id)
            pane.showRevision(model.rows().at(model.rowOf(id)), &revision, {});
    }
}

/// Types a reason into the dialog that asks for it, and gives it.
void giveReason(QWidget &parent, const QString &text)
{
    auto *dialog = parent.findChild<QDialog *>(u"reasonDialog"_s);
    QVERIFY(dialog);
    auto *button = child<QPushButton>(*dialog, u"reasonButton"_s);
    QVERIFY(!button->isEnabled());
    child<QPlainTextEdit>(*dialog, u"reasonEdit"_s)->setPlainText(text);
    QVERIFY(button->isEnabled());
    button->click();
}

/// The menu of a line, as a right click in the text opens it; its action by name, or null.
QAction *menuAction(CodeView &code, int line, const QString &name)
{
    QMenu *menu = nullptr;
    QObject::connect(
        &code, &CodeView::menuNeeded, &code, [&](QMenu *shown) { menu = shown; }, Qt::SingleShotConnection);
    code.setTextCursor(QTextCursor(code.document()->findBlockByNumber(line - 1)));
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QApplication::sendEvent(&code, &event);
    QAction *action = menu ? menu->findChild<QAction *>(name) : nullptr;
    if (menu)
        menu->setAttribute(Qt::WA_DeleteOnClose, false);
    if (menu)
        menu->close();
    return action;
}

} // namespace

class TestViewsReview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void marksCardsAndCursorLeadToEachOther()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        sample::picture(pane, u"review-head"_s, {1120, 380});
        auto *code = child<CodeView>(pane, u"upgradeCode"_s);
        QCOMPARE(code->marks().size(), 3);
        QCOMPARE(code->marks().at(0), (CodeMark{2, Tone::Bad, u"Builds an index while blocking writes"_s}));
        QCOMPARE(code->marks().at(2).tone, Tone::Attention);
        QCOMPARE(child<ChipLabel>(pane, u"upgradeBadge"_s)->chip().text, u"2"_s);
        QVERIFY(!child<ChipLabel>(pane, u"downgradeBadge"_s)->isVisible());
        auto *strip = child<QLabel>(*child<SqlPane>(pane, u"upgradeSql"_s), u"statementStrip"_s);
        QVERIFY2(strip->text().startsWith(u"Takes SHARE on sessions: writes wait"_s),
                 qPrintable(strip->text()));

        const QList<FindingCard *> cards =
            child<SqlPane>(pane, u"upgradeSql"_s)->findChildren<FindingCard *>();
        QCOMPARE(cards.size(), 3);
        QTest::mouseClick(cards.at(1), Qt::LeftButton, {}, QPoint(2, 2));
        QCOMPARE(code->markedLine(), 4);
        QCOMPARE(code->cursorLine(), 4);
        QVERIFY(strip->text().contains(u"ACCESS EXCLUSIVE"_s));
        cards.at(2)->setFocus();
        QTest::keyClick(cards.at(2), Qt::Key_Return);
        QCOMPARE(code->markedLine(), 5);

        QSignalSpy clicked(code, &CodeView::markClicked);
        QWidget *gutter = code->childAt(code->gutterPoint(2));
        QVERIFY(gutter);
        QTest::mouseClick(gutter, Qt::LeftButton, {}, gutter->mapFrom(code, code->gutterPoint(2)));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.first().first().toInt(), 2);
        QCOMPARE(code->cursorLine(), 2);
        sample::picture(pane, u"review-small"_s, {700, 260});
    }

    void saferWayCanBeCopied()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        auto *card = pane.findChild<FindingCard *>();
        QVERIFY(!card->findChild<CodeView *>(u"saferSql"_s));
        child<QToolButton>(*card, u"saferButton"_s)->click();
        sample::picture(pane, u"review-safer"_s, {1120, 620});
        QVERIFY(child<CodeView>(*card, u"saferAlembic"_s)->isVisible());
        child<QToolButton>(*card, u"copySaferSql"_s)->click();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"CREATE INDEX CONCURRENTLY"_s));
        child<QToolButton>(*card, u"saferButton"_s)->click();
        QVERIFY(!child<CodeView>(*card, u"saferAlembic"_s)->isVisible());
    }

    void findingsAreAcceptedWithAReason()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        QSignalSpy accepted(&pane, &ReviewPane::acceptRequested);
        auto *card = pane.findChild<FindingCard *>();
        child<QToolButton>(*card, u"acceptButton"_s)->click();
        giveReason(*card, u" we are closed then \n"_s);
        QCOMPARE(accepted.size(), 1);
        QCOMPARE(accepted.first().at(0).value<StepReview>().revision, headId);
        QCOMPARE(accepted.first().at(1).toString(), findingKey(card->finding()));
        QCOMPARE(accepted.first().at(2).toString(), u"we are closed then"_s);

        StepReview review = sample::headReview();
        review.lint.findings[0].accepted =
            Acceptance{.where = Acceptance::Review, .reason = u"night"_s, .by = ada};
        pane.setReview(review);
        card = pane.findChild<FindingCard *>();
        QCOMPARE(child<QLabel>(*card, u"findingAccepted"_s)->text(), u"✓ Accepted by Ada Lovelace: night"_s);
        QVERIFY(!card->findChild<QToolButton *>(u"acceptButton"_s));
        QCOMPARE(child<ChipLabel>(pane, u"upgradeBadge"_s)->chip().text, u"1"_s);
        sample::picture(pane, u"review-accepted"_s, {1120, 380});
    }

    void refusedSqlIsMarkedWhereTheParserStopped()
    {
        StepReview review = sample::headReview();
        review.lint.findings.clear();
        Statement &statement = review.lint.statements[1].statement;
        statement.parseError = u"syntax error at or near \"ALTER\""_s;
        statement.errorOffset = statement.offset + 21;
        statement.errorLine = 4;
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(review);
        auto *code = child<CodeView>(pane, u"upgradeCode"_s);
        QCOMPARE(code->marks(), (QList<CodeMark>{{4, Tone::Bad, statement.parseError}}));
        QCOMPARE(code->extraSelections().size(), 1);
        QCOMPARE(code->extraSelections().first().cursor.selectedText(), u"ALTER"_s);
        code->setTextCursor(QTextCursor(code->document()->findBlockByNumber(3)));
        QVERIFY(child<QLabel>(*child<SqlPane>(pane, u"upgradeSql"_s), u"statementStrip"_s)
                    ->text()
                    .contains(u"syntax error"_s));
        sample::picture(pane, u"review-refused"_s, {1000, 300});
    }

    void unrenderableTellsWhatIsKnown()
    {
        ReviewPane pane(m_repository);
        show(pane, backfillId);
        pane.setScript(backfillId, u"import x\n"_s.repeated(30));
        pane.setReview(sample::backfillReview());
        auto *sql = child<SqlPane>(pane, u"upgradeSql"_s);
        QVERIFY(sql->shownText().contains(u"known only by rehearsal"_s));
        QVERIFY(sql->shownText().contains(u"line 24"_s));
        sample::picture(pane, u"review-unrenderable-findings"_s, {1000, 320});
        FindingCard *card = nullptr;
        for (FindingCard *one : sql->findChildren<FindingCard *>())
            card = one->isVisible() ? one : card;
        QVERIFY(card);
        QTest::mouseClick(card, Qt::LeftButton, {}, QPoint(2, 2));
        QCOMPARE(pane.currentIndex(), int(ReviewPane::Script));
        QCOMPARE(child<CodeView>(pane, u"scriptCode"_s)->markedLine(), 24);
        // Once it can be rendered the card about the file is not left behind.
        StepReview later = sample::backfillReview();
        later.sql.problem.clear();
        later.sql.sql = u"SELECT 1;"_s;
        later.lint.findings.clear();
        pane.setReview(later);
        QCOMPARE(sql->shownText(), u"SELECT 1;"_s);
        QVERIFY(!child<FindingsColumn>(*sql, u"findingsColumn"_s)->isVisible());
    }

    void bothWaysSideBySide()
    {
        ReviewPane pane(m_repository);
        QSignalSpy asked(&pane, &ReviewPane::sqlNeeded);
        show(pane, headId);
        QCOMPARE(asked.size(), 1);
        pane.setCurrentIndex(ReviewPane::SideBySideSql);
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked.last().at(1).value<Direction>(), Direction::Downgrade);
        pane.setReview(sample::headReview());
        pane.setReview(sample::headDowngradeReview());
        sample::picture(pane, u"review-sides"_s, {1000, 320});
        QVERIFY(child<CodeView>(pane, u"sideUpgrade"_s)->toPlainText().contains(u"CREATE INDEX"_s));
        QCOMPARE(child<CodeView>(pane, u"sideUpgrade"_s)->marks().size(), 3);
        QVERIFY(child<CodeView>(pane, u"sideDowngrade"_s)->toPlainText().contains(u"DROP INDEX"_s));
        // An answer for another revision is late and not shown.
        pane.setReview(sample::backfillReview());
        QVERIFY(child<CodeView>(pane, u"sideUpgrade"_s)->toPlainText().contains(u"CREATE INDEX"_s));
    }

    void staleApprovalShowsWhatChanged()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        StepReview review = sample::headReview();
        QSignalSpy changes(&pane, &ReviewPane::changesNeeded);
        pane.setReview(review);
        QVERIFY(child<QLabel>(pane, u"sqlOrigin"_s)->text().endsWith(u"not reviewed"_s));
        sample::picture(pane, u"review-none"_s, {1000, 340});
        QVERIFY(!child<QPushButton>(pane, u"changesButton"_s)->isVisible());
        review.signOff = sample::staleSince(ada);
        pane.setReview(review);
        QVERIFY(child<QPushButton>(pane, u"changesButton"_s)->isVisible());
        QCOMPARE(child<QLabel>(pane, u"signOffText"_s)->text(),
                 u"It changed since Ada Lovelace approved it."_s);
        child<QPushButton>(pane, u"changesButton"_s)->click();
        QCOMPARE(pane.currentIndex(), int(ReviewPane::Changes));
        QCOMPARE(changes.size(), 1);
        pane.setDifference(u"--- reviewed\n+++ now\n@@ -1,2 +1,2 @@\n-CREATE INDEX a ON b (c);\n"
                           "+CREATE INDEX a ON b (d);\n SELECT 1;\n"_s);
        sample::picture(pane, u"review-stale"_s, {1000, 340});
        // Versions of the file are further choices; what is shown stays.
        QSignalSpy version(&pane, &ReviewPane::fileVersionRequested);
        pane.setFileVersions(
            {u"9f2c41a 2026-11-18 Ada: Index sessions"_s, u"1b2c3d4 2026-11-02 Bo: First"_s});
        QCOMPARE(changes.size(), 1);
        QVERIFY(child<CodeView>(pane, u"changesCode"_s)->toPlainText().contains(u"CREATE INDEX"_s));
        child<QComboBox>(pane, u"changesChoice"_s)->setCurrentIndex(2);
        QCOMPARE(version.size(), 1);
        QCOMPARE(version.first().first().toInt(), 1);
        pane.setDifference({});
        QVERIFY(child<CodeView>(pane, u"changesCode"_s)->toPlainText().isEmpty());
    }

    void blockingFindingsNeedAReasonToApprove()
    {
        ReviewPane pane(m_repository);
        pane.setReviewer(ada);
        show(pane, headId);
        pane.setReview(sample::headReview());
        pane.setReview(sample::headDowngradeReview());
        sample::picture(pane, u"review-both"_s, {1000, 340});
        QSignalSpy given(&pane, &ReviewPane::reviewRequested);
        child<QPushButton>(pane, u"approveButton"_s)->click();
        auto *dialog = pane.findChild<ReviewDialog *>();
        QVERIFY(dialog);
        QCOMPARE(child<QLabel>(*dialog, u"reviewerLabel"_s)->text(), u"As Ada Lovelace <ada@example.org>"_s);
        auto *give = child<QPushButton>(*dialog, u"giveButton"_s);
        QVERIFY(!give->isEnabled());
        QVERIFY(child<QLabel>(*dialog, u"missingLabel"_s)->text().contains(u"Builds an index"_s));
        sample::picture(*dialog, u"review-dialog"_s, {640, 640});
        const QList<Finding> findings = sample::headReview().lint.findings;
        child<QLineEdit>(*dialog, u"reason-"_s + findingKey(findings.at(0)))->setText(u"at night"_s);
        QVERIFY(!give->isEnabled());
        child<QLineEdit>(*dialog, u"reason-"_s + findingKey(findings.at(1)))->setText(u"at night, too"_s);
        QVERIFY(give->isEnabled()); // the warning needs none
        child<QPlainTextEdit>(*dialog, u"commentEdit"_s)->setPlainText(u"Looked at both ways."_s);
        give->click();
        QCOMPARE(given.size(), 1);
        QCOMPARE(given.first().at(0).value<Verdict>(), Verdict::Approved);
        QCOMPARE(given.first().at(1).toString(), u"Looked at both ways."_s);
        const auto accepted = given.first().at(2).value<QList<AcceptedFinding>>();
        QCOMPARE(accepted.size(), 2);
        QCOMPARE(accepted.at(1).reason, u"at night, too"_s);
        QCOMPARE(given.first().at(4).value<StepReview>().hashes, sample::headReview().hashes);
    }

    void rejectingNeedsAWord()
    {
        ReviewDialog dialog(sample::headReview(), Verdict::Rejected, ada, sample::headReview().lint.findings,
                            {});
        auto *give = child<QPushButton>(dialog, u"giveButton"_s);
        QVERIFY(!give->isEnabled());
        child<QPlainTextEdit>(dialog, u"commentEdit"_s)->setPlainText(u"Build it concurrently."_s);
        QVERIFY(give->isEnabled());
        QVERIFY(dialog.accepted().isEmpty());
        sample::picture(dialog, u"review-reject"_s, {560, 460});
    }

    void commentsStandAtTheirLines()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setScript(headId, sample::headReview().texts.file);
        StepReview review = sample::headReview();
        review.signOff = sample::approvedBy(ada);
        pane.setReview(review);
        pane.setEarlierReviews(headId, {sample::headVerdict(ada)});
        auto *code = child<CodeView>(pane, u"upgradeCode"_s);
        // Line 3 of the reviewed text is the third statement's place: line 4 of what is shown.
        QCOMPARE(code->marks().last(),
                 (CodeMark{4, Tone::Special, u"Ada Lovelace: Why not in two steps?"_s, true}));
        QCOMPARE(child<CodeView>(pane, u"scriptCode"_s)->marks().size(), 1);
        sample::picture(pane, u"review-comments"_s, {1000, 340});

        QAction *comment = menuAction(*code, 5, u"commentAction"_s);
        QVERIFY(comment);
        comment->trigger();
        giveReason(pane, u"Is users large?"_s);
        const LineComment mine{LineComment::Upgrade, 4, u"Is users large?"_s};
        QCOMPARE(pane.pendingComments(), QList<LineComment>{mine});
        QVERIFY(code->marks().last().tip.contains(u"not given yet"_s));
        QVERIFY(child<QLabel>(*child<SqlPane>(pane, u"upgradeSql"_s), u"statementStrip"_s)
                    ->text()
                    .contains(u"Is users large?"_s));
        QVERIFY(child<QLabel>(pane, u"signOffText"_s)->text().contains(u"One comment of yours"_s));
        // Another revision does not have it; back again it is there.
        show(pane, backfillId);
        QVERIFY(pane.pendingComments().isEmpty());
        show(pane, headId);
        pane.setReview(review);
        QSignalSpy given(&pane, &ReviewPane::reviewRequested);
        child<QPushButton>(pane, u"rejectButton"_s)->click();
        child<QPushButton>(*pane.findChild<ReviewDialog *>(), u"giveButton"_s)->click();
        QCOMPARE(given.size(), 1);
        QCOMPARE(given.first().at(3).value<QList<LineComment>>(), QList<LineComment>{mine});
        pane.clearComments(headId);
        QVERIFY(pane.pendingComments().isEmpty());
    }

    void textIsFound()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        pane.resize(1000, 340);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        auto *code = child<CodeView>(pane, u"upgradeCode"_s);
        code->setFocus();
        QTest::keyClick(code, Qt::Key_F, Qt::ControlModifier);
        auto *sql = child<SqlPane>(pane, u"upgradeSql"_s);
        auto *edit = child<QLineEdit>(*sql, u"findEdit"_s);
        QVERIFY(edit->isVisible());
        QTest::keyClicks(edit, u"priority"_s);
        QCOMPARE(code->textCursor().selectedText(), u"priority"_s);
        QCOMPARE(child<QLabel>(*sql, u"findCount"_s)->text(), u"1 place"_s);
        edit->setText(u"sessions"_s);
        const int first = code->textCursor().position();
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(code->textCursor().position() != first);
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(code->textCursor().position(), first);
        sample::picture(pane, u"review-find"_s, {1000, 340});
        edit->setText(u"nothing like it"_s);
        QCOMPARE(child<QLabel>(*sql, u"findCount"_s)->text(), u"not found"_s);
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!edit->isVisible());
        QVERIFY(code->hasFocus());
    }

    void sqlIsCopiedAndSaved()
    {
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        auto *sql = child<SqlPane>(pane, u"upgradeSql"_s);
        child<QToolButton>(*sql, u"copySqlButton"_s)->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"fk_sessions_owner"_s));
        QSignalSpy saved(&pane, &ReviewPane::saveSqlRequested);
        QAction *action = menuAction(*child<CodeView>(pane, u"upgradeCode"_s), 1, u"saveSqlAction"_s);
        QVERIFY(action);
        action->trigger();
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved.first().first().toString(), sample::headReview().sql.sql);
    }

    void longNamesStayInTheirPlace()
    {
        StepReview review = sample::headReview();
        const QString name(120, u'x');
        for (Finding &finding : review.lint.findings) {
            finding.relation.name = name;
            finding.message = tr("A lock on %1 is taken.").arg(name);
        }
        for (LintedStatement &statement : review.lint.statements)
            statement.effects.locks = {{{{}, name}, LockMode::AccessExclusive, false, {}}};
        review.signOff.state = SignOff::Approved;
        review.signOff.approvedBy = {QString(200, u'A')};
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(review);
        sample::picture(pane, u"review-long"_s, {720, 300});
        QVERIFY2(pane.minimumSizeHint().width() <= 720,
                 qPrintable(QString::number(pane.minimumSizeHint().width())));
        for (FindingCard *card : pane.findChildren<FindingCard *>())
            QVERIFY(card->width() <= pane.width() / 2);
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsReview)
#include "tst_views_review.moc"
