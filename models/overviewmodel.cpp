// SPDX-License-Identifier: MIT
#include "models/overviewmodel.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace stepwell {

OverviewModel::OverviewModel(QObject *parent) : QAbstractTableModel(parent) {}

void OverviewModel::setWorkspace(const Workspace &workspace)
{
    beginResetModel();
    m_workspace = workspace;
    m_attentions.clear();
    m_revisionCounts.clear();
    m_cells.assign(workspace.components.size(), QList<OverviewCell>(workspace.environments.size()));
    for (const Target &target : workspace.targets()) {
        const QModelIndex index = indexOf(target.id);
        if (index.isValid())
            m_cells[index.row()][index.column() - 1] = {true, std::nullopt, tr("not read yet"), false, {}};
    }
    endResetModel();
    Q_EMIT summaryChanged();
}

void OverviewModel::setStatus(const TargetStatus &status)
{
    const QModelIndex index = indexOf(status.id);
    if (!index.isValid())
        return;
    OverviewCell &cell = m_cells[index.row()][index.column() - 1];
    cell.exists = true;
    cell.chip = stateChip(status);
    cell.text = currentText(status);
    cell.isRevision = status.current.size() == 1 && status.state != TargetState::Unreachable;
    cell.tip = status.error ? status.error->message : toText(status.current);
    if (const auto attention = attentionOf(status))
        m_attentions.insert(status.id, *attention);
    else
        m_attentions.remove(status.id);
    if (status.scripts)
        m_revisionCounts.insert(status.id.component, status.scripts->map.count());
    Q_EMIT dataChanged(index, index);
    const QModelIndex first = this->index(index.row(), 0);
    Q_EMIT dataChanged(first, first);
    Q_EMIT summaryChanged();
}

QString OverviewModel::facts() const
{
    const int components = int(m_workspace.components.size());
    const int environments = int(m_workspace.environments.size());
    const int attention = int(m_attentions.size());
    QStringList parts;
    parts.append(components == 1 ? tr("1 component") : tr("%1 components").arg(components));
    parts.append(environments == 1 ? tr("1 environment") : tr("%1 environments").arg(environments));
    if (attention > 0)
        parts.append(attention == 1 ? tr("1 needs attention") : tr("%1 need attention").arg(attention));
    return parts.join(u" · "_s);
}

QList<Attention> OverviewModel::attentions() const
{
    QList<Attention> result;
    for (const Environment &environment : m_workspace.environments) {
        for (const Component &component : m_workspace.components) {
            const auto found = m_attentions.constFind({environment.name, component.name});
            if (found != m_attentions.cend())
                result.append(*found);
        }
    }
    return result;
}

std::optional<TargetId> OverviewModel::targetAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.column() == 0 || !m_cells[index.row()][index.column() - 1].exists)
        return std::nullopt;
    return TargetId{m_workspace.environments[index.column() - 1].name,
                    m_workspace.components[index.row()].name};
}

QModelIndex OverviewModel::indexOf(const TargetId &id) const
{
    int row = 0;
    while (row < m_workspace.components.size() && m_workspace.components[row].name != id.component)
        ++row;
    int column = 0;
    while (column < m_workspace.environments.size() &&
           m_workspace.environments[column].name != id.environment)
        ++column;
    if (row == m_workspace.components.size() || column == m_workspace.environments.size())
        return {};
    return createIndex(row, column + 1);
}

int OverviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_workspace.components.size());
}

int OverviewModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_workspace.environments.size()) + 1;
}

QString OverviewModel::subtitle(int row) const
{
    const Component &component = m_workspace.components[row];
    const QString file = QFileInfo(component.config).fileName();
    const int count = m_revisionCounts.value(component.name, -1);
    if (count < 0)
        return file;
    return count == 1 ? tr("%1 · 1 revision").arg(file) : tr("%1 · %2 revisions").arg(file).arg(count);
}

QVariant OverviewModel::componentData(int row, int role) const
{
    const Component &component = m_workspace.components[row];
    switch (role) {
    case Qt::DisplayRole:
        return component.name;
    case SubtitleRole:
        return subtitle(row);
    case Qt::ToolTipRole:
        return component.note.isEmpty() ? component.config : component.note;
    default:
        return {};
    }
}

QVariant OverviewModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.column() == 0)
        return componentData(index.row(), role);
    const OverviewCell &cell = m_cells[index.row()][index.column() - 1];
    switch (role) {
    case CellRole:
        return QVariant::fromValue(&cell);
    case Qt::DisplayRole:
        if (!cell.exists)
            return tr("no database");
        return cell.chip ? tr("%1, %2").arg(cell.chip->text, cell.text) : cell.text;
    case Qt::ToolTipRole:
        return cell.tip;
    default:
        return {};
    }
}

QVariant OverviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (section == 0)
        return role == Qt::DisplayRole ? QVariant(tr("Component")) : QVariant();
    if (section > m_workspace.environments.size())
        return {};
    const Environment &environment = m_workspace.environments[section - 1];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return environment.name;
    return role == ColourRole ? QVariant(environment.colour) : QVariant();
}

Qt::ItemFlags OverviewModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (!targetAt(index))
        return Qt::ItemIsEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace stepwell
