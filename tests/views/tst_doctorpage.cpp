// SPDX-License-Identifier: MIT
#include "tests/views/repairsamples.h"
#include "tests/views/runpictures.h"
#include "views/doctorcard.h"
#include "views/doctorpage.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace stepwell;
using namespace stepwell::sample::repair;

class TestDoctorPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void graveTroublesComeFirst()
    {
        DoctorPage page;
        page.setHistories(troubledRows(), QDateTime(QDate(2026, 11, 22), QTime(14, 2, 11)));
        QStringList titles;
        for (const QLabel *title : page.findChildren<QLabel *>(u"cardTitle"_s)) {
            if (qobject_cast<DoctorCard *>(title->parentWidget()))
                titles += title->text().remove(QChar(0x200b));
        }
        QCOMPARE(titles, (QStringList{u"A change of files was cut off"_s,
                                      u"production/manager is at an unknown revision"_s, u"Two heads"_s}));
        QCOMPARE(child<QLabel>(page, u"doctorTotal"_s)->text(), u"4 things to look at · read at 14:02:11"_s);
        sample::picture(page, u"doctor-troubles"_s, {1160, 1250});
        sample::picture(page, u"doctor-troubles-small"_s, {640, 600});
    }

    void offersAreChosen()
    {
        DoctorPage page;
        page.setHistories(troubledRows());
        QSignalSpy chosen(&page, &DoctorPage::offerChosen);
        DoctorCard *card = page.findChildren<DoctorCard *>().at(1);
        const auto offers = card->findChildren<QPushButton *>(u"offerButton"_s);
        QCOMPARE(offers.size(), 2);
        QVERIFY(!offers.at(1)->isEnabled());
        QVERIFY(offers.at(1)->toolTip().contains(u"restoring it loses nothing"_s));
        offers.at(0)->click();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.constFirst().at(0).toString(), u"/project/alembic.ini"_s);
        QCOMPARE(chosen.constFirst().at(1).value<Trouble>().kind, TroubleKind::UnknownRow);
        QCOMPARE(chosen.constFirst().at(2).value<RepairOffer>().request.revision, u"f4e19c07ab52"_s);

        QSignalSpy shown(&page, &DoctorPage::showRequested);
        child<QPushButton>(*card, u"showButton"_s)->click();
        QCOMPARE(shown.constFirst().at(0).value<TargetId>().text(), u"production/manager"_s);
        QCOMPARE(shown.constFirst().at(1).value<RevisionId>().text(), u"f4e19c07ab52"_s);

        auto *detail = child<QWidget>(*card, u"cardDetail"_s);
        QVERIFY(detail->isHidden());
        child<QToolButton>(*card, u"moreButton"_s)->click();
        QVERIFY(!detail->isHidden());
    }

    /// The answer to a button may be a new list at once: the button goes while its click is still told.
    void answeringInTheClick()
    {
        DoctorPage page;
        page.setHistories(troubledRows());
        connect(&page, &DoctorPage::offerChosen, &page, [&page] { page.setHistories(healthyRows()); });
        page.findChildren<QPushButton *>(u"offerButton"_s).constFirst()->click();
        QVERIFY(child<QWidget>(page, u"allIsWell"_s));
    }

    void stagesOfARepair()
    {
        DoctorPage page;
        QList<DoctorRow> rows = troubledRows();
        page.setHistories(rows);
        auto *card = child<QWidget>(page, u"repairCard"_s);
        QCOMPARE(card->findChildren<QLabel *>(u"stageText"_s).size(), 5);
        const auto buttons = card->findChildren<QPushButton *>(u"stageButton"_s);
        QCOMPARE(buttons.size(), 1); // the next one only
        QCOMPARE(buttons.constFirst()->text(), u"Show the rollback…"_s);
        QSignalSpy stage(&page, &DoctorPage::stageRequested);
        buttons.constFirst()->click();
        QCOMPARE(stage.constFirst().at(0).toString(), rows.at(1).config);
        QCOMPARE(stage.constFirst().at(1).value<RepairStage>(), rows.at(1).stages.at(1));
        QSignalSpy abandon(&page, &DoctorPage::abandonRequested);
        child<QPushButton>(*card, u"abandonButton"_s)->click();
        QCOMPARE(abandon.constFirst().at(0).toString(), rows.at(1).config);

        rows[1].stages[1].isKnown = false; // its database went away
        page.setHistories(rows);
        auto *blocked = page.findChildren<QPushButton *>(u"stageButton"_s).constFirst();
        QVERIFY(!blocked->isEnabled() && !blocked->toolTip().isEmpty());

        for (RepairStage &one : rows[1].stages)
            one.isDone = one.isKnown = true;
        page.setHistories(rows);
        QVERIFY(!page.findChild<QPushButton *>(u"stageButton"_s));
        QVERIFY(!page.findChild<QPushButton *>(u"abandonButton"_s));
    }

    void wellReadingAndErrors()
    {
        DoctorPage page;
        QVERIFY(child<QLabel>(page, u"doctorNote"_s));
        auto *again = child<QPushButton>(page, u"againButton"_s);
        QVERIFY(!again->isEnabled());
        sample::picture(page, u"doctor-reading"_s, {900, 600});
        page.setHistories(healthyRows(), QDateTime(QDate(2026, 11, 22), QTime(14, 2, 11)));
        QVERIFY(again->isEnabled());
        QCOMPARE(child<QLabel>(page, u"doctorTotal"_s)->text(), u"read at 14:02:11"_s);
        QCOMPARE(page.findChildren<QWidget *>(u"looked"_s).size(), 2);
        QCOMPARE(child<QLabel>(*child<QWidget>(page, u"allIsWell"_s), u"cardTitle"_s)->text(),
                 u"All is well, as far as it could be read"_s);
        QVERIFY(child<QLabel>(*child<QWidget>(page, u"allIsWell"_s), u"cardText"_s)
                    ->text()
                    .contains(u"Not read: staging/manager."_s));
        sample::picture(page, u"doctor-well"_s, {900, 600});
        QSignalSpy asked(&page, &DoctorPage::againRequested);
        again->click();
        QCOMPARE(asked.count(), 1);
        page.setReading();
        QVERIFY(!again->isEnabled());
        QVERIFY(child<QWidget>(page, u"allIsWell"_s)); // what was there stays meanwhile

        QList<DoctorRow> rows = healthyRows();
        rows[0].error = Error{.kind = ErrorKind::BrokenScripts,
                              .message = u"The script directory /project/migrations is missing."_s,
                              .hint = u"Correct script_location."_s};
        page.setHistories(rows);
        QVERIFY(child<QWidget>(page, u"historyError"_s));
        QVERIFY(!page.findChild<QWidget *>(u"allIsWell"_s));
        sample::picture(page, u"doctor-broken"_s, {900, 600});
        page.setHistories({});
        QVERIFY(!page.findChild<QWidget *>(u"allIsWell"_s)); // nothing was looked at
        sample::picture(page, u"doctor-empty"_s, {900, 600});
        page.setError({.kind = ErrorKind::InvalidWorkspace, .message = u"stepwell.toml cannot be read."_s});
        QVERIFY(child<QWidget>(page, u"doctorError"_s));
        QVERIFY(again->isEnabled());
    }
};

QTEST_MAIN(TestDoctorPage)
#include "tst_doctorpage.moc"
