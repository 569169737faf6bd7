// SPDX-License-Identifier: MIT
#include "migrations/alembic/pythontokens.h"

#include <QStringList>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// Tokens separated by blanks; a logical line ends with |, and starts with its indentation if any.
QString textOf(const QByteArray &source)
{
    const PythonTokens tokens = PythonTokens::read(source);
    QStringList parts;
    for (const PythonToken &token : tokens.all()) {
        if (token.kind == PythonTokenKind::Newline) {
            parts += u"|"_s;
            continue;
        }
        const QString indent = token.indent > 0 ? u"%1>"_s.arg(token.indent) : QString();
        parts += indent + QString::fromUtf8(tokens.text(token));
    }
    return parts.join(u' ');
}

} // namespace

class TestPythonTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void splits_data();
    void splits();
    void countsLinesAndDepth();
    void readsStrings_data();
    void readsStrings();
    void honoursEncodings();
    void cleansDocstrings();
};

void TestPythonTokens::splits_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &source, const QString &expected) {
        QTest::newRow(name) << source << expected;
    };
    row("assignment", "a = 'x'  # no\n", u"a = 'x' |"_s);
    row("no newline at the end", "a=1", u"a = 1 |"_s);
    row("prefixes", "rb'a' u\"b\" Rf'c' name'", u"rb'a' u\"b\" Rf'c' name ' |"_s);
    row("blank lines and comments", "\n# x\n\n  # y\na\n", u"a |"_s);
    row("indentation", "def f():\n    a\n\tb\nc\n", u"def f ( ) : | 4>a | 8>b | c |"_s);
    row("brackets join", "a = (1,\n  # note\n  2)\nb\n", u"a = ( 1 , 2 ) | b |"_s);
    row("backslash joins", "a = \\\n  'x'\n", u"a = 'x' |"_s);
    row("CRLF and CR", "a\r\nb\rc\r\n", u"a | b | c |"_s);
    row("semicolon", "a; b\n", u"a ; b |"_s);
    row("triple quotes", "'''a\n'b' \"\"\" '''\nc\n", u"'''a\n'b' \"\"\" ''' | c |"_s);
    row("escaped quotes", "'a\\'b' '''c\\'''d'''\n", u"'a\\'b' '''c\\'''d''' |"_s);
    row("hash in a string", "a = '#x'\n", u"a = '#x' |"_s);
    row("raw backslash", "r'a\\' b'\n", u"r'a\\' b' |"_s);
    row("nested f-string", "f'{x['a']}' b\n", u"f'{x['a']}' b |"_s);
    row("braces in an f-string", "f'{{' b\n", u"f'{{' b |"_s);
    row("unterminated", "a = 'x\nb\n", u"a = 'x | b |"_s);
    row("byte order mark",
        "\xef\xbb\xbf"
        "a\n",
        u"a |"_s);
    row("stray bracket", ")\na\n", u") | a |"_s);
    row("empty", "", u""_s);
}

void TestPythonTokens::splits()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, expected);
    QCOMPARE(textOf(source), expected);
}

void TestPythonTokens::countsLinesAndDepth()
{
    const PythonTokens tokens = PythonTokens::read("'''a\nb'''\nf(\n[x]\n)\n");
    QStringList parts;
    for (const PythonToken &token : tokens.all())
        parts += u"%1/%2"_s.arg(token.line).arg(token.depth);
    QCOMPARE(parts.join(u' '), u"1/0 2/0 3/0 3/0 4/1 4/2 4/1 5/0 5/0"_s);
}

void TestPythonTokens::readsStrings_data()
{
    QTest::addColumn<QByteArray>("literal");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isText");
    QTest::newRow("plain") << QByteArray("'abc'") << u"abc"_s << true;
    QTest::newRow("empty") << QByteArray("\"\"") << u""_s << true;
    QTest::newRow("triple") << QByteArray("'''a'b'''") << u"a'b"_s << true;
    QTest::newRow("escapes") << QByteArray("'\\x41\\u00e9\\t\\\\\\'\\101\\q'") << u"A\u00e9\t\\'A\\q"_s
                             << true;
    QTest::newRow("joined line") << QByteArray("'a\\\nb'") << u"ab"_s << true;
    QTest::newRow("raw") << QByteArray("R'\\x41'") << u"\\x41"_s << true;
    QTest::newRow("CRLF") << QByteArray("'''a\r\nb'''") << u"a\nb"_s << true;
    QTest::newRow("bytes") << QByteArray("b'a'") << u"a"_s << false;
    QTest::newRow("f-string") << QByteArray("f'a{b}'") << u"a{b}"_s << false;
    QTest::newRow("f-string without fields") << QByteArray("f'ab'") << u"ab"_s << true;
    QTest::newRow("unterminated") << QByteArray("'abc") << u"abc"_s << false;
}

void TestPythonTokens::readsStrings()
{
    QFETCH(QByteArray, literal);
    QFETCH(QString, text);
    QFETCH(bool, isText);
    const PythonString string = pythonString(literal);
    QCOMPARE(string.text, text);
    QCOMPARE(string.isText, isText);
    QVERIFY(string.isExact);
    QVERIFY(!pythonString("'\\N{BULLET}'").isExact);
}

void TestPythonTokens::honoursEncodings()
{
    QCOMPARE(textOf("# -*- coding: latin-1 -*-\na = '\xe9'\n"), u"a = '\u00e9' |"_s);
    QCOMPARE(textOf("#!x\r\n# vim: set fileencoding=utf-8 :\na = '\xc3\xa9'\n"), u"a = '\u00e9' |"_s);
}

/// The examples are what Python 3.13 makes of these texts.
void TestPythonTokens::cleansDocstrings()
{
    QCOMPARE(cleanDocstring(u"   a\n   b\tc  \n\n\td\n"_s), u"a\nb    c  \n\n     d\n"_s);
    QCOMPARE(cleanDocstring(u"\n  first\n  second\n"_s), u"\nfirst\nsecond\n"_s);
    QCOMPARE(cleanDocstring(u"one"_s), u"one"_s);
}

QTEST_GUILESS_MAIN(TestPythonTokens)
#include "tst_pythontokens.moc"
