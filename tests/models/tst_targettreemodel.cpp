// SPDX-License-Identifier: MIT
#include "models/targettreemodel.h"
#include "tests/models/sampletargets.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

QString chipsText(const QModelIndex &index)
{
    QString text;
    for (const Chip &chip : index.data(TargetTreeModel::ChipsRole).value<Chips>())
        text += QString(u" ["_s % chip.text % u"]"_s);
    return text;
}

QString treeText(const TargetTreeModel &model)
{
    QStringList lines;
    for (int i = 0; i < model.rowCount(); ++i) {
        const QModelIndex branch = model.index(i, 0);
        lines.append(branch.data().toString() % u" "_s % branch.data(TargetTreeModel::ColourRole).toString() %
                     chipsText(branch));
        for (int j = 0; j < model.rowCount(branch); ++j) {
            const QModelIndex leaf = model.index(j, 0, branch);
            lines.append(u"  "_s % leaf.data().toString() % chipsText(leaf));
        }
    }
    return lines.join(u'\n');
}

} // namespace

class TestTargetTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void treeInWords();
    void findsTargets();
    void statusOfAStrangerIsIgnored();
    void readingShows();
};

void TestTargetTreeModel::treeInWords()
{
    TargetTreeModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setWorkspace(sample::workspace());
    model.setStatus(
        sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    model.setStatus(
        sample::status({u"staging"_s, u"manager"_s}, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    model.setStatus(sample::status({u"staging"_s, u"app proxy"_s}, sample::managerRevisions(), {}));
    model.setStatus(
        sample::status({u"development"_s, u"manager"_s}, sample::managerRevisions(), {u"ffe1"_s}));
    model.setStatus(
        sample::unreachable({u"development"_s, u"app proxy"_s}, sample::managerRevisions(),
                            {.kind = ErrorKind::ConnectionRefused, .message = u"Nobody listens."_s}));
    model.setStatus(sample::broken({u"development"_s, u"account manager"_s}));
    QCOMPARE(treeText(model), u"production red [protected]\n"
                              "  manager [3 pending]\n"
                              "  account manager [not read]\n"
                              "  app proxy [not read]\n"
                              "staging orange\n"
                              "  manager [at head]\n"
                              "  account manager [not read]\n"
                              "  app proxy [empty]\n"
                              "development green\n"
                              "  manager [unknown revision]\n"
                              "  account manager [broken files]\n"
                              "  app proxy [unreachable]"_s);
}

void TestTargetTreeModel::findsTargets()
{
    TargetTreeModel model;
    model.setWorkspace(sample::workspace());
    const TargetId id{u"staging"_s, u"app proxy"_s};
    const QModelIndex index = model.indexOf(id);
    QVERIFY(index.isValid());
    QCOMPARE(model.targetAt(index), id);
    QCOMPARE(model.targetAt(index.parent()), std::nullopt);
    QCOMPARE(index.parent().data().toString(), u"staging"_s);
    QVERIFY(!index.parent().flags().testFlag(Qt::ItemIsSelectable));
    QVERIFY(index.flags().testFlag(Qt::ItemIsSelectable));
    QVERIFY(!model.indexOf({u"staging"_s, u"nothing"_s}).isValid());
}

void TestTargetTreeModel::statusOfAStrangerIsIgnored()
{
    TargetTreeModel model;
    model.setWorkspace(sample::workspace());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const QString before = treeText(model);
    model.setStatus(sample::status({u"moon"_s, u"manager"_s}, sample::managerRevisions(), {}));
    QCOMPARE(changed.size(), 0);
    QCOMPARE(treeText(model), before);
}

void TestTargetTreeModel::readingShows()
{
    TargetTreeModel model;
    model.setWorkspace(sample::workspace());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const TargetId id{u"production"_s, u"manager"_s};
    model.setReading(id);
    QCOMPARE(chipsText(model.indexOf(id)), u" [reading…]"_s);
    model.setStatus(sample::status(id, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    QCOMPARE(chipsText(model.indexOf(id)), u" [at head]"_s);
    QCOMPARE(changed.size(), 2);
    QVERIFY(model.indexOf(id).data(Qt::AccessibleTextRole).toString().contains(u"at head"_s));
}

QTEST_GUILESS_MAIN(TestTargetTreeModel)
#include "tst_targettreemodel.moc"
