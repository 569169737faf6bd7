// SPDX-License-Identifier: MIT
// What a session does for histories: looks at them, plans and writes repairs, uses other files, stamps.

#include "app/workspacesession.h"
#include "migrations/alembic/onestepback.h"
#include "migrations/repair/giveup.h"
#include "migrations/repair/readnow.h"
#include "migrations/repair/repairwork.h"
#include "migrations/run/rendercache.h"

#include <QDir>
#include <QFileInfo>
#include <QtConcurrentRun>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void setConfigOf(Workspace &workspace, const TargetId &id, const QString &config)
{
    const auto environment = std::ranges::find(workspace.environments, id.environment, &Environment::name);
    if (environment == workspace.environments.end())
        return;
    const auto database = std::ranges::find(environment->databases, id.component, &DatabaseEntry::component);
    if (database != environment->databases.end())
        database->config = config;
}

/// git takes its time to remove a work tree.
void letGo(std::shared_ptr<TemporaryCheckout> checkout)
{
    if (checkout)
        std::ignore = QtConcurrent::run([gone = std::move(checkout)]() mutable { gone.reset(); });
}

} // namespace

Workspace WorkspaceSession::ownWorkspace() const
{
    Workspace own = m_workspace;
    for (auto other = m_otherFiles.cbegin(); other != m_otherFiles.cend(); ++other)
        setConfigOf(own, other.key(), other->ownConfig);
    return own;
}

std::function<QString(const Target &)> WorkspaceSession::passwords() const
{
    return [known = m_passwords](const Target &target) { return known.value(target.id); };
}

QFuture<QList<HistoryLook>> WorkspaceSession::lookAtHistories(GitLook git)
{
    return QtConcurrent::run([sources = historySources(ownWorkspace()), statuses = statuses(), git,
                              revisions = m_revisions, stop = m_stop.get_token()] {
        QList<HistoryLook> looks;
        for (const HistorySource &source : sources)
            looks += lookAtHistory(source, statuses, git, revisions.get(), stop);
        return looks;
    });
}

QFuture<Result<RepairPlan>> WorkspaceSession::planRepair(const History &history, const RepairRequest &request,
                                                         const std::stop_token &stop)
{
    return QtConcurrent::run(
        [history, request, stop] { return stepwell::planRepair(history, request, stop); });
}

QFuture<Result<void>> WorkspaceSession::writeRepair(const History &history, const RepairPlan &plan)
{
    return QtConcurrent::run([history, plan, password = passwords()] {
        return readNow(history, password)
            .and_then([&](const History &now) { return checkStillTrue(plan, now); })
            .and_then([&] { return stepwell::writeRepair(history, plan); });
    });
}

QFuture<Result<void>> WorkspaceSession::beginRepair(const History &history, const RepairPlan &plan)
{
    return QtConcurrent::run([record = recordOf(history, plan, m_workspace.directory, plan.vouchedFor)] {
        return keepRepair(record);
    });
}

QFuture<Result<void>> WorkspaceSession::checkRollBack(const History &history, const RepairRecord &record,
                                                      const RepairStage &stage)
{
    return QtConcurrent::run([history, record, stage, password = passwords()] {
        return readNow(history, password).and_then([&](const History &now) -> Result<void> {
            const HistoryTarget *target = now.find(stage.target);
            if (!target || !target->isRead)
                return {}; // the plan that follows says why it cannot be
            return checkStillMends(record, now)
                .and_then([&] {
                    return makePlan(now.scripts.map, target->rows, stage.revision, Direction::Downgrade);
                })
                .and_then([&](const Plan &plan) { return stepwell::checkRollBack(stage, plan); });
        });
    });
}

QFuture<Result<void>> WorkspaceSession::writeFiles(const History &history, const RepairRecord &record)
{
    return QtConcurrent::run([history, record, password = passwords()] {
        return readNow(history, password).and_then([&](const History &now) {
            return writeRecorded(record, now);
        });
    });
}

QFuture<Result<void>> WorkspaceSession::closeRepair(const RepairRecord &record)
{
    return QtConcurrent::run([record] { return stepwell::closeRepair(record); });
}

QFuture<Result<QStringList>> WorkspaceSession::giveUpRepair(const RepairRecord &record,
                                                            const History &history)
{
    return QtConcurrent::run([record, history] {
        return RepairWork::take(record.config).and_then([&](const RepairWork &) {
            return stepwell::giveUpRepair(record, history);
        });
    });
}

QFuture<Result<void>> WorkspaceSession::settleChange(const History &history, Unfinished how)
{
    return QtConcurrent::run([folder = history.scripts.config.scriptLocation, how]() -> Result<void> {
        return findUnfinishedChange(folder).and_then(
            [&](const std::optional<UnfinishedChange> &change) -> Result<void> {
                if (!change)
                    return {}; // somebody else settled it meanwhile
                return how == Unfinished::Finish ? finishChange(*change) : undoChange(*change);
            });
    });
}

QFuture<Result<void>> WorkspaceSession::useFilesOf(const TargetId &id, const QString &refOrConfig)
{
    const Result<Target> target = ownTarget(id);
    if (!target)
        return QtFuture::makeReadyValueFuture(Result<void>(std::unexpected(target.error())));
    const QString own = target->config == target->component.config ? QString() : target->config;
    const auto take = [this, id, refOrConfig, own](const QString &config,
                                                   const std::shared_ptr<TemporaryCheckout> &checkout) {
        letGo(m_otherFiles.take(id).checkout);
        m_otherFiles.insert(id, {.of = refOrConfig, .ownConfig = own, .checkout = checkout});
        setConfigOf(m_workspace, id, config);
        refresh(id);
    };
    if (QDir::isAbsolutePath(refOrConfig)) {
        take(refOrConfig, {});
        return QtFuture::makeReadyValueFuture(Result<void>());
    }
    const QString config = target->config;
    return QtConcurrent::run([config, ref = refOrConfig, stop = m_stop.get_token()] {
               return TemporaryCheckout::make(QFileInfo(config).absolutePath(), ref, stop)
                   .transform([](TemporaryCheckout &&made) {
                       return std::make_shared<TemporaryCheckout>(std::move(made));
                   });
           })
        .then(this,
              [take, config,
               refOrConfig](const Result<std::shared_ptr<TemporaryCheckout>> &checkout) -> Result<void> {
                  if (!checkout)
                      return std::unexpected(checkout.error());
                  const QString there = (*checkout)->pathOf(config);
                  if (!QFileInfo::exists(there))
                      return failure(ErrorKind::InvalidConfig,
                                     tr("%1 has no %2.").arg(refOrConfig, QFileInfo(config).fileName()));
                  take(there, *checkout);
                  return {};
              });
}

void WorkspaceSession::releaseCheckouts()
{
    for (const OtherFiles &other : std::exchange(m_otherFiles, {}))
        letGo(other.checkout);
}

void WorkspaceSession::useOwnFiles(const TargetId &id)
{
    const auto found = m_otherFiles.constFind(id);
    if (found == m_otherFiles.cend())
        return;
    setConfigOf(m_workspace, id, found->ownConfig);
    letGo(m_otherFiles.take(id).checkout);
    refresh(id);
}

QFuture<RunReport> WorkspaceSession::stamp(const TargetId &id, const RevisionIds &rows,
                                           const QStringList &revisions, bool purge)
{
    return QtConcurrent::run([target = m_workspace.target(id), from = rows, revisions, purge,
                              password = password(id), directory = m_workspace.directory,
                              stop = m_stop.get_token()]() -> RunReport {
        const auto refused = [](const Error &error) {
            return RunReport{.outcome = Outcome::Refused, .summary = error.message, .error = error};
        };
        if (!target)
            return refused(target.error());
        const auto journal = Journal::open(defaultJournalPath());
        if (!journal)
            return refused(journal.error());
        return stampTarget({.target = *target,
                            .from = from,
                            .revisions = revisions,
                            .purge = purge,
                            .password = password,
                            .workspaceDirectory = directory},
                           **journal, {}, stop);
    });
}

QFuture<Result<SchemaComparison>> WorkspaceSession::compareSchema(const TargetId &id, const RevisionIds &rows,
                                                                  const std::stop_token &stop)
{
    return QtConcurrent::run(
        [target = m_workspace.target(id), password = password(id), rows, stop]() -> Result<SchemaComparison> {
            if (!target)
                return std::unexpected(target.error());
            const Result<TargetAccess> access = TargetAccess::open(*target, password);
            if (!access)
                return std::unexpected(access.error());
            return access->openSession(u"compare"_s, std::chrono::seconds(5))
                .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
                    const RenderCache cache;
                    return stepwell::compareSchema(*access, rows, *session, {.cache = &cache, .stop = stop});
                });
        });
}

} // namespace stepwell
