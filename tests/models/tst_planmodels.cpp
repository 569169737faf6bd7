// SPDX-License-Identifier: MIT
#include "models/checksmodel.h"
#include "models/planchoicesmodel.h"
#include "models/planmodel.h"
#include "tests/models/samplereviews.h"
#include "tests/models/sampletargets.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

RevisionMap managerMap()
{
    return RevisionMap::build(sample::managerRevisions()).value_or(RevisionMap());
}

/// The rows of a table as text, one a line, cells parted by " | ".
QString toText(const QAbstractItemModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells += model.index(row, column).data().toString();
        lines += cells.join(u" | "_s);
    }
    return lines.join(u'\n');
}

} // namespace

class TestPlanModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void planTellsStepsAndWaysBack()
    {
        PlanModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Result<Plan> plan = planUpgrade(managerMap(), toRevisionIds({u"7b6a1e0c4f21"_s}), u"head"_s);
        QVERIFY(plan.has_value());
        model.setPlan(*plan, sample::managerRevisions());
        QCOMPARE(
            toText(model),
            u"1 | 52ab7c9e8d10 | Backfill invoices.currency from domains | rendering… | — | loses data | —\n"
            "2 | 90c2fd61b5ae | Merge billing and scheduler heads | rendering… | — | yes | —\n"
            "3 | e41d09b7a3c8 | Index sessions by owner and make priority mandatory | rendering… | — | yes | —"_s);
        QVERIFY(!model.isReviewed());
        QCOMPARE(model.index(0, PlanModel::WayBackColumn).data(PlanModel::SeverityRole).toInt(),
                 int(PlanModel::Danger));
        QCOMPARE(model.losingData(), toRevisionIds({u"52ab7c9e8d10"_s}));
        QVERIFY(model.irreversible().isEmpty());
        QCOMPARE(model.autocommitting(), toRevisionIds({u"e41d09b7a3c8"_s}));
        QList<Revision> facts = sample::managerRevisions();
        for (Revision &revision : facts)
            revision.hasAutocommit = true;
        model.setPlan(*plan, facts);
        QCOMPARE(model.autocommitting(),
                 toRevisionIds({u"52ab7c9e8d10"_s, u"90c2fd61b5ae"_s, u"e41d09b7a3c8"_s}));
    }

    void planTakesReviewsInParts()
    {
        PlanModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Result<Plan> plan = planUpgrade(managerMap(), toRevisionIds({u"7b6a1e0c4f21"_s}), u"head"_s);
        QVERIFY(plan.has_value());
        model.setPlan(*plan, sample::managerRevisions());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setReviews(
            {{.revision = RevisionId(u"e41d09b7a3c8"_s), .sql = {.sql = u"SELECT 1;"_s, .statements = 3}},
             {.revision = RevisionId(u"90c2fd61b5ae"_s)},
             {.revision = RevisionId(u"52ab7c9e8d10"_s),
              .direction = Direction::Downgrade,
              .sql = {.direction = Direction::Downgrade, .statements = 9}}});
        QCOMPARE(changed.count(), 1);
        QVERIFY(!model.isReviewed()); // the one of the other direction does not count
        model.setReviews(
            {{.revision = RevisionId(u"52ab7c9e8d10"_s), .sql = {.problem = u"it reads rows"_s}}});
        QVERIFY(model.isReviewed());
        QCOMPARE(model.statementCount(), 3);
        QCOMPARE(model.notRenderableCount(), 1);
        QCOMPARE(model.index(0, PlanModel::StrongestLock).data().toString(), u"not renderable"_s);
        QCOMPARE(model.index(0, PlanModel::StrongestLock).data(Qt::ToolTipRole).toString(),
                 u"it reads rows"_s);
        QCOMPARE(model.index(1, PlanModel::StrongestLock).data().toString(), u"—"_s);
        QCOMPARE(model.index(2, PlanModel::StrongestLock).data(Qt::ToolTipRole).toString(),
                 u"3 statements"_s);
    }

    void planTellsLocksTablesAndFindings()
    {
        PlanModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Result<Plan> plan = planUpgrade(managerMap(), toRevisionIds({u"7b6a1e0c4f21"_s}), u"head"_s);
        QVERIFY(plan.has_value());
        model.setPlan(*plan, sample::managerRevisions());
        QList<StepReview> reviews = sample::pendingReviews();
        model.setReviews({reviews.takeLast(), sample::headDowngradeReview()});
        QVERIFY(!model.isReviewed());
        QCOMPARE(model.blockingCount(), 2);
        model.setReviews(reviews);
        QVERIFY(model.isReviewed());
        QCOMPARE(
            toText(model),
            u"1 | 52ab7c9e8d10 | Backfill invoices.currency from domains | not renderable | — | loses data "
            "| 1 warning\n"
            "2 | 90c2fd61b5ae | Merge billing and scheduler heads | — | — | yes | none\n"
            "3 | e41d09b7a3c8 | Index sessions by owner and make priority mandatory | ACCESS EXCLUSIVE | "
            "sessions 41 GB +1 | yes | 2 blocking"_s);
        const auto severity = [&](int row, int column) {
            return model.index(row, column).data(PlanModel::SeverityRole).toInt();
        };
        QCOMPARE(severity(2, PlanModel::StrongestLock), int(PlanModel::Danger));
        QCOMPARE(severity(1, PlanModel::StrongestLock), int(PlanModel::Calm));
        QCOMPARE(severity(2, PlanModel::Findings), int(PlanModel::Danger));
        QCOMPARE(severity(0, PlanModel::Findings), int(PlanModel::Caution));
        QCOMPARE(model.index(2, PlanModel::Tables).data(Qt::ToolTipRole).toString(),
                 u"sessions 41 GB\nusers 512 MB"_s);
        QVERIFY(model.notApproved().isEmpty());
        StepReview head = sample::headReview();
        head.signOff.required = 1;
        model.setReviews({head});
        QCOMPARE(model.notApproved(), RevisionIds{head.revision});
        head.signOff = sample::approvedBy(u"Ada"_s);
        model.setReviews({head});
        QVERIFY(model.notApproved().isEmpty());
    }

    void checksEndWithARunningRow()
    {
        ChecksModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QList<CheckResult> checks{
            {.name = u"connection"_s, .title = u"Connection"_s, .text = u"PostgreSQL 17.11"_s},
            {.name = u"single-head"_s,
             .title = u"Single head"_s,
             .state = CheckState::Failed,
             .text = u"two"_s,
             .hint = u"merge"_s}};
        model.setChecks(checks, true);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(2).data(ChecksModel::StateRole).toInt(), int(ChecksModel::Running));
        model.setChecks(checks, false);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.count(CheckState::Failed), 1);
        QCOMPARE(model.index(0).data(Qt::ToolTipRole).toString(), u"Single head: two\nmerge"_s);
        QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(), u"Single head, failed: two merge"_s);
    }

    void checksStandWithTheWorstFirst()
    {
        ChecksModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto check = [](const QString &name, CheckState state) {
            return CheckResult{.name = name, .title = name, .state = state};
        };
        // As they come in, from several threads.
        model.setChecks(
            {check(u"invalid-indexes"_s, CheckState::Warning), check(u"run-lock"_s, CheckState::Passed),
             check(u"findings"_s, CheckState::Failed), check(u"connection"_s, CheckState::Passed),
             check(u"long-transactions"_s, CheckState::Warning),
             check(u"of a later version"_s, CheckState::Warning), check(u"git"_s, CheckState::Failed)},
            false);
        QCOMPARE(toText(model), u"git\nfindings\nlong-transactions\ninvalid-indexes\nof a later version\n"
                                "connection\nrun-lock"_s);
    }

    void choicesOfALine()
    {
        PlanChoicesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHistory(RevisionMap::build(sample::linearRevisions(4)).value_or(RevisionMap()),
                         toRevisionIds({u"r00003"_s}));
        QCOMPARE(toText(model),
                 u"One step back | Takes back: Change number 3 | 1 revision | kept\n"
                 "r00002 | Change number 2 | 1 revision | kept\n"
                 "r00001 | Change number 1 | 2 revisions | kept\n"
                 "r00000 | Change number 0 | 3 revisions | kept\n"
                 "base | Before the first revision: everything is taken back | 4 revisions | kept"_s);
        QCOMPARE(model.index(0, 0).data(PlanChoicesModel::TargetRole).toString(), u"-1"_s);
        QCOMPARE(model.rowOf(u"base"_s), 4);
        QCOMPARE(model.rowOf(u"nonsense"_s), -1);
    }

    void oneStepFromAMergeIsNamed()
    {
        PlanChoicesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHistory(managerMap(), toRevisionIds({u"90c2fd61b5ae"_s}));
        const QString target = model.index(0, 0).data(PlanChoicesModel::TargetRole).toString();
        QVERIFY2(target == "7b6a1e0c4f21"_L1 || target == "52ab7c9e8d10"_L1, qPrintable(target));
        QVERIFY(model.plan(0).has_value());
        QCOMPARE(model.plan(0)->steps.size(), 1);
        QVERIFY(model.index(0, 0).data(PlanChoicesModel::PossibleRole).toBool());
        const int base = model.rowOf(u"base"_s);
        QVERIFY(!model.index(base, 0).data(PlanChoicesModel::PossibleRole).toBool());
        QCOMPARE(model.index(base, PlanChoicesModel::Loss).data().toString(), u"1 irreversible"_s);
    }

    void branchesThatOnlyGoTogetherSaySo()
    {
        PlanChoicesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHistory(managerMap(), toRevisionIds({u"7b6a1e0c4f21"_s, u"52ab7c9e8d10"_s}));
        QCOMPARE(model.index(0, 0).data().toString(), u"Take back 7b6a1e0c4f21"_s);
        // Both come from one point: what a target would take back is not one revision.
        for (int row = 0; row < 2; ++row) {
            const QString target = model.index(row, 0).data(PlanChoicesModel::TargetRole).toString();
            const bool possible = model.index(row, 0).data(PlanChoicesModel::PossibleRole).toBool();
            QCOMPARE(possible, !target.isEmpty());
            if (possible)
                QCOMPARE(model.plan(row)->steps.size(), 1);
        }
        const int together = model.rowOf(u"d03f7a66c1e9"_s);
        QVERIFY(together >= 0);
        QCOMPARE(model.plan(together)->steps.size(), 2);
        QVERIFY(model.index(together, 0).data(PlanChoicesModel::DangerRole).toBool());
    }

    void nothingAppliedMeansNoChoice()
    {
        PlanChoicesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHistory(managerMap(), {});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestPlanModels)
#include "tst_planmodels.moc"
