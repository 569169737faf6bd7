// SPDX-License-Identifier: MIT
#include "models/revisionlistmodel.h"

#include "models/reviewtext.h"

using namespace Qt::StringLiterals;

namespace stepwell {

RevisionListModel::RevisionListModel(QObject *parent) : QAbstractTableModel(parent) {}

void RevisionListModel::setStatus(const TargetStatus &status)
{
    int laneCount = 0;
    QList<RevisionRow> rows = revisionRows(status, &laneCount);
    m_laneCount = laneCount;
    for (RevisionRow &row : rows)
        tellRisk(row);
    replace(std::move(rows));
}

void RevisionListModel::setReviews(const QHash<RevisionId, StepReview> &reviews)
{
    m_reviews = reviews;
    QList<RevisionRow> rows = m_rows;
    for (RevisionRow &row : rows)
        tellRisk(row);
    replace(std::move(rows));
}

void RevisionListModel::tellRisk(RevisionRow &row) const
{
    const auto found = m_reviews.constFind(row.id);
    QStringList tip;
    if (found == m_reviews.constEnd()) {
        // What was applied long ago is no risk any more: no word about it.
        const bool matters = row.state != RevisionState::Applied && !row.file.isEmpty();
        row.risk = {matters ? tr("not rendered yet") : QString(), Tone::Neutral};
    } else {
        const Chip risk = ReviewText::risk(*found);
        row.risk = {risk.text, risk.tone};
        if (row.changesData && row.state != RevisionState::Applied)
            row.risk.text += tr(" · data change");
        tip += ReviewText::titles(found->lint);
        tip += found->sql.problem;
    }
    tip += row.notes.text;
    tip.removeAll(QString());
    row.riskTip = tip.join(u'\n');
}

void RevisionListModel::clear()
{
    m_reviews.clear();
    m_laneCount = 0;
    replace({});
}

void RevisionListModel::replace(QList<RevisionRow> rows)
{
    const auto sameId = [](const RevisionRow &a, const RevisionRow &b) { return a.id == b.id; };
    const int shorter = int(qMin(rows.size(), m_rows.size()));
    int head = 0;
    while (head < shorter && sameId(rows[head], m_rows[head]))
        ++head;
    int tail = 0;
    while (tail < shorter - head && sameId(rows[rows.size() - 1 - tail], m_rows[m_rows.size() - 1 - tail]))
        ++tail;

    const int removed = int(m_rows.size()) - head - tail;
    if (removed > 0) {
        beginRemoveRows({}, head, head + removed - 1);
        m_rows.remove(head, removed);
        endRemoveRows();
    }
    const int inserted = int(rows.size()) - head - tail;
    if (inserted > 0) {
        beginInsertRows({}, head, head + inserted - 1);
        m_rows = m_rows.first(head) + rows.sliced(head, inserted) + m_rows.sliced(head);
        endInsertRows();
    }

    int first = 0;
    while (first < rows.size() && rows[first] == m_rows[first])
        ++first;
    int last = int(rows.size()) - 1;
    while (last > first && rows[last] == m_rows[last])
        --last;
    m_rows = std::move(rows);
    if (first < m_rows.size())
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

int RevisionListModel::rowOf(const RevisionId &id) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].id == id)
            return row;
    }
    return -1;
}

int RevisionListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RevisionListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RevisionListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RevisionRow &row = m_rows[index.row()];
    if (role == RowRole)
        return QVariant::fromValue(&row);
    if (role == IdRole)
        return row.id.text();
    if (role == Qt::ToolTipRole && index.column() == Message)
        return row.fileName.isEmpty() ? row.message : tr("%1\nFile: %2").arg(row.message, row.fileName);
    if (role == Qt::ToolTipRole && index.column() == Risk && !row.riskTip.isEmpty())
        return row.risk.text.isEmpty() ? row.riskTip : tr("%1\n%2").arg(row.risk.text, row.riskTip);
    if (role == Qt::AccessibleTextRole && index.column() == Graph)
        return row.current ? tr("The database is at this revision.") : row.stateText.text;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (Column(index.column())) {
    case Id:
        return row.id.text();
    case Message:
        return row.message;
    case State:
        return row.stateText.text;
    case Risk:
        return row.risk.text;
    case Rollback:
        return row.rollback.text;
    case Created:
        return row.created;
    case Graph:
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RevisionListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (Column(section)) {
    case Graph:
        return tip ? tr("How the revisions follow each other, newest on top") : tr("Graph");
    case Id:
        return tip ? tr("The identifier Alembic knows it by") : tr("Revision");
    case Message:
        return tip ? tr("What its author says it does") : tr("Message");
    case State:
        return tip ? tr("Whether this database has it") : tr("State");
    case Risk:
        return tip ? tr("What running its SQL does to those who use the database") : tr("Risk");
    case Rollback:
        return tip ? tr("Whether there is a way back, read from its downgrade()") : tr("Rollback");
    case Created:
        return tip ? tr("When its file was made") : tr("Created");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace stepwell
