// SPDX-License-Identifier: MIT
#include "migrations/run/backuprun.h"

#include "migrations/run/targetaccess.h"

#include <QCoreApplication>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Writes the end of a backup into the journal; its error counts only if the backup itself is good.
Result<BackupRecord> record(const Result<BackupRecord> &made, qint64 id, const RevisionIds &rows,
                            Journal &journal)
{
    if (!made) {
        const Outcome outcome =
            made.error().kind == ErrorKind::Cancelled ? Outcome::Cancelled : Outcome::Refused;
        std::ignore = journal.finish(id, outcome, rows, made.error().message);
        return made;
    }
    return journal.backupMade(id, *made)
        .and_then([&] {
            return journal.finish(id, Outcome::Done, rows, u"Backup made and verified by a full read."_s);
        })
        .transform([&] { return *made; });
}

} // namespace

Result<BackupRecord> backUpTarget(const Target &target, const QString &password, const QString &directory,
                                  const QString &workspaceDirectory, Journal &journal,
                                  const BackupProgressHandler &onProgress, const std::stop_token &stop)
{
    const Result<TargetAccess> access = TargetAccess::open(target, password);
    if (!access)
        return std::unexpected(access.error());
    const auto session = access->openSession(u"backup"_s, std::chrono::seconds(5));
    if (!session)
        return std::unexpected(session.error());
    const Result<DatabaseState> state = (*session)->readState(target.component.versionTable);
    if (!state)
        return std::unexpected(state.error());
    const Result<qint64> id = journal.begin({.kind = RunKind::Backup,
                                             .target = target.id,
                                             .workspace = workspaceDirectory,
                                             .databaseText = access->connection.displayText(),
                                             .who = currentOperator(),
                                             .started = QDateTime::currentDateTimeUtc(),
                                             .from = state->rows,
                                             .planned = state->rows,
                                             .processId = QCoreApplication::applicationPid()});
    if (!id)
        return std::unexpected(id.error());
    const BackupRequest request{.settings = access->connection,
                                .password = access->password,
                                .directory = directory,
                                .baseName = target.id.component,
                                .serverVersion = (*session)->serverVersion(),
                                .databaseSize = state->databaseSize};
    return record(makeBackup(request, onProgress, stop), *id, state->rows, journal);
}

} // namespace stepwell
