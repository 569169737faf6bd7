// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfile.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

Result<Revision> parse(const QByteArray &source)
{
    return parseRevision(source, u"/versions/0a_x.py"_s);
}

/// A revision with these bodies of upgrade() and downgrade(), each already indented.
Revision withBodies(const QByteArray &up, const QByteArray &down)
{
    const auto revision = parse("revision = 'a'\ndown_revision = None\n\n\ndef upgrade() -> None:\n" + up +
                                "\n\ndef downgrade() -> None:\n" + down + "\n");
    return revision.value_or(Revision{});
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
    void tellsTheWayBack_data();
    void tellsTheWayBack();
    void tellsLostData_data();
    void tellsLostData();
    void tellsOtherFacts();
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

void TestRevisionFile::tellsTheWayBack_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, const QByteArray &body, WayBack expected) {
        QTest::newRow(name) << body << static_cast<int>(expected);
    };
    row("work", "    op.drop_table('x')", WayBack::Yes);
    row("pass", "    pass", WayBack::Empty);
    row("docstring", "    '''Nothing to do.'''", WayBack::Empty);
    row("comment and pass", "    # nothing\n    '''x'''\n    pass", WayBack::Empty);
    row("ellipsis", "    ...", WayBack::Empty);
    row("return", "    return\n    op.drop_table('x')", WayBack::Empty);
    row("raise", "    raise NotImplementedError('no way back')", WayBack::Irreversible);
    row("docstring and raise", "    '''x'''\n    raise Exception(\n        'no')", WayBack::Irreversible);
    row("conditional raise", "    if x:\n        raise Exception()\n    op.f()", WayBack::Yes);
}

void TestRevisionFile::tellsTheWayBack()
{
    QFETCH(QByteArray, body);
    QFETCH(int, expected);
    QCOMPARE(static_cast<int>(withBodies("    op.create_table('x')", body).wayBack), expected);
    const auto missing = parse("revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
    QVERIFY(missing);
    QCOMPARE(missing->wayBack, WayBack::Irreversible);
    const auto oneLine = parse("revision = 'a'\ndown_revision = None\ndef downgrade(): pass\n");
    QVERIFY(oneLine);
    QCOMPARE(oneLine->wayBack, WayBack::Empty);
    // A merge point: nothing to undo.
    QCOMPARE(withBodies("    pass", "    pass").wayBack, WayBack::Yes);
}

void TestRevisionFile::tellsLostData_data()
{
    QTest::addColumn<QByteArray>("up");
    QTest::addColumn<QByteArray>("down");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QByteArray &up, const QByteArray &down, bool expected) {
        QTest::newRow(name) << QByteArray("    " + up) << QByteArray("    " + down) << expected;
    };
    row("fills what is NULL", "op.execute('UPDATE t SET p = 10 WHERE p IS NULL')", "pass", false);
    row("overwrites on the way back", "op.execute('SELECT 1')", "op.execute('UPDATE t SET c = NULL')", true);
    row("own table", "op.create_table('users', sa.Column('id'))", "op.drop_table('users')", false);
    row("own column", "op.add_column('t', sa.Column('c', sa.Text()))", "op.drop_column('t', 'c')", false);
    row("own column in a batch", "with op.batch_alter_table('t') as b:\n        b.add_column(sa.Column('c'))",
        "with op.batch_alter_table('t') as b:\n        b.drop_column('c')", false);
    row("own column in SQL", "op.execute('ALTER TABLE t ADD COLUMN c text')",
        "op.execute('ALTER TABLE t DROP COLUMN c')", false);
    row("table of a loop", "for n in names:\n        op.create_table(n)",
        "for n in names:\n        op.drop_table(n)", false);
    row("somebody else's table", "op.create_table('users')", "op.drop_table('orders')", true);
    row("upgrade drops a table", "op.drop_table('old')", "op.create_table('old')", true);
    row("upgrade drops a column", "op.drop_column('t', 'c')", "op.add_column('t', sa.Column('c'))", true);
    row("upgrade drops in SQL", "op.execute('drop  table if exists old')", "pass", true);
    row("upgrade deletes", "op.execute(\"\"\"\n    DELETE FROM t\n    WHERE x\"\"\")", "pass", true);
    row("upgrade deletes by expression", "op.execute(users.delete())", "pass", true);
    row("upgrade truncates", "op.execute('TRUNCATE t')", "pass", true);
    row("upgrade overwrites", "op.execute(sa.text('UPDATE t SET a = 1'))", "pass", true);
    row("upgrade fills its own column",
        "op.add_column('t', sa.Column('a'))\n    op.execute('UPDATE t SET a = 1')",
        "op.drop_column('t', 'a')", false);
    row("downgrade deletes", "op.bulk_insert(t, [])", "op.execute('DELETE FROM t')", true);
    row("temporary column", "op.add_column('t', sa.Column('x'))\n    op.drop_column('t', 'x')", "pass",
        false);
    row("indexes only", "op.create_index('i', 't', ['c'])", "op.drop_index('i')", false);
    row("words in a docstring", "'''DELETE FROM t'''\n    pass", "pass", false);
}

void TestRevisionFile::tellsLostData()
{
    QFETCH(QByteArray, up);
    QFETCH(QByteArray, down);
    QFETCH(bool, expected);
    QCOMPARE(withBodies(up, down).losesData, expected);
}

void TestRevisionFile::tellsOtherFacts()
{
    const Revision plain = withBodies("    op.create_index('i', 't', ['c'])", "    op.drop_index('i')");
    QVERIFY(!plain.hasAutocommit);
    QVERIFY(!plain.usesConnection);
    const Revision both =
        withBodies("    with op.get_context().autocommit_block():\n        op.execute('x y')",
                   "    conn = op.get_bind()");
    QVERIFY(both.hasAutocommit);
    QVERIFY(both.usesConnection);
    // Functions of the file count where they are called.
    const auto called = parse("revision = 'a'\ndown_revision = None\ndef fill():\n    op.get_bind()\n"
                              "def unused():\n    op.execute('DELETE FROM t')\n"
                              "def upgrade():\n    fill()\ndef downgrade():\n    pass\n");
    QVERIFY(called);
    QVERIFY(called->usesConnection);
    QVERIFY(!called->losesData);
}

QTEST_GUILESS_MAIN(TestRevisionFile)
#include "tst_revisionfile.moc"
