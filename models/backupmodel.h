// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "models/chip.h"

#include <QAbstractTableModel>

namespace stepwell {

/// One backup file with what it was made for.
struct BackupRow {
    TargetId target;
    BackupRecord record;
    RevisionIds revisions; ///< rows of the database when it was made
    qint64 journalId = 0;
    bool present = true; ///< the file is still there

    bool operator==(const BackupRow &) const = default;
};

/// The backups that the journal knows of, in its order. Whether the files exist is the caller's to say.
[[nodiscard]] QList<BackupRow> backupsOf(const QList<JournalEntry> &entries);

/// Backups as a table. GUI thread.
class BackupModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TargetColumn, File, Size, When, Revisions, Verified, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, ChipRole, PathRole };

    explicit BackupModel(QObject *parent = nullptr);

    void setBackups(const QList<BackupRow> &backups);
    [[nodiscard]] const BackupRow *backup(int row) const; ///< null out of range
    [[nodiscard]] qint64 totalSize() const;               ///< bytes of the files that are there

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const BackupRow &row, int column);
    [[nodiscard]] static Chip chip(const BackupRow &row);

    QList<BackupRow> m_backups;
};

} // namespace stepwell
