// SPDX-License-Identifier: MIT
// How far a repair got, after whatever people did in between, and what is checked before it goes on.
#include "migrations/repair/repairrecord.h"
#include "tests/repair/historyfixture.h"
#include "tests/support/testfiles.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// `kind done?known` words of the stages.
QString toText(const QList<RepairStage> &stages)
{
    QStringList words;
    for (const RepairStage &stage : stages) {
        const QString name = stage.kind == RepairStage::RollBack     ? u"down"_s
                             : stage.kind == RepairStage::WriteFiles ? u"files"_s
                                                                     : u"up"_s;
        words += QString(name + (stage.isDone ? u"+"_s : u"-"_s) + (stage.isKnown ? QString() : u"?"_s));
    }
    return words.join(u' ');
}

} // namespace

class TestRepairStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsThem();
    void readsThemFromEditedFiles();
    void doesNotGuess();
    void rollsBackNoMore();
    void looksAgainBeforeWriting();

private:
    [[nodiscard]] History at(const QStringList &rows, bool isRead = true) const
    {
        return historyOf(*m_project, {{.environment = u"laptop"_s, .rows = rows, .isRead = isRead}});
    }
    [[nodiscard]] Result<void> write() const
    {
        return writeTogether(at({}).scripts.config.scriptLocation, m_record.title, m_record.changes);
    }

    std::unique_ptr<ScratchProject> m_project;
    RepairRecord m_record; ///< b goes on top of c; laptop has b
};

void TestRepairStages::init()
{
    QTest::failOnWarning();
    m_project = projectOf(u"a b<a c<a"_s);
    const auto plan = planRepair(at({u"b"_s}), {.kind = RepairKind::Rebase, .moved = u"b"_s, .onto = u"c"_s});
    QVERIFY(plan);
    m_record = recordOf(at({u"b"_s}), *plan, u"/somewhere"_s, {});
}

void TestRepairStages::readsThem()
{
    QCOMPARE(toText(stagesOf(m_record, at({u"b"_s}))), u"down- files- up-"_s);
    QCOMPARE(toText(stagesOf(m_record, at({}, false))), u"down-? files- up-?"_s);
    QCOMPARE(toText(stagesOf(m_record, historyOf(*m_project))), u"down-? files- up-?"_s);
    QCOMPARE(toText(stagesOf(m_record, at({u"a"_s}))), u"down+ files- up-"_s);
    const RepairStage down = stagesOf(m_record, at({u"b"_s})).constFirst();
    QCOMPARE(down.revision, u"b@a"_s);
    QCOMPARE(down.steps, RevisionIds{RevisionId(u"b"_s)});
    QVERIFY(write());
    QCOMPARE(toText(stagesOf(m_record, at({u"a"_s}))), u"down+ files+ up-"_s);
    QCOMPARE(toText(stagesOf(m_record, at({u"c"_s}))), u"down+ files+ up-"_s);
    QCOMPARE(toText(stagesOf(m_record, at({}, false))), u"down+ files+ up-?"_s);
    QCOMPARE(toText(stagesOf(m_record, at({u"b"_s}))), u"down+ files+ up+"_s);
    QCOMPARE(stagesOf(m_record, at({u"b"_s})).constLast().revision, u"b"_s);
}

/// Somebody mends a moved file in the middle: that is no step back.
void TestRepairStages::readsThemFromEditedFiles()
{
    const QString file = m_record.changes.constFirst().file;
    writeFile(file, QByteArray(readFile(file) + "# before\n"));
    QCOMPARE(linksOf(m_record, at({u"b"_s})), LinksState::Before);
    QCOMPARE(toText(stagesOf(m_record, at({u"b"_s}))), u"down- files- up-"_s);
    QVERIFY(!write());
    writeFile(file, *m_record.changes.constFirst().before);
    QVERIFY(write());
    writeFile(file, QByteArray(readFile(file) + "# after\n"));
    QCOMPARE(linksOf(m_record, at({u"a"_s})), LinksState::After);
    QCOMPARE(toText(stagesOf(m_record, at({u"c"_s}))), u"down+ files+ up-"_s);
    QCOMPARE(toText(stagesOf(m_record, at({u"b"_s}))), u"down+ files+ up+"_s);
}

void TestRepairStages::doesNotGuess()
{
    const QString file = m_record.changes.constFirst().file;
    const QByteArray before = readFile(file);
    QVERIFY(before.contains("down_revision = \"a\""));
    writeFile(file, QByteArray(before).replace("down_revision = \"a\"", "down_revision = None"));
    const QList<RepairStage> stages = stagesOf(m_record, at({u"b"_s}));
    QCOMPARE(toText(stages), u"down-? files-? up-"_s);
    const QString text = stages.at(1).text;
    QVERIFY2(text.contains(u"b follows nothing; before the repair it follows a, and with it it follows c"_s),
             qPrintable(text));
    QVERIFY(QFile::remove(file));
    QCOMPARE(toText(stagesOf(m_record, at({u"a"_s}))), u"down-? files-? up-"_s);
    QVERIFY(stagesOf(m_record, at({u"a"_s})).at(1).text.contains(u"no file that can be read has b"_s));
}

void TestRepairStages::rollsBackNoMore()
{
    const History now = at({u"b"_s, u"c"_s});
    const RepairStage stage = stagesOf(m_record, now).constFirst();
    const auto planned = planDowngrade(now.scripts.map, now.targets.constFirst().rows, stage.revision);
    QVERIFY(planned);
    QVERIFY(checkRollBack(stage, *planned));
    // A revision that came on top of b since, or one that the text means by other files.
    const auto wide = planDowngrade(now.scripts.map, now.targets.constFirst().rows, u"a"_s);
    QVERIFY(wide);
    const auto refused = checkRollBack(stage, *wide);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Refused);
    QVERIFY2(refused.error().message.contains(u"would take back c too"_s),
             qPrintable(refused.error().message));
    QVERIFY(!refused.error().hint.isEmpty());
    const auto up = planUpgrade(now.scripts.map, {}, u"b"_s);
    QVERIFY(up);
    QVERIFY(!checkRollBack(stage, *up));
    QVERIFY(checkRollBack(stagesOf(m_record, now).constLast(), *up));
}

void TestRepairStages::looksAgainBeforeWriting()
{
    const auto with = [&](const RowsOf &other) {
        return historyOf(*m_project, {{.environment = u"laptop"_s, .rows = {u"a"_s}}, other});
    };
    QVERIFY(checkBeforeWriting(m_record, at({u"c"_s})));
    // A target that was never part of the repair got the revision since.
    const auto applied = checkBeforeWriting(m_record, with({.environment = u"staging"_s, .rows = {u"b"_s}}));
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind, ErrorKind::Refused);
    QVERIFY2(applied.error().message.contains(u"b is applied in staging/app"_s),
             qPrintable(applied.error().message));
    QVERIFY(!checkBeforeWriting(m_record, at({u"b"_s})));
    QVERIFY(!checkBeforeWriting(m_record, historyOf(*m_project)));
    for (const RowsOf &other : {RowsOf{.environment = u"away"_s, .isRead = false},
                                RowsOf{.environment = u"away"_s, .rows = {u"zzz"_s}}}) {
        const auto unknown = checkBeforeWriting(m_record, with(other));
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, ErrorKind::Refused);
        RepairRecord vouched = m_record;
        vouched.vouchedFor = {u"away/app"_s};
        QVERIFY(checkBeforeWriting(vouched, with(other)));
    }
}

QTEST_GUILESS_MAIN(TestRepairStages)
#include "tst_repairstages.moc"
