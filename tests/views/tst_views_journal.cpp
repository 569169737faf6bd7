// SPDX-License-Identifier: MIT
#include "tests/views/runpictures.h"
#include "views/journalpage.h"
#include "views/theme.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// 14: an upgrade that failed, 13: a rollback, 12: an upgrade whose end nobody knows.
QList<JournalEntry> entries()
{
    const QDateTime start(QDate(2026, 11, 22), QTime(14, 6, 32));
    JournalEntry failed{.id = 14,
                        .uid = u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s,
                        .target = {u"production"_s, u"manager"_s},
                        .databaseText = u"migrator@db1.internal:5432/backend"_s,
                        .who = u"ada@desk"_s,
                        .asked = u"head"_s,
                        .started = start,
                        .finished = start.addSecs(102),
                        .from = toRevisionIds({u"7b6a1e0c4f21"_s}),
                        .planned = toRevisionIds({u"e41d09b7a3c8"_s}),
                        .to = toRevisionIds({u"90c2fd61b5ae"_s}),
                        .outcome = Outcome::FailedWithChanges,
                        .message = u"e41d09b7a3c8 failed after part of its work was committed."_s};
    for (const QString &id : {u"52ab7c9e8d10"_s, u"90c2fd61b5ae"_s, u"e41d09b7a3c8"_s})
        failed.steps += JournalStep{.revision = RevisionId(id),
                                    .message = u"Give sessions a priority"_s,
                                    .state = StepState::Done,
                                    .duration = 12400ms};
    failed.steps[0].fileHash = QString(64, u'b');
    failed.steps[2].state = StepState::Failed;
    failed.steps[2].error = u"Column \"priority\" of table \"sessions\" contains null values."_s;
    JournalEntry down = failed;
    down.id = 13;
    down.uid.clear();
    down.kind = RunKind::Downgrade;
    down.target.environment = u"staging"_s;
    down.outcome = Outcome::Done;
    down.message = u"1 revision was taken back."_s;
    down.started = start.addDays(-1);
    down.steps = {JournalStep{.revision = RevisionId(u"e41d09b7a3c8"_s), .state = StepState::Done}};
    JournalEntry open = down;
    open.id = 12;
    open.kind = RunKind::Upgrade;
    open.outcome = Outcome::Unknown;
    open.finished = {};
    open.message.clear();
    open.started = start.addDays(-2);
    return {failed, down, open};
}

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

} // namespace

class TestViewsJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    /// Runs of others have no number: what is selected stays selected all the same.
    void keepsTheSelection()
    {
        QList<JournalEntry> all = entries();
        all[0].id = 0;
        JournalPage page;
        page.setEntries(all);
        auto *table = child<QTableView>(page, u"journalTable"_s);
        QCOMPARE(table->currentIndex().row(), 0);
        JournalEntry newer = all[1];
        newer.id = 15;
        newer.started = all[0].started.addDays(1);
        all.prepend(newer);
        page.setEntries(all);
        QCOMPARE(table->currentIndex().row(), 1);
        QVERIFY(!page.showEntry(0));
    }

    void filtersAndSaves()
    {
        QList<JournalEntry> all = entries();
        all[0].leftBehind = {u"INVALID index ix_sessions_owner on sessions"_s};
        all[0].steps[0].signOff.approvedBy = {u"Grace <grace@example.org>"_s};
        all[0].steps[0].statements = {
            {.text = u"ALTER TABLE sessions ADD COLUMN priority integer"_s, .duration = 12ms},
            {.text = u"UPDATE sessions SET priority = 0\n WHERE owner_id < 100 AND note = '<b>'"_s,
             .duration = 12300ms,
             .rows = 1204551}};
        all[0].steps[0].statementCount = 702;
        all[0].steps[2].statements = {{.text = u"ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL"_s,
                                       .duration = 40ms,
                                       .ok = false}};
        all[0].steps[2].statementCount = 1;
        all[0].after = {{.kind = JournalAfter::Restart,
                         .what = u"systemctl restart manager"_s,
                         .text = u"The command ended well."_s,
                         .duration = 2100ms},
                        {.kind = JournalAfter::Log,
                         .what = u"/var/log/manager.log"_s,
                         .ok = false,
                         .text = u"1 line tells of trouble."_s,
                         .lines = {u"14:08:20 ERROR column \"prio\" does not exist"_s},
                         .duration = 60s}};
        JournalPage page;
        auto *exportButton = child<QPushButton>(page, u"journalExport"_s);
        auto *reportButton = child<QPushButton>(page, u"journalReport"_s);
        QVERIFY(!exportButton->isEnabled());
        QVERIFY(!reportButton->isEnabled());
        page.setEntries(all);
        QVERIFY(page.showEntry(14));
        const QString details = child<QTextBrowser>(page, u"journalDetails"_s)->toPlainText();
        for (const QString &text :
             {u"INVALID index"_s, u"approved by Grace"_s, u"12.3 s"_s, u"1,204,551 rows"_s, u"note = '<b>'"_s,
              u"700 more were executed"_s, u"failed"_s, u"systemctl restart manager"_s,
              u"1 line tells of trouble."_s, u"\"prio\" does not exist"_s})
            QVERIFY2(details.contains(text), qPrintable(text + u'\n' + details));

        sample::picture(page, u"journal-statements"_s, {1160, 760});
        child<QTextBrowser>(page, u"journalDetails"_s)->setMinimumHeight(700);
        sample::picture(page, u"journal-afterwards"_s, {1160, 1040});
        auto *table = child<QTableView>(page, u"journalTable"_s);
        const auto choose = [&page](const QString &name, const QString &text) {
            auto *choice = child<QComboBox>(page, name);
            const int index = choice->findText(text);
            QVERIFY2(index >= 0, qPrintable(text));
            choice->setCurrentIndex(index);
        };
        choose(u"journalKind"_s, u"Upgrade"_s);
        QCOMPARE(table->model()->rowCount(), 2);
        choose(u"journalOutcome"_s, u"unknown"_s);
        QCOMPARE(table->model()->rowCount(), 1);
        QSignalSpy exported(&page, &JournalPage::exportRequested);
        page.findChild<QAction *>(u"exportJson"_s)->trigger();
        QCOMPARE(exported.size(), 1);
        QCOMPARE(exported[0][0].value<QList<JournalEntry>>().size(), 1);
        QCOMPARE(exported[0][0].value<QList<JournalEntry>>().first().id, 12);
        QCOMPARE(exported[0][1].value<JournalPage::Format>(), JournalPage::Format::Json);
        page.findChild<QAction *>(u"exportCsv"_s)->trigger();
        QCOMPARE(exported[1][1].value<JournalPage::Format>(), JournalPage::Format::Csv);
        choose(u"journalOutcome"_s, u"refused"_s);
        QVERIFY(!exportButton->isEnabled());
        QVERIFY(page.showEntry(14)); // clears the filters
        QCOMPARE(table->model()->rowCount(), 3);
        all[1].started = QDateTime::currentDateTime().addDays(-3);
        all[2].started = QDateTime::currentDateTime().addDays(-300);
        all[0].started = QDateTime::currentDateTime().addSecs(-3600);
        page.setEntries(all);
        choose(u"journalTime"_s, u"Last 24 hours"_s);
        QCOMPARE(table->model()->rowCount(), 1);
        choose(u"journalTime"_s, u"Last 7 days"_s);
        QCOMPARE(table->model()->rowCount(), 2);
        choose(u"journalTime"_s, u"Last 365 days"_s);
        QCOMPARE(table->model()->rowCount(), 3);
        choose(u"journalTime"_s, u"Any time"_s);
        QVERIFY(page.showEntry(14));
        QSignalSpy reported(&page, &JournalPage::reportRequested);
        reportButton->click();
        QCOMPARE(reported.value(0).value(0).value<JournalEntry>().id, 14);
    }
};

QTEST_MAIN(TestViewsJournal)
#include "tst_views_journal.moc"
