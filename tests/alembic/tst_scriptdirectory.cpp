// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptdirectory.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestScriptDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void loadsInAlembicsOrder();
    void walksFolders();
    void choosesFiles();
    void explainsBrokenDirectories();
    void readsManyFiles();
    void tellsEveryFaultAndKeepsTheRest();
    void asksPythonForComputedHeaders();
    void asksPythonForPackages();
    void readsCompiledRevisions();
    void readsAgainWhatChanged();
    void hashesFiles();

private:
    bool write(const QString &name, const QByteArray &text);
    bool revision(const QString &name, const QByteArray &id, const QByteArray &down = "None");
    QString loadedFiles();
    QString scriptFile(const QString &name) const
    {
        return QFileInfo(m_folder->filePath(QString(u"m/versions/"_s + name))).canonicalFilePath();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_ini;
};

void TestScriptDirectory::init()
{
    QTest::failOnWarning();
    m_folder = std::make_unique<QTemporaryDir>();
    m_ini = "[alembic]\nscript_location = m\n";
    QVERIFY(QDir(m_folder->path()).mkpath(u"m/versions"_s));
}

bool TestScriptDirectory::write(const QString &name, const QByteArray &text)
{
    const QString path = m_folder->filePath(name);
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
           file.write(text) == text.size();
}

bool TestScriptDirectory::revision(const QString &name, const QByteArray &id, const QByteArray &down)
{
    return write(u"m/versions/"_s + name, "revision = '" + id + "'\ndown_revision = " + down + "\n");
}

/// The ids in load order, or the message.
QString TestScriptDirectory::loadedFiles()
{
    if (!write(u"alembic.ini"_s, m_ini))
        return u"cannot write"_s;
    const auto scripts = ScriptDirectory::load({.config = m_folder->filePath(u"alembic.ini"_s)});
    if (!scripts)
        return kindName(scripts.error().kind) + u": "_s + scripts.error().message;
    QStringList ids;
    for (const Revision &loaded : scripts->map.revisions())
        ids += loaded.id.text();
    return ids.join(u' ');
}

void TestScriptDirectory::loadsInAlembicsOrder()
{
    QVERIFY(revision(u"b.py"_s, "b1", "'a1'"));
    QVERIFY(revision(u"a.py"_s, "a1"));
    QVERIFY(revision(u"B.py"_s, "upper"));
    QVERIFY(revision(u"1.py"_s, "digit"));
    QCOMPARE(loadedFiles(), u"digit upper a1 b1"_s);
}

void TestScriptDirectory::walksFolders()
{
    for (const QString &name : {u"z"_s, u"a/z"_s, u"a/c/x"_s, u"b/a"_s, u"__pycache__/p"_s})
        QVERIFY(revision(name + u".py"_s, QString(name).replace(u'/', u'_').toLatin1()));
    QCOMPARE(loadedFiles(), u"z"_s);
    m_ini += "recursive_version_locations = true\n";
    QCOMPARE(loadedFiles(), u"z a_z a_c_x b_a"_s);
    m_ini += "version_locations = m/versions/b, missing, m/versions, m/versions/b\n";
    QCOMPARE(loadedFiles(), u"b_a z a_z a_c_x"_s);
}

void TestScriptDirectory::choosesFiles()
{
    for (const QString &name :
         {u"__init__.py"_s, u"__init__x.py"_s, u".#lock.py"_s, u"b.py~"_s, u"b.PY"_s, u"b.pyi"_s})
        QVERIFY(write(u"m/versions/"_s + name, "not a revision"));
    QVERIFY(revision(u".hidden.py"_s, "hidden"));
    QVERIFY(revision(u"u.py"_s, "u1"));
    QVERIFY(write(u"outside.py"_s, "revision = 'out'\ndown_revision = None\n"));
    QVERIFY(write(u"t.txt"_s, "not a revision"));
    const QDir versions(m_folder->filePath(u"m/versions"_s));
    QVERIFY(QFile::link(m_folder->filePath(u"t.txt"_s), versions.filePath(u"x.py"_s)));
    QVERIFY(QFile::link(m_folder->filePath(u"outside.py"_s), versions.filePath(u"y.txt"_s)));
    QVERIFY(QFile::link(versions.filePath(u"u.py"_s), versions.filePath(u"z.py"_s))); // loaded once
    QCOMPARE(loadedFiles(), u"hidden u1 out"_s);
}

void TestScriptDirectory::explainsBrokenDirectories()
{
    QVERIFY(write(u"m/versions/note.py"_s, "print('hello')\n"));
    QVERIFY(loadedFiles().startsWith("invalid-revision-file: "_L1));
    QVERIFY(loadedFiles().contains("m/versions/note.py"_L1));
    QVERIFY(QFile::remove(m_folder->filePath(u"m/versions/note.py"_s)));
    QVERIFY(QFile::link(u"/nowhere/at/all.py"_s, m_folder->filePath(u"m/versions/gone.py"_s)));
    QVERIFY(loadedFiles().startsWith("unreadable-revision: "_L1));
    QVERIFY(QFile::remove(m_folder->filePath(u"m/versions/gone.py"_s)));
    QVERIFY(revision(u"a.py"_s, "a1", "'lost'"));
    QVERIFY(loadedFiles().contains("'lost'"_L1));
    m_ini = "[alembic]\nscript_location = missing\n";
    QVERIFY(loadedFiles().contains(m_folder->filePath(u"missing"_s)));
}

void TestScriptDirectory::readsManyFiles()
{
    QByteArray down = "None";
    for (int at = 0; at < 500; ++at) {
        const QByteArray id = QByteArray::number(0x10000 + at, 16);
        QByteArray text =
            "\"\"\"Message\n\nRevises: x\n\"\"\"\nrevision = '" + id + "'\ndown_revision = " + down + "\n";
        text += "def upgrade():\n" +
                QByteArray("    op.add_column('t', sa.Column('c', sa.Text()))\n").repeated(25);
        QVERIFY(write(u"m/versions/%1_x.py"_s.arg(QString::fromLatin1(id)), text));
        down = "'" + id + "'";
    }
    QVERIFY(write(u"alembic.ini"_s, m_ini));
    const auto scripts = ScriptDirectory::load({.config = m_folder->filePath(u"alembic.ini"_s)});
    QVERIFY(scripts);
    QCOMPARE(scripts->map.count(), 500);
    QCOMPARE(scripts->map.heads().size(), 1);
}

void TestScriptDirectory::tellsEveryFaultAndKeepsTheRest()
{
    QVERIFY(revision(u"a.py"_s, "a1"));
    QVERIFY(revision(u"b.py"_s, "b1", "'a1'"));
    QVERIFY(write(u"m/versions/c_note.py"_s, "print('hello')\n"));
    QVERIFY(write(u"m/versions/d_text.py"_s, "revision = 'd1'\ndown_revision = \"\"\"open\n"));
    QVERIFY(QFile::link(u"/nowhere/at/all.py"_s, m_folder->filePath(u"m/versions/e_gone.py"_s)));
    QVERIFY(revision(u"f_twin.py"_s, "b1", "'a1'"));
    QVERIFY(revision(u"g_orphan.py"_s, "g1", "'lost'"));
    QVERIFY(write(u"alembic.ini"_s, m_ini));
    const ScriptSource source{.config = m_folder->filePath(u"alembic.ini"_s)};
    const auto scripts = ScriptDirectory::survey(source);
    QVERIFY(scripts);
    QStringList kinds;
    for (const ScriptProblem &problem : scripts->problems)
        kinds += kindName(problem.error.kind);
    QCOMPARE(kinds, QStringList({u"invalid-revision-file"_s, u"invalid-python"_s, u"unreadable-revision"_s,
                                 u"duplicate-revision"_s, u"missing-parent"_s}));
    QCOMPARE(toTexts(scripts->map.history()), QStringList({u"b1"_s, u"a1"_s, u"g1"_s}));
    const auto strict = ScriptDirectory::load(source);
    QVERIFY(!strict);
    QCOMPARE(strict.error().kind, ErrorKind::InvalidRevisionFile);
    for (const QString &part : {u"c_note.py"_s, u"d_text.py"_s, u"e_gone.py"_s, u"f_twin.py"_s, u"lost"_s})
        QVERIFY2(strict.error().detail.contains(part), qPrintable(strict.error().detail));
}

void TestScriptDirectory::asksPythonForComputedHeaders()
{
    QVERIFY(write(u"names.py"_s, "LABEL = 'expand'\nprint('noise')\n"));
    QVERIFY(revision(u"a.py"_s, "a1"));
    QVERIFY(write(u"m/versions/b.py"_s, "\"\"\"Second\"\"\"\nimport names\nrevision = 'b' + '1'\n"
                                        "down_revision = ('a1',)\nbranch_labels = (names.LABEL,)\n"));
    QVERIFY(write(u"m/versions/c.py"_s, "revision = 'c1'\ndown_revision = no_such_name\n"));
    QVERIFY(write(u"alembic.ini"_s, m_ini));
    const auto scripts = ScriptDirectory::survey({.config = m_folder->filePath(u"alembic.ini"_s)});
    QVERIFY(scripts);
    const Revision *computed = scripts->map.find(RevisionId(u"b1"_s));
    QVERIFY(computed);
    QVERIFY(computed->askedPython);
    QVERIFY(!scripts->map.find(RevisionId(u"a1"_s))->askedPython);
    QCOMPARE(computed->branchLabels, QStringList{u"expand"_s});
    QCOMPARE(toTexts(computed->downRevisions), QStringList{u"a1"_s});
    QCOMPARE(computed->message, u"Second"_s);
    QCOMPARE(scripts->problems.size(), 1);
    QCOMPARE(scripts->problems.first().error.kind, ErrorKind::ComputedHeader);
    QVERIFY(scripts->problems.first().error.message.contains("no_such_name"_L1));

    const auto withoutPython = ScriptDirectory::survey(
        {.config = m_folder->filePath(u"alembic.ini"_s), .python = {u"/nowhere/python"_s}});
    QVERIFY(withoutPython);
    QCOMPARE(withoutPython->problems.size(), 2);
    QVERIFY(!withoutPython->problems.first().error.hint.isEmpty());
}

void TestScriptDirectory::asksPythonForPackages()
{
    QVERIFY(write(u"elsewhere/shop/__init__.py"_s, "print('imported')\n"));
    QVERIFY(write(u"elsewhere/shop/m/versions/a.py"_s, "revision = 'a1'\ndown_revision = None\n"));
    m_ini = "[alembic]\nscript_location = shop:m\n";
    qunsetenv("PYTHONPATH");
    QVERIFY2(loadedFiles().startsWith("computed-header: "_L1), qPrintable(loadedFiles()));
    qputenv("PYTHONPATH", m_folder->filePath(u"elsewhere"_s).toUtf8());
    const QString found = loadedFiles();
    qunsetenv("PYTHONPATH");
    QCOMPARE(found, u"a1"_s);
}

void TestScriptDirectory::readsCompiledRevisions()
{
    QVERIFY(revision(u"a.py"_s, "a1"));
    QVERIFY(revision(u"b.py"_s, "b1", "'a1'"));
    QProcess python;
    python.start(u"python3"_s, {u"-m"_s, u"compileall"_s, u"-q"_s, u"-b"_s, m_folder->filePath(u"m"_s)});
    QVERIFY(python.waitForFinished());
    QCOMPARE(loadedFiles(), u"a1 b1"_s); // compiled files beside their sources do not count
    QVERIFY(QFile::remove(m_folder->filePath(u"m/versions/b.py"_s)));
    QCOMPARE(loadedFiles(), u"a1"_s);
    m_ini += "sourceless = true\n";
    QCOMPARE(loadedFiles(), u"a1 b1"_s);
}

void TestScriptDirectory::readsAgainWhatChanged()
{
    QVERIFY(revision(u"a.py"_s, "a1"));
    QVERIFY(revision(u"b.py"_s, "b1", "'a1'"));
    QVERIFY(write(u"alembic.ini"_s, m_ini));
    QTest::qWait(100); // a file of this very moment is not kept
    RevisionCache cache;
    const ScriptSource source{.config = m_folder->filePath(u"alembic.ini"_s)};
    const auto ids = [&] {
        return toTexts(ScriptDirectory::survey(source, ReadDepth::Facts, &cache)->map.history());
    };
    QCOMPARE(ids(), QStringList({u"b1"_s, u"a1"_s}));
    const QString first = scriptFile(u"a.py"_s);
    const RevisionCache::Stamp stamp = RevisionCache::stampOf(first);
    QVERIFY(cache.find(first, ReadDepth::Header, stamp));
    QVERIFY(revision(u"b.py"_s, "b2", "'a1'"));
    QVERIFY(revision(u"c.py"_s, "c1", "'b2'"));
    QCOMPARE(ids(), QStringList({u"c1"_s, u"b2"_s, u"a1"_s}));
    QVERIFY(cache.find(first, ReadDepth::Facts, stamp));
    QVERIFY(!cache.find(first, ReadDepth::Facts, {}));
    QVERIFY(QFile::remove(m_folder->filePath(u"m/versions/c.py"_s)));
    QCOMPARE(ids(), QStringList({u"b2"_s, u"a1"_s}));
}

void TestScriptDirectory::hashesFiles()
{
    QVERIFY(write(u"x"_s, "abc"));
    QCOMPARE(fileHash(m_folder->filePath(u"x"_s)),
             u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s);
    QVERIFY(fileHash(m_folder->filePath(u"none"_s)).isEmpty());
}

QTEST_GUILESS_MAIN(TestScriptDirectory)
#include "tst_scriptdirectory.moc"
