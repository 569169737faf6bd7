// SPDX-License-Identifier: MIT
#include "models/runlocksmodel.h"

#include "models/runlocktext.h"
#include "models/runtext.h"

namespace stepwell {

using namespace Qt::StringLiterals;

RunLocksModel::RunLocksModel(QObject *parent) : QAbstractTableModel(parent) {}

void RunLocksModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

void RunLocksModel::append(const QList<RunEvent> &events)
{
    for (const RunEvent &event : events) {
        if (event.type == RunEvent::LockWaiting && event.lockWait)
            tell(event);
        else if (event.type == RunEvent::LockGone)
            close();
    }
}

void RunLocksModel::finish()
{
    close();
}

void RunLocksModel::tell(const RunEvent &event)
{
    const LockWait &wait = *event.lockWait;
    const int last = int(m_rows.size()) - 1;
    if (last >= 0 && m_rows.at(last).open && m_rows.at(last).wait.relation == wait.relation &&
        m_rows.at(last).wait.mode == wait.mode && m_rows.at(last).wait.waited <= wait.waited) {
        m_rows[last].wait = wait;
        Q_EMIT dataChanged(index(last, 0), index(last, ColumnCount - 1));
        return;
    }
    close();
    if (m_rows.size() >= limit) {
        beginRemoveRows({}, 0, limit / 10 - 1);
        m_rows.remove(0, limit / 10);
        endRemoveRows();
    }
    const QDateTime now = event.when.isValid() ? event.when : QDateTime::currentDateTimeUtc();
    const int at = int(m_rows.size());
    beginInsertRows({}, at, at);
    m_rows += Row{.since = now.addMSecs(-wait.waited.count()), .wait = wait};
    endInsertRows();
}

void RunLocksModel::close()
{
    const int last = int(m_rows.size()) - 1;
    if (last < 0 || !m_rows.at(last).open)
        return;
    m_rows[last].open = false;
    Q_EMIT dataChanged(index(last, 0), index(last, ColumnCount - 1));
}

int RunLocksModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RunLocksModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunLocksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        break;
    case Qt::ToolTipRole:
        return RunLockText::sentence(row.wait);
    case Qt::TextAlignmentRole:
        return int((index.column() == Waited ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case OpenRole:
        return row.open;
    default:
        return {};
    }
    switch (index.column()) {
    case Time:
        return row.since.toLocalTime().toString(u"HH:mm:ss"_s);
    case Lock:
        return row.wait.mode;
    case Relation:
        return row.wait.relation;
    case BlockerColumn: {
        if (row.wait.blockers.isEmpty())
            return QString();
        const QString first = RunLockText::blocker(row.wait.blockers.first());
        const qsizetype more = row.wait.blockers.size() - 1;
        return more == 0 ? first : tr("%1 and %2 more").arg(first).arg(more);
    }
    default:
        return row.open ? tr("%1 so far").arg(RunText::duration(row.wait.waited))
                        : RunText::duration(row.wait.waited);
    }
}

QVariant RunLocksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Since");
    case Lock:
        return tr("Lock");
    case Relation:
        return tr("On");
    case BlockerColumn:
        return tr("Held up by");
    case Waited:
        return tr("Waited");
    default:
        return {};
    }
}

} // namespace stepwell
