// SPDX-License-Identifier: MIT
#pragma once

#include "views/sqlreviewview.h"

#include <QStackedWidget>

class QLabel;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class FindingsList;
class MessageCard;

/// The SQL of one revision in one direction, or why there is none.
class SqlPane : public QStackedWidget
{
    Q_OBJECT

public:
    SqlPane(KSyntaxHighlighting::Repository &repository, Direction direction, QWidget *parent = nullptr);

    void setEmpty(); ///< no revision is selected
    void setRendering();
    void setSql(const RenderedSql &sql);
    void setReview(const StepReview &review);
    [[nodiscard]] SqlReviewView *view() const { return m_view; }
    void setError(const Error &error);
    /// What is shown in place of code, or the code.
    [[nodiscard]] QString shownText() const;

Q_SIGNALS:
    void retryRequested();
    void showLineRequested(int line); ///< of the revision file
    void acceptRequested(const stepwell::Finding &finding, const QString &reason);

private:
    void showNote(const QString &text);
    void showProblem(const RenderedSql &sql);

    Direction m_direction;
    SqlReviewView *m_view;
    QLabel *m_note;
    QWidget *m_cardPage;
    QWidget *m_cardArea = nullptr; ///< m_cardPage, scrolled
    MessageCard *m_card;
    FindingsList *m_fileFindings; ///< about the file, where there is no SQL to put them beside
    int m_line = 0;
};

} // namespace stepwell
