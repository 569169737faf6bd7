// SPDX-License-Identifier: MIT
#pragma once

#include "app/workspacesession.h"

#include <QPointer>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class ComponentPage;
class SqlSearch;

/// The review of the target that is shown: looks at all that is pending whenever its state changes, answers
/// what the review pane asks for, stores verdicts, searches and exports. Main thread; files, databases, git
/// and Python are read by the session's workers.
class ReviewFlow : public QObject
{
    Q_OBJECT

public:
    ReviewFlow(KSyntaxHighlighting::Repository &repository, ComponentPage *page, QWidget *window);

    void setSession(WorkspaceSession *session);
    /// The target that is shown, or the same one in a new state.
    void setTarget(const TargetId &id);
    /// Renders and reads everything anew.
    void refresh();
    void search();
    void exportHtml();
    void exportPdf();

    [[nodiscard]] bool isBusy() const { return m_asked > 0; }
    [[nodiscard]] bool hasPending() const { return !m_pending.isEmpty(); }
    /// Findings that were accepted here and belong to no verdict yet.
    [[nodiscard]] QHash<RevisionId, QList<AcceptedFinding>> accepted(const TargetId &id) const;

Q_SIGNALS:
    void failed(const QString &title, const stepwell::Error &error);
    void done(const QString &text);
    void changed(); ///< hasPending() or isBusy()

private:
    void reviewPending(bool renderAnew);
    void take(const QList<StepReview> &reviews);
    void showReview(const RevisionId &id, Direction direction);
    void reviewAlone(const RevisionId &id, Direction direction);
    void revisionShown(const RevisionId &id, const QString &file);
    void showEarlier(const RevisionId &id);
    void showChanges(const RevisionId &id);
    void compareWithVersion(int version);
    void accept(const StepReview &review, const QString &key, const QString &reason);
    void store(Verdict verdict, const QString &comment, const QList<AcceptedFinding> &accepted,
               const QList<LineComment> &lineComments, const StepReview &shown);
    void chooseFile(const QString &title, const QString &filter, const QString &suffix,
                    const std::function<Result<void>(const QString &)> &write);
    [[nodiscard]] StepReview withAccepted(StepReview review) const;
    [[nodiscard]] QString reviewPage() const;
    [[nodiscard]] const TargetStatus *status() const;
    /// Counts an answer that is still to come.
    template<typename T>
    void ask(QFuture<T> future, std::function<void(const T &)> answer);

    KSyntaxHighlighting::Repository &m_repository;
    ComponentPage *m_page;
    QWidget *m_window;
    QPointer<WorkspaceSession> m_session;
    QPointer<SqlSearch> m_search;
    TargetId m_target;
    QList<StepReview> m_pending; ///< in the order of the upgrade
    /// What was accepted of which texts: it says nothing about others.
    struct Accepted {
        ReviewHashes hashes;
        QList<AcceptedFinding> findings;
    };
    QHash<TargetId, QHash<RevisionId, Accepted>> m_accepted;
    QList<FileVersion> m_versions; ///< of m_versionsOf
    QString m_reviewer;
    QString m_file;    ///< of the shown revision
    int m_request = 0; ///< the newest look at what is pending
    int m_asked = 0;
    bool m_reviewing = false;
};

} // namespace stepwell
