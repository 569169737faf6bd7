// SPDX-License-Identifier: MIT
#pragma once

#include "models/revisionlistmodel.h"

#include <QTableView>

class QMenu;

namespace stepwell {

class GraphDelegate;
class RevisionFilterModel;

/// Rows of revisions, one selected at a time, drawn by a GraphDelegate: no grid, no row headers.
void setUpRevisionTable(QTableView *table);

/// The revisions of a target with their graph. One row is selected at a time.
class RevisionList : public QTableView
{
    Q_OBJECT

public:
    /// `model` must outlive the view.
    explicit RevisionList(RevisionListModel *model, QWidget *parent = nullptr);

    void setFilterText(const QString &text);
    [[nodiscard]] int shownRows() const;
    /// Selects and scrolls to it; false if it is not there or filtered out.
    bool selectRevision(const RevisionId &id);
    /// Empty id if none is selected.
    [[nodiscard]] RevisionId selectedRevision() const;
    /// Nothing if no row is selected; valid until the model changes.
    [[nodiscard]] const RevisionRow *selectedRow() const;

Q_SIGNALS:
    void revisionSelected(const stepwell::RevisionId &id); ///< an empty id if none is
    void upgradeToRequested(const stepwell::RevisionId &id);
    void rollBackToRequested(
        const stepwell::RevisionId &id); ///< leave this one applied, take back what came after
    void rollBackThisRequested(const stepwell::RevisionId &id); ///< one step back from here
    void copyIdRequested(const stepwell::RevisionId &id);
    void openFileRequested(const QString &file);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    /// Home and End go to the first and last row: cells in a row mean nothing here.
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

private:
    QAction *makeAction(const QString &name, const QString &text,
                        void (RevisionList::*signal)(const RevisionId &));
    void makeActions();
    void updateActions();
    void updateFonts();
    void fitColumns();

    RevisionListModel *m_model;
    RevisionFilterModel *m_filter;
    GraphDelegate *m_delegate;
    QMenu *m_menu;
    QAction *m_upgradeTo = nullptr;
    QAction *m_rollBackTo = nullptr;
    QAction *m_rollBackThis = nullptr;
    QAction *m_copyId = nullptr;
    QAction *m_openFile = nullptr;
};

} // namespace stepwell
