// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractTableModel>

namespace stepwell {

/// The waits for locks of a run, the newest last. Keeps the last 1,000. GUI thread.
class RunLocksModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Lock, Relation, BlockerColumn, Waited, ColumnCount };
    enum Role {
        OpenRole = Qt::UserRole + 1, ///< true while it waits
    };
    static constexpr int limit = 1000;

    explicit RunLocksModel(QObject *parent = nullptr);

    void clear();
    /// Takes LockWaiting and LockGone and ignores the others. A wait that is told again changes its row.
    void append(const QList<RunEvent> &events);
    /// The run is over, and with it every wait.
    void finish();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QDateTime since;
        LockWait wait;
        bool open = true;
    };

    void tell(const RunEvent &event);
    void close();

    QList<Row> m_rows;
};

} // namespace stepwell
