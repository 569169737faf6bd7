// SPDX-License-Identifier: MIT
#include "tests/models/samplereviews.h"
#include "tests/models/sampletargets.h"
#include "tests/views/runpictures.h"
#include "views/codeview.h"
#include "views/componentpage.h"
#include "views/findingcard.h"
#include "views/plandialog.h"
#include "views/reviewexport.h"
#include "views/reviewpane.h"
#include "views/revisionlist.h"
#include "views/sqlsearch.h"

#include <KSyntaxHighlighting/Repository>

#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

const RevisionId headId{QStringLiteral("e41d09b7a3c8")};
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

Target openTarget()
{
    Target target;
    target.id = {u"production"_s, u"manager"_s};
    target.environment = sample::workspace().environments.constFirst();
    target.environment.backup = BackupPolicy::Off;
    target.environment.protection = Protection::Open;
    target.component = sample::workspace().components.constFirst();
    return target;
}

PlanDialog *planDialog(KSyntaxHighlighting::Repository &repository,
                       PlanDialog::Mode mode = PlanDialog::Mode::Ordinary)
{
    const TargetStatus now = pendingStatus();
    auto *dialog =
        new PlanDialog(repository, openTarget(), now,
                       planUpgrade(now.scripts->map, now.current, u"head"_s).value_or(Plan()), mode);
    dialog->setChecks({{.name = u"connection"_s, .title = u"Connection"_s, .text = u"PostgreSQL 17.11"_s}},
                      false);
    return dialog;
}

} // namespace

class TestViewsFindings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { sample::applyLook(); }
    void init() { sample::failOnWarnings(); }

    void pendingSqlIsSearched()
    {
        SqlSearch search;
        search.setReviews(sample::pendingReviews());
        auto *edit = child<QLineEdit>(search, u"sqlSearchEdit"_s);
        QSignalSpy opened(&search, &SqlSearch::openRequested);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(opened.size(), 0);
        edit->setText(u"foreign"_s);
        sample::picture(search, u"sql-search"_s, {820, 360});
        QCOMPARE(child<QLabel>(search, u"sqlSearchCount"_s)->text(),
                 u"3 revisions are searched; 1 line found."_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.first().at(0).value<RevisionId>(), headId);
        QCOMPARE(opened.first().at(2).toInt(), 5);
        QVERIFY(search.isVisible());
        ReviewPane pane(m_repository);
        show(pane, headId);
        pane.setReview(sample::headReview());
        pane.showSqlLine(Direction::Upgrade, 5);
        QCOMPARE(child<CodeView>(pane, u"upgradeCode"_s)->markedLine(), 5);
    }

    void pageTellsRisks()
    {
        ComponentPage page(m_repository);
        Target target = openTarget();
        target.environment.protection = Protection::Protected;
        page.setTarget(target);
        page.setStatus(pendingStatus());
        page.setReviews(sample::byRevision(sample::pendingReviews()));
        page.selectRevision(headId);
        StepReview review = sample::headReview();
        review.signOff = sample::approvedBy(ada);
        page.reviewPane()->setReview(review);
        sample::picture(page, u"component-reviewed"_s, {1160, 800});
        QCOMPARE(child<QLabel>(page, u"fact-risk"_s)->text(),
                 u"● blocks reads and writes on sessions (41 GB)"_s);
        QCOMPARE(child<QLabel>(page, u"fact-pending"_s)->text(), u"3 revisions · 3+ statements"_s);
        sample::picture(page, u"component-reviewed-small"_s, {732, 520});
        QVERIFY(!page.revisionList()->isColumnHidden(RevisionListModel::Risk));
        QVERIFY(page.revisionList()->columnWidth(RevisionListModel::Message) >= 150);
        // Another target has none of it.
        page.setTarget(target);
        page.setStatus(pendingStatus());
        QVERIFY(child<QLabel>(page, u"fact-pending"_s)->text() == u"3 revisions"_s);
    }

    void planWaitsForItsFindings()
    {
        const std::unique_ptr<PlanDialog> dialog(planDialog(m_repository));
        dialog->setFindingsBlock(true);
        QList<StepReview> reviews = sample::pendingReviews();
        QCOMPARE(dialog->missing(), QStringList{u"The SQL is still being rendered."_s});
        dialog->setReviews(reviews);
        QCOMPARE(dialog->missing(), QStringList{u"2 blocking findings are not accepted."_s});
        child<QTableView>(*dialog, u"stepsTable"_s)->selectRow(2);
        sample::picture(*dialog, u"plan-findings"_s, {1160, 820});
        QVERIFY(child<CodeView>(*dialog, u"stepSql"_s)->height() < 400); // the cards are not far below
        QCOMPARE(child<CodeView>(*dialog, u"stepSql"_s)->marks().size(), 3);

        for (const QString &reason : {u"first reason"_s, u"second reason"_s}) {
            FindingCard *open = nullptr;
            for (FindingCard *card : dialog->findChildren<FindingCard *>()) {
                if (!open && !card->finding().accepted && isBlocking(card->finding().severity))
                    open = card;
            }
            QVERIFY(open);
            child<QToolButton>(*open, u"acceptButton"_s)->click();
            giveReason(*open, reason);
        }
        QVERIFY(dialog->missing().isEmpty());
        const auto accepted = dialog->acceptedFindings();
        QCOMPARE(accepted.keys(), RevisionIds{headId});
        QCOMPARE(accepted.value(headId).size(), 2);
        QCOMPARE(accepted.value(headId).first().reason, u"first reason"_s);
        // The same reviews, read again, do not undo it.
        dialog->setReviews(reviews);
        QVERIFY(dialog->missing().isEmpty());
        reviews.last().signOff.required = 1;
        dialog->setReviews(reviews);
        QCOMPARE(dialog->missing(), QStringList{u"e41d09b7a3c8 is not approved."_s});
        QVERIFY(!child<QPushButton>(*dialog, u"actionButton"_s)->isEnabled());
        reviews.last().signOff = sample::approvedBy(ada);
        dialog->setReviews(reviews);
        QVERIFY(child<QPushButton>(*dialog, u"actionButton"_s)->isEnabled());
        sample::picture(*dialog, u"plan-accepted"_s, {1000, 600});
    }

    void findingsAloneStopNobody()
    {
        const std::unique_ptr<PlanDialog> dialog(planDialog(m_repository));
        dialog->setReviews(sample::pendingReviews());
        QVERIFY2(dialog->missing().isEmpty(), qPrintable(dialog->missing().join(u'\n')));
        dialog->setFindingsBlock(true);
        QVERIFY(!dialog->missing().isEmpty());
        const std::unique_ptr<PlanDialog> emergency(planDialog(m_repository, PlanDialog::Mode::Emergency));
        emergency->setFindingsBlock(true);
        emergency->setReviews(sample::pendingReviews());
        QVERIFY(emergency->missing().isEmpty());
    }

    void pdfIsWritten()
    {
        QTemporaryDir folder;
        const QString shown = qEnvironmentVariable("STEPWELL_PICTURES");
        const QString file = QDir(shown.isEmpty() ? folder.path() : shown).filePath(u"review.pdf"_s);
        StepReview head = sample::headReview();
        head.signOff = sample::approvedBy(u"Ada <script>alert(1)</script>"_s);
        ReviewDocument document{.target = u"production/manager"_s,
                                .environment = u"db1.internal:5432/backend, PostgreSQL 17.11"_s,
                                .written = QDateTime::currentDateTime(),
                                .reviews = {sample::backfillReview(), sample::mergeReview(), head,
                                            sample::headDowngradeReview()}};
        for (const Revision &revision : sample::managerRevisions())
            document.messages.insert(revision.id, revision.message);
        const QString html = reviewHtml(document, sqlHighlighter(m_repository));
        QVERIFY(html.contains(u"font-weight:bold;\">CREATE</span>"_s));
        QVERIFY(!html.contains(u"<script"_s));
        const auto written = writeReviewPdf(html, u"Review of production/manager"_s, file);
        QVERIFY2(written.has_value(), written ? "" : qPrintable(toText(written.error())));
        QFile pdf(file);
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-");
        QVERIFY(pdf.size() > 5000);
        const auto nowhere = writeReviewPdf(html, {}, folder.filePath(u"no/such/folder/x.pdf"_s));
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().kind, ErrorKind::FileError);
    }

    void highlightedSqlHasAsManyLines()
    {
        const QString sql = u"SELECT '<b>' AS \"a&b\"; -- x < y\n\n/* two\nlines */\n"_s;
        const QStringList lines = sqlHighlighter(m_repository)(sql);
        QCOMPARE(lines.size(), sql.count(u'\n') + 1);
        QVERIFY(lines.at(0).contains(u"&lt;b&gt;"_s));
        QVERIFY(!lines.at(0).contains(u"<b>"_s));
        static const QRegularExpression tags(u"<[^>]*>"_s);
        QStringList plain;
        for (QString line : lines)
            plain += line.remove(tags);
        QCOMPARE(plain.join(u'\n'), sql.toHtmlEscaped());
    }

private:
    KSyntaxHighlighting::Repository m_repository;
};

QTEST_MAIN(TestViewsFindings)
#include "tst_views_findings.moc"
