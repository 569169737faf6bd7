// SPDX-License-Identifier: MIT
#include "migrations/journal/journal.h"
#include "migrations/repair/repairrecord.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QDir>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

class TestRepairRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(); }
    void keepsARepair();
    void keepsBytes();
    void refusesASecondOne();
    void tellsOfADamagedRecord();
    void refusesDamagedContents_data();
    void refusesDamagedContents();
    void closesOnlyItself();
    void writesNoFileOfAnOpenOne();

private:
    [[nodiscard]] QString folder() const { return QString(m_data.path() + u"/stepwell/repairs"_s); }
    QTemporaryDir m_data;
};

void TestRepairRecord::initTestCase()
{
    QVERIFY(m_data.isValid());
    qputenv("XDG_DATA_HOME", m_data.path().toUtf8());
}

void TestRepairRecord::keepsARepair()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const History history = historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"b"_s}}});
    const auto plan = planRepair(history, {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(plan);
    QCOMPARE(plan->detours.size(), 1);
    const RepairRecord record = recordOf(history, *plan, u"/somewhere"_s, {u"away/app"_s});
    QCOMPARE(record.who, currentOperator());
    QVERIFY(record.begun.isValid());
    QCOMPARE(record.vouchedFor, QStringList{u"away/app"_s});
    const auto none = openRepair(record.config);
    QVERIFY(none && !*none);
    QVERIFY(keepRepair(record));
    const auto kept = openRepair(record.config);
    QVERIFY(kept && *kept);
    QCOMPARE(**kept, record);
    const QFileInfoList files = QDir(folder()).entryInfoList(QDir::Files);
    QCOMPARE(files.size(), 1);
    QCOMPARE(files.constFirst().permissions() & QFileDevice::Permissions(0x0077), QFileDevice::Permissions());
    QVERIFY(closeRepair(record));
    const auto closed = openRepair(record.config);
    QVERIFY(closed && !*closed);
    QVERIFY(closeRepair(record));
    QVERIFY(QDir(folder()).isEmpty());
}

void TestRepairRecord::keepsBytes()
{
    QByteArray all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const RepairRecord record{.config = u"/x/alembic.ini"_s,
                              .changes = {{.file = u"/x/a.py"_s, .before = all, .after = QByteArray("")},
                                          {.file = u"/x/new.py"_s, .before = {}, .after = all}}};
    QVERIFY(keepRepair(record));
    const auto kept = openRepair(record.config);
    QVERIFY(kept && *kept);
    QCOMPARE((*kept)->changes, record.changes);
    QVERIFY(closeRepair(record));
}

void TestRepairRecord::refusesASecondOne()
{
    const RepairRecord first{
        .config = u"/x/alembic.ini"_s, .title = u"the first"_s, .changes = {{.file = u"/x/a.py"_s}}};
    QVERIFY(keepRepair(first));
    RepairRecord same = first;
    same.changes = {{.file = u"/x/b.py"_s}};
    RepairRecord shared = first;
    shared.config = u"/x/other.ini"_s;
    for (const RepairRecord &second : {same, shared}) {
        const auto kept = keepRepair(second);
        QVERIFY(!kept);
        QCOMPARE(kept.error().kind, ErrorKind::Locked);
    }
    shared.changes = {{.file = u"/x/b.py"_s}};
    QVERIFY(keepRepair(shared));
    QVERIFY(closeRepair(shared));
    QVERIFY(closeRepair(first));
}

void TestRepairRecord::tellsOfADamagedRecord()
{
    const RepairRecord record{.config = u"/x/alembic.ini"_s, .changes = {{.file = u"/x/a.py"_s}}};
    QVERIFY(keepRepair(record));
    const QString file = QDir(folder()).entryInfoList(QDir::Files).constFirst().filePath();
    for (const QByteArray &content : {QByteArray("{"), QByteArray("{\"format\": 99}")}) {
        writeFile(file, content);
        const auto read = openRepair(record.config);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::FileError);
        QVERIFY(read.error().message.contains(file));
    }
    QVERIFY(!closeRepair(record)); // nobody knows whose it is
    QVERIFY(QFile::remove(file));
}

void TestRepairRecord::refusesDamagedContents_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("no base64") << QByteArray("\"b3JpZ2luYWw=\"") << QByteArray("\"b3JpZ2lu_%!\"");
    QTest::newRow("other bytes") << QByteArray("\"b3JpZ2luYWw=\"") << QByteArray("\"b3JpZ2luQWw=\"");
    // That would remove a file.
    QTest::newRow("no content") << QByteArray("\"after\"") << QByteArray("\"aftre\"");
    QTest::newRow("no list") << QByteArray("\"changes\"") << QByteArray("\"chances\"");
    QTest::newRow("no path") << QByteArray("\"/x/a.py\"") << QByteArray("\"x/a.py\"");
}

void TestRepairRecord::refusesDamagedContents()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    const RepairRecord record{
        .config = u"/x/alembic.ini"_s,
        .changes = {
            {.file = u"/x/a.py"_s, .before = QByteArray("original"), .after = QByteArray("changed")}}};
    QVERIFY(keepRepair(record));
    const QString file = QDir(folder()).entryInfoList(QDir::Files).constFirst().filePath();
    const auto removed = qScopeGuard([&] { QFile::remove(file); });
    const QByteArray content = readFile(file);
    QVERIFY2(content.contains(before), content.constData());
    writeFile(file, QByteArray(content).replace(before, after));
    const auto read = openRepair(record.config);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, ErrorKind::FileError);
}

void TestRepairRecord::closesOnlyItself()
{
    const RepairRecord old{.config = u"/x/alembic.ini"_s,
                           .title = u"the same"_s,
                           .begun = QDateTime::fromString(u"2024-05-03T10:00:00.000Z"_s, Qt::ISODateWithMs)};
    RepairRecord other = old;
    other.begun = old.begun.addMSecs(1);
    QVERIFY(keepRepair(other));
    QVERIFY(closeRepair(old));
    const auto kept = openRepair(old.config);
    QVERIFY(kept && *kept);
    QCOMPARE(**kept, other);
    QVERIFY(closeRepair(other));
    QVERIFY(QDir(folder()).isEmpty());
}

void TestRepairRecord::writesNoFileOfAnOpenOne()
{
    const auto project = projectOf(u"a b<a c<a"_s);
    const History history = historyOf(*project, {{.environment = u"laptop"_s, .rows = {u"b"_s}}});
    const auto plan = planRepair(history, {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(plan);
    RepairRecord record = recordOf(history, *plan, u"/somewhere"_s, {});
    // Another ini, and another name of the same file.
    record.config = u"/x/alembic.ini"_s;
    const QString link = m_data.filePath(u"link.py"_s);
    QVERIFY(QFile::link(record.changes.constFirst().file, link));
    record.changes.first().file = link;
    QVERIFY(keepRepair(record));
    const auto other =
        planRepair(history, {.kind = RepairKind::Relink, .revision = u"b"_s, .parents = QStringList{u"c"_s}});
    QVERIFY(other);
    const auto written = writeRepair(history, *other);
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Locked);
    QVERIFY2(written.error().message.contains(record.title), qPrintable(written.error().message));
    QCOMPARE(readFile(other->changes.constFirst().file), *other->changes.constFirst().before);
    QVERIFY(closeRepair(record));
    QVERIFY(writeRepair(history, *other));
}

QTEST_GUILESS_MAIN(TestRepairRecord)
#include "tst_repairrecord.moc"
