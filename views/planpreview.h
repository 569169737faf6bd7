// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"

#include <QWidget>

class QTableView;

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

class CodeView;
class FindingsList;
class PlanModel;
class RunLabel;

/// The steps of a plan, and the SQL of the selected one with what was found about it. Reads a PlanModel that
/// it does not own.
class PlanPreview : public QWidget
{
    Q_OBJECT

public:
    PlanPreview(KSyntaxHighlighting::Repository &repository, PlanModel *model, QWidget *parent = nullptr);

    /// Shown instead of SQL that nobody could render at all.
    void setProblem(const Error &error);
    void selectStep(int row);

Q_SIGNALS:
    void acceptRequested(const stepwell::RevisionId &id, const stepwell::Finding &finding,
                         const QString &reason);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitTable();
    void showSelected();
    void showSql(const RenderedSql &sql);
    void showReview(const StepReview *review);
    void showFinding(const Finding &finding);
    void connectParts();

    PlanModel *m_model;
    QTableView *m_table;
    CodeView *m_code;
    RunLabel *m_note;
    FindingsList *m_findings;
    int m_width = 0; ///< of the table when its columns were last fitted
    QString m_problem;
};

} // namespace stepwell
