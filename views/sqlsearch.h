// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QTableView;

namespace stepwell {

class SqlSearchModel;

/// Searches the SQL of all pending revisions; a hit is opened by a double click or Return. Stays open.
class SqlSearch : public QDialog
{
    Q_OBJECT

public:
    explicit SqlSearch(QWidget *parent = nullptr);

    void setReviews(const QList<StepReview> &reviews);

Q_SIGNALS:
    void openRequested(const stepwell::RevisionId &id, stepwell::Direction direction, int line);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void tellCount();
    void openCurrent();

    SqlSearchModel *m_model;
    QLineEdit *m_edit;
    QTableView *m_table;
    QLabel *m_count;
};

} // namespace stepwell
