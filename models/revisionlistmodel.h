// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "models/chip.h"
#include "models/lanelayout.h"

#include <QAbstractTableModel>
#include <QHash>

namespace stepwell {

enum class RevisionState {
    Applied,
    Pending,
    NotHere,  ///< the database has it, no file here does
    NotKnown, ///< the database was not read, or is at a revision no file has
};

/// A few words in a table cell, with their meaning.
struct CellText {
    QString text;
    Tone tone = Tone::Neutral;

    bool operator==(const CellText &) const = default;
};

/// One row, computed once a load. Views read it, they compute nothing.
struct RevisionRow {
    RevisionId id;
    QString message;
    QString file;     ///< absolute path; empty with RevisionState::NotHere
    QString fileName; ///< its last part
    RevisionState state = RevisionState::NotKnown;
    bool current = false; ///< a row of the version table
    bool head = false;
    CellText stateText;
    CellText notes; ///< what is unusual about running it; told in the details and the tooltip of the risk
    CellText risk;
    QString riskTip;          ///< the findings, one a line
    bool changesData = false; ///< its upgrade inserts, updates or deletes rows
    CellText rollback;
    QString created; ///< ISO date, or empty
    Chips chips;
    LaneRow lane;

    bool operator==(const RevisionRow &) const = default;
};

/// The rows of a target, newest first. Revisions of the version table that no file has come on top.
[[nodiscard]] QList<RevisionRow> revisionRows(const TargetStatus &status, int *laneCount = nullptr);

/// The revisions of one target with what is known of them. GUI thread.
class RevisionListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Graph, Id, Message, State, Risk, Rollback, Created, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole + 1, ///< QString: the whole id
        RowRole,                   ///< const RevisionRow *: valid until the model changes
    };

    explicit RevisionListModel(QObject *parent = nullptr);

    /// Rows above and below what changed stay, with selection and scroll position.
    void setStatus(const TargetStatus &status);
    /// What was found about revisions; those that are not in it are not rendered yet. Stays until clear().
    void setReviews(const QHash<RevisionId, StepReview> &reviews);
    void clear();

    [[nodiscard]] const QList<RevisionRow> &rows() const { return m_rows; }
    [[nodiscard]] int laneCount() const { return m_laneCount; }
    [[nodiscard]] int rowOf(const RevisionId &id) const; ///< -1 if not there

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    void replace(QList<RevisionRow> rows);
    void tellRisk(RevisionRow &row) const;

    QList<RevisionRow> m_rows;
    QHash<RevisionId, StepReview> m_reviews;
    int m_laneCount = 0;
};

} // namespace stepwell

Q_DECLARE_METATYPE(const stepwell::RevisionRow *)
