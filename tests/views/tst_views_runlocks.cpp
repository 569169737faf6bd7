// SPDX-License-Identifier: MIT
#include "models/runlocksmodel.h"
#include "tests/views/runpictures.h"
#include "tests/views/runsamples.h"
#include "views/messagecard.h"

#include <KSyntaxHighlighting/Repository>

#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTextEdit>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;
using namespace stepwell::sample;

class TestViewsRunLocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void aWaitForALockIsACard()
    {
        RunView view(m_repository);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setRequest(request(), messages());
        sendSome(view);
        sendWait(view, lockWait());
        auto *card = child<QWidget>(view, u"lockCard"_s);
        QTRY_VERIFY(card->isVisible());
        QCOMPARE(child<QLabel>(*card, u"lockTitle"_s)->text(), u"Waiting for a lock, 4.1 s"_s);
        QCOMPARE(
            child<QTextEdit>(*card, u"lockText"_s)->toPlainText(),
            u"ACCESS EXCLUSIVE on sessions is held up by pid 48213 (reporting, idle in transaction 14 min): "
            "SELECT id, owner_id FROM sessions. 17 sessions wait behind this one."_s);
        QVERIFY(!view.findChild<QPushButton *>(u"cancelBlocker48213"_s)); // it is idle
        sample::picture(view, u"run-waiting"_s, {1160, 720});
        view.resize(760, 520); // what can be done about it stays in view
        QTRY_VERIFY(!child<QPushButton>(view, u"giveUpButton"_s)->visibleRegion().isEmpty());
        sample::picture(view, u"run-waiting-small"_s, {760, 520});
        QSignalSpy signalled(&view, &RunView::signalRequested);
        auto *end = child<QPushButton>(view, u"endBlocker48213"_s);
        QCOMPARE(end->text(), u"End pid 48213…"_s);
        end->click();
        auto *question = child<QMessageBox>(view, u"signalQuestion"_s);
        QCOMPARE(question->defaultButton()->objectName(), u"signalNo"_s);
        QCOMPARE(question->text(), u"End session 48213?"_s);
        QVERIFY(question->informativeText().contains(u"reporting"_s));
        // Told again meanwhile: the buttons stay the same ones.
        LockWait longer = lockWait();
        longer.waited = 5s;
        sendWait(view, longer);
        QTRY_COMPARE(child<QLabel>(*card, u"lockTitle"_s)->text(), u"Waiting for a lock, 5.0 s"_s);
        QCOMPARE(child<QPushButton>(view, u"endBlocker48213"_s), end);
        child<QPushButton>(view, u"signalNo"_s)->click();
        QCOMPARE(signalled.count(), 0);
        QTRY_VERIFY(!view.findChild<QMessageBox *>(u"signalQuestion"_s));
        end->click();
        child<QPushButton>(view, u"signalYes"_s)->click();
        QCOMPARE(signalled.count(), 1);
        QCOMPARE(signalled.first().first().toInt(), 48213);
        QCOMPARE(signalled.first().at(1).value<BlockerSignal>(), BlockerSignal::EndSession);
        RunEvent answer = happening(RunEvent::Signalled, RunPhase::Step);
        answer.text = u"Session 48213 was ended."_s;
        view.handleEvent(answer);
        QTRY_COMPARE(child<MessageCard>(view, u"noticeCard"_s)->text(), answer.text);
        QSignalSpy giveUp(&view, &RunView::lockGiveUpRequested);
        auto *giveUpButton = child<QPushButton>(view, u"giveUpButton"_s);
        giveUpButton->click();
        QCOMPARE(giveUp.count(), 1);
        QVERIFY(!giveUpButton->isEnabled());
        view.handleEvent(happening(RunEvent::LockGone, RunPhase::Step, 2));
        QTRY_VERIFY(!card->isVisible());
        QVERIFY(giveUpButton->isEnabled());
        auto *locks = child<QTableView>(view, u"locksTable"_s);
        QCOMPARE(locks->model()->rowCount(), 1);
        QCOMPARE(locks->model()->index(0, RunLocksModel::Waited).data().toString(), u"5.0 s"_s);
        auto *tabs = child<QTabWidget>(view, u"runTabs"_s);
        tabs->setCurrentWidget(locks->parentWidget());
        sample::picture(view, u"run-locks"_s, {1160, 720});
    }

    void manyHoldItUp()
    {
        RunView view(m_repository);
        view.show();
        view.setRequest(request(), messages());
        sendSome(view);
        LockWait wait = lockWait();
        wait.blockers.first().state = u"active"_s;
        wait.blockers.first().query = u"<b>& no markup</b>"_s;
        wait.blockers += Blocker{.pid = 7, .application = u"queued"_s, .mode = u"SHARE"_s, .waits = true};
        wait.blockers += Blocker{
            .state = u"prepared transaction"_s, .inTransaction = 2h, .query = u"PREPARE TRANSACTION 'x'"_s};
        sendWait(view, wait);
        QTRY_VERIFY(view.findChild<QPushButton *>(u"cancelBlocker48213"_s));
        QVERIFY(view.findChild<QPushButton *>(u"endBlocker48213"_s));
        QVERIFY(!view.findChild<QPushButton *>(u"endBlocker7"_s)); // not allowed
        const QString text = child<QTextEdit>(view, u"lockText"_s)->toPlainText();
        QVERIFY2(text.startsWith(u"ACCESS EXCLUSIVE on sessions is held up by 3 sessions."_s),
                 qPrintable(text));
        QVERIFY(text.contains(u"<b>& no markup</b>"_s));
        QVERIFY(text.contains(u"pid 7 (queued, waits itself for SHARE)"_s));
        QVERIFY(text.contains(u"a prepared transaction that nobody ended for 2 h 0 min"_s));
        QVERIFY(text.contains(u"ROLLBACK PREPARED"_s));
    }

    void theStripTellsTheLimits()
    {
        RunView view(m_repository);
        RunRequest asked = request();
        asked.transactions = TransactionPolicy::All;
        asked.statementTimeout = 120s;
        asked.lockRetries = 0;
        view.setRequest(asked, messages());
        QCOMPARE(child<QLabel>(view, u"limitsLabel"_s)->text(),
                 u"all revisions in one transaction     lock_timeout 5 s     statement_timeout 2 min"_s);
    }

    void longNamesFit()
    {
        RunView view(m_repository);
        RunRequest asked = request();
        const QString longName = u"a_component_with_a_name_that_somebody_found_while_thinking_of_others"_s;
        asked.target.id = {u"production-eu-central-disaster-recovery-standby"_s, longName};
        QHash<RevisionId, QString> texts = messages();
        for (QString &text : texts)
            text = QString(text + u' ' + longName + longName);
        view.setRequest(asked, texts);
        sendSome(view);
        LockWait wait = lockWait();
        wait.relation = QString(u"\"Some Schema\"."_s + QString(63, u'x'));
        wait.blockers.first().application = QString(63, u'w');
        wait.blockers.first().query = QString(u"SELECT "_s + QString(400, u'q'));
        sendWait(view, wait);
        QTRY_VERIFY(child<QWidget>(view, u"lockCard"_s)->isVisibleTo(&view));
        sample::picture(view, u"run-long"_s, {1000, 640});
        QVERIFY(view.width() <= 1000);
        RunReport report = failure();
        report.leftBehind = {
            QString(u"INVALID index "_s + QString(63, u'i') + u" on "_s + QString(63, u't'))};
        report.offending->rows[0][2] = QString(4000, u'v');
        view.setReport(report);
        sample::picture(view, u"run-long-failed"_s, {1000, 640});
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsRunLocks)
#include "tst_views_runlocks.moc"
