// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"
#include "migrations/status/targetstatus.h"

#include <QDialog>
#include <QHash>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

class BackupChoiceBox;
class Banner;
class ChecksModel;
class PlanChecksView;
class PlanLimits;
class PlanModel;
class PlanPreview;
class ConfirmNameEdit;
class RunButton;
class RunLabel;

/// Shows what an upgrade or a rollback will do before it does it, and asks for what it needs: the
/// backup, the name of a protected environment. Cancel is the default button. Passive: checks and
/// SQL are handed in, the confirmed request is read out after accepted(). GUI thread.
class PlanDialog : public QDialog
{
    Q_OBJECT

public:
    /// Emergency: an unmistakable head, and the SQL is not waited for. Checks and backup stay.
    enum class Mode { Ordinary, Emergency };

    /// `repository` is the program's one; it must outlive the dialog.
    PlanDialog(KSyntaxHighlighting::Repository &repository, const Target &target, const TargetStatus &status,
               const Plan &plan, Mode mode = Mode::Ordinary, QWidget *parent = nullptr);
    ~PlanDialog() override;

    void setBackupDirectory(const QString &directory); ///< absolute; where a dump would go
    /// The lines so far; `running` while more come. With running false the list is complete.
    void setChecks(const QList<CheckResult> &checks, bool running);
    /// A fix of a check is under way: nothing else is begun meanwhile. Empty: it is over.
    void setFixing(const QString &label);
    /// What was found about steps, with their SQL and sign-off; may come in parts, and again. A revision that
    /// cannot be rendered has its reason inside.
    void setReviews(const QList<StepReview> &reviews);
    /// Whether findings that block and nobody accepted keep the plan from running. They do not by themselves.
    void setFindingsBlock(bool block);
    /// Nothing can be rendered (no Python, broken env.py …). Does not stop anybody from going on.
    void setRenderFailed(const Error &error);

    /// What was confirmed. The password and the workspace's directory are the caller's to fill in.
    [[nodiscard]] RunRequest request() const;
    /// What was accepted in this dialog, to be kept with the run. Empty lists are left out.
    [[nodiscard]] const QHash<RevisionId, QList<AcceptedFinding>> &acceptedFindings() const
    {
        return m_accepted;
    }
    /// What was accepted before the dialog opened.
    void setAcceptedFindings(const QHash<RevisionId, QList<AcceptedFinding>> &accepted);
    /// What is still missing, each a sentence; empty when the action button is enabled.
    [[nodiscard]] QStringList missing() const;
    [[nodiscard]] bool isEmergency() const { return m_mode == Mode::Emergency; }
    /// The SQL of all steps as one script, with the reason where a step has none.
    [[nodiscard]] QString sqlScript() const;

Q_SIGNALS:
    void checksRequested();
    void fixRequested(const stepwell::CheckFix &fix); ///< it was shown and confirmed
    void backupChanged();                             ///< another answer about the backup
    void saveSqlRequested(const QString &sql);
    void backupDirectoryRequested();
    void findingAccepted(); ///< acceptedFindings() has grown

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QWidget *makeEmergencyStrip();
    [[nodiscard]] QWidget *makeLeft(KSyntaxHighlighting::Repository &repository);
    [[nodiscard]] QWidget *makeRight(KSyntaxHighlighting::Repository &repository);
    [[nodiscard]] QWidget *makeBottom();
    void addWarnings(QBoxLayout *layout);
    void addMissingReviews(QStringList &missing) const;
    void acceptFinding(const RevisionId &id, const Finding &finding, const QString &reason);
    void askForFix(KSyntaxHighlighting::Repository &repository, const CheckResult &check,
                   const CheckFix &fix);
    void refreshFacts();
    void refreshAction();
    [[nodiscard]] bool needsTyping() const;
    [[nodiscard]] bool nameTyped() const;

    Target m_target;
    Plan m_plan;
    QString m_connection;
    Mode m_mode;
    PlanModel *m_steps;
    ChecksModel *m_checks;
    bool m_checked = false;
    bool m_renderFailed = false;
    bool m_findingsBlock = false;
    QHash<RevisionId, StepReview> m_reviews; ///< as they came in
    QHash<RevisionId, QList<AcceptedFinding>> m_accepted;
    Banner *m_banner;
    PlanChecksView *m_checksView;
    QString m_fixing;
    BackupChoiceBox *m_backup;
    PlanPreview *m_preview;
    PlanLimits *m_limits;
    ConfirmNameEdit *m_confirm = nullptr;
    RunLabel *m_reason;
    QPushButton *m_save;
    QPushButton *m_cancel;
    RunButton *m_action = nullptr;
};

} // namespace stepwell
