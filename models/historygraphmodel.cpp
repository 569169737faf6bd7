// SPDX-License-Identifier: MIT
#include "models/historygraphmodel.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace stepwell {

HistoryGraphModel::HistoryGraphModel(QObject *parent) : QAbstractTableModel(parent) {}

void HistoryGraphModel::setGraph(const RevisionMap &map, const RevisionMarks &marks,
                                 const RevisionIds &current)
{
    beginResetModel();
    const RevisionIds order = map.history();
    const LaneLayout layout = layoutLanes(map, order);
    m_laneCount = layout.laneCount;
    m_marked.clear();
    m_rows.clear();
    m_rows.reserve(order.size());
    for (int i = 0; i < order.size(); ++i) {
        const Revision *revision = map.find(order[i]);
        RevisionRow row;
        row.id = order[i];
        row.message = revision ? revision->message : QString();
        row.file = revision ? revision->file : QString();
        row.fileName = QFileInfo(row.file).fileName();
        row.head = map.isHead(row.id);
        row.lane = layout.rows[i];
        row.current = current.contains(row.id);
        row.state = RevisionState::Applied;
        if (const auto mark = marks.constFind(row.id); mark != marks.constEnd()) {
            m_marked += i;
            row.chips += mark->chip;
            row.stateText = {mark->chip.text, mark->chip.tone};
            // Drawn as what is still to come: hollow, on a coloured ground.
            if (mark->isNews)
                row.state = RevisionState::Pending;
        }
        if (row.current)
            row.chips += Chip{tr("◀ database is here"), Tone::Accent};
        if (row.head)
            row.chips += Chip{tr("head"), Tone::Info};
        for (const QString &label : revision ? revision->branchLabels : QStringList())
            row.chips += Chip{tr("label: %1").arg(label), Tone::Neutral};
        m_rows += row;
    }
    endResetModel();
}

int HistoryGraphModel::rowOf(const RevisionId &id) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].id == id)
            return row;
    }
    return -1;
}

QList<int> HistoryGraphModel::markedRows() const
{
    return m_marked;
}

int HistoryGraphModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int HistoryGraphModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : shownColumns;
}

QVariant HistoryGraphModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RevisionRow &row = m_rows[index.row()];
    if (role == RevisionListModel::RowRole)
        return QVariant::fromValue(&row);
    if (role == RevisionListModel::IdRole)
        return row.id.text();
    if (role == Qt::AccessibleTextRole && index.column() == RevisionListModel::Graph)
        return row.stateText.text;
    if (role == Qt::ToolTipRole && index.column() == RevisionListModel::Message)
        return row.fileName.isEmpty() ? row.message : tr("%1\nFile: %2").arg(row.message, row.fileName);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (index.column() == RevisionListModel::Id)
        return row.id.text();
    if (index.column() == RevisionListModel::Message)
        return row.message;
    return {};
}

QVariant HistoryGraphModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case RevisionListModel::Graph:
        return tr("Graph");
    case RevisionListModel::Id:
        return tr("Revision");
    case RevisionListModel::Message:
        return tr("Message");
    default:
        return {};
    }
}

} // namespace stepwell
