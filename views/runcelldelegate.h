// SPDX-License-Identifier: MIT
#pragma once

#include <QSet>
#include <QStyledItemDelegate>

class QTableView;

namespace stepwell {

/// Cells of the tables of plans, runs, journal and backups: some columns in a fixed-width font, some
/// as chips, a hairline below each row, a soft selection that leaves the colours of a cell alone.
class RunCellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit RunCellDelegate(QObject *parent = nullptr);

    void setMonoColumns(const QSet<int> &columns) { m_mono = columns; }
    void setMutedColumns(const QSet<int> &columns) { m_muted = columns; }
    void setChipRole(int role) { m_chipRole = role; } ///< holds a Chip
    void setHairline(bool hairline) { m_hairline = hairline; }
    /// Role with 0 (calm), 1 (caution), 2 (danger).
    void setSeverityRole(int role) { m_severityRole = role; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// What all these tables have in common: whole rows, no grid, quiet header, keyboard by rows.
    static void dress(QTableView *table);

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    QSet<int> m_mono;
    QSet<int> m_muted;
    int m_chipRole = -1;
    int m_severityRole = -1;
    bool m_hairline = true;
};

} // namespace stepwell
