// SPDX-License-Identifier: MIT
#pragma once

#include "models/linemap.h"
#include "models/showncomment.h"

#include <QWidget>

class QLabel;
class QMenu;
class QPlainTextEdit;
class QSplitter;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;
class FindingsColumn;
struct CodeMark;

/// Where the marks of a reviewed SQL stand: findings, statements the parser refuses, comments.
[[nodiscard]] QList<CodeMark> marksOf(const StepReview &review, const QList<ShownComment> &comments,
                                      const LineMap &map);
/// The index of the statement at a line of the SQL, or -1.
[[nodiscard]] int statementAt(const LintReport &report, int line);
/// Its last line.
[[nodiscard]] int lastLine(const Statement &statement);

/// SQL with its findings beside it and what the statement at the cursor does below it. Marks, cards and
/// cursor lead to each other. GUI thread.
class SqlReviewView : public QWidget
{
    Q_OBJECT

public:
    SqlReviewView(KSyntaxHighlighting::Repository &repository, Direction direction,
                  QWidget *parent = nullptr);

    /// SQL that nobody has looked at yet: no marks, no cards.
    void setSql(const RenderedSql &sql);
    void setReview(const StepReview &review);
    void setComments(const QList<ShownComment> &comments);
    void showLine(int line);
    [[nodiscard]] CodeView *code() const { return m_code; }

Q_SIGNALS:
    void acceptRequested(const stepwell::Finding &finding, const QString &reason);
    /// `line` of the reviewed text, see LineMap.
    void commentRequested(int line);
    void fileLineRequested(int line); ///< of the revision file: a finding is about it
    void saveRequested(const QString &sql);

private:
    void build();
    QWidget *makeStrip();
    void connectParts();
    void refreshMarks();
    void explainLine(int line);
    void showFinding(const Finding &finding);
    void extendMenu(QMenu *menu, int line);
    [[nodiscard]] int reviewedLine(int line) const;

    Direction m_direction;
    RenderedSql m_sql;
    std::optional<StepReview> m_review;
    QList<ShownComment> m_comments;
    LineMap m_map;
    QSplitter *m_splitter;
    CodeView *m_code;
    FindingsColumn *m_findings;
    QLabel *m_strip = nullptr;
};

} // namespace stepwell
