// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/runprogress.h"
#include "app/cli/runreport.h"
#include "migrations/run/backuprun.h"
#include "migrations/run/runpolicy.h"

#include <QDir>
#include <QLocale>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

int backupCommand(CommandContext &context)
{
    const Result<Target> target = context.target();
    if (!target)
        return context.fail(target.error());
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return context.fail(journal.error());
    const QString workspace = context.workspaceDirectory(*target);
    const QString folder = context.options.backupDirectory.isEmpty()
                               ? defaultBackupDirectory(workspace, target->id)
                               : QDir().absoluteFilePath(context.options.backupDirectory);
    const Result<BackupRecord> backup = context.password(*target).and_then([&](const QString &password) {
        return backUpTarget(
            *target, password, folder, workspace, **journal,
            [&](const BackupProgress &progress) { showBackupProgress(context, progress); },
            context.streams.interrupted);
    });
    if (!backup)
        return context.fail(backup.error());
    if (context.options.json)
        return context.print({{u"backup"_s, toJson(*backup)}});
    *context.streams.out << u"Backup made and verified by a full read: %1 (%2)\n"_s.arg(
                                backup->file, QLocale::c().formattedDataSize(backup->size))
                         << u"sha256 "_s << backup->sha256 << Qt::endl;
    return 0;
}

} // namespace stepwell::cli
