// SPDX-License-Identifier: MIT
#include "app/cli/runrequest.h"

#include "migrations/run/runpolicy.h"
#include "migrations/workspace/duration.h"

#include <QDir>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

Result<void> applyLimit(const QString &text, const QString &option, std::chrono::milliseconds &limit)
{
    if (text.isEmpty())
        return {};
    const std::optional<std::chrono::milliseconds> parsed = parseDuration(text);
    if (!parsed)
        return failure(ErrorKind::Usage, u"%1 %2 is no duration."_s.arg(option, text),
                       u"Write 500ms, 5s, 10min, or 0 for no limit."_s);
    limit = *parsed;
    return {};
}

Result<void> applyLimits(const Options &options, RunRequest &request)
{
    return applyLimit(options.lockTimeout, u"--lock-timeout"_s, request.lockTimeout)
        .and_then([&] {
            return applyLimit(options.statementTimeout, u"--statement-timeout"_s, request.statementTimeout);
        })
        .and_then([&] {
            return applyLimit(options.concurrentTimeout, u"--concurrent-timeout"_s,
                              request.concurrentTimeout);
        });
}

Result<void> applyBackup(const Options &options, RunRequest &request)
{
    if (options.backup && options.noBackup)
        return failure(ErrorKind::Usage, u"--backup and --no-backup exclude each other."_s);
    if (!options.backupDirectory.isEmpty())
        request.backupDirectory = QDir().absoluteFilePath(options.backupDirectory);
    if (options.backup)
        request.backup = BackupChoice::Dump;
    if (options.noBackup)
        request.backup = BackupChoice::None;
    if (!options.backupNote.isEmpty()) {
        request.backup = BackupChoice::Elsewhere;
        request.backupNote = options.backupNote;
    }
    return {};
}

void applyTransactions(const QString &name, RunRequest &request)
{
    for (const TransactionPolicy policy :
         {TransactionPolicy::Revision, TransactionPolicy::Project, TransactionPolicy::All}) {
        if (transactionPolicyName(policy) == name)
            request.transactions = policy;
    }
}

QString backupText(const RunRequest &request)
{
    switch (request.backup) {
    case BackupChoice::Dump:
        return u"Backup first: to %1, verified by a full read."_s.arg(request.backupDirectory);
    case BackupChoice::Elsewhere:
        return u"No new backup; you rely on: %1"_s.arg(request.backupNote);
    case BackupChoice::None:
        break;
    }
    return u"NO BACKUP is made."_s;
}

QString transactionText(TransactionPolicy policy)
{
    switch (policy) {
    case TransactionPolicy::Revision:
        break;
    case TransactionPolicy::Project:
        return u"Transactions: as the project's env.py says."_s;
    case TransactionPolicy::All:
        return u"One transaction: all revisions or none; their locks are held to the end."_s;
    }
    return u"Each revision in a transaction of its own."_s;
}

} // namespace

Result<RunRequest> makeRequest(const CommandContext &context, const PlannedTarget &planned)
{
    const Options &options = context.options;
    RunRequest request =
        proposeRequest(planned.target, planned.plan, context.workspaceDirectory(planned.target));
    request.password = planned.access.password;
    request.restartAfterwards = options.restart;
    request.watchLogsAfterwards = options.watchLogs;
    request.emergency = options.emergency;
    if (options.lockRetries >= 0)
        request.lockRetries = options.lockRetries;
    applyTransactions(options.transactions, request);
    return applyBackup(options, request)
        .and_then([&] { return applyLimits(options, request); })
        .and_then([&] { return checkPolicy(request); })
        .transform([&] { return request; });
}

QString toText(const RunRequest &request)
{
    return transactionText(request.transactions) + u'\n' + backupText(request);
}

} // namespace stepwell::cli
