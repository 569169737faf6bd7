// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QAbstractItemModel>

namespace stepwell {

/// The side bar: environments, below each its targets. GUI thread.
class TargetTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        ChipsRole = Qt::UserRole + 1, ///< Chips
        ColourRole,                   ///< QString: the environment's colour as the workspace says it
        EnvironmentRole,              ///< QString: name
        ComponentRole,                ///< QString: name; empty for an environment
    };

    explicit TargetTreeModel(QObject *parent = nullptr);

    /// Resets. Every target counts as not read until its status comes.
    void setWorkspace(const Workspace &workspace);
    /// Ignored if the target is not in the workspace.
    void setStatus(const TargetStatus &status);
    /// The target is being read: its last state stays, with a sign.
    void setReading(const TargetId &id);

    [[nodiscard]] QModelIndex indexOf(const TargetId &id) const;
    /// Nothing for an environment.
    [[nodiscard]] std::optional<TargetId> targetAt(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Leaf {
        TargetId id;
        Chips chips;
        QString tip;
    };
    struct Branch {
        QString name;
        QString colour;
        Chips chips;
        QList<Leaf> leaves;
    };

    [[nodiscard]] QVariant leafData(const Leaf &leaf, const Branch &branch, int role) const;
    [[nodiscard]] QVariant branchData(const Branch &branch, int role) const;
    Leaf *leafAt(const QModelIndex &index);

    QList<Branch> m_branches;
};

} // namespace stepwell
