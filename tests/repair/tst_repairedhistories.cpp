// SPDX-License-Identifier: MIT
// Random histories are made with real Alembic and broken: heads that part, lost and copied files, circles, a
// crash in the middle of a repair, wrong version rows. What the diagnosis advises is done until it has
// nothing to say. Then real Alembic has to bring an empty schema to exactly one head and back to nothing, the
// databases of the project too, and but for links no byte of a file may differ.
//
// STEPWELL_LONG=1 makes ten times as many; STEPWELL_HISTORY=SEED repeats one.
#include "tests/repair/repairedhistory.h"
#include "tests/support/testcluster.h"

#include <QDir>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

class TestRepairedHistories : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endWithOneHead();
};

void TestRepairedHistories::endWithOneHead()
{
    QTemporaryDir folder(QString(QDir::tempPath() + u"/stepwell-histories-XXXXXX"_s));
    QVERIFY(folder.isValid());
    qputenv("XDG_DATA_HOME", folder.filePath(u"data"_s).toUtf8()); // of open repairs
    HistoryMaker maker(TestCluster::instance().newDatabase().url);
    const bool isOne = qEnvironmentVariableIsSet("STEPWELL_HISTORY");
    const int first = isOne ? qEnvironmentVariableIntValue("STEPWELL_HISTORY") : 1;
    const int count = isOne ? 1 : qEnvironmentVariableIsSet("STEPWELL_LONG") ? 5000 : 500;
    QStringList failures;
    QMap<QString, int> ways;
    for (int seed = first; seed < first + count; ++seed) {
        const QString project = folder.filePath(QString::number(seed));
        RepairedHistory history(maker, project, seed);
        const QString fault = history.mend();
        for (const QString &deed : history.deeds())
            ++ways[QString(history.kind() + u": "_s + deed)];
        if (!fault.isEmpty())
            failures += u"seed %1 (%2, %3) in %4:\n%5"_s.arg(seed).arg(
                history.kind(), history.deeds().join(u' '), project, fault);
    }
    qInfo() << ways;
    folder.setAutoRemove(failures.isEmpty());
    QVERIFY2(failures.isEmpty(),
             qPrintable(QString(QString::number(failures.size()) + u" failures\n"_s +
                                failures.first(qMin(qsizetype(20), failures.size())).join(u"\n\n"_s))));
    if (isOne)
        return;
    // Otherwise one of the ways would be proved by nothing.
    for (const QString &way :
         {u"diverged: rebase"_s, u"diverged: merge"_s, u"applied: detour"_s, u"merged: merge"_s,
          u"missing parent: restore"_s, u"missing parent: relink"_s, u"duplicate: rename"_s,
          u"circle: relink"_s, u"missing dependency: relink"_s, u"redundant: relink"_s, u"crash: finish"_s,
          u"crash: undo"_s, u"overlapping rows: stamp"_s, u"phantom rows: stamp"_s})
        QVERIFY2(ways.value(way) >= 3, qPrintable(way));
}

QTEST_GUILESS_MAIN(TestRepairedHistories)
#include "tst_repairedhistories.moc"
