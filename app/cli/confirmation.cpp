// SPDX-License-Identifier: MIT
#include "app/cli/confirmation.h"

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

Result<void> confirmName(FileContext &context, const QString &name)
{
    QString typed = context.options.confirm;
    if (typed.isEmpty() && context.streams.ask)
        typed = context.streams.ask(u"Type %1 to go on: "_s.arg(name), false).value_or(QString());
    if (typed.trimmed() == name)
        return {};
    return failure(ErrorKind::Refused,
                   u"%1 is protected and its name was not confirmed. Nothing was changed."_s.arg(name),
                   u"Type the name when asked, or pass --confirm %1."_s.arg(name));
}

} // namespace

Result<void> confirm(FileContext &context, const Environment &environment)
{
    if (environment.protection == Protection::Protected)
        return confirmName(context, environment.name);
    if (context.options.yes)
        return {};
    const std::optional<QString> answer =
        context.streams.ask ? context.streams.ask(u"Go on? [y/N] "_s, false) : std::optional<QString>();
    const QString word = answer.value_or(QString()).trimmed().toLower();
    if (word == "y"_L1 || word == "yes"_L1)
        return {};
    return failure(answer ? ErrorKind::Cancelled : ErrorKind::Refused,
                   u"Not confirmed. Nothing was changed."_s, u"Answer y, or pass --yes."_s);
}

Result<void> checkPolicyIsClear(const FileContext &context)
{
    if (context.isDirect())
        return {};
    const Result<Workspace> workspace = context.workspace();
    if (!workspace || workspace->warnings.isEmpty())
        return {};
    return failure(
        ErrorKind::Refused,
        u"stepwell.toml has keys that Stepwell does not know; one may be a misspelt policy. Nothing was changed."_s,
        workspace->warnings.join(u'\n'));
}

} // namespace stepwell::cli
