// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QStackedWidget>

class QLabel;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;
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
    void setError(const Error &error);
    /// What is shown in place of code, or the code.
    [[nodiscard]] QString shownText() const;

Q_SIGNALS:
    void retryRequested();
    void showLineRequested(int line); ///< of the revision file

private:
    void showNote(const QString &text);

    Direction m_direction;
    CodeView *m_code;
    QLabel *m_note;
    QWidget *m_cardPage;
    MessageCard *m_card;
    int m_line = 0;
};

} // namespace stepwell
