// SPDX-License-Identifier: MIT
#pragma once

#include "models/attention.h"

#include <QAbstractTableModel>
#include <QHash>

namespace stepwell {

/// One cell of the overview: a component in an environment.
struct OverviewCell {
    bool exists = false;      ///< false: the environment has no database for the component
    std::optional<Chip> chip; ///< absent: not read yet
    QString text;             ///< the current revision, or why there is none
    bool isRevision = false;  ///< text is an id
    QString tip;

    bool operator==(const OverviewCell &) const = default;
};

/// The matrix: a row for each component, after its name a column for each environment. GUI thread.
class OverviewModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        CellRole = Qt::UserRole + 1, ///< const OverviewCell *: valid until the model changes
        SubtitleRole,                ///< QString, first column: "alembic.ini · 485 revisions"
        ColourRole,                  ///< header of an environment: its colour word
    };

    explicit OverviewModel(QObject *parent = nullptr);

    void setWorkspace(const Workspace &workspace);
    void setStatus(const TargetStatus &status);

    [[nodiscard]] QString title() const { return m_workspace.name; }
    /// "3 components · 3 environments · 2 need attention".
    [[nodiscard]] QString facts() const;
    /// In the order of the matrix, column by column.
    [[nodiscard]] QList<Attention> attentions() const;
    [[nodiscard]] std::optional<TargetId> targetAt(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const TargetId &id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// facts() or attentions() are different now.
    void summaryChanged();

private:
    [[nodiscard]] QString subtitle(int row) const;
    [[nodiscard]] QVariant componentData(int row, int role) const;

    Workspace m_workspace;
    QList<QList<OverviewCell>> m_cells; ///< row, environment
    QHash<TargetId, Attention> m_attentions;
    QHash<QString, int> m_revisionCounts; ///< by component
};

} // namespace stepwell

Q_DECLARE_METATYPE(const stepwell::OverviewCell *)
