// SPDX-License-Identifier: MIT
// What git knows of the files: real repositories, with branches and a remote.

#include "tests/preflight/preflightfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString gitName = u"git"_s;
const QString currentName = u"current-known"_s;

void commitAll(const QString &folder, const QString &message)
{
    git(folder, {u"add"_s, u"-A"_s});
    git(folder, {u"commit"_s, u"-qm"_s, message});
}

/// A project in a repository, committed.
class Repository : public PreflightFixture
{
public:
    Repository()
    {
        addFile(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s);
        git(path(), {u"init"_s, u"-q"_s});
        commitAll(path(), u"First"_s);
    }
    [[nodiscard]] QString path() const { return project.directory(); }
    [[nodiscard]] CheckResult check() const { return found(request(), gitName); }
};

} // namespace

class tst_GitChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void outsideOfARepository()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const CheckResult check = found(fixture.request(), gitName);
        QVERIFY2(check.state == CheckState::Passed && check.text == u"not in git"_s, shown(check));
    }

    void aCleanBranch()
    {
        const Repository repository;
        const CheckResult check = repository.check();
        QVERIFY2(check.state == CheckState::Passed && check.text.startsWith(u"main at "_s), shown(check));
        // Looking leaves git's own files as they are.
        QVERIFY(git(repository.path(), {u"status"_s, u"--porcelain"_s}).isEmpty());
    }

    void whatIsNotCommitted()
    {
        Repository repository;
        writeFile(repository.project.directory() + u"/notes.txt"_s, QByteArray("of no concern"));
        writeFile(repository.project.versionsDirectory() + u"/__pycache__/aaaa1_.cpython-313.pyc"_s,
                  QByteArray("x"));
        const CheckResult clean = repository.check();
        QVERIFY2(clean.state == CheckState::Passed, shown(clean));

        writeFile(repository.project.envFile(), QByteArray(readFile(repository.project.envFile()) + "# x\n"));
        repository.addFile(u"bbbb1"_s, u"aaaa1"_s, u"pass"_s);
        const CheckResult check = repository.check();
        QVERIFY2(check.state == CheckState::Warning &&
                     check.text.startsWith(u"2 changes are not committed"_s),
                 shown(check));
        QVERIFY2(check.details.contains(u"  modified migrations/env.py"_s) &&
                     check.details.contains(u"  not in git migrations/versions/bbbb1_.py"_s),
                 shown(check));
    }

    void aDetachedHead()
    {
        const Repository repository;
        git(repository.path(), {u"checkout"_s, u"-q"_s, u"--detach"_s});
        const CheckResult check = repository.check();
        QVERIFY2(check.state == CheckState::Warning && check.text.contains(u"detached HEAD at "_s),
                 shown(check));
        git(repository.path(), {u"tag"_s, u"v1"_s});
        const CheckResult tagged = repository.check();
        QVERIFY2(tagged.state == CheckState::Passed && tagged.text.startsWith(u"the tag v1"_s),
                 shown(tagged));
    }

    void behindAndAhead()
    {
        Repository repository;
        const QTemporaryDir remote;
        git(remote.path(), {u"init"_s, u"-q"_s, u"--bare"_s});
        git(repository.path(), {u"remote"_s, u"add"_s, u"origin"_s, remote.path()});
        git(repository.path(), {u"push"_s, u"-qu"_s, u"origin"_s, u"main"_s});
        const CheckResult same = repository.check();
        QVERIFY2(same.state == CheckState::Passed &&
                     same.text.contains(u"as origin/main (never fetched here)"_s),
                 shown(same));

        // Somebody else pushes a revision; nothing is fetched by a check.
        const QTemporaryDir clone;
        git(clone.path(), {u"clone"_s, u"-q"_s, remote.path(), u"."_s});
        git(clone.path(), {u"checkout"_s, u"-q"_s, u"main"_s});
        writeFile(clone.filePath(u"migrations/versions/other.py"_s),
                  QByteArray("revision = 'other'\ndown_revision = None\n"));
        commitAll(clone.path(), u"Other's"_s);
        git(clone.path(), {u"push"_s, u"-q"_s, u"origin"_s, u"main"_s});
        QCOMPARE(repository.check().state, CheckState::Passed);
        git(repository.path(), {u"fetch"_s, u"-q"_s});
        const CheckResult behind = repository.check();
        QVERIFY2(behind.state == CheckState::Warning &&
                     behind.text.contains(u"1 commit behind origin/main (fetched last "_s),
                 shown(behind));
        QVERIFY2(behind.details.filter(u"Other's"_s).size() == 1, shown(behind));

        repository.addFile(u"bbbb1"_s, u"aaaa1"_s, u"pass"_s);
        commitAll(repository.path(), u"Mine"_s);
        const CheckResult both = repository.check();
        QVERIFY2(both.text.contains(u"1 commit behind and 1 commit ahead of origin/main"_s), shown(both));
        QVERIFY2(both.text.contains(u"not pushed"_s) && both.details.filter(u"Mine"_s).size() == 1,
                 shown(both));
    }

    void commitsElsewhereAreOnlyMentioned()
    {
        const Repository repository;
        const QTemporaryDir remote;
        git(remote.path(), {u"init"_s, u"-q"_s, u"--bare"_s});
        git(repository.path(), {u"remote"_s, u"add"_s, u"origin"_s, remote.path()});
        git(repository.path(), {u"push"_s, u"-qu"_s, u"origin"_s, u"main"_s});
        writeFile(repository.path() + u"/readme.txt"_s, QByteArray("x"));
        commitAll(repository.path(), u"Readme"_s);
        const CheckResult check = repository.check();
        QVERIFY2(check.state == CheckState::Passed && check.text.contains(u"1 commit ahead of origin/main"_s),
                 shown(check));
    }

    void anUnreadableRepositoryIsTold()
    {
        const Repository repository;
        writeFile(repository.path() + u"/.git/config"_s, QByteArray("[broken"));
        const CheckResult check = repository.check();
        QVERIFY2(check.state == CheckState::Warning && check.text.startsWith(u"git refused: "_s),
                 shown(check));
        QVERIFY2(!check.hint.isEmpty(), shown(check));
    }

    void aRevisionOfAnotherBranch()
    {
        Repository repository;
        git(repository.path(), {u"checkout"_s, u"-qb"_s, u"feature/two"_s});
        repository.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE two (id int)')"_s);
        commitAll(repository.path(), u"Add two"_s);
        QCOMPARE(repository.run(repository.upgrade()).outcome, Outcome::Done);
        git(repository.path(), {u"checkout"_s, u"-q"_s, u"main"_s});
        const PreflightRequest request{.target = repository.target(), .plan = {}, .proveDatabase = false};
        const CheckResult check = found(request, currentName);
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(u"bbbb1"_s), shown(check));
        QVERIFY2(check.hint.contains(u"feature/two"_s), shown(check));
        QVERIFY2(check.details.filter(u"Add two"_s).size() == 1 &&
                     check.details.filter(u"migrations/versions/bbbb1_.py"_s).size() == 1,
                 shown(check));

        // The branch goes, and with it the revision: git still knows it from where it was merged and removed.
        git(repository.path(), {u"merge"_s, u"-q"_s, u"feature/two"_s});
        git(repository.path(), {u"branch"_s, u"-qD"_s, u"feature/two"_s});
        git(repository.path(), {u"rm"_s, u"-q"_s, u"migrations/versions/bbbb1_.py"_s});
        git(repository.path(), {u"commit"_s, u"-qm"_s, u"Squash"_s});
        const CheckResult removed = found(request, currentName);
        QVERIFY2(removed.details.filter(u"Squash"_s).size() == 1, shown(removed));
        QVERIFY2(removed.hint.contains(u"git checkout "_s), shown(removed));
    }

    void aRevisionNobodyKnows()
    {
        Repository repository;
        repository.addFile(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE two (id int)')"_s);
        QCOMPARE(repository.run(repository.upgrade()).outcome, Outcome::Done);
        QVERIFY(QFile::remove(repository.project.versionsDirectory() + u"/bbbb1_.py"_s));
        // Only named, not defined: the file of a child tells nothing.
        git(repository.path(), {u"checkout"_s, u"-qb"_s, u"child"_s});
        repository.addFile(u"cccc1"_s, u"bbbb1"_s, u"pass"_s);
        commitAll(repository.path(), u"A child"_s);
        git(repository.path(), {u"checkout"_s, u"-q"_s, u"main"_s});
        const PreflightRequest request{.target = repository.target(), .plan = {}, .proveDatabase = false};
        const CheckResult check = found(request, currentName);
        QVERIFY2(check.state == CheckState::Failed && check.details.size() == 1 &&
                     check.details[0].contains(u"in no commit that git has"_s),
                 shown(check));
    }
};

QTEST_GUILESS_MAIN(tst_GitChecks)
#include "tst_gitchecks.moc"
