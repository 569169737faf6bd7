// SPDX-License-Identifier: MIT
#include "migrations/review/reviewstore.h"

#include "migrations/review/newfile.h"
#include "migrations/review/reviewnames.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const ReviewedTexts texts{
    .file = u"revision = 'a'\n# Füße\n"_s, .upgrade = u"CREATE TABLE one (id int);\n"_s, .downgrade = {}};

Review sample(int minute = 0)
{
    return {.component = u"manager"_s,
            .revision = RevisionId(u"aaaa1"_s),
            .hashes = hashesOf(texts),
            .verdict = Verdict::Approved,
            .reviewer = u"Ada Lovelace <ada@example.org>"_s,
            .when = QDateTime(QDate(2026, 3, 1), QTime(10, minute, 30, 123), QTimeZone::UTC),
            .comment = u"Fine.\n\"Really\"."_s,
            .lineComments = {{.text = LineComment::Upgrade, .line = 1, .comment = u"small"_s},
                             {.text = LineComment::File, .line = 2, .comment = u"why?"_s}},
            .accepted = {{.key = u"index-not-concurrent@one"_s, .reason = u"new table"_s}}};
}

QByteArray why(const auto &result)
{
    return result ? QByteArray() : toText(result.error()).toUtf8();
}

} // namespace

class tst_ReviewStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void comesBackAsItWas();
    void isMadeToBeCommitted();
    void oldestFirst();
    void names_data();
    void names();
    void namesDoNotMeet();
    void whatIsNoReviewIsNamed_data();
    void whatIsNoReviewIsNamed();
    void strangeFilesAreNamed();
    void textsThatWereTamperedWithAreMissing();
    void longTextsAreNotKept();
    void incompleteReviewsAreRefused_data();
    void incompleteReviewsAreRefused();
    void twoAtOnce();
    void aReadOnlyFolder();
    void aFullDisk();
    void nothingThereIsNoReview();

private:
    [[nodiscard]] ReviewStore store() const { return ReviewStore(m_folder->path()); }
    [[nodiscard]] QString below(const QString &path) const
    {
        return m_folder->filePath(QString(u".stepwell/reviews/"_s + path));
    }
    [[nodiscard]] QList<Review> read(QStringList *warnings = nullptr) const
    {
        return store().read(u"manager"_s, RevisionId(u"aaaa1"_s), warnings).value();
    }
    /// Adds the sample and returns its file.
    QString add(const Review &review = sample())
    {
        const auto path = store().add(review, texts);
        if (!path)
            qFatal("%s", qPrintable(toText(path.error())));
        return *path;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_ReviewStore::comesBackAsItWas()
{
    add();
    QStringList warnings;
    QCOMPARE(read(&warnings), QList{sample()});
    QCOMPARE(warnings, QStringList());
    QCOMPARE(store().texts(sample()), texts);
    Review no = sample(1);
    no.verdict = Verdict::Rejected;
    no.accepted.clear();
    no.lineComments.clear();
    no.comment.clear();
    add(no);
    QCOMPARE(read(), (QList{sample(), no}));
}

void tst_ReviewStore::isMadeToBeCommitted()
{
    const QString path = add();
    QVERIFY2(path.startsWith(below(u"manager/aaaa1/20260301T100030.123Z-"_s)), qPrintable(path));
    const QString start = hashesOf(texts).file.first(16);
    QCOMPARE(readFile(below(u"manager/aaaa1/%1.py"_s.arg(start))), texts.file.toUtf8());
    const QStringList names = QDir(below(u"manager/aaaa1"_s)).entryList(QDir::Files | QDir::Hidden);
    QCOMPARE(names.size(), 3); // the verdict, the file, the upgrade; nothing half done
    const QByteArray json = readFile(path);
    QVERIFY(json.endsWith("\n}\n"));
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    QCOMPARE(object["version"_L1].toInt(), 1);
    QCOMPARE(object["covers"_L1]["downgrade"_L1], QJsonValue());
    QList<qsizetype> places; // of the keys: sorted
    for (const QString &key : object.keys())
        places += json.indexOf(QString(u"\n    \""_s + key + u"\":"_s).toUtf8());
    QVERIFY(std::ranges::is_sorted(places) && !places.contains(-1));
    QVERIFY(QFile::permissions(path).testFlag(QFile::ReadOwner));
    QVERIFY(readFile(below(u".gitattributes"_s)).contains("*.sql -text"));
}

void tst_ReviewStore::oldestFirst()
{
    Review later = sample(5);
    later.reviewer = u"Aaron <a@example.org>"_s;
    add(later);
    add(sample(1));
    const QList<Review> reviews = read();
    QCOMPARE(reviews, (QList{sample(1), later}));
}

void tst_ReviewStore::names_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    QTest::newRow("usual") << u"e41d09b7a3c8"_s << u"e41d09b7a3c8"_s;
    QTest::newRow("inner dots") << u"v1.2_x-y"_s << u"v1.2_x-y"_s;
    QTest::newRow("a slash") << u"a/b"_s << u"a%2Fb"_s;
    QTest::newRow("the folder above") << u".."_s << u"%2E%2E"_s;
    QTest::newRow("this folder") << u"."_s << u"%2E"_s;
    QTest::newRow("hidden") << u".git"_s << u"%2Egit"_s;
    QTest::newRow("a percent sign") << u"a%2Fb"_s << u"a%252Fb"_s;
    QTest::newRow("letters of others") << u"é\\:*"_s << u"%C3%A9%5C%3A%2A"_s;
    QTest::newRow("a zero") << u"a"_s + QChar(0) + u"b"_s << u"a%00b"_s;
    QTest::newRow("300 characters") << QString(300, u'x')
                                    << QString(QString(60, u'x') +
                                               u"~ba0713e0e16a0d28"_s); // not checked by number below
}

void tst_ReviewStore::names()
{
    QFETCH(QString, text);
    QFETCH(QString, name);
    if (text.size() < 300)
        QCOMPARE(fileNameFor(text), name);
    else
        QVERIFY(fileNameFor(text).startsWith(name.first(61)) && fileNameFor(text).size() == 77);
    Review review = sample();
    review.component = text;
    review.revision = RevisionId(text);
    const auto path = store().add(review, texts);
    QVERIFY2(path, why(path));
    const QString folder = QFileInfo(*path).canonicalPath();
    QCOMPARE(QDir::cleanPath(folder + u"/../.."_s), QFileInfo(below({})).canonicalFilePath());
    QCOMPARE(store().read(text, RevisionId(text)).value(), QList{review});
    QCOMPARE(store().texts(review), texts);
}

void tst_ReviewStore::namesDoNotMeet()
{
    QSet<QString> names;
    const QStringList all{
        u"a/b"_s, u"a%2Fb"_s,         u"a_b"_s,           u"a~b"_s,           u"a%7Eb"_s,
        u"."_s,   u"%2E"_s,           QString(101, u'x'), QString(102, u'x'), QString(100, u'x'),
        u".a"_s,  QString(300, u'é'), QString(299, u'é')};
    for (const QString &text : all)
        names.insert(fileNameFor(text));
    QCOMPARE(names.size(), all.size());
    for (const QString &name : std::as_const(names))
        QVERIFY(name.size() <= 100 && !name.contains(u'/') && !name.startsWith(u'.'));
}

void tst_ReviewStore::whatIsNoReviewIsNamed_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("reason");
    QTest::newRow("conflict markers")
        << QByteArray("\n    \"comments\"") << QByteArray("\n<<<<<<< HEAD\n    \"comments\"")
        << u"conflict markers"_s;
    QTest::newRow("half written") << QByteArray("\n}\n") << QByteArray() << u"no whole JSON"_s;
    QTest::newRow("newer") << QByteArray("\"version\": 1") << QByteArray("\"version\": 2") << u"newer"_s;
    QTest::newRow("no version") << QByteArray("\"version\": 1") << QByteArray("\"v\": 1") << u"lacks"_s;
    QTest::newRow("verdict") << QByteArray("\"approved\"") << QByteArray("\"perhaps\"") << u"lacks"_s;
    QTest::newRow("when") << QByteArray("2026-03-01T") << QByteArray("yesterday") << u"lacks"_s;
    QTest::newRow("hash") << QByteArray("\"file\": \"") << QByteArray("\"file\": \"x") << u"which texts"_s;
    QTest::newRow("no hash") << QByteArray("\"covers\"") << QByteArray("\"covered\"") << u"which texts"_s;
    QTest::newRow("no reason") << QByteArray("\"new table\"") << QByteArray("\" \"") << u"why"_s;
    QTest::newRow("another revision") << QByteArray("aaaa1") << QByteArray("bbbb1") << u"is about bbbb1"_s;
}

void tst_ReviewStore::whatIsNoReviewIsNamed()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, reason);
    const QString path = add();
    add(sample(1));
    QByteArray json = readFile(path);
    const qsizetype at = json.lastIndexOf(from);
    QVERIFY(at >= 0);
    writeFile(path, json.replace(at, from.size(), to));
    QStringList warnings;
    QCOMPARE(read(&warnings), QList{sample(1)});
    QCOMPARE(warnings.size(), 1);
    QVERIFY2(warnings.first().contains(path) && warnings.first().contains(reason),
             qPrintable(warnings.first()));
}

void tst_ReviewStore::strangeFilesAreNamed()
{
    add();
    QVERIFY(QDir().mkpath(below(u"manager/aaaa1/folder.json"_s)));
    QCOMPARE(::mkfifo(QFile::encodeName(below(u"manager/aaaa1/pipe.json"_s)).constData(), 0600), 0);
    writeFile(below(u"manager/aaaa1/zeros.json"_s), QByteArray(2 * 1024 * 1024, '\0'));
    QStringList warnings;
    QCOMPARE(read(&warnings), QList{sample()});
    QCOMPARE(warnings.size(), 3);
}

void tst_ReviewStore::textsThatWereTamperedWithAreMissing()
{
    add();
    const QString path = below(u"manager/aaaa1/%1.py"_s.arg(hashesOf(texts).file.first(16)));
    writeFile(path, u"revision = 'b'\n"_s);
    QCOMPARE(store().texts(sample()), (ReviewedTexts{.upgrade = texts.upgrade}));
    QVERIFY(QFile::remove(below(u"manager/aaaa1/%1.up.sql"_s.arg(hashesOf(texts).upgrade.first(16)))));
    QCOMPARE(store().texts(sample()), ReviewedTexts());
    add(sample(1)); // puts them right
    QCOMPARE(store().texts(sample()), texts);
}

void tst_ReviewStore::longTextsAreNotKept()
{
    Review review = sample();
    ReviewedTexts longer = texts;
    longer.upgrade = QString(2 * 1024 * 1024, u'x');
    review.hashes = hashesOf(longer);
    QVERIFY(store().add(review, longer).has_value());
    QCOMPARE(read(), QList{review});
    QCOMPARE(store().texts(review), (ReviewedTexts{.file = texts.file}));
}

void tst_ReviewStore::incompleteReviewsAreRefused_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"reviewer", "reason", "when", "component", "revision", "other texts", "no file"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void tst_ReviewStore::incompleteReviewsAreRefused()
{
    QFETCH(QString, what);
    Review review = sample();
    ReviewedTexts given = texts;
    if (what == u"reviewer"_s)
        review.reviewer = u" "_s;
    else if (what == u"reason"_s)
        review.accepted[0].reason = u" "_s;
    else if (what == u"when"_s)
        review.when = {};
    else if (what == u"component"_s)
        review.component.clear();
    else if (what == u"revision"_s)
        review.revision = {};
    else if (what == u"other texts"_s)
        given.upgrade += u' ';
    else
        review.hashes = hashesOf(given = {});
    const auto path = store().add(review, given);
    QVERIFY(!path);
    QCOMPARE(path.error().kind, ErrorKind::Usage);
    QVERIFY(!QFileInfo::exists(below({})));
}

/// Two programs, the same person, the same millisecond: nobody's verdict is lost.
void tst_ReviewStore::twoAtOnce()
{
    constexpr int each = 25;
    const pid_t child = ::fork();
    if (child == 0) {
        int added = 0;
        for (int i = 0; i < each; ++i)
            added += store().add(sample(), texts).has_value() ? 1 : 0;
        ::_exit(added == each ? 0 : 1);
    }
    for (int i = 0; i < each; ++i)
        add();
    int status = 1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QStringList warnings;
    QCOMPARE(read(&warnings).size(), 2 * each);
    QCOMPARE(warnings, QStringList());
    QCOMPARE(store().texts(sample()), texts);
}

void tst_ReviewStore::aReadOnlyFolder()
{
    // Root may write everywhere but in /proc.
    const auto path = ReviewStore(u"/proc"_s).add(sample(), texts);
    QVERIFY(!path);
    QCOMPARE(path.error().kind, ErrorKind::FileError);
    QVERIFY(!path.error().hint.isEmpty());
    add();
    const QByteArray folder = QFile::encodeName(below(u"manager/aaaa1"_s));
    QCOMPARE(::chmod(folder.constData(), 0555), 0);
    const auto again = store().add(sample(1), texts);
    QCOMPARE(again.has_value(), ::geteuid() == 0);
    QCOMPARE(::chmod(folder.constData(), 0755), 0);
    QCOMPARE(read().first(), sample());
}

/// A limit on the size of files fails a write in its middle, as a full disk does.
void tst_ReviewStore::aFullDisk()
{
    add();
    const QStringList before = QDir(below(u"manager/aaaa1"_s)).entryList(QDir::Files | QDir::Hidden);
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit tight{.rlim_cur = 100, .rlim_max = usual.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto path = store().add(sample(1), texts);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    QVERIFY(!path);
    QCOMPARE(path.error().kind, ErrorKind::FileError);
    QCOMPARE(QDir(below(u"manager/aaaa1"_s)).entryList(QDir::Files | QDir::Hidden), before);
    QCOMPARE(read(), QList{sample()});
}

void tst_ReviewStore::nothingThereIsNoReview()
{
    QStringList warnings;
    QCOMPARE(read(&warnings), QList<Review>());
    QCOMPARE(store().texts(sample()), ReviewedTexts());
    writeFile(below(u"manager/aaaa1"_s), u"a file where a folder belongs"_s);
    const auto reviews = store().read(u"manager"_s, RevisionId(u"aaaa1"_s), &warnings);
    QVERIFY(!reviews);
    QCOMPARE(reviews.error().kind, ErrorKind::FileError);
}

QTEST_GUILESS_MAIN(tst_ReviewStore)
#include "tst_reviewstore.moc"
