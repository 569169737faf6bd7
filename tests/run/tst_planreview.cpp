// SPDX-License-Identifier: MIT
#include "migrations/run/planreview.h"

#include "migrations/review/reviewstore.h"
#include "migrations/run/reviewchecks.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString ada = u"Ada Lovelace <ada@example.org>"_s;

const RevisionId first(u"aaaa1"_s);
const RevisionId second(u"bbbb1"_s);

/// A table, and an index on it that blocks writes: harmless as long as the table is new.
void addTableAndIndex(RunFixture &fixture)
{
    fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s,
                    u"op.execute('DROP TABLE one')"_s);
    fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE INDEX one_id ON one (id)')"_s,
                    u"op.execute('DROP INDEX one_id')"_s);
}

QList<StepReview> reviewed(const RunFixture &fixture, const RunRequest &request,
                           const PlanReviewOptions &options)
{
    const auto access = TargetAccess::open(fixture.target(), {});
    auto reviews =
        reviewSteps(*access, request.target, runSteps(request.plan), request.plan.direction, options);
    if (!reviews)
        qFatal("%s", qPrintable(toText(reviews.error())));
    return *std::move(reviews);
}

PlanReviewOptions optionsFor(const RunFixture &fixture)
{
    return {.workspaceDirectory = fixture.folder.path(),
            .runner = u"Op <op@example.org>"_s,
            .lint = lintOptions(fixture.target(), nullptr),
            .refresh = true};
}

void approve(const RunFixture &fixture, const StepReview &review, const QList<AcceptedFinding> &accepted = {},
             Verdict verdict = Verdict::Approved, const QString &reviewer = ada)
{
    const auto path = ReviewStore(fixture.folder.path())
                          .add({.component = u"scratch"_s,
                                .revision = review.revision,
                                .hashes = review.hashes,
                                .verdict = verdict,
                                .reviewer = reviewer,
                                .when = QDateTime::currentDateTimeUtc(),
                                .accepted = accepted},
                               review.texts);
    if (!path)
        qFatal("%s", qPrintable(toText(path.error())));
}

const Finding *findingOf(const StepReview &review, const QString &rule)
{
    const auto found = std::ranges::find(review.lint.findings, rule, &Finding::rule);
    return found == review.lint.findings.end() ? nullptr : &*found;
}

const QString indexRule = u"index-not-concurrent"_s;

} // namespace

class tst_PlanReview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void showsBothWays()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        const QList<StepReview> reviews = reviewed(fixture, fixture.upgrade(), optionsFor(fixture));
        QCOMPARE(reviews.size(), 2);
        QCOMPARE(reviews[0].revision, first);
        QCOMPARE(reviews[0].texts.upgrade, u"CREATE TABLE one (id int);\n"_s);
        QCOMPARE(reviews[0].texts.downgrade, u"DROP TABLE one;\n"_s);
        QVERIFY(reviews[0].texts.file.contains(u"revision = \"aaaa1\""_s));
        QCOMPARE(reviews[0].hashes, hashesOf(reviews[0].texts));
        QVERIFY(reviews[0].sql.sql.contains(u"alembic_version"_s));
        QCOMPARE(reviews[0].signOff.state, SignOff::None);
        QCOMPARE(reviews[1].sql.direction, Direction::Upgrade);
    }

    void hashesDoNotDependOnTheRows()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        const QList<StepReview> whole = reviewed(fixture, fixture.upgrade(), optionsFor(fixture));
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        const QList<StepReview> down = reviewed(fixture, fixture.downgrade(u"base"_s), optionsFor(fixture));
        QCOMPARE(down[0].revision, second);
        QCOMPARE(down[0].hashes, whole[1].hashes);
        QCOMPARE(down[1].hashes, whole[0].hashes);
        QCOMPARE(down[0].sql.direction, Direction::Downgrade);
    }

    void theStepsAreLintedInOrder()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        const QList<StepReview> both = reviewed(fixture, fixture.upgrade(), optionsFor(fixture));
        QVERIFY(!findingOf(both[1], indexRule)); // nobody uses the new table
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const QList<StepReview> alone = reviewed(fixture, fixture.upgrade(), optionsFor(fixture));
        QCOMPARE(alone.size(), 1);
        const Finding *finding = findingOf(alone[0], indexRule);
        QVERIFY(finding && !finding->accepted);
        QCOMPARE(alone[0].lint.blockingCount(), 1);
        QCOMPARE(alone[0].tableBytes.size(), alone[0].lint.tables().size());
    }

    void currentApprovalsAcceptFindings()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const RunRequest request = fixture.upgrade();
        QList<StepReview> reviews = reviewed(fixture, request, optionsFor(fixture));
        const Finding *finding = findingOf(reviews[0], indexRule);
        QVERIFY(finding);
        approve(fixture, reviews[0], {{.key = findingKey(*finding), .reason = u"at night"_s}});
        reviews = reviewed(fixture, request, optionsFor(fixture));
        QCOMPARE(findingOf(reviews[0], indexRule)->accepted,
                 (Acceptance{.where = Acceptance::Review, .reason = u"at night"_s, .by = ada}));
        QCOMPARE(reviews[0].lint.blockingCount(), 0);
        QCOMPARE(reviews[0].signOff.state, SignOff::Approved);

        const QString file = fixture.project.versionsDirectory() + u"/bbbb1_.py"_s;
        writeFile(file, QByteArray(readFile(file) + "# changed\n"));
        reviews = reviewed(fixture, request, optionsFor(fixture));
        QVERIFY(!findingOf(reviews[0], indexRule)->accepted);
        QCOMPARE(reviews[0].signOff.state, SignOff::Stale);
        const ReviewedTexts before = ReviewStore(fixture.folder.path()).texts(*reviews[0].signOff.stale);
        QCOMPARE(QString(before.file + u"# changed\n"_s), reviews[0].texts.file);
    }

    void brokenReviewFilesAreNamed()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        writeFile(fixture.folder.filePath(u".stepwell/reviews/scratch/aaaa1/x.json"_s),
                  u"<<<<<<< HEAD\n{}"_s);
        const QList<StepReview> reviews = reviewed(fixture, fixture.upgrade(), optionsFor(fixture));
        QCOMPARE(reviews[0].warnings.size(), 1);
        QCOMPARE(reviews[1].warnings, QStringList());
    }

    void withoutADatabaseAndWithoutPython()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        const auto access = TargetAccess::open(fixture.target(), {});
        const QList<RenderedSql> rendered{
            {.revision = first, .sql = u"CREATE TABLE one (id int);\n"_s},
            {.revision = first, .direction = Direction::Downgrade, .problem = u"RuntimeError: never"_s}};
        const QList<RunStep> steps{{.revision = first, .from = {}, .to = {first}},
                                   {.revision = second, .from = {first}, .to = {second}}};
        const auto reviews = reviewRendered(rendered, access->scripts.map, fixture.target(), steps,
                                            Direction::Upgrade, optionsFor(fixture));
        QVERIFY(reviews.has_value());
        QCOMPARE(reviews->at(0).texts.upgrade, u"CREATE TABLE one (id int);\n"_s);
        QVERIFY(reviews->at(0).hashes.downgrade.isEmpty());
        QVERIFY(!reviews->at(0).isKnownOnlyByRehearsal());
        QVERIFY(reviews->at(1).isKnownOnlyByRehearsal());
        QVERIFY(!reviews->at(1).hashes.file.isEmpty());
    }

    void aStopEndsIt()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        std::stop_source stop;
        stop.request_stop();
        PlanReviewOptions options = optionsFor(fixture);
        options.stop = stop.get_token();
        const auto access = TargetAccess::open(fixture.target(), {});
        const auto reviews = reviewSteps(*access, fixture.target(), runSteps(fixture.upgrade().plan),
                                         Direction::Upgrade, options);
        QVERIFY(!reviews);
        QCOMPARE(reviews.error().kind, ErrorKind::Cancelled);
    }

    void optionsFollowTheWorkspace()
    {
        Target target;
        target.environment.statementTimeout = std::chrono::seconds(1);
        Workspace workspace;
        workspace.lint = {.ignored = {{.rule = u"*"_s, .relation = u"t"_s, .reason = u"r"_s}},
                          .smallBytes = 5,
                          .smallRows = 6};
        const LintOptions options = lintOptions(target, &workspace);
        QCOMPARE(options.smallBytes, 5);
        QCOMPARE(options.smallRows, 6);
        QCOMPARE(options.ignored,
                 (QList<RuleSetting>{{.rule = u"*"_s, .relation = u"t"_s, .reason = u"r"_s}}));
        QVERIFY(options.lockTimeoutIsSet && options.statementTimeoutIsSet);
        target.environment.lockTimeout = {};
        QVERIFY(!lintOptions(target, nullptr).lockTimeoutIsSet);
    }

    void theDatabaseTellsItsSchema()
    {
        RunFixture fixture;
        TestCluster::instance().execute(fixture.database.name, u"CREATE TABLE known (id int)"_s);
        auto session = DatabaseSession::open(fixture.database.settings, {});
        QVERIFY(session.has_value());
        const auto options = lintOptions(fixture.target(), nullptr, **session);
        QVERIFY2(options, qPrintable(options ? QString() : toText(options.error())));
        QCOMPARE(options->serverVersion, (*session)->serverVersion() / 10000);
        QVERIFY(options->catalogue.isFromDatabase);
        QVERIFY(options->catalogue.find({.name = u"known"_s}));
    }

    void checksOfFindings_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<bool>("emergency");
        QTest::addColumn<bool>("isAccepted");
        QTest::addColumn<int>("state");
        using Policy = FindingsPolicy;
        QTest::newRow("block") << int(Policy::Block) << false << false << int(CheckState::Failed);
        QTest::newRow("warn") << int(Policy::Warn) << false << false << int(CheckState::Warning);
        QTest::newRow("off") << int(Policy::Off) << false << false << int(CheckState::Passed);
        QTest::newRow("accepted here") << int(Policy::Block) << false << true << int(CheckState::Passed);
        QTest::newRow("emergency") << int(Policy::Block) << true << false << int(CheckState::Warning);
    }
    void checksOfFindings()
    {
        QFETCH(int, policy);
        QFETCH(bool, emergency);
        QFETCH(bool, isAccepted);
        QFETCH(int, state);
        StepReview review{.revision = first};
        review.lint.findings = {
            {.rule = indexRule, .severity = Severity::BlocksWrites, .relation = {.name = u"one"_s}},
            {.rule = u"mild"_s, .severity = Severity::Advice, .relation = {.name = u"one"_s}},
            {.rule = u"known"_s,
             .severity = Severity::BlocksReads,
             .relation = {.name = u"one"_s},
             .accepted = Acceptance{.reason = u"r"_s}}};
        QHash<RevisionId, QList<AcceptedFinding>> accepted;
        if (isAccepted)
            accepted.insert(first, {{.key = findingKey(review.lint.findings[0]), .reason = u"r"_s}});
        Environment environment;
        environment.findings = FindingsPolicy(policy);
        const CheckResult check = findingsCheck({review}, environment, accepted, emergency);
        QCOMPARE(int(check.state), state);
        QCOMPARE(check.title, u"Findings accepted"_s);
        if (check.state != CheckState::Passed)
            QCOMPARE(check.text,
                     u"1 blocking finding not accepted yet: index-not-concurrent on one (aaaa1)"_s);
    }

    void aRejectionIsAWarningWhereNoApprovalIsAskedFor()
    {
        RunFixture fixture;
        addTableAndIndex(fixture);
        const RunRequest request = fixture.upgrade(u"aaaa1"_s);
        QList<StepReview> reviews = reviewed(fixture, request, optionsFor(fixture));
        CheckResult check = approvalsCheck(reviews, {}, false);
        QCOMPARE(check.state, CheckState::Passed);
        QCOMPARE(check.text, u"none asked for here"_s);
        approve(fixture, reviews[0], {}, Verdict::Rejected);
        reviews = reviewed(fixture, request, optionsFor(fixture));
        check = approvalsCheck(reviews, {}, false);
        QCOMPARE(check.state, CheckState::Warning);
        QVERIFY(check.text.contains(u"aaaa1 was rejected by Ada Lovelace"_s));
        Environment strict;
        strict.approvals = 1;
        QCOMPARE(approvalsCheck(reviews, strict, false).state, CheckState::Failed);
        QCOMPARE(approvalsCheck(reviews, strict, true).state, CheckState::Warning);
    }
};

QTEST_GUILESS_MAIN(tst_PlanReview)
#include "tst_planreview.moc"
