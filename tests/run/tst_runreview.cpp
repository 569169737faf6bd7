// SPDX-License-Identifier: MIT
#include "migrations/review/reviewstore.h"
#include "migrations/run/rendering.h"
#include "migrations/run/reviewedsteps.h"
#include "migrations/run/runoutcome.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString ada = u"Ada Lovelace <ada@example.org>"_s;
const QString grace = u"Grace Hopper <grace@example.org>"_s;
const QString operatorName = u"Op Erator <op@example.org>"_s;

/// What is rendered now, as a review would cover it.
QHash<RevisionId, ReviewedTexts> textsNow(const RunFixture &fixture, const RunRequest &request)
{
    const auto access = TargetAccess::open(fixture.target(), {});
    const auto rendered =
        renderSteps(*access, bothWays(runSteps(request.plan), request.plan.direction), RenderOptions());
    if (!rendered)
        qFatal("%s", qPrintable(toText(rendered.error())));
    QHash<RevisionId, ReviewedTexts> texts;
    for (const PlanStep &step : request.plan.steps)
        texts.insert(step.revision,
                     reviewedTexts(step.revision, access->scripts.map, Renderings(*rendered), {}));
    return texts;
}

void approve(const RunFixture &fixture, const RunRequest &request, const QString &reviewer,
             const QList<AcceptedFinding> &accepted = {})
{
    const auto texts = textsNow(fixture, request);
    for (const auto &[id, text] : texts.asKeyValueRange()) {
        const auto path = ReviewStore(fixture.folder.path())
                              .add({.component = u"scratch"_s,
                                    .revision = id,
                                    .hashes = hashesOf(text),
                                    .reviewer = reviewer,
                                    .when = QDateTime::currentDateTimeUtc(),
                                    .accepted = accepted},
                                   text);
        if (!path)
            qFatal("%s", qPrintable(toText(path.error())));
    }
}

QHash<RevisionId, ReviewHashes> hashesNow(const RunFixture &fixture, const RunRequest &request)
{
    QHash<RevisionId, ReviewHashes> hashes;
    const auto texts = textsNow(fixture, request);
    for (const auto &[id, text] : texts.asKeyValueRange())
        hashes.insert(id, hashesOf(text));
    return hashes;
}

/// An upgrade that wants one approval.
RunRequest wantingApproval(RunRequest request, int approvals = 1)
{
    request.target.environment.approvals = approvals;
    request.runner = operatorName;
    return request;
}

void append(const QString &file, const QByteArray &text)
{
    writeFile(file, QByteArray(readFile(file) + text));
}

/// Empty if the run was refused because of a text that holds all the words, and nothing was changed.
QString notRefused(const RunFixture &fixture, const RunReport &report, const QStringList &words)
{
    if (report.outcome != Outcome::Refused || exitCode(report) != 7 || !report.error)
        return u"not refused: %1"_s.arg(report.summary);
    const QString text = toText(*report.error);
    for (const QString &word : words) {
        if (!text.contains(word))
            return u"no \"%1\" in: %2"_s.arg(word, text);
    }
    if (report.backup || fixture.hasTable(u"one"_s) || fixture.hasTable(u"alembic_version"_s))
        return u"something was changed"_s;
    return fixture.entry(report.journalId).outcome == Outcome::Refused ? QString() : u"the journal differs"_s;
}

} // namespace

class tst_RunReview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void whatIsApprovedRuns_data()
    {
        QTest::addColumn<int>("environment");
        QTest::newRow("psycopg2") << int(ScratchProject::SyncPsycopg2);
        QTest::newRow("psycopg 3") << int(ScratchProject::SyncPsycopg);
        QTest::newRow("asyncpg") << int(ScratchProject::AsyncAsyncpg);
    }
    void whatIsApprovedRuns()
    {
        QFETCH(int, environment);
        RunFixture fixture{static_cast<ScratchProject::Environment>(environment)};
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade());
        approve(fixture, request, ada, {{.key = u"a-rule@one"_s, .reason = u"new table"_s}});
        request.reviewed = hashesNow(fixture, request);
        request.accepted = {{RevisionId(u"bbbb1"_s), {{.key = u"b-rule@two"_s, .reason = u"at night"_s}}}};
        const RunReport report = fixture.run(request);
        QVERIFY2(report.outcome == Outcome::Done,
                 qPrintable(report.error ? toText(*report.error) : QString()));
        QVERIFY(fixture.hasTable(u"three"_s));

        const JournalEntry entry = fixture.entry(report.journalId);
        QVERIFY(!entry.emergency);
        QCOMPARE(entry.steps.size(), 3);
        const JournalAcceptance reviewed{.finding = u"a-rule@one"_s, .reason = u"new table"_s, .by = ada};
        const JournalAcceptance own{.finding = u"b-rule@two"_s, .reason = u"at night"_s, .by = operatorName};
        for (const JournalStep &step : entry.steps) {
            QCOMPARE(step.signOff.approvedBy, QStringList{ada});
            QCOMPARE(step.signOff.sqlHash, request.reviewed.value(step.revision).upgrade);
        }
        QCOMPARE(entry.steps[0].signOff.accepted, QList{reviewed});
        QCOMPARE(entry.steps[1].signOff.accepted, (QList{own, reviewed}));
    }

    void aFileThatChangedIsRefused()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade());
        approve(fixture, request, ada);
        append(fixture.project.versionsDirectory() + u"/bbbb1_.py"_s, "# changed\n");
        QCOMPARE(notRefused(fixture, fixture.run(request), {u"bbbb1"_s, u"Ada Lovelace"_s, u"its file"_s}),
                 QString());
        // Reviewed again it runs.
        approve(fixture, request, grace);
        QCOMPARE(fixture.run(request).outcome, Outcome::Done);
    }

    void sqlThatChangedInAnotherFileIsRefused_data()
    {
        QTest::addColumn<bool>("inEnvironment");
        QTest::newRow("an imported file") << false;
        QTest::newRow("env.py") << true;
    }
    void sqlThatChangedInAnotherFileIsRefused()
    {
        QFETCH(bool, inEnvironment);
        RunFixture fixture;
        const QString imported = fixture.project.directory() + u"/names.py"_s;
        writeFile(imported, u"TABLE = 'one'\n"_s);
        fixture.addFile(u"aaaa1"_s, {},
                        u"import names\nop.execute('CREATE TABLE %s (id int)' % names.TABLE)"_s,
                        u"import names\nop.execute('DROP TABLE %s' % names.TABLE)"_s);
        RunRequest request = wantingApproval(fixture.upgrade());
        approve(fixture, request, ada);
        RunRequest shown = fixture.upgrade();
        shown.reviewed = hashesNow(fixture, shown);
        if (inEnvironment)
            writeFile(fixture.project.envFile(), QByteArray("import names\nnames.TABLE = 'other'\n" +
                                                            readFile(fixture.project.envFile())));
        else
            writeFile(imported, u"TABLE = 'another'\n"_s);
        QCOMPARE(notRefused(fixture, fixture.run(request),
                            {u"aaaa1"_s, u"the SQL of both directions changed"_s, u"The file is the same"_s}),
                 QString());
        QCOMPARE(notRefused(fixture, fixture.run(shown),
                            {u"aaaa1 is not what was shown: the SQL of both directions changed"_s,
                             u"The file is the same"_s}),
                 QString());
        QVERIFY(!fixture.hasTable(u"other"_s) && !fixture.hasTable(u"another"_s));
    }

    void whatWasShownIsWhatRuns()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade();
        request.reviewed = hashesNow(fixture, request);
        append(fixture.project.versionsDirectory() + u"/cccc1_.py"_s, "# changed\n");
        QCOMPARE(
            notRefused(fixture, fixture.run(request), {u"cccc1 is not what was shown: its file changed"_s}),
            QString());
        request.reviewed = hashesNow(fixture, request);
        QCOMPARE(fixture.run(request).outcome, Outcome::Done);
    }

    void theBackupIsNotMadeForWhatIsRefused()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade());
        request.backup = BackupChoice::Dump;
        request.backupDirectory = fixture.folder.filePath(u"backups"_s);
        QCOMPARE(notRefused(fixture, fixture.run(request), {u"aaaa1 is not approved"_s}), QString());
        QVERIFY(!QFile::exists(request.backupDirectory));
    }

    /// A file that changes while the backup is made is seen before the first statement.
    void aFileThatChangesDuringTheBackupIsRefused()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade());
        approve(fixture, request, ada);
        request.backup = BackupChoice::Dump;
        request.backupDirectory = fixture.folder.filePath(u"backups"_s);
        const RunReport report = fixture.run(request, [&](const RunEvent &event) {
            if (event.type == RunEvent::PhaseStarted && event.phase == RunPhase::Backup)
                append(fixture.project.versionsDirectory() + u"/cccc1_.py"_s, "# changed\n");
        });
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY2(report.error->message.contains(u"cccc1"_s), qPrintable(report.error->message));
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    void approvalsThatAreNotEnough_data()
    {
        QTest::addColumn<QStringList>("reviewers");
        QTest::addColumn<int>("required");
        QTest::addColumn<QString>("message");
        QTest::newRow("none") << QStringList() << 1 << u"aaaa1 is not approved"_s;
        QTest::newRow("one's own") << QStringList{operatorName} << 1 << u"Your own does not count"_s;
        QTest::newRow("one of two") << QStringList{ada} << 2
                                    << u"aaaa1 has 1 of 2 approvals (Ada Lovelace)"_s;
        QTest::newRow("the same one twice") << QStringList{ada, ada} << 2 << u"1 of 2"_s;
        QTest::newRow("one and one's own") << QStringList{ada, operatorName} << 2 << u"1 of 2"_s;
    }
    void approvalsThatAreNotEnough()
    {
        QFETCH(QStringList, reviewers);
        QFETCH(int, required);
        QFETCH(QString, message);
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade(u"aaaa1"_s), required);
        for (const QString &reviewer : reviewers)
            approve(fixture, request, reviewer);
        QCOMPARE(notRefused(fixture, fixture.run(request), {message}), QString());
        approve(fixture, request, grace);
        if (reviewers.size() < required || reviewers.contains(ada)) {
            QCOMPARE(fixture.run(request).outcome,
                     required == 2 && !reviewers.contains(ada) ? Outcome::Refused : Outcome::Done);
        }
    }

    void aRejectionCounts()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade(u"aaaa1"_s));
        approve(fixture, request, ada);
        const ReviewedTexts texts = textsNow(fixture, request).value(RevisionId(u"aaaa1"_s));
        QVERIFY(ReviewStore(fixture.folder.path())
                    .add({.component = u"scratch"_s,
                          .revision = RevisionId(u"aaaa1"_s),
                          .hashes = hashesOf(texts),
                          .verdict = Verdict::Rejected,
                          .reviewer = grace,
                          .when = QDateTime::currentDateTimeUtc()},
                         texts)
                    .has_value());
        QCOMPARE(notRefused(fixture, fixture.run(request), {u"aaaa1 was rejected by Grace Hopper"_s}),
                 QString());
    }

    /// The SQL of a revision that reads the database is not known: its file is approved.
    void whatCannotBeRenderedIsApprovedByItsFile()
    {
        RunFixture fixture;
        fixture.addFile(u"aaaa1"_s, {},
                        u"if op.get_bind().execute(sa.text('SELECT 1')).scalar() == 1:\n"
                        "    op.execute('CREATE TABLE one (id int)')"_s,
                        u"op.execute('DROP TABLE one')"_s);
        RunRequest request = wantingApproval(fixture.upgrade());
        approve(fixture, request, ada);
        QVERIFY(hashesNow(fixture, request).value(RevisionId(u"aaaa1"_s)).upgrade.isEmpty());
        const QString file = fixture.project.versionsDirectory() + u"/aaaa1_.py"_s;
        const QByteArray before = readFile(file);
        append(file, "# changed\n");
        QCOMPARE(notRefused(fixture, fixture.run(request), {u"aaaa1"_s, u"its file"_s}), QString());
        writeFile(file, before);
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(fixture.entry(report.journalId).steps[0].signOff,
                 (JournalSignOff{.approvedBy = {ada}, .sqlHash = {}}));
    }

    void aRollbackWantsApprovalButNotInAnEmergency()
    {
        RunFixture fixture;
        fixture.addThree();
        QCOMPARE(fixture.run(fixture.upgrade()).outcome, Outcome::Done);
        RunRequest request = wantingApproval(fixture.downgrade(u"-1"_s));
        RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY(fixture.hasTable(u"three"_s));

        request.emergency = true;
        report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Done);
        QVERIFY(!fixture.hasTable(u"three"_s));
        QVERIFY(fixture.entry(report.journalId).emergency);

        RunRequest again = wantingApproval(fixture.downgrade(u"-1"_s));
        approve(fixture, again, ada);
        report = fixture.run(again);
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(fixture.entry(report.journalId).steps[0].signOff.approvedBy, QStringList{ada});
    }

    void anUpgradeIsNoEmergency()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = wantingApproval(fixture.upgrade());
        request.emergency = true;
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Refused);
        QVERIFY(!fixture.hasTable(u"alembic_version"_s));
    }

    /// An approval of all three, made from an empty database, counts for the rest, planned from a row; and
    /// for the way down.
    void anApprovalHoldsFromOtherRows()
    {
        RunFixture fixture;
        fixture.addThree();
        approve(fixture, fixture.upgrade(), ada);
        QCOMPARE(fixture.run(wantingApproval(fixture.upgrade(u"aaaa1"_s))).outcome, Outcome::Done);
        QCOMPARE(fixture.run(wantingApproval(fixture.upgrade())).outcome, Outcome::Done);
        QCOMPARE(fixture.run(wantingApproval(fixture.downgrade(u"base"_s))).outcome, Outcome::Done);
        QVERIFY(!fixture.hasTable(u"one"_s));
    }

    void acceptancesAreKeptWithoutAnyReview()
    {
        RunFixture fixture;
        fixture.addThree();
        RunRequest request = fixture.upgrade(u"aaaa1"_s);
        request.runner = operatorName;
        request.accepted = {{RevisionId(u"aaaa1"_s), {{.key = u"a@one"_s, .reason = u"at night"_s}}}};
        const RunReport report = fixture.run(request);
        QCOMPARE(report.outcome, Outcome::Done);
        QCOMPARE(fixture.entry(report.journalId).steps[0].signOff,
                 (JournalSignOff{
                     .accepted = {{.finding = u"a@one"_s, .reason = u"at night"_s, .by = operatorName}}}));
    }
};

QTEST_GUILESS_MAIN(tst_RunReview)
#include "tst_runreview.moc"
