// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QPlainTextEdit>

class QMenu;

namespace KSyntaxHighlighting {
class Repository;
class SyntaxHighlighter;
} // namespace KSyntaxHighlighting

namespace stepwell {

/// A mark before a line: a dot for a finding, a bubble for a comment.
struct CodeMark {
    int line = 0; ///< from 1
    Tone tone = Tone::Neutral;
    QString tip;
    bool isComment = false;

    bool operator==(const CodeMark &) const = default;
};

/// Read-only source text, highlighted, with line numbers and marks. Colours follow the palette.
class CodeView : public QPlainTextEdit
{
    Q_OBJECT

public:
    /// `repository` is shared by the program and must outlive the view.
    explicit CodeView(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);
    ~CodeView() override;

    /// `definition` is a name KSyntaxHighlighting knows: "Python", "SQL (PostgreSQL)". Takes all marks away.
    void setCode(const QString &text, const QString &definition);
    /// Marks a line (from 1) and scrolls to it; 0 removes the mark.
    void markLine(int line) { markLines(line, line); }
    void markLines(int first, int last);
    [[nodiscard]] int markedLine() const { return m_marked; }
    void setMarks(const QList<CodeMark> &marks);
    [[nodiscard]] const QList<CodeMark> &marks() const { return m_marks; }
    /// Underlines what begins at that character: the parser stopped there. -1: nothing.
    void setErrorAt(qsizetype offset);
    void setGutterShown(bool shown);
    [[nodiscard]] int cursorLine() const; ///< from 1
    /// Where the gutter draws a line, in the coordinates of the view.
    [[nodiscard]] QPoint gutterPoint(int line) const;

Q_SIGNALS:
    void cursorLineChanged(int line);
    void markClicked(int line);
    void findRequested();
    /// The menu of a line is about to be shown; actions may be added.
    void menuNeeded(QMenu *menu, int line);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void applyTheme();
    void placeGutter();
    void paintGutter();
    void showSelections();
    void showMenu(int line, const QPoint &global);
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] int lineAt(int y) const;
    [[nodiscard]] QString tipOf(int line) const;

    KSyntaxHighlighting::Repository &m_repository;
    KSyntaxHighlighting::SyntaxHighlighter *m_highlighter;
    QWidget *m_gutter;
    QList<CodeMark> m_marks;
    int m_marked = 0;
    int m_markedLast = 0;
    qsizetype m_error = -1;
    int m_cursorLine = 1;
    bool m_gutterShown = true;
};

} // namespace stepwell
