// SPDX-License-Identifier: MIT
#include "models/linemap.h"
#include "models/reviewtext.h"
#include "models/revisionlistmodel.h"
#include "models/showncomment.h"
#include "models/sqlsearchmodel.h"
#include "models/targetfacts.h"
#include "tests/models/samplereviews.h"
#include "tests/models/sampletargets.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

const TargetId manager{QStringLiteral("production"), QStringLiteral("manager")};

TargetStatus pendingStatus()
{
    return sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s});
}

StepReview accepted(StepReview review, qsizetype finding)
{
    review.lint.findings[finding].accepted = Acceptance{.reason = u"nobody uses it at night"_s};
    return review;
}

Fact factNamed(const QString &name, const QList<StepReview> &reviews)
{
    const QList<Fact> facts =
        factsOf(pendingStatus(), {}, {}, QDateTime::currentDateTime(), sample::byRevision(reviews));
    for (const Fact &fact : facts) {
        if (fact.name == name)
            return fact;
    }
    return {};
}

} // namespace

class TestReviewModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void sizes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown") << qint64(-1) << QString();
        QTest::newRow("empty") << qint64(0) << u"0 bytes"_s;
        QTest::newRow("page") << qint64(8192) << u"8 kB"_s;
        QTest::newRow("half") << qint64(2254857830) << u"2.1 GB"_s;
        QTest::newRow("large") << 41LL * 1024 * 1024 * 1024 << u"41 GB"_s;
        QTest::newRow("below the next unit") << 1010LL * 1024 * 1024 << u"1.0 GB"_s;
    }
    void sizes()
    {
        QFETCH(qint64, bytes);
        QTEST(ReviewText::size(bytes), "text");
    }

    void findingsAreCountedByWhatTheyMean()
    {
        const StepReview head = sample::headReview();
        QCOMPARE(ReviewText::risk(head), (Chip{u"2 blocking · 1 warning"_s, Tone::Bad}));
        StepReview calm = accepted(accepted(head, 0), 1);
        QCOMPARE(ReviewText::risk(calm), (Chip{u"1 warning · 2 accepted"_s, Tone::Attention}));
        QCOMPARE(calm.lint.blockingCount(), 0);
        QCOMPARE(ReviewText::risk(sample::mergeReview()), (Chip{u"no statements"_s, Tone::Neutral}));
        QCOMPARE(ReviewText::risk(sample::headDowngradeReview()), (Chip{u"none"_s, Tone::Neutral}));
        QCOMPARE(ReviewText::risk(sample::backfillReview()),
                 (Chip{u"1 warning · not renderable"_s, Tone::Attention}));
        calm.lint.findings = {{.severity = Severity::Advice}};
        QCOMPARE(ReviewText::risk(calm), (Chip{u"1 hint"_s, Tone::Info}));
    }

    void riskOfTheList()
    {
        RevisionListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setStatus(pendingStatus());
        const auto risk = [&](const QString &id, int role = Qt::DisplayRole) {
            return model.index(model.rowOf(RevisionId(id)), RevisionListModel::Risk).data(role).toString();
        };
        QCOMPARE(risk(u"e41d09b7a3c8"_s), u"not rendered yet"_s);
        QCOMPARE(risk(u"d03f7a66c1e9"_s), QString()); // applied
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setReviews(sample::byRevision(sample::pendingReviews()));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(risk(u"e41d09b7a3c8"_s), u"2 blocking · 1 warning"_s);
        QCOMPARE(risk(u"90c2fd61b5ae"_s), u"no statements"_s);
        const QString tip = risk(u"e41d09b7a3c8"_s, Qt::ToolTipRole);
        QVERIFY2(tip.contains(u"Builds an index while blocking writes: sessions"_s), qPrintable(tip));
        QVERIFY2(tip.contains(u"autocommit"_s), qPrintable(tip)); // the notes are there too
        // Another reading of the same target keeps it, another target does not.
        model.setStatus(pendingStatus());
        QCOMPARE(risk(u"e41d09b7a3c8"_s), u"2 blocking · 1 warning"_s);
        model.clear();
        model.setStatus(pendingStatus());
        QCOMPARE(risk(u"e41d09b7a3c8"_s), u"not rendered yet"_s);
    }

    void dataChangesAreNamedWithTheRisk()
    {
        QList<Revision> revisions = sample::managerRevisions();
        revisions[5].changesData = true;
        RevisionListModel model;
        model.setStatus(sample::status(manager, revisions, {u"7b6a1e0c4f21"_s}));
        model.setReviews(sample::byRevision({sample::backfillReview()}));
        const int row = model.rowOf(RevisionId(u"52ab7c9e8d10"_s));
        QCOMPARE(model.index(row, RevisionListModel::Risk).data().toString(),
                 u"1 warning · not renderable · data change"_s);
    }

    void factsTellTheHighestRisk()
    {
        QCOMPARE(factNamed(u"pending"_s, {}).text, u"3 revisions"_s);
        QVERIFY(factNamed(u"risk"_s, {}).name.isEmpty());
        QVERIFY(!factNamed(u"way-back"_s, {}).name.isEmpty());
        const QList<StepReview> reviews = sample::pendingReviews();
        QCOMPARE(factNamed(u"pending"_s, reviews).text, u"3 revisions · 3+ statements"_s);
        const Fact risk = factNamed(u"risk"_s, reviews);
        QCOMPARE(risk.text, u"● blocks reads and writes on sessions (41 GB)"_s);
        QCOMPARE(risk.tone, Tone::Bad);
        QVERIFY(factNamed(u"way-back"_s, reviews).name.isEmpty());
        QCOMPARE(factNamed(u"risk"_s, {accepted(sample::headReview(), 1)}).text,
                 u"● blocks writes on sessions (41 GB)"_s);
        QCOMPARE(factNamed(u"risk"_s, {sample::mergeReview()}).text, u"none"_s);
        StepReview unseen = sample::backfillReview();
        unseen.lint.findings.clear();
        QCOMPARE(factNamed(u"risk"_s, {unseen}).tone, Tone::Attention);
    }

    void cornerTellsWhoLooked()
    {
        StepReview review = sample::headReview();
        QCOMPARE(ReviewText::corner(review),
                 u"rendered by alembic 1.13.2 · sha256 9f2c…41ab · not reviewed"_s);
        review.signOff = sample::approvedBy(u"Ada Lovelace <ada@example.org>"_s);
        QCOMPARE(ReviewText::corner(review),
                 u"rendered by alembic 1.13.2 · sha256 9f2c…41ab · ✓ approved by Ada Lovelace"_s);
        review.signOff = sample::staleSince(u"Ada <ada@example.org>"_s);
        QVERIFY(ReviewText::corner(review).endsWith(u"approval is stale"_s));
        QCOMPARE(ReviewText::signOffSentence(review.signOff), u"It changed since Ada approved it."_s);
        review.hashes.upgrade.clear();
        QVERIFY(!ReviewText::corner(review).contains(u"sha256"_s));
    }

    void linesOfTheReviewedTextAreFound()
    {
        const LineMap map(u"-- comment\nBEGIN;\nA;\n\nB;\nA;\nCOMMIT;"_s, u"A;\n\nB;\nA;\n"_s);
        QCOMPARE(map.toPart(1), 0);
        QCOMPARE(map.toPart(3), 1);
        QCOMPARE(map.toPart(5), 3);
        QCOMPARE(map.toShown(4), 6);
        QCOMPARE(map.toShown(9), 0);
        QCOMPARE(map.toPart(99), 0);
        const LineMap missing(u"A;\nC;"_s, u"A;\nB;\nC;"_s);
        QCOMPARE(missing.toShown(2), 0);
        QCOMPARE(missing.toShown(3), 2);
    }

    void commentsKnowTheirText()
    {
        const Review review = sample::headVerdict(u"Ada <ada@example.org>"_s);
        const ReviewHashes now = sample::headReview().hashes;
        const LineComment mine{LineComment::Upgrade, 1, u"Hm."_s};
        const QList<ShownComment> shown = shownComments({review}, {mine}, LineComment::Upgrade, now);
        QCOMPARE(shown.size(), 2);
        QCOMPARE(shown.at(0).text(), u"Ada: Why not in two steps?"_s);
        QVERIFY(!shown.at(0).isStale);
        QVERIFY(shown.at(1).isPending);
        ReviewHashes changed = now;
        changed.upgrade = u"another"_s;
        QVERIFY(shownComments({review}, {}, LineComment::Upgrade, changed).constFirst().isStale);
        QVERIFY(!shownComments({review}, {}, LineComment::File, changed).constFirst().isStale);
        QVERIFY(shownComments({review}, {mine}, LineComment::Downgrade, now).isEmpty());
    }

    void searchFindsLines()
    {
        SqlSearchModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setReviews(sample::pendingReviews() + QList{sample::headDowngradeReview()});
        QCOMPARE(model.rowCount(), 0);
        model.setText(u"IX_sessions"_s);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.hits().first().line, 2);
        QCOMPARE(model.hits().last().direction, Direction::Downgrade);
        model.setText(u"alter not"_s);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, SqlSearchModel::Line).data().toString(), u"4"_s);
        QVERIFY(model.index(0, SqlSearchModel::Text).data().toString().startsWith(u"ALTER TABLE sessions"_s));
        model.setText(u"no such table"_s);
        QCOMPARE(model.rowCount(), 0);
        StepReview many = sample::headReview();
        many.sql.sql = u"SELECT 1;\n"_s.repeated(SqlSearchModel::limit + 1);
        model.setReviews({many});
        model.setText(u"select"_s);
        QCOMPARE(model.rowCount(), SqlSearchModel::limit);
        QVERIFY(model.isCut());
    }
};

QTEST_GUILESS_MAIN(TestReviewModels)
#include "tst_reviewmodels.moc"
