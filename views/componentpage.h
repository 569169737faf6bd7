// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "migrations/run/runtypes.h"
#include "models/revisionlistmodel.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QSplitter;
class QStackedWidget;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class Banner;
class FactStrip;
class MessageCard;
class ReviewPane;
class RevisionList;

/// One target: banner, facts, revisions, review. Fed from outside; it only shows and asks.
class ComponentPage : public QWidget
{
    Q_OBJECT

public:
    explicit ComponentPage(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    /// Another target: forgets all that was shown and says that it is being read.
    void setTarget(const Target &target);
    /// It is read again; what is shown stays.
    void setReading();
    /// The branch or ini whose files are shown instead of the target's own; empty: its own.
    void setFilesOf(const QString &refOrConfig);
    /// Ignored if it is of another target.
    void setStatus(const TargetStatus &status);
    void setLastRun(const std::optional<JournalEntry> &entry);
    void setLastBackup(const std::optional<BackupRecord> &backup);
    /// What was found about pending revisions, for the list and the facts; the pane is fed by itself.
    void setReviews(const QHash<RevisionId, StepReview> &reviews);
    void setFilterText(const QString &text);
    bool selectRevision(const RevisionId &id);

    [[nodiscard]] const TargetId &targetId() const { return m_target.id; }
    [[nodiscard]] RevisionId selectedRevision() const;
    [[nodiscard]] RevisionList *revisionList() const { return m_list; }
    [[nodiscard]] ReviewPane *reviewPane() const { return m_review; }
    [[nodiscard]] RevisionListModel *model() const { return m_model; }
    [[nodiscard]] QByteArray saveSplitter() const;
    void restoreSplitter(const QByteArray &state);

Q_SIGNALS:
    void retryRequested(const stepwell::TargetId &target);
    void passwordRequested(const stepwell::TargetId &target);
    void resolveRequested(const stepwell::TargetId &target);
    void revisionSelected(const stepwell::RevisionId &id);
    void upgradeToRequested(const stepwell::RevisionId &id);
    void rollBackToRequested(const stepwell::RevisionId &id);
    void rollBackThisRequested(const stepwell::RevisionId &id);
    void copyIdRequested(const stepwell::RevisionId &id);
    void openFileRequested(const QString &file);
    void scriptNeeded(const stepwell::RevisionId &id, const QString &file);
    void sqlNeeded(const stepwell::RevisionId &id, stepwell::Direction direction);

private:
    void build();
    void connectParts();
    void updateHead();
    void updateCard();
    void updateBody();
    void showSelected();
    void showNote(const QString &text, bool busy);

    Target m_target;
    std::optional<TargetStatus> m_status;
    std::optional<JournalEntry> m_lastRun;
    std::optional<BackupRecord> m_lastBackup;
    QHash<RevisionId, StepReview> m_reviews;
    QString m_filesOf;
    bool m_reading = false;

    RevisionListModel *m_model;
    Banner *m_banner;
    FactStrip *m_facts;
    QWidget *m_cardBox;
    MessageCard *m_card;
    QStackedWidget *m_body;
    QSplitter *m_splitter;
    RevisionList *m_list;
    ReviewPane *m_review;
    QWidget *m_notePage;
    QLabel *m_note;
    QProgressBar *m_progress;
};

} // namespace stepwell
