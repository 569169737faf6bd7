// SPDX-License-Identifier: MIT
#include "tests/differential/planquestions.h"

#include "migrations/alembic/currentrevisions.h"
#include "migrations/alembic/historyrange.h"
#include "migrations/alembic/plan.h"
#include "migrations/alembic/stamp.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString joined(QStringList texts)
{
    for (QString &text : texts)
        text = text.isEmpty() ? u"''"_s : text; // an identifier can be empty
    return texts.join(u' ');
}

QString errorText(const Error &error)
{
    return u"error "_s + kindName(error.kind);
}

QString idsText(const Result<RevisionIds> &ids)
{
    return ids ? joined(toTexts(*ids)) : errorText(ids.error());
}

QStringList changeKinds(const QList<RowChange> &changes)
{
    QStringList kinds;
    for (const RowChange &change : changes)
        kinds += change.from.text().isNull() ? u"INSERT"_s
                 : change.to.text().isNull() ? u"DELETE"_s
                                             : u"UPDATE"_s;
    kinds.sort();
    return kinds;
}

QString stepText(const QString &id, const QStringList &rows, const QStringList &changes)
{
    return u"%1 => %2 by %3"_s.arg(id, joined(rows), changes.join(u' '));
}

QString planText(const Result<Plan> &plan)
{
    if (!plan)
        return errorText(plan.error());
    QStringList lines;
    RowWalk walk(*plan);
    for (const PlanStep &step : plan->steps) {
        walk.take(step);
        lines += stepText(step.revision.text(), toTexts(walk.rows()), changeKinds(step.changes));
    }
    if (walk.rows() != plan->to)
        lines += u"the steps do not lead to "_s + joined(toTexts(plan->to));
    return lines.join(u'\n');
}

QString stampText(const RevisionMap &map, const QJsonObject &question)
{
    const RevisionIds rows = toRevisionIds(textsOf(question["rows"_L1]));
    const bool purge = question["purge"_L1].toBool();
    const auto changes = planStamp(map, rows, textsOf(question["targets"_L1]), purge);
    if (!changes)
        return errorText(changes.error());
    QList<RowChange> stamped = *changes;
    if (purge)
        stamped.remove(0, rows.size());
    Plan plan;
    plan.from = rows;
    std::ranges::sort(plan.from);
    RowWalk walk(plan);
    walk.take({{}, *changes});
    return stepText(u"stamp"_s, toTexts(walk.rows()), changeKinds(stamped));
}

} // namespace

QStringList textsOf(const QJsonValue &list)
{
    QStringList result;
    for (const QJsonValue &item : list.toArray())
        result += item.toString();
    return result;
}

QList<Revision> revisionsOf(const QJsonObject &history)
{
    QList<Revision> revisions;
    for (const QJsonValue &value : history["nodes"_L1].toArray()) {
        const QJsonObject node = value.toObject();
        Revision revision;
        revision.id = RevisionId(node["id"_L1].toString());
        revision.downRevisions = toRevisionIds(textsOf(node["down"_L1]));
        revision.dependsOn = textsOf(node["depends"_L1]);
        revision.branchLabels = textsOf(node["labels"_L1]);
        revisions += revision;
    }
    return revisions;
}

QJsonObject historyJson(const QList<Revision> &revisions)
{
    QJsonArray nodes;
    for (const Revision &revision : revisions)
        nodes += QJsonObject{{u"id"_s, revision.id.text()},
                             {u"down"_s, QJsonArray::fromStringList(toTexts(revision.downRevisions))},
                             {u"depends"_s, QJsonArray::fromStringList(revision.dependsOn)},
                             {u"labels"_s, QJsonArray::fromStringList(revision.branchLabels)}};
    return {{u"nodes"_s, nodes}};
}

QString questionText(const QJsonObject &question)
{
    QString text = question["ask"_L1].toString();
    if (question.contains("rows"_L1))
        text = u"rows [%1] %2"_s.arg(joined(textsOf(question["rows"_L1])), text);
    if (question.contains("targets"_L1))
        return QString(text + u" '"_s + textsOf(question["targets"_L1]).join("' '"_L1) +
                       (question["purge"_L1].toBool() ? u"' with purge"_s : u"'"_s));
    return question.contains("text"_L1) ? QString(text + u" '"_s + question["text"_L1].toString() + u"'"_s)
                                        : text;
}

QString alembicAnswer(const QJsonObject &question)
{
    const QJsonObject answer = question["answer"_L1].toObject();
    if (answer.contains("error"_L1)) {
        // Alembic stops at rows it does not know; we list what is known.
        return question["ask"_L1] == "current"_L1 ? u"error"_s : u"error "_s + answer["error"_L1].toString();
    }
    if (answer.contains("rows"_L1))
        return stepText(u"stamp"_s, textsOf(answer["rows"_L1]), textsOf(answer["changes"_L1]));
    if (answer.contains("ids"_L1))
        return joined(textsOf(answer["ids"_L1]));
    QStringList lines;
    for (const QJsonValue &step : answer["steps"_L1].toArray())
        lines += stepText(step[0].toString(), textsOf(step[1]), textsOf(step[2]));
    return lines.join(u'\n');
}

QString ownAnswer(const RevisionMap &map, const QJsonObject &question)
{
    const QString ask = question["ask"_L1].toString();
    const QString text = question["text"_L1].toString();
    const RevisionIds rows = toRevisionIds(textsOf(question["rows"_L1]));
    if (ask == "upgrade"_L1)
        return planText(planUpgrade(map, rows, text));
    if (ask == "downgrade"_L1)
        return planText(planDowngrade(map, rows, text));
    if (ask == "history"_L1)
        return idsText(historyRange(map, text, rows));
    if (ask == "stamp"_L1)
        return stampText(map, question);
    if (ask == "show"_L1)
        return idsText(revisionsFor(map, text));
    if (ask == "one"_L1)
        return idsText(map.resolve(text).transform([](const RevisionId &id) { return RevisionIds{id}; }));
    QStringList current = toTexts(currentRevisions(map, rows));
    current.sort();
    return joined(current);
}

} // namespace stepwell
