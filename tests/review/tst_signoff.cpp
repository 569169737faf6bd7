// SPDX-License-Identifier: MIT
#include "migrations/review/signoff.h"

#include "migrations/process/process.h"
#include "tests/support/testfiles.h"

#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const ReviewHashes now{.file = u"f1"_s, .upgrade = u"u1"_s, .downgrade = u"d1"_s};
const ReviewHashes older{.file = u"f0"_s, .upgrade = u"u1"_s, .downgrade = u"d1"_s};

const QString ada = u"Ada Lovelace <ada@example.org>"_s;
const QString grace = u"Grace Hopper <grace@example.org>"_s;

Review review(const QString &reviewer, Verdict verdict, const ReviewHashes &hashes, int minute)
{
    return {.component = u"c"_s,
            .revision = RevisionId(u"r"_s),
            .hashes = hashes,
            .verdict = verdict,
            .reviewer = reviewer,
            .when = QDateTime(QDate(2026, 1, 1), QTime(0, minute), QTimeZone::UTC)};
}

QString stateText(const SignOff &signOff)
{
    static const QStringList names{u"none"_s, u"approved"_s, u"partly"_s, u"stale"_s, u"rejected"_s};
    QString text = names.at(signOff.state);
    for (const auto &[word, people] :
         {std::pair(u" by "_s, signOff.approvedBy), std::pair(u", stale "_s, signOff.staleBy),
          std::pair(u", rejected "_s, signOff.rejectedBy)}) {
        QStringList first;
        for (const QString &person : people)
            first += person.section(u' ', 0, 0);
        if (!first.isEmpty())
            text += word + first.join(u'+');
    }
    return text;
}

} // namespace

class tst_SignOff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void states_data()
    {
        const Review adaYes = review(ada, Verdict::Approved, now, 1);
        const Review graceYes = review(grace, Verdict::Approved, now, 2);
        const Review adaNo = review(ada, Verdict::Rejected, now, 3);
        const Review adaOld = review(ada, Verdict::Approved, older, 0);
        const Review graceOldNo = review(grace, Verdict::Rejected, older, 0);
        QTest::addColumn<QList<Review>>("reviews");
        QTest::addColumn<int>("required");
        QTest::addColumn<QString>("runner");
        QTest::addColumn<QString>("text");
        QTest::newRow("nobody") << QList<Review>() << 1 << QString() << u"none"_s;
        QTest::newRow("nobody, none asked for") << QList<Review>() << 0 << QString() << u"none"_s;
        QTest::newRow("one of one") << QList{adaYes} << 1 << grace << u"approved by Ada"_s;
        QTest::newRow("one of none") << QList{adaYes} << 0 << grace << u"approved by Ada"_s;
        QTest::newRow("one of two") << QList{adaYes} << 2 << QString() << u"partly by Ada"_s;
        QTest::newRow("two of two") << QList{adaYes, graceYes} << 2 << QString()
                                    << u"approved by Ada+Grace"_s;
        QTest::newRow("twice the same person")
            << QList{adaYes, adaYes} << 2 << QString() << u"partly by Ada"_s;
        QTest::newRow("the same address, another name")
            << QList{adaYes, review(u"A. L. <ADA@example.org>"_s, Verdict::Approved, now, 5)} << 2
            << QString() << u"partly by A."_s;
        QTest::newRow("one's own") << QList{adaYes} << 1 << ada << u"none"_s;
        QTest::newRow("one's own by another name")
            << QList{adaYes} << 1 << u"Countess <Ada@Example.org>"_s << u"none"_s;
        QTest::newRow("one's own and another's")
            << QList{adaYes, graceYes} << 2 << ada << u"partly by Grace"_s;
        QTest::newRow("of other texts") << QList{adaOld} << 1 << QString() << u"stale, stale Ada"_s;
        QTest::newRow("one's own of other texts") << QList{adaOld} << 1 << ada << u"none"_s;
        QTest::newRow("one current, one stale")
            << QList{adaOld, graceYes} << 2 << QString() << u"partly by Grace, stale Ada"_s;
        QTest::newRow("changed their mind")
            << QList{adaYes, adaNo} << 1 << QString() << u"rejected, rejected Ada"_s;
        QTest::newRow("changed their mind, told out of order")
            << QList{adaNo, adaYes} << 1 << QString() << u"rejected, rejected Ada"_s;
        QTest::newRow("a no among enough yes")
            << QList{graceYes, adaNo} << 1 << QString() << u"rejected by Grace, rejected Ada"_s;
        QTest::newRow("the runner's own no counts")
            << QList{graceYes, adaNo} << 1 << ada << u"rejected by Grace, rejected Ada"_s;
        QTest::newRow("a no about other texts is over")
            << QList{graceOldNo, adaYes} << 1 << QString() << u"approved by Ada"_s;
        QTest::newRow("only a no about other texts") << QList{graceOldNo} << 1 << QString() << u"none"_s;
        QTest::newRow("changed and changed back") << QList{adaYes, review(ada, Verdict::Rejected, older, 9)}
                                                  << 1 << QString() << u"approved by Ada"_s;
    }
    void states()
    {
        QFETCH(QList<Review>, reviews);
        QFETCH(int, required);
        QFETCH(QString, runner);
        QFETCH(QString, text);
        QCOMPARE(stateText(signOffOf(reviews, now, required, runner)), text);
    }

    void theNewestStaleOneIsKept()
    {
        const Review first = review(ada, Verdict::Approved, older, 1);
        const Review second = review(grace, Verdict::Approved, {.file = u"f00"_s}, 2);
        QCOMPARE(signOffOf({second, first}, now, 1, {}).stale, second);
        QCOMPARE(signOffOf({first}, now, 1, {}).stale, first);
        QVERIFY(!signOffOf({review(ada, Verdict::Approved, now, 1)}, now, 1, {}).stale);
    }

    void acceptedFindingsAreThoseOfCurrentApprovals()
    {
        const auto accepting = [](Review which, const QString &key) {
            which.accepted = {{.key = key, .reason = u"known"_s}};
            return which;
        };
        const SignOff signOff = signOffOf({accepting(review(ada, Verdict::Approved, now, 1), u"a@t"_s),
                                           accepting(review(grace, Verdict::Approved, older, 1), u"b@t"_s),
                                           accepting(review(u"eve"_s, Verdict::Rejected, now, 1), u"c@t"_s)},
                                          now, 1, ada);
        QCOMPARE(signOff.accepted, (QList<AcceptedFinding>{{.key = u"a@t"_s, .reason = u"known"_s}}));
    }

    void currentOnesByTime()
    {
        const Review one = review(ada, Verdict::Approved, now, 5);
        const Review two = review(grace, Verdict::Approved, now, 4);
        QCOMPARE(currentApprovals({one, two, review(u"eve"_s, Verdict::Rejected, now, 1)}, now),
                 (QList<Review>{two, one}));
    }

    void changesInWords()
    {
        QCOMPARE(changeText(now, now), QString());
        QCOMPARE(changeText(older, now), u"its file"_s);
        QCOMPARE(changeText({.file = u"f1"_s, .upgrade = u"x"_s, .downgrade = u"d1"_s}, now),
                 u"the SQL of its upgrade"_s);
        QCOMPARE(changeText({.file = u"f0"_s, .upgrade = u"u1"_s}, now),
                 u"its file and the SQL of its downgrade"_s);
        QCOMPARE(changeText({.file = u"f1"_s}, now), u"the SQL of both directions"_s);
    }

    void hashes()
    {
        // printf abc | sha256sum
        const QString abc = u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s;
        const ReviewHashes hashes = hashesOf({.file = u"abc"_s, .downgrade = u"abc"_s});
        QCOMPARE(hashes, (ReviewHashes{.file = abc, .downgrade = abc}));
        QVERIFY(hashes.upgrade.isNull());
    }

    void theIdentityIsGits()
    {
        const QTemporaryDir folder;
        const auto git = [&folder](const QStringList &arguments) {
            return runProcess(
                       {.program = u"git"_s, .arguments = arguments, .workingDirectory = folder.path()})
                .succeeded();
        };
        if (!git({u"init"_s, u"-q"_s}))
            QFAIL("git is needed for this test");
        QVERIFY(git({u"config"_s, u"user.name"_s, u"Ada  Lovelace"_s}));
        QVERIFY(git({u"config"_s, u"user.email"_s, u"ada@example.org"_s}));
        QCOMPARE(reviewerIdentity(folder.path()), ada);
    }

    void withoutGitItIsLoginAndHost_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("no git") << QByteArray("/nowhere");
        QTest::newRow("no repository, no configuration") << qgetenv("PATH");
    }
    void withoutGitItIsLoginAndHost()
    {
        QFETCH(QByteArray, path);
        const QByteArray before = qgetenv("PATH");
        const QTemporaryDir folder;
        qputenv("PATH", path);
        qputenv("GIT_CONFIG_GLOBAL", "/dev/null");
        qputenv("GIT_CONFIG_NOSYSTEM", "1");
        const QString identity = reviewerIdentity(folder.path());
        qputenv("PATH", before);
        qunsetenv("GIT_CONFIG_GLOBAL");
        qunsetenv("GIT_CONFIG_NOSYSTEM");
        QCOMPARE(identity.section(u'@', 1), QSysInfo::machineHostName());
        QVERIFY(!identity.section(u'@', 0, 0).isEmpty());
    }

    void aFolderThatIsGoneHasAnIdentityToo() { QVERIFY(!reviewerIdentity(u"/nowhere/at/all"_s).isEmpty()); }
};

QTEST_GUILESS_MAIN(tst_SignOff)
#include "tst_signoff.moc"
