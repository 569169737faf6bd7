// SPDX-License-Identifier: MIT
#include "models/runstatementsmodel.h"

#include "models/runtext.h"

#include <QLocale>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int oneLineLimit = 500; // a data migration may send megabytes in one statement

} // namespace

RunStatementsModel::RunStatementsModel(QObject *parent) : QAbstractTableModel(parent) {}

void RunStatementsModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_open.clear();
    m_dropped = 0;
    endResetModel();
}

void RunStatementsModel::append(const QList<RunEvent> &events)
{
    QList<Row> fresh;
    const qint64 first = totalCount();
    int firstChanged = -1;
    int lastChanged = -1;
    for (const RunEvent &event : events) {
        if (event.type == RunEvent::StatementStarted) {
            m_open.insert(event.number, first + fresh.size());
            fresh += Row{.when = event.when,
                         .sql = event.text,
                         .oneLine = RunText::oneLine(event.text.left(oneLineLimit))};
        } else if (event.type == RunEvent::Retry) {
            fresh += Row{.when = event.when,
                         .sql = event.text,
                         .oneLine = RunText::oneLine(event.text),
                         .state = Note};
        } else if (event.type == RunEvent::StatementFinished) {
            const qint64 at = m_open.value(event.number, -1);
            m_open.remove(event.number);
            if (at >= first) {
                finish(fresh[at - first], event);
            } else if (at >= m_dropped) {
                const int row = int(at - m_dropped);
                finish(m_rows[row], event);
                firstChanged = firstChanged < 0 ? row : std::min(firstChanged, row);
                lastChanged = std::max(lastChanged, row);
            }
        }
    }
    if (firstChanged >= 0)
        Q_EMIT dataChanged(index(firstChanged, 0), index(lastChanged, ColumnCount - 1));
    insert(std::move(fresh));
}

void RunStatementsModel::finish(Row &row, const RunEvent &event)
{
    row.state = event.ok ? Done : Failed;
    row.duration = event.duration;
    row.rows = event.rows;
    row.error = event.ok ? QString() : event.text;
}

void RunStatementsModel::insert(QList<Row> &&rows)
{
    if (rows.isEmpty())
        return;
    if (rows.size() > limit) {
        m_dropped += rows.size() - limit;
        rows.remove(0, rows.size() - limit);
    }
    if (const qsizetype over = m_rows.size() + rows.size() - limit; over > 0) {
        // In blocks of a tenth, so that a long run does not move the whole list at each batch.
        const int gone = int(std::min<qsizetype>(m_rows.size(), std::max<qsizetype>(over, limit / 10)));
        if (gone > 0) {
            beginRemoveRows({}, 0, gone - 1);
            m_rows.remove(0, gone);
            m_dropped += gone;
            endRemoveRows();
        }
    }
    const int at = int(m_rows.size());
    beginInsertRows({}, at, at + int(rows.size()) - 1);
    m_rows += std::move(rows);
    endInsertRows();
}

int RunStatementsModel::failedRow() const
{
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        if (m_rows.at(row).state == Failed)
            return row;
    }
    return -1;
}

int RunStatementsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RunStatementsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunStatementsModel::took(const Row &row)
{
    switch (row.state) {
    case Running:
        return tr("running…");
    case Note:
        return {};
    case Failed:
        return tr("%1 · failed").arg(RunText::duration(row.duration));
    case Done:
        break;
    }
    if (row.rows < 0)
        return RunText::duration(row.duration);
    const QString rows = row.rows == 1 ? tr("1 row") : tr("%1 rows").arg(QLocale().toString(row.rows));
    return QString(RunText::duration(row.duration) + u" · "_s + rows);
}

QVariant RunStatementsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Time:
            return row.when.toLocalTime().toString(u"HH:mm:ss"_s);
        case Sql:
            return row.oneLine;
        default:
            return took(row);
        }
    case Qt::ToolTipRole:
        return row.error.isEmpty() ? row.sql.left(4000) : row.error;
    case Qt::TextAlignmentRole:
        return int((index.column() == Took ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case StateRole:
        return row.state;
    case FullSqlRole:
        return row.sql;
    case ErrorRole:
        return row.error;
    default:
        return {};
    }
}

QVariant RunStatementsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Sql:
        return tr("Statement");
    case Took:
        return tr("Took");
    default:
        return {};
    }
}

} // namespace stepwell
