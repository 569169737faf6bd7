// SPDX-License-Identifier: MIT
#pragma once

#include "app/asking.h"
#include "views/resolvedialog.h"

#include <QSet>

#include <stop_token>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class DoctorPage;

/// What is wrong with the workspace's histories, and mending it: feeds the Doctor page, opens the dialogs,
/// hands plans to the session's workers, and leads through a repair that goes over databases. Runs themselves
/// are asked for by runRequested(). Main thread; one dialog at a time.
class RepairFlow : public QObject
{
    Q_OBJECT

public:
    RepairFlow(KSyntaxHighlighting::Repository &repository, DoctorPage *page, QWidget *window);
    ~RepairFlow() override; ///< asks workers to stop and does not wait

    void setSession(WorkspaceSession *session);
    /// Looks at all histories: first without git, then with it.
    void look();
    /// A target was read again: what was found is out of date. Git is asked only if somebody looks.
    void statesChanged();
    /// Revisions run, or do no more: meanwhile no file is changed.
    void setRunning(bool running) { m_isRunning = running; }
    /// Opens "Resolve heads" for the history that a target follows, or says that there is nothing to resolve.
    void resolve(const TargetId &id);

    [[nodiscard]] bool isBusy() const { return m_asking.isBusy(); }
    [[nodiscard]] ResolveDialog *resolveDialog() const { return m_resolve; }

Q_SIGNALS:
    void troublesCounted(int count);
    void runRequested(const stepwell::TargetId &id, stepwell::Direction direction, const QString &revision);
    void showRequested(const stepwell::TargetId &id, const stepwell::RevisionId &revision);
    void doctorRequested();
    void fileRequested(const QString &file);
    void stampRequested(const stepwell::TargetId &id, const QStringList &revisions, bool purge);
    void failed(const QString &title, const stepwell::Error &error);
    void done(const QString &text);

private:
    void connectPage();
    void take(const QList<HistoryLook> &looks);
    void tellPage();
    [[nodiscard]] const HistoryLook *lookOf(const QString &config) const;
    void choose(const QString &config, const Trouble &trouble, const RepairOffer &offer);
    void openResolve(const HistoryLook &look, const Trouble &trouble, const RepairRequest &preferred);
    void openPreview(const HistoryLook &look, const RepairRequest &request);
    void connectResolve(const History &history);
    void plan(const History &history, const RepairRequest &request);
    void apply(const History &history, const RepairPlan &plan);
    void written(const History &history);
    void takeStage(const QString &config, const RepairStage &stage);
    void giveUp(const QString &config);
    void settle(const HistoryLook &look, WorkspaceSession::Unfinished how);
    void useOtherFiles(const RepairOffer &offer);
    void closeFinished();
    void closeResolve(const HistoryLook &next);
    [[nodiscard]] bool mayChangeFiles(const HistoryLook &look, RepairOffer::Action action);

    KSyntaxHighlighting::Repository &m_repository;
    DoctorPage *m_page;
    QWidget *m_window;
    QPointer<WorkspaceSession> m_session;
    QPointer<ResolveDialog> m_resolve;
    QString m_resolving; ///< config of the history that the dialog is about
    QList<HistoryLook> m_looks;
    QSet<QString> m_led; ///< configs whose open repair this window goes on with
    bool m_isRunning = false;
    std::stop_source m_planStop; ///< of the plan that is being thought through
    int m_planRequest = 0;
    int m_lookRequest = 0;
    Asking m_asking{this};
};

} // namespace stepwell
