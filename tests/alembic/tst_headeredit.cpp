// SPDX-License-Identifier: MIT
#include "migrations/alembic/headeredit.h"
#include "migrations/alembic/revisionfile.h"

#include <QRandomGenerator>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

std::optional<HeaderEdit> down(const QStringList &ids)
{
    return HeaderEdit{.downRevisions = toRevisionIds(ids)};
}

std::optional<HeaderEdit> depends(const QStringList &ids)
{
    return HeaderEdit{.dependsOn = ids};
}

std::optional<HeaderEdit> renamed(const QString &id)
{
    return HeaderEdit{.revision = RevisionId(id)};
}

void row(const char *name, const QByteArray &source, const std::optional<HeaderEdit> &edit,
         const QByteArray &expected)
{
    QTest::newRow(name) << source << *edit << expected;
}

/// A whole file around what is looked at: functions and something that names the same identifiers.
QByteArray around(const QByteArray &header)
{
    return "import sqlalchemy as sa\n\n" + header +
           "\n\n\ndef upgrade():\n    op.execute('old r1 a b c')\n\n\ndef downgrade():\n    pass\n";
}

} // namespace

Q_DECLARE_METATYPE(stepwell::HeaderEdit)

class TestHeaderEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void changesParents_data();
    void changesParents();
    void changesOtherFields_data();
    void changesOtherFields();
    void writesAnyIdentifier_data();
    void writesAnyIdentifier();
    void leavesWhatIsAskedForAndThere();
    void refuses_data();
    void refuses();
    void changesRandomValues();

private:
    void compare(const QByteArray &source, const HeaderEdit &edit, const QByteArray &expected);
};

void TestHeaderEdit::compare(const QByteArray &source, const HeaderEdit &edit, const QByteArray &expected)
{
    const auto result = editHeader(source, u"/v/r1.py"_s, edit);
    QVERIFY2(result, qPrintable(result ? QString() : toText(result.error())));
    QCOMPARE(*result, expected);
    const auto again = editHeader(*result, u"/v/r1.py"_s, edit);
    QVERIFY(again);
    QCOMPARE(*again, *result);
}

void TestHeaderEdit::changesParents_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<HeaderEdit>("edit");
    QTest::addColumn<QByteArray>("expected");

    const auto one = down({u"x"_s});
    const auto two = down({u"x"_s, u"y"_s});
    const auto none = down({});
    row("double quotes", "down_revision = \"a\"", one, "down_revision = \"x\"");
    row("single quotes", "down_revision = 'a'", one, "down_revision = 'x'");
    row("triple double", "down_revision = \"\"\"a\"\"\"", one, "down_revision = \"\"\"x\"\"\"");
    row("triple single", "down_revision = '''a'''", one, "down_revision = '''x'''");
    row("raw", "down_revision = r'a'", one, "down_revision = r'x'");
    row("unicode prefix", "down_revision = U\"a\"", one, "down_revision = U\"x\"");
    row("formatted", "down_revision = f'a'", one, "down_revision = f'x'");
    row("raw and formatted", "down_revision = Rf'a'", one, "down_revision = Rf'x'");
    row("no blanks", "down_revision='a'", one, "down_revision='x'");
    row("many blanks", "down_revision   =\t 'a'  # why", one, "down_revision   =\t 'x'  # why");
    row("annotated", "down_revision: Union[str, None] = 'a'", one, "down_revision: Union[str, None] = 'x'");
    row("annotated with text", "down_revision: 'Union[str, None]' = 'a'", one,
        "down_revision: 'Union[str, None]' = 'x'");
    row("annotated None", "down_revision: Union[str, None] = None", one,
        "down_revision: Union[str, None] = 'x'");
    row("name in parentheses", "(down_revision) = 'a'", one, "(down_revision) = 'x'");
    row("parentheses", "down_revision = ('a')", one, "down_revision = ('x')");
    row("double parentheses", "down_revision = (('a'))", one, "down_revision = (('x'))");
    row("escapes", "down_revision = '\\x61'", one, "down_revision = 'x'");
    row("side by side", "down_revision = 'a' 'b'", one, "down_revision = 'x'");
    row("side by side, other quotes", "down_revision = r'a' \"b\"", one, "down_revision = r'x'");
    row("side by side, joined lines", "down_revision = 'a' \\\n    'b'", one, "down_revision = 'x'");
    row("side by side, comments", "down_revision = ('a'  # one\n    'b'  # two\n)", one,
        "down_revision = ('x'  # one\n      # two\n)");
    row("joined lines", "down_revision = \\\n    'a'", one, "down_revision = \\\n    'x'");
    row("semicolons", "a = 1; down_revision = 'a'; b = 2", one, "a = 1; down_revision = 'x'; b = 2");
    row("the last one counts", "down_revision = 'a'\ndown_revision = 'b'", one,
        "down_revision = 'a'\ndown_revision = 'x'");
    row("the last one of a line", "down_revision = 'a'; down_revision = 'b'", one,
        "down_revision = 'a'; down_revision = 'x'");
    row("None", "down_revision = None", one, "down_revision = 'x'");
    row("None in parentheses", "down_revision = (None)", one, "down_revision = ('x')");
    row("None in a tuple", "down_revision = (None,)", one, "down_revision = ('x',)");
    row("None in a list", "down_revision = [None]", one, "down_revision = ['x']");
    row("None in a set", "down_revision = {None}", two, "down_revision = {'x', 'y'}");
    row("empty tuple", "down_revision = ()", one, "down_revision = ('x',)");
    row("empty list", "down_revision = []", one, "down_revision = ['x']");
    row("empty list to two", "down_revision = [ ]", two, "down_revision = ['x', 'y' ]");
    row("empty tuple to two", "down_revision = ()", two, "down_revision = ('x', 'y')");
    row("None to two", "down_revision = None", two, "down_revision = ('x', 'y')");
    row("parenthesised None to two", "down_revision = (None)", two, "down_revision = ('x', 'y')");
    row("one to None", "down_revision = 'a'  # base", none, "down_revision = None  # base");
    row("parenthesised to None", "down_revision = ('a')", none, "down_revision = None");
    row("tuple to None", "down_revision = ('a', 'b')", none, "down_revision = None");
    row("bare tuple to None", "down_revision = 'a', 'b'", none, "down_revision = None");
    row("list to None", "down_revision = ['a', 'b']", none, "down_revision = None");
    row("lines to None", "down_revision = (\n    'a',\n    'b',\n)", none, "down_revision = None");
    row("lines with comments to None", "down_revision = [\n    'a',  # one\n    'b',  # two\n]", none,
        "down_revision = (\n    None  # one\n      # two\n)");
    row("one to two, first", "down_revision = 'a'", down({u"a"_s, u"x"_s}), "down_revision = ('a', 'x')");
    row("one to two, last", "down_revision = \"a\"", down({u"x"_s, u"a"_s}),
        "down_revision = (\"x\", \"a\")");
    row("one to two others", "down_revision = 'a'", two, "down_revision = ('x', 'y')");
    row("parenthesised to two", "down_revision = ('a')", down({u"a"_s, u"x"_s}),
        "down_revision = ('a', 'x')");
    row("joined lines to two", "down_revision = \\\n    'a'", down({u"a"_s, u"x"_s}),
        "down_revision = \\\n    ('a', 'x')");
    row("triple to two", "down_revision = '''a'''", down({u"a"_s, u"x"_s}), "down_revision = ('''a''', 'x')");
    row("tuple", "down_revision = ('a', \"b\")", down({u"a"_s, u"x"_s}), "down_revision = ('a', \"x\")");
    row("tuple, first", "down_revision = ('a', \"b\")", down({u"x"_s, u"b"_s}),
        "down_revision = ('x', \"b\")");
    row("tuple without blank", "down_revision = ('a','b')", down({u"x"_s, u"b"_s}),
        "down_revision = ('x','b')");
    row("tuple, other order", "down_revision = ('a', \"b\")", down({u"b"_s, u"a"_s}),
        "down_revision = (\"b\", \"a\")");
    row("bare tuple", "down_revision = 'a', 'b'", down({u"a"_s, u"x"_s}), "down_revision = 'a', 'x'");
    row("bare tuple, joined lines", "down_revision = 'a', \\\n    'b'", down({u"x"_s, u"b"_s}),
        "down_revision = 'x', \\\n    'b'");
    row("bare one-tuple", "down_revision = 'a',", one, "down_revision = 'x',");
    row("one-tuple", "down_revision = ('a',)", one, "down_revision = ('x',)");
    row("one-tuple to two", "down_revision = ('a',)", down({u"a"_s, u"x"_s}), "down_revision = ('a', 'x',)");
    row("list", "down_revision = ['a', 'b']", down({u"x"_s, u"b"_s}), "down_revision = ['x', 'b']");
    row("set", "down_revision = {'a', 'b'}", down({u"x"_s, u"b"_s}), "down_revision = {'x', 'b'}");
    row("set with one twice", "down_revision = {'a', 'b', 'a'}", down({u"b"_s}), "down_revision = {'b'}");
    row("items in parentheses", "down_revision = (('a'), ('b'))", down({u"a"_s, u"x"_s}),
        "down_revision = (('a'), ('x'))");
    row("items side by side", "down_revision = ('a' 'b', 'c')", down({u"ab"_s, u"x"_s}),
        "down_revision = ('a' 'b', 'x')");
    row("list in parentheses", "down_revision = (['a', 'b'])", down({u"b"_s}), "down_revision = (['b'])");
    row("tuple to its first", "down_revision = ('a', 'b')", down({u"a"_s}), "down_revision = ('a',)");
    row("tuple to its last", "down_revision = ('a', 'b')", down({u"b"_s}), "down_revision = ('b',)");
    row("bare tuple to its first", "down_revision = 'a', 'b'", down({u"a"_s}), "down_revision = 'a',");
    row("bare tuple to its last", "down_revision = 'a', 'b',", down({u"b"_s}), "down_revision = 'b',");
    row("list to its first", "down_revision = ['a', 'b']", down({u"a"_s}), "down_revision = ['a']");
    row("three without the middle", "down_revision = ('a', 'b', 'c')", down({u"a"_s, u"c"_s}),
        "down_revision = ('a', 'c')");
    row("three without the last", "down_revision = ('a', 'b', 'c')", down({u"a"_s, u"b"_s}),
        "down_revision = ('a', 'b')");
    row("three to the first", "down_revision = ('a', 'b', 'c',)", down({u"a"_s}), "down_revision = ('a',)");
    row("three to another", "down_revision = ('a', 'b', 'c')", one, "down_revision = ('x',)");
    row("trailing comma", "down_revision = ('a', 'b', )", down({u"a"_s}), "down_revision = ('a', )");
    row("lines, exchanged", "down_revision = (\n    'a',  # one\n    'b',  # two\n)", down({u"a"_s, u"x"_s}),
        "down_revision = (\n    'a',  # one\n    'x',  # two\n)");
    row("lines, first removed", "down_revision = (\n    'a',\n    'b',\n)", down({u"b"_s}),
        "down_revision = (\n    'b',\n)");
    row("lines, last removed", "down_revision = (\n    'a',\n    'b',\n)", down({u"a"_s}),
        "down_revision = (\n    'a',\n)");
    row("lines, last removed without comma", "down_revision = [\n    'a',\n    'b'\n]", down({u"a"_s}),
        "down_revision = [\n    'a'\n]");
    row("lines, with a comment", "down_revision = (\n    'a',  # one\n    'b',  # two\n)", down({u"b"_s}),
        "down_revision = (\n      # one\n    'b',  # two\n)");
    row("lines, comment between", "down_revision = (\n    'a',\n    # note\n    'b'\n)", down({u"a"_s}),
        "down_revision = (\n    'a',\n    # note\n    \n)");
    row("lines, added", "down_revision = (\n    'a',  # one\n)", down({u"a"_s, u"x"_s}),
        "down_revision = (\n    'a',  # one\n    'x',\n)");
    row("lines, added without comma", "down_revision = (\n    'a',\n    'b'  # two\n)",
        down({u"a"_s, u"b"_s, u"x"_s, u"y"_s}),
        "down_revision = (\n    'a',\n    'b',  # two\n    'x',\n    'y'\n)");
    row("lines, added first", "down_revision = (\n    'a',\n)", down({u"x"_s, u"a"_s}),
        "down_revision = (\n    'x',\n    'a',\n)");
    row("lines, one item with others", "down_revision = ('a',\n    'b')", down({u"b"_s}),
        "down_revision = (\n    'b',)");
    row("shared", "branch_labels = down_revision = None", one,
        "branch_labels = down_revision = None\ndown_revision = 'x'");
    row("shared, more in the line", "branch_labels = down_revision = None; z = 1  # all\nq = 2", two,
        "branch_labels = down_revision = None; z = 1  # all\ndown_revision = ('x', 'y')\nq = 2");
    row("shared, to None", "prior = down_revision = 'a'", none,
        "prior = down_revision = 'a'\ndown_revision = None");
}

void TestHeaderEdit::changesParents()
{
    QFETCH(const QByteArray, source);
    QFETCH(const HeaderEdit, edit);
    QFETCH(const QByteArray, expected);
    for (const QByteArray &lineBreak : {QByteArray("\n"), QByteArray("\r\n"), QByteArray("\r")}) {
        const auto whole = [&](QByteArray value) {
            value = around("revision = 'r1'\n" + value);
            return value.replace("\n", lineBreak);
        };
        compare(whole(source), edit, whole(expected));
        if (QTest::currentTestFailed())
            return;
    }
}

void TestHeaderEdit::changesOtherFields_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<HeaderEdit>("edit");
    QTest::addColumn<QByteArray>("expected");

    row("identifier", "revision = 'r1'\ndown_revision = 'r1x'", renamed(u"n"_s),
        "revision = 'n'\ndown_revision = 'r1x'");
    row("annotated identifier", "revision: str = \"r1\"\ndown_revision = None", renamed(u"n"_s),
        "revision: str = \"n\"\ndown_revision = None");
    row("identifier in parentheses", "revision = (\n    'r1'  # me\n)\ndown_revision = None", renamed(u"n"_s),
        "revision = (\n    'n'  # me\n)\ndown_revision = None");
    row("shared identifier", "name = revision = 'r1'\ndown_revision = None", renamed(u"n"_s),
        "name = revision = 'r1'\nrevision = 'n'\ndown_revision = None");
    row("identifier used in a function",
        "revision = 'r1'\ndown_revision = None\ndef f():\n    return revision", renamed(u"n"_s),
        "revision = 'n'\ndown_revision = None\ndef f():\n    return revision");
    row("identifier and parents are one", "revision = 'r1'\ndown_revision = depends_on = 'x'",
        HeaderEdit{.downRevisions = RevisionIds{RevisionId(u"y"_s)}, .dependsOn = QStringList{u"z"_s}},
        "revision = 'r1'\ndown_revision = depends_on = 'x'\ndown_revision = 'y'\ndepends_on = 'z'");
    const QByteArray full = "revision = \"r1\"\ndown_revision = 'a'\nbranch_labels = None\n";
    row("dependencies", full + "depends_on = None", depends({u"d"_s}), full + "depends_on = \"d\"");
    row("more dependencies", full + "depends_on = ('d', 'e')", depends({u"d"_s, u"e"_s, u"f"_s}),
        full + "depends_on = ('d', 'e', 'f')");
    row("fewer dependencies", full + "depends_on = ('d', 'e')", depends({u"e"_s}),
        full + "depends_on = ('e',)");
    row("no dependencies", full + "depends_on = ['d']", depends({}), full + "depends_on = None");
    row("absent", full, depends({u"d"_s}), full.chopped(1) + "\ndepends_on = \"d\"\n");
    row("absent, without labels", "revision = 'r1'\ndown_revision = 'a'  # note\nx = 1",
        depends({u"d"_s, u"e"_s}),
        "revision = 'r1'\ndown_revision = 'a'  # note\ndepends_on = ('d', 'e')\nx = 1");
    row("absent and none", full, depends({}), full);
    row("labels shared", "revision = 'r1'\ndown_revision = 'a'\nbranch_labels = depends_on = None",
        depends({u"d"_s}),
        "revision = 'r1'\ndown_revision = 'a'\nbranch_labels = depends_on = None\ndepends_on = 'd'");
    row("absent behind several lines", "revision = 'r1'\ndown_revision = 'a'\nbranch_labels = (\n    'l',\n)",
        depends({u"d"_s}),
        "revision = 'r1'\ndown_revision = 'a'\nbranch_labels = (\n    'l',\n)\ndepends_on = 'd'");
    row("everything", "revision = 'r1'\ndown_revision = ('a', 'b')\nbranch_labels = 'l'\ndepends_on = 'd'",
        HeaderEdit{.revision = RevisionId(u"n"_s),
                   .downRevisions = RevisionIds{RevisionId(u"a"_s), RevisionId(u"m"_s)},
                   .dependsOn = QStringList{}},
        "revision = 'n'\ndown_revision = ('a', 'm')\nbranch_labels = 'l'\ndepends_on = None");
    row("parents below the functions",
        "revision = 'r1'\ndef f():\n    pass\ndown_revision = (\n    'a',\n    'b',\n)", down({u"b"_s}),
        "revision = 'r1'\ndef f():\n    pass\ndown_revision = (\n    'b',\n)");
    row("no line end", "revision = 'r1'\ndown_revision = 'a'", depends({u"d"_s}),
        "revision = 'r1'\ndown_revision = 'a'\ndepends_on = 'd'");
}

void TestHeaderEdit::changesOtherFields()
{
    QFETCH(const QByteArray, source);
    QFETCH(const HeaderEdit, edit);
    QFETCH(const QByteArray, expected);
    compare(source, edit, expected);
    if (!QTest::currentTestFailed())
        compare(around(source), edit, around(expected));
}

void TestHeaderEdit::writesAnyIdentifier_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("quotes") << u"a'b\"c"_s;
    QTest::newRow("backslash") << u"a\\b"_s;
    QTest::newRow("backslash at the end") << u"a\\"_s;
    QTest::newRow("looks like an escape") << u"\\x41\\n"_s;
    QTest::newRow("blanks") << u"a b  c"_s;
    QTest::newRow("tab and line break") << u"a\tb\nc\rd"_s;
    QTest::newRow("control") << QString(u"a\u0001\u007fb"_s);
    QTest::newRow("umlauts") << u"\u00fc\u20ac\u4e2d"_s;
    QTest::newRow("above the plane") << u"\U0001f600"_s;
    QTest::newRow("separators of Unicode") << u"a\u2028\u0085b"_s;
    QTest::newRow("braces") << u"a{b}c"_s;
    QTest::newRow("hash") << u"a#b"_s;
    QTest::newRow("three quotes") << u"'''\"\"\""_s;
    QTest::newRow("percent") << u"%s%%"_s;
}

void TestHeaderEdit::writesAnyIdentifier()
{
    QFETCH(const QString, id);
    for (const QByteArray prefix : {"", "r", "u", "f", "rf"}) {
        for (const QByteArray quote : {"'", "\"", "'''", "\"\"\""}) {
            for (const QByteArray coding : {"utf-8", "latin-1", "ascii", "cp1252"}) {
                const QByteArray source = "# coding: " + coding + "\nrevision = " + prefix + quote + "r1" +
                                          quote + "\ndown_revision = (" + prefix + quote + "a" + quote +
                                          ", 'b')\n";
                const auto result =
                    editHeader(source, u"/v/r1.py"_s,
                               {.revision = RevisionId(id),
                                .downRevisions = RevisionIds{RevisionId(id), RevisionId(u"b"_s)},
                                .dependsOn = QStringList{id}});
                QVERIFY2(result, qPrintable(result ? QString() : toText(result.error())));
                const auto read = parseRevision(*result, u"/v/r1.py"_s);
                QVERIFY(read);
                QCOMPARE(read->id.text(), id);
                QCOMPARE(read->downRevisions.constFirst().text(), id);
                QCOMPARE(read->dependsOn, QStringList{id});
            }
        }
    }
}

void TestHeaderEdit::leavesWhatIsAskedForAndThere()
{
    const QByteArray source = "'''m\nRevision ID: other\nRevises: stale\n'''\nrevision = 'r1'\n"
                              "down_revision = [\n 'a', # x\n'b'\n]\ndepends_on = {'d',}\n";
    const HeaderEdit edit{.revision = RevisionId(u"r1"_s),
                          .downRevisions = toRevisionIds({u"a"_s, u"b"_s}),
                          .dependsOn = QStringList{u"d"_s}};
    QCOMPARE(editHeader(source, u"/v/r1.py"_s, edit).value_or(QByteArray()), source);
    QCOMPARE(editHeader(source, u"/v/r1.py"_s, {}).value_or(QByteArray()), source);
    // The name of the file is the identifier; a line takes its place.
    QCOMPARE(editHeader("down_revision = None\n", u"/v/12ab.py"_s, *renamed(u"n"_s)).value_or(QByteArray()),
             "down_revision = None\nrevision = \"n\"\n");
}

void TestHeaderEdit::refuses_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("where");
    QTest::newRow("computed") << QByteArray("revision = 'r1'\ndown_revision = f()\n") << u"computed-header"_s
                              << u"line 2"_s;
    QTest::newRow("in a block") << QByteArray("revision = 'r1'\nif 1:\n    down_revision = 'a'\n")
                                << u"computed-header"_s << u"line 3"_s;
    QTest::newRow("changed later")
        << QByteArray("revision = 'r1'\ndown_revision = ['a']\ndown_revision.append('b')\n")
        << u"computed-header"_s << u"line 2"_s;
    QTest::newRow("no Python") << QByteArray("revision = 'r1\n") << u"invalid-python"_s << u"line 1"_s;
    QTest::newRow("no revision") << QByteArray("x = 1\n") << u"invalid-revision-file"_s << u"/v/x.py"_s;
    QTest::newRow("unknown bytes") << QByteArray("# coding: shift_jis\nx = '\x95\\'\nrevision = 'r1'\n"
                                                 "down_revision = 'a'\n")
                                   << u"computed-header"_s << u"shift_jis"_s;
    QTest::newRow("unknown encoding")
        << QByteArray("# coding: utf-16\nrevision = 'r1'\ndown_revision = 'a'\n") << u"computed-header"_s
        << u"utf-16"_s;
    QTest::newRow("foreign parent") << QByteArray(
                                           "# coding: koi8-r\nrevision = 'r1'\ndown_revision = '\xd0'\n")
                                    << u"computed-header"_s << u"koi8-r"_s;
    QTest::newRow("raw docstring that cannot hold it")
        << QByteArray("# coding: latin-1\nr'''m\nRevises: a\n'''\nrevision = 'r1'\ndown_revision = 'a'\n")
        << u"unsupported"_s << u"/v/x.py"_s;
}

void TestHeaderEdit::refuses()
{
    QFETCH(const QByteArray, source);
    QFETCH(const QString, kind);
    QFETCH(const QString, where);
    const auto result = editHeader(source, u"/v/x.py"_s, *down({u"\u20ac"_s}));
    QVERIFY(!result);
    QCOMPARE(kindName(result.error().kind), kind);
    QVERIFY2(result.error().message.contains(where), qPrintable(result.error().message));
    QVERIFY(!result.error().hint.isEmpty());
}

/// Values put together by chance, changed to others: the result is read again by editHeader() itself, so that
/// it is enough to see that nothing is refused and that other bytes stay.
void TestHeaderEdit::changesRandomValues()
{
    QRandomGenerator random(20240229);
    const auto pick = [&](const QByteArrayList &all) {
        return all.at(random.bounded(static_cast<int>(all.size())));
    };
    const auto literal = [&](const QByteArray &id) {
        const QByteArray quote = pick({"'", "\"", "'''", "\"\"\""});
        const QByteArray whole = pick({"", "", "r", "u", "F"}) + quote + id + quote;
        return random.bounded(8) == 0
                   ? QByteArray("(" + whole + pick({"", " ''", "\n\"\"", " # c\n r''"}) + ")")
                   : whole;
    };
    const auto gap = [&] {
        return pick({"", "", " ", " ", "  ", "\n    ", "\n\t", "  # it's, (a note\n  ", "\n# \"x\n"});
    };
    for (int round = 0; round < 20000; ++round) {
        QStringList ids;
        for (int count = random.bounded(5); count > 0; --count)
            ids += QString(QChar(u'a' + random.bounded(6)));
        if (random.bounded(4) > 0)
            ids.removeDuplicates();
        QByteArray value =
            ids.isEmpty() ? pick({"None", "()", "[]", "(None,)", "[ None ]", "( # x\n)"}) : QByteArray();
        const QByteArray brackets = pick({"()", "[]", "{}"});
        for (const QString &id : std::as_const(ids))
            value +=
                (value.isEmpty() ? QByteArray() : QByteArray(gap() + ',')) + gap() + literal(id.toLatin1());
        if (!ids.isEmpty()) {
            const bool comma = (ids.size() == 1 && random.bounded(2) > 0) || random.bounded(3) == 0;
            value = brackets.first(1) + value + (comma ? QByteArray(gap() + ',') : QByteArray()) + gap() +
                    brackets.last(1);
        }
        QStringList wanted;
        for (int count = random.bounded(5); count > 0; --count)
            wanted += random.bounded(3) > 0 && !ids.isEmpty()
                          ? ids.at(random.bounded(static_cast<int>(ids.size())))
                          : QString(QChar(u'p' + random.bounded(6)));
        wanted.removeDuplicates();
        const QByteArray source = around("revision = 'r1'\ndown_revision = " + value + "  # end");
        const auto result = editHeader(source, u"/v/r1.py"_s, *down(wanted));
        QVERIFY2(result, qPrintable(QString(QString::fromUtf8(source) + wanted.join(u' ') +
                                            (result ? QString() : toText(result.error())))));
        for (const QByteArray note : {"# it's, (a note", "# \"x"})
            QVERIFY2(result->count(note) == source.count(note),
                     qPrintable(QString::fromUtf8(source + *result)));
        const auto begin = source.indexOf(value);
        QCOMPARE(result->first(begin), source.first(begin));
        QCOMPARE(result->last(source.size() - begin - value.size()),
                 source.last(source.size() - begin - value.size()));
    }
}

QTEST_APPLESS_MAIN(TestHeaderEdit)
#include "tst_headeredit.moc"
