// SPDX-License-Identifier: MIT
#pragma once

#include "models/revisionlistmodel.h"

namespace stepwell {

/// Why a revision stands out in a graph.
struct RevisionMark {
    Chip chip;
    bool isNews = true; ///< the row is coloured: it is or will be another than before

    bool operator==(const RevisionMark &) const = default;
};
using RevisionMarks = QHash<RevisionId, RevisionMark>;

/// The revisions of a graph, without any database: as they are, or as they would be. Columns and roles are
/// those of RevisionListModel, so that its delegate and its filter serve here too. GUI thread.
class HistoryGraphModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int shownColumns = RevisionListModel::Message + 1;

    explicit HistoryGraphModel(QObject *parent = nullptr);

    /// `current`: version rows, to be shown as where a database is.
    void setGraph(const RevisionMap &map, const RevisionMarks &marks, const RevisionIds &current = {});

    [[nodiscard]] const QList<RevisionRow> &rows() const { return m_rows; }
    [[nodiscard]] int laneCount() const { return m_laneCount; }
    [[nodiscard]] int rowOf(const RevisionId &id) const; ///< -1 if not there
    /// The marked rows, from the top.
    [[nodiscard]] QList<int> markedRows() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    QList<RevisionRow> m_rows;
    QList<int> m_marked;
    int m_laneCount = 0;
};

} // namespace stepwell
