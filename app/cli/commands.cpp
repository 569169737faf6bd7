// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"

#include <QHash>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

int runCommand(CommandContext &context)
{
    using Command = int (*)(CommandContext &);
    static const QHash<QString, Command> commands{
        {u"status"_s, statusCommand},     {u"heads"_s, headsCommand},   {u"history"_s, historyCommand},
        {u"plan"_s, planCommand},         {u"sql"_s, sqlCommand},       {u"upgrade"_s, upgradeCommand},
        {u"rollback"_s, rollbackCommand}, {u"backup"_s, backupCommand}, {u"journal"_s, journalCommand},
        {u"demo"_s, demoCommand},
    };
    return commands.value(context.options.command)(context);
}

} // namespace stepwell::cli
