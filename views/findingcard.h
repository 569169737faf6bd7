// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/finding.h"

#include <QFrame>

class QToolButton;
class QVBoxLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class RunLabel;

/// One finding: what is wrong, what to do about it, the safer way as code, and a button to accept it with a
/// reason. A click, Return or Space asks to see its statement.
class FindingCard : public QFrame
{
    Q_OBJECT

public:
    FindingCard(KSyntaxHighlighting::Repository &repository, const Finding &finding,
                QWidget *parent = nullptr);

    [[nodiscard]] const Finding &finding() const { return m_finding; }
    /// Whether there is somebody to accept it: without, the button is not there.
    void setAcceptable(bool acceptable);
    void setMarked(bool marked); ///< its statement is the one that is looked at

Q_SIGNALS:
    void activated();
    void acceptRequested(const QString &reason);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void addText(const QString &name, const QString &text, int look);
    void addButtons();
    void askReason();
    void showSaferWay(bool shown);

    KSyntaxHighlighting::Repository &m_repository;
    Finding m_finding;
    QVBoxLayout *m_column;
    QToolButton *m_safer = nullptr;
    QToolButton *m_accept = nullptr;
    QWidget *m_way = nullptr;
    bool m_marked = false;
};

} // namespace stepwell
