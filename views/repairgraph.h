// SPDX-License-Identifier: MIT
#pragma once

#include "models/historygraphmodel.h"

#include <QTableView>

namespace stepwell {

class GraphDelegate;
class RevisionFilterModel;

/// A graph of revisions to look at or to choose from. Opens at the place that the marks are about. GUI
/// thread.
class RepairGraph : public QTableView
{
    Q_OBJECT

public:
    explicit RepairGraph(QWidget *parent = nullptr);

    void setGraph(const RevisionMap &map, const RevisionMarks &marks, const RevisionIds &current = {});
    /// Where the view opens, if nothing is marked or the marks leave room for it.
    void setPlace(const RevisionId &place);
    void setFilterText(const QString &text);
    [[nodiscard]] const HistoryGraphModel &graph() const { return *m_model; }
    [[nodiscard]] int shownRows() const;
    void select(const RevisionIds &ids);
    /// From the top.
    [[nodiscard]] RevisionIds selected() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(); ///< another selection

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    void updateFonts();
    void fitColumns();
    void reveal();

    HistoryGraphModel *m_model;
    RevisionFilterModel *m_filter;
    GraphDelegate *m_delegate;
    RevisionId m_place;
    bool m_isFilling = false;
};

} // namespace stepwell
