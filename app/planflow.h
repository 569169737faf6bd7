// SPDX-License-Identifier: MIT
#pragma once

#include "app/workspacesession.h"
#include "views/plandialog.h"

#include <QFutureWatcher>
#include <QObject>
#include <QPointer>

#include <memory>
#include <stop_token>

namespace stepwell {

class AwaitedReviews;

/// From "upgrade this" to a confirmed request: makes the plan from the rows that were read last, shows it
/// with checks and SQL as they come, and hands over what was confirmed. Main thread; one dialog at a time.
class PlanFlow : public QObject
{
    Q_OBJECT

public:
    PlanFlow(KSyntaxHighlighting::Repository &repository, QWidget *window);
    ~PlanFlow() override; ///< asks the checks to stop and does not wait

    /// Opens the dialog, or emits refused() with the reason why there is no plan. An empty `revision` of a
    /// rollback is one step back.
    void begin(WorkspaceSession &session, const TargetId &id, Direction direction, const QString &revision,
               PlanDialog::Mode mode = PlanDialog::Mode::Ordinary);
    /// Findings of a target that were accepted before a plan was made.
    void setAccepted(const TargetId &id, const QHash<RevisionId, QList<AcceptedFinding>> &accepted);
    [[nodiscard]] PlanDialog *dialog() const { return m_dialog; }
    /// Checks or SQL are still to come, or a fix is being applied.
    [[nodiscard]] bool isBusy() const { return m_busy > 0 || m_running || m_checkAgain; }

Q_SIGNALS:
    void confirmed(const stepwell::RunRequest &request);
    void refused(const QString &title, const stepwell::Error &error);
    void nothingToDo(const QString &text);

private:
    void open(WorkspaceSession &session, const Target &target, const TargetStatus &status, const Plan &plan,
              PlanDialog::Mode mode);
    void connectDialog();
    void check();
    void startChecks();
    void take(const CheckResult &result);
    void checksEnded();
    void review();
    void applyFix(const CheckFix &fix);
    void showChecks();
    void saveSql(const QString &sql);
    void chooseBackupDirectory();

    KSyntaxHighlighting::Repository &m_repository;
    QWidget *m_window;
    QPointer<WorkspaceSession> m_session;
    QPointer<PlanDialog> m_dialog;
    TargetId m_target;
    Environment m_environment;
    Plan m_plan;
    /// One preflight at a time, also across dialogs: two would find each other at the lock of a run.
    std::unique_ptr<QFutureWatcher<CheckResult>> m_running;
    std::stop_source m_checkStop;
    bool m_checkAgain = false;
    QList<CheckResult> m_checks; ///< so far; without those that showChecks() adds
    bool m_checking = false;     ///< more of m_checks will come
    std::shared_ptr<AwaitedReviews> m_awaited;
    std::optional<QList<StepReview>> m_reviewed;
    std::optional<Error> m_reviewFailure;
    TargetId m_acceptedOf;
    QHash<RevisionId, QList<AcceptedFinding>> m_accepted; ///< of m_acceptedOf, before the dialog
    QString m_backupDirectory;
    int m_busy = 0;
};

} // namespace stepwell
