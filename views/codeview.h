// SPDX-License-Identifier: MIT
#pragma once

#include <QPlainTextEdit>

namespace KSyntaxHighlighting {
class Repository;
class SyntaxHighlighter;
} // namespace KSyntaxHighlighting

namespace stepwell {

/// Read-only source text, highlighted, with line numbers. Colours follow the palette.
class CodeView : public QPlainTextEdit
{
    Q_OBJECT

public:
    /// `repository` is shared by the program and must outlive the view.
    explicit CodeView(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);
    ~CodeView() override;

    /// `definition` is a name KSyntaxHighlighting knows: "Python", "SQL (PostgreSQL)".
    void setCode(const QString &text, const QString &definition);
    /// Marks a line (from 1) and scrolls to it; 0 removes the mark.
    void markLine(int line);
    [[nodiscard]] int markedLine() const { return m_marked; }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void applyTheme();
    void placeGutter();
    void paintGutter();
    [[nodiscard]] int gutterWidth() const;
    void showMark();

    KSyntaxHighlighting::Repository &m_repository;
    KSyntaxHighlighting::SyntaxHighlighter *m_highlighter;
    QWidget *m_gutter;
    int m_marked = 0;
};

} // namespace stepwell
