// SPDX-License-Identifier: MIT
// Versions of a file, from a real git repository.

#include "migrations/process/process.h"
#include "migrations/review/fileversions.h"
#include "tests/support/testfiles.h"

#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_FileVersions : public QObject
{
    Q_OBJECT

private:
    static void git(const QTemporaryDir &folder, const QStringList &arguments)
    {
        const QStringList who{u"-c"_s, u"user.name=Ada \"L\""_s, u"-c"_s, u"user.email=ada@example.org"_s,
                              u"-c"_s, u"commit.gpgsign=false"_s};
        const auto done = processOutput(
            {.program = u"git"_s, .arguments = who + arguments, .workingDirectory = folder.path()});
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
    }

private Q_SLOTS:
    void renamesAreFollowed()
    {
        const QTemporaryDir folder;
        git(folder, {u"init"_s, u"-q"_s});
        const QString text = u"revision = 'a'\n# a line\n# another\n# and one more\n"_s;
        writeFile(folder.filePath(u"old ä.py"_s), text);
        git(folder, {u"add"_s, u"."_s});
        git(folder, {u"commit"_s, u"-qm"_s, u"First: with a colon"_s});
        git(folder, {u"mv"_s, u"old ä.py"_s, u"new.py"_s});
        writeFile(folder.filePath(u"new.py"_s), QString(text + u"# changed\n"_s));
        git(folder, {u"commit"_s, u"-qam"_s, u"Second"_s});

        const auto versions = fileVersions(folder.filePath(u"new.py"_s));
        QVERIFY(versions);
        QCOMPARE(versions->size(), 2);
        QCOMPARE(versions->first().subject, u"Second"_s);
        QCOMPARE(versions->last().subject, u"First: with a colon"_s);
        QCOMPARE(versions->last().author, u"Ada \"L\""_s);
        QCOMPARE(versions->last().path, u"old ä.py"_s);
        QVERIFY(versions->last().when.isValid());
        QCOMPARE(fileAt(folder.filePath(u"new.py"_s), versions->last()).value_or(QString()), text);
        QCOMPARE(fileAt(folder.filePath(u"new.py"_s), versions->first()).value_or(QString()),
                 QString(text + u"# changed\n"_s));
    }

    void noRepositoryIsNoError()
    {
        const QTemporaryDir folder;
        writeFile(folder.filePath(u"a.py"_s), QString());
        const auto versions = fileVersions(folder.filePath(u"a.py"_s));
        QVERIFY(versions && versions->isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_FileVersions)
#include "tst_fileversions.moc"
