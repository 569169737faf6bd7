// SPDX-License-Identifier: MIT
// editHeader() and the docstring, and files in other encodings.
#include "migrations/alembic/docstringedit.h"
#include "migrations/alembic/headeredit.h"

#include <QTest>
#include <QTimeZone>

using namespace stepwell;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(stepwell::HeaderEdit)

namespace {

std::optional<HeaderEdit> down(const QStringList &ids)
{
    return HeaderEdit{.downRevisions = toRevisionIds(ids)};
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

} // namespace

class TestDocstringEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("TZ", "UTC"); }
    void init() { QTest::failOnWarning(); }
    void changesDocstrings_data();
    void changesDocstrings();
    void keepsEncodings_data();
    void keepsEncodings();
    void keepsTheFormOfDates_data();
    void keepsTheFormOfDates();

private:
    void compare(const QByteArray &source, const HeaderEdit &edit, const QByteArray &expected);
};

void TestDocstringEdit::compare(const QByteArray &source, const HeaderEdit &edit, const QByteArray &expected)
{
    const auto result = editHeader(source, u"/v/r1.py"_s, edit);
    QVERIFY2(result, qPrintable(result ? QString() : toText(result.error())));
    QCOMPARE(*result, expected);
    const auto again = editHeader(*result, u"/v/r1.py"_s, edit);
    QVERIFY(again);
    QCOMPARE(*again, *result);
}

void TestDocstringEdit::changesDocstrings_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<HeaderEdit>("edit");
    QTest::addColumn<QByteArray>("expected");

    const auto doc = [](const QByteArray &text, const QByteArray &id = "r1",
                        const QByteArray &parents = "'a'") {
        return QByteArray(text + "\nrevision = '" + id + "'\ndown_revision = " + parents + "\n");
    };
    const QByteArray usual = "\"\"\"Add a to r1\n\nRevision ID: r1\nRevises: a\nCreate Date: "
                             "2024-03-01 12:30:05.123456\n\n\"\"\"";
    const auto usualWith = [&](const QByteArray &from, const QByteArray &to) {
        QByteArray text = usual;
        return text.replace(from, to);
    };
    row("parent", doc(usual), down({u"x"_s}), doc(usualWith("Revises: a", "Revises: x"), "r1", "'x'"));
    row("identifier", doc(usual), renamed(u"n"_s), doc(usualWith("ID: r1", "ID: n"), "n"));
    row("base", doc(usual), down({}), doc(usualWith("Revises: a", "Revises: "), "r1", "None"));
    row("two", doc(usual), down({u"a"_s, u"x"_s}),
        doc(usualWith("Revises: a", "Revises: a, x"), "r1", "('a', 'x')"));
    row("from base", doc(usualWith("Revises: a", "Revises: "), "r1", "None"), down({u"a"_s}), doc(usual));
    row("from base without blank", doc(usualWith("Revises: a", "Revises:"), "r1", "None"), down({u"a"_s}),
        doc(usual));
    row("from None", doc(usualWith("Revises: a", "Revises: None"), "r1", "None"), down({u"a"_s}), doc(usual));
    row("list", doc(usualWith("Revises: a", "Revises: a,b ,  c"), "r1", "('a', 'b', 'c')"),
        down({u"a"_s, u"x"_s, u"c"_s}),
        doc(usualWith("Revises: a", "Revises: a,x ,  c"), "r1", "('a', 'x', 'c')"));
    row("list becomes shorter", doc(usualWith("Revises: a", "Revises: a, b"), "r1", "('a', 'b')"),
        down({u"b"_s}), doc(usualWith("Revises: a", "Revises: b"), "r1", "('b',)"));
    row("stale line", doc(usualWith("Revises: a", "Revises: q")), down({u"x"_s}),
        doc(usualWith("Revises: a", "Revises: x"), "r1", "'x'"));
    row("prose before it", doc(usualWith("Add a to r1", "Add a to r1\nRevises: the old thing")),
        down({u"x"_s}),
        doc(usualWith("Add a to r1", "Add a to r1\nRevises: the old thing")
                .replace("Revises: a", "Revises: x"),
            "r1", "'x'"));
    row("prose only", doc(usualWith("Revises: a", "Revises: all the layout")), down({u"x"_s}),
        doc(usualWith("Revises: a", "Revises: all the layout"), "r1", "'x'"));
    row("no lines", doc("'''Add a'''"), down({u"x"_s}), doc("'''Add a'''", "r1", "'x'"));
    row("no docstring", doc(""), down({u"x"_s}), doc("", "r1", "'x'"));
    row("raw", doc('r' + usual), down({u"x\"y"_s}),
        doc('r' + usualWith("Revises: a", "Revises: x\"y"), "r1", "'x\"y'"));
    row("raw, backslash", doc('r' + usual), down({u"x\\y"_s}),
        doc('r' + usualWith("Revises: a", "Revises: x\\y"), "r1", "'x\\\\y'"));
    row("backslash", doc(usual), down({u"x\\y"_s}),
        doc(usualWith("Revises: a", "Revises: x\\\\y"), "r1", "'x\\\\y'"));
    row("one line", doc("'m\\n\\nRevision ID: r1\\nRevises: a'"), down({u"x'"_s}),
        doc("'m\\n\\nRevision ID: r1\\nRevises: x\\''", "r1", "'x\\''"));
    row("one line to base", doc("'m\\n\\nRevises: a\\nz'"), down({}),
        doc("'m\\n\\nRevises: \\nz'", "r1", "None"));
    row("escapes in the value", doc("'m\\nRevises: \\x61\\u0062\\n'", "r1", "'ab'"), down({u"x"_s}),
        doc("'m\\nRevises: x\\n'", "r1", "'x'"));
    row("side by side", doc("('m\\n' 'Revision ID: r1\\n'\n 'Revises: ' 'a'\n)"), down({u"x"_s}),
        doc("('m\\n' 'Revision ID: r1\\n'\n 'Revises: ' 'x'\n)", "r1", "'x'"));
    row("side by side, cut", doc("'m\\nRevises: ab' \"cd\"", "r1", "'abcd'"), down({u"x"_s}),
        doc("'m\\nRevises: x' \"\"", "r1", "'x'"));
    row("joined lines", doc("'''m\nRevises: a\\\nb\n'''", "r1", "'ab'"), down({u"x"_s}),
        doc("'''m\nRevises: x\n'''", "r1", "'x'"));
    row("indented", doc("'''m\n\n\tRevision ID: r1\n\tRevises: a  \n'''"), down({u"x"_s}),
        doc("'''m\n\n\tRevision ID: r1\n\tRevises: x  \n'''", "r1", "'x'"));
    row("assigned", doc("__doc__ = 'm\\n  Revises: a'"), down({u"x"_s}),
        doc("__doc__ = 'm\\n  Revises: x'", "r1", "'x'"));
    row("assigned later", doc("'''m\nRevises: a'''\n__doc__ = ('n\\nRevises: a')"), down({u"x"_s}),
        doc("'''m\nRevises: a'''\n__doc__ = ('n\\nRevises: x')", "r1", "'x'"));
    row("assigned None", doc("__doc__ = None"), down({u"x"_s}), doc("__doc__ = None", "r1", "'x'"));
    row("assigned to two", doc("text = __doc__ = 'm\\nRevises: a'"), down({u"x"_s}),
        doc("text = __doc__ = 'm\\nRevises: a'", "r1", "'x'"));
    row("umlauts", doc("'''\xc3\x84\xf0\x9f\x98\x80 m\nRevises: \xc3\xa4'''", "r1", "'\xc3\xa4'"),
        down({u"\u00fc"_s}), doc("'''\xc3\x84\xf0\x9f\x98\x80 m\nRevises: \xc3\xbc'''", "r1", "'\xc3\xbc'"));
    const QDateTime when(QDate(2025, 1, 2), QTime(3, 4, 5, 678), QTimeZone::UTC);
    row("date", doc(usual), HeaderEdit{.created = when},
        doc(usualWith("2024-03-01 12:30:05.123456", "2025-01-02 03:04:05.678000")));
    row("all of it", doc(usual),
        HeaderEdit{.revision = RevisionId(u"n"_s),
                   .downRevisions = RevisionIds{RevisionId(u"x"_s)},
                   .created = when},
        doc(usualWith("ID: r1\nRevises: a\nCreate Date: 2024-03-01 12:30:05.123456",
                      "ID: n\nRevises: x\nCreate Date: 2025-01-02 03:04:05.678000"),
            "n", "'x'"));
    row("unreadable date", doc(usualWith("2024-03-01 12:30:05.123456", "yesterday")),
        HeaderEdit{.created = when},
        doc(usualWith("2024-03-01 12:30:05.123456", "2025-01-02 03:04:05.678000")));
    row("no date", doc("'''m\nRevises: a'''"), HeaderEdit{.created = when}, doc("'''m\nRevises: a'''"));
}

void TestDocstringEdit::changesDocstrings()
{
    QFETCH(const QByteArray, source);
    QFETCH(const HeaderEdit, edit);
    QFETCH(const QByteArray, expected);
    for (const QByteArray &lineBreak : {QByteArray("\n"), QByteArray("\r\n"), QByteArray("\r")}) {
        QByteArray from = source;
        QByteArray to = expected;
        compare(from.replace("\n", lineBreak), edit, to.replace("\n", lineBreak));
        if (QTest::currentTestFailed())
            return;
    }
}

void TestDocstringEdit::keepsEncodings_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<HeaderEdit>("edit");
    QTest::addColumn<QByteArray>("expected");

    const auto file = [](const QByteArray &coding, const QByteArray &note, const QByteArray &parent) {
        return QByteArray("# coding: " + coding + "\n'''" + note + "\n\nRevises: " + parent + "\n'''\nx = '" +
                          note + "'\nrevision = 'r1'\ndown_revision = '" + parent + "'  # " + note + '\n');
    };
    const QByteArray mark = "\xef\xbb\xbf";
    const auto plain = down({u"x"_s});
    const auto umlaut = down({u"\u00fc"_s});
    const auto euro = down({u"\u20ac"_s});
    row("utf-8", file("utf-8", "\xc3\xa4\xe2\x82\xac", "a"), umlaut,
        file("utf-8", "\xc3\xa4\xe2\x82\xac", "\xc3\xbc"));
    row("byte order mark", mark + file("utf-8", "\xc3\xa4", "a"), umlaut,
        mark + file("utf-8", "\xc3\xa4", "\xc3\xbc"));
    row("mark alone", mark + "revision = 'r1'\ndown_revision = 'a'", plain,
        mark + "revision = 'r1'\ndown_revision = 'x'");
    row("latin-1", file("latin-1", "\xe4\xf6", "a"), plain, file("latin-1", "\xe4\xf6", "x"));
    row("latin-1, in the parent", file("latin-1", "\xe4\xf6", "\xe4"), umlaut,
        file("latin-1", "\xe4\xf6", "\xfc"));
    row("latin-1, no umlaut before", file("latin-1", "n", "a"), umlaut, file("latin-1", "n", "\xfc"));
    row("latin-1, no euro", file("latin-1", "\xe4", "a"), euro, file("latin-1", "\xe4", "\\u20ac"));
    row("cp1252", file("cp1252", "\xe4\x80", "a"), euro, file("cp1252", "\xe4\x80", "\x80"));
    row("iso8859-15", file("iso8859-15", "\xa4", "a"), euro, file("iso8859-15", "\xa4", "\xa4"));
    row("ascii", file("ascii", "n", "a"), umlaut, file("ascii", "n", "\\u00fc"));
    row("ascii, above the plane", file("ascii", "n", "a"), down({u"\U0001f600"_s}),
        file("ascii", "n", "\\U0001f600"));
    row("koi8-r", file("koi8-r", "\xd0\xcf", "a"), plain, file("koi8-r", "\xd0\xcf", "x"));
    row("koi8-r, without Russian", file("koi8-r", "n", "a"), plain, file("koi8-r", "n", "x"));
    row("koi8-r, umlaut", file("koi8-r", "\xd0\xcf", "a"), umlaut, file("koi8-r", "\xd0\xcf", "\\u00fc"));
    row("shift_jis", file("shift_jis", "\x93\xfa\x8c\x8e", "a"), plain,
        file("shift_jis", "\x93\xfa\x8c\x8e", "x"));
    row("bytes that are no UTF-8 in a comment", "revision = 'r1'  # \xff\ndown_revision = 'a'", plain,
        "revision = 'r1'  # \xff\ndown_revision = 'x'");
}

void TestDocstringEdit::keepsEncodings()
{
    QFETCH(const QByteArray, source);
    QFETCH(const HeaderEdit, edit);
    QFETCH(const QByteArray, expected);
    compare(source, edit, expected);
}

void TestDocstringEdit::keepsTheFormOfDates_data()
{
    QTest::addColumn<QString>("like");
    QTest::addColumn<QString>("expected");
    QTest::newRow("microseconds") << u"2024-03-01 12:30:05.123456"_s << u"2025-01-02 03:04:05.678000"_s;
    QTest::newRow("milliseconds") << u"2024-03-01 12:30:05.123"_s << u"2025-01-02 03:04:05.678"_s;
    QTest::newRow("one digit") << u"2024-03-01 12:30:05.1"_s << u"2025-01-02 03:04:05.6"_s;
    QTest::newRow("seconds") << u"2024-03-01 12:30:05"_s << u"2025-01-02 03:04:05"_s;
    QTest::newRow("minutes") << u"2024-03-01 12:30"_s << u"2025-01-02 03:04"_s;
    QTest::newRow("day") << u"2024-03-01"_s << u"2025-01-02"_s;
    QTest::newRow("T") << u"2024-03-01T12:30:05.123456"_s << u"2025-01-02T03:04:05.678000"_s;
    QTest::newRow("zone") << u"2024-03-01 12:30:05.123456+02:00"_s << u"2025-01-02 05:04:05.678000+02:00"_s;
    QTest::newRow("zone west") << u"2024-03-01 12:30:05-03:30"_s << u"2025-01-01 23:34:05-03:30"_s;
    QTest::newRow("short zone") << u"2024-03-01 12:30:05+0100"_s << u"2025-01-02 04:04:05+0100"_s;
    QTest::newRow("UTC") << u"2024-03-01T12:30:05Z"_s << u"2025-01-02T03:04:05Z"_s;
    QTest::newRow("nothing") << QString() << u"2025-01-02 03:04:05.678000"_s;
}

void TestDocstringEdit::keepsTheFormOfDates()
{
    QFETCH(const QString, like);
    QFETCH(const QString, expected);
    const QDateTime when(QDate(2025, 1, 2), QTime(3, 4, 5, 678), QTimeZone::UTC);
    QCOMPARE(writeCreateDate(when, like), expected);
    const auto file = [](const QString &date) {
        return QString(u"'''m\n\nCreate Date: "_s + date +
                       u"\n'''\nrevision = 'r1'\ndown_revision = None\n"_s)
            .toUtf8();
    };
    const auto result = editHeader(file(like), u"/v/r1.py"_s, {.created = when});
    QVERIFY2(result, qPrintable(result ? QString() : toText(result.error())));
    QCOMPARE(*result, file(expected));
}

QTEST_APPLESS_MAIN(TestDocstringEdit)
#include "tst_docstringedit.moc"
