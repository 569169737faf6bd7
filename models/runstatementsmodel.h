// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractTableModel>
#include <QHash>

namespace stepwell {

/// The statements of a run, the newest last. Keeps the last 10,000; older ones are let go in
/// blocks and counted. GUI thread.
class RunStatementsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Sql, Took, ColumnCount };
    enum State { Running, Done, Failed, Note };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< State
        FullSqlRole,                  ///< as it was sent
        ErrorRole,
    };
    static constexpr int limit = 10'000;

    explicit RunStatementsModel(QObject *parent = nullptr);

    void clear();
    /// Takes Statement* and Retry events and ignores the others. One call inserts once, however
    /// many events it brings.
    void append(const QList<RunEvent> &events);
    [[nodiscard]] qint64 droppedCount() const { return m_dropped; }
    [[nodiscard]] qint64 totalCount() const { return m_dropped + m_rows.size(); }
    [[nodiscard]] int failedRow() const; ///< the last one that failed, -1 if none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QDateTime when;
        QString sql;     ///< as sent
        QString oneLine; ///< what the list shows
        State state = Running;
        std::chrono::milliseconds duration{0};
        qint64 rows = -1;
        QString error;
    };

    static void finish(Row &row, const RunEvent &event);
    void insert(QList<Row> &&rows);
    [[nodiscard]] static QString took(const Row &row);

    QList<Row> m_rows;
    qint64 m_dropped = 0;
    QHash<int, qint64> m_open; ///< statement number -> position since the start of the run
};

} // namespace stepwell
