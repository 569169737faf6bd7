// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"

#include "app/cli/filecommands.h"

#include <QHash>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

int runCommand(CommandContext &context)
{
    if (const Result<void> sound = checkDatabaseOption(context.options); !sound)
        return context.fail(sound.error());
    using Command = int (*)(CommandContext &);
    static const QHash<QString, Command> commands{
        {u"status"_s, statusCommand},     {u"plan"_s, planCommand},       {u"sql"_s, sqlCommand},
        {u"upgrade"_s, upgradeCommand},   {u"backup"_s, backupCommand},   {u"journal"_s, journalCommand},
        {u"rollback"_s, rollbackCommand}, {u"demo"_s, demoCommand},       {u"lint"_s, lintCommand},
        {u"review"_s, reviewCommand},     {u"stamp"_s, stampCommand},     {u"check"_s, checkCommand},
        {u"doctor"_s, doctorCommand},     {u"resolve"_s, resolveCommand},
    };
    const Command command = commands.value(context.options.command);
    return command ? command(context) : runFileCommand(context);
}

} // namespace stepwell::cli
