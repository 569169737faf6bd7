// SPDX-License-Identifier: MIT
#include "migrations/alembic/stamp.h"
#include "tests/views/repairsamples.h"
#include "tests/views/runpictures.h"
#include "views/repairgraph.h"
#include "views/stampdialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextEdit>

using namespace Qt::StringLiterals;
using namespace stepwell;
using namespace stepwell::sample::repair;

namespace {

/// Answers as the program does.
void answer(StampDialog &dialog, const RevisionMap &map, const RevisionIds &rows)
{
    QObject::connect(&dialog, &StampDialog::changesNeeded, &dialog,
                     [&dialog, map, rows](const QStringList &revisions, bool purge) {
                         const auto changes = planStamp(map, rows, revisions, purge);
                         if (changes)
                             dialog.setChanges(*changes);
                         else
                             dialog.setRefusal(changes.error());
                     });
}

QStringList lines(QWidget &parent, const QString &name)
{
    auto *text = child<QTextEdit>(parent, name);
    return text->isHidden() ? QStringList() : text->toPlainText().split(u'\n');
}

} // namespace

class TestStampDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void saysWhatItDoesNot()
    {
        const History all = history();
        const RevisionMap map = all.scripts.map;
        const RevisionIds rows = toRevisionIds({u"c00000000006"_s});
        StampDialog dialog(all.targets.at(2).target, map, rows);
        QSignalSpy needed(&dialog, &StampDialog::changesNeeded);
        answer(dialog, map, rows);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QCOMPARE(needed.count(), 0); // nothing is chosen yet
        auto *stamp = child<QPushButton>(dialog, u"stampButton"_s);
        QVERIFY(!stamp->isEnabled());
        QVERIFY(child<QPushButton>(dialog, u"stampCancelButton"_s)->isDefault());
        sample::picture(dialog, u"stamp-empty"_s, {980, 640});

        dialog.choose({u"aaaa11110001"_s}, false);
        QCOMPARE(needed.count(), 1);
        QCOMPARE(lines(dialog, u"changesText"_s),
                 QStringList{u"The row c00000000006 becomes aaaa11110001."_s});
        QCOMPARE(lines(dialog, u"gainedText"_s),
                 (QStringList{u"aaaa11110001  Add sessions.priority"_s,
                              u"c00000000007  Change number 7 of the common line"_s}));
        QVERIFY(lines(dialog, u"lostText"_s).isEmpty());
        QVERIFY(stamp->isEnabled());

        dialog.choose({u"c00000000004"_s}, false);
        QCOMPARE(lines(dialog, u"lostText"_s),
                 (QStringList{u"c00000000006  Change number 6 of the common line"_s,
                              u"c00000000005  Change number 5 of the common line"_s}));
        QVERIFY(lines(dialog, u"gainedText"_s).isEmpty());

        dialog.choose({u"c00000000006"_s}, false); // it is there already
        QVERIFY(!stamp->isEnabled());

        dialog.choose({u"base"_s}, false);
        QCOMPARE(lines(dialog, u"changesText"_s), QStringList{u"The row c00000000006 is deleted."_s});
        QCOMPARE(lines(dialog, u"lostText"_s).size(), 7);
        QSignalSpy confirmed(&dialog, &StampDialog::confirmed);
        stamp->click();
        QCOMPARE(confirmed.count(), 1);
        QCOMPARE(confirmed.constFirst().at(0).toStringList(), QStringList{u"base"_s});
        QCOMPARE(confirmed.constFirst().at(1).toBool(), false);
        QVERIFY(!dialog.isVisible());
    }

    void protectedNeedsItsNameTyped()
    {
        const History all = history();
        const RevisionMap map = all.scripts.map;
        const RevisionIds rows = toRevisionIds({u"f4e19c07ab52"_s});
        StampDialog dialog(all.targets.at(0).target, map, rows);
        answer(dialog, map, rows);
        dialog.choose({u"bbbb22220001"_s}, true);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto *stamp = child<QPushButton>(dialog, u"stampButton"_s);
        auto *confirm = child<QLineEdit>(dialog, u"stampConfirmEdit"_s);
        QVERIFY(!stamp->isEnabled());
        QVERIFY(child<QLabel>(dialog, u"unknownText"_s)->isVisible()); // no file has the row there is
        dialog.setComparison(
            {.differences =
                 {{.kind = SchemaDifference::Missing,
                   .what = u"column users.email_address"_s,
                   .revision = RevisionId(u"bbbb22220001"_s),
                   .text = u"The column users.email_address is missing."_s},
                  {.kind = SchemaDifference::Extra,
                   .what = u"table a_table_with_a_name_that_is_as_long_as_postgresql_lets_it_be_63"_s,
                   .revision = RevisionId(u"aaaa11110001"_s),
                   .text =
                       u"The table a_table_with_a_name_that_is_as_long_as_postgresql_lets_it_be_63 is there, and no revision below makes it."_s}},
             .unreadable = toRevisionIds({u"c00000000002"_s}),
             .compared = 41});
        QCOMPARE(dialog.findChildren<QWidget *>(u"difference"_s).size(), 2);
        confirm->setFocus();
        QTest::keyClicks(confirm, u"produc"_s);
        QTest::keyClick(confirm, Qt::Key_Return);
        QVERIFY(dialog.isVisible() && !stamp->isEnabled());
        sample::picture(dialog, u"stamp-protected"_s, {980, 640});
        sample::picture(dialog, u"stamp-protected-small"_s, {900, 600});
        QTest::keyClicks(confirm, u"tion"_s);
        QVERIFY(stamp->isEnabled());
        QTest::keyClick(confirm, Qt::Key_Return);
        QVERIFY(stamp->hasFocus());
        QSignalSpy confirmed(&dialog, &StampDialog::confirmed);
        stamp->click();
        QCOMPARE(confirmed.constFirst().at(0).toStringList(), QStringList{u"bbbb22220001"_s});
        QCOMPARE(confirmed.constFirst().at(1).toBool(), true);
    }

    void refusalsAndComparing()
    {
        const History all = history();
        const RevisionMap map = all.scripts.map;
        StampDialog dialog(all.targets.at(2).target, map, {});
        answer(dialog, map, {});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *stamp = child<QPushButton>(dialog, u"stampButton"_s);
        dialog.choose({u"aaaa11110001"_s, u"aaaa11110002"_s}, false); // one lies below the other
        QVERIFY(child<QWidget>(dialog, u"refusalCard"_s)->isVisible());
        QVERIFY(!stamp->isEnabled());
        sample::picture(dialog, u"stamp-refused"_s, {980, 640});
        dialog.choose({u"aaaa11110002"_s, u"bbbb22220001"_s}, false);
        QVERIFY(stamp->isEnabled());
        QCOMPARE(lines(dialog, u"changesText"_s).size(), 2);
        auto *schema = child<QWidget>(dialog, u"schemaCard"_s);
        QVERIFY(!schema->isVisible());
        dialog.setComparing();
        QVERIFY(schema->isVisible());
        sample::picture(dialog, u"stamp-comparing"_s, {980, 640});
        dialog.setComparisonError({.kind = ErrorKind::PythonMissing, .message = u"No Python has Alembic."_s});
        QVERIFY(child<QLabel>(dialog, u"schemaText"_s)->text().contains(u"No Python has Alembic."_s));
        dialog.setComparison({.compared = 12});
        QVERIFY(dialog.findChildren<QWidget *>(u"difference"_s).isEmpty());
        sample::picture(dialog, u"stamp-fits"_s, {980, 640});
        // Of another choice nothing is known yet.
        dialog.choose({u"bbbb22220001"_s}, false);
        QVERIFY(!schema->isVisible());
    }

    void tabReachesAllAndEscapeCancels()
    {
        const History all = history();
        StampDialog dialog(all.targets.at(0).target, all.scripts.map, {});
        answer(dialog, all.scripts.map, {});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        dialog.choose({u"bbbb22220001"_s}, false);
        child<QLineEdit>(dialog, u"stampConfirmEdit"_s)->setText(u"production"_s);
        QStringList seen;
        for (int i = 0; i < 20; ++i) {
            seen += dialog.focusWidget()->objectName();
            QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
        }
        for (const QString &name :
             {u"someRadio"_s, u"stampFilter"_s, u"stampList"_s, u"purgeBox"_s, u"gainedText"_s,
              u"stampConfirmEdit"_s, u"stampCancelButton"_s, u"stampButton"_s})
            QVERIFY2(seen.contains(name), qPrintable(QString(name + u" is not in "_s + seen.join(u' '))));
        QSignalSpy confirmed(&dialog, &StampDialog::confirmed);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
        QCOMPARE(confirmed.count(), 0);
    }

    /// A filter hides rows; what it hides is not chosen any more, and the dialog says so.
    void filter()
    {
        const History all = history();
        const RevisionMap map = all.scripts.map;
        StampDialog dialog(all.targets.at(2).target, map, {});
        answer(dialog, map, {});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.choose({u"bbbb22220001"_s}, false);
        auto *edit = child<QLineEdit>(dialog, u"stampFilter"_s);
        auto *list = child<RepairGraph>(dialog, u"stampList"_s);
        edit->setText(u"users.mail"_s);
        QCOMPARE(list->shownRows(), 1);
        QCOMPARE(dialog.revisions(), QStringList{u"bbbb22220001"_s});
        edit->setText(u"sessions"_s);
        QCOMPARE(list->shownRows(), 2);
        QVERIFY(dialog.revisions().isEmpty());
        QVERIFY(!child<QPushButton>(dialog, u"stampButton"_s)->isEnabled());
        edit->clear();
        QCOMPARE(list->shownRows(), 11);
    }
};

QTEST_MAIN(TestStampDialog)
#include "tst_stampdialog.moc"
