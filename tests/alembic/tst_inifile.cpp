// SPDX-License-Identifier: MIT
#include "migrations/alembic/alembicconfig.h"
#include "migrations/alembic/inifile.h"

#include <QDir>
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
    void readsConfig();
    void readsVersionLocations_data();
    void readsVersionLocations();
    void findsPackages();
    void leavesOutBadUrl();
    void explainsBadConfig_data();
    void explainsBadConfig();

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
    for (int at = 1; at <= 10; ++at)
        chain += u"k%1 = %(k%2)s\n"_s.arg(at).arg(at - 1);
    const auto ini = IniFile::parse(chain + u"here_it_is = %(here)s/x\npercent = 100%%(x)s\nupper = %(K0)s\n"
                                            "bad = 50%\nodd = %(k0)\nmissing = %(nope)s\n"_s,
                                    u"/some/where/alembic.ini"_s);
    QVERIFY(ini);
    const QString a = u"a"_s;
    QCOMPARE(*ini->value(a, u"here_it_is"_s), u"/some/where/x"_s);
    QCOMPARE(*ini->value(a, u"percent"_s), u"100%(x)s"_s);
    QCOMPARE(*ini->value(a, u"upper"_s), u"end"_s);
    QCOMPARE(*ini->value(a, u"k9"_s), u"end"_s);
    for (const QString &name : {u"k10"_s, u"bad"_s, u"odd"_s, u"missing"_s}) {
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

void TestIniFile::readsConfig()
{
    const QString file =
        write("[alembic]\nscript_location = migrations\nrecursive_version_locations = true\n"
              "sqlalchemy.url = postgresql://u:p%%40@h/db\n[other]\nscript_location = %(here)s/more\n"
              "recursive_version_locations = True\n");
    const auto config = readAlembicConfig(file);
    QVERIFY(config);
    QCOMPARE(config->file, file);
    QCOMPARE(config->directory, m_folder->path());
    QCOMPARE(config->section, u"alembic"_s);
    QCOMPARE(config->scriptLocation, m_folder->filePath(u"migrations"_s));
    QCOMPARE(config->versionLocations, QStringList{m_folder->filePath(u"migrations/versions"_s)});
    QCOMPARE(config->url, u"postgresql://u:p%40@h/db"_s);
    QVERIFY(config->recursive);
    const auto other = readAlembicConfig(file, u"other"_s);
    QVERIFY(other);
    QCOMPARE(other->scriptLocation, m_folder->filePath(u"more"_s));
    QVERIFY(!other->recursive); // only exactly "true" is on
    QVERIFY(other->url.isEmpty());
}

void TestIniFile::readsVersionLocations_data()
{
    QTest::addColumn<QString>("options");
    QTest::addColumn<QStringList>("folders");
    const QStringList two{u"a"_s, u"b/c"_s};
    QTest::newRow("legacy") << u"version_locations = a, b/c"_s << two;
    QTest::newRow("spaces") << u"version_locations = a  b/c"_s << two;
    QTest::newRow("os") << u"version_path_separator = os\nversion_locations = a:b/c:"_s << two;
    QTest::newRow("semicolon") << u"version_path_separator = ;\nversion_locations = a ; b/c"_s << two;
    QTest::newRow("newline") << u"version_path_separator = newline\nversion_locations =\n  a\n  b/c"_s << two;
    QTest::newRow("new name first")
        << u"path_separator = os\nversion_path_separator = ;\nversion_locations = a:b/c"_s << two;
    QTest::newRow("with blanks") << u"path_separator = os\nversion_locations = a b"_s
                                 << QStringList{u"a b"_s};
}

void TestIniFile::readsVersionLocations()
{
    QFETCH(QString, options);
    QFETCH(QStringList, folders);
    const auto config =
        readAlembicConfig(write("[alembic]\nscript_location = m\n" + options.toUtf8() + "\n"));
    QVERIFY(config);
    QStringList expected;
    for (const QString &folder : folders)
        expected += m_folder->filePath(folder);
    QCOMPARE(config->versionLocations, expected);
}

void TestIniFile::findsPackages()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"src/shop/db"_s));
    const auto config = readAlembicConfig(write("[alembic]\nscript_location = shop.db:migrations/x\n"));
    QVERIFY(config);
    QCOMPARE(config->scriptLocation, m_folder->filePath(u"src/shop/db/migrations/x"_s));
    QVERIFY(QDir(m_folder->path()).mkpath(u"lib/shop/db"_s));
    const auto first =
        readAlembicConfig(write("[alembic]\nprepend_sys_path = lib\nscript_location = shop.db:x:y\n"));
    QVERIFY(first);
    QCOMPARE(first->scriptLocation, m_folder->filePath(u"lib/shop/db/x/y"_s));
    const auto missing = readAlembicConfig(write("[alembic]\nscript_location = store:migrations\n"));
    QVERIFY(missing);
    QCOMPARE(missing->unlocatedPackages, QStringList{u"store"_s});
    QVERIFY(missing->scriptLocation.isEmpty());
    const auto asked = readAlembicConfig(m_folder->filePath(u"alembic.ini"_s), {},
                                         {{u"store"_s, u"/opt/site-packages/store"_s}});
    QVERIFY(asked);
    QCOMPARE(asked->scriptLocation, u"/opt/site-packages/store/migrations"_s);
}

void TestIniFile::leavesOutBadUrl()
{
    const auto config =
        readAlembicConfig(write("[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://u:%40@h\n"));
    QVERIFY(config);
    QVERIFY(config->url.isEmpty());
    QVERIFY(!config->options.contains(u"sqlalchemy.url"_s));
}

void TestIniFile::explainsBadConfig_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no section") << QByteArray("[Alembic]\nscript_location = m\n");
    QTest::newRow("no location") << QByteArray("[alembic]\nfile_template = x\n");
    QTest::newRow("bad location") << QByteArray("[alembic]\nscript_location = %x\n");
    QTest::newRow("bad separator") << QByteArray(
        "[alembic]\nscript_location = m\nversion_path_separator = |\nversion_locations = a\n");
}

void TestIniFile::explainsBadConfig()
{
    QFETCH(QByteArray, text);
    const auto config = readAlembicConfig(write(text));
    QVERIFY(!config);
    QCOMPARE(config.error().kind, ErrorKind::InvalidConfig);
    QVERIFY(!config.error().hint.isEmpty());
    const auto missing = readAlembicConfig(m_folder->filePath(u"none.ini"_s));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::FileError);
}

QTEST_GUILESS_MAIN(TestIniFile)
#include "tst_inifile.moc"
