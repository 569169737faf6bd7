// SPDX-License-Identifier: MIT
// Plans, version rows, stamps, histories, names and faults compared with real Alembic on random histories and
// on a list of cases that once were different.
//
// Known differences, all on purpose: an identifier that is there twice is only a warning to Alembic, and a
// circle that can be entered and left goes unnoticed there (the oracle names both as faults); the order of
// several depends_on is chance there (the oracle fixes it to the order as written); `current` stops at
// unknown rows there; and where Alembic would leave rows that lie below one another, the oracle names a
// failure.
//
// STEPWELL_DIFFERENTIAL_HISTORIES and STEPWELL_DIFFERENTIAL_SEED ask for a longer run than the fixed one.
#include "tests/differential/plancases.h"
#include "tests/differential/planquestions.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <memory>
#include <vector>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

QString joined(const QStringList &list)
{
    return list.join(u' ');
}

void startOracle(QProcess &oracle, const QStringList &arguments)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PYTHONHASHSEED"_s, u"0"_s);
    oracle.setProcessEnvironment(environment);
    oracle.start(u"python3"_s, QStringList{qEnvironmentVariable("STEPWELL_SOURCE") +
                                           u"/tests/differential/plan_oracle.py"_s} +
                                   arguments);
}

} // namespace

class PlanDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void cleanupTestCase();
    void agreesOnNamedCases_data();
    void agreesOnNamedCases();
    void agreesOnRandomHistories();

private:
    void compare(const QJsonObject &history);
    void compareFault(const QJsonObject &history);
    void compareMap(const RevisionMap &map, const QJsonObject &history);
    void note(const QJsonObject &history, const QString &question, const QString &expected,
              const QString &got);

    QProcess m_oracle; ///< answers the named cases, one a line
    QStringList m_differences;
    int m_questions = 0;
    int m_faults = 0;
};

void PlanDifferential::cleanupTestCase()
{
    m_oracle.closeWriteChannel();
    if (m_oracle.state() != QProcess::NotRunning)
        QVERIFY(m_oracle.waitForFinished());
}

void PlanDifferential::note(const QJsonObject &history, const QString &question, const QString &expected,
                            const QString &got)
{
    ++m_questions;
    if (expected == got)
        return;
    const QString graph =
        QString::fromUtf8(QJsonDocument(history["nodes"_L1].toArray()).toJson(QJsonDocument::Compact));
    m_differences += u"%1\n%2\nAlembic:\n%3\nStepwell:\n%4\n"_s.arg(graph, question, expected, got);
}

void PlanDifferential::compareMap(const RevisionMap &map, const QJsonObject &history)
{
    const auto compareIds = [&](const QString &what, const RevisionIds &got) {
        note(history, what, joined(textsOf(history[what])), joined(toTexts(got)));
    };
    compareIds(u"heads"_s, map.heads());
    compareIds(u"realHeads"_s, map.realHeads());
    compareIds(u"bases"_s, map.bases());
    compareIds(u"history"_s, map.history());
    compareIds(u"branchPoints"_s, map.branchPoints());
    const QJsonObject nodes = history["facts"_L1].toObject();
    QVERIFY(!nodes.isEmpty());
    for (auto at = nodes.begin(); at != nodes.end(); ++at) {
        const RevisionId id(at.key());
        const QJsonObject facts = at->toObject();
        note(history, u"children of "_s + at.key(), joined(textsOf(facts["children"_L1])),
             joined(sorted(toTexts(map.children(id)))));
        note(history, u"labels of "_s + at.key(), joined(textsOf(facts["labels"_L1])),
             joined(map.labels(id)));
        note(history, u"kind of "_s + at.key(),
             u"%1 %2 %3 %4"_s.arg(facts["branchPoint"_L1].toBool())
                 .arg(facts["realBranchPoint"_L1].toBool())
                 .arg(facts["mergePoint"_L1].toBool())
                 .arg(facts["realHead"_L1].toBool()),
             u"%1 %2 %3 %4"_s.arg(map.isBranchPoint(id))
                 .arg(map.isRealBranchPoint(id))
                 .arg(map.isMergePoint(id))
                 .arg(map.isRealHead(id)));
    }
}

/// Alembic tells the first fault that it meets; we tell all.
void PlanDifferential::compareFault(const QJsonObject &history)
{
    ++m_faults;
    QList<ScriptProblem> problems;
    const RevisionMap map = RevisionMap::buildSound(revisionsOf(history), problems);
    const QString expected = history["fault"_L1].toString();
    QStringList kinds;
    for (const ScriptProblem &problem : std::as_const(problems))
        kinds += kindName(problem.error.kind);
    note(history, u"fault"_s, expected, kinds.contains(expected) ? expected : joined(kinds));
    // What is left is a graph that can be shown.
    note(history, u"length of the history"_s, QString::number(map.count()),
         QString::number(map.history().size()));
    QList<ScriptProblem> left;
    for (const ScriptProblem &problem : std::as_const(problems)) {
        if (problem.revisions.isEmpty())
            left += problem;
    }
    note(history, u"problems without revisions"_s, u"0"_s, QString::number(left.size()));
}

void PlanDifferential::compare(const QJsonObject &history)
{
    if (history.contains("fault"_L1)) {
        compareFault(history);
        return;
    }
    const auto map = RevisionMap::build(revisionsOf(history));
    note(history, u"build"_s, u"sound"_s, map ? u"sound"_s : toText(map.error()));
    if (!map)
        return;
    compareMap(*map, history);
    for (const QJsonValue &value : history["questions"_L1].toArray()) {
        const QJsonObject question = value.toObject();
        const QString expected = alembicAnswer(question);
        if (expected != "error"_L1)
            note(history, questionText(question), expected, ownAnswer(*map, question));
    }
}

void PlanDifferential::agreesOnRandomHistories()
{
    const int count = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_HISTORIES", u"1500"_s).toInt();
    const QString seed = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240229"_s);
    m_questions = m_faults = 0;
    m_differences.clear();
    std::vector<std::unique_ptr<QProcess>> oracles;
    constexpr int processes = 2;
    for (int at = 0; at < processes; ++at) {
        const int first = count * at / processes;
        const int end = count * (at + 1) / processes;
        oracles.push_back(std::make_unique<QProcess>());
        startOracle(*oracles.back(), {seed, QString::number(first), QString::number(end - first)});
    }
    int compared = 0;
    for (const auto &oracle : oracles) {
        while (oracle->canReadLine() || oracle->waitForReadyRead(-1)) {
            while (oracle->canReadLine()) {
                compare(QJsonDocument::fromJson(oracle->readLine()).object());
                ++compared;
            }
        }
        QVERIFY2(oracle->exitStatus() == QProcess::NormalExit && oracle->exitCode() == 0,
                 oracle->readAllStandardError().constData());
    }
    QCOMPARE(compared, count);
    QVERIFY(m_questions > 50 * count);
    QVERIFY(m_faults > 0);
    qInfo("%d histories, %d of them broken, %d answers compared", compared, m_faults, m_questions);
    constexpr qsizetype shown = 12;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences in %2 answers; the first:\n%3"_s.arg(m_differences.size())
                            .arg(m_questions)
                            .arg(m_differences.first(qMin(shown, m_differences.size())).join(u'\n'))));
}

void PlanDifferential::agreesOnNamedCases_data()
{
    QTest::addColumn<PlanCase>("asked");
    for (const PlanCase &planCase : planCases())
        QTest::newRow(planCase.name) << planCase;
}

void PlanDifferential::agreesOnNamedCases()
{
    QFETCH(PlanCase, asked);
    QJsonObject question{{u"rows"_s, QJsonArray::fromStringList(asked.rows)}};
    const bool stamp = asked.ask.startsWith("stamp"_L1);
    question[u"ask"_s] = stamp ? u"stamp"_s : asked.ask;
    if (stamp) {
        question[u"targets"_s] = QJsonArray::fromStringList(asked.texts);
        question[u"purge"_s] = asked.ask == "stamp purge"_L1;
    } else if (!asked.texts.isEmpty()) {
        question[u"text"_s] = asked.texts.constFirst();
    }
    QJsonObject history = historyJson(historyOf(asked));
    history[u"questions"_s] = QJsonArray{question};
    if (m_oracle.state() == QProcess::NotRunning)
        startOracle(m_oracle, {u"--asked"_s});
    m_oracle.write(QJsonDocument(history).toJson(QJsonDocument::Compact) + '\n');
    while (!m_oracle.canReadLine())
        QVERIFY2(m_oracle.waitForReadyRead(), m_oracle.readAllStandardError().constData());
    m_differences.clear();
    compare(QJsonDocument::fromJson(m_oracle.readLine()).object());
    QVERIFY2(m_differences.isEmpty(), qPrintable(m_differences.join(u'\n')));
}

QTEST_GUILESS_MAIN(PlanDifferential)
#include "tst_plandifferential.moc"
