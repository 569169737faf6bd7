// SPDX-License-Identifier: MIT
#include "migrations/config/inifile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestIniFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void followsConfigParser();
    void interpolates();
    void refuses_data();
    void refuses();
    void readsOddLines_data();
    void readsOddLines();
    void endsRunawayReferences();

private:
    QString write(const QByteArray &text);
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestIniFile::init()
{
    QTest::failOnWarning();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestIniFile::write(const QByteArray &text)
{
    const QString path = m_folder->filePath(u"alembic.ini"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return path;
}

void TestIniFile::followsConfigParser()
{
    const auto ini = IniFile::parse(u"# a comment\r\n"
                                    "[DEFAULT]\nshared = 1\n"
                                    "[alembic]\n"
                                    "SCRIPT_Location : here it is ; and # this too\n"
                                    "quoted = \"x\"\n"
                                    "long = a\n   b\n\n   c\n# dropped\n  d\n\n"
                                    "; another comment\n"
                                    "empty =\n"
                                    "[Alembic]\nother = x = y\n"_s,
                                    u"/some/where/alembic.ini"_s);
    QVERIFY(ini);
    QCOMPARE(ini->sections(), (QStringList{u"alembic"_s, u"Alembic"_s}));
    QCOMPARE(*ini->value(u"alembic"_s, u"script_location"_s), u"here it is ; and # this too"_s);
    QCOMPARE(*ini->value(u"alembic"_s, u"quoted"_s), u"\"x\""_s);
    QCOMPARE(*ini->value(u"alembic"_s, u"long"_s), u"a\nb\n\nc\nd"_s);
    QCOMPARE(*ini->value(u"alembic"_s, u"empty"_s), u""_s);
    QCOMPARE(*ini->value(u"alembic"_s, u"shared"_s), u"1"_s);
    QCOMPARE(*ini->value(u"Alembic"_s, u"other"_s), u"x = y"_s);
    QVERIFY(ini->value(u"alembic"_s, u"nothing"_s)->isNull());
    QCOMPARE(ini->line(u"alembic"_s, u"quoted"_s), 6);
}

void TestIniFile::interpolates()
{
    QString chain = u"[a]\nk0 = end\n"_s;
    for (int at = 1; at <= 11; ++at)
        chain += u"k%1 = %(k%2)s\n"_s.arg(at).arg(at - 1);
    const auto ini = IniFile::parse(chain + u"here_it_is = %(here)s/x\npercent = 100%%(x)s\nupper = %(K0)s\n"
                                            "bad = 50%\nodd = %(k0)\nmissing = %(nope)s\n"_s,
                                    u"/some/where/alembic.ini"_s);
    QVERIFY(ini);
    const QString a = u"a"_s;
    QCOMPARE(*ini->value(a, u"here_it_is"_s), u"/some/where/x"_s);
    QCOMPARE(*ini->value(a, u"percent"_s), u"100%(x)s"_s);
    QCOMPARE(*ini->value(a, u"upper"_s), u"end"_s);
    // A text without a percent sign is no level: ten references are ten levels.
    QCOMPARE(*ini->value(a, u"k10"_s), u"end"_s);
    for (const QString &name : {u"k11"_s, u"bad"_s, u"odd"_s, u"missing"_s}) {
        const auto value = ini->value(a, name);
        QVERIFY2(!value, qPrintable(name));
        QCOMPARE(value.error().kind, ErrorKind::InvalidConfig);
        QVERIFY(value.error().message.contains(u"/some/where/alembic.ini, line "_s));
    }
    const auto own =
        IniFile::parse(u"[DEFAULT]\nhere = /mine\n[a]\nx = %(here)s\n"_s, u"/some/alembic.ini"_s);
    QVERIFY(own);
    QCOMPARE(*own->value(a, u"x"_s), u"/mine"_s);
}

void TestIniFile::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("before a section") << QByteArray("a = 1\n") << 1;
    QTest::newRow("no delimiter") << QByteArray("[alembic]\nalone\n") << 2;
    QTest::newRow("option twice") << QByteArray("[alembic]\na = 1\nA = 2\n") << 3;
    QTest::newRow("section twice") << QByteArray("[alembic]\n[x]\n[alembic]\n") << 3;
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf[alembic]\n") << 1;
    QTest::newRow("no UTF-8") << QByteArray("[alembic]\r\na = \xc3\xa9\r\nb = \xe9\r\n") << 3;
    QTest::newRow("no name") << QByteArray("[alembic]\r= 1") << 2;
    QTest::newRow("section not closed") << QByteArray("\n[alembic") << 2;
}

void TestIniFile::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    const QString file = write(text);
    const auto ini = IniFile::read(file);
    QVERIFY(!ini);
    QCOMPARE(ini.error().kind, ErrorKind::InvalidConfig);
    QVERIFY2(ini.error().message.startsWith(u"%1, line %2:"_s.arg(file).arg(line)),
             qPrintable(ini.error().message));
    QVERIFY(!ini.error().hint.isEmpty());
}

void TestIniFile::readsOddLines_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value"); // of x in [a]
    QTest::newRow("carriage returns") << u"[a]\rx = 1\r\r"_s << u"1"_s;
    QTest::newRow("text after the bracket") << u"[a] ; one\nx = 1"_s << u"1"_s;
    QTest::newRow("indented") << u"  [a]\n\tx = 1\n y = 2"_s << u"1"_s;
    QTest::newRow("line separators of others")
        << u"[a]\nx = 1\u2028y = 2\u2029\u0085\n"_s << u"1\u2028y = 2"_s;
    QTest::newRow("blanks of ASCII") << u"[a]\n\x1cx\x1f=\x1d 1\x1e\f\v\n"_s << u"1"_s;
    QTest::newRow("a header as continuation") << u"[a]\nx = 1\n  [b]\n"_s << u"1\n[b]"_s;
    QTest::newRow("value on the next line") << u"[a]\nx =\n  1\n"_s << u"\n1"_s;
    QTest::newRow("DEFAULT twice") << u"[DEFAULT]\nx = 1\n[a]\n[DEFAULT]\ny = 2\n"_s << u"1"_s;
    QTest::newRow("nul") << u"[a]\nx = 1"_s + QChar(0) + u"2"_s << QString(u"1"_s + QChar(0) + u"2"_s);
}

void TestIniFile::readsOddLines()
{
    QFETCH(QString, text);
    const auto ini = IniFile::parse(text, u"/some/alembic.ini"_s);
    QVERIFY2(ini, ini ? "" : qPrintable(toText(ini.error())));
    QTEST(*ini->value(u"a"_s, u"x"_s), "value");
}

/// Python would build such a value as long as there is memory.
void TestIniFile::endsRunawayReferences()
{
    QString text =
        u"[a]\nlong = "_s + QString(100'000, u'x') + u"\nk0 = xxxxxxxxxx%%\ne0 = %(none)s\nnone =\n"_s;
    for (int at = 1; at <= 9; ++at) {
        text += u"k%1 = "_s.arg(at) + u"%(k%1)s"_s.arg(at - 1).repeated(30) + u'\n';
        text += u"e%1 = "_s.arg(at) + u"%(e%1)s"_s.arg(at - 1).repeated(30) + u'\n';
    }
    const auto ini = IniFile::parse(text, u"/some/alembic.ini"_s);
    QVERIFY(ini);
    QCOMPARE(ini->value(u"a"_s, u"long"_s)->size(), 100'000);
    QCOMPARE(ini->value(u"a"_s, u"k2"_s)->size(), 30 * 30 * 11);
    QVERIFY(!ini->value(u"a"_s, u"k9"_s));
    QVERIFY(!ini->value(u"a"_s, u"e9"_s));
}

QTEST_GUILESS_MAIN(TestIniFile)
#include "tst_inifile.moc"
