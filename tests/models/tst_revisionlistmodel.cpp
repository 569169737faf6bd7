// SPDX-License-Identifier: MIT
#include "models/revisionfiltermodel.h"
#include "models/revisionlistmodel.h"
#include "tests/models/sampletargets.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

const TargetId manager{QStringLiteral("production"), QStringLiteral("manager")};

QString rowText(const RevisionRow &row)
{
    QStringList chips;
    for (const Chip &chip : row.chips)
        chips.append(u"["_s % chip.text % u"]"_s);
    return QStringList{row.id.text().left(4), row.stateText.text, row.rollback.text,
                       row.notes.text,        row.created,        chips.join(u' ')}
        .join(u'|');
}

QString modelText(const RevisionListModel &model)
{
    QStringList lines;
    for (const RevisionRow &row : model.rows())
        lines.append(rowText(row));
    return lines.join(u'\n');
}

} // namespace

class TestRevisionListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void rowsInWords();
    void nothingKnownOfAnUnreachableDatabase();
    void aRowNoFileHasComesOnTop();
    void newHeadKeepsSelection();
    void upgradeChangesOnlyWhatDiffers();
    void removedFileLeaves();
    void filterFindsIdMessageAndFile();
    void cellsAndHeaders();
};

void TestRevisionListModel::rowsInWords()
{
    RevisionListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    QStringList expected{
        u"e41d|pending|yes|autocommit|2026-11-18|[head]"_s,
        u"90c2|pending|empty||2026-11-17|[merge]"_s,
        u"52ab|pending|loses data|uses the connection|2026-11-15|"_s,
        u"7b6a|applied|yes||2026-11-06|[◀ database is here]"_s,
        u"d03f|applied|yes||2026-11-04|[branch point]"_s,
        u"a551|applied|irreversible||2026-10-29|[label: 26.3]"_s,
        u"3e9d|applied|yes||2026-10-21|"_s,
        u"c882|applied|yes||2026-10-20|"_s,
    };
    // Two branches are unordered between themselves: only that they lie between merge and branch point
    // counts.
    QStringList found = modelText(model).split(u'\n');
    expected.sort();
    found.sort();
    QCOMPARE(found, expected);
    QCOMPARE(model.rows().first().id.text(), u"e41d09b7a3c8"_s);
    QCOMPARE(model.rows().last().id.text(), u"c8827e5db6f3"_s);
    QCOMPARE(model.laneCount(), 2);
}

void TestRevisionListModel::nothingKnownOfAnUnreachableDatabase()
{
    RevisionListModel model;
    model.setStatus(
        sample::unreachable(manager, sample::managerRevisions(),
                            {.kind = ErrorKind::ConnectionRefused, .message = u"Nobody listens."_s}));
    QCOMPARE(model.rowCount(), 8);
    for (const RevisionRow &row : model.rows()) {
        QCOMPARE(row.state, RevisionState::NotKnown);
        QVERIFY(!row.current);
    }
    model.setStatus(sample::broken(manager));
    QCOMPARE(model.rowCount(), 0);
}

void TestRevisionListModel::aRowNoFileHasComesOnTop()
{
    RevisionListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"ffe100000000"_s}));
    QCOMPARE(model.rowCount(), 9);
    QCOMPARE(rowText(model.rows().first()), u"ffe1|not here||||[◀ database is here]"_s);
    QVERIFY(model.rows().first().current);
}

void TestRevisionListModel::newHeadKeepsSelection()
{
    RevisionListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<Revision> revisions = sample::managerRevisions();
    model.setStatus(sample::status(manager, revisions, {u"7b6a1e0c4f21"_s}));
    QItemSelectionModel selection(&model);
    const int row = model.rowOf(RevisionId(u"3e9d7701fa42"_s));
    selection.setCurrentIndex(model.index(row, 0),
                              QItemSelectionModel::SelectCurrent | QItemSelectionModel::Rows);

    Revision head;
    head.id = RevisionId(u"f00000000001"_s);
    head.downRevisions = {RevisionId(u"e41d09b7a3c8"_s)};
    revisions.append(head);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.setStatus(sample::status(manager, revisions, {u"7b6a1e0c4f21"_s}));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 0);
    QCOMPARE(inserted.first().at(1).toInt(), 0);
    QCOMPARE(inserted.first().at(2).toInt(), 0);
    QCOMPARE(selection.currentIndex().row(), row + 1);
    QCOMPARE(selection.currentIndex().data(RevisionListModel::IdRole).toString(), u"3e9d7701fa42"_s);
    QVERIFY(selection.isRowSelected(row + 1));
}

void TestRevisionListModel::upgradeChangesOnlyWhatDiffers()
{
    RevisionListModel model;
    const QList<Revision> revisions = sample::linearRevisions(20);
    model.setStatus(sample::status(manager, revisions, {u"r00010"_s}));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setStatus(sample::status(manager, revisions, {u"r00010"_s}));
    QCOMPARE(changed.size(), 0);
    model.setStatus(sample::status(manager, revisions, {u"r00012"_s}));
    QCOMPARE(changed.size(), 1);
    // Newest first: r00012 is row 7, r00010 row 9.
    QCOMPARE(changed.first().at(0).toModelIndex().row(), 7);
    QCOMPARE(changed.first().at(1).toModelIndex().row(), 9);
    QCOMPARE(reset.size() + inserted.size(), 0);
}

void TestRevisionListModel::removedFileLeaves()
{
    RevisionListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<Revision> revisions = sample::linearRevisions(6);
    model.setStatus(sample::status(manager, revisions, {u"r00002"_s}));
    revisions.removeLast();
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.setStatus(sample::status(manager, revisions, {u"r00002"_s}));
    QCOMPARE(removed.size(), 1);
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(model.rows().first().id.text(), u"r00004"_s);
    QVERIFY(model.rows().first().head);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestRevisionListModel::filterFindsIdMessageAndFile()
{
    RevisionListModel model;
    RevisionFilterModel filter;
    QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    filter.setSourceModel(&model);
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    QCOMPARE(filter.rowCount(), 8);
    QVERIFY(!filter.isFiltering());
    filter.setText(u"SCHEDULER"_s);
    QCOMPARE(filter.rowCount(), 2);
    QVERIFY(filter.isFiltering());
    filter.setText(u"scheduler 7b6a"_s);
    QCOMPARE(filter.rowCount(), 1);
    filter.setText(u"52ab7c9e8d10_backfill"_s);
    QCOMPARE(filter.rowCount(), 1);
    filter.setText(u"no such thing"_s);
    QCOMPARE(filter.rowCount(), 0);
    filter.setText(u"   "_s);
    QCOMPARE(filter.rowCount(), 8);
}

void TestRevisionListModel::cellsAndHeaders()
{
    RevisionListModel model;
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    QStringList headers;
    for (int column = 0; column < model.columnCount(); ++column)
        headers.append(model.headerData(column, Qt::Horizontal).toString());
    QCOMPARE(headers.join(u' '), u"Graph Revision Message State Risk Rollback Created"_s);
    QCOMPARE(model.index(0, RevisionListModel::Id).data().toString(), u"e41d09b7a3c8"_s);
    QVERIFY(model.index(0, RevisionListModel::Message).data(Qt::ToolTipRole).toString().contains(u".py"_s));
    QCOMPARE(model.rowOf(RevisionId(u"nowhere"_s)), -1);
}

QTEST_GUILESS_MAIN(TestRevisionListModel)
#include "tst_revisionlistmodel.moc"
