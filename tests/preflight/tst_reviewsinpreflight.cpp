// SPDX-License-Identifier: MIT
// Findings and approvals, as the checks before a run tell them.

#include "migrations/review/reviewstore.h"
#include "tests/preflight/preflightfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// A table, and an index on it that blocks writes: harmless as long as the table is new.
void addTableAndIndex(PreflightFixture &fixture)
{
    fixture.addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s,
                    u"op.execute('DROP TABLE one')"_s);
    fixture.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE INDEX one_id ON one (id)')"_s,
                    u"op.execute('DROP INDEX one_id')"_s);
}

/// Rendered by the project's own Alembic and linted against the database, as an operator's plan is.
Result<QList<StepReview>> reviewsOf(const PreflightFixture &fixture, const Plan &plan)
{
    const auto access = TargetAccess::open(fixture.target(), {});
    const auto session = DatabaseSession::open(fixture.database.settings, {});
    if (!access || !session)
        return std::unexpected(access ? session.error() : access.error());
    Workspace workspace{.directory = fixture.folder.path(),
                        .name = {},
                        .components = {},
                        .environments = {},
                        .lint = {},
                        .warnings = {}};
    workspace.lint.smallBytes = 0;
    workspace.lint.smallRows = 0;
    const auto lint = lintOptions(fixture.target(), &workspace, **session);
    if (!lint)
        return std::unexpected(lint.error());
    return reviewSteps(*access, fixture.target(), runSteps(plan), plan.direction,
                       {.workspaceDirectory = fixture.folder.path(),
                        .runner = u"Op <op@example.org>"_s,
                        .lint = *lint,
                        .refresh = true,
                        .stop = {},
                        .progress = {}});
}

void approve(const PreflightFixture &fixture, const StepReview &review,
             const QList<AcceptedFinding> &accepted)
{
    const auto path = ReviewStore(fixture.folder.path())
                          .add({.component = u"scratch"_s,
                                .revision = review.revision,
                                .hashes = review.hashes,
                                .verdict = Verdict::Approved,
                                .reviewer = u"Ada Lovelace <ada@example.org>"_s,
                                .when = QDateTime::currentDateTimeUtc(),
                                .comment = {},
                                .accepted = accepted},
                               review.texts);
    if (!path)
        qFatal("%s", qPrintable(toText(path.error())));
}

} // namespace

class tst_ReviewsInPreflight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void findingsAndApprovals()
    {
        PreflightFixture fixture;
        addTableAndIndex(fixture);
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        PreflightRequest request = fixture.request();
        request.target.environment.approvals = 1;
        request.target.environment.findings = FindingsPolicy::Block;
        request.reviews = [&] { return reviewsOf(fixture, request.plan); };
        QList<CheckResult> checks = runPreflight(request);
        QCOMPARE(found(checks, u"findings"_s).state, CheckState::Failed);
        QVERIFY2(found(checks, u"findings"_s).text.contains(u"index-not-concurrent on one (bbbb1)"_s),
                 shown(found(checks, u"findings"_s)));
        QCOMPARE(found(checks, u"approvals"_s).state, CheckState::Failed);
        QCOMPARE(found(checks, u"approvals"_s).text, u"0 of 1 revision approved; bbbb1 is not approved"_s);

        PreflightRequest accepting = request;
        const QList<StepReview> reviews = reviewsOf(fixture, request.plan).value();
        const auto finding =
            std::ranges::find(reviews[0].lint.findings, u"index-not-concurrent"_s, &Finding::rule);
        QVERIFY(finding != reviews[0].lint.findings.end());
        const AcceptedFinding accepted{.key = findingKey(*finding), .reason = u"at night"_s};
        accepting.accepted.insert(reviews[0].revision, {accepted});
        QCOMPARE(found(accepting, u"findings"_s).state, CheckState::Passed);

        approve(fixture, reviews[0], {accepted});
        checks = runPreflight(request);
        QCOMPARE(found(checks, u"findings"_s).state, CheckState::Passed);
        QCOMPARE(found(checks, u"approvals"_s).state, CheckState::Passed);
        QCOMPARE(found(checks, u"approvals"_s).text, u"1 of 1 revision approved by Ada Lovelace"_s);

        const QString file = fixture.project.versionsDirectory() + u"/bbbb1_.py"_s;
        writeFile(file, QByteArray(readFile(file) + "# changed\n"));
        checks = runPreflight(request);
        QCOMPARE(found(checks, u"approvals"_s).state, CheckState::Failed);
        QCOMPARE(
            found(checks, u"approvals"_s).text,
            u"0 of 1 revision approved; bbbb1 is not approved; since Ada Lovelace approved it, its file changed"_s);

        request.reviews = [&] { return reviews; }; // as they were before the approval
        checks = runPreflight(request);
        QVERIFY(found(checks, u"approvals"_s).text.endsWith(u"bbbb1 is not approved"_s));
    }

    void anEmergencyWarns()
    {
        PreflightFixture fixture;
        addTableAndIndex(fixture);
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        PreflightRequest request = fixture.request();
        request.plan = fixture.downgrade(u"-1"_s).plan;
        request.target.environment.approvals = 1;
        request.reviews = [&] { return reviewsOf(fixture, request.plan); };
        QCOMPARE(found(request, u"approvals"_s).state, CheckState::Failed);
        request.emergency = true;
        QCOMPARE(found(request, u"approvals"_s).state, CheckState::Warning);
    }

    void reviewsThatCannotBeMade()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = fixture.request();
        request.reviews = []() -> Result<QList<StepReview>> {
            return failure(ErrorKind::PythonMissing, u"There is no Python."_s, u"Install it."_s,
                           u"line 1\nline 2"_s);
        };
        QList<CheckResult> results = runPreflight(request);
        const CheckResult findings = found(results, u"findings"_s);
        QVERIFY2(findings.state == CheckState::Failed && findings.text == u"There is no Python."_s &&
                     findings.details.size() == 2,
                 shown(findings));
        QVERIFY(!isAmong(results, u"approvals"_s)); // nobody asks for any here
        QVERIFY(!isAmong(results, diskSpace));
        QCOMPARE(found(results, u"long-transactions"_s).state, CheckState::Passed);
        request.target.environment.approvals = 2;
        QCOMPARE(found(request, u"approvals"_s).state, CheckState::Failed);
    }

    void withoutAnybodyToAsk()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QList<CheckResult> results = runPreflight(fixture.request());
        QVERIFY(!isAmong(results, u"findings"_s));
        QVERIFY(!isAmong(results, u"approvals"_s));
    }

private:
    const QString diskSpace = u"disk-space"_s;
};

QTEST_GUILESS_MAIN(tst_ReviewsInPreflight)
#include "tst_reviewsinpreflight.moc"
