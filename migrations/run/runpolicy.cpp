// SPDX-License-Identifier: MIT
#include "migrations/run/runpolicy.h"

#include "migrations/run/rendering.h"

#include <QDir>

namespace stepwell {

using namespace Qt::StringLiterals;

QString defaultBackupDirectory(const QString &workspaceDirectory, const TargetId &target)
{
    return QDir(workspaceDirectory)
        .absoluteFilePath(u"backups/%1/%2"_s.arg(target.environment, target.component));
}

RunRequest proposeRequest(const Target &target, const Plan &plan, const QString &workspaceDirectory)
{
    return {.target = target,
            .plan = plan,
            .backup =
                target.environment.backup == BackupPolicy::Off ? BackupChoice::None : BackupChoice::Dump,
            .backupDirectory = defaultBackupDirectory(workspaceDirectory, target.id),
            .lockTimeout = target.environment.lockTimeout,
            .statementTimeout = target.environment.statementTimeout,
            .concurrentTimeout = target.environment.concurrentTimeout,
            .lockRetries = target.environment.lockRetries,
            .transactions = target.environment.transactions,
            .workspaceDirectory = workspaceDirectory};
}

Result<void> checkPolicy(const RunRequest &request)
{
    const Environment &environment = request.target.environment;
    if (environment.backup == BackupPolicy::Required && request.backup == BackupChoice::None)
        return failure(ErrorKind::Refused,
                       u"%1 requires a backup before anything changes."_s.arg(environment.name),
                       u"Let Stepwell make one, or say which other backup you rely on."_s);
    if (request.backup == BackupChoice::Elsewhere && request.backupNote.trimmed().isEmpty())
        return failure(ErrorKind::Refused, u"It is not said which other backup is relied on."_s,
                       u"Name it; the journal keeps the name."_s);
    if (request.emergency && request.plan.direction == Direction::Upgrade)
        return failure(ErrorKind::Refused, u"Only a rollback can be an emergency."_s,
                       u"Upgrade in the usual way."_s);
    return {};
}

Result<QList<RenderedSql>> renderSteps(const TargetAccess &access, const QList<RunStep> &steps,
                                       Direction direction, const std::stop_token &stop)
{
    QList<RenderStep> wanted;
    for (const RunStep &step : steps)
        wanted += {step, direction};
    const RenderCache cache;
    return renderSteps(access, wanted, {.cache = &cache, .stop = stop});
}

} // namespace stepwell
