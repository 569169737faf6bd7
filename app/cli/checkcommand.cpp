// SPDX-License-Identifier: MIT
// `check` with a target: the files and what its database says of them.
#include "app/cli/commands.h"
#include "app/cli/filecheck.h"
#include "app/cli/targetreading.h"

#include <QJsonArray>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int codeOf(const TargetStatus &status)
{
    switch (status.state) {
    case TargetState::AtHead:
        return 0;
    case TargetState::Pending:
        return 3;
    case TargetState::Empty:
        return status.pending.isEmpty() ? 0 : 3;
    case TargetState::Diverged:
        return 4;
    case TargetState::Unreachable:
        return 5;
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
    case TargetState::Broken:
        break;
    }
    return 10;
}

CheckRow rowOf(const TargetStatus &status)
{
    return {.name = status.id.text(),
            .state = stateText(status),
            .at = status.current.isEmpty() ? u"-"_s : stepwell::toText(status.current),
            .code = codeOf(status),
            .error = status.error};
}

} // namespace

int checkCommand(CommandContext &context)
{
    const Result<QList<Target>> targets = chosenTargets(context);
    if (!targets)
        return context.fail(targets.error());
    int code = 0;
    QJsonArray array;
    QList<CheckRow> rows;
    for (const TargetStatus &status : readAll(context, *targets)) {
        const CheckRow row = rowOf(status);
        code = worse(code, row.code);
        QJsonObject object = toJson(status);
        object.insert(u"exit"_s, row.code);
        array += object;
        rows += row;
    }
    if (context.options.json)
        context.print({{u"exit"_s, code}, {u"targets"_s, array}});
    else
        printChecks(context, {u"TARGET"_s, u"STATE"_s, u"CURRENT"_s}, rows);
    return code;
}

} // namespace stepwell::cli
