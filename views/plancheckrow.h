// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QWidget>

#include <optional>

class QGridLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;
class PlanLink;
class RunLabel;

/// One line of the checks: a mark, what was looked at, what was found, what to do; links that open the
/// details in place and that offer what would mend it.
class PlanCheckRow : public QWidget
{
    Q_OBJECT

public:
    PlanCheckRow(KSyntaxHighlighting::Repository &repository, const CheckResult &check,
                 QWidget *parent = nullptr);
    /// A line that stands for others: without a mark it says that something is under way.
    PlanCheckRow(KSyntaxHighlighting::Repository &repository, std::optional<CheckState> mark,
                 const QString &text, QWidget *parent = nullptr);

    [[nodiscard]] const CheckResult &check() const { return m_check; }
    void setText(const QString &text); ///< of a line that stands for others
    /// A link at the right; of a check it is there already if it has details.
    PlanLink *addLink(const QString &objectName, const QString &text);
    void setTitleWidth(int width);
    void setDetailsShown(bool shown);
    void setFixesEnabled(bool enabled);
    /// What the keyboard stops at, in order.
    [[nodiscard]] QList<QWidget *> stops() const;

Q_SIGNALS:
    void fixChosen(const stepwell::CheckFix &fix);
    void detailsToggled(bool shown);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addText();
    void addFixes();

    KSyntaxHighlighting::Repository &m_repository;
    CheckResult m_check;
    std::optional<CheckState> m_mark;
    QGridLayout *m_grid;
    RunLabel *m_title;
    PlanLink *m_link = nullptr;
    QList<PlanLink *> m_fixes;
    CodeView *m_details = nullptr; ///< made when it is wanted
};

} // namespace stepwell
