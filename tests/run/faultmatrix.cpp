// SPDX-License-Identifier: MIT
#include "tests/run/faultmatrix.h"

#include "tests/run/faultpage.h"

#include <QCoreApplication>
#include <QTest>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString commitsText(const FaultCase &one)
{
    QString text = one.policy == TransactionPolicy::Revision ? u"each revision"_s
                   : one.policy == TransactionPolicy::All    ? u"all at once"_s
                                                             : u"as env.py says"_s;
    if (one.driver != ScratchProject::SyncPsycopg2)
        text += u", "_s + environmentName(one.driver);
    return text;
}

QString line(const FaultCase &one, const QString &seen)
{
    return QString(u"| %1 | %2 | %3 "_s.arg(one.fault, one.stage.name, commitsText(one)) + seen);
}

} // namespace

class FaultMatrix : public QObject
{
    Q_OBJECT

public:
    FaultMatrix(const QString &section, FaultCases cases) : m_cases(std::move(cases)), m_page(section) {}

private Q_SLOTS:
    void initTestCase()
    {
        // Few, so that all of them can be taken.
        TestCluster &cluster = TestCluster::instance();
        cluster.execute(u"postgres"_s, u"ALTER SYSTEM SET max_connections = 25"_s);
        cluster.stopServer();
        cluster.startServer();
    }

    void init() { QTest::failOnWarning(); }
    void cleanup() { TestCluster::instance().startServer(); }

    void fault_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < m_cases.size(); ++i)
            QTest::newRow(qPrintable(m_cases.at(i).name())) << i;
    }

    void fault()
    {
        QFETCH(int, index);
        const FaultCase &one = m_cases.at(index);
        FaultScene scene(one);
        const QStringList complaints = scene.play();
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join(u'\n')));
        m_seen += line(one, scene.seen());
        if (!FaultPage::isToBeWritten())
            QVERIFY2(m_page.lines().contains(m_seen.last()),
                     qPrintable(u"docs/faults.md lacks this line (STEPWELL_WRITE_DOCS=1 writes it):\n"_s +
                                m_seen.last()));
    }

    void thePageHasAllCasesAndNoOthers()
    {
        if (FaultPage::isToBeWritten() && m_seen.size() == m_cases.size())
            QVERIFY2(m_page.write(m_seen), "docs/faults.md has no such section, or cannot be written");
        const QStringList lines = m_page.lines();
        QCOMPARE(lines.size(), m_cases.size());
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QString start = line(m_cases.at(i), {});
            QVERIFY2(lines.at(i).startsWith(start), qPrintable(lines.at(i) + u" is not "_s + start));
        }
    }

private:
    FaultCases m_cases;
    FaultPage m_page;
    QStringList m_seen;
};

int faultMatrix(int argc, char **argv, const QString &section, const FaultCases &cases)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "--run"_L1)
        return faultRun(arguments.value(2));
    FaultMatrix matrix(section, cases);
    return QTest::qExec(&matrix, argc, argv);
}

} // namespace stepwell

#include "faultmatrix.moc"
