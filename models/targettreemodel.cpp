// SPDX-License-Identifier: MIT
#include "models/targettreemodel.h"

#include "models/attention.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// The internal id of an environment; a target holds its environment's row instead.
constexpr quintptr topLevel = ~quintptr(0);

QStringList textsOf(const Chips &chips)
{
    QStringList texts;
    for (const Chip &chip : chips)
        texts.append(chip.text);
    return texts;
}

} // namespace

TargetTreeModel::TargetTreeModel(QObject *parent) : QAbstractItemModel(parent) {}

void TargetTreeModel::setWorkspace(const Workspace &workspace)
{
    beginResetModel();
    m_branches.clear();
    const QList<Target> targets = workspace.targets();
    for (const Environment &environment : workspace.environments) {
        Branch branch{environment.name, environment.colour, environmentChips(environment), {}};
        for (const Target &target : targets) {
            if (target.id.environment == environment.name)
                branch.leaves.append({target.id, {{tr("not read"), Tone::Neutral}}, target.component.note});
        }
        m_branches.append(branch);
    }
    endResetModel();
}

void TargetTreeModel::setStatus(const TargetStatus &status)
{
    const QModelIndex index = indexOf(status.id);
    Leaf *leaf = leafAt(index);
    if (!leaf)
        return;
    leaf->chips = {stateChip(status)};
    leaf->tip = status.error ? status.error->message : currentText(status);
    Q_EMIT dataChanged(index, index);
}

void TargetTreeModel::setReading(const TargetId &id)
{
    const QModelIndex index = indexOf(id);
    Leaf *leaf = leafAt(index);
    if (!leaf)
        return;
    leaf->chips = {{tr("reading…"), Tone::Neutral}};
    Q_EMIT dataChanged(index, index);
}

QModelIndex TargetTreeModel::indexOf(const TargetId &id) const
{
    for (int i = 0; i < m_branches.size(); ++i) {
        const QList<Leaf> &leaves = m_branches[i].leaves;
        for (int j = 0; j < leaves.size(); ++j) {
            if (leaves[j].id == id)
                return createIndex(j, 0, quintptr(i));
        }
    }
    return {};
}

std::optional<TargetId> TargetTreeModel::targetAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.model() != this || index.internalId() == topLevel)
        return std::nullopt;
    return m_branches[qsizetype(index.internalId())].leaves[index.row()].id;
}

TargetTreeModel::Leaf *TargetTreeModel::leafAt(const QModelIndex &index)
{
    if (!index.isValid() || index.internalId() == topLevel)
        return nullptr;
    return &m_branches[qsizetype(index.internalId())].leaves[index.row()];
}

QModelIndex TargetTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) : topLevel);
}

QModelIndex TargetTreeModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return {};
    return createIndex(int(index.internalId()), 0, topLevel);
}

int TargetTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_branches.size());
    if (parent.internalId() != topLevel || parent.column() != 0)
        return 0;
    return int(m_branches[parent.row()].leaves.size());
}

int TargetTreeModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant TargetTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == topLevel)
        return branchData(m_branches[index.row()], role);
    const Branch &branch = m_branches[qsizetype(index.internalId())];
    return leafData(branch.leaves[index.row()], branch, role);
}

QVariant TargetTreeModel::leafData(const Leaf &leaf, const Branch &branch, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case ComponentRole:
        return leaf.id.component;
    case Qt::ToolTipRole:
        return leaf.tip.isEmpty() ? leaf.id.text() : tr("%1: %2").arg(leaf.id.text(), leaf.tip);
    case Qt::AccessibleTextRole:
        return tr("%1 in %2: %3")
            .arg(leaf.id.component, leaf.id.environment, textsOf(leaf.chips).join(u", "_s));
    case ChipsRole:
        return QVariant::fromValue(leaf.chips);
    case ColourRole:
        return branch.colour;
    case EnvironmentRole:
        return leaf.id.environment;
    default:
        return {};
    }
}

QVariant TargetTreeModel::branchData(const Branch &branch, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case EnvironmentRole:
        return branch.name;
    case Qt::AccessibleTextRole:
        return branch.chips.isEmpty()
                   ? tr("Environment %1").arg(branch.name)
                   : tr("Environment %1: %2").arg(branch.name, textsOf(branch.chips).join(u", "_s));
    case ComponentRole:
        return QString();
    case ChipsRole:
        return QVariant::fromValue(branch.chips);
    case ColourRole:
        return branch.colour;
    default:
        return {};
    }
}

Qt::ItemFlags TargetTreeModel::flags(const QModelIndex &index) const
{
    // An environment is a caption: arrow keys go from target to target.
    if (!index.isValid() || index.internalId() == topLevel)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace stepwell
