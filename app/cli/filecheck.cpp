// SPDX-License-Identifier: MIT
// `check` without a target: what a pull request can break in the files.
#include "app/cli/filecheck.h"

#include "app/cli/filecommands.h"
#include "migrations/alembic/plan.h"
#include "migrations/status/targetscripts.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QStringList namesOf(const QList<Component> &components)
{
    QStringList names;
    for (const Component &component : components)
        names += component.name;
    return names;
}

Error severalHeads(const RevisionIds &heads, const QString &name)
{
    return {
        .kind = ErrorKind::MultipleHeads,
        .message = u"There are %1 heads: %2."_s.arg(heads.size()).arg(toText(heads)),
        .hint =
            u"`stepwell resolve %1` shows where they parted, and puts one on top of the other or merges them."_s
                .arg(name)};
}

/// Alembic fails on the way to some heads though every link is there (specification, C.8).
std::optional<Error> unreachableHead(const RevisionMap &map)
{
    const Result<Plan> plan = planUpgrade(map, {}, u"heads"_s);
    if (plan)
        return {};
    return Error{.kind = ErrorKind::BrokenScripts,
                 .message = u"The head %1 cannot be reached from an empty database: %2"_s.arg(
                     toText(map.heads()), plan.error().message),
                 .hint = plan.error().hint};
}

std::optional<Error> troubleWith(const ScriptDirectory &scripts, const QString &name)
{
    if (!scripts.problems.isEmpty())
        return errorOf(scripts.problems);
    if (scripts.map.heads().size() > 1)
        return severalHeads(scripts.map.heads(), name);
    return unreachableHead(scripts.map);
}

CheckRow rowOf(const FileCheck &check)
{
    const QString count = check.revisions == 1 ? u"1 revision"_s : u"%1 revisions"_s.arg(check.revisions);
    return {.name = check.component,
            .state = check.error ? kindName(check.error->kind).replace(u'-', u' ') : count,
            .at = check.heads.isEmpty() ? u"-"_s : toText(check.heads),
            .code = check.exitCode(),
            .error = check.error};
}

} // namespace

int worse(int left, int right)
{
    static constexpr std::array order{0, 3, 4, 5, 10};
    const auto rank = [](int code) { return std::ranges::find(order, code) - order.begin(); };
    return rank(right) > rank(left) ? right : left;
}

FileCheck checkFiles(const Component &component, const QString &name)
{
    FileCheck check{.component = component.name, .config = component.config};
    const Result<ScriptDirectory> scripts =
        ScriptDirectory::survey(scriptSource(component), ReadDepth::Header);
    if (!scripts) {
        check.error = scripts.error();
        return check;
    }
    check.revisions = scripts->map.history().size();
    check.heads = scripts->map.heads();
    check.error = troubleWith(*scripts, name);
    return check;
}

QJsonObject toJson(const FileCheck &check)
{
    return {{u"component"_s, check.component},
            {u"config"_s, check.config},
            {u"revisions"_s, check.revisions},
            {u"heads"_s, toJson(check.heads)},
            {u"exit"_s, check.exitCode()},
            {u"error"_s, check.error ? QJsonValue(toJson(*check.error)) : QJsonValue()}};
}

void printChecks(FileContext &context, const QStringList &heading, const QList<CheckRow> &rows)
{
    QList<QStringList> cells{QStringList{QString()} + heading};
    for (const CheckRow &row : rows)
        cells += {row.code == 0 ? u"ok"_s : u"FAILED"_s, row.name, row.state, row.at};
    QStringList lines = table(cells).split(u'\n');
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const QString &mark = cells.at(i + 1).first();
        lines[i + 1].replace(0, mark.size(), context.coloured(mark, rows.at(i).code == 0 ? "32" : "31"));
    }
    *context.streams.out << lines.join(u'\n');
    for (const CheckRow &row : rows) {
        if (!row.error)
            continue;
        *context.streams.out << u'\n' << row.name << u": "_s << row.error->message << u'\n';
        if (!row.error->hint.isEmpty())
            *context.streams.out << u"  "_s << row.error->hint << u'\n';
        if (!row.error->detail.isEmpty())
            *context.streams.out << row.error->detail.trimmed() << u'\n';
    }
    context.streams.out->flush();
}

Result<QList<Component>> chosenComponents(const FileContext &context)
{
    if (context.isDirect())
        return context.target().transform(
            [](const Target &target) { return QList<Component>{target.component}; });
    const Result<Workspace> workspace = context.workspace();
    if (!workspace)
        return std::unexpected(workspace.error());
    if (context.options.arguments.isEmpty())
        return workspace->components;
    QList<Component> chosen;
    for (const QString &name : context.options.arguments) {
        const auto found = std::ranges::find(workspace->components, name, &Component::name);
        if (found == workspace->components.end())
            return failure(ErrorKind::Usage, u"There is no component named %1."_s.arg(name),
                           u"Name one of %1, or a target such as ENVIRONMENT/COMPONENT."_s.arg(
                               namesOf(workspace->components).join(u", "_s)));
        chosen += *found;
    }
    return chosen;
}

int checkFilesCommand(FileContext &context)
{
    const Result<QList<Component>> components = chosenComponents(context);
    if (!components)
        return context.fail(components.error());
    int code = 0;
    QJsonArray array;
    QList<CheckRow> rows;
    for (const Component &component : *components) {
        const FileCheck check = checkFiles(
            component, context.isDirect() ? QString(u"-c "_s + context.options.config) : component.name);
        code = worse(code, check.exitCode());
        array += toJson(check);
        rows += rowOf(check);
    }
    if (context.options.json)
        context.print({{u"exit"_s, code}, {u"components"_s, array}});
    else
        printChecks(context, {u"COMPONENT"_s, u"FILES"_s, u"HEAD"_s}, rows);
    return code;
}

} // namespace stepwell::cli
