// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QDialog>

class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace stepwell {

class RunButton;
class RunLabel;

/// Asks for what a verdict needs: a comment, and a reason for each blocking finding that is approved all the
/// same. Shows who gives it and what it covers. Passive: the answers are read out after accepted().
class ReviewDialog : public QDialog
{
    Q_OBJECT

public:
    /// `findings`: those of the revision that nobody has accepted yet; of several with one key the first
    /// counts.
    ReviewDialog(const StepReview &review, Verdict verdict, const QString &reviewer,
                 const QList<Finding> &findings, const QList<LineComment> &comments,
                 QWidget *parent = nullptr);

    [[nodiscard]] QString comment() const;
    [[nodiscard]] QList<AcceptedFinding> accepted() const; ///< those with a reason
    [[nodiscard]] QList<LineComment> lineComments() const; ///< those that were kept
    [[nodiscard]] QString missing() const;                 ///< why it cannot be given yet; else empty

private:
    void addHead(QVBoxLayout *column, const QString &reviewer);
    void addCovered(QVBoxLayout *column);
    void addFindings(QVBoxLayout *column);
    void addComments(QVBoxLayout *column);
    void refresh();

    struct Ask {
        Finding finding;
        QLineEdit *edit;
    };
    StepReview m_review;
    Verdict m_verdict;
    QList<Finding> m_findings;
    QList<LineComment> m_comments;
    QList<Ask> m_asks;
    QPlainTextEdit *m_comment;
    RunLabel *m_missing;
    RunButton *m_give;
};

} // namespace stepwell
