// SPDX-License-Identifier: MIT
// What the journal knows: files that changed after they were applied, runs that never ended.

#include "tests/preflight/preflightfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString editedName = u"edited-after-applied"_s;
const QString unfinishedName = u"unfinished-runs"_s;

PreflightRequest withJournal(const PreflightFixture &fixture)
{
    return {
        .target = fixture.target(), .plan = {}, .proveDatabase = false, .journal = fixture.journal->path()};
}

QString fileOf(const PreflightFixture &fixture, const QString &id)
{
    return u"%1/%2_.py"_s.arg(fixture.project.versionsDirectory(), id);
}

} // namespace

class tst_JournalChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void withoutAJournal()
    {
        PreflightFixture fixture;
        fixture.addThree();
        PreflightRequest request = withJournal(fixture);
        request.journal.clear();
        QVERIFY(!isAmong(runPreflight(request), editedName));
        QVERIFY(!isAmong(runPreflight(request), unfinishedName));
        request.journal = fixture.folder.filePath(u"none/journal.sqlite"_s);
        QCOMPARE(found(request, editedName).state, CheckState::Passed);
        QCOMPARE(found(request, unfinishedName).state, CheckState::Passed);
        QVERIFY(!QFile::exists(request.journal)); // looking makes none
    }

    void aFileEditedAfterwards()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = withJournal(fixture);
        QCOMPARE(fixture.run(fixture.upgrade(u"bbbb1"_s)).outcome, Outcome::Done);
        const CheckResult clean = found(request, editedName);
        QVERIFY2(clean.state == CheckState::Passed && clean.text == u"2 files are as when applied"_s,
                 shown(clean));

        // Not applied yet: everybody may edit it.
        writeFile(fileOf(fixture, u"cccc1"_s),
                  QByteArray(readFile(fileOf(fixture, u"cccc1"_s)) + "# more\n"));
        QCOMPARE(found(request, editedName).state, CheckState::Passed);

        const QByteArray before = readFile(fileOf(fixture, u"bbbb1"_s));
        writeFile(fileOf(fixture, u"bbbb1"_s), QByteArray(before).replace("two", "zwei"));
        const CheckResult check = found(request, editedName);
        QVERIFY2(check.state == CheckState::Warning && check.text == u"edited since applied here: bbbb1"_s,
                 shown(check));
        QVERIFY2(check.details.size() == 1 && check.details[0].contains(u"not known"_s), shown(check));

        // Taken back, it is nobody's business any more; applied again, the new text counts.
        QCOMPARE(fixture.run(fixture.downgrade(u"aaaa1"_s)).outcome, Outcome::FailedRolledBack);
        fixture.execute(u"ALTER TABLE two RENAME TO zwei"_s);
        QCOMPARE(fixture.run(fixture.downgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        QCOMPARE(found(request, editedName).state, CheckState::Passed);
        QCOMPARE(fixture.run(fixture.upgrade(u"bbbb1"_s)).outcome, Outcome::Done);
        QCOMPARE(found(request, editedName).state, CheckState::Passed);
    }

    void gitGivesTheDifference()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const QString folder = fixture.project.directory();
        git(folder, {u"init"_s, u"-q"_s});
        git(folder, {u"add"_s, u"-A"_s});
        git(folder, {u"commit"_s, u"-qm"_s, u"First"_s});
        QCOMPARE(fixture.run(fixture.upgrade(u"aaaa1"_s)).outcome, Outcome::Done);
        const QString file = fileOf(fixture, u"aaaa1"_s);
        writeFile(file, QByteArray(readFile(file)).replace("CREATE TABLE one", "CREATE TABLE eins"));
        git(folder, {u"commit"_s, u"-qam"_s, u"Edit"_s}); // committed or not, it is not what ran
        const CheckResult check = found(withJournal(fixture), editedName);
        QVERIFY2(check.state == CheckState::Warning, shown(check));
        QVERIFY2(check.details.contains(u"-    op.execute('CREATE TABLE one (id int)')"_s) &&
                     check.details.contains(u"+    op.execute('CREATE TABLE eins (id int)')"_s),
                 shown(check));
        QVERIFY2(check.details.first().contains(u"aaaa1_.py as applied"_s), shown(check));
    }

    void runsThatNeverEnded()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const PreflightRequest request = withJournal(fixture);
        QCOMPARE(found(request, unfinishedName).state, CheckState::Passed);
        JournalEntry entry{.kind = RunKind::Upgrade,
                           .target = fixture.target().id,
                           .workspace = fixture.folder.path(),
                           .who = u"op@elsewhere"_s,
                           .asked = u"head"_s};
        const auto first = fixture.journal->begin(entry);
        QVERIFY(first);
        const CheckResult check = found(request, unfinishedName);
        QVERIFY2(check.state == CheckState::Warning && check.details.size() == 1, shown(check));
        QVERIFY2(check.details[0].contains(u"op@elsewhere"_s) &&
                     check.details[0].contains(u"upgrade to head"_s),
                 shown(check));

        QVERIFY(fixture.journal->finish(*first, Outcome::Unknown, {}, u"The link was lost."_s));
        QVERIFY2(found(request, unfinishedName).details[0].contains(u"outcome is not known"_s),
                 shown(found(request, unfinishedName)));
        QVERIFY(fixture.journal->finish(*first, Outcome::Done, {}, u"Done."_s));
        QCOMPARE(found(request, unfinishedName).state, CheckState::Passed);

        entry.target.environment = u"another"_s;
        QVERIFY(fixture.journal->begin(entry));
        QCOMPARE(found(request, unfinishedName).state, CheckState::Passed);
    }
};

QTEST_GUILESS_MAIN(tst_JournalChecks)
#include "tst_journalchecks.moc"
