// SPDX-License-Identifier: MIT
#include "squawkcases.h"
#include "tests/support/testcluster.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace stepwell;

/// What docs/squawk.md claims of PostgreSQL, tried on a server.
class TestSquawkClaims : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holds_data();
    void holds();
};

void TestSquawkClaims::holds_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QStringList>("expected");
    int count = 0;
    for (const SquawkCase &one : squawkCases()) {
        if (!one.claimScript.isEmpty())
            QTest::addRow("%s %d", qPrintable(one.rule), ++count) << one.claimScript << one.claimRows;
    }
    QVERIFY(count >= 10);
}

void TestSquawkClaims::holds()
{
    QFETCH(QString, script);
    QFETCH(QStringList, expected);
    TestCluster &cluster = TestCluster::instance();
    QCOMPARE(cluster.rows(cluster.newDatabase().name, script), expected);
}

QTEST_GUILESS_MAIN(TestSquawkClaims)
#include "tst_squawkclaims.moc"
