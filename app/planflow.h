// SPDX-License-Identifier: MIT
#pragma once

#include "app/workspacesession.h"
#include "views/plandialog.h"

#include <QObject>
#include <QPointer>

namespace stepwell {

/// From "upgrade this" to a confirmed request: makes the plan from the rows that were read last, shows it
/// with checks and SQL as they come, and hands over what was confirmed. Main thread; one dialog at a time.
class PlanFlow : public QObject
{
    Q_OBJECT

public:
    PlanFlow(KSyntaxHighlighting::Repository &repository, QWidget *window);

    /// Opens the dialog, or emits refused() with the reason why there is no plan. An empty `revision` of a
    /// rollback is one step back.
    void begin(WorkspaceSession &session, const TargetId &id, Direction direction, const QString &revision,
               PlanDialog::Mode mode = PlanDialog::Mode::Ordinary);
    /// Findings of a target that were accepted before a plan was made.
    void setAccepted(const TargetId &id, const QHash<RevisionId, QList<AcceptedFinding>> &accepted);
    [[nodiscard]] PlanDialog *dialog() const { return m_dialog; }
    [[nodiscard]] bool isBusy() const { return m_busy > 0; } ///< checks or SQL are still to come

Q_SIGNALS:
    void confirmed(const stepwell::RunRequest &request);
    void refused(const QString &title, const stepwell::Error &error);
    void nothingToDo(const QString &text);

private:
    void open(WorkspaceSession &session, const Target &target, const TargetStatus &status, const Plan &plan,
              PlanDialog::Mode mode);
    void check();
    void review();
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
    QList<CheckResult> m_checks;
    bool m_checking = false;
    std::optional<QList<StepReview>> m_reviewed;
    std::optional<Error> m_reviewFailure;
    int m_checkRequest = 0; ///< the newest; answers to earlier ones are dropped
    TargetId m_acceptedOf;
    QHash<RevisionId, QList<AcceptedFinding>> m_accepted; ///< of m_acceptedOf, before the dialog
    QString m_backupDirectory;
    int m_busy = 0;
};

} // namespace stepwell
