// SPDX-License-Identifier: MIT
#include "migrations/config/alembicconfig.h"
#include "migrations/config/pyproject.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestAlembicConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsConfig();
    void readsVersionLocations_data();
    void readsVersionLocations();
    void findsPackages();
    void leavesOutBadUrl();
    void namesDatabases();
    void keepsLinks();
    void explainsBadConfig_data();
    void explainsBadConfig();
    void readsToml();
    void readsBothFiles();
    void prefersTheIni();
    void passesOverOtherTomls_data();
    void passesOverOtherTomls();
    void acceptsToml_data();
    void acceptsToml();
    void explainsBadToml_data();
    void explainsBadToml();
    void refusesDeepToml_data();
    void refusesDeepToml();

private:
    QString write(const QByteArray &text, const QString &name = u"alembic.ini"_s);
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestAlembicConfig::init()
{
    QTest::failOnWarning();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestAlembicConfig::write(const QByteArray &text, const QString &name)
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return file.fileName();
}

void TestAlembicConfig::readsConfig()
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

void TestAlembicConfig::readsVersionLocations_data()
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

void TestAlembicConfig::readsVersionLocations()
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

void TestAlembicConfig::findsPackages()
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
    // Alembic has loaded itself before it looks anywhere: a folder of its name is never the package.
    QVERIFY(QDir(m_folder->path()).mkpath(u"alembic/versions"_s));
    const auto itself = readAlembicConfig(write("[alembic]\nscript_location = alembic:versions\n"));
    QVERIFY(itself);
    QCOMPARE(itself->unlocatedPackages, QStringList{u"alembic"_s});
}

void TestAlembicConfig::leavesOutBadUrl()
{
    const auto config =
        readAlembicConfig(write("[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://u:%40@h\n"));
    QVERIFY(config);
    QVERIFY(config->url.isEmpty());
    QVERIFY(!config->options.contains(u"sqlalchemy.url"_s));
}

void TestAlembicConfig::explainsBadConfig_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no section") << QByteArray("[Alembic]\nscript_location = m\n");
    QTest::newRow("no location") << QByteArray("[alembic]\nfile_template = x\n");
    QTest::newRow("bad location") << QByteArray("[alembic]\nscript_location = %x\n");
    QTest::newRow("bad file template")
        << QByteArray("[alembic]\nscript_location = m\nfile_template = %(rev)s\n");
    QTest::newRow("bad hook") << QByteArray(
        "[alembic]\nscript_location = m\n[post_write_hooks]\nhooks = 50%\n");
    QTest::newRow("bad slug length") << QByteArray(
        "[alembic]\nscript_location = m\ntruncate_slug_length = long\n");
    QTest::newRow("no package") << QByteArray("[alembic]\nscript_location = .shop:migrations\n");
    QTest::newRow("bad separator") << QByteArray(
        "[alembic]\nscript_location = m\nversion_path_separator = |\nversion_locations = a\n");
}

void TestAlembicConfig::explainsBadConfig()
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

void TestAlembicConfig::namesDatabases()
{
    const auto config = readAlembicConfig(
        write("[DEFAULT]\nsqlalchemy.url = postgresql://h/all\n[alembic]\nscript_location = m\n"
              "databases = engine1, engine2,engine3,\n  gone, engine1\n[engine1]\nsqlalchemy.url = "
              "postgresql://h/one%%20\n[engine2]\n[engine3]\nsqlalchemy.url = 50%\n"));
    QVERIFY(config);
    QCOMPARE(config->databases, (QList<NamedDatabase>{{u"engine1"_s, u"postgresql://h/one%20"_s},
                                                      {u"engine2"_s, u"postgresql://h/all"_s},
                                                      {u"engine3"_s, u""_s},
                                                      {u"gone"_s, u""_s}}));
    QVERIFY(readAlembicConfig(write("[alembic]\nscript_location = m\n"))->databases.isEmpty());
}

void TestAlembicConfig::keepsLinks()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"deploy"_s));
    write("[alembic]\nscript_location = %(here)s/m\nversion_locations = v\n", u"real.ini"_s);
    QVERIFY(QFile::link(u"../real.ini"_s, path(u"deploy/alembic.ini"_s)));
    const auto config = readAlembicConfig(path(u"deploy/alembic.ini"_s));
    QVERIFY(config);
    QCOMPARE(config->directory, path(u"deploy"_s));
    QCOMPARE(config->scriptLocation, path(u"deploy/m"_s));
    QCOMPARE(config->versionLocations, QStringList{path(u"deploy/v"_s)});
}

void TestAlembicConfig::readsToml()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"lib/shop"_s));
    const QString file = write("[project]\nname = 'shop'\n[tool.alembic]\nscript_location = '%(here)s/m'\n"
                               "file_template = '%%(rev)s_%%(slug)s'\nprepend_sys_path = ['lib']\n"
                               "version_locations = ['shop:v', 'a b', '%(here)s/c', '']\n"
                               "recursive_version_locations = true\ntruncate_slug_length = 20\n"
                               "sqlalchemy.url = 'postgresql://h/d'\n'sqlalchemy.url' = 'postgresql://h/d'\n"
                               "when = 2024-02-29\n[[tool.alembic.post_write_hooks]]\nname = 'black'\n",
                               u"pyproject.toml"_s);
    const auto config = readAlembicConfig(file, u"another"_s); // a section is the ini's alone
    QVERIFY2(config, config ? "" : qPrintable(toText(config.error())));
    QCOMPARE(config->file, file);
    QCOMPARE(config->tomlFile, file);
    QCOMPARE(config->iniFile, QString());
    QCOMPARE(config->directory, m_folder->path());
    QCOMPARE(config->scriptLocation, path(u"m"_s));
    QCOMPARE(config->versionLocations,
             (QStringList{path(u"lib/shop/v"_s), path(u"a b"_s), path(u"c"_s), m_folder->path()}));
    QCOMPARE(config->prependSysPath, QStringList{path(u"lib"_s)});
    QVERIFY(config->recursive);
    QVERIFY(config->url.isEmpty()); // the database is never in a pyproject.toml
    QVERIFY(!config->options.contains(u"sqlalchemy.url"_s));
    QCOMPARE(config->options.value(u"file_template"_s), u"%(rev)s_%(slug)s"_s);
    QCOMPARE(config->options.value(u"truncate_slug_length"_s), u"20"_s);
}

void TestAlembicConfig::readsBothFiles()
{
    const QString toml = write("[tool.alembic]\nscript_location = 'm'\nversion_locations = ['a']\n"
                               "sourceless = true\n",
                               u"pyproject.toml"_s);
    const QString ini = write("[alembic]\nsqlalchemy.url = postgresql://h/d\nversion_locations =\n");
    for (const QString &file : {ini, toml}) {
        const auto config = readAlembicConfig(file);
        QVERIFY2(config, config ? "" : qPrintable(toText(config.error())));
        QCOMPARE(config->file, file);
        QCOMPARE(config->iniFile, ini);
        QCOMPARE(config->tomlFile, toml);
        QCOMPARE(config->url, u"postgresql://h/d"_s);
        QCOMPARE(config->scriptLocation, path(u"m"_s));
        QCOMPARE(config->versionLocations, QStringList{path(u"a"_s)}); // an empty list is none
        QCOMPARE(config->options.value(u"sourceless"_s), u"true"_s);
    }
    // Without the section, the ini has nothing at all: not even what stands in [DEFAULT].
    write("[DEFAULT]\nscript_location = other\n[logging]\n");
    const auto config = readAlembicConfig(ini);
    QVERIFY(config);
    QCOMPARE(config->scriptLocation, path(u"m"_s));
}

void TestAlembicConfig::prefersTheIni()
{
    write("[tool.alembic]\nscript_location = 'm'\nrecursive_version_locations = 1\nfile_template = '%(x)s'\n"
          "post_write_hooks = 3\n",
          u"pyproject.toml"_s);
    const auto config =
        readAlembicConfig(write("[alembic]\nscript_location = n\nrecursive_version_locations = false\n"
                                "file_template = x\n[post_write_hooks]\n"));
    QVERIFY2(config, config ? "" : qPrintable(toText(config.error())));
    QCOMPARE(config->scriptLocation, path(u"n"_s));
    QCOMPARE(config->options.value(u"file_template"_s), u"x"_s);
}

/// An ini that has all it needs works with an Alembic before 1.16, whatever stands beside it.
void TestAlembicConfig::passesOverOtherTomls_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::newRow("without the table") << QByteArray("[tool.black]\nline-length = 99\n");
    QTest::newRow("no TOML") << QByteArray("[tool\n");
    QTest::newRow("no table") << QByteArray("[tool]\nalembic = 3\n");
    QTest::newRow("no UTF-8") << QByteArray("x = '\xff'\n");
}

void TestAlembicConfig::passesOverOtherTomls()
{
    QFETCH(QByteArray, toml);
    write(toml, u"pyproject.toml"_s);
    const auto config = readAlembicConfig(write("[alembic]\nscript_location = m\n"));
    QVERIFY(config);
    QCOMPARE(config->tomlFile, QString());
    QVERIFY(!readAlembicConfig(write("[alembic]\n")));
    const auto named = readAlembicConfig(path(u"pyproject.toml"_s));
    QVERIFY(!named);
    QCOMPARE(named.error().kind, ErrorKind::InvalidConfig);
}

void TestAlembicConfig::acceptsToml_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<QStringList>("roots");
    const auto row = [](const char *name, const QByteArray &options, const QStringList &roots = {}) {
        QTest::newRow(name) << options << roots;
    };
    row("nothing else", "");
    row("slug length as text", "truncate_slug_length = '40'");
    row("environment", "revision_environment = 'perhaps'"); // only those who write revisions look
    // Alembic takes a text apart into its characters.
    row("a text as path", "prepend_sys_path = '.'", {u"."_s});
    row("unused", "other = [1, {a = 2}]\nnested.table.x = 3");
    row("percent", "timezone = '%%'");
}

void TestAlembicConfig::acceptsToml()
{
    QFETCH(QByteArray, options);
    QFETCH(QStringList, roots);
    const auto config = readAlembicConfig(
        write("[tool.alembic]\nscript_location = 'm'\n" + options + '\n', u"pyproject.toml"_s));
    QVERIFY2(config, config ? "" : qPrintable(toText(config.error())));
    QCOMPARE(config->versionLocations, QStringList{path(u"m/versions"_s)});
    for (QString &root : roots)
        root = QDir::cleanPath(path(root));
    QCOMPARE(config->prependSysPath, roots);
}

void TestAlembicConfig::explainsBadToml_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const QByteArray &options, int line = 3) {
        QTest::newRow(name) << options << line;
    };
    row("bare %(rev)s", "file_template = '%(rev)s'");
    row("lone percent", "timezone = '50%'");
    row("other format", "timezone = '%(here)d'");
    row("bare %s", "timezone = '%s'");
    row("list of one text", "version_locations = 'a'");
    row("list of numbers", "version_locations = [\n  'a',\n  1]", 5);
    row("percent in a list", "version_locations = ['%(nope)s']");
    row("text as boolean", "recursive_version_locations = 'true'");
    row("number as boolean", "sourceless = 1");
    row("slug length", "truncate_slug_length = 'long'");
    row("slug length as list", "truncate_slug_length = [40]");
    row("slug length as date", "truncate_slug_length = 2024-02-29");
    row("paths", "prepend_sys_path = 3");
    row("package", "version_locations = ['shop..db:m']");
    row("nul", "version_locations = [\"a\\u0000\"]");
    row("encoding", "output_encoding = false");
    row("hooks", "post_write_hooks = {name = 'black'}");
    row("hook without name", "[[tool.alembic.post_write_hooks]]\ntype = 'exec'");
    row("hook with a number", "[[tool.alembic.post_write_hooks]]\nname = 'x'\nlength = 79", 5);
    row("hook with percent", "[[tool.alembic.post_write_hooks]]\nname = 'x'\noptions = '%(nope)s'", 5);
    row("twice", "script_location = 'b'");
    row("no TOML", "a = ");
    row("no UTF-8", "a = '\xff'");
}

void TestAlembicConfig::explainsBadToml()
{
    QFETCH(QByteArray, options);
    QFETCH(int, line);
    const QString file =
        write("[tool.alembic]\nscript_location = 'm'\n" + options + '\n', u"pyproject.toml"_s);
    const auto config = readAlembicConfig(file);
    QVERIFY(!config);
    QCOMPARE(config.error().kind, ErrorKind::InvalidConfig);
    QVERIFY2(config.error().message.startsWith(u"%1, line %2:"_s.arg(file).arg(line)),
             qPrintable(config.error().message));
    QVERIFY(!config.error().hint.isEmpty());
}

/// Deep nesting would end the program when the tables are freed.
void TestAlembicConfig::refusesDeepToml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("read");
    QTest::newRow("dotted") << "\n" + QByteArray("a.").repeated(100'000) + "a = 1\n" << false;
    QTest::newRow("quoted") << "\n" + QByteArray("\"=\".").repeated(100'000) + "a = 1\n" << false;
    QTest::newRow("header") << "\n[" + QByteArray("'#' . ").repeated(100'000) + "a]\n" << false;
    QTest::newRow("inline") << "\nx = " + QByteArray("{a.a.a.a = ").repeated(200) << false;
    QTest::newRow("lists") << "\nx = " + QByteArray("[").repeated(100'000) << false;
    QTest::newRow("dots in a text") << "x = '" + QByteArray("a.").repeated(100'000) + "'\n" << true;
    QTest::newRow("dots in a comment") << "# " + QByteArray("a.").repeated(100'000) + "\n" << true;
    QTest::newRow("dots in a long text")
        << "x = \"\"\"" + QByteArray("a.\n\\\"\"").repeated(1000) + "\"\"\"\n"
        << true;
    QTest::newRow("many numbers") << "x = [" + QByteArray("1.5,").repeated(10'000) + "]\n" << true;
}

void TestAlembicConfig::refusesDeepToml()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, read);
    const auto project = PyProject::parse(text, u"/some/pyproject.toml"_s);
    QCOMPARE(project.has_value(), read);
    if (!project)
        QVERIFY(project.error().message.startsWith("/some/pyproject.toml, line 2:"_L1));
}

QTEST_GUILESS_MAIN(TestAlembicConfig)
#include "tst_alembicconfig.moc"
