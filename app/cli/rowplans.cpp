// SPDX-License-Identifier: MIT
#include "app/cli/rowplans.h"

#include "migrations/alembic/onestepback.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

RevisionIds parseRows(const QString &text)
{
    RevisionIds rows;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        if (part.trimmed() != "base"_L1)
            rows += RevisionId(part.trimmed());
    }
    return rows;
}

Result<void> expectAtMostOne(const QStringList &revisions)
{
    if (revisions.size() <= 1)
        return {};
    return failure(
        ErrorKind::Usage,
        u"One revision is expected, not %1: %2."_s.arg(revisions.size()).arg(revisions.join(u", "_s)),
        u"With -c there is no ENVIRONMENT/COMPONENT to name."_s);
}

/// A plan from given rows: files only, no database.
Result<std::pair<Plan, RevisionMap>> planFromRows(FileContext &context, Direction direction)
{
    QStringList rest;
    const Result<ScriptDirectory> scripts =
        context.scripts(&rest, context.options.json ? ReadDepth::Header : ReadDepth::Facts);
    if (!scripts)
        return std::unexpected(scripts.error());
    if (const Result<void> alone = expectAtMostOne(rest); !alone)
        return std::unexpected(alone.error());
    return makePlan(scripts->map, parseRows(context.options.from), rest.value(0), direction)
        .transform([&](const Plan &plan) { return std::pair(plan, scripts->map); });
}

namespace {

/// Step by step: with thousands of branches each step has thousands of rows before and after it.
void printJson(const Plan &plan, QTextStream &out)
{
    out << u"{\"version\":1,\"direction\":\""_s << directionName(plan.direction) << u"\",\"steps\":["_s;
    RowWalk walk(plan);
    const auto rows = [&walk] { return QJsonDocument(toJson(walk.rows())).toJson(QJsonDocument::Compact); };
    QByteArray from = rows();
    for (qsizetype at = 0; at < plan.steps.size(); ++at) {
        const PlanStep &step = plan.steps.at(at);
        walk.take(step);
        QByteArray to = rows();
        const QByteArray id = QJsonDocument(QJsonArray{step.revision.text()})
                                  .toJson(QJsonDocument::Compact)
                                  .chopped(1)
                                  .sliced(1);
        out << (at > 0 ? u","_s : QString()) << u"{\"revision\":"_s << id << u",\"from\":"_s << from
            << u",\"to\":"_s << to << u'}';
        from = std::move(to);
    }
    out << u"]}"_s << Qt::endl;
}

} // namespace

QString toText(const Plan &plan, const RevisionMap &map)
{
    if (plan.steps.isEmpty())
        return u"Nothing to do from %1.\n"_s.arg(stepwell::toText(plan.from));
    QList<QStringList> rows{{u"#"_s, u"REVISION"_s, u"MESSAGE"_s, u"WAY BACK"_s}};
    for (const PlanStep &step : plan.steps) {
        const Revision &revision = *map.find(step.revision);
        const QString back = revision.wayBack == WayBack::Irreversible ? u"irreversible"_s
                             : revision.losesData                      ? u"loses data"_s
                             : revision.wayBack == WayBack::Empty      ? u"empty"_s
                                                                       : u"yes"_s;
        rows += {QString::number(rows.size()), step.revision.text(), revision.message, back};
    }
    const QString count = plan.steps.size() == 1 ? u"1 revision"_s : u"%1 revisions"_s.arg(plan.steps.size());
    return u"%1: %2 -> %3, %4\n"_s.arg(directionName(plan.direction), stepwell::toText(plan.from),
                                       stepwell::toText(plan.to), count) +
           table(rows);
}

int printPlan(FileContext &context, const Plan &plan, const RevisionMap &map)
{
    if (context.options.json) {
        printJson(plan, *context.streams.out);
        return 0;
    }
    *context.streams.out << toText(plan, map);
    context.streams.out->flush();
    return 0;
}

} // namespace stepwell::cli
