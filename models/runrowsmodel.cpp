// SPDX-License-Identifier: MIT
#include "models/runrowsmodel.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shownLength = 200; // a cell may hold a document

/// A cell stays one cell.
QString plainCell(QString cell)
{
    return cell.replace(u'\t', u' ').replace(u'\n', u' ').remove(u'\r');
}

} // namespace

RunRowsModel::RunRowsModel(const OffendingRows &rows, QObject *parent)
    : QAbstractTableModel(parent), m_rows(rows)
{
}

QString RunRowsModel::toText(const QList<int> &rows) const
{
    QStringList lines{m_rows.columns.join(u'\t')};
    for (const int row : rows) {
        QStringList cells;
        for (const QString &cell : m_rows.rows.value(row))
            cells += plainCell(cell);
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n');
}

int RunRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.rows.size());
}

int RunRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.columns.size());
}

QVariant RunRowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QString cell = m_rows.rows.at(index.row()).value(index.column());
    if (role == Qt::DisplayRole)
        return cell.size() <= shownLength ? cell.simplified()
                                          : QString(cell.left(shownLength).simplified() + u'…');
    if (role == Qt::ToolTipRole)
        return cell.left(4000);
    return {};
}

QVariant RunRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return m_rows.columns.value(section);
}

} // namespace stepwell
