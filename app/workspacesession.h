// SPDX-License-Identifier: MIT
#pragma once

#include "app/filewatch.h"
#include "migrations/preflight/preflight.h"
#include "migrations/repair/historylook.h"
#include "migrations/repair/impliedschema.h"
#include "migrations/repair/temporarycheckout.h"
#include "migrations/review/fileversions.h"
#include "migrations/review/stepreview.h"
#include "migrations/run/stamprun.h"

#include <QFuture>
#include <QHash>
#include <QObject>

#include <functional>
#include <stop_token>

namespace stepwell {

class SecretStore;

/// A file as it was in git, and as it is.
struct ComparedFile {
    QString before;
    QString now;
};

/// One open workspace in the window: its targets and what is known of them. Lives on the main thread and
/// never blocks it; files, databases and Python are read on workers that get copies. A late answer of an
/// older request is dropped.
class WorkspaceSession : public QObject
{
    Q_OBJECT

public:
    WorkspaceSession(Workspace workspace, SecretStore &secrets, QObject *parent = nullptr);
    /// Asks the workers to stop and does not wait: a silent server must not hold the window up. Whoever owns
    /// the secret store waits for QThreadPool::globalInstance() before it goes.
    ~WorkspaceSession() override;

    [[nodiscard]] const Workspace &workspace() const { return m_workspace; }
    [[nodiscard]] QList<TargetStatus> statuses() const; ///< those read so far, in the workspace's order
    [[nodiscard]] const TargetStatus *status(const TargetId &id) const; ///< null until it was read once
    [[nodiscard]] bool isReading(const TargetId &id) const { return m_reading.contains(id); }
    [[nodiscard]] bool isReading() const { return !m_reading.isEmpty(); }

    void refreshAll();
    void refresh(const TargetId &id);
    // When files change, the targets that follow them are assessed anew by themselves, with the database as
    // it was last read; of the files only the changed ones are read.

    /// Steps as a reviewer sees them, linted in their order against the schema that the database has; without
    /// one where it cannot be reached. Whoever runs it does not count as an approver; to one who only looks
    /// every approval is shown.
    enum class Reader { Reviewer, Runner };
    [[nodiscard]] QFuture<Result<QList<StepReview>>> review(const TargetId &id, const QList<RunStep> &steps,
                                                            Direction direction, Reader reader,
                                                            bool renderAnew = false);
    /// Writes a verdict; `texts` is what it covers. Gives the file that was written.
    [[nodiscard]] QFuture<Result<QString>> signOff(const Review &review, const ReviewedTexts &texts);
    /// What an earlier review covered.
    [[nodiscard]] QFuture<ReviewedTexts> reviewedTexts(const Review &review);
    /// All reviews of a revision, oldest first.
    [[nodiscard]] QFuture<QList<Review>> reviews(const QString &component, const RevisionId &id);
    /// What git knows of a revision file, the newest first.
    [[nodiscard]] QFuture<QList<FileVersion>> fileVersions(const QString &file);
    [[nodiscard]] QFuture<Result<ComparedFile>> compareFile(const QString &file, const FileVersion &version);
    /// Who signs here.
    [[nodiscard]] QFuture<QString> reviewer();
    /// The results as they come, in any order; what the workspace and this session know is filled in.
    [[nodiscard]] QFuture<CheckResult> preflight(const TargetId &id, PreflightRequest request,
                                                 const std::stop_token &stop);
    /// Executes what a check proposed and somebody confirmed.
    [[nodiscard]] QFuture<Result<void>> applyFix(const TargetId &id, const CheckFix &fix);
    [[nodiscard]] QFuture<Result<QList<JournalEntry>>> journal(int limit);
    [[nodiscard]] QFuture<Result<BackupRecord>> backUp(const TargetId &id, const QString &directory);
    /// Settles runs that a crash cut off; lines for people.
    [[nodiscard]] QFuture<QStringList> settleRuns();

    // repairsession.cpp: histories and what mends them

    /// Every history of the workspace with the databases as they were read last.
    [[nodiscard]] QFuture<QList<HistoryLook>> lookAtHistories(GitLook git);
    [[nodiscard]] QFuture<Result<RepairPlan>> planRepair(const History &history, const RepairRequest &request,
                                                         const std::stop_token &stop);
    /// Reads every database again first: what was planned has to be true still.
    [[nodiscard]] QFuture<Result<void>> writeRepair(const History &history, const RepairPlan &plan);
    /// A repair with detours begins: it is kept until it is closed.
    [[nodiscard]] QFuture<Result<void>> beginRepair(const History &history, const RepairPlan &plan);
    /// Files and databases as they are now: the files would still be mended, and the rollback takes back what
    /// was shown when the repair began and nothing that came since.
    [[nodiscard]] QFuture<Result<void>> checkRollBack(const History &history, const RepairRecord &record,
                                                      const RepairStage &stage);
    /// Its files are written, after the same look.
    [[nodiscard]] QFuture<Result<void>> writeFiles(const History &history, const RepairRecord &record);
    [[nodiscard]] QFuture<Result<void>> closeRepair(const RepairRecord &record);
    /// See repair/giveup.h.
    [[nodiscard]] QFuture<Result<QStringList>> giveUpRepair(const RepairRecord &record,
                                                            const History &history);
    enum class Unfinished { Finish, Undo };
    /// A change of files that was cut off.
    [[nodiscard]] QFuture<Result<void>> settleChange(const History &history, Unfinished how);
    /// From now on the target is looked at, planned and run with the files of a branch or commit (in a
    /// temporary work tree), or of another ini; until useOwnFiles() or the end of this session.
    [[nodiscard]] QFuture<Result<void>> useFilesOf(const TargetId &id, const QString &refOrConfig);
    void useOwnFiles(const TargetId &id);
    /// As the workspace says it, whatever files are used for a while. Errors: Usage.
    [[nodiscard]] Result<Target> ownTarget(const TargetId &id) const { return ownWorkspace().target(id); }
    /// The branch or ini whose files are used instead of a target's own; empty: its own.
    [[nodiscard]] QString filesOf(const TargetId &id) const { return m_otherFiles.value(id).of; }
    /// Under the run lock; the journal knows it. `rows`: those that were shown.
    [[nodiscard]] QFuture<RunReport> stamp(const TargetId &id, const RevisionIds &rows,
                                           const QStringList &revisions, bool purge);
    [[nodiscard]] QFuture<Result<SchemaComparison>> compareSchema(const TargetId &id, const RevisionIds &rows,
                                                                  const std::stop_token &stop);

    enum class Keep { Briefly, InMemory, InSecretService }; ///< Briefly: for a quarter of an hour
    /// Uses the password from now on and reads the target again.
    QFuture<Result<void>> setPassword(const TargetId &id, const QString &password, Keep keep);
    /// From memory and from the secret service.
    QFuture<Result<void>> forgetPassword(const TargetId &id);
    /// The password that worked last; empty if libpq needs none from us.
    [[nodiscard]] QString password(const TargetId &id) const;

Q_SIGNALS:
    void readingStarted(const stepwell::TargetId &id);
    void statusChanged(const stepwell::TargetId &id);

private:
    struct Answer {
        TargetStatus status;
        QString password;
    };
    struct OtherFiles {
        QString of;
        QString ownConfig; ///< as the workspace says it: empty is the component's
        std::shared_ptr<TemporaryCheckout> checkout;
    };
    [[nodiscard]] QString keyOf(const TargetId &id) const;
    /// Without files that are used for a while only: nothing is repaired in those.
    [[nodiscard]] Workspace ownWorkspace() const;
    void releaseCheckouts();
    /// Passwords for a worker.
    [[nodiscard]] std::function<QString(const Target &)> passwords() const;
    void accept(int request, const Answer &answer);
    void watchFiles(const Target &target, const TargetStatus &status);
    void filesChanged(const QString &config);

    Workspace m_workspace;
    SecretStore &m_secrets;
    std::stop_source m_stop;
    QHash<TargetId, TargetStatus> m_statuses;
    QHash<TargetId, int> m_reading; ///< newest request number of each target being read
    QHash<TargetId, QString> m_passwords;
    int m_lastRequest = 0;
    QHash<TargetId, OtherFiles> m_otherFiles;
    FileWatch m_watch;
    QSet<QString> m_changedMeanwhile; ///< configs whose files changed while they were read
    std::shared_ptr<RevisionCache> m_revisions = std::make_shared<RevisionCache>(); ///< shared with workers
};

} // namespace stepwell
