// SPDX-License-Identifier: MIT
// Plans, heads, history and names compared with real Alembic on random histories.
//
// Known differences, all on purpose: an identifier that is there twice is only a warning to Alembic
// (tst_revisionmap), a circle that can be entered and left goes unnoticed there (see the oracle), and
// the order of several depends_on is chance there (the oracle fixes it to the order as written).
//
// STEPWELL_DIFFERENTIAL_HISTORIES and STEPWELL_DIFFERENTIAL_SEED ask for a longer run than the fixed one.
#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmap.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QStringList texts(const QJsonValue &value)
{
    QStringList result;
    for (const QJsonValue &item : value.toArray())
        result += item.toString();
    return result;
}

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

QList<Revision> revisionsOf(const QJsonObject &history)
{
    QList<Revision> revisions;
    for (const QJsonValue &value : history["nodes"_L1].toArray()) {
        const QJsonObject node = value.toObject();
        Revision revision;
        revision.id = RevisionId(node["id"_L1].toString());
        revision.downRevisions = toRevisionIds(texts(node["down"_L1]));
        revision.dependsOn = texts(node["depends"_L1]);
        revision.branchLabels = texts(node["labels"_L1]);
        revisions += revision;
    }
    return revisions;
}

/// Our error in the words of the oracle.
QString oracleKind(const Error &error)
{
    if (error.message.startsWith("Alembic would fail here"_L1))
        return error.kind == ErrorKind::BrokenScripts ? u"rows"_s : u"crash"_s;
    return kindName(error.kind);
}

QString answerText(const QJsonObject &answer)
{
    if (answer.contains("error"_L1))
        return u"error "_s + answer["error"_L1].toString();
    if (answer.contains("revision"_L1)) // nothing is an answer to Alembic, and an error of resolve()
        return answer["revision"_L1].isNull() ? u"error unknown-revision"_s
                                              : answer["revision"_L1].toString();
    QStringList lines;
    for (const QJsonValue &step : answer["steps"_L1].toArray())
        lines += step[0].toString() + u" => "_s + texts(step[1]).join(u',');
    return lines.join(u'\n');
}

QString answerText(const Result<Plan> &plan)
{
    if (!plan)
        return u"error "_s + oracleKind(plan.error());
    QStringList lines;
    for (const RunStep &step : runSteps(*plan))
        lines += step.revision.text() + u" => "_s + toTexts(step.to).join(u',');
    return lines.join(u'\n');
}

} // namespace

class PlanDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void agreesWithAlembic();

private:
    void compareMap(const RevisionMap &map, const QJsonObject &history);
    void comparePlans(const RevisionMap &map, const QJsonObject &history);
    void note(const QJsonObject &history, const QString &question, const QString &expected,
              const QString &got);

    QStringList m_differences;
    int m_questions = 0;
};

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
    const auto list = [](const QStringList &items) { return items.join(u' '); };
    note(history, u"heads"_s, list(texts(history["heads"_L1])), list(toTexts(map.heads())));
    note(history, u"real heads"_s, list(texts(history["realHeads"_L1])), list(toTexts(map.realHeads())));
    note(history, u"bases"_s, list(texts(history["bases"_L1])), list(toTexts(map.bases())));
    note(history, u"history"_s, list(texts(history["history"_L1])), list(toTexts(map.history())));
    const QJsonObject nodes = history["facts"_L1].toObject();
    QVERIFY(!nodes.isEmpty());
    for (auto at = nodes.begin(); at != nodes.end(); ++at) {
        const RevisionId id(at.key());
        const QJsonObject facts = at->toObject();
        note(history, u"children of "_s + at.key(), list(texts(facts["children"_L1])),
             list(sorted(toTexts(map.children(id)))));
        note(history, u"labels of "_s + at.key(), list(texts(facts["labels"_L1])), list(map.labels(id)));
        note(history, u"kind of "_s + at.key(),
             u"%1 %2"_s.arg(facts["branchPoint"_L1].toBool()).arg(facts["mergePoint"_L1].toBool()),
             u"%1 %2"_s.arg(map.isBranchPoint(id)).arg(map.isMergePoint(id)));
    }
}

void PlanDifferential::comparePlans(const RevisionMap &map, const QJsonObject &history)
{
    for (const QJsonValue &value : history["plans"_L1].toArray()) {
        const QJsonObject question = value.toObject();
        const bool down = question["down"_L1].toBool();
        const QStringList rows = texts(question["rows"_L1]);
        const QString target = question["target"_L1].toString();
        const auto plan = down ? planDowngrade(map, toRevisionIds(rows), target)
                               : planUpgrade(map, toRevisionIds(rows), target);
        note(history,
             u"rows [%1] %2 '%3'"_s.arg(rows.join(u' '), down ? u"downgrade"_s : u"upgrade"_s, target),
             answerText(question["answer"_L1].toObject()), answerText(plan));
    }
    for (const QJsonValue &value : history["names"_L1].toArray()) {
        const QString text = value["text"_L1].toString();
        const auto found = map.resolve(text);
        note(history, u"resolve '%1'"_s.arg(text), answerText(value["answer"_L1].toObject()),
             found ? found->text() : u"error "_s + oracleKind(found.error()));
    }
}

void PlanDifferential::agreesWithAlembic()
{
    const QString histories = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_HISTORIES", u"500"_s);
    const QString seed = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240229"_s);
    QProcess oracle;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PYTHONHASHSEED"_s, u"0"_s);
    oracle.setProcessEnvironment(environment);
    oracle.start(
        u"python3"_s,
        {qEnvironmentVariable("STEPWELL_SOURCE") + u"/tests/differential/plan_oracle.py"_s, histories, seed});
    QVERIFY2(oracle.waitForFinished(-1), qPrintable(oracle.errorString()));
    QVERIFY2(oracle.exitCode() == 0, oracle.readAllStandardError().constData());

    int count = 0;
    while (!oracle.atEnd()) {
        const QJsonObject history = QJsonDocument::fromJson(oracle.readLine()).object();
        const auto map = RevisionMap::build(revisionsOf(history));
        ++count;
        note(history, u"build"_s, history["broken"_L1].toBool() ? u"broken-scripts"_s : u"sound"_s,
             map ? u"sound"_s : kindName(map.error().kind));
        if (!map || history["broken"_L1].toBool())
            continue;
        compareMap(*map, history);
        comparePlans(*map, history);
    }
    QCOMPARE(count, histories.toInt());
    QVERIFY(m_questions > 20 * count);
    constexpr qsizetype shown = 5;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences in %2 questions; the first:\n%3"_s.arg(m_differences.size())
                            .arg(m_questions)
                            .arg(m_differences.first(qMin(shown, m_differences.size())).join(u'\n'))));
}

QTEST_GUILESS_MAIN(PlanDifferential)
#include "tst_plandifferential.moc"
