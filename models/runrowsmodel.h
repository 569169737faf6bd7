// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractTableModel>

namespace stepwell {

/// Rows that break a constraint, as they were looked up. GUI thread.
class RunRowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit RunRowsModel(const OffendingRows &rows, QObject *parent = nullptr);

    /// Tab-separated with a header, for a spreadsheet; `rows`: which, in order.
    [[nodiscard]] QString toText(const QList<int> &rows) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    OffendingRows m_rows;
};

} // namespace stepwell
