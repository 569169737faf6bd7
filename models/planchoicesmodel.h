// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/core/result.h"

#include <QAbstractTableModel>

#include <optional>

namespace stepwell {

/// How far a database can be rolled back: one step, to each applied revision, to base. The plan of
/// a choice is worked out when somebody looks at it, as long histories have thousands. GUI thread.
class PlanChoicesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Choice, Message, TakesBack, Loss, ColumnCount };
    enum Kind { OneStep, ToRevision, ToBase };
    enum Role {
        KindRole = Qt::UserRole + 1,
        TargetRole,       ///< the downgrade target as text; empty if this choice cannot be named
        DangerRole,       ///< true if data is lost or a revision has no way down
        PossibleRole,     ///< there is a plan and each of its revisions has a way down
        LossSeverityRole, ///< 0 nothing is lost, 2 data is lost or there is no way down
        RevisionRole,     ///< id of the revision that is gone back to, or taken back (OneStep)
    };

    explicit PlanChoicesModel(QObject *parent = nullptr);

    void setHistory(const RevisionMap &map, const RevisionIds &rows);
    [[nodiscard]] const Result<Plan> &plan(int row) const;
    /// The revisions that a choice takes back and that lose data, or that have no way down.
    [[nodiscard]] RevisionIds losingData(int row) const;
    [[nodiscard]] RevisionIds irreversible(int row) const;
    /// The row whose target is `text`; -1 if there is none.
    [[nodiscard]] int rowOf(const QString &target) const;
    [[nodiscard]] const RevisionMap &map() const { return m_map; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Entry {
        Kind kind = ToRevision;
        RevisionId revision;
        QString target;
        mutable std::optional<Result<Plan>> plan;
    };

    void addOneStep();
    [[nodiscard]] Entry oneStep(const RevisionId &row) const;
    [[nodiscard]] QString text(const Entry &entry, int row, int column) const;
    [[nodiscard]] QString loss(int row) const;
    [[nodiscard]] QString toolTip(int row, int column) const;
    template<typename Predicate>
    [[nodiscard]] RevisionIds stepsWhere(int row, Predicate predicate) const;

    RevisionMap m_map;
    RevisionIds m_rows;
    QList<Entry> m_entries;
};

} // namespace stepwell
