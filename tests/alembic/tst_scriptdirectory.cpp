// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptdirectory.h"

#include <QDir>
#include <QFile>
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
    void hashesFiles();

private:
    bool write(const QString &name, const QByteArray &text);
    bool revision(const QString &name, const QByteArray &id, const QByteArray &down = "None");
    QString loadedFiles();

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
    const auto scripts = ScriptDirectory::load(m_folder->filePath(u"alembic.ini"_s));
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
    QVERIFY(loadedFiles().startsWith("file-error: "_L1));
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
    const auto scripts = ScriptDirectory::load(m_folder->filePath(u"alembic.ini"_s));
    QVERIFY(scripts);
    QCOMPARE(scripts->map.count(), 500);
    QCOMPARE(scripts->map.heads().size(), 1);
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
