// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revision.h"
#include "migrations/review/stepreview.h"
#include "migrations/run/runtypes.h"

#include <QAbstractTableModel>
#include <QHash>

namespace stepwell {

/// The steps of a plan with what their files and their rendered SQL tell. GUI thread.
class PlanModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Number,
        RevisionColumn,
        Message,
        StrongestLock,
        Tables,
        WayBackColumn,
        Findings,
        ColumnCount
    };
    enum Severity { Calm, Caution, Danger };
    enum Role {
        SeverityRole = Qt::UserRole + 1, ///< of the cell
        RevisionRole,                    ///< the full id as text
    };

    explicit PlanModel(QObject *parent = nullptr);

    /// `facts`: what is known of the revisions; those of the plan are looked up by id.
    void setPlan(const Plan &plan, const QList<Revision> &facts);
    /// What was found about steps, in parts or whole, with their SQL; those of the other direction are left
    /// out.
    void setReviews(const QList<StepReview> &reviews);
    /// False: nobody renders, so say "not rendered" and not "rendering".
    void setRenderingAwaited(bool awaited);

    [[nodiscard]] const Plan &plan() const { return m_plan; }
    [[nodiscard]] const RenderedSql *rendered(int row) const; ///< null if not there yet
    [[nodiscard]] const StepReview *review(int row) const;    ///< null if not there yet
    [[nodiscard]] int blockingCount() const;                  ///< findings that nobody accepted
    /// Steps that need approvals and do not have them all.
    [[nodiscard]] RevisionIds notApproved() const;
    [[nodiscard]] bool isRenderingAwaited() const { return m_awaited; }
    [[nodiscard]] bool isReviewed() const;    ///< each step was looked at, whether its SQL is known or not
    [[nodiscard]] int statementCount() const; ///< of the steps that could be rendered
    [[nodiscard]] int notRenderableCount() const;
    /// Revisions whose way down drops tables, columns or rows; in the order of the plan.
    [[nodiscard]] RevisionIds losingData() const;
    /// Revisions that have no way down.
    [[nodiscard]] RevisionIds irreversible() const;
    /// Revisions with an autocommit block; in the order of the plan.
    [[nodiscard]] RevisionIds autocommitting() const;
    [[nodiscard]] QString message(const RevisionId &id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] Severity severity(int row, int column) const;
    [[nodiscard]] QStringList notes(int row) const;
    [[nodiscard]] QString wayBack(const Revision &facts) const;
    [[nodiscard]] QString lock(int row) const;
    [[nodiscard]] QString toolTip(int row, int column) const;

    Plan m_plan;
    QList<Revision> m_facts; ///< one a step
    QHash<RevisionId, StepReview> m_reviews;
    bool m_awaited = true;
};

} // namespace stepwell
