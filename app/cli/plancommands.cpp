// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/planning.h"
#include "app/cli/rowplans.h"
#include "migrations/alembic/onestepback.h"
#include "migrations/run/runpolicy.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

Result<PlannedTarget> planTarget(CommandContext &context, const Target &target, const QString &revision,
                                 Direction direction)
{
    PlannedTarget planned{.target = target};
    const Result<QString> password = context.password(target);
    if (!password)
        return std::unexpected(password.error());
    Result<TargetAccess> access = TargetAccess::open(target, *password);
    if (!access)
        return std::unexpected(access.error());
    planned.access = *std::move(access);
    const auto plan = planned.access.openSession(u"plan"_s, std::chrono::seconds(5))
                          .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
                              return session->readVersionRows(target.component.versionTable);
                          })
                          .and_then([&](const RevisionIds &rows) {
                              return makePlan(planned.access.scripts.map, rows, revision, direction);
                          });
    if (!plan)
        return std::unexpected(plan.error());
    planned.plan = *plan;
    return planned;
}

Result<PlannedTarget> planTarget(CommandContext &context, Direction direction)
{
    QStringList rest;
    const Result<Target> target = context.target(&rest);
    if (!target)
        return std::unexpected(target.error());
    if (const Result<void> alone = expectAtMostOne(rest); !alone)
        return std::unexpected(alone.error());
    return planTarget(context, *target, rest.value(0), direction);
}

namespace {

QJsonObject toJson(const RenderedSql &rendered)
{
    return {{u"revision"_s, rendered.revision.text()},
            {u"direction"_s, directionName(rendered.direction)},
            {u"sql"_s, rendered.problem.isEmpty() ? QJsonValue(rendered.sql) : QJsonValue()},
            {u"problem"_s, rendered.problem.isEmpty() ? QJsonValue() : QJsonValue(rendered.problem)},
            {u"line"_s, rendered.problemLine > 0 ? QJsonValue(rendered.problemLine) : QJsonValue()},
            {u"statements"_s, rendered.statements}};
}

void printSql(CommandContext &context, const QList<RenderedSql> &all, const RevisionMap &map)
{
    for (const RenderedSql &rendered : all) {
        QTextStream &out = *context.streams.out;
        out << u"-- "_s << directionName(rendered.direction) << u' ' << rendered.revision.text() << u": "_s
            << map.find(rendered.revision)->message << u'\n';
        if (rendered.problem.isEmpty()) {
            out << rendered.sql.trimmed() << u"\n\n"_s;
            continue;
        }
        out << u"-- Cannot be shown without running it: "_s
            << QString(rendered.problem).replace(u'\n', u"\n-- "_s);
        if (rendered.problemLine > 0)
            out << u" ("_s << map.find(rendered.revision)->file << u':' << rendered.problemLine << u')';
        out << u"\n\n"_s;
    }
    context.streams.out->flush();
}

} // namespace

int planCommand(CommandContext &context)
{
    const Direction direction = context.options.down ? Direction::Downgrade : Direction::Upgrade;
    Result<std::pair<Plan, RevisionMap>> made =
        context.options.hasFrom ? planFromRows(context, direction)
                                : planTarget(context, direction).transform([](const PlannedTarget &planned) {
                                      return std::pair(planned.plan, planned.access.scripts.map);
                                  });
    if (!made)
        return context.fail(made.error());
    return printPlan(context, made->first, made->second);
}

int sqlCommand(CommandContext &context)
{
    const Direction direction = context.options.down ? Direction::Downgrade : Direction::Upgrade;
    Result<PlannedTarget> planned;
    if (context.options.hasFrom) {
        const auto plan = planFromRows(context, direction);
        if (!plan)
            return context.fail(plan.error());
        planned = context.target()
                      .and_then([](const Target &target) { return TargetAccess::open(target, {}); })
                      .transform([&](const TargetAccess &access) {
                          return PlannedTarget{.access = access, .plan = plan->first};
                      });
    } else {
        planned = planTarget(context, direction);
    }
    if (!planned)
        return context.fail(planned.error());
    const Result<QList<RenderedSql>> rendered =
        renderSteps(planned->access, runSteps(planned->plan), direction, context.streams.interrupted);
    if (!rendered)
        return context.fail(rendered.error());
    const auto gaps =
        std::ranges::count_if(*rendered, [](const RenderedSql &one) { return !one.problem.isEmpty(); });
    if (gaps > 0)
        context.note(
            u"warning: %1 of %2 revisions cannot be rendered; this is not a whole script."_s.arg(gaps).arg(
                rendered->size()));
    if (!context.options.json) {
        printSql(context, *rendered, planned->access.scripts.map);
        return 0;
    }
    QJsonArray array;
    for (const RenderedSql &one : *rendered)
        array += toJson(one);
    return context.print({{u"revisions"_s, array}});
}

} // namespace stepwell::cli
