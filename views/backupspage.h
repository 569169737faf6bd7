// SPDX-License-Identifier: MIT
#pragma once

#include "models/backupmodel.h"

#include <QWidget>

class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace stepwell {

class RunLabel;

/// The backups that Stepwell made and verified.
class BackupsPage : public QWidget
{
    Q_OBJECT

public:
    explicit BackupsPage(QWidget *parent = nullptr);

    void setBackups(const QList<BackupRow> &backups);

Q_SIGNALS:
    void openFolderRequested(const QString &file); ///< absolute path of the backup
    void journalRequested(qint64 journalId);

private:
    void makeTable();
    [[nodiscard]] QWidget *makeHead();
    void refresh();
    [[nodiscard]] const BackupRow *selected() const;

    BackupModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QTableView *m_table;
    QStackedWidget *m_stack;
    RunLabel *m_total;
    QPushButton *m_open;
    QPushButton *m_journal;
};

} // namespace stepwell
