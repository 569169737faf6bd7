// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "models/revisionlistmodel.h"
#include "views/sqlreviewview.h"

#include <QHash>

#include <array>
#include <optional>

class QTabBar;
class QTabWidget;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class ChangesView;
class ChipLabel;
class CodePane;
class CodeView;
class ElidedLabel;
class RevisionDetails;
class SideBySide;
class SignOffBar;
class SqlPane;

/// What is known of the selected revision: its script, its SQL both ways with what was found about it, what
/// changed since it was reviewed, its details; and the verdict. All is fed from outside; answers for another
/// revision than the shown one are ignored.
class ReviewPane : public QWidget
{
    Q_OBJECT

public:
    enum Tab { Script, UpgradeSql, DowngradeSql, SideBySideSql, Changes, Details };

    explicit ReviewPane(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    /// `revision` is null for a row without a file. Asks for script and SQL by signal as needed.
    void showRevision(const RevisionRow &row, const Revision *revision, const RevisionIds &children);
    void clear();
    [[nodiscard]] const RevisionId &shownRevision() const { return m_id; }
    [[nodiscard]] int currentIndex() const;
    void setCurrentIndex(int tab);

    void setScript(const RevisionId &id, const QString &text);
    void setRendering(const RevisionId &id, Direction direction);
    void setSqlError(const RevisionId &id, Direction direction, const Error &error);
    /// SQL, findings and verdict of one direction. The sign-off of the last one that came is shown.
    void setReview(const StepReview &review);
    /// Who would give a verdict: reviewerIdentity().
    void setReviewer(const QString &reviewer) { m_reviewer = reviewer; }
    /// All reviews of the shown revision, for the comments at their lines.
    void setEarlierReviews(const RevisionId &id, const QList<Review> &reviews);
    /// Answers changesNeeded() and fileVersionRequested(). Empty: no difference.
    void setDifference(const QString &unifiedDiff);
    /// Versions of the revision file, newest first, to compare with.
    void setFileVersions(const QStringList &labels);
    /// Opens the SQL of that direction at a line.
    void showSqlLine(Direction direction, int line);
    /// Comments at lines that no verdict was given with yet; forgotten by clearComments() once it is stored.
    [[nodiscard]] QList<LineComment> pendingComments() const { return m_pending.value(m_id); }
    void clearComments(const RevisionId &id);

Q_SIGNALS:
    /// The shown revision needs its script. Answer with setScript().
    void scriptNeeded(const stepwell::RevisionId &id, const QString &file);
    /// A tab came into view whose SQL is not there. Answer with setReview() or setSqlError().
    void sqlNeeded(const stepwell::RevisionId &id, stepwell::Direction direction);
    void openFileRequested(const QString &file);
    /// What changed since it was reviewed is wanted. Answer with setDifference().
    void changesNeeded(const stepwell::RevisionId &id);
    void fileVersionRequested(int version); ///< index into setFileVersions(); likewise
    void acceptRequested(const stepwell::StepReview &review, const QString &findingKey,
                         const QString &reason);
    /// `review`: what was shown when the verdict was given; its hashes are what it covers.
    void reviewRequested(stepwell::Verdict verdict, const QString &comment,
                         const QList<stepwell::AcceptedFinding> &accepted,
                         const QList<stepwell::LineComment> &lineComments,
                         const stepwell::StepReview &review);
    void saveSqlRequested(const QString &sql);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void build(KSyntaxHighlighting::Repository &repository);
    void connectSql(Direction direction);
    void connectReview();
    [[nodiscard]] SqlPane *pane(Direction direction) const;
    [[nodiscard]] const StepReview *anyReview() const;
    [[nodiscard]] QTabBar *bar() const;
    void forgetReviews();
    void tabChanged();
    void askForSql(Direction direction);
    void askForShown();
    void refreshReview();
    void refreshCorner();
    void fitCorner();
    void refreshComments();
    void showFileLine(int line);
    void askComment(LineComment::Text text, int line);
    void openDialog(Verdict verdict);

    RevisionId m_id;
    QString m_file;
    QString m_reviewer;
    std::array<bool, 2> m_asked{};                      ///< by Direction
    std::array<std::optional<StepReview>, 2> m_reviews; ///< likewise
    QList<Review> m_earlier;
    QHash<RevisionId, QList<LineComment>> m_pending;
    QTabWidget *m_tabs;
    CodeView *m_script;
    SqlPane *m_upgrade;
    SqlPane *m_downgrade;
    SideBySide *m_sides;
    ChangesView *m_changes;
    RevisionDetails *m_details;
    ElidedLabel *m_corner;
    SignOffBar *m_signOff;
    std::array<ChipLabel *, 2> m_badges{}; ///< by Direction
};

} // namespace stepwell
