// SPDX-License-Identifier: MIT
#include "tests/views/plansamples.h"
#include "tests/views/runpictures.h"
#include "views/codeview.h"
#include "views/plancheckrow.h"
#include "views/plandialog.h"
#include "views/planlink.h"

#include <KSyntaxHighlighting/Repository>

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace Qt::StringLiterals;
using namespace stepwell;
using namespace stepwell::sample::plan;

namespace {

QStringList titles(const PlanDialog &dialog)
{
    QStringList titles;
    for (const PlanCheckRow *row : dialog.findChildren<PlanCheckRow *>()) {
        if (row->isVisible() && !row->check().name.isEmpty())
            titles += row->check().title;
    }
    return titles;
}

PlanCheckRow *rowOf(const PlanDialog &dialog, const QString &name)
{
    return dialog.findChild<PlanCheckRow *>(QString(u"check-"_s + name));
}

const QString backups = QStringLiteral("/srv/backend/backups/production/manager");

} // namespace

class TestViewsPlanChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void whatMattersComesFirst()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setReviews(reviews());
        sample::picture(dialog, u"plan-waiting"_s, {1180, 760});
        auto *when = child<QLabel>(dialog, u"checksWhen"_s);
        auto *again = child<PlanLink>(dialog, u"checksAgainButton"_s);
        auto *running = child<QWidget>(dialog, u"checksRunning"_s);
        auto *folded = child<PlanCheckRow>(dialog, u"checksPassed"_s);
        QCOMPARE(when->text(), u"— not run yet ·"_s);
        dialog.setChecks({}, true);
        QCOMPARE(when->text(), u"— running…"_s);
        QVERIFY(running->isVisible());
        QVERIFY(!again->isVisible()); // two at once would try the same lock
        QVERIFY(!folded->isVisible());

        dialog.setChecks(mixedChecks().mid(0, 3), true);
        QCOMPARE(titles(dialog), (QStringList{u"Connection"_s, u"Same database"_s, u"Single head"_s}));
        dialog.setChecks(mixedChecks(), false);
        sample::picture(dialog, u"plan-checks"_s, {1180, 760});
        QStringList shown = titles(dialog);
        shown.sort();
        QCOMPARE(shown, (QStringList{u"Edited after it was applied"_s, u"Invalid indexes"_s,
                                     u"Long transactions"_s}));
        const int failed = rowOf(dialog, u"edited-after-applied"_s)->y();
        const int longest = rowOf(dialog, u"long-transactions"_s)->y();
        const int index = rowOf(dialog, u"invalid-indexes"_s)->y();
        QVERIFY(failed < longest && longest < index && index < folded->y());
        QCOMPARE(folded->accessibleName(), u"6 checks passed"_s);
        QVERIFY(!running->isVisible());
        QVERIFY(again->isVisible());
        static const QRegularExpression age(u"^— run \\d+ s ago ·$"_s);
        QVERIFY2(age.match(when->text()).hasMatch(), qPrintable(when->text()));

        auto *unfold = child<PlanLink>(dialog, u"showPassed"_s);
        QTest::keyClick(unfold, Qt::Key_Return);
        QTRY_COMPARE(titles(dialog).size(), 9);
        QTRY_VERIFY(rowOf(dialog, u"connection"_s)->y() > folded->y());
        sample::picture(dialog, u"plan-checks-all"_s, {1180, 900});
        dialog.setChecks({}, true); // looked at again: the choice stays
        dialog.setChecks(mixedChecks(), false);
        QCOMPARE(titles(dialog).size(), 9);
        unfold->click();
        QCOMPARE(titles(dialog).size(), 3);
    }

    void allPassed()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setReviews(reviews());
        QList<CheckResult> checks = goodChecks();
        checks[4] = {.name = u"long-transactions"_s,
                     .title = u"Long transactions"_s,
                     .text = u"none older than a minute"_s};
        dialog.setChecks(checks, false);
        sample::picture(dialog, u"plan-passed"_s, {1180, 760});
        QVERIFY(titles(dialog).isEmpty());
        QCOMPARE(child<PlanCheckRow>(dialog, u"checksPassed"_s)->accessibleName(), u"7 checks passed"_s);
    }

    void aRowThatSaysTheSameStays()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setChecks(mixedChecks().mid(4, 1), true);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        PlanCheckRow *row = rowOf(dialog, u"long-transactions"_s);
        auto *show = child<PlanLink>(*row, u"showDetails"_s);
        show->setFocus();
        dialog.setChecks(mixedChecks(), true);
        QCOMPARE(rowOf(dialog, u"long-transactions"_s), row);
        QVERIFY(show->hasFocus());
        QTest::keyClick(show, Qt::Key_Space);
        QVERIFY(child<CodeView>(*row, u"checkDetails"_s)->isVisible());
        // Looked at again with another answer: what was opened stays open.
        QList<CheckResult> other = mixedChecks();
        other[4].text = u"2 open"_s;
        dialog.setChecks(other, false);
        QVERIFY(child<CodeView>(*rowOf(dialog, u"long-transactions"_s), u"checkDetails"_s)->isVisible());
    }

    void detailsAreShownInPlace()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setReviews(reviews());
        dialog.setChecks(mixedChecks(), false);
        PlanCheckRow *row = rowOf(dialog, u"edited-after-applied"_s);
        auto *show = child<PlanLink>(*row, u"showDetails"_s);
        QVERIFY(show->accessibleName().contains(u"Edited after it was applied"_s));
        show->click();
        child<PlanLink>(*rowOf(dialog, u"invalid-indexes"_s), u"showDetails"_s)->click();
        sample::picture(dialog, u"plan-details"_s, {1180, 760});
        QCOMPARE(show->text(), u"hide"_s);
        auto *details = child<CodeView>(*row, u"checkDetails"_s);
        QCOMPARE(details->toPlainText(), editedAfterApplied().details.join(u'\n'));
        QVERIFY(details->isReadOnly());
        QVERIFY(details->textInteractionFlags() & Qt::TextSelectableByKeyboard);
        // A difference is coloured as one: what was taken away looks other than what came.
        const auto colourOf = [details](int line) {
            const QList<QTextLayout::FormatRange> formats =
                details->document()->findBlockByNumber(line).layout()->formats();
            return formats.isEmpty() ? QColor() : formats.first().format.foreground().color();
        };
        QVERIFY(colourOf(4).isValid());
        QVERIFY(colourOf(4) != colourOf(5));
        show->click();
        QVERIFY(!details->isVisible());
    }

    void aFixIsShownBeforeItRuns()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Off), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setReviews(reviews());
        dialog.setChecks({invalidIndexes()}, false);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QSignalSpy requested(&dialog, &PlanDialog::fixRequested);
        const QList<PlanLink *> links =
            rowOf(dialog, u"invalid-indexes"_s)->findChildren<PlanLink *>(u"fixLink"_s);
        QCOMPARE(links.size(), 2);
        QCOMPARE(links.first()->accessibleName(), u"Build ix_sessions_owner again: Invalid indexes"_s);
        QTest::keyClick(links.first(), Qt::Key_Return);
        QVERIFY(dialog.isVisible()); // Return followed the link and did not press Cancel
        auto *fix = child<QDialog>(dialog, u"fixDialog"_s);
        QVERIFY(child<CodeView>(*fix, u"fixSql"_s)
                    ->toPlainText()
                    .startsWith(u"DROP INDEX CONCURRENTLY ix_sessions_owner;\nCREATE INDEX"_s));
        QVERIFY(child<QLabel>(*fix, u"fixWarning"_s)->text().startsWith(u"Reads all of sessions"_s));
        sample::picture(*fix, u"plan-fix"_s, {640, 380});
        auto *run = child<QPushButton>(*fix, u"fixRunButton"_s);
        QVERIFY(!run->isEnabled());
        QVERIFY(child<QPushButton>(*fix, u"fixCancelButton"_s)->isDefault());
        auto *confirm = child<QLineEdit>(*fix, u"fixConfirmEdit"_s);
        confirm->setFocus();
        QTest::keyClicks(confirm, u"production"_s);
        QTest::keyClick(confirm, Qt::Key_Return);
        QVERIFY(fix->isVisible());
        QCOMPARE(requested.size(), 0);
        run->click();
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.first().first().value<CheckFix>(), invalidIndexes().fixes.first());

        dialog.setFixing(invalidIndexes().fixes.first().label);
        QVERIFY(!links.first()->isEnabled());
        QCOMPARE(child<QLabel>(dialog, u"checksWhen"_s)->text(), u"— applying a fix…"_s);
        QCOMPARE(dialog.missing().first(), u"A fix is still being applied."_s);
        dialog.setFixing({});
        QVERIFY(links.first()->isEnabled());
    }

    void aFixCanBeDeclined()
    {
        PlanDialog dialog(m_repository, target(BackupPolicy::Off, Protection::Open),
                          status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setChecks({invalidIndexes()}, false);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QSignalSpy requested(&dialog, &PlanDialog::fixRequested);
        child<PlanLink>(*rowOf(dialog, u"invalid-indexes"_s), u"fixLink"_s)->click();
        auto *fix = child<QDialog>(dialog, u"fixDialog"_s);
        QVERIFY(!fix->findChild<QLineEdit *>(u"fixConfirmEdit"_s));
        QVERIFY(child<QPushButton>(*fix, u"fixRunButton"_s)->isEnabled());
        QTest::keyClick(fix, Qt::Key_Return);
        QVERIFY(!fix->isVisible());
        QCOMPARE(requested.size(), 0);
    }

    void theKeyboardGoesFromCheckToCheck()
    {
        PlanDialog dialog(m_repository, target(), status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setChecks(mixedChecks().mid(0, 5), true);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.setChecks(mixedChecks(), false); // rows that came later stand between those of before
        child<PlanLink>(dialog, u"checksAgainButton"_s)->setFocus();
        QStringList stops;
        for (int i = 0; i < 6; ++i) {
            QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
            stops += dialog.focusWidget()->accessibleName();
        }
        QCOMPARE(stops, (QStringList{u"Show what was found: Edited after it was applied"_s,
                                     u"Show what was found: Long transactions"_s,
                                     u"Show what was found: Invalid indexes"_s,
                                     u"Build ix_sessions_owner again: Invalid indexes"_s,
                                     u"Drop ix_users_mail_ccnew: Invalid indexes"_s,
                                     u"Show the checks that passed"_s}));
    }

    /// Names and paths that no column has room for neither widen the window nor run over one another.
    void longNamesGiveWay()
    {
        const QString name = u"ix_"_s + u"very_long_name_of_an_index_"_s.repeated(3);
        CheckResult check = invalidIndexes();
        check.text = QString(name + u" is not used by the server"_s);
        check.fixes.first().label = u"Build %1 again"_s.arg(name);
        Target where = target();
        where.component.restart = {u"./bin/"_s + u"restart_everything_there_is_"_s.repeated(4)};
        where.component.logs = {u"/srv/"_s + u"a_long_folder/"_s.repeated(9) + u"manager.log"_s};
        PlanDialog dialog(m_repository, where, status({u"7b6a1e0c4f21"_s}), upgrade());
        dialog.setBackupDirectory(backups);
        dialog.setReviews(reviews());
        dialog.setChecks({check, mixedChecks().at(4)}, false);
        sample::picture(dialog, u"plan-long"_s, {960, 600});
        QCOMPARE(dialog.size(), QSize(960, 600));
        PlanCheckRow *row = rowOf(dialog, u"invalid-indexes"_s);
        const auto inside = [row](const QWidget *widget) {
            return row->rect().contains(QRect(widget->mapTo(row, QPoint()), widget->size()));
        };
        for (const PlanLink *link : row->findChildren<PlanLink *>())
            QVERIFY2(inside(link), qPrintable(link->text()));
        QVERIFY(inside(child<QLabel>(*row, u"checkText"_s)));
        QVERIFY(row->width() < 380);
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsPlanChecks)
#include "tst_views_planchecks.moc"
