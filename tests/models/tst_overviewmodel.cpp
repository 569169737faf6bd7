// SPDX-License-Identifier: MIT
#include "models/overviewmodel.h"
#include "models/targetfacts.h"
#include "tests/models/sampletargets.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

class TestOverviewModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void matrixInWords();
    void attentionTellsWhatToDo();
    void attentionGoesWhenMended();
    void targetsWithoutDatabase();
    void factsOfATarget();
    void ago_data();
    void ago();
    void connectionLineTellsTls();
};

void TestOverviewModel::matrixInWords()
{
    OverviewModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setWorkspace(sample::workspace());
    QCOMPARE(model.facts(), u"3 components · 3 environments"_s);
    model.setStatus(
        sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    model.setStatus(sample::status({u"staging"_s, u"manager"_s}, sample::managerRevisions(), {}));
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells.append(model.index(row, column).data().toString());
        lines.append(cells.join(u'|'));
    }
    QCOMPARE(lines.join(u'\n'), u"manager|3 pending, 7b6a1e0c4f21|empty, no revision|not read yet\n"
                                "account manager|not read yet|not read yet|not read yet\n"
                                "app proxy|not read yet|not read yet|not read yet"_s);
    QCOMPARE(model.index(0, 0).data(OverviewModel::SubtitleRole).toString(), u"alembic.ini · 8 revisions"_s);
    QCOMPARE(model.headerData(2, Qt::Horizontal).toString(), u"staging"_s);
    QCOMPARE(model.headerData(2, Qt::Horizontal, OverviewModel::ColourRole).toString(), u"orange"_s);
}

void TestOverviewModel::attentionTellsWhatToDo()
{
    OverviewModel model;
    model.setWorkspace(sample::workspace());
    model.setStatus(sample::unreachable(
        {u"development"_s, u"app proxy"_s}, sample::managerRevisions(),
        {.kind = ErrorKind::PasswordMissing, .message = u"A password is needed."_s, .hint = u"Enter it."_s}));
    QList<Revision> revisions = sample::managerRevisions();
    revisions.removeLast();
    revisions.removeLast();
    const TargetStatus diverged =
        sample::status({u"staging"_s, u"manager"_s}, revisions, {u"7b6a1e0c4f21"_s});
    QCOMPARE(diverged.state, TargetState::Diverged);
    model.setStatus(diverged);
    QCOMPARE(model.facts(), u"3 components · 3 environments · 2 need attention"_s);

    const QList<Attention> attentions = model.attentions();
    QCOMPARE(attentions.size(), 2);
    QCOMPARE(attentions[0].title, u"staging / manager has 2 heads"_s);
    QVERIFY(!attentions[0].text.isEmpty());
    QCOMPARE(attentions[0].actions, (QList<TargetAction>{TargetAction::Resolve, TargetAction::Open}));
    QCOMPARE(attentions[1].title, u"development / app proxy cannot be reached"_s);
    QCOMPARE(attentions[1].text, u"A password is needed. Enter it."_s);
    QCOMPARE(attentions[1].actions,
             (QList<TargetAction>{TargetAction::EnterPassword, TargetAction::Retry, TargetAction::Open}));
}

void TestOverviewModel::attentionGoesWhenMended()
{
    OverviewModel model;
    model.setWorkspace(sample::workspace());
    QSignalSpy changed(&model, &OverviewModel::summaryChanged);
    const TargetId id{u"development"_s, u"manager"_s};
    model.setStatus(sample::broken(id));
    QCOMPARE(model.attentions().size(), 1);
    QCOMPARE(model.facts(), u"3 components · 3 environments · 1 needs attention"_s);
    model.setStatus(sample::status(id, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    QVERIFY(model.attentions().isEmpty());
    QCOMPARE(changed.size(), 2);
}

void TestOverviewModel::targetsWithoutDatabase()
{
    Workspace workspace = sample::workspace();
    workspace.environments[1].databases.removeLast();
    OverviewModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setWorkspace(workspace);
    const QModelIndex missing = model.indexOf({u"staging"_s, u"app proxy"_s});
    QCOMPARE(missing.data().toString(), u"no database"_s);
    QCOMPARE(model.targetAt(missing), std::nullopt);
    QVERIFY(!missing.flags().testFlag(Qt::ItemIsSelectable));
    QCOMPARE(model.targetAt(model.index(0, 1)), (TargetId{u"production"_s, u"manager"_s}));
    QCOMPARE(model.targetAt(model.index(0, 0)), std::nullopt);
}

void TestOverviewModel::factsOfATarget()
{
    const TargetStatus status =
        sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {u"7b6a1e0c4f21"_s});
    const QDateTime now(QDate(2026, 11, 22), QTime(14, 2));
    JournalEntry run;
    run.outcome = Outcome::Done;
    run.started = now.addDays(-12);
    run.steps = QList<JournalStep>(2);
    BackupRecord backup;
    backup.finished = now.addSecs(-7200);
    QStringList lines;
    for (const Fact &fact : factsOf(status, run, backup, now))
        lines.append(fact.label % u": "_s % fact.text);
    QCOMPARE(lines.join(u'\n'), u"Current revision: 7b6a1e0c4f21\n"
                                "Head revision: e41d09b7a3c8\n"
                                "Pending: 3 revisions\n"
                                "Way back: yes\n"
                                "Last backup: 2 h ago · verified\n"
                                "Last run: ▲ 2 revisions, 12 days ago"_s);

    const auto wayBack = [&](const QString &row) {
        return factsOf(sample::status(status.id, sample::managerRevisions(), {row}), {}, {}, now).at(3).text;
    };
    QCOMPARE(wayBack(u"a5518e2b90cd"_s), u"irreversible, restore a backup"_s);
    QCOMPARE(wayBack(u"52ab7c9e8d10"_s), u"yes, loses data"_s);
    QCOMPARE(wayBack(u"90c2fd61b5ae"_s), u"empty: the schema stays"_s);
    QCOMPARE(wayBack(u"ffe1"_s), u"not known: no file"_s);
}

void TestOverviewModel::ago_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << 20 << u"just now"_s;
    QTest::newRow("future clock") << -500 << u"just now"_s;
    QTest::newRow("minutes") << 12 * 60 << u"12 min ago"_s;
    QTest::newRow("hours") << 2 * 3600 << u"2 h ago"_s;
    QTest::newRow("days") << 3 * 86400 << u"3 days ago"_s;
}

void TestOverviewModel::ago()
{
    QFETCH(int, seconds);
    QFETCH(QString, text);
    const QDateTime now(QDate(2026, 11, 22), QTime(14, 2));
    QCOMPARE(agoText(now.addSecs(-seconds), now), text);
}

void TestOverviewModel::connectionLineTellsTls()
{
    TargetStatus status = sample::status({u"production"_s, u"manager"_s}, sample::managerRevisions(), {});
    QCOMPARE(connectionLine(status),
             u"migrator@db1.internal:5432/backend · TLSv1.3 · PostgreSQL 17.11 · project/alembic.ini"_s);
    status.database->tls.clear();
    QVERIFY(connectionLine(status).contains(u"no TLS"_s));
    status.connection.host = u"/run/postgresql"_s;
    QVERIFY(!connectionLine(status).contains(u"TLS"_s));
}

QTEST_GUILESS_MAIN(TestOverviewModel)
#include "tst_overviewmodel.moc"
