// SPDX-License-Identifier: MIT
#include "migrations/alembic/findpython.h"
#include "migrations/workspace/workspace.h"
#include "tests/support/testfiles.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestFindPython : public QObject
{
    Q_OBJECT

private:
    static void makeExecutable(const QString &path)
    {
        writeFile(path, u"#!/bin/sh\n"_s);
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    static void makeEnvironment(const QString &folder)
    {
        writeFile(QString(folder + u"/pyvenv.cfg"_s), u"home = /usr/bin\n"_s);
        makeExecutable(QString(folder + u"/bin/python"_s));
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning();
        qunsetenv("VIRTUAL_ENV");
    }

    void takesTheConfiguredOne()
    {
        const Component component{.config = u"/p/alembic.ini"_s,
                                  .python = {u"docker"_s, u"exec"_s, u"python"_s}};
        QCOMPARE(findPython(component.python, component.config), component.python);
    }

    void findsARelativeOneNearTheIni()
    {
        const QTemporaryDir folder;
        makeExecutable(folder.filePath(u"py"_s));
        const QString config = folder.filePath(u"backend/alembic.ini"_s);
        writeFile(config, u"[alembic]\n"_s);
        const Component component{.config = config, .python = {u"./py"_s, u"-X"_s, u"utf8"_s}};
        QCOMPARE(findPython(component.python, config, component.config),
                 QStringList({folder.filePath(u"py"_s), u"-X"_s, u"utf8"_s}));
    }

    void looksBesideAndAbove()
    {
        const QTemporaryDir folder;
        writeFile(folder.filePath(u"repo/.git/HEAD"_s), u"ref\n"_s);
        makeEnvironment(folder.filePath(u"venv"_s));
        const QString config = folder.filePath(u"repo/backend/alembic.ini"_s);
        writeFile(config, u"[alembic]\n"_s);
        QCOMPARE(findPython({}, config), QStringList{u"python3"_s}); // outside the checkout does not count
        makeEnvironment(folder.filePath(u"repo/venv"_s));
        QCOMPARE(findPython({}, config), QStringList{folder.filePath(u"repo/venv/bin/python"_s)});
        makeEnvironment(folder.filePath(u"repo/backend/.venv"_s));
        QCOMPARE(findPython({}, config), QStringList{folder.filePath(u"repo/backend/.venv/bin/python"_s)});
    }

    void fallsBackToTheActiveOne()
    {
        const QTemporaryDir folder;
        const QString config = folder.filePath(u"repo/alembic.ini"_s);
        writeFile(folder.filePath(u"repo/.git/HEAD"_s), u"ref\n"_s);
        makeEnvironment(folder.filePath(u"active"_s));
        qputenv("VIRTUAL_ENV", QFile::encodeName(folder.filePath(u"active"_s)));
        QCOMPARE(findPython({}, config), QStringList{folder.filePath(u"active/bin/python"_s)});
    }
};

QTEST_GUILESS_MAIN(TestFindPython)
#include "tst_findpython.moc"
