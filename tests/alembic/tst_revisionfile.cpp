// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfile.h"

#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

#include <ctime>

#include <sys/stat.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

Result<Revision> parse(const QByteArray &source)
{
    return parseRevision(source, u"/versions/0a_x.py"_s);
}

QString linksOf(const Revision &revision)
{
    return u"%1 <- %2 [%3] (%4)"_s.arg(revision.id.text(), toTexts(revision.downRevisions).join(u' '),
                                       revision.dependsOn.join(u' '), revision.branchLabels.join(u' '));
}

} // namespace

class TestRevisionFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void readsLinks_data();
    void readsLinks();
    void refuses_data();
    void refuses();
    void readsDocstrings_data();
    void readsDocstrings();
    void readsCreateDate();
    void takesIdFromHexName();
    void readsCreateDateInAnyZone();
    void refusesWhatIsNoPython();
    void takesPythonsAnswer();
    void leavesCompiledFilesToPython();
    void leavesEncodingsToPython();
    void readsFiles();
    void refusesWhatCannotBeRead();
    void readsNoFactsForAHeader();
    void keepsNoSlack();
};

void TestRevisionFile::readsLinks_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &source, const QString &expected) {
        QTest::newRow(name) << source << expected;
    };
    const QByteArray a = "revision = 'a'\n";
    row("plain", "revision = 'a'\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n",
        u"a <-  [] ()"_s);
    row("annotated",
        "from typing import Union, Sequence\nrevision: str = \"a\"\n"
        "down_revision: Union[str, Sequence[str], None] = \"b\"\n"
        "branch_labels: str | None = None\ndepends_on: Union[str, Sequence[str], None] = ('c', 'd')\n",
        u"a <- b [c d] ()"_s);
    row("tuple", a + "down_revision = ('b', \"c\",)\n", u"a <- b c [] ()"_s);
    row("bare tuple", a + "down_revision = 'b', 'c'\n", u"a <- b c [] ()"_s);
    row("one-tuple", a + "down_revision = ('b',)\n", u"a <- b [] ()"_s);
    row("none in a tuple", a + "down_revision = (None,)\n", u"a <-  [] ()"_s);
    row("empty lists", a + "down_revision = ()\ndepends_on = []\n", u"a <-  [] ()"_s);
    row("lists and sets", a + "down_revision = ['b', 'c']\nbranch_labels = {'x'}\n", u"a <- b c [] (x)"_s);
    row("parentheses", a + "down_revision = (\n    'b'\n)\n", u"a <- b [] ()"_s);
    row("over several lines", a + "down_revision = (\n    'b',  # first\n\n    'c',\n)\n",
        u"a <- b c [] ()"_s);
    row("implicit concatenation", "revision = 'a' \"b\" \\\n  'c'\ndown_revision = None\n",
        u"abc <-  [] ()"_s);
    row("prefixes", "revision = u'a'\ndown_revision = r'b'\nbranch_labels = '''x'''\n", u"a <- b [] (x)"_s);
    row("last wins", a + "down_revision = 'b'\nrevision = 'c'\n", u"c <- b [] ()"_s);
    row("literal after a condition", a + "if x:\n    down_revision = 'b'\ndown_revision = 'c'\n",
        u"a <- c [] ()"_s);
    row("semicolons", "revision = 'a'; down_revision = 'b'\n", u"a <- b [] ()"_s);
    row("chained", a + "parent = down_revision = 'b'\n", u"a <- b [] ()"_s);
    row("CRLF and BOM", "\xef\xbb\xbfrevision = 'a'\r\ndown_revision = 'b'\r\n", u"a <- b [] ()"_s);
    row("duplicates stay", a + "down_revision = ('b', 'b')\n", u"a <- b b [] ()"_s);
    row("a set has everything once", a + "down_revision = {'b', 'c', 'b'}\n", u"a <- b c [] ()"_s);
    row("target in parentheses", "(revision) = 'a'\n(down_revision): str = 'b'\n", u"a <- b [] ()"_s);
    row("lambda", a + "down_revision = 'b'\nf = lambda revision='x': revision\n", u"a <- b [] ()"_s);
    row("names of a match", a + "down_revision = 'b'\nmatch = case = type = 'x'\n", u"a <- b [] ()"_s);
    row("harmless star", "from sqlalchemy import *\n" + a + "down_revision = 'b'\n", u"a <- b [] ()"_s);
    row("empty dependency", a + "down_revision = None\ndepends_on = ''\n", u"a <-  [] ()"_s);
    row("not inside functions",
        a + "down_revision = 'b'\ndef upgrade():\n    revision = compute()\n    down_revision = 1\n"
            "class X:\n    revision = f()\n",
        u"a <- b [] ()"_s);
    row("not in strings and comments",
        a + "down_revision = 'b'\n# revision = 'x'\n'''\nrevision = 'y'\n'''\n", u"a <- b [] ()"_s);
    row("attributes and arguments are others",
        a + "down_revision = 'b'\nx.revision = f()\nf(revision='z')\nprint(revision == 'q')\n",
        u"a <- b [] ()"_s);
    row("annotation alone", a + "down_revision = 'b'\nbranch_labels: str\n", u"a <- b [] ()"_s);
}

void TestRevisionFile::readsLinks()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, expected);
    const auto revision = parse(source);
    QVERIFY2(revision, qPrintable(revision ? QString() : revision.error().message));
    QCOMPARE(linksOf(*revision), expected);
    QCOMPARE(revision->file, u"/versions/0a_x.py"_s);
}

void TestRevisionFile::refuses_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const QByteArray &source, ErrorKind kind, const QString &named) {
        QTest::newRow(name) << source << kind << named;
    };
    const QByteArray a = "revision = 'a'\n";
    row("no revision", "print('x')\n", ErrorKind::InvalidRevisionFile, u"/versions/0a_x.py"_s);
    row("empty file", "", ErrorKind::InvalidRevisionFile, u"/versions/0a_x.py"_s);
    row("no down_revision", a, ErrorKind::InvalidRevisionFile, u"down_revision"_s);
    row("number", "revision = 1\ndown_revision = None\n", ErrorKind::InvalidRevisionFile,
        u"line 1: 'revision'"_s);
    row("None as id", "revision = None\ndown_revision = None\n", ErrorKind::InvalidRevisionFile,
        u"'revision'"_s);
    row("None among parents", a + "down_revision = ('b', None)\n", ErrorKind::InvalidRevisionFile,
        u"'down_revision'"_s);
    row("call", a + "\ndown_revision = f('b')\n", ErrorKind::ComputedHeader, u"line 3: 'down_revision'"_s);
    row("name", a + "down_revision = OTHER\n", ErrorKind::ComputedHeader, u"line 2: 'down_revision'"_s);
    row("member", a + "down_revision = None\nbranch_labels = (cli.EXPAND,)\n", ErrorKind::ComputedHeader,
        u"line 3: 'branch_labels'"_s);
    row("sum", a + "down_revision = 'b' + 'c'\n", ErrorKind::ComputedHeader, u"'down_revision'"_s);
    row("f-string", a + "down_revision = f'{x}'\n", ErrorKind::ComputedHeader, u"'down_revision'"_s);
    row("bytes", a + "down_revision = b'x'\n", ErrorKind::ComputedHeader, u"'down_revision'"_s);
    row("conditional",
        a + "down_revision = 'b'\ntry:\n    import x\n    depends_on = 'c'\nexcept ImportError:\n    pass\n",
        ErrorKind::ComputedHeader, u"line 5: 'depends_on'"_s);
    row("conditional on one line", a + "if x: down_revision = 'b'\n", ErrorKind::ComputedHeader,
        u"'down_revision'"_s);
    row("unpacking", "revision, down_revision = 'a', None\n", ErrorKind::ComputedHeader, u"'revision'"_s);
    row("added to", a + "down_revision = 'b'\ndown_revision += 'c'\n", ErrorKind::ComputedHeader,
        u"'down_revision'"_s);
    row("imported", a + "from x import down_revision\n", ErrorKind::ComputedHeader, u"'down_revision'"_s);
    row("imported by a star", a + "down_revision = None\nfrom x import *\n", ErrorKind::ComputedHeader,
        u"line 3"_s);
    row("walrus", a + "down_revision = 'b'\nx = (down_revision := 'c')\n", ErrorKind::ComputedHeader,
        u"line 3: 'down_revision'"_s);
    row("global", a + "down_revision = 'b'\ndef f():\n    global down_revision\n", ErrorKind::ComputedHeader,
        u"line 4: 'down_revision'"_s);
    row("list that is changed", a + "down_revision = ['b']\ndown_revision.append('c')\n",
        ErrorKind::ComputedHeader, u"line 2: 'down_revision'"_s);
    row("matched", a + "match x:\n    case [down_revision, *y]: pass\n", ErrorKind::ComputedHeader,
        u"line 3: 'down_revision'"_s);
    row("named character", a + "down_revision = '\\N{BULLET}'\n", ErrorKind::ComputedHeader,
        u"'down_revision'"_s);
    row("named character in the docstring", "'\\N{BULLET}'\n" + a + "down_revision = None\n",
        ErrorKind::ComputedHeader, u"line 1: '__doc__'"_s);
    row("True", a + "down_revision = True\n", ErrorKind::InvalidRevisionFile, u"'down_revision'"_s);
    row("labels that are no text", a + "down_revision = None\nbranch_labels = 5\n", ErrorKind::ComputedHeader,
        u"'branch_labels'"_s); // Alembic takes them
    row("imported by another name", a + "from x import y as down_revision\n", ErrorKind::ComputedHeader,
        u"'down_revision'"_s);
}

void TestRevisionFile::refuses()
{
    QFETCH(QByteArray, source);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, named);
    const auto revision = parse(source);
    QVERIFY(!revision);
    QCOMPARE(kindName(revision.error().kind), kindName(kind));
    QVERIFY2(revision.error().message.contains(named), qPrintable(revision.error().message));
    QVERIFY(revision.error().message.contains("/versions/0a_x.py"_L1));
    QVERIFY(!revision.error().hint.isEmpty());
}

void TestRevisionFile::readsDocstrings_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("longMessage");
    QTest::newRow("usual") << QByteArray("\"\"\"add users\n\nRevision ID: a\n\"\"\"\n") << u"add users"_s
                           << u"add users\n\nRevision ID: a"_s;
    QTest::newRow("two lines") << QByteArray("# c\n\n'''add\nusers\n \nmore\n'''\n") << u"add users more"_s
                               << u"add\nusers\n\nmore"_s;
    QTest::newRow("no message") << QByteArray("\"\"\"\n\nRevision ID: x\nRevises: y\n\"\"\"\n")
                                << u"Revision ID: x Revises: y"_s << u"Revision ID: x\nRevises: y"_s;
    QTest::newRow("concatenated") << QByteArray("'add ' 'users'\n") << u"add users"_s << u"add users"_s;
    QTest::newRow("escapes") << QByteArray("'caf\\u00e9'\n") << u"caf\u00e9"_s << u"caf\u00e9"_s;
    QTest::newRow("CRLF") << QByteArray("'''add\r\n\r\nmore\r\n'''\r\n") << u"add"_s << u"add\n\nmore"_s;
    QTest::newRow("assigned") << QByteArray("import x\n__doc__ = 'late'\n") << u"late"_s << u"late"_s;
    QTest::newRow("none") << QByteArray("import x\n'''not one'''\n") << QString() << QString();
    QTest::newRow("f-string") << QByteArray("f'no'\n") << QString() << QString();
}

void TestRevisionFile::readsDocstrings()
{
    QFETCH(QByteArray, head);
    QFETCH(QString, message);
    QFETCH(QString, longMessage);
    const auto revision = parse(head + "revision = 'a'\ndown_revision = None\n");
    QVERIFY(revision);
    QCOMPARE(revision->message, message);
    // A line of blanks does not end the paragraph, but which blanks are left depends on Python's version.
    QCOMPARE(revision->longMessage.split(u'\n').replaceInStrings(u" "_s, u""_s),
             QString(longMessage).split(u'\n').replaceInStrings(u" "_s, u""_s));
}

void TestRevisionFile::readsCreateDate()
{
    const auto created = [](const QByteArray &date) {
        return parse("'''m\n\nCreate Date: " + date + "\n'''\nrevision = 'a'\ndown_revision = None\n")
            .value_or(Revision{})
            .created;
    };
    QCOMPARE(created("2024-03-01 12:30:05.123456"), QDateTime(QDate(2024, 3, 1), QTime(12, 30, 5, 123)));
    QCOMPARE(created("2024-03-01 12:30:05"), QDateTime(QDate(2024, 3, 1), QTime(12, 30, 5)));
    QCOMPARE(created("2024-03-01 12:30:05+02:00").toUTC(),
             QDateTime(QDate(2024, 3, 1), QTime(10, 30, 5), QTimeZone::UTC));
    QCOMPARE(created("2024-07-01T12:30:05.9999"),
             QDateTime::fromString(u"2024-07-01T12:30:05.9999"_s, Qt::ISODateWithMs));
    QCOMPARE(created("2024-07-01 12:30:05.999999").time(), QTime(12, 30, 5, 999));
    QCOMPARE(created("2024-07-01"), QDateTime(QDate(2024, 7, 1), QTime(0, 0)));
    QVERIFY(!created("2024-02-30 12:30:05").isValid());
    QVERIFY(!created("2024-07-01 25:30:05").isValid());
    QVERIFY(!created("2024-07-01 12:3x:05").isValid());
    QVERIFY(!created("yesterday").isValid());
    QVERIFY(!parse("revision = 'a'\ndown_revision = None\n")->created.isValid());
}

void TestRevisionFile::takesIdFromHexName()
{
    const auto revision = parseRevision("down_revision = None\n", u"/versions/12ab.py"_s);
    QVERIFY(revision);
    QCOMPARE(revision->id.text(), u"12ab"_s);
    QVERIFY(!parseRevision("down_revision = None\n", u"/versions/12ab_x.py"_s));
}

/// Where the clock changes, too: as QDateTime itself reads a date and a time.
void TestRevisionFile::readsCreateDateInAnyZone()
{
    const bool hadZone = qEnvironmentVariableIsSet("TZ");
    const QByteArray zone = qgetenv("TZ");
    const auto restore = qScopeGuard([&] {
        hadZone ? qputenv("TZ", zone) : qunsetenv("TZ");
        tzset();
    });
    for (const char *place : {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"}) {
        qputenv("TZ", place);
        tzset();
        for (int hour = 0; hour < 365 * 24; hour += 5) {
            const QDateTime expected(QDate(2011, 1, 1).addDays(hour / 24), QTime(hour % 24, 30));
            const QByteArray text = QDate(2011, 1, 1).addDays(hour / 24).toString(Qt::ISODate).toLatin1() +
                                    ' ' + QTime(hour % 24, 30).toString(Qt::ISODate).toLatin1();
            const auto revision =
                parse("'''m\n\nCreate Date: " + text + "\n'''\nrevision = 'a'\ndown_revision = None\n");
            QVERIFY(revision);
            QCOMPARE(revision->created, expected);
        }
    }
}

void TestRevisionFile::refusesWhatIsNoPython()
{
    const auto revision =
        parse("revision = 'a'\ndown_revision = None\n\ndef upgrade():\ndef downgrade():\n    pass\n");
    QVERIFY(!revision);
    QCOMPARE(kindName(revision.error().kind), kindName(ErrorKind::InvalidPython));
    QCOMPARE(revision.error().message,
             u"/versions/0a_x.py, line 4: an indented block is missing after the line."_s);
    QVERIFY(!revision.error().hint.isEmpty());
}

void TestRevisionFile::takesPythonsAnswer()
{
    const HeaderAnswer answer{.revision = u"p"_s,
                              .downRevisions = {u"q"_s, u"r"_s},
                              .branchLabels = {u"l"_s},
                              .dependsOn = {u"d"_s},
                              .docstring = u"\n said by  Python\n\nCreate Date: 2024-03-01 12:30:05\n"_s};
    // What is written does not count any more, and a fault cannot be one: Python ran the file.
    const QByteArray source =
        "'''written'''\nrevision = f()\nx = 1 ? 2\ndef downgrade():\n    raise Exception\n";
    for (const ReadDepth depth : {ReadDepth::Header, ReadDepth::Facts}) {
        const auto revision = parseRevision(source, u"/versions/0a_x.py"_s, depth, &answer);
        QVERIFY(revision);
        QCOMPARE(linksOf(*revision), u"p <- q r [d] (l)"_s);
        QVERIFY(revision->askedPython);
        QCOMPARE(revision->message, u"said by Python"_s);
        QCOMPARE(revision->created, QDateTime(QDate(2024, 3, 1), QTime(12, 30, 5)));
        QCOMPARE(revision->wayBack, depth == ReadDepth::Facts ? WayBack::Irreversible : WayBack::Yes);
    }
    const HeaderAnswer silent{.revision = u"p"_s};
    const auto revision = parseRevision(source, u"/versions/0a_x.py"_s, ReadDepth::Header, &silent);
    QVERIFY(revision);
    QVERIFY(revision->longMessage.isEmpty());
}

void TestRevisionFile::leavesCompiledFilesToPython()
{
    for (const QString &file : {u"/nowhere/a.pyc"_s, u"/nowhere/a.pyo"_s}) {
        const auto revision = readRevisionFile(file);
        QVERIFY(!revision);
        QCOMPARE(kindName(revision.error().kind), kindName(ErrorKind::ComputedHeader));
        QVERIFY(revision.error().message.startsWith(file));
        const HeaderAnswer answer{.revision = u"p"_s, .docstring = u"text"_s};
        const auto told = readRevisionFile(file, ReadDepth::Facts, &answer);
        QVERIFY(told);
        QCOMPARE(told->id.text(), u"p"_s);
        QCOMPARE(told->message, u"text"_s);
        QCOMPARE(told->file, file);
    }
}

void TestRevisionFile::leavesEncodingsToPython()
{
    const QByteArray source = "# coding: koi8-r\n'''\xcd\xc9\xd2'''\nrevision = 'a'\ndown_revision = None\n"
                              "def downgrade():\n    raise Exception\n";
    const auto revision = parse(source);
    QVERIFY(!revision);
    QCOMPARE(kindName(revision.error().kind), kindName(ErrorKind::ComputedHeader));
    QCOMPARE(revision.error().message,
             u"/versions/0a_x.py, line 1: the encoding 'koi8-r' cannot be read without Python."_s);
    // Facts are read from what is ASCII.
    const HeaderAnswer answer{.revision = u"a"_s};
    const auto told = parseRevision(source, u"/versions/0a_x.py"_s, ReadDepth::Facts, &answer);
    QVERIFY(told);
    QCOMPARE(told->wayBack, WayBack::Irreversible);
    // Nothing is known of a file that has none, and nothing is claimed.
    const auto wide = parseRevision("# coding: utf-16\nx", u"/versions/0a_x.py"_s, ReadDepth::Facts, &answer);
    QVERIFY(wide);
    QCOMPARE(wide->wayBack, WayBack::Yes);
}

void TestRevisionFile::readsFiles()
{
    const QTemporaryDir folder;
    const QString name = folder.filePath(u"caf\u00e9.py"_s);
    const auto write = [&](const QByteArray &source) {
        QFile file(name);
        return file.open(QIODevice::WriteOnly) && file.write(source) == source.size();
    };
    // Small, exactly as large as the first read, larger: the end counts.
    for (const qsizetype size : {100, 65536, 65537, 300000, 2000000}) {
        const QByteArray head = "'''m'''\nrevision = 'a'\ndown_revision = None\n#";
        const QByteArray tail = "\nbranch_labels = 'x'\n";
        QVERIFY(write(head + QByteArray(size - head.size() - tail.size(), ' ') + tail));
        const auto revision = readRevisionFile(name);
        QVERIFY(revision);
        QCOMPARE(linksOf(*revision), u"a <-  [] (x)"_s);
        QCOMPARE(revision->file, name);
    }
    QVERIFY(write("revision = 'a'\ndown_revision = 'b'\n"));
    QCOMPARE(linksOf(readRevisionFile(name).value_or(Revision{})), u"a <- b [] ()"_s);
}

void TestRevisionFile::refusesWhatCannotBeRead()
{
    const QTemporaryDir folder;
    const QString pipe = folder.filePath(u"pipe.py"_s);
    QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    const QString huge = folder.filePath(u"huge.py"_s);
    QFile file(huge);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(100 << 20));
    for (const QString &name : {folder.filePath(u"missing.py"_s), folder.path(), huge}) {
        const auto revision = readRevisionFile(name);
        QVERIFY(!revision);
        QCOMPARE(kindName(revision.error().kind), kindName(ErrorKind::UnreadableRevision));
        QVERIFY(revision.error().message.startsWith(name));
    }
    // Nobody writes to it: empty, and no wait.
    const auto revision = readRevisionFile(pipe);
    QVERIFY(!revision);
    QCOMPARE(kindName(revision.error().kind), kindName(ErrorKind::InvalidRevisionFile));
}

void TestRevisionFile::readsNoFactsForAHeader()
{
    const QByteArray source = "revision = 'a'\ndown_revision = None\ndef upgrade():\n"
                              "    op.execute('DELETE FROM t')\n    op.get_bind()\n";
    const auto header = parseRevision(source, u"/versions/0a_x.py"_s, ReadDepth::Header);
    QVERIFY(header);
    QVERIFY(*header == (Revision{.id = RevisionId(u"a"_s), .file = u"/versions/0a_x.py"_s}));
    QVERIFY(parse(source)->losesData);
}

void TestRevisionFile::keepsNoSlack()
{
    const auto revision = parse(
        "'''add  users\n\n    more \\u00e9 ' \\\n'''\nrevision = 'a' 'b' 'c'\ndown_revision = ('d', 'e')\n"
        "depends_on = ['f']\n");
    QVERIFY(revision);
    for (const QString &text : {revision->message, revision->longMessage, revision->id.text()})
        QCOMPARE_LE(text.capacity(), text.size() + 8);
    QCOMPARE_LE(revision->downRevisions.capacity(), 2);
    QCOMPARE_LE(revision->dependsOn.capacity(), 1);
    // One text is kept once.
    const auto single = parse("'''add users'''\nrevision = 'a'\ndown_revision = None\n");
    QVERIFY(single);
    QCOMPARE(single->message.constData(), single->longMessage.constData());
}

QTEST_GUILESS_MAIN(TestRevisionFile)
#include "tst_revisionfile.moc"
