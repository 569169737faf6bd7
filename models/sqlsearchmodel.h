// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QAbstractTableModel>

namespace stepwell {

/// One line of SQL that has what is searched for.
struct SqlHit {
    RevisionId revision;
    Direction direction = Direction::Upgrade;
    int line = 0; ///< from 1
    QString text;

    bool operator==(const SqlHit &) const = default;
};

/// The lines of the SQL of several revisions that hold a text, in the order of the revisions. GUI thread.
class SqlSearchModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { RevisionColumn, DirectionColumn, Line, Text, ColumnCount };
    static constexpr int limit = 2000; ///< hits; more are not listed

    explicit SqlSearchModel(QObject *parent = nullptr);

    void setReviews(const QList<StepReview> &reviews);
    /// All words, in any order, whatever their case. Empty: nothing is found.
    void setText(const QString &text);
    [[nodiscard]] const QList<SqlHit> &hits() const { return m_hits; }
    [[nodiscard]] bool isCut() const { return m_cut; } ///< there are more than the limit
    [[nodiscard]] int searched() const { return int(m_reviews.size()); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void search();

    QList<StepReview> m_reviews;
    QStringList m_words;
    QList<SqlHit> m_hits;
    bool m_cut = false;
};

} // namespace stepwell
