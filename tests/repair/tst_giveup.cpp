// SPDX-License-Identifier: MIT
// A repair with detours is given up, wherever it is.
#include "migrations/repair/giveup.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

class TestGiveUp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void closesWhatDidNothing();
    void takesFilesBack();
    void keepsWhatIsAppliedAgain();
    void refusesWhatNobodyKnows();
    void leavesEditsAlone();
    void refusesLinksOfNeitherSide();

private:
    [[nodiscard]] History at(const QStringList &rows, bool isRead = true) const
    {
        return historyOf(*m_project, {{.environment = u"laptop"_s, .rows = rows, .isRead = isRead}});
    }
    [[nodiscard]] Result<void> write() const
    {
        return writeTogether(at({}).scripts.config.scriptLocation, m_record.title, m_record.changes);
    }
    [[nodiscard]] bool isOpen() const
    {
        const auto open = openRepair(m_record.config);
        return !open || open->has_value();
    }
    [[nodiscard]] QByteArray file() const { return readFile(m_record.changes.constFirst().file); }

    QTemporaryDir m_data;
    std::unique_ptr<ScratchProject> m_project;
    RepairRecord m_record; ///< b goes on top of c; laptop has b and d
};

void TestGiveUp::initTestCase()
{
    QVERIFY(m_data.isValid());
    qputenv("XDG_DATA_HOME", m_data.path().toUtf8());
}

void TestGiveUp::init()
{
    QTest::failOnWarning();
    m_project = projectOf(u"a b<a c<a d"_s);
    const History before = at({u"b"_s, u"d"_s});
    const auto plan = planRepair(before, {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(plan);
    m_record = recordOf(before, *plan, u"/somewhere"_s, {});
    QVERIFY(keepRepair(m_record));
}

void TestGiveUp::closesWhatDidNothing()
{
    // The order in which a table gives its rows says nothing.
    const auto lines = giveUpRepair(m_record, at({u"d"_s, u"b"_s}));
    QVERIFY(lines);
    QCOMPARE(*lines, QStringList());
    QVERIFY(!isOpen());
}

void TestGiveUp::takesFilesBack()
{
    QVERIFY(write());
    QCOMPARE(file(), *m_record.changes.constFirst().after);
    const auto lines = giveUpRepair(m_record, at({u"a"_s, u"d"_s}));
    QVERIFY2(lines, lines ? "" : qPrintable(toText(lines.error())));
    QCOMPARE(file(), *m_record.changes.constFirst().before);
    QVERIFY(!isOpen());
    QCOMPARE(*lines, QStringList{u"laptop/app was at b, d before; `stepwell upgrade laptop/app b` and "
                                 "`stepwell upgrade laptop/app d` bring it back."_s});
}

void TestGiveUp::keepsWhatIsAppliedAgain()
{
    QVERIFY(write());
    const auto refused = giveUpRepair(m_record, at({u"b"_s, u"d"_s}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Refused);
    QVERIFY2(refused.error().message.contains(u"laptop/app"_s), qPrintable(refused.error().message));
    QCOMPARE(file(), *m_record.changes.constFirst().after);
    QVERIFY(isOpen());
    QVERIFY(giveUpRepair(m_record, at({u"a"_s, u"d"_s})));
}

/// The upgrade may have run there.
void TestGiveUp::refusesWhatNobodyKnows()
{
    QVERIFY(write());
    for (const History &now : {at({}, false), at({u"zzz"_s}), historyOf(*m_project)}) {
        const auto refused = giveUpRepair(m_record, now);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QVERIFY2(refused.error().message.contains(u"laptop/app"_s), qPrintable(refused.error().message));
        QVERIFY(!refused.error().hint.isEmpty());
        QCOMPARE(file(), *m_record.changes.constFirst().after);
        QVERIFY(isOpen());
    }
    QVERIFY(giveUpRepair(m_record, at({u"a"_s, u"d"_s})));
    // With the files of before nothing is at stake.
    QVERIFY(keepRepair(m_record));
    const auto lines = giveUpRepair(m_record, at({}, false));
    QVERIFY(lines);
    QCOMPARE(lines->size(), 1);
}

void TestGiveUp::leavesEditsAlone()
{
    const QByteArray edited = file() + "# by hand\n";
    writeFile(m_record.changes.constFirst().file, edited);
    QVERIFY(giveUpRepair(m_record, at({u"a"_s, u"d"_s})));
    QCOMPARE(file(), edited);
    QVERIFY(!isOpen());
    // Rewritten and edited: the links go back, and what somebody wrote stays.
    writeFile(m_record.changes.constFirst().file, *m_record.changes.constFirst().before);
    QVERIFY(keepRepair(m_record));
    QVERIFY(write());
    writeFile(m_record.changes.constFirst().file, QByteArray(file() + "# by hand\n"));
    const auto lines = giveUpRepair(m_record, at({u"a"_s, u"d"_s}));
    QVERIFY2(lines, lines ? "" : qPrintable(toText(lines.error())));
    QCOMPARE(file(), QByteArray(*m_record.changes.constFirst().before + "# by hand\n"));
    QVERIFY(!isOpen());
}

void TestGiveUp::refusesLinksOfNeitherSide()
{
    QVERIFY(write());
    writeFile(m_record.changes.constFirst().file,
              file().replace("down_revision = \"c\"", "down_revision = \"d\""));
    const QByteArray strange = file();
    QVERIFY(strange != *m_record.changes.constFirst().after);
    const auto refused = giveUpRepair(m_record, at({u"a"_s, u"d"_s}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Refused);
    QCOMPARE(file(), strange);
    QVERIFY(isOpen());
    QVERIFY(closeRepair(m_record));
}

QTEST_GUILESS_MAIN(TestGiveUp)
#include "tst_giveup.moc"
