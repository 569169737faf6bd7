// SPDX-License-Identifier: MIT
#pragma once

#include "app/filewatch.h"
#include "migrations/preflight/preflight.h"
#include "migrations/review/fileversions.h"
#include "migrations/review/stepreview.h"

#include <QFuture>
#include <QHash>
#include <QObject>

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
    [[nodiscard]] QString keyOf(const TargetId &id) const;
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
    FileWatch m_watch;
    QSet<QString> m_changedMeanwhile; ///< configs whose files changed while they were read
    std::shared_ptr<RevisionCache> m_revisions = std::make_shared<RevisionCache>(); ///< shared with workers
};

} // namespace stepwell
