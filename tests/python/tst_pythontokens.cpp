// SPDX-License-Identifier: MIT
#include "migrations/python/pythontokens.h"

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
    void findsFaults_data();
    void findsFaults();
    void takesValidSource_data();
    void takesValidSource();
    void knowsWords();
    void keepsNothingOfTheLastFile();
    void endsOnAnything();
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

/// Each fault is one that Python 3.13 reports too.
void TestPythonTokens::findsFaults_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<PythonFault>("fault");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const QByteArray &source, PythonFault fault, int line) {
        QTest::newRow(name) << source << fault << line;
    };
    using enum PythonFault;
    row("NUL", QByteArray("a\n# \0\n", 6), NulByte, 2);
    row("unknown encoding", "#\n# coding: nonsense\n", UnknownEncoding, 2);
    row("not a text encoding", "# coding: rot13\n", UnknownEncoding, 1);
    row("mark and another encoding", "\xef\xbb\xbf# coding: latin-1\n", UnknownEncoding, 1);
    row("bytes in a string", "a\nb = '\xe9'\n", Undecodable, 2);
    row("bytes in a name", "\xe9 = 1\n", Undecodable, 1);
    row("bytes beyond ASCII", "# coding: ascii\r\n#\r\n# \xe9\r\n", Undecodable, 3);
    row("string", "a\nb = 'x\nc\n", OpenString, 2);
    row("triple string", "a\nb = '''x\nc\n", OpenString, 2);
    row("string ends with a backslash", "b = 'x\\\n", OpenString, 1);
    row("bracket", "a\nb = (\n[1,\n2]\n", OpenBracket, 2);
    row("bracket of a header", "a\ndef f(:\n    pass\n", OpenBracket, 2);
    row("closing bracket", "a\n)\n", StrayBracket, 2);
    row("other bracket", "a = (\n]\n", StrayBracket, 2);
    row("brackets", QByteArray(201, '('), TooDeep, 1);
    row("indent", "a\n  b\n", StrayIndent, 2);
    row("indent of the first line", " a\n", StrayIndent, 1);
    row("dedent", "if a:\n    b\n  c\n", StrayDedent, 3);
    row("tabs and blanks", "if a:\n\tb\n        c\n", MixedIndent, 3);
    row("block", "def f():\n\n# x\nb\n", MissingBlock, 1);
    row("block at the end", "a\nif b:", MissingBlock, 2);
    row("colon", "a\ndef f()\n    pass\n", MissingColon, 2);
    row("operator at the end", "a =\n", Incomplete, 1);
    row("question mark", "a = b ? 1\n", StrayCharacter, 1);
    row("exclamation mark", "a = !b\n", StrayCharacter, 1);
    row("typographic quotes", "a\nb = \xe2\x80\x9cx\n", StrayCharacter, 2);
    row("bytes that are not ASCII", "a = b'\xc3\xa9'\n", StrayCharacter, 1);
    row("backslash", "a = \\ b\n", StrayBackslash, 1);
    row("backslash at the end", "a = b \\\n", StrayBackslash, 2);
    row("octal number", "a = 0777\n", BadNumber, 1);
    row("suffix", "a = 5L\n", BadNumber, 1);
    row("underscores", "a = 1__0\n", BadNumber, 1);
    row("escape", "a = '\\x4'\n", BadEscape, 1);
    row("code point", "a = '\\U00110000'\n", BadEscape, 1);
    row("brace", "a = f'}'\n", BadReplacement, 1);
    row("open brace", "a = f'{b:'\n", BadReplacement, 1);
    row("print statement", "a\nprint 'x'\n", TwoValues, 2);
    row("no comma", "a = ('x' b)\n", TwoValues, 1);
}

void TestPythonTokens::findsFaults()
{
    QFETCH(QByteArray, source);
    QFETCH(PythonFault, fault);
    QFETCH(int, line);
    const PythonTokens tokens = PythonTokens::read(source);
    QCOMPARE(toText(tokens.fault()), toText(fault));
    QCOMPARE(tokens.faultLine(), line);
}

void TestPythonTokens::takesValidSource_data()
{
    QTest::addColumn<QByteArray>("source");
    const auto row = [](const char *name, const QByteArray &source) { QTest::newRow(name) << source; };
    row("empty", "");
    row("blank lines", "\n  \n\t# x\n \\\n\n");
    row("form feeds", "if a:\n    b\n\f\n  \f    c\n");
    row("joined indentation", "if a:\n    \\\n  b\n    c\n");
    row("comments between", "if a:\n# x\n      # y\n  b\n # z\n");
    row("bad bytes in a comment", "# \xe9\na = 'x'\n");
    row("numbers", "[0xFFor 1, 1if a else 2, 00, 1_0.5e-3j, .5, 5., 0b1, 0O7, 09.5]\n");
    row("soft keywords", "match x:\n    case y: pass\ntype X = int\n");
    row("keywords between values", "a = 'x'if b else'y'in c\n");
    row("fields", "f'{a!r:>{b}} {{}} {c[\"d\"]:%H:%M} {e=} {f\"{g}\"} {{'\n");
    row("fields over lines", "f'{a # }\n}' f'''\n{\n{1: 2}[1]}\n'''\n");
    row("named characters", "f'\\N{BULLET}{a}' rf'\\N{b}'\n");
    row("template string of 3.14", "t'{a}' + rt'{b}'\n");
    row("names", "\xe2\x84\x98\xc2\xb7 = \xc3\xa9 = 1\n");
    row("200 brackets", QByteArray(200, '(') + QByteArray(200, ')'));
}

void TestPythonTokens::takesValidSource()
{
    QFETCH(QByteArray, source);
    const PythonTokens tokens = PythonTokens::read(source);
    QCOMPARE(toText(tokens.fault()), toText(PythonFault::None));
}

void TestPythonTokens::knowsWords()
{
    for (size_t at = 1; at < pythonWordTexts.size(); ++at) {
        const std::string_view text = pythonWordTexts[at];
        QCOMPARE(static_cast<size_t>(pythonWord(text.data(), text.size())), at);
    }
    QCOMPARE(pythonWord("revisiom", 8), PythonWord::Other);
    // A name in fullwidth letters is the same name to Python.
    const PythonTokens tokens = PythonTokens::read("\xef\xbd\x92"
                                                   "evision = 1\n");
    QCOMPARE(tokens.all().at(0).word, PythonWord::Revision);
}

void TestPythonTokens::keepsNothingOfTheLastFile()
{
    PythonTokens tokens = PythonTokens::read("def f(:\n    global x\n  $\n# \xe9'''");
    QVERIFY(tokens.fault() != PythonFault::None);
    QVERIFY(tokens.hasGlobalStatement());
    tokens.assign("a = 1\n");
    QCOMPARE(tokens.fault(), PythonFault::None);
    QVERIFY(!tokens.hasGlobalStatement());
    QCOMPARE(tokens.all().size(), 4U);
    tokens.assign("# coding: utf-16\n");
    QCOMPARE(tokens.foreignEncoding(), "utf-16");
    QCOMPARE(tokens.faultLine(), 1);
    tokens.assign("");
    QVERIFY(tokens.foreignEncoding().isEmpty());
}

/// No depth of nesting is too much, and every beginning of a file is a file.
void TestPythonTokens::endsOnAnything()
{
    for (const char *part :
         {"(", "[{", "f'{", "f'{x:{", "f\"\"\"{f'''{", "if a:\n ", "lambda: ", "\\\n", "(f'{'", "x '''"}) {
        const PythonTokens tokens = PythonTokens::read(QByteArray(part).repeated(20000));
        QVERIFY2(tokens.fault() != PythonFault::None, part);
        QVERIFY(tokens.all().empty() || tokens.all().back().kind == PythonTokenKind::Newline);
    }
    const QByteArray source =
        "'''a''' + f'{b!r:>{c}}\\N{BULLET}' + rb\"\\x\" if \\\n  d else 0xf + (1.5e+3,)\n";
    for (qsizetype size = 0; size < source.size(); ++size) {
        const PythonTokens tokens = PythonTokens::read(source.first(size));
        for (const PythonToken &token : tokens.all())
            QVERIFY(0 <= token.begin && token.begin <= token.end && token.end <= size);
    }
}

QTEST_GUILESS_MAIN(TestPythonTokens)
#include "tst_pythontokens.moc"
