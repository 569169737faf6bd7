// SPDX-License-Identifier: MIT
#include "models/backupmodel.h"
#include "models/journalfiltermodel.h"
#include "models/journalmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

JournalEntry entry(qint64 id, const QString &environment, Outcome outcome)
{
    const QDateTime started(QDate(2026, 11, 22), QTime(14, int(id), 0), QTimeZone::UTC);
    return {.id = id,
            .target = {environment, u"manager"_s},
            .who = u"ada@desk"_s,
            .started = started,
            .finished = started.addSecs(90),
            .from = toRevisionIds({u"aaa"_s}),
            .to = toRevisionIds({u"bbb"_s}),
            .outcome = outcome,
            .steps = {{.revision = RevisionId(u"bbb"_s), .message = u"Add a table"_s}}};
}

QList<JournalEntry> entries()
{
    QList<JournalEntry> list{entry(3, u"production"_s, Outcome::FailedRolledBack),
                             entry(2, u"staging"_s, Outcome::Done), entry(1, u"production"_s, Outcome::Done)};
    list[2].backup =
        BackupRecord{.file = u"/backups/manager.dump"_s, .size = 3 * 1024 * 1024, .sha256 = u"9f2c"_s};
    list[1].note = u"Snapshot of the volume"_s;
    return list;
}

} // namespace

class TestJournalModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void journalRows()
    {
        JournalModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries(entries());
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, JournalModel::What).data().toString(), u"Upgrade, 1 revision"_s);
        QCOMPARE(model.index(0, JournalModel::Way).data().toString(), u"aaa → bbb"_s);
        QCOMPARE(model.index(0, JournalModel::Took).data().toString(), u"1 min 30 s"_s);
        QCOMPARE(model.index(0, JournalModel::Backup).data().toString(), u"none"_s);
        QCOMPARE(model.index(1, JournalModel::Backup).data().toString(), u"elsewhere"_s);
        QCOMPARE(model.index(2, JournalModel::Backup).data().toString(), u"3.0 MiB"_s);
        QCOMPARE(model.index(0, JournalModel::OutcomeColumn).data(JournalModel::ChipRole).value<Chip>().tone,
                 Tone::Bad);
        QCOMPARE(model.rowOf(2), 1);
        QCOMPARE(model.targets(), QStringList({u"production/manager"_s, u"staging/manager"_s}));
    }

    void filterByTargetAndWords()
    {
        JournalModel model;
        JournalFilterModel filter;
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        model.setEntries(entries());
        filter.setTarget(u"production/manager"_s);
        QCOMPARE(filter.rowCount(), 2);
        filter.setText(u"MANAGER.DUMP ada"_s);
        QCOMPARE(filter.rowCount(), 1);
        filter.setTarget({});
        filter.setText(u"snapshot"_s);
        QCOMPARE(filter.rowCount(), 1);
        filter.setText(u"nobody wrote this"_s);
        QCOMPARE(filter.rowCount(), 0);
        filter.setText({});
        filter.sort(JournalModel::When, Qt::AscendingOrder);
        QCOMPARE(filter.index(0, 0).data(JournalModel::IdRole).toLongLong(), 1);
    }

    void filterByKindOutcomeAndTime()
    {
        QList<JournalEntry> list = entries();
        list[0].kind = RunKind::Stamp;
        list[1].started = list[1].started.addDays(-3);
        JournalModel model;
        JournalFilterModel filter;
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        model.setEntries(list);
        const auto shown = [&filter] {
            QList<qint64> ids;
            for (const JournalEntry &entry : filter.entries())
                ids += entry.id;
            return ids;
        };
        using List = QList<qint64>;
        QCOMPARE(shown(), List({3, 2, 1}));
        filter.setKind(RunKind::Upgrade);
        QCOMPARE(shown(), List({2, 1}));
        filter.setSince(list[0].started.addDays(-1));
        QCOMPARE(shown(), List{1});
        filter.setKind({});
        filter.setOutcome(Outcome::FailedRolledBack);
        QCOMPARE(shown(), List{3});
        filter.setOutcome(Outcome::Cancelled);
        QCOMPARE(shown(), List());
        filter.setOutcome({});
        filter.setSince({});
        filter.sort(JournalModel::When, Qt::AscendingOrder);
        QCOMPARE(shown(), List({2, 1, 3})); // as it is shown
    }

    void findsStatementsAndErrors()
    {
        QList<JournalEntry> list = entries();
        list[0].steps[0].error = u"no such table"_s;
        list[1].steps[0].statements = {{.text = u"ALTER TABLE Sessions\nADD x int"_s}};
        list[2].leftBehind = {u"INVALID index ix_a"_s};
        list[2].after = {{.text = u"The service does not answer."_s}};
        JournalModel model;
        JournalFilterModel filter;
        filter.setSourceModel(&model);
        model.setEntries(list);
        for (const auto &[text, id] : {std::pair(u"such table"_s, 3), std::pair(u"alter sessions ADA"_s, 2),
                                       std::pair(u"invalid ix_a"_s, 1), std::pair(u"does not answer"_s, 1)}) {
            filter.setText(text);
            QCOMPARE(filter.entries().size(), 1);
            QCOMPARE(filter.entries().first().id, id);
        }
    }

    /// Runs of others have no number here.
    void runsOfOthers()
    {
        QList<JournalEntry> list = entries();
        list[1].id = 0;
        list[1].uid = u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s;
        JournalModel model;
        model.setEntries(list);
        QCOMPARE(model.rowOf(list[1].uid), 1);
        QCOMPARE(model.rowOf(QString()), -1);
        QCOMPARE(model.rowOf(u"another"_s), -1);
    }

    void backups()
    {
        BackupModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QList<BackupRow> rows = backupsOf(entries());
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.constFirst().journalId, 1);
        rows += rows.constFirst();
        rows.last().present = false;
        model.setBackups(rows);
        QCOMPARE(model.index(0, BackupModel::File).data().toString(), u"manager.dump"_s);
        QCOMPARE(model.index(0, BackupModel::Verified).data().toString(), u"verified"_s);
        QCOMPARE(model.index(1, BackupModel::Verified).data().toString(), u"file is gone"_s);
        QCOMPARE(model.totalSize(), 3 * 1024 * 1024);
    }
};

QTEST_GUILESS_MAIN(TestJournalModels)
#include "tst_journalmodels.moc"
